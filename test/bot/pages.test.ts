import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApplication, type TestApplication } from '../support/application.ts';

let app: TestApplication;
beforeAll(async () => {
  app = await startTestApplication({ WIDGET_ORIGINS: 'https://www.agency.example' });
});
afterAll(() => app.stop());

const get = (path: string, headers: Record<string, string> = {}) => fetch(app.url + path, { headers });
const policyOf = async (path: string) => (await get(path)).headers.get('content-security-policy') ?? '';

describe('the pages', () => {
  it.each([
    ['/', 'text/html'],
    ['/widget', 'text/html'],
    ['/desk', 'text/html'],
    ['/widget.js', 'text/javascript; charset=utf-8'],
    ['/favicon.svg', 'image/svg+xml'],
  ])('%s is served as %s', async (path, type) => {
    const response = await get(path);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain(type);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('name nothing of another host', async () => {
    for (const path of ['/', '/widget', '/desk']) {
      const references = [...(await (await get(path)).text()).matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, reference]) => reference ?? '');
      const loaded = references.filter((reference) => !reference.startsWith('https://beian.miit.gov.cn'));
      expect(loaded.filter((reference) => /^(https?:)?\/\//.test(reference))).toEqual([]);
    }
  });

  it('run no script that stands in them', async () => {
    for (const path of ['/', '/widget', '/desk']) {
      expect(await policyOf(path)).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'/);
      expect(await (await get(path)).text()).not.toMatch(/<script(?![^>]*\ssrc=)|\son\w+=|\sstyle=/);
    }
  });

  it('can be framed by the pages of the agency, the widget only', async () => {
    expect(await policyOf('/widget')).toContain("frame-ancestors 'self' https://www.agency.example");
    for (const path of ['/', '/desk']) expect(await policyOf(path)).toContain("frame-ancestors 'none'");
  });

  it('are loaded once and then asked for by their tag; assets, whose names carry their content, never again', async () => {
    const page = await get('/widget');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    expect((await get('/widget', { 'if-none-match': page.headers.get('etag') ?? '' })).status).toBe(304);
    const [, asset = ''] = /src="(\/assets\/[^"]+\.js)"/.exec(await page.text()) ?? [];
    expect((await get(asset)).headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  });

  it.each(['/', '/widget', '/desk', '/widget.js'])('%s keeps its policy where the browser has it already', async (path) => {
    const page = await get(path);
    const again = await get(path, { 'if-none-match': page.headers.get('etag') ?? '' });
    expect(again.status).toBe(304);
    for (const name of ['content-security-policy', 'cache-control', 'cross-origin-resource-policy'])
      expect([name, again.headers.get(name)]).toEqual([name, page.headers.get(name)]);
  });

  it('leave what is not there under the strictest policy', async () => {
    const missing = await get('/assets/none.js');
    expect([missing.status, missing.headers.get('cache-control'), missing.headers.get('content-security-policy')]).toEqual([
      404,
      'no-store',
      "default-src 'none'; frame-ancestors 'none'",
    ]);
  });

  it('come compressed to those who can read it', async () => {
    const [response] = (await once(request(`${app.url}/widget.js`, { headers: { 'accept-encoding': 'gzip' } }).end(), 'response')) as [
      IncomingMessage,
    ];
    expect(response.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(await buffer(response)).toString()).toBe(await (await get('/widget.js')).text());
  });

  it('leave no way to other files', async () => {
    for (const path of [
      '/../package.json',
      '/..%2fpackage.json',
      '/assets/..%2f..%2f..%2fpackage.json',
      '/widget.js.gz',
      '/assets/',
      '/.env',
    ]) {
      expect((await get(path)).status, path).toBe(404);
    }
  });

  it('answer HEAD like GET, without a body', async () => {
    const response = await fetch(app.url, { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(response.headers.get('content-type')).toContain('text/html');
  });

  it('answer other methods with 405', async () => {
    expect((await fetch(`${app.url}/widget.js`, { method: 'DELETE' })).status).toBe(405);
  });
});
