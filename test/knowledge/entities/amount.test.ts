import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCount, parseWan } from '../../../knowledge/entities/amount.ts';
import { chineseNumber } from '../../../knowledge/entities/chinese-number.ts';
import { hostileText } from './hostile-text.ts';

const wan = (typed: string) => {
  const result = parseWan(typed);
  return result.ok ? result.value : result.problem;
};
const count = (typed: string) => {
  const result = parseCount(typed);
  return result.ok ? result.value : result.problem;
};

describe('amounts in 万元', () => {
  it.each([
    ['100', 100],
    ['100万', 100],
    ['１００万元', 100],
    ['一百万', 100],
    ['百万', 100],
    ['1000万元', 1000],
    ['1,000万', 1000],
    ['五百万人民币', 500],
    ['伍佰万元整', 500],
    ['注册资本是1千万', 1000],
    ['1000000元', 100],
    ['1,000,000.00元', 100],
    ['1亿', 10000],
    ['1.5亿', 15000],
    ['1亿2000万', 12000],
    ['一千二百五十万', 1250],
    ['50.5万', 50.5],
    ['100w', 100],
    ['1 000 万', 1000],
    ['0', 0],
  ])('%s: %d', (typed, amount) => {
    expect(wan(typed)).toBe(amount);
  });

  it.each([
    ['', {}],
    ['不知道', {}],
    ['1000000', { because: 'unit' }],
    ['100万美元', { because: 'currency' }],
    ['500万港币', { because: 'currency' }],
    ['100-200万', { because: 'several' }],
    ['十百万', {}],
  ])('%s: %j', (typed, facts) => {
    expect(wan(typed)).toEqual({ code: 'amount-format', ...facts });
  });

  it('are read again from what was read', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999 }), (yuan) => {
        const read = wan(`${yuan}元`);
        expect(read).toBe(yuan / 10_000);
        expect(wan(`${read}万元`)).toBe(read);
      }),
    );
    fc.assert(
      fc.property(hostileText('0123456789.,一百千万亿元注册资本'), (text) => {
        const read = wan(text);
        if (typeof read === 'number') expect(Number.isFinite(read) && read >= 0).toBe(true);
        parseCount(text);
      }),
    );
  });
});

describe('counts', () => {
  it.each([
    ['3', 3],
    ['3人', 3],
    ['三名', 3],
    ['有十二个人', 12],
    ['没有', 0],
    ['0', 0],
    ['3-5人', { code: 'count-format' }],
    ['十来个', { code: 'count-format' }],
    ['10多人', { code: 'count-format' }],
    ['1.5', { code: 'count-format' }],
    ['不知道', { code: 'count-format' }],
  ])('%s: %j', (typed, expected) => {
    expect(count(typed)).toEqual(expected);
  });
});

describe('numbers in Chinese', () => {
  it.each([
    ['十', 10],
    ['二十三', 23],
    ['一百零五', 105],
    ['三千零二十', 3020],
    ['一万二千', 12000],
    ['一万亿', 1e12],
    ['二〇二六', 2026],
    ['3百', 300],
    ['十百', undefined],
    ['万', undefined],
    ['一二三a', undefined],
    ['', undefined],
  ])('%s: %s', (text, number) => {
    expect(chineseNumber(text)).toBe(number);
  });
});
