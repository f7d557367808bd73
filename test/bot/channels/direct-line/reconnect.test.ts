import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ConnectionStatus } from 'botframework-directlinejs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actAsBrowser, Page } from './browser.ts';
import { elsewhere, refusedStream, Server, Stream, type Talk } from './client.ts';

actAsBrowser();

describe.skipIf(elsewhere)('when the server is stopped and started again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'filing-restart-'));
  let server: Server;
  let port: number;

  beforeAll(async () => {
    server = new Server();
    await server.start({ DATA_DIR: folder });
    port = server.app.port;
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const startAgain = () => server.start({ DATA_DIR: folder, PORT: String(port) });

  async function restart(): Promise<void> {
    await server.stop();
    // The client lives in the same process: it needs a moment to see that its idle connections were closed.
    await setTimeout(20);
    await startAgain();
  }

  it('Direct Line JS comes back by itself, and nothing is lost or doubled', async () => {
    const talk = await server.welcome();
    // It waits 3 seconds and up to 12 more, by a die, and then as long as its timeout between attempts.
    const page = new Page(server, { token: talk.token, conversationId: talk.id, random: () => 0, timeout: 1000 });
    await page.answerTo(await page.say('备案要多久'));

    await server.stop();
    const lost = { type: 'message', text: '域名过期了怎么办', channelData: { clientActivityID: 'said-while-down' } };
    expect(await page.post(lost)).toBe('retry');
    await startAgain();
    const elsewhereSaid = await talk.say('在别处说的');
    const resent = await page.post(lost);
    await page.answerTo(resent);

    expect(page.ids).toContain(elsewhereSaid);
    expect(page.ids).toEqual((await talk.transcript()).map(({ id }) => id));
    expect(page.statuses.at(-1)).toBe(ConnectionStatus.Online);
    page.close();
  });

  it('Direct Line JS goes on polling from where it was', async () => {
    const talk = await server.welcome();
    const before = new Page(server, { token: talk.token, conversationId: talk.id, webSocket: false });
    await before.answerTo(await before.say('备案要多久'));
    const watermark = Reflect.get(before.line, 'watermark') as string;
    before.close();
    await restart();
    const after = new Page(server, { token: talk.token, conversationId: talk.id, watermark, webSocket: false });
    await after.answerTo(await after.say('谢谢'));
    expect([...before.ids, ...after.ids]).toEqual((await talk.transcript()).map(({ id }) => id));
    after.close();
  });

  it('streams are closed as for a restart, and go on after their watermark', async () => {
    const talk = await server.welcome();
    await talk.settled();
    const stream = await talk.stream();
    await stream.when(() => stream.activities.length === 3);
    const frame = JSON.parse(stream.frames.findLast((text) => text !== '') ?? '') as { watermark: string };
    await restart();
    expect((await stream.closed).code).toBe(1012);
    const said = await talk.say('我回来了');
    const resumed = await talk.stream(frame.watermark);
    expect((await resumed.first(() => true)).id).toBe(said);
    await resumed.close();
  });

  it.each([
    ['tokens', (talk: Talk) => talk.call('GET', '/activities')],
    ['resends', (talk: Talk) => talk.post(named)],
    ['starts', (talk: Talk) => server.call('POST', '/conversations', { bearer: talk.token })],
  ])('%s are known as before', async (_, call) => {
    const talk = await server.welcome();
    await talk.post(named);
    const before = (await talk.settled()).length;
    await restart();
    expect((await call(talk)).status).toBe(200);
    expect((await talk.settled()).length).toBe(before + 2);
  });

  const named = { type: 'message', text: '备案要多久', channelData: { clientActivityID: 'before-the-restart' } };

  it('the ticket of a stream that was used stays used', async () => {
    const talk = await server.welcome();
    const { streamUrl } = await talk.reconnect();
    await (await Stream.open(streamUrl)).close();
    await restart();
    expect((await refusedStream(streamUrl)).status).toBe(403);
  });
});
