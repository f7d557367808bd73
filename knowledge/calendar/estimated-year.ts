import { type Day, daysFrom, isWeekend, plusDays } from './days.ts';

/**
 * The holidays that follow the moon and the sun: the first day of 春节, then 清明节, 端午节, 中秋节. A table, because the Chinese
 * calendar of ICU (Node's `Intl`) puts the New Year of 2027 and of 2030 on a wrong day: the new moon is minutes from midnight.
 */
const movingHolidays: Readonly<Record<number, readonly [string, string, string, string]>> = {
  2023: ['01-22', '04-05', '06-22', '09-29'],
  2024: ['02-10', '04-04', '06-10', '09-17'],
  2025: ['01-29', '04-04', '05-31', '10-06'],
  2026: ['02-17', '04-05', '06-19', '09-25'],
  2027: ['02-06', '04-05', '06-09', '09-15'],
  2028: ['01-26', '04-04', '05-28', '10-03'],
  2029: ['02-13', '04-04', '06-16', '09-22'],
  2030: ['02-03', '04-05', '06-05', '09-12'],
  2031: ['01-23', '04-05', '06-24', '10-01'],
  2032: ['02-11', '04-04', '06-12', '09-19'],
  2033: ['01-31', '04-04', '06-01', '09-08'],
  2034: ['02-19', '04-05', '06-20', '09-27'],
  2035: ['02-08', '04-05', '06-10', '09-16'],
  2036: ['01-28', '04-04', '05-30', '10-04'],
  2037: ['02-15', '04-04', '06-18', '09-24'],
  2038: ['02-04', '04-05', '06-07', '09-13'],
  2039: ['01-24', '04-05', '05-27', '10-02'],
  2040: ['02-12', '04-04', '06-14', '09-20'],
};

const years = Object.keys(movingHolidays).map(Number);

/** The years that have a work calendar, published or estimated. */
export const calendarYears = { first: Math.min(...years), last: Math.max(...years) } as const;

/**
 * The days off of a year whose calendar is not published: the statutory holidays, and for each on a weekend the next workday
 * (《全国年节及纪念日放假办法》 articles 2 and 6). The weekends that a notice trades for longer breaks cannot be known; they
 * are worked elsewhere, so that the number of workdays in a year is right and a period across a break is off by a few days.
 * Throws a RangeError for years that the table lacks.
 */
export function estimateHolidays(year: number): ReadonlyMap<Day, string> {
  const statutory = statutoryHolidays(year).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const off = new Map(statutory);
  const taken = new Set<Day>();
  for (const [day, name] of statutory) {
    // 中秋节 may fall on a day of 国庆节: that day too is made good.
    if (!isWeekend(day) && !taken.has(day)) {
      taken.add(day);
      continue;
    }
    // A weekend in between belongs to the break, as in the notices; a break keeps one name.
    for (const next of daysFrom(day, nextFreeWorkday(day, off))) off.set(next, off.get(next) ?? off.get(plusDays(next, -1)) ?? name);
  }
  return off;
}

function nextFreeWorkday(day: Day, off: ReadonlyMap<Day, string>): Day {
  const next = plusDays(day, 1);
  return isWeekend(next) || off.has(next) ? nextFreeWorkday(next, off) : next;
}

function statutoryHolidays(year: number): [Day, string][] {
  const moving = movingHolidays[year];
  if (!moving) throw new RangeError(`No work calendar for ${year}: add its holidays to the table of moving holidays.`);
  const [newYear, qingming, dragonBoat, midAutumn] = moving.map((day) => `${year}-${day}`) as [Day, Day, Day, Day];
  // 除夕 and May 2 are holidays since 2025-01-01 (State Council Decree 795 of 2024-11-10).
  const added = year >= 2025;
  const spring = daysFrom(added ? plusDays(newYear, -1) : newYear, plusDays(newYear, 2));
  const labour = daysFrom(`${year}-05-01`, added ? `${year}-05-02` : `${year}-05-01`);
  const national = daysFrom(`${year}-10-01`, `${year}-10-03`);
  const named = (days: Day[], name: string) => days.map((day): [Day, string] => [day, name]);
  return [
    ...named([`${year}-01-01`], '元旦'),
    ...named(spring, '春节'),
    ...named([qingming], '清明节'),
    ...named(labour, '劳动节'),
    ...named([dragonBoat], '端午节'),
    ...named([midAutumn], '中秋节'),
    ...named(national, '国庆节'),
  ];
}
