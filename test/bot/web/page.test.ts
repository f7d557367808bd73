import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApplication, type TestApplication } from '../../support/application.ts';
import { lowContrasts, sidewaysScroll, smallTargets } from './measures.ts';
import { Browsing, devices, everyDevice, type Visitor } from './visitor.ts';

const browsing = new Browsing();
let server: TestApplication;
beforeAll(async () => {
  server = await startTestApplication();
});
afterAll(() => server.stop());

describe.each(everyDevice)('the sample page on a %s', (device) => {
  it('opens without an error, from our own host only, and loads the chat when it is opened', async () => {
    const visitor = await browsing.visitor(server.url, { device });
    await visitor.button.waitFor();
    expect(await visitor.page.getByRole('heading', { level: 1 }).textContent()).toContain('网站备案');
    expect(visitor.requested.filter((url) => url.includes('/widget') && !url.endsWith('/widget.js'))).toEqual([]);
    await visitor.opens();
    expect(visitor.requested.filter((url) => !url.startsWith(server.url) && !url.startsWith('data:'))).toEqual([]);
  });

  it('has text that stands out from its ground by 4.5 to 1 or more, page and chat', async () => {
    const visitor = await visitorWithAnswer(device);
    expect(await visitor.page.evaluate(lowContrasts)).toEqual([]);
    expect(await visitor.inChat(lowContrasts)).toEqual([]);
    await visitor.context.setOffline(true);
    await visitor.chat.getByText('连接中断').waitFor();
    expect(await visitor.inChat(lowContrasts)).toEqual([]);
  });

  it('needs no scrolling sideways at 320 px, with text at twice its size, and with both', async () => {
    const visitor = await visitorWithAnswer(device);
    const expectRoom = async () => {
      expect(await visitor.page.evaluate(sidewaysScroll)).toEqual([]);
      expect(await visitor.inChat(sidewaysScroll)).toEqual([]);
      expect(await visitor.field.evaluate((field) => field.getBoundingClientRect().bottom <= innerHeight)).toBe(true);
      expect((await visitor.log.boundingBox())?.height).toBeGreaterThan(150);
    };
    await visitor.page.setViewportSize({ width: 320, height: 568 });
    await expectRoom();
    await doubleText(visitor);
    await expectRoom();
    await visitor.page.setViewportSize(devices[device].viewport);
    await expectRoom();
  });
});

it('on a phone, everything to press is at least 40 px high and wide, and the keyboard does not make the page larger', async () => {
  const visitor = await visitorWithAnswer('phone');
  expect(await visitor.inChat(smallTargets)).toEqual([]);
  expect(await visitor.page.evaluate(smallTargets)).toEqual([]);
  // Safari enlarges the page when a field with smaller text gets the focus.
  expect(await visitor.field.evaluate((field) => Number.parseFloat(getComputedStyle(field).fontSize))).toBeGreaterThanOrEqual(16);
});

it('with its side turned, a phone gives the chat the whole screen', async () => {
  const visitor = await browsing.visitor(server.url, { device: 'phone', viewport: { width: 844, height: 390 } });
  await visitor.opens();
  expect(await visitor.page.locator('iframe').boundingBox()).toMatchObject({ width: 844, height: 390 });
});

it('is labelled for those who listen', async () => {
  const visitor = await visitorWithAnswer('desktop');
  expect(await visitor.page.locator('html').getAttribute('lang')).toBe('zh-CN');
  expect(await visitor.button.getAttribute('aria-expanded')).toBe('true');
  expect(await visitor.page.locator('iframe').getAttribute('title')).toBe('备案助手');
  expect(await visitor.log.getAttribute('aria-live')).toBe('polite');
  expect(await visitor.chat.locator('html').getAttribute('lang')).toBe('zh-CN');
  const spoken = await visitor.chat.locator('body').ariaSnapshot();
  for (const part of ['heading "备案助手" [level=1]', 'log "对话"', 'article "我说"', 'article "助手说"', 'textbox "请输入问题"'])
    expect(spoken).toContain(part);
  expect(spoken).toMatch(/button "发送"/);
  expect(spoken).not.toMatch(/button(?: \[|:|\n|$)/m);
});

it('shows where the focus is', async () => {
  const visitor = await visitorWithAnswer('desktop');
  for (const target of [visitor.button, visitor.field, visitor.chat.getByRole('button', { name: '收起' }), visitor.choice('有用')]) {
    await target.focus();
    await visitor.page.keyboard.press('Shift');
    const ring = await target.evaluate((element) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0;
    });
    expect(ring).toBe(true);
  }
});

async function visitorWithAnswer(device: (typeof everyDevice)[number]): Promise<Visitor> {
  const visitor = await browsing.visitor(server.url, { device, troubled: true });
  await visitor.opens();
  await visitor.asks('备案密码忘了怎么办');
  return visitor;
}

/** As if the visitor had set larger text in the browser, by which all our sizes go. */
async function doubleText(visitor: Visitor): Promise<void> {
  const enlarge = () => {
    document.documentElement.style.fontSize = '200%';
  };
  await visitor.page.evaluate(enlarge);
  await visitor.inChat(enlarge);
}
