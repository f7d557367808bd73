import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Day, daysBetween, daysFrom, isWeekend, plusDays } from '../../../knowledge/calendar/days.ts';
import { calendarYears, estimateHolidays } from '../../../knowledge/calendar/estimated-year.ts';
import { publishedYears } from '../../../knowledge/calendar/published-years.ts';
import { addWorkdays, holidayOn, isWorkday, spanBetween, workdaysBetween } from '../../../knowledge/calendar/work-calendar.ts';

const anyDay = fc.integer({ min: 0, max: daysBetween('2024-01-01', '2039-06-30') }).map((count) => plusDays('2024-01-01', count));
const anyCount = fc.integer({ min: 1, max: 90 });
const daysOf = (year: number) => daysFrom(`${year}-01-01`, `${year}-12-31`);

describe('workdays', () => {
  // Counted by hand from the notices; in brackets the workdays reached.
  it.each([
    ['2026-11-02', 20, '2026-11-30', 'no holiday: four weeks'],
    ['2025-09-25', 20, '2025-10-29', '26, Sun 28, 29, 30 (4); 9, 10, Sat 11 (7); 13-17 (12); 20-24 (17); 27-29 (20)'],
    ['2026-09-25', 20, '2026-10-29', '28-30 (3); 8, 9, Sat 10 (6); 12-16 (11); 19-23 (16); 26-29 (20)'],
    ['2026-09-18', 20, '2026-10-22', 'Sun 20 (1); 21-24 (5); 28-30 (8); 8, 9, Sat 10 (11); 12-16 (16); 19-22 (20)'],
    ['2025-01-20', 20, '2025-02-21', '21-24 (4); Sun 26, 27 (6); 5-7, Sat 8 (10); 10-14 (15); 17-21 (20)'],
    ['2026-02-10', 20, '2026-03-16', '11-13, Sat 14 (4); 24-27, Sat 28 (9); 2-6 (14); 9-13 (19); 16 (20)'],
    ['2025-12-31', 5, '2026-01-08', 'Sun 4, 5-8 (5)'],
    ['2026-04-30', 4, '2026-05-09', '6-8, Sat 9 (4)'],
    ['2024-09-30', 5, '2024-10-12', '8-11, Sat 12 (5)'],
    ['2026-10-01', 1, '2026-10-08', 'from within a holiday'],
  ])('from %s, %i of them end on %s', (from, count, last) => {
    expect(addWorkdays(from, count)).toEqual({ day: last, estimated: false });
    expect(workdaysBetween(from, last)).toEqual({ workdays: count, estimated: false });
  });

  it('are three fewer in years with the two days that were added in 2025', () => {
    // 2024 has 262 weekdays, the others 261; 11 holidays, then 13.
    const workdays = (year: number) => daysOf(year).filter(isWorkday).length;
    expect([2024, 2025, 2026, 2027].map(workdays)).toEqual([251, 248, 248, 248]);
  });

  it('end on a workday, and counting back gives the same number', () => {
    fc.assert(
      fc.property(anyDay, anyCount, (from, count) => {
        const { day, estimated } = addWorkdays(from, count);
        expect(isWorkday(day)).toBe(true);
        expect(workdaysBetween(from, day)).toEqual({ workdays: count, estimated });
        expect(workdaysBetween(from, plusDays(day, -1)).workdays).toBe(count - 1);
      }),
    );
  });

  it('from a later day or with a greater count never end earlier', () => {
    fc.assert(
      fc.property(anyDay, anyCount, (from, count) => {
        const { day } = addWorkdays(from, count);
        expect(addWorkdays(plusDays(from, 1), count).day >= day).toBe(true);
        expect(addWorkdays(from, count + 1).day > day).toBe(true);
      }),
    );
  });

  it('can be added one after the other', () => {
    fc.assert(
      fc.property(anyDay, anyCount, anyCount, (from, first, then) => {
        expect(addWorkdays(addWorkdays(from, first).day, then).day).toBe(addWorkdays(from, first + then).day);
      }),
    );
  });

  it('are none between a day and itself or an earlier one', () => {
    expect(addWorkdays('2026-10-03', 0)).toEqual({ day: '2026-10-03', estimated: false });
    expect(workdaysBetween('2026-11-02', '2026-11-02').workdays).toBe(0);
    expect(workdaysBetween('2026-11-02', '2026-10-02').workdays).toBe(0);
  });

  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('cannot be %d', (count) => {
    expect(() => addWorkdays('2026-11-02', count)).toThrow(RangeError);
  });

  it.each(['2026-02-30', '2026-11-2', '昨天', ''])('are not counted from "%s"', (day) => {
    expect(() => addWorkdays(day, 1)).toThrow('is no day of the calendar');
  });

  it('outside the calendar are refused rather than guessed', () => {
    expect(() => isWorkday(`${calendarYears.first - 1}-06-01`)).toThrow('No work calendar');
    expect(() => isWorkday(`${calendarYears.last + 1}-06-02`)).toThrow('No work calendar');
  });
});

