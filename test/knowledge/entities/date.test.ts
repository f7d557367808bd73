import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findDates } from '../../../knowledge/entities/date.ts';

/** A Tuesday. */
const today = '2026-11-24';
const found = (text: string) => findDates(text, today).map(({ day, assumed }) => [day, ...assumed].join(' '));

describe('days in a message', () => {
  it.each([
    ['2026年11月2日提交的', ['2026-11-02']],
    ['二〇二六年十一月二日', ['2026-11-02']],
    ['2026-11-02', ['2026-11-02']],
    ['2026/1/3', ['2026-01-03']],
    ['2026.11.2', ['2026-11-02']],
    ['26年1月5日', ['2026-01-05 century']],
    ['11月2日', ['2026-11-02 year']],
    ['十一月二号', ['2026-11-02 year']],
    ['十二月二十五', ['2026-12-25 year']],
    ['1月5日', ['2027-01-05 year']],
    ['11/2', ['2026-11-02 year order']],
    ['11-02', ['2026-11-02 year order']],
    ['去年12月31日', ['2025-12-31']],
    ['明年1月1号', ['2027-01-01']],
    ['本月15号', ['2026-11-15']],
    ['这个月15号', ['2026-11-15']],
    ['上个月31号', ['2026-10-31']],
    ['下个月1号', ['2026-12-01']],
    ['今天', ['2026-11-24']],
    ['昨天提交，前天改的', ['2026-11-23', '2026-11-22']],
    ['大前天、大后天', ['2026-11-21', '2026-11-27']],
    ['明日', ['2026-11-25']],
    ['3天前', ['2026-11-21']],
    ['三天后', ['2026-11-27']],
    ['20天之前', ['2026-11-04']],
    ['一周前', ['2026-11-17 day']],
    ['两个月前', ['2026-09-24 day']],
    ['半个月前', ['2026-11-09 day']],
    ['上周五', ['2026-11-20']],
    ['上上周日', ['2026-11-15']],
    ['本周一', ['2026-11-23']],
    ['下星期三', ['2026-12-02']],
    ['周五', ['2026-11-27 week']],
    ['周末', ['2026-11-28 week day']],
    ['11月2日到11月20日', ['2026-11-02 year', '2026-11-20 year']],
    // None.
    ['2月30日', []],
    ['明年2月29日', []],
    ['3-5个工作日', []],
    ['1-2天', []],
    ['京ICP备12345678号-1', []],
    ['24/7', []],
    ['每周五', []],
    ['1个工作日', []],
    ['3月前', []],
    ['15号', []],
    ['11月', []],
    ['2024年', []],
    ['今天气不错', []],
    ['零十十天前', []],
    ['', []],
  ])('%s: %j', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it('without a year lean to where they are expected', () => {
    const dayOf = (lean: 'past' | 'future') => findDates('1月5日', today, { lean })[0]?.day;
    expect([dayOf('past'), dayOf('future')]).toEqual(['2026-01-05', '2027-01-05']);
  });

  it('count over the ends of months and years', () => {
    expect(findDates('一个月前', '2026-03-31', {})[0]?.day).toBe('2026-02-28');
    expect(findDates('昨天', '2027-01-01')[0]?.day).toBe('2026-12-31');
    expect(findDates('上个月1号', '2027-01-15')[0]?.day).toBe('2026-12-01');
  });

  it('are read back from any date written out', () => {
    const day = fc
      .date({ min: new Date('1990-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10));
    fc.assert(
      fc.property(day, day, (written, now) => {
        const [year, month, date] = written.split('-').map(Number);
        expect(findDates(`在${year}年${month}月${date}日。`, now)).toMatchObject([{ day: written, assumed: [] }]);
        expect(findDates(written, now)).toMatchObject([{ day: written, assumed: [] }]);
      }),
    );
  });

  it('exist and lie in the text, whatever it says', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789一二十零年月日号天前后周上下个/-.'), maxLength: 40 }), (text) => {
        for (const { day, start, end, matched } of findDates(text, today)) {
          expect(new Date(`${day}T00:00:00Z`).toISOString()).toContain(day);
          expect(text.slice(start, end)).toBe(matched);
        }
      }),
    );
  });
});
