import { describe, expect, it } from 'vitest';
import { elsewhere, expectRefusal, png, serverForTests } from './client.ts';

const server = serverForTests();

describe('the session id that Azure’s sign-in helper wants', () => {
  it('is another each time', async () => {
    const ask = () => server.call('GET', '/session/getsessionid', { bearer: server.secret });
    const [first, second] = [await ask(), await ask()];
    expect([first.status, first.body]).toEqual([200, { sessionId: expect.stringMatching(/./) }]);
    expect(second.body.sessionId).not.toBe(first.body.sessionId);
  });

  it('is given for a token, too', async () => {
    const { token } = await server.generate();
    expect((await server.call('GET', '/session/getsessionid', { bearer: token })).status).toBe(200);
  });
});

describe('an address that the protocol does not have', () => {
  it.each([
    ['GET', ''],
    ['GET', '/'],
    ['POST', '/nothing'],
    ['GET', '/tokens'],
    ['POST', '/tokens/revoke'],
    ['GET', '/conversations/ID/nothing'],
    ['GET', '/conversations/ID/activities/1'],
    ['GET', '/conversations/ID/stream'],
    ['GET', '/conversations/ID/stream/multimodal'],
    ['GET', '/conversations/ID/files'],
    ['GET', '/session'],
    ['GET', '/%ff'],
    ['GET', '/conversations/%'],
    ['DELETE', '/nothing'],
  ])('is not found: %s %s', async (method, path) => {
    const talk = await server.begin();
    const { status, body } = await server.call(method, path.replace('ID', talk.id), { bearer: server.secret });
    // Broken encoding in an address may as well be called a bad request.
    expectRefusal({ status, body }, path.includes('%') && status === 400 ? 400 : 404);
  });
});

describe('a method that an address does not know', () => {
  it.each([
    ['GET', '/tokens/generate'],
    ['GET', '/tokens/refresh'],
    ['PUT', '/conversations'],
    ['GET', '/conversations'],
    ['DELETE', '/conversations/ID'],
    ['POST', '/conversations/ID'],
    ['PUT', '/conversations/ID/activities'],
    ['PATCH', '/conversations/ID/activities'],
    ['DELETE', '/conversations/ID/activities'],
    ['GET', '/conversations/ID/upload'],
    ['POST', '/session/getsessionid'],
  ])('is not allowed: %s %s', async (method, path) => {
    const talk = await server.begin();
    expectRefusal(await server.call(method, path.replace('ID', talk.id), { bearer: server.secret }), 405);
  });
});

describe('every answer', () => {
  it.each([
    ['a success', 'POST', '/conversations'],
    ['a refusal', 'POST', '/tokens/refresh'],
    ['not found', 'GET', '/nothing'],
    ['not allowed', 'GET', '/conversations'],
  ])('is JSON that is neither guessed at nor kept: %s', async (_, method, path) => {
    const { headers } = await server.call(method, path, { bearer: server.secret });
    expect(headers.get('content-type')).toMatch(/^application\/json(; charset=utf-8)?$/i);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('does not say what serves it', async () => {
    const { headers } = await server.call('POST', '/conversations', { bearer: server.secret });
    expect(headers.get('server') ?? '').not.toMatch(/restify|node/i);
    expect(headers.has('x-powered-by')).toBe(false);
  });
});

describe.skipIf(elsewhere)('where a conversation may send five messages a minute', () => {
  const limited = serverForTests({ MESSAGES_PER_MINUTE: '5' });
  const message = { type: 'message', text: '你好' };

  it('the sixth is refused, with the seconds to wait', async () => {
    const talk = await limited.begin();
    for (let time = 1; time <= 5; time += 1) expect((await talk.post(message)).status).toBe(200);
    const sixth = await talk.post(message);
    expectRefusal(sixth, 429);
    expect(sixth.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect(Number(sixth.headers.get('retry-after'))).toBeLessThanOrEqual(60);
  });

  it('of many at once, five are accepted', async () => {
    const talk = await limited.begin();
    const statuses = (await Promise.all(Array.from({ length: 20 }, () => talk.post(message)))).map(({ status }) => status);
    expect(statuses.sort()).toEqual([...Array(5).fill(200), ...Array(15).fill(429)]);
  });

  it('files, typing and what is refused for other reasons count, too', async () => {
    const talk = await limited.begin();
    await talk.upload(png, { 'content-type': 'image/png' });
    await talk.post({ type: 'typing' });
    await talk.post({ type: 'nonsense' });
    await talk.post({ type: 'event', name: 'x' });
    await talk.post('{', { 'content-type': 'application/json' });
    expectRefusal(await talk.post(message), 429);
    expectRefusal(await talk.upload(png, { 'content-type': 'image/png' }), 429);
  });

  it('reading, reconnecting and other conversations go on', async () => {
    const [talk, other] = [await limited.begin(), await limited.begin()];
    for (let time = 1; time <= 6; time += 1) await talk.post(message);
    await talk.transcript();
    await (await talk.stream()).close();
    expect((await other.post(message)).status).toBe(200);
  });
});