describe('a span', () => {
  it('names the holidays and the make-up days in it, and the notices they are from', () => {
    expect(spanBetween('2026-09-12', '2026-10-15')).toEqual({
      workdays: 20,
      holidays: [
        { name: '中秋节', first: '2026-09-25', last: '2026-09-27', days: 3 },
        { name: '国庆节', first: '2026-10-01', last: '2026-10-07', days: 7 },
      ],
      makeUpDays: ['2026-09-20', '2026-10-10'],
      notices: [expect.objectContaining({ number: '国办发明电〔2025〕7号', published: '2025-11-04' })],
      estimatedYears: [],
    });
  });

  it('that begins or ends within a holiday has only the part that lies in it', () => {
    expect(spanBetween('2025-10-03', '2025-10-09').holidays).toEqual([
      { name: '国庆节和中秋节', first: '2025-10-04', last: '2025-10-08', days: 5 },
    ]);
  });

  it('that reaches into a year without a published calendar says so', () => {
    expect(spanBetween('2026-12-28', '2027-01-08')).toMatchObject({
      estimatedYears: [2027],
      notices: [{ number: '国办发明电〔2025〕7号' }],
    });
    expect(addWorkdays('2026-12-28', 3)).toEqual({ day: '2026-12-31', estimated: false });
    expect(addWorkdays('2026-12-28', 4)).toEqual({ day: '2027-01-04', estimated: true });
  });
});

describe('a published year', () => {
  it.each(publishedYears)('$year makes up on weekends, in order, for weekdays that are off', ({ year, notice, breaks }) => {
    const makeUpDays = breaks.flatMap((each) => each.makeUpDays);
    expect(makeUpDays.filter((day) => !isWeekend(day))).toEqual([]);
    const off = breaks.flatMap(({ first, last }) => daysFrom(first, last));
    expect(off).toEqual(off.toSorted());
    expect(makeUpDays.filter((day) => off.includes(day))).toEqual([]);
    // As many weekdays off as the law gives and the make-up days pay for.
    const statutory = year >= 2025 ? 13 : 11;
    expect(off.filter((day) => !isWeekend(day)).length).toBe(statutory + makeUpDays.length);
    expect(notice.title).toContain(`${year}年`);
    expect(notice.published.slice(0, 4)).toBe(String(year - 1));
    expect(notice.number).toContain(`〔${year - 1}〕`);
  });
});

describe('an estimated year', () => {
  it('has the two days that were added in 2025', () => {
    expect([...estimateHolidays(2024).keys()]).not.toContain('2024-05-02');
    expect(estimateHolidays(2025).get('2025-05-02')).toBe('劳动节');
    expect(estimateHolidays(2025).get('2025-01-28')).toBe('春节'); // 除夕
  });

  it('makes good a holiday on a weekend, and one that meets another', () => {
    // 2027: 除夕 on Friday, the New Year on Saturday; 2031: 中秋节 on October 1.
    const spring = daysOf(2027).filter((day) => holidayOn(day) === '春节');
    expect(spring).toEqual(daysFrom('2027-02-05', '2027-02-10'));
    expect(daysFrom('2031-10-01', '2031-10-06').filter(isWorkday)).toEqual([]);
    expect(isWorkday('2031-10-07')).toBe(true);
  });

  it.each([2024, 2025, 2026])('%i would have had as many workdays as were published', (year) => {
    expect(daysOf(year).filter((day) => worksByEstimate(day)).length).toBe(daysOf(year).filter(isWorkday).length);
  });

  it('would have been right to a day for 96 of 100 reviews of 20 workdays, and never off by more than a week', () => {
    const errors = daysFrom('2024-01-01', '2026-11-20').map((from) =>
      Math.abs(daysBetween(addWorkdays(from, 20).day, twentiethByEstimate(from))),
    );
    expect(Math.max(...errors)).toBeLessThanOrEqual(7);
    expect(errors.filter((error) => error <= 1).length / errors.length).toBeGreaterThan(0.96);
  });

  function worksByEstimate(day: Day): boolean {
    return !isWeekend(day) && !estimates.get(day.slice(0, 4))?.has(day);
  }

  function twentiethByEstimate(from: Day): Day {
    return daysFrom(plusDays(from, 1), plusDays(from, 60)).filter(worksByEstimate)[19] ?? '';
  }

  const estimates = new Map([2024, 2025, 2026, 2027].map((year) => [String(year), estimateHolidays(year)]));
});
