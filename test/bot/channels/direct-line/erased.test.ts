import { once } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Presenter } from '../../../../bot/channels/direct-line/presenter.ts';
import { Streams } from '../../../../bot/channels/direct-line/streams.ts';
import { Conversations } from '../../../../bot/conversations/conversations.ts';
import { onBothStores } from '../../../support/both-stores.ts';
import { silentLog } from '../../../support/conversations.ts';
import { SocketPairs } from './socket-pairs.ts';

const keepAliveMs = 20_000;
const presenter = { present: async () => ({}), typing: () => ({}) } as unknown as Presenter;

onBothStores((views) => {
  const pairs = new SocketPairs();
  let conversations: Conversations;
  let streams: Streams;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    conversations = new Conversations(views().store, new Set());
    streams = new Streams(conversations, presenter, silentLog);
  });
  afterEach(() => {
    streams.close();
    vi.useRealTimers();
  });

  /** A conversation in which something was said, with a stream that has brought it. */
  async function watched(id: string) {
    await conversations.start({ id, channel: 'directline', user: { id: 'dl_visitor' } });
    await conversations.append(id, { type: 'message', text: '您好', timestamp: '', from: { id: 'filing-assistant', role: 'bot' } });
    const { client, socket } = await pairs.open();
    const brought = once(client, 'message');
    streams.open(socket, id, 0);
    await brought;
    const closed = once(client, 'close').then(([code, reason]) => `${code} ${reason}`);
    return { client, closed };
  }

  it('the streams of a conversation end with it, and no others', async () => {
    const [first, second] = [await watched('first'), await watched('second')];
    expect(await conversations.erase('first')).toBe(true);
    expect(await first.closed).toBe('1008 conversation erased');
    expect(second.client.readyState).toBe(WebSocket.OPEN);
  });

  it('also where another process has erased it, of which no hint may have come', async () => {
    const [first, second] = [await watched('first'), await watched('second')];
    expect(await new Conversations(views().other, new Set()).erase('first')).toBe(true);
    vi.advanceTimersByTime(keepAliveMs);
    expect(await first.closed).toBe('1008 conversation erased');
    expect(second.client.readyState).toBe(WebSocket.OPEN);
  });
});
