import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApplication, type TestApplication } from '../../support/application.ts';

let app: TestApplication;
beforeAll(async () => {
  app = await startTestApplication({ WIDGET_ORIGINS: 'https://www.example.com' });
});
afterAll(() => app.stop());

/** What a request, as it is written, is answered, headers and all. */
async function raw(request: string, port = app.port): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(request);
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    answer += text;
  });
  await once(socket, 'close');
  return answer;
}

const json = (body: string): RequestInit => ({ method: 'POST', headers: { 'content-type': 'application/json' }, body });

describe('every answer', () => {
  it.each<[number, string, RequestInit?]>([
    [200, '/'],
    [200, '/widget'],
    [200, '/desk'],
    [200, '/widget.js'],
    [200, '/favicon.svg'],
    [200, '/checklist?type=initial'],
    [200, '/healthz'],
    [200, '/readyz'],
    [200, '/metrics'],
    [200, '/api/faq/search?q=x'],
    [404, '/api/faq/nothing'],
    [400, '/api/faq/search'],
    [404, '/nothing'],
    [404, '/assets/nothing.js'],
    [405, '/healthz', { method: 'PUT' }],
    [401, '/desk/api/queue'],
    [403, '/desk/api/session', json('{}')],
    [401, '/v3/directline/conversations', { method: 'POST' }],
    [401, '/v3/directline/conversations', { method: 'POST', headers: { authorization: 'Basic x' } }],
    [201, '/widget/session', { method: 'POST' }],
    [403, '/widget/session', { method: 'POST', headers: { origin: 'https://evil.example' } }],
    [404, '/api/messages', json('{}')],
    [404, '/desk/webhook', json('{}')],
  ])('%i %s carries the headers that protect it', async (status, path, init) => {
    const { status: got, headers } = await fetch(app.url + path, init);
    expect(got).toBe(status);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('content-security-policy')).toMatch(/^(sandbox; )?default-src 'none'/);
    expect(headers.get('content-security-policy')).not.toMatch(/unsafe/);
    expect(headers.get('server')).toBeNull();
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('content-type')).toMatch(/charset=utf-8|image\/svg|^application\/json$/);
    if (!/^\/(widget|desk|widget\.js|favicon\.svg|checklist\?type=initial)?$/.test(path))
      expect(headers.get('cache-control')).toBe('no-store');
  });

  it('to what is no request, and to a refused WebSocket, carries them too', async () => {
    const upgrade =
      'GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';
    for (const request of ['NONSENSE\r\n\r\n', 'GET / HTTP/1.1\r\n\r\n', upgrade]) {
      const answer = await raw(request);
      expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
      if (request === 'GET / HTTP/1.1\r\n\r\n') continue; // without a Host, Node itself refuses
      expect(answer.toLowerCase()).toContain('x-content-type-options: nosniff');
      expect(answer).toMatch(/"error":\{"code":"\w+"/);
    }
  });
});

describe('a request that can be read in two ways', () => {
  it.each([
    '/api/faq/search?q=a&q=b',
    '/api/faq/search?q=a&%71=b',
    '/checklist?type=initial&type=change',
    '/v3/directline/conversations/x/activities?watermark=1&watermark=2',
  ])('is refused when a parameter stands twice: %s', async (path) => {
    const answer = await fetch(app.url + path);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { code: 'BadArgument' } });
  });

  it('is refused with keys that reach into prototypes, at every depth, and no object has changed', async () => {
    const { conversationId, token } = (await (await fetch(`${app.url}/widget/session`, { method: 'POST' })).json()) as Record<
      string,
      string
    >;
    const before = Object.getOwnPropertyNames(Object.prototype).join();
    for (const body of [
      '{"type":"message","text":"x","__proto__":{"polluted":1}}',
      '{"type":"message","channelData":{"a":{"__proto__":{"polluted":1}}}}',
      '{"type":"message","value":{"constructor":{"prototype":{"polluted":1}}}}',
    ]) {
      const answer = await fetch(`${app.url}/v3/directline/conversations/${conversationId}/activities`, {
        ...json(body),
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      });
      expect(answer.status, body).toBe(400);
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.getOwnPropertyNames(Object.prototype).join()).toBe(before);
  });

  it('with two lengths, or a length and chunks, is refused', async () => {
    for (const lengths of ['Content-Length: 1\r\nContent-Length: 2', 'Content-Length: 1\r\nTransfer-Encoding: chunked']) {
      expect(await raw(`POST /widget/session HTTP/1.1\r\nHost: x\r\n${lengths}\r\n\r\n0\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400 /);
    }
  });
});

describe('whatever Host a request names', () => {
  it('no answer repeats it: addresses are made from PUBLIC_URL', async () => {
    for (const path of ['/', '/widget', '/desk', '/healthz', '/nothing', '/checklist?type=initial']) {
      const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\nConnection: close\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 (200|404) /);
      expect(answer).not.toContain('evil.example');
    }
    const session = await raw('POST /widget/session HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    expect(session).toMatch(/^HTTP\/1\.1 201 /);
    expect(session).not.toContain('evil.example');
  });

  it('is refused when it names two, or gives an address in the place of a path', async () => {
    for (const request of [
      'GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n',
      'GET http://evil.example/healthz HTTP/1.1\r\nHost: localhost\r\n',
    ]) {
      const answer = await raw(`${request}Connection: close\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
      expect(answer).not.toContain('evil.example');
    }
  });

  it('methods that no route has are refused', async () => {
    for (const method of ['TRACE', 'CONNECT', 'PROPFIND', 'DELETE', 'PATCH']) {
      const answer = await raw(`${method} /healthz HTTP/1.1\r\nHost: x\r\nCookie: secret=1\r\nConnection: close\r\n\r\n`);
      expect(answer, method).not.toMatch(/^HTTP\/1\.1 2/);
      expect(answer).not.toContain('secret=1');
    }
  });
});

describe('with a list of hosts', () => {
  let listed: TestApplication;
  beforeAll(async () => {
    listed = await startTestApplication({ HOSTS: 'bot.example.com,[::1]', PUBLIC_URL: 'https://www.example.cn' });
  });
  afterAll(() => listed.stop());

  it.each<[string, string, number]>([
    ['bot.example.com', '/', 200],
    ['BOT.example.com:8080', '/api/faq/search?q=x', 200],
    ['www.example.cn', '/', 200],
    ['[::1]:3978', '/', 200],
    ['evil.example', '/', 421],
    ['bot.example.com.evil.example', '/', 421],
    ['bot.example.com@evil.example', '/', 421],
    ['127.0.0.1', '/api/faq/search?q=x', 421],
    ['', '/', 421],
    ['10.0.0.7:3978', '/healthz', 200],
    ['10.0.0.7:3978', '/readyz', 200],
    ['10.0.0.7:3978', '/metrics', 200],
  ])('a request to %s for %s is answered with %i', async (host, path, status) => {
    expect(await raw(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`, listed.port)).toMatch(
      new RegExp(`^HTTP/1\\.1 ${status} `),
    );
  });

  it('a stream to another is refused', async () => {
    const upgrade =
      'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n';
    const request = `GET /v3/directline/conversations/x/stream?t=y HTTP/1.1\r\nHost: evil.example\r\n${upgrade}\r\n`;
    expect(await raw(request, listed.port)).toMatch(/^HTTP\/1\.1 421 /);
  });
});
