import { type Day, daysBetween, plusDays, yearOf } from '../calendar/days.ts';
import { calendarYears } from '../calendar/estimated-year.ts';
import { type FilingPeriod, filingPeriods } from '../calendar/filing-periods.ts';
import { addWorkdays } from '../calendar/work-calendar.ts';
import { findDates } from '../entities/date.ts';
import type { CaseState, FilingType } from './filing-case.ts';
import type { Values } from './form.ts';
import { agencyPeriod } from './next-steps.ts';

/**
 * What ends with a deadline: the agency's own check; the provider's review; the SMS that the leader answers; the administration's decision;
 * what was returned has to come back; public-security filing after the number; the domain name's registration.
 */
export type CaseDeadlineCode =
  | 'agency-check'
  | 'provider-review'
  | 'sms-verification'
  | 'administration-review'
  | 'resubmission'
  | 'public-security'
  | 'domain-expiry';

export interface CaseDeadline {
  code: CaseDeadlineCode;
  /** The last day, in China. */
  day: Day;
  /** The work calendar of a year that is not published yet was estimated. */
  calendarEstimated: boolean;
}

/** What a deadline can be told from. A form that is not a case yet has values only. */
export interface Dated {
  filingType?: FilingType | undefined;
  state: CaseState;
  values: Values;
  /** The day in China on which it came into this state, and what was said then. */
  since: Day;
  note?: string | undefined;
}

/** A domain name is renewed in time when it is spoken of a quarter ahead; years before it is no news. */
const domainNoticeDays = 90;

/** The nearest deadline, also one that has passed; undefined where none is known, and for days beyond the work calendar. It never throws. */
export function caseDeadline(dated: Dated, today: Day): CaseDeadline | undefined {
  const known = [ofState(dated, today), ofDomain(dated, today)].filter((each) => each !== undefined);
  return known.sort((a, b) => a.day.localeCompare(b.day))[0];
}

function ofState({ filingType, state, since, note }: Dated, today: Day): CaseDeadline | undefined {
  switch (state) {
    case 'ready':
      return counted('agency-check', agencyPeriod, since);
    case 'submitted':
    case 'provider-review':
      return counted('provider-review', filingPeriods['provider-precheck'], since);
    case 'sms-pending':
      return counted('sms-verification', filingPeriods['sms-verification'], since);
    case 'administration-review':
      return counted('administration-review', decisionPeriod(filingType), since);
    case 'returned':
      return namedIn(note, since);
    case 'approved':
      return publicSecurity(filingType, since, today);
    default:
      return undefined;
  }
}

function decisionPeriod(filingType: FilingType | undefined): FilingPeriod {
  return filingPeriods[filingType === 'license' ? 'license-time' : 'review-time'];
}

/** No regulation says by when what was returned has to come back: the notice does, or nobody. */
function namedIn(note: string | undefined, since: Day): CaseDeadline | undefined {
  const days = findDates(note ?? '', since).map(({ day }) => day);
  const [day] = days.filter((each) => each > since).sort();
  return day === undefined ? undefined : { code: 'resubmission', day, calendarEstimated: false };
}

/**
 * From the day of the number: the earlier of the two readings, since nobody knows here when the service opened. Once it has passed it is
 * not known either whether it was done.
 */
function publicSecurity(filingType: FilingType | undefined, since: Day, today: Day): CaseDeadline | undefined {
  if (filingType !== 'initial' && filingType !== 'add-service') return undefined;
  const deadline = counted('public-security', filingPeriods['ps-deadline'], since);
  return deadline && deadline.day >= today ? deadline : undefined;
}

function ofDomain({ state, values: { domainExpiry: day } }: Dated, today: Day): CaseDeadline | undefined {
  const isOver = state === 'cancelled' || state === 'erased';
  if (isOver || day === undefined || daysBetween(today, day) > domainNoticeDays) return undefined;
  return { code: 'domain-expiry', day, calendarEstimated: false };
}

function counted(code: CaseDeadlineCode, { unit, most }: Pick<FilingPeriod, 'unit' | 'most'>, since: Day): CaseDeadline | undefined {
  if (yearOf(since) < calendarYears.first || yearOf(since) >= calendarYears.last) return undefined;
  if (unit === 'days') return { code, day: plusDays(since, most), calendarEstimated: false };
  const { day, estimated } = addWorkdays(since, most);
  return { code, day, calendarEstimated: estimated };
}
