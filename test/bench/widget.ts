import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { projectRoot } from '../../bot/paths.ts';
import { testSecret } from '../support/application.ts';
import { launchChromium } from '../support/chromium.ts';
import { median } from './quantiles.ts';

/** A page of an agency; `plain`: without any chat. */
export type HostPage = 'plain' | 'widget' | 'web-chat';

/** What a visitor waits for and loads until a question can be asked: the greeting is there, and so is the field to type in. */
export interface Opening {
  ms: number;
  /** As they came over the line, heads included, without the agency's own page. */
  bytes: number;
}

const slowdown = 4; // of the processor: a phone of the middle class beside a desktop
const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, locale: 'zh-CN' };
const settleMs = 800;
const bundles = ['test/web-chat', 'test/peers'].map((folder) =>
  join(projectRoot, folder, 'node_modules/botframework-webchat/dist/webchat.js'),
);

/** Where Microsoft's published bundle is, if it is installed apart. */
export function findWebChat(): string | undefined {
  return bundles.find((file) => existsSync(file));
}

/** An agency's site beside the bot, on the same site for the browser, so that one process draws both and is slowed down with both. */
export class Agency {
  readonly #server: Server;
  readonly #bot: string;
  readonly #webChat: Buffer | undefined;

  private constructor(server: Server, bot: string, webChat: string | undefined) {
    this.#server = server;
    this.#bot = bot;
    this.#webChat = webChat === undefined ? undefined : gzipSync(readFileSync(webChat), { level: 9 });
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void this.#answer(request, response));
  }

  /** `server` listens already, so that the bot could be told of its origin. */
  static at(server: Server, bot: string): Agency {
    return new Agency(server, bot, findWebChat());
  }

  get url(): string {
    return originOf(this.#server);
  }

  async #answer({ url = '' }: IncomingMessage, response: ServerResponse): Promise<void> {
    const [type, body, encoding] = await this.#resource(url.slice(1));
    response.setHeader('content-type', type);
    if (encoding !== undefined) response.setHeader('content-encoding', encoding);
    response.end(body);
  }

