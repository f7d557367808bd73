import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort, type ServerProcess, startServerProcess } from '../../support/server-process.ts';
import { Browsing, eventually, everyDevice, press, type Visitor } from './visitor.ts';

const browsing = new Browsing();
const dataDir = mkdtempSync(join(tmpdir(), 'filing-widget-'));
let environment: Record<string, string>;
let server: ServerProcess;
beforeAll(async () => {
  environment = { DATA_DIR: dataDir, PORT: String(await freePort()), CONVERSATIONS_PER_MINUTE: '100000' };
  server = await startServerProcess(environment);
});
afterAll(async () => {
  await server.kill('SIGTERM');
  rmSync(dataDir, { recursive: true, force: true });
});

const interrupted = (visitor: Visitor) => visitor.chat.getByText('连接中断，正在重新连接');
const waits = (visitor: Visitor) => visitor.chat.getByText('恢复连接后自动发送');

describe.each(everyDevice)('on a %s', (device) => {
  it('what is typed while the server is down is sent once and in order when it is back', async () => {
    const visitor = await browsing.visitor(server.url, { device, troubled: true });
    await visitor.opens();
    await visitor.asks('备案要多久');
    await server.kill('SIGKILL');
    const typed = ['你好', '谢谢', '再见'];
    for (const text of typed) await visitor.says(text);
    await interrupted(visitor).waitFor();
    expect(await waits(visitor).count()).toBe(3);

    server = await startServerProcess(environment);
    await visitor.chat.getByRole('button', { name: '立即重试' }).click();
    await eventually(async () => expect(await visitor.answers.count()).toBe(5));
    await interrupted(visitor).waitFor({ state: 'detached' });
    expect(await waits(visitor).count()).toBe(0);
    expect(await said(visitor)).toEqual(['备案要多久', ...typed]);

    await visitor.page.reload();
    await visitor.opens();
    await eventually(async () => expect(await said(visitor)).toEqual(['备案要多久', ...typed]));
    expect(await visitor.answers.count()).toBe(5);
  });

  it('without a network the visitor is told, and what was typed goes out by itself', async () => {
    const visitor = await browsing.visitor(server.url, { device, troubled: true });
    await visitor.opens();
    await visitor.context.setOffline(true);
    await visitor.says('谢谢');
    await interrupted(visitor).waitFor();
    await waits(visitor).waitFor();
    await visitor.answerAfter(() => visitor.context.setOffline(false));
    await waits(visitor).waitFor({ state: 'detached' });
    expect(await said(visitor)).toEqual(['谢谢']);
  });
});

const unavailable = { status: 503, headers: { 'Retry-After': '0.1' }, json: {} };

it('while the service can take no messages the visitor is told so, and none is given up', async () => {
  const visitor = await browsing.visitor(server.url, { troubled: true });
  await visitor.opens();
  let attempts = 0;
  await visitor.page.route('**/activities', (route) => {
    attempts += 1;
    return route.fulfill(unavailable);
  });
  await visitor.says('谢谢');
  const told = visitor.ownMessages.getByText('服务暂时不可用，正在自动重试');
  await told.waitFor();
  expect(await visitor.chat.locator('.typing').count()).toBe(0);
  await eventually(() => expect(attempts).toBeGreaterThan(20));
  expect(await told.count()).toBe(1);
  await visitor.answerAfter(() => visitor.page.unrouteAll());
  await told.waitFor({ state: 'detached' });
  expect(await said(visitor)).toEqual(['谢谢']);
});

it('who has sent too much is told that it goes out later', async () => {
  const visitor = await browsing.visitor(server.url, { troubled: true });
  await visitor.opens();
  await visitor.page.route('**/activities', (route) => route.fulfill({ ...unavailable, status: 429 }));
  await visitor.says('谢谢');
  await visitor.ownMessages.getByText('消息较多，稍后自动发送').waitFor();
  await visitor.answerAfter(() => visitor.page.unrouteAll());
  expect(await said(visitor)).toEqual(['谢谢']);
});

it('who comes while the service can begin no conversation is told that it is the service, and need not come again', async () => {
  const visitor = await browsing.visitor(server.url, { troubled: true });
  await visitor.page.route('**/widget/session', (route) => route.fulfill(unavailable));
  await press(visitor.button);
  await visitor.chat.getByText('服务暂时不可用，正在自动重试。').waitFor();
  await visitor.page.unrouteAll();
  await visitor.lastAnswer.waitFor();
});

