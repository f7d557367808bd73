import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestApplication, type TestApplication } from '../../support/application.ts';
import { samples } from '../channels/direct-line/samples.ts';

/** Minutes become tenths of a second. */
vi.mock('../../../bot/http/body-time.ts', async (original) => {
  const module = await original<typeof import('../../../bot/http/body-time.ts')>();
  Object.assign(module.bodyTime, { usualMs: 400, uploadMs: 1600 });
  return module;
});

let app: TestApplication;
let conversation: string;
beforeAll(async () => {
  app = await startTestApplication();
  const begun = await fetch(`${app.url}/v3/directline/conversations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${app.secret}` },
  });
  conversation = `/v3/directline/conversations/${((await begun.json()) as { conversationId: string }).conversationId}`;
});
afterAll(() => app.stop());

/** Sends a body in so many parts with a pause between them. */
async function slowly(path: string, type: string, body: Buffer, { parts = 4, pauseMs = 200, bearer = app.secret } = {}) {
  const sent: ClientRequest = request(`${app.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}`, 'content-type': type, 'content-length': body.length },
  });
  sent.on('error', () => undefined);
  const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
  const each = Math.ceil(body.length / parts);
  for (let at = 0; at < body.length && !sent.destroyed; at += each) {
    sent.write(body.subarray(at, at + each));
    await pause(pauseMs);
  }
  sent.end();
  const [response] = await answered;
  return { status: response.statusCode, body: JSON.parse(await text(response)) as unknown };
}

const message = Buffer.from(JSON.stringify({ type: 'message', text: '备案要多久' }));

describe('a body that comes slowly', () => {
  it('is taken when it is a file', async () => {
    expect((await slowly(`${conversation}/upload`, 'image/png', samples.png)).status).toBe(200);
  });

  it('is refused when it is anything else', async () => {
    expect(await slowly(`${conversation}/activities`, 'application/json', message)).toMatchObject({
      status: 408,
      body: { error: { code: 'RequestTimeout' } },
    });
  });

  it('is refused when it is a file that never ends', async () => {
    expect((await slowly(`${conversation}/upload`, 'image/png', samples.png, { parts: 10, pauseMs: 250 })).status).toBe(408);
  });

  it('gets no more time from somebody without a token', async () => {
    const started = performance.now();
    const sent = request(`${app.url}${conversation}/upload`, { method: 'POST', headers: { 'content-length': 1000 } });
    sent.on('error', () => undefined);
    sent.write('x');
    const closed = once(sent, 'close');
    await closed;
    expect(performance.now() - started).toBeLessThan(1200);
  });

  it('does not trouble those that come in time', async () => {
    expect((await slowly(`${conversation}/activities`, 'application/json', message, { parts: 2, pauseMs: 50 })).status).toBe(200);
    await pause(500);
    expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
  });
});
