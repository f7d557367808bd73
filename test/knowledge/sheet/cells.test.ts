import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Source } from '../../../knowledge/faq-entry.ts';
import * as cells from '../../../knowledge/sheet/cells.ts';

/** Texts full of what could be mistaken for something else. */
const tricky = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({
    unit: fc.constantFrom('|', '｜', '\\', 'n', 'r', '\n', '、', ',', '，', ';', "'", '=', '-', '+', '@', '＝', ' ', '1', '备'),
  }),
);
const kept = tricky.map((text) => text.trim().replace(/\r\n?/g, '\n')).filter((text) => text !== '');
/** Items of lists may even have carriage returns: those are escaped. */
const item = tricky.map((text) => text.trim()).filter((text) => text !== '');
const source: fc.Arbitrary<Source> = fc
  .record({
    title: item,
    issuer: item,
    published: fc.constantFrom('2019', '2026-11', '2026-11-23'),
    url: fc.option(item),
    ref: fc.option(item),
  })
  .map(({ url, ref, ...rest }) => ({ ...rest, ...(url !== null && { url }), ...(ref !== null && { ref }) }));

describe('a cell', () => {
  it('is guarded against spreadsheets and read back the same', () => {
    fc.assert(
      fc.property(tricky, (text) => {
        expect(cells.unguard(cells.guard(text))).toBe(text);
      }),
    );
  });

  it.each([
    '=1+1',
    '+86',
    '-明天',
    '@所有人',
    '＝SUM(A1)',
    '＋1',
    '－1',
    '＠我',
    '\t=1',
    '0571',
    '3-5',
    '1/2',
    '12.50',
    '1e5',
    'TRUE',
    'mar-5',
    '5 May',
    '100%',
    "'=1",
  ])('with %o is written so that a spreadsheet leaves it alone', (text) => {
    expect(cells.guard(text)).toBe(`'${text}`);
  });

  it.each(['备案', 'change-fee', "'引号'", '3天能办好吗', 'marketing', 'a=b', ''])('with %o needs no guard', (text) => {
    expect(cells.guard(text)).toBe(text);
  });

  it.each<[string, cells.Codec<unknown>, fc.Arbitrary<unknown>]>([
    ['text', cells.text as cells.Codec<unknown>, kept],
    ['a list', cells.lines as cells.Codec<unknown>, fc.array(item)],
    ['words', cells.words as cells.Codec<unknown>, fc.array(item)],
    ['sources', cells.sources as cells.Codec<unknown>, fc.array(source)],
  ])('keeps %s', (_what, codec, values) => {
    fc.assert(
      fc.property(values, (value) => {
        expect(codec.read(codec.write(value))).toEqual({ value });
      }),
    );
  });

  it.each([
    ['2026-11-23', '2026-11-23'],
    ['2026/11/23', '2026-11-23'],
    ['2026/1/5', '2026-01-05'],
    ['2026/1/5 0:00', '2026-01-05'],
    ['2026年1月5日', '2026-01-05'],
    ['２０２６－０１－０５', '2026-01-05'],
    ['2026.1.5', '2026-01-05'],
    [' 2026-11-23 ', '2026-11-23'],
  ])('with the day %o means %s', (typed, value) => {
    expect(cells.day.read(typed)).toEqual({ value });
  });

  it.each(['11/23/2026', '2026-11', '45985', '昨天', '2026-11-23x'])('with %o is no day, and says what to write', (typed) => {
    expect(cells.day.read(typed)).toEqual({ problem: `“${typed}”不是日期：请写成 2026-11-23。` });
  });

  it.each([
    ['《办法》 | 工信部 | 2005/3/20', { title: '《办法》', issuer: '工信部', published: '2005-03-20' }],
    ['《办法》｜工信部｜2005年3月', { title: '《办法》', issuer: '工信部', published: '2005-03' }],
    ['办法|工信部|2005|https://a.cn/x', { title: '办法', issuer: '工信部', published: '2005', url: 'https://a.cn/x' }],
    ['办法 | 工信部 | 2005 |  | 第三条', { title: '办法', issuer: '工信部', published: '2005', ref: '第三条' }],
    ['甲\\|乙 | 工信部 | 2005 | |', { title: '甲|乙', issuer: '工信部', published: '2005' }],
  ])('with the source %o is read', (typed, value) => {
    expect(cells.sources.read(typed)).toEqual({ value: [value] });
  });

  it('names each source that cannot be read', () => {
    expect(cells.sources.read('办法 | 工信部\n办法 | 工信部 | 去年')).toEqual({
      problem: expect.stringMatching(/^第 1 个来源“办法 \| 工信部”不完整：.*第 2 个来源的发布日期“去年”不对：请写成 2026/),
    });
  });

  it.each([
    ['change-fee、review-time，ｄｏｍａｉｎ', ['change-fee', 'review-time', 'domain']],
    ['change-fee; review-time\n\ndomain', ['change-fee', 'review-time', 'domain']],
    ['', []],
  ])('with the ids %o lists %o', (typed, value) => {
    expect(cells.ids.read(typed)).toEqual({ value });
  });

  it('takes words one per line or with commas between', () => {
    expect(cells.words.read('备案费，收费、费用;价格\n多少钱')).toEqual({ value: ['备案费', '收费', '费用', '价格', '多少钱'] });
  });

  it.each([
    ['高', { value: 'high' }],
    ['medium', { value: 'medium' }],
    ['', { problem: '是空的：请写 高、中或低。' }],
    ['很高', { problem: '“很高”不能用：请写 高、中或低。' }],
  ])('with %o for the confidence', (typed, reading) => {
    expect(cells.oneOf({ high: '高', medium: '中', low: '低' }).read(typed)).toEqual(reading);
  });

  it.each([
    ['３', { value: 3 }],
    ['3.0', { value: 3 }],
    ['', { value: undefined }],
    ['第三', { problem: '“第三”不是位置：请写 1 到 9 的数字，不上首页就空着。' }],
  ])('with %o for the place in the greeting', (typed, reading) => {
    expect(cells.optionalNumber.read(typed)).toEqual(reading);
  });
});
