import { decodeJwt, decodeProtectedHeader } from 'jose';
import { describe, expect, it, vi } from 'vitest';
import { type Purpose, Tokens } from '../../../../bot/channels/direct-line/tokens.ts';
import { elsewhere, expectRefusal, serverForTests } from './client.ts';

const server = serverForTests();

const generate = (body: unknown, bearer = server.secret) => server.call('POST', '/tokens/generate', { bearer, body });
const refresh = (bearer: string) => server.call('POST', '/tokens/refresh', { bearer });

/** A token made with the server's own secret, hours ago. */
async function issuedHoursAgo(purpose: Purpose, conv: string): Promise<string> {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 5 * 3_600_000 });
  try {
    return await new Tokens([server.secret]).issue(purpose, { conv });
  } finally {
    vi.useRealTimers();
  }
}

describe('generating a token', () => {
  it('reserves a conversation and gives no stream yet', async () => {
    const { status, body } = await generate({});
    expect(status).toBe(200);
    const conversationId = expect.stringMatching(/^[\w-]{16,}$/);
    expect(body).toEqual({ conversationId, token: expect.any(String), expires_in: expect.any(Number) });
  });

  it('needs no body', async () => {
    expect((await generate(undefined)).status).toBe(200);
  });

  it('reserves another conversation every time', async () => {
    const reserved = await Promise.all(Array.from({ length: 20 }, () => server.generate()));
    expect(new Set(reserved.map(({ conversationId }) => conversationId)).size).toBe(20);
  });

  it('does not start the conversation', async () => {
    const { conversationId, token } = await server.generate({ user: { id: 'dl_visitor' } });
    expectRefusal(await server.call('GET', `/conversations/${conversationId}/activities`, { bearer: token }), 404);
    expect((await server.call('POST', '/conversations', { bearer: token })).status).toBe(201);
  });

  it('ignores what it does not know', async () => {
    const user = { id: 'dl_visitor', iconUrl: 'https://example.com/i.png' };
    expect((await generate({ eTag: '"1"', scopes: ['x'], user })).status).toBe(200);
  });

  it('is for the secret only', async () => {
    const { token } = await server.generate();
    expectRefusal(await generate({}, token), 403);
  });

  it.each([
    ['has no dl_ in front', { id: 'visitor' }],
    ['has it elsewhere', { id: 'visitor_dl_' }],
    ['is written in capitals', { id: 'DL_visitor' }],
    ['is empty', { id: '' }],
    ['is a number', { id: 5 }],
    ['is too long to be one', { id: `dl_${'x'.repeat(5000)}` }],
  ])('refuses a user whose id %s, rather than giving a token for nobody', async (_, user) => {
    expectRefusal(await generate({ user }), 400);
  });

  it.each([
    ['not a list', 'https://example.com'],
    ['not of texts', [5]],
  ])('refuses trusted origins that are %s', async (_, trustedOrigins) => {
    expectRefusal(await generate({ trustedOrigins }), 400);
  });
});

describe('a token', () => {
  it('is a JWT with the user in the claim that clients read', async () => {
    const { token } = await server.generate({ user: { id: 'dl_visitor', name: '张三' } });
    expect(decodeProtectedHeader(token).typ).toBe('JWT');
    expect(decodeJwt(token).user).toBe('dl_visitor');
  });

  it('names nobody when none was given', async () => {
    const { token } = await server.generate();
    expect(decodeJwt(token)).not.toHaveProperty('user');
  });

  it('lives for the 30 to 60 minutes that clients count on, and says how long', async () => {
    const { token, expires_in } = await server.generate();
    expect(expires_in).toBeGreaterThanOrEqual(1800);
    expect(expires_in).toBeLessThanOrEqual(3600);
    const { iat = 0, exp = 0 } = decodeJwt(token);
    expect(exp - iat).toBe(expires_in);
  });

  it('does not tell the secret, nor who trusts it', async () => {
    const { token } = await server.generate({ user: { id: 'dl_visitor' } });
    expect(JSON.stringify([decodeProtectedHeader(token), decodeJwt(token)])).not.toContain(server.secret);
  });
});

describe('refreshing a token', () => {
  it('gives another for the same conversation and user', async () => {
    const talk = await server.welcome('dl_same');
    const { status, body } = await refresh(talk.token);
    expect(status).toBe(200);
    expect(body).toEqual({ conversationId: talk.id, token: expect.any(String), expires_in: expect.any(Number) });
    expect(body.token).not.toBe(talk.token);
    expect(decodeJwt(body.token).user).toBe('dl_same');
  });

  it('works again and again, each new token as good as the first', async () => {
    const talk = await server.welcome();
    let { token } = talk;
    for (let time = 1; time <= 10; time += 1) token = (await refresh(token)).body.token;
    expect((await talk.call('GET', '/activities', { bearer: token })).status).toBe(200);
  });

  it('leaves the old token in force until it expires', async () => {
    const talk = await server.welcome();
    await refresh(talk.token);
    expect((await refresh(talk.token)).status).toBe(200);
  });

  it('works before the conversation has started', async () => {
    const { token, conversationId } = await server.generate();
    expect((await refresh(token)).body.conversationId).toBe(conversationId);
  });

  it('is not for the secret, which does not expire', async () => {
    expectRefusal(await refresh(server.secret), 403);
  });
});

describe.skipIf(elsewhere)('a token that has expired', () => {
  it.each([
    ['refreshed', 'POST', '/tokens/refresh'],
    ['used to start a conversation', 'POST', '/conversations'],
    ['used to generate another', 'POST', '/tokens/generate'],
    ['used to reconnect', 'GET', '/conversations/ID'],
    ['used to read', 'GET', '/conversations/ID/activities'],
    ['used to post', 'POST', '/conversations/ID/activities'],
    ['used to upload', 'POST', '/conversations/ID/upload'],
  ])('cannot be %s: 403 TokenExpired', async (_, method, path) => {
    const talk = await server.welcome();
    const expired = await issuedHoursAgo('conversation', talk.id);
    expectRefusal(await server.call(method, path.replace('ID', talk.id), { bearer: expired }), 403, 'TokenExpired');
  });
});
