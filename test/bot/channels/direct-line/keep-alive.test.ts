import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { elsewhere, Server, Stream } from './client.ts';

const keepAliveMs = 20_000;

/** The server's intervals pass when the test says so. */
describe.skipIf(elsewhere)('every 20 seconds', () => {
  const server = new Server();
  beforeAll(async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    await server.start();
  });
  afterAll(async () => {
    await server.stop();
    vi.useRealTimers();
  });

  it('the server sends an empty frame, which says nothing and moves no watermark', async () => {
    const stream = await Stream.open((await server.begin()).streamUrl);
    vi.advanceTimersByTime(keepAliveMs);
    await stream.when(() => stream.frames.includes(''));
    expect(stream.activities).toEqual([]);
    await stream.close();
  });

  it('a client that only answers pings stays connected, for hours', async () => {
    const talk = await server.begin();
    const stream = await Stream.open(talk.streamUrl);
    for (let minute = 1; minute <= 200; minute += 1) {
      const pinged = new Promise((resolve) => stream.socket.once('ping', resolve));
      vi.advanceTimersByTime(keepAliveMs);
      await pinged;
      await ponged(stream);
    }
    const said = await talk.say('还在吗');
    await stream.first(({ id }) => id === said);
    await stream.close();
  });

  it('a client that keeps the connection open as Direct Line JS does stays connected, for hours', async () => {
    const talk = await server.begin();
    const stream = await Stream.open(talk.streamUrl, { autoPong: false });
    for (let minute = 1; minute <= 400; minute += 1) {
      stream.socket.send('');
      await ponged(stream);
      vi.advanceTimersByTime(keepAliveMs);
    }
    const said = await talk.say('还在吗');
    await stream.first(({ id }) => id === said);
    await stream.close();
  });

  it('a client that has died unnoticed is let go', async () => {
    const stream = await Stream.open((await server.begin()).streamUrl, { autoPong: false });
    vi.advanceTimersByTime(keepAliveMs);
    vi.advanceTimersByTime(keepAliveMs);
    expect((await stream.closed).code).toBe(1006);
  });

  /** Until the server has read all that the client has sent: frames are read in order, and a ping is answered. */
  async function ponged({ socket }: Stream): Promise<void> {
    const answered = new Promise((resolve) => socket.once('pong', resolve));
    socket.ping();
    await answered;
  }
});
