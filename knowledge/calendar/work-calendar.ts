import { type Day, daysFrom, isWeekend, plusDays, yearOf } from './days.ts';
import { estimateHolidays } from './estimated-year.ts';
import { type Notice, publishedYears } from './published-years.ts';

/** What the work calendar of mainland China says of a stretch of days: those after `from`, up to and including `to`. */
export interface Span {
  workdays: number;
  /** Public holidays in order, weekends within them included. */
  holidays: HolidayRun[];
  /** Weekend days that are worked in exchange. */
  makeUpDays: Day[];
  /** The notices that were used. */
  notices: Notice[];
  /** Years whose calendar is not published and was estimated. */
  estimatedYears: number[];
}

export interface HolidayRun {
  name: string;
  first: Day;
  last: Day;
  days: number;
}

const breaks = publishedYears.flatMap((year) => year.breaks);
const publishedHolidays = new Map(breaks.flatMap(({ name, first, last }) => daysFrom(first, last).map((day) => [day, name] as const)));
const makeUpDays = new Set(breaks.flatMap((each) => each.makeUpDays));
const notices = new Map(publishedYears.map(({ year, notice }) => [year, notice]));
const estimates = new Map<number, ReadonlyMap<Day, string>>();

/** Whether offices work on a day. Throws a RangeError outside `calendarYears`, as all functions here. */
export function isWorkday(day: Day): boolean {
  const holiday = holidayOn(day);
  return makeUpDays.has(day) || (!isWeekend(day) && holiday === undefined);
}

/** The public holiday a day belongs to, if any: 国庆节. */
export function holidayOn(day: Day): string | undefined {
  // A notice may reach into the last days of the year before.
  return publishedHolidays.get(day) ?? (notices.has(yearOf(day)) ? undefined : estimateOf(yearOf(day)).get(day));
}

/**
 * The last day of a period of `count` workdays; the day it starts on does not count. With 0 workdays that is the start itself.
 * `estimated` when a year without a published calendar is touched. Throws a RangeError unless `count` is a whole number from 0.
 */
export function addWorkdays(day: Day, count: number): { day: Day; estimated: boolean } {
  if (!Number.isInteger(count) || count < 0) throw new RangeError(`Cannot add ${count} workdays: give a whole number from 0.`);
  let last = day;
  for (let left = count; left > 0; ) {
    last = plusDays(last, 1);
    if (isWorkday(last)) left -= 1;
  }
  return { day: last, estimated: isEstimated(day, last) };
}

/** The workdays after `from` up to and including `to`; none when `to` is not later. Turns `addWorkdays` around. */
export function workdaysBetween(from: Day, to: Day): { workdays: number; estimated: boolean } {
  return { workdays: daysFrom(plusDays(from, 1), to).filter(isWorkday).length, estimated: isEstimated(from, to) };
}

/** What lies between: workdays, holidays, make-up days, and what that rests on. */
export function spanBetween(from: Day, to: Day): Span {
  const days = daysFrom(plusDays(from, 1), to);
  const years = [...new Set(days.map(yearOf))];
  return {
    workdays: days.filter(isWorkday).length,
    holidays: holidayRuns(days),
    makeUpDays: days.filter((day) => makeUpDays.has(day)),
    notices: years.flatMap((year) => notices.get(year) ?? []),
    estimatedYears: years.filter((year) => !notices.has(year)),
  };
}

function isEstimated(from: Day, to: Day): boolean {
  return daysFrom(plusDays(from, 1), to).some((day) => !notices.has(yearOf(day)));
}

function holidayRuns(days: readonly Day[]): HolidayRun[] {
  const runs: HolidayRun[] = [];
  for (const day of days) {
    const name = holidayOn(day);
    if (!name) continue;
    const run = runs.at(-1);
    if (run?.name === name && run.last === plusDays(day, -1)) Object.assign(run, { last: day, days: run.days + 1 });
    else runs.push({ name, first: day, last: day, days: 1 });
  }
  return runs;
}

function estimateOf(year: number): ReadonlyMap<Day, string> {
  const known = estimates.get(year);
  if (known) return known;
  const estimate = estimateHolidays(year);
  estimates.set(year, estimate);
  return estimate;
}
