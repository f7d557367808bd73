import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApplication, type TestApplication } from '../../support/application.ts';

const agency = 'https://www.agency.example';

let app: TestApplication;
beforeAll(async () => {
  app = await startTestApplication({ WIDGET_ORIGINS: agency });
});
afterAll(() => app.stop());

interface Opened {
  status: number;
  body: { conversationId: string; userId: string; token: string; expires_in: number; streamUrl: string; error?: { code: string } };
  headers: Headers;
  /** What a browser would send back. */
  cookie: string;
}

async function open({ url } = app, headers: Record<string, string> = {}): Promise<Opened> {
  const response = await fetch(`${url}/widget/session`, { method: 'POST', headers });
  const cookie = response.headers.get('set-cookie')?.split(';')[0] ?? '';
  return { status: response.status, body: (await response.json()) as Opened['body'], headers: response.headers, cookie };
}

const transcript = async ({ conversationId, token }: Opened['body']) => {
  const answer = await fetch(`${app.url}/v3/directline/conversations/${conversationId}/activities`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return ((await answer.json()) as { activities: { text: string }[] }).activities;
};

describe('a session of the widget', () => {
  it('is a new conversation for a new visitor, with all the widget needs', async () => {
    const { status, body } = await open();
    expect(status).toBe(201);
    expect(body).toEqual({
      conversationId: expect.any(String),
      userId: expect.stringMatching(/^dl_/),
      token: expect.any(String),
      expires_in: expect.any(Number),
      streamUrl: expect.stringMatching(/^ws:\/\//),
    });
  });

  it('is the same conversation when the visitor comes back, greeted once', async () => {
    const first = await open();
    const again = await open(app, { cookie: first.cookie });
    expect(again.status).toBe(200);
    expect([again.body.conversationId, again.body.userId]).toEqual([first.body.conversationId, first.body.userId]);
    expect(again.body.token).not.toBe(first.body.token);
    await expect.poll(() => transcript(again.body)).toHaveLength(1);
  });

  it('is found among other cookies of the page', async () => {
    const first = await open();
    const again = await open(app, { cookie: `theme=dark; ${first.cookie}; lang=zh` });
    expect(again.body.conversationId).toBe(first.body.conversationId);
  });

  it.each([
    ['made up', () => 'filing_visitor=abc'],
    ['empty', () => 'filing_visitor='],
    ['a token of another purpose', ({ token }: Opened['body']) => `filing_visitor=${token}`],
    ['given twice', (_: Opened['body'], cookie: string) => `${cookie}; ${cookie}`],
  ])('is a new one when the cookie is %s', async (_, cookieOf) => {
    const { body, cookie } = await open();
    const again = await open(app, { cookie: cookieOf(body, cookie) });
    expect(again.status).toBe(201);
    expect(again.body.conversationId).not.toBe(body.conversationId);
  });

  it('gives a cookie that scripts cannot read and other paths do not get', async () => {
    const { headers } = await open();
    expect(headers.get('set-cookie')).toMatch(/; Path=\/widget; HttpOnly; Max-Age=\d+; SameSite=Lax$/);
  });

  it('over https gives a cookie that pages of the agency can carry, each its own', async () => {
    const secure = await startTestApplication({ PUBLIC_URL: 'https://bot.example.com', WIDGET_ORIGINS: agency });
    const { headers, body } = await open({ ...secure, url: `http://127.0.0.1:${secure.port}` }, { origin: agency });
    expect(headers.get('set-cookie')).toMatch(/; Secure; SameSite=None; Partitioned$/);
    expect(body.streamUrl).toMatch(/^wss:\/\/bot\.example\.com\//);
    await secure.stop();
  });
});

describe('a page that asks for a session', () => {
  it('is admitted when it is in WIDGET_ORIGINS', async () => {
    const { status, headers } = await open(app, { origin: agency });
    expect(status).toBe(201);
    expect(headers.get('access-control-allow-origin')).toBe(agency);
    expect(headers.get('access-control-allow-credentials')).toBe('true');
  });

  it.each(['https://evil.example', 'null', `${agency}.evil.example`])('is refused when it is %s', async (origin) => {
    const { status, body, headers, cookie } = await open(app, { origin });
    expect([status, body.error?.code, headers.get('access-control-allow-origin'), cookie]).toEqual([403, 'OriginNotAllowed', null, '']);
  });
});

it('new conversations of one address are limited, coming back is not', async () => {
  const limited = await startTestApplication({ CONVERSATIONS_PER_MINUTE: '3' });
  const first = await open(limited);
  await open(limited);
  await open(limited);
  const refused = await open(limited);
  expect([refused.status, refused.body.error?.code]).toEqual([429, 'TooManyRequests']);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await open(limited, { cookie: first.cookie })).status).toBe(200);
  await limited.stop();
});

it('visitors behind a trusted proxy are told apart, and cannot claim to be others without one', async () => {
  const proxied = await startTestApplication({ CONVERSATIONS_PER_MINUTE: '1', TRUSTED_PROXIES: 'loopback' });
  for (const address of ['203.0.113.1', '203.0.113.2']) expect((await open(proxied, { 'x-forwarded-for': address })).status).toBe(201);
  expect((await open(proxied, { 'x-forwarded-for': '203.0.113.2' })).status).toBe(429);
  await proxied.stop();

  const direct = await startTestApplication({ CONVERSATIONS_PER_MINUTE: '1' });
  expect((await open(direct, { 'x-forwarded-for': '203.0.113.1' })).status).toBe(201);
  expect((await open(direct, { 'x-forwarded-for': '203.0.113.2' })).status).toBe(429);
  await direct.stop();
});
