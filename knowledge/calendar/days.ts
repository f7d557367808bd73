/** A calendar day as ISO text, `2026-11-02`. Days are compared as text. */
export type Day = string;

const dayLength = 86_400_000;

/** The day `count` days later, or earlier when negative. Throws a RangeError for a day that does not exist. */
export function plusDays(day: Day, count: number): Day {
  return new Date(startOf(day) + count * dayLength).toISOString().slice(0, 10);
}

/** Days from one day to another; negative when `to` is the earlier one. */
export function daysBetween(from: Day, to: Day): number {
  return (startOf(to) - startOf(from)) / dayLength;
}

/** Every day from `first` to `last`, both included; none when `last` is earlier. */
export function daysFrom(first: Day, last: Day): Day[] {
  return Array.from({ length: Math.max(0, daysBetween(first, last) + 1) }, (_, index) => plusDays(first, index));
}

/** 0 is Sunday, 6 is Saturday. */
export function weekdayOf(day: Day): number {
  return new Date(startOf(day)).getUTCDay();
}

export function isWeekend(day: Day): boolean {
  return weekdayOf(day) % 6 === 0;
}

export function yearOf(day: Day): number {
  return Number(day.slice(0, 4));
}

function startOf(day: Day): number {
  const moment = Date.parse(`${day}T00:00:00Z`);
  // Some engines read February 30 as March 2.
  if (Number.isNaN(moment) || new Date(moment).toISOString().slice(0, 10) !== day) {
    throw new RangeError(`"${day}" is no day of the calendar: write it as 2026-11-02.`);
  }
  return moment;
}
