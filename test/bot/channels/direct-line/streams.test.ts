import { decodeJwt } from 'jose';
import { describe, expect, it, vi } from 'vitest';
import { Streams } from '../../../../bot/channels/direct-line/streams.ts';
import { Tokens } from '../../../../bot/channels/direct-line/tokens.ts';
import { elsewhere, expectRefusal, refusedStream, Stream, serverForTests, type Talk } from './client.ts';

const server = serverForTests();

function ticketOf(streamUrl: string): string {
  return new URL(streamUrl).searchParams.get('t') ?? '';
}

function withTicket(streamUrl: string, ticket: string): string {
  const url = new URL(streamUrl);
  url.searchParams.set('t', ticket);
  return url.href;
}

describe('a stream', () => {
  it('first replays what was said between the start and its opening', async () => {
    const talk = await server.welcome();
    const asked = await talk.say('备案要多久');
    await talk.answerTo(asked);
    const stream = await Stream.open(talk.streamUrl);
    await stream.first(({ replyToId }) => replyToId === asked);
    expect(stream.activities).toEqual(await talk.transcript());
    await stream.close();
  });

  it('then brings what is said, as frames of activities with a watermark', async () => {
    const talk = await server.begin();
    const stream = await Stream.open(talk.streamUrl);
    const said = await talk.say('你好');
    await stream.first(({ id }) => id === said);
    for (const frame of stream.frames.filter((text) => text !== '')) {
      expect(JSON.parse(frame)).toEqual({ activities: expect.any(Array), watermark: expect.any(String) });
    }
    await stream.close();
  });

  it('echoes what its own client said, with the id that the client gave it', async () => {
    const talk = await server.welcome();
    const stream = await Stream.open(talk.streamUrl);
    const said = await talk.say('你好', { channelData: { clientActivityID: 'mine-1', clientTimestamp: '2026-11-24T08:00:00.000Z' } });
    const echo = await stream.first(({ id }) => id === said);
    expect(echo.channelData).toEqual({ clientActivityID: 'mine-1', clientTimestamp: '2026-11-24T08:00:00.000Z' });
    expect(echo).toMatchObject({ type: 'message', text: '你好', conversation: { id: talk.id } });
    await stream.close();
  });

  it('brings the same as polling, in the same order', async () => {
    const talk = await server.welcome();
    const stream = await Stream.open(talk.streamUrl);
    for (const text of ['你好', '备案要多久', '谢谢']) await talk.say(text);
    const last = await talk.say('再见');
    await stream.first(({ replyToId }) => replyToId === last);
    expect(stream.activities).toEqual(await talk.transcript());
    await stream.close();
  });

  it('reaches everybody who has the conversation open', async () => {
    const talk = await server.begin();
    const streams = [await talk.stream(), await talk.stream(), await talk.stream()];
    const said = await talk.say('你好');
    await Promise.all(streams.map((stream) => stream.first(({ id }) => id === said)));
    await Promise.all(streams.map((stream) => stream.close()));
  });

  it('brings nothing of other conversations', async () => {
    const [talk, other] = [await server.begin(), await server.begin()];
    const stream = await Stream.open(talk.streamUrl);
    await other.say('别人的话');
    const said = await talk.say('我的话');
    await stream.first(({ id }) => id === said);
    expect(stream.activities.map(({ text }) => text)).not.toContain('别人的话');
    await stream.close();
  });

  it('does not read what clients send over it, empty frames or others', async () => {
    const talk = await server.begin();
    const stream = await Stream.open(talk.streamUrl);
    const frames = ['', '', 'not JSON', JSON.stringify({ type: 'message', text: '经由套接字' }), Buffer.from([0, 1, 2])];
    for (const frame of frames) stream.socket.send(frame);
    const said = await talk.say('你好');
    await stream.first(({ id }) => id === said);
    expect((await talk.settled()).map(({ text }) => text)).not.toContain('经由套接字');
    await stream.close();
  });

  it('is closed when its client floods it', async () => {
    const stream = await Stream.open((await server.begin()).streamUrl);
    for (let at = 0; at < 1000; at += 1) stream.socket.send('flood');
    expect(await stream.closed).toEqual({ code: 1008, reason: expect.any(String) });
  });

  it('is closed when its client sends more than any client has to', async () => {
    const stream = await Stream.open((await server.begin()).streamUrl);
    stream.socket.send('x'.repeat(1024 * 1024));
    expect((await stream.closed).code).toBe(1009);
  });
});

