import { type Day, plusDays, yearOf } from '../calendar/days.ts';
import { calendarYears } from '../calendar/estimated-year.ts';
import { type FilingPeriod, filingPeriods } from '../calendar/filing-periods.ts';
import { addWorkdays } from '../calendar/work-calendar.ts';
import { isDay } from './canonical.ts';
import type { FilingType } from './filing-case.ts';
import { listed, type Values } from './form.ts';

/** One step of what happens after a case was handed in, with the days that can be told now. */
export interface NextStep {
  code: NextStepCode;
  /** When it is usually done, counted from the usual end of the step before: first and last day. */
  usual?: readonly [Day, Day];
  /** When it is done at the latest, if every step before takes its longest. */
  latest?: Day;
  /** `law`: the longest is in a regulation; `estimate`: by providers' pages and the agency's own practice, no promise. */
  basis: 'law' | 'estimate';
  /** The work calendar of a year that is not published yet was estimated. */
  calendarEstimated: boolean;
  facts?: Record<string, string>;
}

export type NextStepCode =
  | 'agency-check'
  | 'agency-contact'
  | 'platform-review'
  | 'face-verification'
  | 'provider-review'
  | 'sms-verification'
  | 'administration-review'
  | 'publish-number'
  | 'public-security'
  | 'stop-service'
  | 'cancel-old-access'
  | 'paper-form'
  | 'open-order'
  | 'prepare-license'
  | 'license-acceptance'
  | 'license-review'
  | 'license-renewal'
  | 'license-annual-report';

/** What happens next and by when. `submittedOn`: day in China; beyond the work calendar steps come without days. It never throws. */
export function nextSteps(type: FilingType, values: Values, submittedOn: Day): NextStep[] {
  const plan = stepsFor(type, values);
  if (!isDay(submittedOn) || yearOf(submittedOn) <= calendarYears.first || yearOf(submittedOn) >= calendarYears.last - 1) {
    return plan.map(({ code, basis, facts }) => ({ code, basis, calendarEstimated: false, ...(facts && { facts }) }));
  }
  return dated(plan, submittedOn);
}

/** A step as it is counted; without a `period` no day is told for it. */
interface Planned {
  code: NextStepCode;
  basis: NextStep['basis'];
  period?: Pick<FilingPeriod, 'unit' | 'most' | 'usual'>;
  facts?: Record<string, string>;
}

/** The agency's own practice, no promise of anybody else. */
export const agencyPeriod = { unit: 'workdays', usual: [1, 1], most: 2 } as const;
/** Providers' pages of 2026-05: one or two workdays, at most five. */
const providerPeriod = filingPeriods['provider-precheck'];

const agencyCheck: Planned = { code: 'agency-check', basis: 'estimate', period: agencyPeriod };
const agencyContact: Planned = { code: 'agency-contact', basis: 'estimate', period: agencyPeriod };
const providerReview: Planned = { code: 'provider-review', basis: 'estimate', period: providerPeriod };
const administrationReview: Planned = { code: 'administration-review', basis: 'law', period: filingPeriods['review-time'] };
const faceVerification: Planned = { code: 'face-verification', basis: 'estimate' };

const smsPeriod = { ...filingPeriods['sms-verification'], usual: [0, 1] } as const;

/** Within 24 hours: the day after at the latest. */
function smsTo(to: 'both' | 'filer-leader' | 'service-leader' | 'maybe'): Planned {
  return { code: 'sms-verification', basis: 'estimate', period: smsPeriod, facts: { to } };
}

function stepsFor(type: FilingType, values: Values): Planned[] {
  const service = values.serviceKind ?? 'website';
  switch (type) {
    case 'initial':
    case 'add-service':
      return service === 'mini-program' ? atPlatform(type) : newService(type, values);
    case 'add-access':
      return [
        agencyCheck,
        faceVerification,
        providerReview,
        smsTo('service-leader'),
        administrationReview,
        ...(values.keepPrevious === 'no' ? [{ code: 'cancel-old-access', basis: 'estimate' } as const] : []),
      ];
    case 'change':
      return change(values);
    case 'cancel-filer':
    case 'cancel-service':
    case 'cancel-access':
      return cancel(type, values);
    case 'recover-access':
      return [agencyContact, { code: 'open-order', basis: 'estimate' }];
    case 'license':
      return license(values);
  }
}

