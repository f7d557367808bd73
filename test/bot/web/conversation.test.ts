import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApplication, type TestApplication } from '../../support/application.ts';
import { ambiguousQuestion, Browsing, eventually, everyDevice, press, type Visitor } from './visitor.ts';

const browsing = new Browsing();
let server: TestApplication;
beforeAll(async () => {
  server = await startTestApplication({ AGENCY_NAME: '晴川备案' });
});
afterAll(() => server.stop());

const question = '备案密码忘了怎么办';

async function visitorWithPanel(device: (typeof everyDevice)[number] = 'desktop'): Promise<Visitor> {
  const visitor = await browsing.visitor(server.url, { device });
  await visitor.opens();
  return visitor;
}

describe.each(everyDevice)('a conversation on a %s', (device) => {
  it('begins with a greeting and the most asked questions, and answers the one that is pressed', async () => {
    const visitor = await visitorWithPanel(device);
    await expect(visitor.transcript()).resolves.toEqual([expect.stringMatching(/^助手说：您好，我是晴川备案的备案助手/)]);
    expect(await visitor.chat.getByText('大家常问的有：').isVisible()).toBe(true);
    expect(await visitor.choice(/？$/).count()).toBeGreaterThan(2);
    const choice = visitor.choice(/？$/).first();
    const label = (await choice.textContent()) ?? '';
    const answer = await visitor.answerAfter(() => press(choice));
    expect(await visitor.transcript()).toContain(`我说：${label}`);
    expect(await answer.locator('.provenance').count()).toBe(1);
  });

  it('answers with a bold conclusion, steps, sources and the date of the review', async () => {
    const visitor = await visitorWithPanel(device);
    const answer = await visitor.asks(question);
    expect(await answer.locator('strong').first().isVisible()).toBe(true);
    expect(await answer.locator('ol > li').count()).toBeGreaterThan(1);
    expect(await answer.locator('.provenance').textContent()).toMatch(/依据：.+（.+）[\s\S]*核对日期：\d{4}-\d{2}-\d{2}/);
    expect(await answer.textContent()).not.toMatch(/\*\*|\]\(|\p{Script=Han}[。，]? +\p{Script=Han}/u);
    // It is long: what is read first stays in sight.
    await eventually(async () => {
      const [log, conclusion] = [await visitor.log.boundingBox(), await answer.locator('strong').first().boundingBox()];
      const depth = (conclusion?.y ?? 0) - (log?.y ?? 0);
      expect(depth).toBeGreaterThan(0);
      expect(depth).toBeLessThan(log?.height ?? 0);
    });
  });

  it('asks back when a question is ambiguous, and answers what is picked', async () => {
    const visitor = await visitorWithPanel(device);
    const suggestions = await visitor.asks(await ambiguousQuestion(server.url));
    expect(await suggestions.textContent()).toMatch(/不太确定[\s\S]*您想问的是不是：/);
    const picked = await visitor.answerAfter(() => press(suggestions.getByRole('button').last()));
    expect(await picked.locator('.provenance').count()).toBe(1);
    expect(await suggestions.getByRole('button').count()).toBe(0);
  });

  it('takes 有用 or 没用 once for each answer', async () => {
    const visitor = await visitorWithPanel(device);
    for (const [label, reply] of [
      ['有用', /谢谢您的反馈/],
      ['没用', /抱歉没帮上忙/],
    ] as const) {
      const answer = await visitor.asks(question);
      await visitor.answerAfter(() => press(answer.getByRole('button', { name: label, exact: true })));
      expect(await visitor.chat.getByRole('button', { name: /^(有用|没用)$/ }).count()).toBe(0);
      expect((await visitor.transcript()).slice(-2)).toEqual([`我说：${label}`, expect.stringMatching(reply)]);
    }
  });

  it('is the same after the page was loaded again', async () => {
    const visitor = await visitorWithPanel(device);
    await visitor.asks(question);
    const before = await visitor.transcript();
    await visitor.page.reload();
    await visitor.opens();
    await eventually(async () => expect(await visitor.transcript()).toEqual(before));
    expect(before.filter((line) => line.includes('您好，我是'))).toHaveLength(1);
    await visitor.asks('谢谢');
    expect((await visitor.transcript()).slice(0, before.length)).toEqual(before);
  });

  it('is closed by the button in its head, and the focus returns to where it was opened', async () => {
    const visitor = await visitorWithPanel(device);
    await press(visitor.chat.getByRole('button', { name: '收起' }));
    await eventually(async () => expect(await visitor.log.isVisible()).toBe(false));
    expect(await visitor.button.getAttribute('aria-expanded')).toBe('false');
    expect(await visitor.button.evaluate((button) => button === document.activeElement)).toBe(true);
  });
});

