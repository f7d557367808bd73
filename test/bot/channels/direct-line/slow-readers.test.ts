import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WebSocket } from 'ws';
import type { Presenter } from '../../../../bot/channels/direct-line/presenter.ts';
import { Streams } from '../../../../bot/channels/direct-line/streams.ts';
import type { TranscriptEntry } from '../../../../bot/conversations/conversation.ts';
import type { Typist } from '../../../../bot/conversations/conversations.ts';
import { silentLog } from '../../../support/conversations.ts';
import { SocketPairs } from './socket-pairs.ts';

const keepAliveMs = 20_000;
const entryBytes = 10_000;
const most = 12;

/** A transcript as long as wanted, with activities of some size; the server's end of each socket is at hand. */
describe('the streams of clients that do not read', () => {
  const pairs = new SocketPairs();
  let streams: Streams;
  let length: number;
  let size: number;
  let type: () => void;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    length = 0;
    size = entryBytes;
    const entry = (position: number): TranscriptEntry => ({
      position,
      activity: { type: 'message', timestamp: '', from: { id: 'x', role: 'user' }, text: 'x'.repeat(size) },
    });
    const conversations = {
      transcript: async (_: string, after: number, limit: number) =>
        Array.from({ length: Math.min(limit, length - after) }, (_, at) => entry(after + at + 1)),
      transcriptEnd: async () => length,
      watch: () => () => undefined,
      watchTyping: (_: string, listener: (who: Typist) => void) => {
        type = () => listener('agent');
        return () => undefined;
      },
    };
    const presenter = {
      present: async (_: string, { position, activity }: TranscriptEntry) => ({ ...activity, id: String(position) }),
      typing: () => ({ type: 'typing' }),
    } as unknown as Presenter;
    streams = new Streams(conversations, presenter, silentLog, most);
  });
  afterEach(() => {
    streams.close();
    vi.useRealTimers();
  });

  /** Both ends of a stream. */
  async function opened(conversation = 'c'): Promise<{ client: WebSocket; socket: WebSocket; raw: Socket }> {
    const { client, socket } = await pairs.open();
    streams.open(socket, conversation, 0);
    return { client, socket, raw: (client as unknown as { _socket: Socket })._socket };
  }
  const isStalled = (socket: WebSocket) =>
    vi.waitFor(
      () => {
        const before = socket.bufferedAmount;
        expect(before).toBeGreaterThan(0);
        return before;
      },
      { timeout: 10_000 },
    );
  const nextNet = () => vi.advanceTimersByTime(2_000);

  it('hold one frame of bounded size, however much there is to read', async () => {
    const { client, socket, raw } = await opened();
    raw.pause();
    length = 5_000; // fifty megabytes
    nextNet();
    await isStalled(socket);
    for (let at = 0; at < 20; at += 1) {
      nextNet();
      type();
      await new Promise((resolve) => setTimeout(resolve, 10));
      expect(socket.bufferedAmount).toBeLessThan(80_000);
    }
    // Who reads again gets everything, once and in order.
    const watermarks: number[] = [];
    client.on('message', (data) => {
      if (String(data) !== '') watermarks.push(Number((JSON.parse(String(data)) as { watermark?: string }).watermark ?? 0));
    });
    raw.resume();
    await vi.waitFor(() => expect(watermarks.at(-1)).toBe(length), { timeout: 20_000 });
    expect(watermarks).toEqual(watermarks.toSorted((a, b) => a - b));
  });

  it('send an activity alone that is larger than a frame', async () => {
    size = 200_000;
    length = 3;
    const { client } = await opened();
    const frames: string[] = [];
    client.on('message', (data) => frames.push(String(data)));
    nextNet();
    await vi.waitFor(() => expect(frames).toHaveLength(3));
    expect(frames.map((frame) => (JSON.parse(frame) as { activities: unknown[] }).activities.length)).toEqual([1, 1, 1]);
  });

  it('are ended after a minute, whatever the client sends meanwhile', async () => {
    const { client, socket, raw } = await opened();
    raw.pause();
    length = 5_000;
    nextNet();
    await isStalled(socket);
    const ended = once(socket, 'close');
    for (let at = 0; at < 3; at += 1) {
      expect(socket.readyState).toBe(socket.OPEN);
      const heard = once(socket, 'message');
      client.send('');
      await heard;
      vi.advanceTimersByTime(keepAliveMs);
    }
    await ended;
    expect(streams.count).toBe(0);
  });

  it('are ended at once when others take their place', async () => {
    const first = await opened();
    first.raw.pause();
    length = 5_000;
    nextNet();
    await isStalled(first.socket);
    const ended = once(first.socket, 'close') as Promise<[code: number]>;
    for (let at = 0; at < 4; at += 1) await opened();
    expect((await ended)[0]).toBe(1006); // cut off, and not kept until it has read why
    expect(streams.count).toBe(4);
  });

  it('are bounded in number, and there is room again when one goes', async () => {
    const open = [];
    for (let at = 0; at < most; at += 1) {
      expect(streams.isFull).toBe(false);
      open.push(await opened(`c-${at}`));
    }
    expect(streams.isFull).toBe(true);
    open[0]?.client.close();
    await vi.waitFor(() => expect(streams.isFull).toBe(false));
  });
});
