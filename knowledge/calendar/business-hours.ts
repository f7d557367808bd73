import { accepted, type Result, refused } from '../entities/result.ts';
import { type Day, isWeekend, plusDays, weekdayOf } from './days.ts';
import { holidayOn, isWorkday } from './work-calendar.ts';

/** A stretch of a day, in minutes since midnight in China: 9:00–12:00 is 540 to 720. */
export interface Period {
  from: number;
  to: number;
}

/**
 * When an agency's people are there: the periods of each weekday (0 is Sunday). Public holidays are closed; a weekend day that is worked in
 * exchange has the hours of the week's first open day.
 */
export interface BusinessHours {
  week: readonly (readonly Period[])[];
}

export type BusinessHoursProblem = { code: 'business-hours-format' | 'business-hours-none'; part: string };

const minuteMs = 60_000;
const dayMinutes = 24 * 60;
const chinaMs = 8 * 3_600_000; // UTC+8, no daylight saving
/** The longest closure looked over: no public holiday comes near it. */
const farthestDays = 60;

/**
 * Reads hours as an operator writes them: `1-5 09:00-12:00,13:30-18:00; 6 10:00-16:00`. Weekdays are 1 (Monday) to 7 (Sunday), alone, from
 * to, or several with commas.
 */
export function parseBusinessHours(text: string): Result<BusinessHours, BusinessHoursProblem> {
  const week: Period[][] = Array.from({ length: 7 }, () => []);
  for (const part of text
    .split(';')
    .map((each) => each.trim())
    .filter((each) => each !== '')) {
    const [days = '', hours = ''] = part.split(/\s+(?=\d{1,2}:)/, 2);
    const weekdays = readWeekdays(days);
    const periods = readPeriods(hours);
    if (!weekdays || !periods) return refused({ code: 'business-hours-format', part });
    for (const weekday of weekdays) week[weekday] = [...(week[weekday] ?? []), ...periods].sort((a, b) => a.from - b.from);
  }
  if (week.every((periods) => periods.length === 0)) return refused({ code: 'business-hours-none', part: text });
  const clashing = week.find((periods) => periods.some(({ from }, at) => at > 0 && from < (periods[at - 1]?.to ?? 0)));
  return clashing ? refused({ code: 'business-hours-format', part: text }) : accepted({ week });
}

function readWeekdays(text: string): number[] | undefined {
  const weekdays: number[] = [];
  for (const part of text.split(',')) {
    const [, first, last] = /^([1-7])(?:-([1-7]))?$/.exec(part.trim()) ?? [];
    if (first === undefined || Number(last ?? first) < Number(first)) return undefined;
    for (let day = Number(first); day <= Number(last ?? first); day += 1) weekdays.push(day % 7);
  }
  return weekdays;
}

function readPeriods(text: string): Period[] | undefined {
  const periods: Period[] = [];
  for (const part of text.split(',')) {
    const [, from, to] = /^(\d{1,2}:\d{2})-(\d{1,2}:\d{2})$/.exec(part.trim()) ?? [];
    const period = { from: minutesOf(from), to: minutesOf(to) };
    if (!(period.from < period.to && period.to <= dayMinutes)) return undefined;
    periods.push(period);
  }
  return periods;
}

function minutesOf(time = ''): number {
  const [hours, minutes] = time.split(':').map(Number);
  return hours === undefined || minutes === undefined || minutes > 59 ? Number.NaN : hours * 60 + minutes;
}

/** Whether they are there at a moment, in milliseconds since 1970. */
export function isOpenAt(hours: BusinessHours, moment: number): boolean {
  const { day, minute } = inChina(moment);
  return periodsOn(hours, day).some(({ from, to }) => from <= minute && minute < to);
}

/** When they are there again: the moment itself when they are; undefined when that is not within two months. */
export function nextOpening(hours: BusinessHours, moment: number): number | undefined {
  if (isOpenAt(hours, moment)) return moment;
  const { day, minute } = inChina(moment);
  for (let ahead = 0; ahead <= farthestDays; ahead += 1) {
    const next = plusDays(day, ahead);
    const period = periodsOn(hours, next).find(({ from }) => ahead > 0 || from > minute);
    if (period) return momentOf(next, period.from);
  }
  return undefined;
}

/** How much of the time between two moments they were there, in milliseconds. */
export function openTimeBetween(hours: BusinessHours, from: number, to: number): number {
  let open = 0;
  for (let day = inChina(from).day; momentOf(day, 0) < to; day = plusDays(day, 1)) {
    for (const period of periodsOn(hours, day)) {
      open += Math.max(0, Math.min(to, momentOf(day, period.to)) - Math.max(from, momentOf(day, period.from)));
    }
  }
  return open;
}

function periodsOn({ week }: BusinessHours, day: Day): readonly Period[] {
  // Agencies that work on Saturdays too are closed on those of a public holiday.
  if (holidayOn(day) !== undefined) return [];
  const usual = week[weekdayOf(day)] ?? [];
  const worksInExchange = isWeekend(day) && isWorkday(day) && usual.length === 0;
  return worksInExchange ? (week.slice(1).find((periods) => periods.length > 0) ?? []) : usual;
}

/** A moment, in milliseconds since 1970, as the day and the minute of the day that it is in China. */
export function inChina(moment: number): { day: Day; minute: number } {
  const there = moment + chinaMs;
  return { day: new Date(there).toISOString().slice(0, 10), minute: Math.floor(there / minuteMs) % dayMinutes };
}

function momentOf(day: Day, minute: number): number {
  return Date.parse(`${day}T00:00:00Z`) - chinaMs + minute * minuteMs;
}