describe('the keyboard', () => {
  it.each([
    ['in the chat', (visitor: Visitor) => visitor.field.press('Escape')],
    ['on the page', (visitor: Visitor) => visitor.button.press('Escape')],
  ])('Escape %s closes, and the focus returns to the button', async (_, leave) => {
    const visitor = await visitorWithPanel();
    await leave(visitor);
    await eventually(async () => expect(await visitor.log.isVisible()).toBe(false));
    expect(await visitor.button.evaluate((button) => button === document.activeElement)).toBe(true);
  });

  it('is ready to type when the panel opens', async () => {
    const visitor = await visitorWithPanel();
    await eventually(async () => expect(await focused(visitor)).toBe('TEXTAREA'));
  });

  it('stays away on a phone until the visitor touches the field', async () => {
    const visitor = await visitorWithPanel('phone');
    await visitor.answerAfter(() => press(visitor.choice(/？$/).first()));
    expect(await focused(visitor)).not.toBe('TEXTAREA');
  });

  it('reaches and presses the choices, and is back in the field afterwards', async () => {
    const visitor = await visitorWithPanel();
    await eventually(async () => expect(await focused(visitor)).toBe('TEXTAREA'));
    await visitor.page.keyboard.press('Shift+Tab');
    const choice = visitor.choice(/^帮我办理备案$/);
    expect(await choice.evaluate((button) => button === document.activeElement && button.matches(':focus-visible'))).toBe(true);
    await visitor.answerAfter(() => visitor.page.keyboard.press('Enter'));
    expect(await focused(visitor)).toBe('TEXTAREA');
  });

  it('Enter sends, Shift+Enter begins a new line', async () => {
    const visitor = await visitorWithPanel();
    await visitor.field.pressSequentially('第一行');
    await visitor.field.press('Shift+Enter');
    await visitor.field.pressSequentially('第二行');
    expect(await visitor.field.inputValue()).toBe('第一行\n第二行');
    await visitor.answerAfter(() => visitor.field.press('Enter'));
    expect(await visitor.ownMessages.allInnerTexts()).toEqual(['第一行\n第二行']);
    expect(await visitor.field.inputValue()).toBe('');
  });

  it('Enter while Chinese is being composed chooses the characters and sends nothing', async () => {
    const visitor = await visitorWithPanel();
    await visitor.field.focus();
    const input = await visitor.context.newCDPSession(visitor.page);
    await input.send('Input.imeSetComposition', { text: 'beian', selectionStart: 5, selectionEnd: 5 });
    await visitor.page.keyboard.press('Enter');
    await input.send('Input.insertText', { text: '备案要多久' });
    expect(await visitor.ownMessages.count()).toBe(0);
    expect(await visitor.field.inputValue()).toContain('备案要多久');
  });

  it('Enter that ends a composition in Safari, which comes after the end, sends nothing', async () => {
    const visitor = await visitorWithPanel();
    await visitor.field.fill('备案要多久');
    await visitor.field.dispatchEvent('keydown', { key: 'Enter', keyCode: 229 });
    expect(await visitor.ownMessages.count()).toBe(0);
    await visitor.answerAfter(() => visitor.field.press('Enter'));
    expect(await visitor.ownMessages.allInnerTexts()).toEqual(['备案要多久']);
  });
});

