import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import { type Body, elsewhere, expectRefusal, png, Stream, serverForTests } from './client.ts';

const server = serverForTests();

const start = (bearer: string, body?: unknown) => server.call('POST', '/conversations', { bearer, body });

const startedConversation = {
  conversationId: expect.any(String),
  token: expect.any(String),
  expires_in: expect.any(Number),
  streamUrl: expect.stringMatching(/^wss?:\/\//),
};

describe('starting a conversation', () => {
  it('answers 201 with token and stream, and 200 for the same token from then on', async () => {
    const { token, conversationId } = await server.generate();
    const [first, second, third] = [await start(token), await start(token), await start(token)];
    expect([first.status, second.status, third.status]).toEqual([201, 200, 200]);
    for (const { body } of [first, second, third]) expect(body).toEqual({ ...startedConversation, conversationId });
  });

  it('answers 201 to one of several that start it at once', async () => {
    const { token } = await server.generate({ user: { id: 'dl_visitor' } });
    const answers = await Promise.all(Array.from({ length: 8 }, () => start(token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 200, 200, 201]);
  });

  it.each([
    ['nothing', undefined],
    ['an empty object', {}],
    ['what Direct Line JS sends without a user', { user: {}, locale: undefined }],
    ['what Direct Line JS sends with a locale', { user: { id: 'visitor' }, locale: 'zh-CN' }],
    ['fields nobody knows', { user: { id: 'visitor' }, bot: { id: 'x' }, conversationProperties: {} }],
  ])('accepts %s as its body', async (_, body) => {
    expect((await start((await server.generate()).token, body)).status).toBe(201);
  });

  it('starts a new conversation every time when the secret asks', async () => {
    const [first, second] = [await start(server.secret), await start(server.secret)];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(first.body.conversationId).not.toBe(second.body.conversationId);
  });

  it('binds the token to the user whom the secret names', async () => {
    const { body } = await start(server.secret, { user: { id: 'dl_named' } });
    expect(decodeJwt(body.token).user).toBe('dl_named');
  });

  it.each(['dl_forged', 'visitor'])('does not let a page name the user of its token: %s', async (id) => {
    const { body } = await start((await server.generate()).token, { user: { id } });
    expect(decodeJwt(body.token)).not.toHaveProperty('user');
  });

  it('does not let a page change the user of its token', async () => {
    const { body } = await start((await server.generate({ user: { id: 'dl_first' } })).token, { user: { id: 'dl_other' } });
    expect(decodeJwt(body.token).user).toBe('dl_first');
  });

  it('gives a token that opens the conversation', async () => {
    const talk = await server.welcome();
    expect((await talk.call('GET', '/activities')).status).toBe(200);
  });
});

describe('whoever joins', () => {
  it('is greeted at once when the token says who they are', async () => {
    const talk = await server.welcome();
    expect((await talk.first(({ from }) => from.role === 'bot')).type).toBe('message');
  });

  it('is greeted once, however often the conversation is started', async () => {
    const { token } = await server.generate({ user: { id: 'dl_visitor' } });
    const talk = await server.begin(token);
    await talk.first(() => true);
    await Promise.all([server.begin(token), server.begin(token), server.begin(token)]);
    expect(await talk.settled()).toHaveLength(1);
  });

  it('hears nothing until they say something when the token names nobody, and is greeted then', async () => {
    const talk = await server.begin();
    expect(await talk.transcript()).toEqual([]);
    const asked = await talk.say('备案要多久');
    await talk.answerTo(asked);
    const greetings = (await talk.transcript()).filter(({ from, replyToId }) => from.role === 'bot' && replyToId === undefined);
    expect(greetings).toHaveLength(1);
  });

  it('never sees the conversation updates that the bot gets', async () => {
    const talk = await server.welcome();
    await talk.settled();
    expect((await talk.transcript()).map(({ type }) => type)).not.toContain('conversationUpdate');
  });
});

describe('reconnecting', () => {
  it('gives a token and a new stream for the same conversation', async () => {
    const talk = await server.welcome('dl_visitor');
    const body = await talk.reconnect('0');
    expect(body).toEqual({ ...startedConversation, conversationId: talk.id });
    expect(body.streamUrl).not.toBe(talk.streamUrl);
    expect(decodeJwt(body.token).user).toBe('dl_visitor');
    expect((await talk.call('GET', '/activities', { bearer: body.token })).status).toBe(200);
  });

  it('replays what came after the watermark', async () => {
    const talk = await server.welcome();
    const before = await talk.settled();
    const { watermark } = await talk.read();
    const later = await talk.say('审核不通过怎么办');
    const stream = await talk.stream(watermark);
    expect((await stream.first(() => true)).id).toBe(later);
    expect(before).not.toEqual([]);
    await stream.close();
  });

  // The protocol leaves open what a client without a watermark gets; our choice is the whole conversation.
  it.each([
    ['without a watermark', undefined],
    ['with an empty one', ''],
    ['with a dash for one', '-'],
  ])('replays everything %s', async (_, watermark) => {
    const talk = await server.welcome();
    await talk.settled();
    const everything = await talk.transcript();
    const stream = await talk.stream(watermark);
    await stream.when(() => stream.activities.length === everything.length);
    expect(stream.activities).toEqual(everything);
    await stream.close();
  });

  it.each(['abc', '-1', '1.5', '1 ', '0x10', '9'.repeat(40)])('refuses a watermark that it never gave: %s', async (watermark) => {
    const talk = await server.welcome();
    expectRefusal(await talk.call('GET', `?watermark=${encodeURIComponent(watermark)}`), 400);
  });

  it('finds no conversation that was only reserved', async () => {
    const { conversationId, token } = await server.generate();
    expectRefusal(await server.call('GET', `/conversations/${conversationId}`, { bearer: token }), 404);
  });
});

describe('the address of a stream', () => {
  it('is absolute, as the browser needs it, and opens', async () => {
    const talk = await server.welcome();
    const stream = await Stream.open(talk.streamUrl);
    await stream.first(() => true);
    await stream.close();
  });

  it('carries a ticket and not the token', async () => {
    const talk = await server.welcome();
    expect((await talk.reconnect('')).streamUrl).not.toContain(talk.token);
    expect(talk.streamUrl).not.toContain(talk.token);
  });

  describe.skipIf(elsewhere)('behind a public address', () => {
    const published = serverForTests({ PUBLIC_URL: 'https://bot.example.com/' });
    const local = async (method: string, path: string, bearer: string, content?: Buffer) => {
      const response = await fetch(`http://127.0.0.1:${published.app.port}/v3/directline${path}`, {
        method,
        headers: { authorization: `Bearer ${bearer}`, 'content-type': 'image/png' },
        ...(content && { body: new Uint8Array(content) }),
      });
      return (await response.json()) as Body;
    };

    it('is that address, encrypted as it is', async () => {
      const started = await local('POST', '/conversations', published.secret);
      const again = await local('GET', `/conversations/${started.conversationId}`, started.token);
      for (const { streamUrl } of [started, again]) {
        expect(streamUrl).toContain(`wss://bot.example.com/v3/directline/conversations/${started.conversationId}/stream?`);
      }
    });

    it('is that address for files, too', async () => {
      const { conversationId, token } = await local('POST', '/conversations', published.secret);
      await local('POST', `/conversations/${conversationId}/upload`, token, png);
      const { activities } = await local('GET', `/conversations/${conversationId}/activities`, token);
      expect(activities[0]?.attachments?.[0]?.contentUrl).toContain('https://bot.example.com/v3/directline/');
    });
  });
});

describe('the ids of activities', () => {
  it('are the conversation with a number that grows', async () => {
    const talk = await server.welcome();
    await talk.settled();
    const ids = (await talk.transcript()).map(({ id }) => id);
    expect(ids).toEqual(ids.map((_, at) => `${talk.id}|${String(at + 1).padStart(7, '0')}`));
  });
});