function newService(type: 'initial' | 'add-service', values: Values): Planned[] {
  const service = values.serviceKind ?? 'website';
  const one = values.filerKind === 'individual' || values['serviceLeader.isFilerLeader'] !== 'no';
  return [
    agencyCheck,
    faceVerification,
    providerReview,
    smsTo(type === 'initial' && !one ? 'both' : 'service-leader'),
    administrationReview,
    ...afterwards(service),
  ];
}

function atPlatform(type: 'initial' | 'add-service'): Planned[] {
  return [
    agencyContact,
    { code: 'platform-review', basis: 'estimate' },
    smsTo(type === 'initial' ? 'both' : 'service-leader'),
    administrationReview,
    ...afterwards('mini-program'),
  ];
}

function afterwards(service: string): Planned[] {
  return [
    { code: 'publish-number', basis: 'law', facts: { service } },
    // Counted from the day that the service opens, which nobody knows yet: no date is told.
    { code: 'public-security', basis: 'law', facts: { days: String(filingPeriods['ps-deadline'].most) } },
  ];
}

const ofFiler = ['name', 'certificate', 'address', 'legal-representative', 'leader-contact', 'filer'];
const ofService = ['service-leader', 'service-name', 'service-content', 'remove-domain'];

function change(values: Values): Planned[] {
  const items = listed(values.changeItems);
  const filer = items.some((item) => ofFiler.includes(item));
  const service = items.some((item) => ofService.includes(item));
  // Providers' pages of 2026-02: a change of addresses alone is mostly taken without anybody looking at it.
  if (items.length > 0 && !filer && !service) return [agencyCheck, { ...providerReview, facts: { only: 'ip' } }];
  const to = filer && service ? 'both' : service ? 'service-leader' : 'filer-leader';
  return [
    agencyCheck,
    ...(items.includes('service-leader') ? [faceVerification] : []),
    providerReview,
    smsTo(to),
    { ...administrationReview, period: filingPeriods['change-review-time'] },
  ];
}

function cancel(type: 'cancel-filer' | 'cancel-service' | 'cancel-access', values: Values): Planned[] {
  const lost = values.leaderMobileReachable === 'no';
  return [
    agencyCheck,
    ...(lost ? [{ code: 'paper-form', basis: 'estimate' } as const] : []),
    providerReview,
    smsTo(type === 'cancel-filer' ? 'filer-leader' : 'maybe'),
    { code: 'administration-review', basis: 'estimate', period: filingPeriods['cancel-time'], facts: { cancel: 'yes' } },
    ...(type === 'cancel-access' ? [] : [{ code: 'stop-service', basis: 'law' } as const]),
  ];
}

function license(values: Values): Planned[] {
  switch (values.licenseTask) {
    case 'renew':
      return [
        agencyContact,
        { code: 'license-renewal', basis: 'law', facts: { days: String(filingPeriods['license-renewal'].most) } },
        { code: 'prepare-license', basis: 'estimate' },
      ];
    case 'annual-report':
      return [agencyContact, { code: 'license-annual-report', basis: 'law' }];
    case 'transfer':
    case 'ask':
    case 'cancel':
      return [agencyContact];
    default:
      return [
        agencyContact,
        { code: 'prepare-license', basis: 'estimate' },
        { code: 'license-acceptance', basis: 'estimate' },
        { code: 'license-review', basis: 'law', facts: { days: String(filingPeriods['license-time'].most) } },
      ];
  }
}

/** Days for every step that has a period, one after the other. */
function dated(plan: readonly Planned[], submittedOn: Day): NextStep[] {
  let early: Day = submittedOn;
  let usual: Day = submittedOn;
  let latest: Day = submittedOn;
  let calendarEstimated = false;
  return plan.map(({ code, basis, period, facts }) => {
    const step = { code, basis, ...(facts && { facts }) };
    if (!period) return { ...step, calendarEstimated: false };
    const last = after(latest, period, period.most);
    calendarEstimated ||= last.estimated;
    latest = last.day;
    if (!period.usual) {
      // Only its end is known: what is usual for the steps after it cannot be told.
      early = usual = latest;
      return { ...step, latest, calendarEstimated };
    }
    early = after(early, period, period.usual[0]).day;
    usual = after(usual, period, period.usual[1]).day;
    return { ...step, usual: [early, usual] as const, latest, calendarEstimated };
  });
}

function after(day: Day, { unit }: Pick<FilingPeriod, 'unit'>, count: number): { day: Day; estimated: boolean } {
  return unit === 'workdays' ? addWorkdays(day, count) : { day: plusDays(day, count), estimated: false };
}