describe('whatever a visitor types', () => {
  const run = 'window.top.hacked = window.hacked = true';
  const typed = [
    `<img src=x onerror="${run}">`,
    `<script>${run}</script>`,
    `<iframe srcdoc="<script>parent.${run}</script>"></iframe>`,
    `<svg onload="${run}"><a href="javascript:${run}">x</a></svg>`,
    `[点这里](javascript:${run})`,
    `[点这里](data:text/html,<script>${run}</script>)`,
    '**粗** _斜_ `码`\n1. 一\n2. 二',
    '&lt;b&gt; &amp; &#x3c;',
    '👨‍👩‍👧‍👦 🇨🇳 👍🏽 é 𠮷',
    'مرحبا كيف أسجل موقعي؟',
    '网站\u202Egnp.exe\u202C备案',
    `https://example.com/${'a'.repeat(600)}`,
    Array.from({ length: 300 }, (_, at) => String(at + 1)).join('\n'),
    '备'.repeat(2000),
  ];

  it('is shown as it was typed, runs nothing and stays within the width', async () => {
    const visitor = await visitorWithPanel('phone');
    for (const text of typed) await visitor.asks(text);
    const shown = await visitor.ownMessages.locator('.bubble').evaluateAll((bubbles) => bubbles.map(({ textContent }) => textContent));
    expect(shown).toEqual(typed);
    expect(await visitor.log.locator('img, script, iframe, a[href^="javascript"], a[href^="data"]').count()).toBe(0);
    expect(await visitor.page.evaluate(() => 'hacked' in window)).toBe(false);
    expect(await visitor.inChat(() => 'hacked' in window)).toBe(false);
    expect(await visitor.log.evaluate((log) => log.scrollWidth - log.clientWidth)).toBe(0);
  });

  it('control characters are left out', async () => {
    const visitor = await visitorWithPanel();
    await visitor.asks('备案\u0000要\u0007多\u001B[31m久');
    await eventually(async () => expect(await visitor.ownMessages.locator('.bubble').textContent()).toBe('备案要多[31m久'));
  });

  it('too long a text is kept in the field, with a word about it', async () => {
    const visitor = await visitorWithPanel();
    await visitor.says('备'.repeat(2001));
    expect(await visitor.chat.getByText('多了1个字').isVisible()).toBe(true);
    expect(await visitor.chat.getByRole('button', { name: '发送' }).isDisabled()).toBe(true);
    expect(await visitor.field.inputValue()).toHaveLength(2001);
    expect(await visitor.ownMessages.count()).toBe(0);
  });
});

describe('two tabs of one visitor', () => {
  it('show the same conversation as it goes on', async () => {
    const first = await visitorWithPanel();
    const second = await browsing.secondTab(first);
    await second.opens();
    await second.asks(question);
    await first.asks('谢谢');
    const transcript = await first.transcript();
    expect(transcript).toHaveLength(5);
    await eventually(async () => expect(await second.transcript()).toEqual(transcript));
    await eventually(async () => expect(await first.transcript()).toEqual(transcript));
  });

  it('a closed panel counts what has not been read, from none each time', async () => {
    const first = await visitorWithPanel();
    const second = await browsing.secondTab(first);
    await second.opens();
    for (const said of [question, '谢谢']) {
      await first.page.bringToFront();
      await first.field.press('Escape');
      await first.log.waitFor({ state: 'hidden' });
      await second.asks(said);
      await first.page.getByRole('button', { name: '打开备案助手，1条新消息' }).waitFor();
      await first.opens();
      expect(await first.button.getAttribute('aria-label')).toBe('收起备案助手');
      expect(await first.answers.last().isVisible()).toBe(true);
    }
  });

  it('whoever reads further up is not taken away, but told that there is something new', async () => {
    const first = await visitorWithPanel('phone');
    for (const said of [question, '备案要多久']) await first.asks(said);
    await first.log.evaluate((log) => log.scrollTo({ top: 0 }));
    const second = await browsing.secondTab(first);
    await second.opens();
    await second.asks('域名冲突怎么办');
    const newer = first.chat.getByRole('button', { name: '有新消息' });
    await first.page.bringToFront();
    await newer.waitFor();
    expect(await first.log.evaluate((log) => log.scrollTop)).toBe(0);
    await newer.tap();
    await newer.waitFor({ state: 'detached' });
    expect(await first.log.evaluate((log) => log.scrollHeight - log.clientHeight - log.scrollTop)).toBeLessThan(2);
  });
});

function focused(visitor: Visitor): Promise<string | undefined> {
  return visitor.inChat(() => document.activeElement?.tagName);
}