describe('several streams of one conversation', () => {
  it('are closed from the oldest, as a collision, when they are more than four', async () => {
    const talk = await server.begin();
    const streams: Stream[] = [];
    for (let at = 0; at < 6; at += 1) streams.push(await talk.stream());
    const [first, second, ...others] = streams;
    expect(await Promise.all([first?.closed, second?.closed])).toEqual(Array(2).fill({ code: expect.any(Number), reason: 'collision' }));
    const said = await talk.say('你好');
    await Promise.all(others.map((stream) => stream.first(({ id }) => id === said)));
    await Promise.all(others.map((stream) => stream.close()));
  });

  it('never stay more than four, also when they are opened at once', async () => {
    const talk = await server.begin();
    const addresses = await Promise.all(Array.from({ length: 12 }, () => talk.reconnect()));
    const streams = await Promise.all(addresses.map(({ streamUrl }) => Stream.open(streamUrl)));
    const open = () => streams.filter(({ socket }) => socket.readyState === socket.OPEN);
    await vi.waitFor(() => expect(open()).toHaveLength(4));
    await Promise.all(open().map((stream) => stream.close()));
  });
});

describe('the ticket in the address of a stream', () => {
  it.skipIf(elsewhere)('is valid for the minute that the protocol gives', async () => {
    const { iat = 0, exp = 0 } = decodeJwt(ticketOf((await server.begin()).streamUrl));
    expect(exp - iat).toBe(60);
  });

  it('opens one stream', async () => {
    const { streamUrl } = await server.begin();
    const stream = await Stream.open(streamUrl);
    expectRefusal(await refusedStream(streamUrl), 403);
    await stream.close();
    expectRefusal(await refusedStream(streamUrl), 403);
  });

  it('opens exactly one stream when several try at once', async () => {
    const { streamUrl } = await server.begin();
    const attempts = await Promise.allSettled(Array.from({ length: 10 }, () => Stream.open(streamUrl)));
    const opened = attempts.filter((attempt) => attempt.status === 'fulfilled');
    expect(opened).toHaveLength(1);
    await Promise.all(opened.map(({ value }) => value.close()));
  });

  it('is another each time', async () => {
    const talk = await server.begin();
    const addresses = await Promise.all([talk.reconnect(), talk.reconnect(), talk.reconnect()]);
    expect(new Set(addresses.map(({ streamUrl }) => streamUrl)).size).toBe(3);
  });

  it.skipIf(elsewhere)('is refused when it has expired', async () => {
    const talk = await server.begin();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 61_000 });
    const expired = await new Tokens([server.secret]).issue('stream', { conv: talk.id }).finally(() => vi.useRealTimers());
    expectRefusal(await refusedStream(withTicket(talk.streamUrl, expired)), 403);
  });

  it.skipIf(elsewhere)('finds 404 where its conversation has not begun', async () => {
    const { streamUrl } = await server.begin();
    const ticket = await new Tokens([server.secret]).issue('stream', { conv: 'no-such-conversation' });
    const address = withTicket(streamUrl, ticket).replace(/conversations\/[^/]+/, 'conversations/no-such-conversation');
    expectRefusal(await refusedStream(address), 404);
  });

  it('does not open another conversation, and is not used up by the attempt', async () => {
    const [mine, theirs] = [await server.begin(), await server.begin()];
    expectRefusal(await refusedStream(mine.streamUrl.replace(mine.id, theirs.id)), 403);
    await (await Stream.open(mine.streamUrl)).close();
  });

  it.each([
    ['a token', (talk: Talk) => talk.token],
    ['the secret', () => server.secret],
    ['nothing', () => ''],
    ['made up', () => 'made-up'],
  ])('cannot be replaced: %s is no ticket', async (_, ticket) => {
    const talk = await server.begin();
    expectRefusal(await refusedStream(withTicket(talk.streamUrl, ticket(talk))), 403);
  });

  it('is no token', async () => {
    const talk = await server.begin();
    expectRefusal(await talk.call('GET', '/activities', { bearer: ticketOf(talk.streamUrl) }), 403);
  });

  it('cannot be replaced by a header', async () => {
    const talk = await server.begin();
    const address = new URL(talk.streamUrl);
    address.searchParams.delete('t');
    expectRefusal(await refusedStream(address.href, { headers: { authorization: `Bearer ${talk.token}` } }), 403);
  });
});

it.skipIf(elsewhere)('a stream is refused when there are too many, and its ticket is good for later', async () => {
  const { streamUrl } = await server.begin();
  const full = vi.spyOn(Streams.prototype, 'isFull', 'get').mockReturnValue(true);
  expectRefusal(await refusedStream(streamUrl).finally(() => full.mockRestore()), 503);
  await (await Stream.open(streamUrl)).close();
});

it('a stream is refused for a watermark that was never given', async () => {
  const { streamUrl } = await server.begin();
  expectRefusal(await refusedStream(`${streamUrl}&watermark=abc`), 400);
});

it('there is no other address to open a socket at', async () => {
  const { streamUrl } = await server.begin();
  for (const path of ['/', '/v3/directline', '/v3/directline/conversations/stream', '/v3/other/stream']) {
    expectRefusal(await refusedStream(new URL(path, streamUrl).href), 404);
  }
});

it('voice mode, which adds /multimodal to the address, is not offered', async () => {
  const { streamUrl } = await server.begin();
  expectRefusal(await refusedStream(streamUrl.replace('/stream?', '/stream/multimodal?')), 404);
  expectRefusal(await refusedStream(streamUrl.replace('/stream?', '/multimodal?')), 404);
});
