import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestApplication, type TestApplication } from '../../support/application.ts';
import { startRedis } from '../../support/redis.ts';
import { freePort } from '../../support/server-process.ts';

let app: TestApplication;
beforeAll(async () => {
  app = await startTestApplication({ OPERATIONS_PORT: '0', CLAMAV_ADDRESS: `127.0.0.1:${await freePort()}` });
});
afterAll(() => app.stop());

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'filing-own-port-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const places = ['public', 'own'] as const;
type Place = (typeof places)[number];
const at = (place: Place, { port, operationsPort }: TestApplication = app) => `http://127.0.0.1:${place === 'own' ? operationsPort : port}`;

/** Whether somebody takes connections there. */
async function listens(port: number, host = '127.0.0.1'): Promise<boolean> {
  const socket = connect(port, host);
  const taken = await Promise.race([once(socket, 'connect').then(() => true), once(socket, 'close').then(() => false)]).catch(() => false);
  socket.destroy();
  return taken;
}

async function portInUse() {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  return { port: (other.address() as { port: number }).port, close: () => other.close() };
}

describe('figures and readiness with a port of their own', () => {
  it.each<[number, string, Place, RequestInit?]>([
    [200, '/healthz', 'public'],
    [200, '/readyz', 'public'],
    [404, '/metrics', 'public'],
    [404, '/metrics', 'public', { method: 'HEAD' }],
    [404, '/metrics/', 'public'],
    [404, '/%6Detrics', 'public'],
    [200, '/', 'public'],
    [200, '/healthz', 'own'],
    [200, '/readyz', 'own'],
    [200, '/metrics', 'own'],
    [200, '/metrics', 'own', { method: 'HEAD' }],
    [405, '/metrics', 'own', { method: 'POST' }],
    [400, '/metrics?x=1&x=2', 'own'],
    [404, '/', 'own'],
    [404, '/desk', 'own'],
    [404, '/desk/api/session', 'own'],
    [404, '/widget/session', 'own', { method: 'POST' }],
    [404, '/v3/directline/conversations', 'own', { method: 'POST' }],
    [404, '/api/faq/search?q=x', 'own'],
  ])('are answered with %i at %s, %s, with the headers that protect it', async (status, path, place, init) => {
    const { status: got, headers } = await fetch(at(place) + path, init);
    expect(got).toBe(status);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
    if (path !== '/' || place === 'own') expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('server')).toBeNull();
  });

  it('are for everybody as if there were no figures', async () => {
    const answerTo = async (path: string) => {
      const response = await fetch(at('public') + path);
      const headers = [...response.headers].filter(([name]) => name !== 'date');
      return { status: response.status, headers, body: await response.text() };
    };
    expect(await answerTo('/metrics')).toEqual(await answerTo('/nothing'));
  });

  it('tell there which part is not ready, and everybody only whether the bot is', async () => {
    expect(await (await fetch(`${at('public')}/readyz`)).json()).toEqual({ status: 'ready' });
    expect(await (await fetch(`${at('own')}/readyz`)).json()).toEqual({
      status: 'ready',
      parts: { process: 'ready', store: 'ready', knowledge: 'ready', scanner: 'not-ready' },
    });
    expect(await (await fetch(`${at('own')}/metrics`)).text()).toMatch(
      /^filing_http_requests_total\{route="\/readyz",status="200"\} [1-9]/m,
    );
  });

  it('tell so too while the bot is not ready', async () => {
    const redis = await startRedis();
    const keys = { DATA_KEYS: Buffer.alloc(32, 7).toString('base64'), REDIS_URL: redis.url };
    const shared = await startTestApplication({ ...keys, OPERATIONS_PORT: '0' });
    try {
      await redis.kill('SIGKILL');
      const [told, known] = await Promise.all(places.map((place) => fetch(`${at(place, shared)}/readyz`)));
      expect([told?.status, known?.status]).toEqual([503, 503]);
      expect(told?.headers.get('retry-after')).toMatch(/^\d+$/);
      const error = { code: 'ServiceUnavailable', message: expect.any(String) };
      expect(await told?.json()).toEqual({ error });
      expect(await known?.json()).toEqual({ error, parts: { process: 'ready', store: 'not-ready', knowledge: 'ready' } });
    } finally {
      await shared.stop();
      await redis.stop();
    }
  });

  it('are refused as a WebSocket', async () => {
    const socket = connect(app.operationsPort ?? 0, '127.0.0.1');
    socket.write('GET /v3/directline/conversations/x/stream HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    const [answer] = (await once(socket.setEncoding('utf8'), 'data')) as [string];
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(answer).toContain('X-Content-Type-Options: nosniff');
    socket.destroy();
  });

  it('and all else are at one address of this machine, unless told otherwise', async () => {
    for (const port of [app.port, app.operationsPort ?? 0]) {
      expect(await listens(port)).toBe(true);
      // All of 127.0.0.0/8 is this machine.
      expect(await listens(port, '127.0.0.2')).toBe(false);
    }
  });

  it('end with the bot, however long a monitor keeps its connection', async () => {
    const stopping = await startTestApplication({ OPERATIONS_PORT: '0' });
    const port = stopping.operationsPort ?? 0;
    const monitor = connect(port, '127.0.0.1');
    monitor.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(monitor, 'data');
    const began = performance.now();
    await stopping.stop();
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(await listens(port)).toBe(false);
  });

  it('keep the bot from starting where the port is in use, with what to do', async () => {
    const other = await portInUse();
    const port = await freePort();
    await expect(startTestApplication({ OPERATIONS_PORT: String(other.port), PORT: String(port), DATA_DIR: folder })).rejects.toThrow(
      `Port ${other.port} on 127.0.0.1 is in use by another program. Stop that program, or set OPERATIONS_PORT to a free port.`,
    );
    other.close();
    expect(await listens(port)).toBe(false);
  });

  it('are not there where the bot cannot start', async () => {
    const other = await portInUse();
    const port = await freePort();
    await expect(startTestApplication({ PORT: String(other.port), OPERATIONS_PORT: String(port), DATA_DIR: folder })).rejects.toThrow(
      /or set PORT to a free/,
    );
    other.close();
    expect(await listens(port)).toBe(false);
  });
});
