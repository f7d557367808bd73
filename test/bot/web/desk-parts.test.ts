import { describe, expect, it, vi } from 'vitest';
import type { Entry } from '../../../bot/desk/desk-api.ts';
import { titleFor } from '../../../bot/web/desk/alerts.ts';
import { plainAnswer } from '../../../bot/web/desk/plain-answer.ts';
import { provinceNames } from '../../../bot/web/desk/provinces.ts';
import { fill, search, unfilled } from '../../../bot/web/desk/replies.ts';
import { notYetIn, type Outgoing, unreadIn, withEntries } from '../../../bot/web/desk/transcript.ts';
import { dayAndClock, duration, oneLine, plain } from '../../../bot/web/desk/words.ts';
import { provinces } from '../../../knowledge/entities/province.ts';

const entry = (position: number, from: Entry['from'] = 'customer', text = `${position}`): Entry => ({
  position,
  at: position * 1000,
  from,
  name: '',
  text,
});
const positions = (entries: readonly Entry[]) => entries.map(({ position }) => position);

describe('a transcript on the page', () => {
  it.each([
    [[1, 2], [3], [1, 2, 3], 'goes on'],
    [[1, 2], [2, 3], [1, 2, 3], 'has each position once'],
    [[5, 6], [1, 2], [1, 2, 5, 6], 'takes what is older'],
    [[], [2, 2, 1], [1, 2], 'is in order'],
  ])('%o and %o are %o: it %s', (known, added, both) => {
    expect(
      positions(
        withEntries(
          known.map((at) => entry(at)),
          added.map((at) => entry(at)),
        ),
      ),
    ).toEqual(both);
  });

  it('stays the same object when nothing is new, so that nothing is drawn again', () => {
    const known = [entry(1), entry(2)];
    expect(withEntries(known, [entry(2)])).toBe(known);
  });

  it.each<[string, Entry[], Partial<Outgoing>[], string[]]>([
    ['not there yet', [entry(5)], [{ text: '好' }], ['好']],
    ['there, before the answer that says so', [entry(5), entry(6, 'agent', '好')], [{ text: '好' }], []],
    ['said by the customer', [entry(5), entry(6, 'customer', '好')], [{ text: '好' }], ['好']],
    ['said before it was written', [entry(4, 'agent', '好'), entry(5)], [{ text: '好' }], ['好']],
    ['twice, and there once', [entry(5), entry(6, 'agent', '好')], [{ text: '好' }, { text: '好' }], ['好']],
    ['known to stand where nothing is yet', [entry(5)], [{ text: '好', position: 6 }], ['好']],
    ['known to stand where it is', [entry(6, 'agent', '好')], [{ text: '好', position: 6 }], []],
  ])('shows below itself what is on its way: %s', (_, entries, outgoing, shown) => {
    const complete = outgoing.map((each, at): Outgoing => ({ id: `${at}`, text: '', after: 5, state: 'sending', ...each }));
    expect(notYetIn(entries, complete).map(({ text }) => text)).toEqual(shown);
  });

  it.each([
    [[entry(1), entry(2)], 0, 2, 'all that nobody has seen'],
    [[entry(1), entry(2)], 1, 1, 'not what was seen'],
    [[entry(1), entry(2, 'agent'), entry(3)], 0, 1, 'not what was answered'],
    [[entry(1, 'bot'), entry(2, 'event')], 0, 0, 'only what customers say'],
  ])('counts as unread in %o, seen to %i: %i, %s', (entries, seen, unread) => {
    expect(unreadIn(entries, seen)).toBe(unread);
  });
});

describe('canned replies', () => {
  const replies = [
    { id: '1', title: '结束语', text: '祝备案顺利' },
    { id: '2', title: '补材料', text: '请补 ICP 材料' },
    { id: '3', title: '备案进度', text: '正在审核' },
  ];
  it.each([
    ['', ['1', '2', '3']],
    ['材料', ['2']],
    ['icp', ['2']],
    ['备案', ['3', '1']],
    ['补 icp', ['2']],
    ['没有的', []],
  ])('are found by "%s": %o', (query, found) => {
    expect(search(replies, query).map(({ id }) => id)).toEqual(found);
  });

  it.each([
    ['{customer}好，我是{agent}', '陈女士好，我是王芳', []],
    ['受理单{case}，{case}', '受理单{case}，{case}', ['受理编号', '受理编号']],
    ['{unknown} {}', '{unknown} {}', []],
  ])('%s becomes %s', (text, filled, missing) => {
    const result = fill(text, { customer: '陈女士', agent: '王芳', case: undefined });
    expect(result).toBe(filled);
    expect(unfilled(result)).toEqual(missing);
  });
});

describe('an answer as agents send it', () => {
  it.each([
    ['**要盖公章。** 合同章不行', '要盖公章。合同章不行'],
    ['请看[工信部](https://beian.miit.gov.cn/)', '请看工信部（https://beian.miit.gov.cn/）'],
    ['1. 先换执照\n2. 再变更', '1. 先换执照\n2. 再变更'],
    ['138****8000', '138****8000'],
  ])('%s', (markdown, text) => {
    expect(plainAnswer(markdown)).toBe(text);
  });
});

describe('words', () => {
  it.each([
    [-5, '0秒'],
    [45_000, '45秒'],
    [200_000, '3分20秒'],
    [11 * 60_000, '11分钟'],
    [125 * 60_000, '2小时5分'],
    [49 * 3_600_000, '2天'],
  ])('%i ms are %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  it('name days as people do', () => {
    vi.stubEnv('TZ', 'Asia/Shanghai');
    const now = Date.parse('2026-01-02T10:00:00+08:00');
    const said = (text: string) => dayAndClock(Date.parse(`${text}+08:00`), now);
    expect(said('2026-01-02T09:05:00')).toBe('09:05');
    expect(said('2026-01-01T23:05:00')).toBe('昨天 23:05');
    expect(said('2025-12-31T08:00:00')).toBe('2025年12月31日 08:00');
    vi.unstubAllEnvs();
  });

  it.each([
    ['发票\u202Egnp.exe', '发票gnp.exe', 'a turned name'],
    ['a\u0000b\u0007c\u009b', 'abc', 'control characters'],
    ['空\u200b白\ufeff', '空白', 'what is not seen'],
    ['👨‍👩‍👧 一家', '👨‍👩‍👧 一家', 'emoji stay whole'],
    ['一\n二\t三', '一\n二\t三', 'lines stay'],
  ])('%j is shown as %j: %s', (text, shown) => {
    expect(plain(text)).toBe(shown);
    expect(oneLine(text)).toBe(shown.replace(/\s+/g, ' '));
  });

  it.each([
    [0, 0, '客服工作台'],
    [2, 1, '(2) 有人等待 · 客服工作台'],
    [0, 3, '(3) 新消息 · 客服工作台'],
  ])('%i waiting and %i unread make the title %s', (waiting, unread, title) => {
    expect(titleFor(waiting, unread)).toBe(title);
  });
});

it('knows the provinces that the knowledge base knows', () => {
  expect(provinceNames).toEqual(provinces.map(({ code, shortName }) => [code, shortName]));
});
