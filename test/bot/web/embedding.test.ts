import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApplication, type TestApplication } from '../../support/application.ts';
import { freePort } from '../../support/server-process.ts';
import { Browsing, eventually, everyDevice, press } from './visitor.ts';

// What frames of other sites may keep is a setting of the whole browser.
const browsing = new Browsing({ whole: true });
let bot: TestApplication;
let agency: HostPage;
let stranger: HostPage;

beforeAll(async () => {
  const port = await freePort();
  // Another site than the bot's, which browsers reach as localhost: its cookies are those of a third party here.
  const agencyOrigin = `http://127.0.0.1:${port}`;
  bot = await startTestApplication({ WIDGET_ORIGINS: agencyOrigin });
  stranger = await hostPage(bot.url, 0);
  agency = await hostPage(bot.url, port, stranger.url);
});
afterAll(async () => {
  agency.server.close();
  stranger.server.close();
  await bot.stop();
});

describe.each(everyDevice)('on an agency’s page, on a %s', (device) => {
  it('works under a policy that permits our script and our frame and no style', async () => {
    const visitor = await browsing.visitor(`${agency.url}/strict`, { device });
    await visitor.opens();
    await visitor.asks('备案密码忘了怎么办');
    const [panel, window] = [await visitor.page.locator('iframe').boundingBox(), visitor.page.viewportSize()];
    if (device === 'phone') expect(panel).toEqual({ x: 0, y: 0, ...window });
    else expect(panel).toMatchObject({ x: 1280 - 20 - 400, width: 400, height: 692 });
    await press(visitor.chat.getByRole('button', { name: '收起' }));
    await visitor.button.waitFor();
    expect(visitor.requested.filter((url) => !url.startsWith(bot.url) && !url.startsWith(agency.url))).toEqual([]);
  });
});

it('says in Chinese what is missing where its origin is not in WIDGET_ORIGINS', async () => {
  const visitor = await browsing.visitor(`${stranger.url}/strict`, { device: 'phone', troubled: true });
  await press(visitor.button);
  const notice = visitor.page.getByRole('alert');
  await notice.waitFor();
  expect(await notice.textContent()).toMatch(/备案助手没能打开[\s\S]*请检查网络，然后重试/);
  expect(await notice.textContent()).toContain(`请把 ${stranger.url} 加入备案助手的 WIDGET_ORIGINS 设置`);
  await press(notice.getByRole('button', { name: '关闭' }));
  await notice.waitFor({ state: 'hidden' });
  await visitor.button.waitFor();
});

it('is not touched by the page’s own rules for buttons and frames', async () => {
  const visitor = await browsing.visitor(`${agency.url}/loud`);
  expect(await visitor.button.boundingBox()).toEqual({ x: 1280 - 20 - 56, y: 800 - 20 - 56, width: 56, height: 56 });
  await visitor.opens();
  expect(await visitor.page.locator('iframe').boundingBox()).toMatchObject({ width: 400 });
});

it('is there once where the page includes the script twice', async () => {
  const visitor = await browsing.visitor(`${agency.url}/twice`);
  await visitor.opens();
  expect(await visitor.button.count()).toBe(1);
});

it('pays no heed to messages that come neither from its panel nor from its page', async () => {
  const visitor = await browsing.visitor(`${agency.url}/beside`);
  const forger = () => visitor.page.frames().find((frame) => frame.url().startsWith(stranger.url));
  await eventually(async () => expect(await forger()?.evaluate(() => document.readyState)).toBe('complete'));
  const label = () => visitor.button.getAttribute('aria-label');
  await visitor.opens();
  await press(visitor.chat.getByRole('button', { name: '收起' }));
  await eventually(async () => expect(await label()).toBe('打开备案助手'));
  // While it is closed: news of messages that there are none of. The page's own scripts may not speak for the panel either.
  expect(await forger()?.evaluate(forge)).toBeGreaterThan(5_000);
  await visitor.page.evaluate(() => window.postMessage({ filingWidget: 'unread', count: 99 }, '*'));
  expect(await label()).toBe('打开备案助手');
  await visitor.opens();
  await visitor.page.evaluate(noteUnread, bot.url);
  // While it is open: that it is to close, and that it is closed. A panel that believed it would count the next answer as unread.
  expect(await forger()?.evaluate(forge)).toBeGreaterThan(5_000);
  await visitor.asks('谢谢');
  expect(await label()).toBe('收起备案助手');
  expect(await visitor.page.evaluate(() => document.documentElement.dataset.unread)).toBeUndefined();
});

