import type { Day } from '../calendar/days.ts';
import { chineseNumber } from './chinese-number.ts';
import { visible } from './half-width.ts';
import { ageOn } from './id-number.ts';
import { accepted, type Result, refused } from './result.ts';

/** How long a document is valid, both days included. */
export interface Validity {
  from?: Day;
  to: Day | 'long';
}

/** `expires-soon`: in less than three months, which most provinces refuse. */
export type ReadValidity = Validity & { remark?: 'expires-soon' };

export type ValidityProblem =
  /** `typed`: a day that the calendar does not have. */
  | { code: 'validity-format'; typed?: string }
  /** It ends before it begins; `future`: it begins after today. */
  | { code: 'validity-order'; from: Day; to: Day | 'long'; future?: true }
  | { code: 'document-expired'; on: Day };

/**
 * A document's validity: 2020.1.2-2040.1.2, 2020年1月2日至长期, 20200102-20400102, 有效期到2030年1月2日, 2020年1月2日起20年, 长期. `today` is
 * the day in China. Rules: intake survey of 2026-11, section 2.11.
 */
export function parseValidity(typed: string, today: Day): Result<ReadValidity, ValidityProblem> {
  const plain = plainText(typed);
  const found = daysIn(plain);
  const wrong = found.find(({ day }) => !exists(day));
  if (wrong) return refused({ code: 'validity-format', typed: wrong.day });
  const validity = spanOf(plain, found);
  if (!validity) return refused({ code: 'validity-format' });
  const { from, to } = validity;
  if (from && to !== 'long' && to < from) return refused({ code: 'validity-order', from, to });
  if (from && from > today) return refused({ code: 'validity-order', from, to, future: true });
  // One day long past, said without 到, may as well be the first one.
  if (!from && to !== 'long' && yearsSince(to, today) > 1 && !/[到至期]|截止|过/.test(plain)) return refused({ code: 'validity-format' });
  if (to !== 'long' && to < today) return refused({ code: 'document-expired', on: to });
  return accepted({ ...validity, ...(to !== 'long' && to < monthsAfter(today, 3) && { remark: 'expires-soon' as const }) });
}

function yearsSince(day: Day, today: Day): number {
  return Number(today.slice(0, 4)) - Number(day.slice(0, 4));
}

/** As a case stores it: 2020-01-02/2030-01-02, 2020-01-02/long, /2030-01-02. */
export function validityValue({ from = '', to }: Validity): string {
  return `${from}/${to}`;
}

/**
 * Whether a holder is younger than identity cards without an end are given to: 46 years when it was issued, or today where that day is
 * not known. A hint to look again. Source: 居民身份证法, article 5.
 */
export function longTermTooYoung(birthday: Day, { from, to }: Validity, today: Day): boolean {
  return to === 'long' && ageOn(birthday, from ?? today) < 46;
}

interface FoundDay {
  day: Day;
  start: number;
  end: number;
}

const numeral = '[\\d零〇一二三四五六七八九十]';
const day = new RegExp(
  `(?<!\\d)(?<year>(?:19|20|21)\\d\\d|[二一][〇零九一][〇零一二三四五六七八九]{2})(?:[-./年 ](?<month>${numeral}{1,3})[-./月 ](?<day>${numeral}{1,3})(?!\\d)[日号]?|(?<together>\\d{4})(?=(?:(?:19|20|21)\\d{6})?(?!\\d)))|(?<=(?<!\\d)(?:19|20|21)\\d{6})(?<second>(?:19|20|21)\\d{6})(?!\\d)`,
  'gu',
);
const long = /长期|长久|永久(?!居留)|无固定期限|无限期|无期限|不限期|LONG/i;

function plainText(typed: string): string {
  return visible(typed.slice(0, 1000))
    .normalize('NFKC')
    .replace(/[\p{Pd}−~]/gu, '-')
    .replace(/[長]/g, '长')
    .replace(/\s*([-./年月日号至到])\s*/gu, '$1');
}

function daysIn(plain: string): FoundDay[] {
  return [...plain.matchAll(day)].map(({ groups = {}, index, 0: whole }) => {
    const { year, month, day, together, second } = groups;
    const digits = second ?? (together !== undefined ? `${year}${together}` : undefined);
    const parts = digits ? [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6)] : [year, month, day];
    const [y, m, d] = parts.map((part) => String(/^\d+$/.test(part ?? '') ? Number(part) : (chineseNumber(part ?? '') ?? 0)));
    return { day: `${y?.padStart(4, '0')}-${m?.padStart(2, '0')}-${d?.padStart(2, '0')}`, start: index, end: index + whole.length };
  });
}

function spanOf(plain: string, found: readonly FoundDay[]): Validity | undefined {
  const [first, second] = found;
  const rest = found.reduceRight((text, { start, end }) => `${text.slice(0, start)},${text.slice(end)}`, plain);
  const years = yearsIn(rest);
  // What is left of a day that could not be read, or a number of something else.
  if (found.length > 2 || /\d{3}/.test(rest)) return undefined;
  const isLong = long.test(rest);
  if (!first) return isLong ? { to: 'long' } : undefined;
  if (second) return isLong ? undefined : { from: first.day, to: second.day };
  if (isLong) return { from: first.day, to: 'long' };
  if (years !== undefined) return { from: first.day, to: monthsAfter(first.day, 12 * years) };
  // A day of issue alone does not say how long.
  return /^[起开]|^之?后/.test(plain.slice(first.end)) || /(?:自|从|签发|起始|开始)[^至到]*$/.test(plain.slice(0, first.start))
    ? undefined
    : { to: first.day };
}

/** 20年, 十年: how long identity cards are valid. */
function yearsIn(rest: string): number | undefined {
  const [, count = ''] = /(?<![\d年])(5|10|20|30|五|十|二十|三十)年/.exec(rest) ?? [];
  return count === '' ? undefined : chineseNumber(count);
}

function exists(day: Day): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}

/** The same day of the month so many months later, or the last one of a shorter month. */
function monthsAfter(day: Day, months: number): Day {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10);
}
