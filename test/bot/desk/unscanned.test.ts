import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CaseView, ConversationView } from '../../../bot/desk/desk-api.ts';
import { DeskBrowser, inviteTo } from '../../support/desk.ts';
import { ScriptedScanner } from '../../support/scanner.ts';
import { Server, type Talk } from '../channels/direct-line/client.ts';
import { form, samples } from '../channels/direct-line/samples.ts';

const server = new Server();
let scanner: ScriptedScanner;
let agent: DeskBrowser;
beforeAll(async () => {
  scanner = await ScriptedScanner.start();
  await server.start({ CLAMAV_ADDRESS: scanner.address });
  agent = await DeskBrowser.invited(server, await inviteTo({ DATA_DIR: server.app.dataDir }, { login: 'wang', role: 'supervisor' }));
});
afterAll(async () => {
  await server.stop();
  await scanner.stop();
});

/** Sends a document for the open form, and says which it is. */
async function handsIn(talk: Talk, name: string): Promise<void> {
  const { body } = await talk.upload(form([{ content: samples.png, name }]));
  await talk.answerTo(body.id);
  await talk.answerTo(await talk.say('营业执照'));
}

describe('a document that came while the scanner was away', () => {
  it('is told from others in the conversation, in the form and in the case', async () => {
    const talk = await server.welcome();
    for (const words of ['帮我办首次备案', '网站', '某某云', '同意']) await talk.answerTo(await talk.say(words));
    scanner.manner = { kind: 'hangs-up', at: 'end' };
    await handsIn(talk, '没查.png');
    scanner.manner = { kind: 'honest' };
    await handsIn(talk, '查过.png');

    const { entries, brief } = (await agent.get<ConversationView>(`conversations/${talk.id}`)).body;
    const marks = (files: readonly { name: string; unscanned?: true }[]) => files.map(({ name, unscanned }) => [name, unscanned]);
    const expected = [
      ['没查.png', true],
      ['查过.png', undefined],
    ];
    expect(marks(entries.flatMap(({ files = [] }) => files))).toEqual(expected);
    expect(marks(brief.form?.documents ?? [])).toEqual(expected);
    const filed = (await agent.get<CaseView>(`cases/${brief.form?.number}`)).body;
    expect(marks(filed.documents)).toEqual(expected);
  });
});
