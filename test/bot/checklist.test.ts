import { createHash } from 'node:crypto';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checklistRoutes } from '../../bot/checklist.ts';
import { WebServer } from '../../bot/http/web-server.ts';
import { Metrics } from '../../bot/metrics.ts';
import { checklistPath } from '../../knowledge/filing/checklist-path.ts';
import { documentsFor } from '../../knowledge/filing/documents.ts';
import { filingTypes } from '../../knowledge/filing/filing-case.ts';
import { twoLeaders } from '../knowledge/filing/cases.ts';

let server: WebServer;
let address: string;
beforeAll(async () => {
  server = new WebServer({ log: pino({ level: 'silent' }), metrics: new Metrics(), routes: checklistRoutes('备案<代办>'), upgrades: [] });
  address = `http://127.0.0.1:${await server.listen(0, '127.0.0.1')}`;
});
afterAll(() => server.close());

const get = (path: string) => fetch(address + path);

describe('the printable list', () => {
  const values = { ...twoLeaders, filerProvince: '42', preApproval: 'news' };

  it('has every document of the case with a box, its source and its date', async () => {
    const response = await get(checklistPath('initial', values));
    const page = await response.text();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const documents = documentsFor('initial', values);
    for (const { title } of documents) expect(page).toContain(`>${title}</label>`);
    expect(page.match(/<input type="checkbox"/g)).toHaveLength(documents.length);
    expect(page.match(/来源：[^<]+，\d{4}年/g)).toHaveLength(documents.length);
    expect(page).toContain('企业 · 湖北 · 网站 · 前置审批：新闻');
  });

  it('holds nothing of the customer', async () => {
    const page = await (await get(checklistPath('initial', values))).text();
    for (const value of [
      values.filerName,
      values.creditCode,
      values['filerLeader.idNumber'],
      values['filerLeader.mobile'],
      values['filerLeader.name'],
    ]) {
      expect(page).not.toContain(value);
    }
  });

  it('runs no script, loads nothing, and its style is the one that its policy names', async () => {
    const response = await get('/checklist?type=initial');
    const policy = response.headers.get('content-security-policy') ?? '';
    const page = await response.text();
    const [, style = ''] = /<style>([\s\S]*)<\/style>/.exec(page) ?? [];
    expect(policy).toContain(`style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`);
    expect(policy).toMatch(/^default-src 'none'; /);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(page).not.toMatch(/<script|\son\w+=|\sstyle=|https?:\/\/|url\(/);
    expect(style).toMatch(/@page \{ size: A4/);
  });

  it('writes the name of the agency as text', async () => {
    expect(await (await get('/checklist?type=initial')).text()).toContain('备案&lt;代办&gt;');
  });

  it.each(filingTypes.map((type) => [type]))('is there for %s', async (type) => {
    const response = await get(`/checklist?type=${type}&filer=individual&province=15&leader=other&mobile-lost=yes`);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('<html lang="zh-CN">');
  });

  it('says when there is nothing to prepare', async () => {
    expect(await (await get('/checklist?type=license&task=transfer')).text()).toContain('不用准备材料');
  });

  it('is asked for by HEAD as well', async () => {
    expect((await fetch(`${address}/checklist?type=initial`, { method: 'HEAD' })).status).toBe(200);
  });

  it.each([
    ['', /^type: /],
    ['?type=first', /^type: /],
    ['?type=initial&filer=company', /^filer: /],
    ['?type=initial&province=440000', /^province: /],
    ['?type=initial&service=site', /^service: /],
    ['?type=initial&sectors=news,unknown', /^sectors: /],
    ['?type=initial&leader=yes', /^leader: /],
    ['?type=initial&type=change', /given more than once/],
    ['?type=initial&name=%3Cscript%3E', /^There is a parameter/],
    ['?type=initial&__proto__=1', /^There is a parameter/],
    ['?type=constructor', /^type: /],
  ])('%s is refused', async (query, message) => {
    const response = await get(`/checklist${query}`);
    const body = (await response.json()) as unknown;
    expect([response.status, body]).toEqual([400, { error: { code: 'BadArgument', message: expect.stringMatching(message) } }]);
  });
});
