import { SignJWT, UnsecuredJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { elsewhere, expectRefusal, png, refusedStream, serverForTests, type Talk } from './client.ts';

const server = serverForTests();

/** Every route that a bearer opens; ID stands for a conversation. */
const routes = [
  ['POST', '/tokens/generate'],
  ['POST', '/tokens/refresh'],
  ['POST', '/conversations'],
  ['GET', '/conversations/ID'],
  ['GET', '/conversations/ID/activities'],
  ['POST', '/conversations/ID/activities'],
  ['POST', '/conversations/ID/upload'],
  ['GET', '/session/getsessionid'],
] as const;
const routesOfOneConversation = routes.filter(([, path]) => path.includes('ID'));

let mine: Talk;
let theirs: Talk;
beforeAll(async () => {
  mine = await server.welcome('dl_me');
  theirs = await server.welcome('dl_them');
});

/** What a well-behaved client would send to the route. */
function call(method: string, path: string, conversation: string, headers: Record<string, string>) {
  const uploads = path.endsWith('/upload');
  const body = uploads ? png : path.endsWith('/activities') ? { type: 'message', text: '你好' } : {};
  return server.call(method, path.replace('ID', conversation), {
    ...(method === 'POST' && { body }),
    headers: { ...(uploads && { 'content-type': 'image/png' }), ...headers },
  });
}

describe.each(routes)('%s %s', (method, path) => {
  it.each([
    ['nothing', undefined],
    ['an empty header', ''],
    ['a bearer without a token', 'Bearer'],
    ['a token without its scheme', 'TOKEN'],
    ['another scheme', 'Basic TOKEN'],
    ['two tokens', 'Bearer TOKEN TOKEN'],
    ['a token with characters that none has', 'Bearer TOKEN;'],
  ])('answers 401 to %s', async (_, template) => {
    const headers = template === undefined ? undefined : { authorization: template.replaceAll('TOKEN', mine.token) };
    expectRefusal(await call(method, path, mine.id, headers ?? {}), 401);
  });

  it.each([
    ['made up', () => 'made-up'],
    ['the secret with a letter more', () => `${server.secret}x`],
    ['the secret with a letter less', () => server.secret.slice(0, -1)],
    ['a token that was changed', () => changed(mine.token)],
    ['a token without its signature', () => mine.token.replace(/[^.]+$/, '')],
    ['a token signed by nobody', () => new UnsecuredJWT({ conv: mine.id }).setExpirationTime('1h').encode()],
    ['a token signed with the secret itself', () => signedWithTheSecret()],
    ['the ticket of a stream', () => new URL(mine.streamUrl).searchParams.get('t') ?? ''],
  ])('answers 403 to a bearer that is %s', async (_, bearer) => {
    expectRefusal(await call(method, path, mine.id, { authorization: `Bearer ${await bearer()}` }), 403);
  });
});

describe('a token', () => {
  it.each(routesOfOneConversation)('does not open another conversation at %s %s', async (method, path) => {
    const before = await theirs.transcript();
    expectRefusal(await call(method, path, theirs.id, { authorization: `Bearer ${mine.token}` }), 403);
    expect(await theirs.transcript()).toEqual(before);
  });

  it.each(routesOfOneConversation)('learns nothing of whether a conversation exists at %s %s', async (method, path) => {
    const headers = { authorization: `Bearer ${mine.token}` };
    const [existing, missing] = [await call(method, path, theirs.id, headers), await call(method, path, 'no-such-conversation', headers)];
    expect([missing.status, missing.body]).toEqual([existing.status, existing.body]);
  });

  it('does not open the stream of another conversation', async () => {
    const { streamUrl } = await mine.reconnect();
    expectRefusal(await refusedStream(streamUrl.replace(mine.id, theirs.id)), 403);
  });

  it('gives its own conversation, whatever the start asks for', async () => {
    const { body } = await server.call('POST', '/conversations', { bearer: mine.token, body: { conversationId: theirs.id } });
    expect(body.conversationId).toBe(mine.id);
  });

  it('may be sent with the scheme in any letters', async () => {
    const { status } = await server.call('GET', `/conversations/${mine.id}`, { headers: { authorization: `bearer ${mine.token}` } });
    expect(status).toBe(200);
  });
});

describe('the secret', () => {
  it.each(routesOfOneConversation)('opens every conversation at %s %s', async (method, path) => {
    const authorization = `Bearer ${server.secret}`;
    expect((await call(method, path, mine.id, { authorization })).status).toBe(200);
    expect((await call(method, path, theirs.id, { authorization })).status).toBe(200);
  });

  it.each(routesOfOneConversation)('finds 404 where there is no conversation at %s %s', async (method, path) => {
    expectRefusal(await call(method, path, 'no-such-conversation', { authorization: `Bearer ${server.secret}` }), 404);
  });
});

describe.skipIf(elsewhere)('where several secrets are set', () => {
  const secrets = ['the-new-secret-0123456789-0123456789', 'the-old-secret-0123456789-0123456789'];
  const renewed = serverForTests({ DIRECT_LINE_SECRET: secrets.join(',') });

  it.each(secrets)('each of them works: %s', async (bearer) => {
    const { status, body } = await renewed.call('POST', '/tokens/generate', { bearer });
    expect(status).toBe(200);
    expect((await renewed.call('POST', '/conversations', { bearer: body.token })).status).toBe(201);
  });

  it('their list does not', async () => {
    expectRefusal(await renewed.call('POST', '/tokens/generate', { bearer: secrets.join(',') }), 401);
  });
});

function changed(token: string): string {
  const [header, payload = '', signature] = token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
  return [header, Buffer.from(JSON.stringify({ ...claims, user: 'dl_somebody_else' })).toString('base64url'), signature].join('.');
}

/** Right in all but the key, which is derived from the secret and is not the secret. */
function signedWithTheSecret(): Promise<string> {
  const jwt = new SignJWT({ conv: mine.id }).setProtectedHeader({ alg: 'HS256' }).setIssuer('filing-assistant').setAudience('conversation');
  return jwt.setExpirationTime('1h').sign(new TextEncoder().encode(server.secret));
}
