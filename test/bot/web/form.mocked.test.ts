import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { FilingData } from '../../../bot/activity.ts';
import type { Conversations } from '../../../bot/conversations/conversations.ts';
import { startTestApplication, type TestApplication } from '../../support/application.ts';
import { lowContrasts, sidewaysScroll, smallTargets } from './measures.ts';
import { Browsing, type Device, eventually, everyDevice, press, type Visitor } from './visitor.ts';

const started = vi.hoisted(() => ({ conversations: undefined as Conversations | undefined }));

/** Keeps hold of the conversations of the server under test, so that the bot can say what its form would say. */
vi.mock('../../../bot/conversations/conversations.ts', async (original) => {
  const module = await original<typeof import('../../../bot/conversations/conversations.ts')>();
  return {
    ...module,
    Conversations: class extends module.Conversations {
      constructor(...given: ConstructorParameters<typeof module.Conversations>) {
        super(...given);
        started.conversations = this;
      }
    },
  };
});

const browsing = new Browsing();
let server: TestApplication;
beforeAll(async () => {
  server = await startTestApplication();
});
afterAll(() => server.stop());

interface Said {
  text: string;
  filing: FilingData;
  choices?: string[];
}

const lines = [
  { field: 'filerName', label: '主办单位名称', value: '杭州晴川网络科技有限公司', change: '改主办单位名称' },
  { field: 'creditCode', label: '统一社会信用代码', value: '9133**********1234', change: '改统一社会信用代码' },
  { field: 'mobile', label: '手机号', value: '138****5678', change: '改手机号' },
  { field: 'email', label: '邮箱', value: 'a.very.long.address.without.any.break@mail.example.com', change: '改邮箱' },
];
const grouped = [
  { field: 'leader.name', label: '负责人姓名', value: '张**', change: '改负责人姓名', group: '负责人' },
  { field: 'leader.id', label: '负责人证件号', value: '110***********002X', change: '改负责人证件号', group: '负责人', short: '证件号' },
  { field: 'email', label: '邮箱', value: 'a.very.long.address.without.any.break@mail.example.com', change: '改邮箱' },
];
const summaryText = [
  '**请核对首次备案的内容**',
  lines.map(({ label, value }) => `- ${label}：${value}`).join('\n'),
  '**请留意：** 域名要先实名。',
];
const summaryAt = (summaryText[0] ?? '').length + 2;

const said = {
  ask: { text: '**请问主办单位全称是什么？**', filing: { kind: 'ask', field: 'filerName', progress: { done: 3, total: 18 } } },
  several: {
    text: '**会不会提供下面这些内容或服务？**',
    filing: { kind: 'ask', field: 'preApproval', several: { alone: ['以上都不涉及'], most: 3 } },
    choices: ['新闻', '出版', '药品、医疗器械', '视听', '以上都不涉及'],
  },
  refuse: { text: '手机号应该是11位，您发的只有10位。', filing: { kind: 'refuse', field: 'mobile', problem: 'mobile-length' } },
  summary: {
    text: summaryText.join('\n\n'),
    filing: { kind: 'summary', summary: lines, summaryAt, summaryEnd: summaryAt + (summaryText[1] ?? '').length },
    choices: ['确认提交', '稍后再填'],
  },
  grouped: {
    text: '**请核对**\n\n- …',
    filing: { kind: 'summary', summary: grouped, summaryAt: 9, summaryEnd: 12 },
    choices: ['确认提交'],
  },
  consent: {
    text: '为了办理备案，需要收集您的姓名和手机号，结束后保存三年。',
    filing: { kind: 'consent' },
    choices: ['同意，继续填写', '不同意，请人工联系我'],
  },
  opened: {
    text: '**已提交。**请准备材料（[打印清单](/checklist?type=initial)）。',
    filing: { kind: 'opened', caseNumber: 'BA-20261127-4829153' },
    choices: ['查进度'],
  },
} satisfies Record<string, Said>;

async function visitorWithPanel(device: Device = 'desktop'): Promise<Visitor> {
  const visitor = await browsing.visitor(server.url, { device });
  await visitor.opens();
  return visitor;
}

/** What the bot says by itself, in the visitor's conversation. */
async function botSays(visitor: Visitor, { text, filing, choices = [] }: Said) {
  const { session } = await visitor.inChat(
    () => JSON.parse(sessionStorage.getItem('filing-widget') ?? '{}') as { session: { conversationId: string } },
  );
  const list = choices.map((label, at) => `${at + 1}. ${label}`).join('\n');
  return visitor.answerAfter(async () => {
    await started.conversations?.append(session.conversationId, {
      type: 'message',
      timestamp: new Date().toISOString(),
      from: { id: 'bot', role: 'bot' },
      text: list ? `${text}\n\n${list}` : text,
      ...(list && { suggestedActions: { actions: choices.map((label) => ({ type: 'imBack', title: label, value: label })) } }),
      channelData: { filing: { ...filing, ...(list && { choicesAt: text.length }) } },
    });
  });
}