  async #resource(name: string): Promise<[type: string, body: string | Buffer, encoding?: string]> {
    if (name === 'webchat.js' && this.#webChat) return ['text/javascript', this.#webChat, 'gzip'];
    if (name !== 'token') return ['text/html; charset=utf-8', pageOf(name as HostPage, this.#bot)];
    const headers = { authorization: `Bearer ${testSecret}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ user: { id: `dl_${Math.random()}` } });
    const generated = await fetch(`${this.#bot}/v3/directline/tokens/generate`, { method: 'POST', headers, body });
    return ['application/json', await generated.text()];
  }
}

/** A server for the agency's site on a free port. */
export async function startSite(): Promise<Server> {
  const server = createServer().listen(0, 'localhost');
  await once(server, 'listening');
  return server;
}

export function originOf(server: Server): string {
  return `http://localhost:${(server.address() as { port: number }).port}`;
}

/** Ours and, where it is installed, Web Chat, taking turns; the medians of so many rounds. */
export async function measureOpenings(agency: Agency, rounds: number): Promise<{ ours: Opening; webChat: Opening | undefined }> {
  const pages: HostPage[] = ['widget', ...(findWebChat() ? (['web-chat'] as const) : [])];
  const openings = new Map<HostPage, Opening[]>(pages.map((page) => [page, []]));
  await eachRound(rounds, pages, async (browser, page) => openings.get(page)?.push(await opening(browser, agency, page)));
  const middle = (page: HostPage) => {
    const own = openings.get(page);
    return own && { ms: median(own.map(({ ms }) => ms)), bytes: median(own.map(({ bytes }) => bytes)) };
  };
  return { ours: middle('widget') as Opening, webChat: middle('web-chat') };
}

/** Milliseconds until the largest content of the agency's page is painted, without and with the widget on it; medians. */
export async function measurePaint(agency: Agency, rounds: number): Promise<{ plain: number; withWidget: number }> {
  const paints = { plain: [] as number[], widget: [] as number[] };
  await eachRound(rounds, ['plain', 'widget'] as const, async (browser, page) => paints[page].push(await paint(browser, agency, page)));
  return { plain: median(paints.plain), withWidget: median(paints.widget) };
}

/** Pages take turns, and so does who begins; the first round warms up and does not count. */
async function eachRound<P extends HostPage>(
  rounds: number,
  pages: readonly P[],
  measure: (browser: Browser, page: P) => Promise<unknown>,
): Promise<void> {
  const browser = await launchChromium();
  try {
    for (const page of pages) await opened(browser, async (warm) => void (await warm.goto('about:blank')), page);
    for (let round = 0; round < rounds; round += 1) {
      for (const page of round % 2 === 0 ? pages : pages.toReversed()) await measure(browser, page);
    }
  } finally {
    await browser.close();
  }
}

/** A visitor who was never here before, on a slow phone. */
async function opened<T>(browser: Browser, use: (page: Page, bytes: () => number) => Promise<T>, host: string): Promise<T> {
  const context = await browser.newContext(phone);
  try {
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
    await devtools.send('Network.enable');
    const own = new Set<string>();
    let bytes = 0;
    devtools.on('Network.requestWillBeSent', ({ requestId, request }) => {
      if (request.url.endsWith(`/${host}`)) own.add(requestId);
    });
    devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      if (!own.has(requestId)) bytes += encodedDataLength;
    });
    return await use(page, () => bytes);
  } finally {
    await context.close();
  }
}

async function opening(browser: Browser, agency: Agency, host: HostPage): Promise<Opening> {
  return opened(
    browser,
    async (page, bytes) => {
      const started = performance.now();
      await page.goto(`${agency.url}/${host}`, { waitUntil: 'commit' });
      const chat = host === 'widget' ? page.frameLocator('iframe') : page;
      await chat.locator('textarea:enabled, input[type=text]:enabled').first().waitFor();
      await chat.getByText('备案').first().waitFor();
      return { ms: performance.now() - started, bytes: bytes() };
    },
    host,
  );
}

async function paint(browser: Browser, agency: Agency, host: HostPage): Promise<number> {
  return opened(
    browser,
    async (page) => {
      await page.goto(`${agency.url}/${host}#closed`, { waitUntil: 'load' });
      await page.waitForTimeout(settleMs);
      return page.evaluate(
        () =>
          new Promise<number>((resolve) => {
            new PerformanceObserver((list) => resolve(list.getEntries().at(-1)?.startTime ?? Number.NaN)).observe({
              type: 'largest-contentful-paint',
              buffered: true,
            });
          }),
      );
    },
    host,
  );
}

/** Much text and a large picture, as agencies' pages have; the visitor opens the chat as soon as there is something to press. */
function pageOf(host: HostPage, bot: string): string {
  const rows = Array.from({ length: 60 }, (_, at) => `<p>第 ${at + 1} 段：我们代办各类网站的手续，资料齐全，进度随时可查。</p>`).join('');
  const shapes = Array.from(
    { length: 200 },
    (_, at) => `<circle cx='${(at * 37) % 390}' cy='${(at * 53) % 260}' r='${5 + (at % 20)}'/>`,
  ).join('');
  const picture = `data:image/svg+xml,${encodeURIComponent(`<svg xmlns='http://www.w3.org/2000/svg' width='390' height='260' fill='teal'>${shapes}</svg>`)}`;
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>代办</title><link rel="icon" href="data:,"><h1>企业服务</h1><img src="${picture}" width="390" height="260" alt="">${rows}${chatOf(host, bot)}</html>`;
}

function chatOf(host: HostPage, bot: string): string {
  switch (host) {
    case 'widget':
      return `<script src="${bot}/widget.js" async></script><script>
if (location.hash !== '#closed') new MutationObserver((_, watch) => {
  const button = document.querySelector('[data-filing-widget]');
  if (button) { watch.disconnect(); button.click(); }
}).observe(document.documentElement, { childList: true, subtree: true });</script>`;
    case 'web-chat':
      return `<div id="chat" style="position:fixed;inset:0;background:#fff"></div><script src="/webchat.js"></script><script>
fetch('/token').then((response) => response.json()).then(({ token }) => WebChat.renderWebChat(
  { directLine: WebChat.createDirectLine({ token, domain: '${bot}/v3/directline' }), locale: 'zh-CN' }, document.getElementById('chat')));</script>`;
    default:
      return '';
  }
}
