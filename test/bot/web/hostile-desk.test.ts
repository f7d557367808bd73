import type { Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestApplication, type TestApplication, testSecret } from '../../support/application.ts';
import { png } from '../channels/direct-line/client.ts';
import { invitedAgent } from './agent.ts';
import { payloads } from './payloads.ts';
import { Browsing, eventually } from './visitor.ts';

const browsing = new Browsing();
let app: TestApplication;
beforeAll(async () => {
  app = await startTestApplication();
});
afterAll(() => app.stop());

const headers = { authorization: `Bearer ${testSecret}` };
const json = { ...headers, 'content-type': 'application/json' };

async function begins(name: string): Promise<string> {
  const user = { id: `dl_${Math.random()}`, name: name.slice(0, 200) };
  const response = await fetch(`${app.url}/v3/directline/conversations`, { method: 'POST', headers: json, body: JSON.stringify({ user }) });
  return ((await response.json()) as { conversationId: string }).conversationId;
}

async function says(conversation: string, text: string): Promise<void> {
  const body = JSON.stringify({ type: 'message', from: { id: 'x' }, text });
  const response = await fetch(`${app.url}/v3/directline/conversations/${conversation}/activities`, {
    method: 'POST',
    headers: json,
    body,
  });
  expect(response.status).toBe(200);
}

async function sendsFile(conversation: string, name: string): Promise<void> {
  const body = new FormData();
  body.append('file', new Blob([png], { type: 'image/png' }), name);
  const response = await fetch(`${app.url}/v3/directline/conversations/${conversation}/upload?userId=x`, { method: 'POST', headers, body });
  expect([200, 400]).toContain(response.status); // some names are none
}

/** Nothing has run, nothing was put into the page, and nothing points anywhere but to us or the web. */
async function expectUnharmed(frame: Page | Frame, troubles: readonly string[]): Promise<void> {
  const found = await frame.evaluate(() => ({
    taken: 'taken' in window || 'taken' in {},
    elements: [
      ...document.querySelectorAll('script:not([src]), iframe, object, embed, form[action], base, marquee, math, video, audio, template'),
    ].map(({ outerHTML }) => outerHTML.slice(0, 100)),
    handlers: [...document.querySelectorAll('*')].flatMap(({ attributes }) =>
      [...attributes].filter(({ name }) => name.startsWith('on')).map(({ name }) => name),
    ),
    addresses: [...document.querySelectorAll('[href], [src]')].map(
      (element) => element.getAttribute('href') ?? element.getAttribute('src') ?? '',
    ),
  }));
  expect(found.taken).toBe(false);
  expect(found.elements).toEqual([]);
  expect(found.handlers).toEqual([]);
  expect(found.addresses.filter((address) => /^\s*(javascript|data:text|vbscript)|evil/i.test(address))).toEqual([]);
  expect(troubles.filter((trouble) => trouble.includes('evil'))).toEqual([]);
}

it(`${payloads.length} hostile texts do nothing on the desk, as words, as names of customers and as names of files`, {
  timeout: 180_000,
}, async () => {
  const agent = await invitedAgent(browsing, app, { login: 'wang', name: '王芳', role: 'administrator' });
  const requests: string[] = [];
  const dialogs: string[] = [];
  agent.page.on('request', (request) => requests.push(request.url()));
  agent.page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });

  // One customer says them all; each is the name of another who waits.
  const talker = await begins('多话的客户');
  for (const payload of payloads) {
    await says(talker, payload);
    await sendsFile(talker, `${payload.slice(0, 100)}.png`);
  }
  await says(talker, '转人工');
  for (const payload of payloads.slice(0, 40)) await says(await begins(payload), '转人工');

  await eventually(async () => expect(await agent.waiting.getByRole('listitem').count()).toBeGreaterThan(40));
  await agent.claims('多话的客户');
  await agent.log.getByText('你好').or(agent.log.locator('.message')).first().waitFor();
  // Back to the beginning, so that each of them has been on the page.
  for (let at = 0; at < 12; at += 1) {
    await agent.log.evaluate((log) => log.scrollTo(0, 0));
    await agent.page.waitForTimeout(100);
  }
  await expectUnharmed(agent.page, requests);
  expect(dialogs).toEqual([]);
  expect(
    requests.filter((url) => !url.startsWith(app.url) && !url.startsWith(app.url.replace('http', 'ws')) && !url.startsWith('blob:')),
  ).toEqual([]);
  const words = await agent.page.evaluate(() => document.body.textContent ?? '');
  expect(words).toContain('onerror="window.taken=1"');
});

it('nor in the widget, said by an agent or by the customer', { timeout: 180_000 }, async () => {
  const agent = await invitedAgent(browsing, app, { login: 'li', name: '<b>李</b>', role: 'administrator' });
  const visitor = await browsing.visitor(app.url, { device: 'phone' });
  await visitor.opens();
  await visitor.asks('转人工');
  const id = await agent.page.evaluate(async () => {
    const queue = (await (await fetch('/desk/api/queue')).json()) as { waiting: { conversation: string; customer: string }[] };
    return queue.waiting.find(({ customer }) => customer.startsWith('访客'))?.conversation;
  });
  const posts = async (path: string, body: object) =>
    agent.page.evaluate(
      async ([address, sent]) =>
        (await fetch(address, { method: 'POST', headers: { 'X-Desk': '1', 'content-type': 'application/json' }, body: sent })).status,
      [`/desk/api/conversations/${id}/${path}`, JSON.stringify(body)] as const,
    );
  expect(await posts('claim', {})).toBe(204);
  for (const [at, text] of payloads.entries()) if (text.trim() !== '') expect(await posts('messages', { id: `m${at}`, text })).toBe(200);
  for (const payload of payloads.slice(0, 10)) await visitor.says(payload);
  const person = visitor.chat.getByRole('article', { name: '客服<b>李</b>说' });
  await eventually(async () => expect(await person.count()).toBeGreaterThan(payloads.length - 3));
  const frame = visitor.page.frames().find((each) => each.url().includes('/widget'));
  if (!frame) throw new Error('The widget has no frame.');
  await expectUnharmed(frame, visitor.requested);
  expect(visitor.requested.filter((url) => !url.startsWith(app.url))).toEqual([]);
});
