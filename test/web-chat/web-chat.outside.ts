import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { samples } from '../bot/channels/direct-line/samples.ts';
import { testSecret } from '../support/application.ts';
import { launchChromium } from '../support/chromium.ts';
import { freePort, type ServerProcess, startServerProcess } from '../support/server-process.ts';

/**
 * `npm run test:web-chat`: Web Chat as Microsoft publishes it, on a page of another origin, against our Direct Line server. Outside the
 * usual tests, for it brings half a gigabyte of packages.
 */
const bundle = readFileSync(join(import.meta.dirname, 'node_modules/botframework-webchat/dist/webchat.js'));
const patience = { timeout: 20_000 };

const dataDir = mkdtempSync(join(tmpdir(), 'filing-web-chat-'));
let environment: Record<string, string>;
let bot: ServerProcess;
let host: Server;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  host = createServer(async ({ url }, response) => {
    if (url === '/webchat.js') return response.setHeader('content-type', 'text/javascript').end(bundle);
    if (url === '/token') return response.setHeader('content-type', 'application/json').end(JSON.stringify(await newToken()));
    return response.setHeader('content-type', 'text/html').end(pageOf(bot.url));
  }).listen(0, '127.0.0.1');
  await once(host, 'listening');
  const origin = `http://127.0.0.1:${(host.address() as AddressInfo).port}`;
  environment = { DATA_DIR: dataDir, PORT: String(await freePort()), WIDGET_ORIGINS: origin };
  bot = await startServerProcess(environment);
  browser = await launchChromium();
  page = await browser.newPage({ viewport: { width: 420, height: 760 }, locale: 'zh-CN' });
  page.on('pageerror', ({ message }) => complaints.push(message));
  await page.goto(origin);
});
afterAll(async () => {
  await browser.close();
  host.close();
  await bot.kill('SIGTERM');
  rmSync(dataDir, { recursive: true, force: true });
});

/** As the server of an agency's site would get it, which keeps the secret to itself. */
async function newToken(): Promise<unknown> {
  const response = await fetch(`${bot.url}/v3/directline/tokens/generate`, {
    method: 'POST',
    headers: { authorization: `Bearer ${testSecret}`, 'content-type': 'application/json' },
    body: JSON.stringify({ user: { id: 'dl_visitor' } }),
  });
  return response.json();
}

function pageOf(url: string): string {
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><style>html, body, #chat { height: 100%; margin: 0 }</style><div id="chat"></div>
<script src="/webchat.js"></script><script>
fetch('/token').then((response) => response.json()).then(({ token }) => WebChat.renderWebChat(
  { directLine: WebChat.createDirectLine({ token, domain: '${url}/v3/directline' }), locale: 'zh-CN' }, document.getElementById('chat')));
</script></html>`;
}

const box = () => page.getByTestId('webchat-sendbox-input').or(page.locator('[data-id="webchat-sendbox-input"]')).first();
const bubbles = () => page.locator('.webchat__bubble__content');
const said = async (text: string) => (await bubbles().allInnerTexts()).filter((words) => words.trim() === text).length;

async function says(text: string): Promise<void> {
  await box().fill(text);
  await box().press('Enter');
}

const sees = (text: string | RegExp, from = 0) =>
  expect.poll(async () => (await bubbles().allInnerTexts()).slice(from).join('\n'), patience).toMatch(text);

describe('Web Chat, unchanged', () => {
  it('is greeted, and gets an answer with its source and date', async () => {
    await sees(/备案/);
    await says('备案要多久');
    await sees(/20个工作日[\s\S]*依据：[\s\S]*核对日期：\d{4}-/);
  });

  it('shows what can be answered as buttons, which say what they show', async () => {
    const before = await bubbles().count();
    await page.getByRole('button', { name: '有用', exact: true }).last().click(patience);
    await sees(/谢谢/, before);
    expect(await said('有用')).toBe(1);
  });

  it('takes a picture', async () => {
    const before = await bubbles().count();
    await page.locator('input[type="file"]').first().setInputFiles({ name: '营业执照.png', mimeType: 'image/png', buffer: samples.png });
    await page
      .getByRole('button', { name: /发送|Send/ })
      .last()
      .click({ timeout: 3_000 })
      .catch(() => undefined);
    await expect.poll(() => bubbles().count(), patience).toBeGreaterThan(before + 1);
  });

  it('fills in a form by its buttons', async () => {
    const before = await bubbles().count();
    await says('我要首次备案');
    await sees(/网站|App|小程序/, before);
    await page.getByRole('button', { name: /^网站/ }).last().click(patience);
    await expect.poll(() => bubbles().count(), patience).toBeGreaterThan(before + 3);
  });

  it('goes on after the server was gone, with everything there once', async () => {
    await bot.kill('SIGKILL');
    bot = await startServerProcess(environment);
    const before = await bubbles().count();
    await expect
      .poll(
        async () => {
          await says('取消');
          return (await bubbles().allInnerTexts()).slice(before).join('\n');
        },
        { timeout: 60_000, interval: 5_000 },
      )
      .toMatch(/取消|已停/);
    await says('备案收费吗');
    await sees(/不收费/, before);
    expect(await said('备案要多久')).toBe(1);
    expect(await said('备案收费吗')).toBe(1);
  });

  it('has found nothing to complain of', async () => {
    await page.screenshot({ path: join(tmpdir(), 'filing-web-chat.png') });
    expect(complaints).toEqual([]);
  });
});