it('a reload brings the conversation back even without the cookie, for as long as the tab is open', async () => {
  const visitor = await browsing.visitor(server.url);
  await visitor.opens();
  await visitor.asks('谢谢');
  const before = await visitor.transcript();
  await visitor.context.clearCookies();
  await visitor.page.reload();
  await visitor.opens();
  await eventually(async () => expect(await visitor.transcript()).toEqual(before));
});

it('a message that was not sent yet is sent after the page was loaded again', async () => {
  const visitor = await browsing.visitor(server.url, { troubled: true });
  await visitor.opens();
  await visitor.page.route('**/activities', (route) => route.abort());
  await visitor.says('谢谢');
  await waits(visitor).waitFor();
  await visitor.page.unrouteAll();
  await visitor.page.reload();
  await visitor.opens();
  await eventually(async () => expect(await visitor.answers.count()).toBe(2));
  expect(await said(visitor)).toEqual(['谢谢']);
});

it('a message that the server refuses can be sent again', async () => {
  const visitor = await browsing.visitor(server.url, { troubled: true });
  await visitor.opens();
  await visitor.page.route('**/activities', (route) => route.fulfill({ status: 400, json: {} }), { times: 1 });
  await visitor.says('谢谢');
  const retry = visitor.chat.getByRole('button', { name: '发送失败，点此重试' });
  await visitor.answerAfter(() => retry.click());
  expect(await retry.count()).toBe(0);
  expect(await said(visitor)).toEqual(['谢谢']);
});

it('a message whose acknowledgement was lost is there once', async () => {
  const visitor = await browsing.visitor(server.url, { troubled: true });
  await visitor.opens();
  const handOver = async (route: Route) => {
    await route.fetch();
    await route.abort();
  };
  await visitor.page.route('**/activities', handOver, { times: 1 });
  await visitor.asks('谢谢');
  await visitor.asks('再见');
  expect(await said(visitor)).toEqual(['谢谢', '再见']);
  expect(await visitor.answers.count()).toBe(3);
});

it('a conversation that was erased gives way to a new one', async () => {
  const visitor = await browsing.visitor(server.url, { troubled: true });
  await visitor.opens();
  await visitor.asks('备案要多久');
  await visitor.page.route('**/activities', (route) => route.fulfill({ status: 404, json: {} }), { times: 1 });
  await visitor.page.route(/\/conversations\/[^/]+\?/, (route) => route.fulfill({ status: 404, json: {} }), { times: 1 });
  await visitor.context.clearCookies();
  await visitor.says('谢谢');
  await eventually(async () => expect(await said(visitor)).toEqual(['谢谢']));
  await eventually(async () => expect(await visitor.answers.count()).toBe(2));
});

it('where no WebSocket gets through, messages arrive all the same', async () => {
  const visitor = await browsing.visitor(server.url, { before: withoutWebSocket });
  await visitor.opens();
  await visitor.asks('谢谢');
  expect(await interrupted(visitor).count()).toBe(0);
});

it('five tabs of one visitor, one more than have a stream each, all show what is said in one of them', async () => {
  const first = await browsing.visitor(server.url);
  await first.opens();
  const others = await Promise.all(Array.from({ length: 4 }, () => browsing.secondTab(first)));
  for (const tab of others) await tab.opens();
  await first.says('谢谢');
  for (const tab of [first, ...others]) await eventually(async () => expect(await tab.answers.count()).toBe(2));
});

it('typing is shown while the answer is on its way, and stands still for those who want it so', async () => {
  const visitor = await browsing.visitor(server.url, { reducedMotion: 'reduce' });
  await visitor.opens();
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await visitor.page.route('**/activities', (route) => held.then(() => route.continue()));
  await visitor.says('谢谢');
  const dot = visitor.chat.locator('.typing i').last();
  await dot.waitFor();
  const animation = () => dot.evaluate((element) => getComputedStyle(element).animationName);
  expect(await animation()).toBe('none');
  await visitor.page.emulateMedia({ reducedMotion: 'no-preference' });
  expect(await animation()).toBe('typing');
  await visitor.chat.getByText('发送中…').waitFor();
  await visitor.answerAfter(async () => letGo());
  expect(await dot.count()).toBe(0);
});

function said(visitor: Visitor): Promise<string[]> {
  return visitor.ownMessages.locator('.bubble').allInnerTexts();
}

function withoutWebSocket(): void {
  Object.assign(window, {
    WebSocket: class {
      onclose: ((event: { reason: string }) => void) | undefined;
      constructor() {
        queueMicrotask(() => this.onclose?.({ reason: '' }));
      }
      close() {
        // It has never been open.
      }
    },
  });
}