it('leaves no names behind on the page', async () => {
  const visitor = await browsing.visitor(`${agency.url}/bare`);
  const before = await visitor.page.evaluate(() => Object.keys(window));
  await visitor.page.goto(`${agency.url}/loud`);
  await visitor.button.waitFor();
  expect(await visitor.page.evaluate((known) => Object.keys(window).filter((name) => !known.includes(name)), before)).toEqual([]);
});

it('begins anew after a reload where the browser gives a frame of another site neither cookies nor storage', async () => {
  const visitor = await browsing.visitor(`${agency.url}/strict`);
  await visitor.opens();
  await visitor.asks('谢谢');
  expect(await visitor.inChat(hasStorage)).toBe(false);
  await visitor.page.reload();
  await visitor.opens();
  expect(await visitor.transcript()).toEqual([expect.stringMatching(/您好，我是/)]);
  await visitor.asks('谢谢');
  expect(await visitor.context.cookies()).toEqual([]);
});

it('stays above the keyboard of a phone', async () => {
  const visitor = await browsing.visitor(`${agency.url}/strict`, { device: 'phone' });
  await visitor.opens();
  await visitor.field.tap();
  // What a phone reports when its keyboard comes up; a browser without a window has none.
  await visitor.page.evaluate(() => {
    Object.defineProperties(visualViewport, { height: { value: 440 }, offsetTop: { value: 60 } });
    visualViewport?.dispatchEvent(new Event('resize'));
  });
  expect(await visitor.page.locator('iframe').boundingBox()).toMatchObject({ y: 60, height: 440 });
  const field = await visitor.field.boundingBox();
  expect((field?.y ?? 0) + (field?.height ?? 0)).toBeLessThanOrEqual(500);
});

it('holds the page still behind a chat that fills the screen, and lets it go again', async () => {
  const visitor = await browsing.visitor(`${agency.url}/loud`, { device: 'phone' });
  const overflow = () => visitor.page.evaluate(() => document.documentElement.style.overflow);
  await visitor.opens();
  expect(await overflow()).toBe('hidden');
  await press(visitor.chat.getByRole('button', { name: '收起' }));
  await eventually(async () => expect(await overflow()).toBe('scroll'));
});

interface HostPage {
  server: Server;
  url: string;
}

/** A little site of somebody else's, whose pages include the widget. `beside`: a third site, of which one page has a frame. */
async function hostPage(botUrl: string, port: number, beside = ''): Promise<HostPage> {
  const script = `<script src="${botUrl}/widget.js" async></script>`;
  const loudRules = 'button, iframe, svg, span { all: unset !important; display: none !important; width: 9px !important }';
  const bodies: Record<string, string> = {
    '/strict': script,
    '/twice': script + script,
    '/loud': `<style>${loudRules}</style><script>document.documentElement.style.overflow = 'scroll'</script>${script}`,
    '/beside': `${script}<iframe src="${beside}/bare"></iframe>`,
    '/bare': '<p>…</p>',
  };
  const policy = `default-src 'none'; script-src ${botUrl}; frame-src ${botUrl}; style-src 'none'; img-src data:; require-trusted-types-for 'script'`;
  const server = createServer(({ url = '' }, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    if (url === '/strict') response.setHeader('Content-Security-Policy', policy);
    const head =
      '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"><title>代办公司</title>';
    response.end(`<!doctype html><html lang="zh-CN"><head>${head}</head><body>${bodies[url]}</body></html>`);
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as { port: number }).port}` };
}

/** Runs in a frame: says to the page, and to all frames of it, everything that is ever said between page and panel, and more. */
function forge(): number {
  const said = ['opened', 'ready', 'unread', 'close', 'closed'].map((filingWidget) => ({ filingWidget, count: 99 }));
  const forged = [undefined, null, 'opened', 5, [], { filingWidget: {} }, ...said];
  const targets = [parent, ...Array.from({ length: parent.frames.length }, (_, at) => parent.frames[at])];
  let count = 0;
  for (let round = 0; round < 200; round += 1)
    for (const target of targets)
      for (const message of forged) {
        target?.postMessage(message, '*');
        count += 1;
      }
  return count;
}

/** Runs in the page: leaves a mark when the panel tells it of messages that were not read. */
function noteUnread(panel: string): void {
  addEventListener('message', ({ origin, data }) => {
    if (origin === panel && data.filingWidget === 'unread' && data.count > 0) document.documentElement.dataset.unread = String(data.count);
  });
}

function hasStorage(): boolean {
  try {
    return sessionStorage.length >= 0;
  } catch {
    return false;
  }
}
