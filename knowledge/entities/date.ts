/** A day that a message names; `start` and `end` are offsets into the text. */
export interface FoundDate {
  /** 2026-11-02, in the calendar of China. */
  day: string;
  matched: string;
  start: number;
  end: number;
  /** What was not said and taken to be so; nothing when the date is complete. */
  assumed: readonly DateAssumption[];
}

/** `century`: 26年; `year`: 11月2日; `week`: 周五 as that of this week; `day`: 一个月前, 半个月前 to the day; `order`: 11/2 as month and day. */
export type DateAssumption = 'century' | 'year' | 'week' | 'day' | 'order';

export interface DateOptions {
  /** Where a day without its year is sought: around today (default), not after it, or not before it. */
  lean?: 'nearest' | 'past' | 'future';
}

/**
 * The days that a message names, from left to right: 2026年11月2日, 11月2号, 11/2, 11-02, 昨天, 上周五, 3天前, 本月15号.
 * `today` is the calendar day in China, as 2026-11-24. Days that do not exist (2月30日) are left out, and so are spans and
 * counts (3-5个工作日, 1/2) and days of the month alone (15号), which are as often house numbers.
 */
export function findDates(text: string, today: string, { lean = 'nearest' }: DateOptions = {}): FoundDate[] {
  const calendar: Calendar = { today: dayNumber(today), lean };
  const found: FoundDate[] = [];
  // Readers go from the most to the least complete form: what one has taken, no later one reads again.
  for (const { pattern, read } of readers) {
    for (const match of text.matchAll(pattern)) {
      const start = match.index;
      const end = start + match[0].length;
      if (found.some((date) => date.start < end && start < date.end)) continue;
      const result = read(match.groups ?? {}, calendar);
      if (result?.day !== undefined && Number.isInteger(result.day))
        found.push({ day: isoDay(result.day), matched: match[0], start, end, assumed: result.assumed });
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

/** Days since 1970; all arithmetic is on whole days, so no time zone comes in. */
interface Calendar {
  today: number;
  lean: 'nearest' | 'past' | 'future';
}

interface Read {
  day: number | undefined;
  assumed: readonly DateAssumption[];
}

type Groups = Record<string, string | undefined>;

const numeral = '[\\d零〇一二两三四五六七八九十]';
const month = `(?<month>${numeral}{1,3})`;
const day = `(?<day>${numeral}{1,3})`;

const readers: readonly { pattern: RegExp; read(groups: Groups, calendar: Calendar): Read | undefined }[] = [
  {
    pattern: new RegExp(`(?<!\\d)(?<year>(?:19|20)\\d{2}|\\d{2}|[零〇一二三四五六七八九]{4})年${month}月${day}[日号]?`, 'gu'),
    read: readFull,
  },
  { pattern: /(?<![\d.-])(?<year>(?:19|20)\d\d)[-/.](?<month>\d{1,2})[-/.](?<day>\d{1,2})(?![\d.-])/g, read: readFull },
  { pattern: new RegExp(`(?<which>大?前年|去年|今年|本年|明年|后年)的?${month}月${day}[日号]?`, 'gu'), read: readNamedYear },
  { pattern: new RegExp(`(?<which>上上个?|上个?|本|这个?|当|下下个?|下个?)月的?${day}[日号]`, 'gu'), read: readNamedMonth },
  { pattern: new RegExp(`(?<!${numeral}|年)${month}月${day}[日号]?(?!${numeral}|个)`, 'gu'), read: readMonthDay },
  // Without 月 only what looks like a date: not 1-2天, 24/7, 备12345678号-1, or one half.
  {
    pattern: /(?<![\d/.A-Za-z号-])(?<month>0?[1-9]|1[0-2])\/(?<day>0?[1-9]|[12]\d|3[01])(?![\d/.%-]|个|天|年|月|周|折|人|的概率)/g,
    read: readSlashed,
  },
  {
    pattern: /(?<![\d/.A-Za-z号-])(?<month>0[1-9]|1[0-2])-(?<day>0[1-9]|[12]\d|3[01])(?![\d/.%-]|个|天|年|月|周|折|元|人|小时|分)/g,
    read: readSlashed,
  },
  { pattern: /(?<word>大前|前|昨|今|明|后|大后)[天日儿](?!气)/g, read: readNearDay },
  {
    pattern: new RegExp(`(?<!第|每)(?<count>${numeral}{1,3}|半)(?<unit>个?(?:周|星期|礼拜)|个?月|天|日)(?:以|之)?(?<side>前|后)`, 'gu'),
    read: readDistance,
  },
  {
    pattern: /(?<!每)(?<which>上上个?|上个?|本|这个?|下下个?|下个?)?(?:周|星期|礼拜)(?<weekday>[一二三四五六日天末1-6])(?![\d年月个])/g,
    read: readWeekday,
  },
];

function readFull({ year = '', month, day }: Groups): Read {
  const digits = year.replace(/[零〇一二三四五六七八九]/g, (each) => String(count(each)));
  return digits.length === 2
    ? { day: dayOf(2000 + Number(digits), count(month), count(day)), assumed: ['century'] }
    : { day: dayOf(Number(digits), count(month), count(day)), assumed: [] };
}

const yearSteps: Record<string, number> = { 大前年: -3, 前年: -2, 去年: -1, 今年: 0, 本年: 0, 明年: 1, 后年: 2 };

function readNamedYear({ which = '', month, day }: Groups, { today }: Calendar): Read {
  return { day: dayOf(dateOf(today).year + (yearSteps[which] ?? 0), count(month), count(day)), assumed: [] };
}

function readNamedMonth({ which = '', day }: Groups, { today }: Calendar): Read {
  const { year, month } = dateOf(today);
  const from = monthAfter(year, month, step(which));
  return { day: dayOf(from.year, from.month, count(day)), assumed: [] };
}

function readMonthDay({ month, day }: Groups, calendar: Calendar): Read {
  return { day: inSomeYear(count(month), count(day), calendar), assumed: ['year'] };
}

function readSlashed({ month, day }: Groups, calendar: Calendar): Read {
  return { day: inSomeYear(Number(month), Number(day), calendar), assumed: ['year', 'order'] };
}

const daySteps: Record<string, number> = { 大前: -3, 前: -2, 昨: -1, 今: 0, 明: 1, 后: 2, 大后: 3 };

function readNearDay({ word = '' }: Groups, { today }: Calendar): Read {
  return { day: today + (daySteps[word] ?? 0), assumed: [] };
}

function readDistance({ count: typed = '', unit = '', side }: Groups, { today }: Calendar): Read | undefined {
  const sign = side === '前' ? -1 : 1;
  // 3日前 is as often "before the 3rd".
  if (unit === '日') return undefined;
  if (typed === '半') return unit.endsWith('月') ? { day: today + sign * 15, assumed: ['day'] } : undefined;
  if (unit === '天') return { day: today + sign * count(typed), assumed: [] };
  if (!unit.endsWith('月')) return { day: today + sign * 7 * count(typed), assumed: ['day'] };
  // 3月前 is "before March"; only 3个月前 counts months.
  if (!unit.startsWith('个')) return undefined;
  const { year, month, day } = dateOf(today);
  const from = monthAfter(year, month, sign * count(typed));
  return { day: dayOf(from.year, from.month, Math.min(day, lengthOf(from.year, from.month))), assumed: ['day'] };
}

function readWeekday({ which, weekday = '' }: Groups, { today }: Calendar): Read {
  const wanted = '日天末'.includes(weekday) ? (weekday === '末' ? 6 : 7) : count(weekday);
  // 1970-01-01 was a Thursday; weeks begin on Monday.
  const monday = today - ((today + 3) % 7);
  const assumed: DateAssumption[] = [...(which ? [] : (['week'] as const)), ...(weekday === '末' ? (['day'] as const) : [])];
  return { day: monday + wanted - 1 + 7 * step(which ?? ''), assumed };
}

function step(which: string): number {
  if (which.startsWith('上上')) return -2;
  if (which.startsWith('上')) return -1;
  if (which.startsWith('下下')) return 2;
  return which.startsWith('下') ? 1 : 0;
}

function inSomeYear(month: number, day: number, { today, lean }: Calendar): number | undefined {
  const { year } = dateOf(today);
  const candidates = [year - 1, year, year + 1]
    .map((each) => dayOf(each, month, day))
    .filter((each) => each !== undefined)
    .filter((each) => (lean === 'past' ? each <= today : lean === 'future' ? each >= today : true));
  return candidates.sort((a, b) => Math.abs(a - today) - Math.abs(b - today))[0];
}

const digitOf: Record<string, number> = { 零: 0, 〇: 0, 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9 };

/** 12, 十二, 二十三; NaN for what is no number below a hundred, so that no day comes of it. */
function count(typed = ''): number {
  if (/^\d+$/.test(typed)) return Number(typed);
  if (!typed.includes('十')) return digitOf[typed] ?? Number.NaN;
  const [tens = '', ones = '', ...more] = typed.split('十');
  if (more.length > 0) return Number.NaN;
  return 10 * (digitOf[tens || '一'] ?? Number.NaN) + (digitOf[ones || '零'] ?? Number.NaN);
}

function monthAfter(year: number, month: number, months: number): { year: number; month: number } {
  const at = year * 12 + month - 1 + months;
  return { year: Math.floor(at / 12), month: (at % 12) + 1 };
}

function lengthOf(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** Undefined when the calendar has no such day. */
function dayOf(year: number, month: number, day: number): number | undefined {
  if (!(year >= 1900 && year < 2200 && month >= 1 && month <= 12 && day >= 1 && day <= lengthOf(year, month))) return undefined;
  return Date.UTC(year, month - 1, day) / 86_400_000;
}

function dayNumber(iso: string): number {
  return Date.parse(`${iso}T00:00:00Z`) / 86_400_000;
}

function isoDay(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

function dateOf(day: number): { year: number; month: number; day: number } {
  const [year = 0, month = 0, date = 0] = isoDay(day).split('-').map(Number);
  return { year, month, day: date };
}