describe.each(everyDevice)('a form on a %s', (device) => {
  it('shows a question with how far the form is, and the field asks for an answer', async () => {
    const visitor = await visitorWithPanel(device);
    expect(await visitor.field.getAttribute('placeholder')).toBe('请输入问题');
    const question = await botSays(visitor, said.ask);
    expect(await question.getByText('已填3项，共18项').isVisible()).toBe(true);
    expect(await visitor.field.getAttribute('placeholder')).toBe('请输入回答');
    expect(await visitor.field.getAttribute('aria-label')).toBe('请输入回答');
    await botSays(visitor, said.opened);
    expect(await visitor.field.getAttribute('placeholder')).toBe('请输入问题');
  });

  it('lets several options be picked, and sends them together', async () => {
    const visitor = await visitorWithPanel(device);
    const question = await botSays(visitor, said.several);
    const option = (name: string) => question.getByRole('button', { name, exact: true });
    const done = question.getByRole('button', { name: /^选好了/ });
    const pressed = () => question.locator('[aria-pressed="true"]').allInnerTexts();
    expect(await done.isDisabled()).toBe(true);
    for (const name of ['以上都不涉及', '视听', '新闻', '药品、医疗器械']) await press(option(name));
    expect(await pressed()).toEqual(['新闻', '药品、医疗器械', '视听']);
    expect(await option('出版').isDisabled()).toBe(true); // three at most
    await press(option('视听'));
    expect(await visitor.inChat(lowContrasts)).toEqual([]);
    expect(await visitor.inChat(sidewaysScroll)).toEqual([]);
    if (device === 'phone') expect(await visitor.inChat(smallTargets)).toEqual([]);
    expect(await visitor.ownMessages.count()).toBe(0);
    await visitor.answerAfter(() => press(done));
    expect(await visitor.ownMessages.allInnerTexts()).toEqual(['新闻、药品、医疗器械']);
    await eventually(async () => expect(await done.count()).toBe(0));
  });

  it('what goes with no other takes the place of the others', async () => {
    const visitor = await visitorWithPanel(device);
    const question = await botSays(visitor, said.several);
    for (const name of ['新闻', '视听', '以上都不涉及']) await press(question.getByRole('button', { name, exact: true }));
    await visitor.answerAfter(() => press(question.getByRole('button', { name: '选好了', exact: true })));
    expect(await visitor.ownMessages.allInnerTexts()).toEqual(['以上都不涉及']);
  });

  it('says in words, too, that a value was not accepted', async () => {
    const visitor = await visitorWithPanel(device);
    const refusal = await botSays(visitor, said.refuse);
    expect(await refusal.locator('.bubble').textContent()).toMatch(/^请再看一下手机号应该是11位/);
    expect(await visitor.field.getAttribute('placeholder')).toBe('请输入回答');
  });

  it('shows a summary as a list, once, with a button that changes each line', async () => {
    const visitor = await visitorWithPanel(device);
    const summary = await botSays(visitor, said.summary);
    expect(await summary.locator('dt').allInnerTexts()).toEqual(lines.map(({ label }) => label));
    const text = ((await summary.locator('.bubble').textContent()) ?? '').replace(/\s+/g, '');
    for (const { value } of lines) expect(text.split(value)).toHaveLength(2);
    expect(text).toMatch(/^请核对首次备案的内容主办单位名称.*请留意：域名要先实名。$/);
    await visitor.answerAfter(() => press(summary.getByRole('button', { name: '改手机号', exact: true })));
    expect(await visitor.ownMessages.last().textContent()).toBe('改手机号');
  });

  it('shows what belongs together in one line, and each of it can be changed', async () => {
    const visitor = await visitorWithPanel(device);
    const summary = await botSays(visitor, said.grouped);
    expect(await summary.locator('dt').allInnerTexts()).toEqual(['负责人', '邮箱']);
    expect(await summary.locator('.items button').allInnerTexts()).toEqual(['张**', '证件号 110***********002X']);
    expect(await visitor.inChat(lowContrasts)).toEqual([]);
    expect(await visitor.inChat(sidewaysScroll)).toEqual([]);
    if (device === 'phone') expect(await visitor.inChat(smallTargets)).toEqual([]);
    await visitor.answerAfter(() => press(summary.getByRole('button', { name: '改负责人证件号' })));
    expect(await visitor.ownMessages.last().textContent()).toBe('改负责人证件号');
    await botSays(visitor, said.opened);
    await eventually(async () =>
      expect(await summary.locator('.items span').allInnerTexts()).toEqual(['张**', '证件号 110***********002X']),
    );
  });

  it('asks for consent with two buttons of the same weight', async () => {
    const visitor = await visitorWithPanel(device);
    const consent = await botSays(visitor, said.consent);
    const [yes, no] = await Promise.all(said.consent.choices.map((name) => consent.getByRole('button', { name }).boundingBox()));
    expect([yes?.width, yes?.height]).toEqual([no?.width, no?.height]);
    expect(yes?.height).toBeGreaterThanOrEqual(48);
    await visitor.answerAfter(() => press(consent.getByRole('button', { name: said.consent.choices[0] as string })));
    expect(await visitor.ownMessages.last().textContent()).toBe(said.consent.choices[0]);
  });

  it('shows the case number, which can be copied, and opens the checklist in a tab of its own', async () => {
    const visitor = await visitorWithPanel(device);
    await visitor.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const opened = await botSays(visitor, said.opened);
    expect(await opened.locator('.case-number strong').textContent()).toBe('BA-20261127-4829153');
    await press(opened.getByRole('button', { name: '复制受理编号' }));
    await opened.getByRole('button', { name: '已复制' }).waitFor();
    expect(await visitor.page.evaluate(() => navigator.clipboard.readText())).toBe('BA-20261127-4829153');
    const link = opened.getByRole('link', { name: '打印清单' });
    expect([await link.getAttribute('href'), await link.getAttribute('target'), await link.getAttribute('rel')]).toEqual([
      '/checklist?type=initial',
      '_blank',
      'noopener noreferrer',
    ]);
  });

  it('is readable, large enough to press, and within the width', async () => {
    const visitor = await visitorWithPanel(device);
    const long = '变更备案里的网站负责人（原负责人已经离职，而且原来的手机号也用不了了，需要先找回）';
    for (const each of [said.ask, said.refuse, said.consent, said.opened]) await botSays(visitor, each);
    await botSays(visitor, { ...said.ask, choices: ['单位', '个人', '政府机关', '事业单位', '社会团体'] });
    await botSays(visitor, { ...said.ask, choices: [long, 'x'.repeat(80), '短'] });
    await botSays(visitor, said.summary);
    const expectGood = async () => {
      expect(await visitor.inChat(lowContrasts)).toEqual([]);
      expect(await visitor.inChat(sidewaysScroll)).toEqual([]);
      if (device === 'phone') expect(await visitor.inChat(smallTargets)).toEqual([]);
    };
    await expectGood();
    await visitor.page.setViewportSize({ width: 320, height: 568 });
    await expectGood();
    await visitor.inChat(() => {
      document.documentElement.style.fontSize = '200%';
    });
    await expectGood();
  });
});

