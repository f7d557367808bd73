import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileRefused } from '../../../../dialogs/messages.ts';
import { DeskBrowser, inviteTo } from '../../../support/desk.ts';
import { DeskSocket } from '../../../support/desk-socket.ts';
import { type Answer, elsewhere, expectRefusal, serverForTests, type Talk } from './client.ts';
import { form, pictureOf, samples } from './samples.ts';

const server = serverForTests({ UPLOADS: 'asked' });

const upload = (talk: Talk): Promise<Answer> => talk.upload(form([{ content: samples.png, name: 'a.png' }]));

async function saying(talk: Talk, ...said: string[]): Promise<Talk> {
  for (const words of said) await talk.answerTo(await talk.say(words));
  return talk;
}

function expectUnasked(answer: Answer): void {
  expectRefusal(answer, 403, 'UploadNotAsked');
  expect(answer.body.error.message).toBe(fileRefused('unasked'));
}

describe.skipIf(elsewhere)('where files are taken when they are asked for', () => {
  it('a direct upload out of that time is refused with what to do, and leaves nothing', async () => {
    const talk = await server.welcome();
    expectUnasked(await upload(talk));
    expectUnasked(await talk.upload(samples.pdf, { 'content-type': 'application/pdf' }));
    expectUnasked(await talk.upload(pictureOf(9_000_000), { 'content-type': 'image/png' }));
    expectUnasked(await upload(await saying(talk, '备案要多久')));
    expect((await talk.transcript()).filter(({ attachments }) => attachments)).toEqual([]);
    expect(existsSync(join(server.app.dataDir, 'files'))).toBe(false);
  });

  it('a form takes them from the consent on, except while it rests', async () => {
    const talk = await saying(await server.welcome(), '帮我办首次备案', '网站', '某某云');
    expectUnasked(await upload(talk));
    await saying(talk, '同意');
    const { status, body } = await upload(talk);
    expect(status).toBe(200);
    expect((await talk.answerTo(body.id)).text).toContain('哪种材料');
    await saying(talk, '营业执照', '稍后再填');
    expectUnasked(await upload(talk));
    await saying(talk, '继续');
    expect((await upload(talk)).status).toBe(200);
    await saying(talk, '其他', '取消', '是的');
    expectUnasked(await upload(talk));
  });

  it('one conversation that is asked opens nothing to another', async () => {
    await saying(await server.welcome('dl_one'), '帮我办首次备案', '网站', '某某云', '同意');
    expectUnasked(await upload(await server.welcome('dl_other')));
  });

  it('who may not enter the conversation learns nothing of whether it is asked', async () => {
    const [mine, theirs] = [await server.welcome('dl_one'), await server.welcome('dl_other')];
    expectRefusal(
      await server.call('POST', `/conversations/${theirs.id}/upload`, { bearer: mine.token, body: form([{ content: samples.png }]) }),
      403,
      'Forbidden',
    );
  });

  describe('and a person is there', () => {
    let wang: DeskBrowser;
    let page: DeskSocket;
    beforeAll(async () => {
      wang = await DeskBrowser.invited(server, await inviteTo({ DATA_DIR: server.app.dataDir }, { login: 'wang' }));
      page = await DeskSocket.open(server.url, wang);
    });
    afterAll(() => page.close());

    it('they are taken from the moment the person is asked for, until the conversation is given back', async () => {
      const talk = await saying(await server.welcome(), '转人工');
      expect((await upload(talk)).status).toBe(200);
      expect((await wang.post(`conversations/${talk.id}/claim`)).status).toBe(204);
      expect((await upload(talk)).status).toBe(200);
      expect((await wang.post(`conversations/${talk.id}/complete`)).status).toBe(204);
      await talk.first(({ text = '' }) => text.includes('满意吗'));
      expectUnasked(await upload(talk));
    });

    it('they are taken by who has come unasked, too', async () => {
      const talk = await saying(await server.welcome(), '你好');
      expectUnasked(await upload(talk));
      const chief = await DeskBrowser.invited(
        server,
        await inviteTo({ DATA_DIR: server.app.dataDir }, { login: 'chen', role: 'supervisor' }),
      );
      expect((await chief.post(`conversations/${talk.id}/claim`)).status).toBe(204);
      expect((await upload(talk)).status).toBe(200);
    });
  });
});