describe('the lines of a summary', () => {
  it('can be changed after a question in between, but not after the form has gone on', async () => {
    const visitor = await visitorWithPanel();
    const summary = await botSays(visitor, said.summary);
    const change = summary.getByRole('button', { name: '改邮箱' });
    await visitor.asks('备案要多久');
    expect(await change.count()).toBe(1);
    const next = await botSays(visitor, said.summary);
    await eventually(async () => expect(await change.count()).toBe(0));
    expect(await next.getByRole('button', { name: '改邮箱' }).count()).toBe(1);
    await botSays(visitor, said.opened);
    await eventually(async () => expect(await next.getByRole('button', { name: '改邮箱' }).count()).toBe(0));
  });
});

describe('without the clipboard, which pages keep from their frames', () => {
  it('the case number is copied all the same', async () => {
    const visitor = await browsing.visitor(server.url, {
      before: () => Object.defineProperty(navigator, 'clipboard', { value: undefined }),
    });
    await visitor.opens();
    const opened = await botSays(visitor, said.opened);
    await press(opened.getByRole('button', { name: '复制受理编号' }));
    await opened.getByRole('button', { name: '已复制' }).waitFor();
    await visitor.field.focus();
    await visitor.page.keyboard.press('Control+V');
    expect(await visitor.field.inputValue()).toBe('BA-20261127-4829153');
  });
});

it('a certificate number in a message of the visitor gives way to what the server kept of it', async () => {
  const visitor = await browsing.visitor(server.url);
  const number = '11010519491231002X';
  await visitor.opens();
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await visitor.page.route('**/activities', (route) => held.then(() => route.continue()));
  await visitor.says(number);
  expect(await visitor.ownMessages.last().locator('.bubble').textContent()).toBe(number);
  letGo();
  await eventually(async () => expect(await visitor.ownMessages.allInnerTexts()).toEqual(['110***********002X']));
  expect(await visitor.inChat((body) => body.innerHTML + JSON.stringify(Object.entries(sessionStorage)))).not.toContain(number);
  await visitor.page.unrouteAll({ behavior: 'wait' });
});
