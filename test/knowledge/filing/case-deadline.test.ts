import { describe, expect, it } from 'vitest';
import { caseDeadline, type Dated } from '../../../knowledge/filing/case-deadline.ts';

const today = '2026-11-27';
const told = (dated: Partial<Dated> & Pick<Dated, 'state'>, on = today) => {
  const found = caseDeadline({ filingType: 'initial', values: {}, since: today, ...dated }, on);
  return found && `${found.code} ${found.day}${found.calendarEstimated ? ', estimated' : ''}`;
};

describe('the next deadline of a case', () => {
  it.each<[string, Parameters<typeof told>[0], string | undefined]>([
    ['is for the agency what was just submitted', { state: 'ready' }, 'agency-check 2026-12-01'],
    ['is the provider’s longest', { state: 'provider-review' }, 'provider-review 2026-12-04'],
    ['is a day for the SMS, also over a weekend', { state: 'sms-pending' }, 'sms-verification 2026-11-28'],
    [
      'is twenty workdays at the administration, over a holiday that is not published',
      { state: 'administration-review', since: '2026-12-21' },
      'administration-review 2027-01-19, estimated',
    ],
    ['is sixty days for a licence', { state: 'administration-review', filingType: 'license' }, 'administration-review 2027-01-26'],
    ['is what a returned notice says', { state: 'returned', note: '请在12月8日前补正核验单' }, 'resubmission 2026-12-08'],
    ['is not made up where the notice says nothing', { state: 'returned', note: '核验单不清晰，11月20日上传' }, undefined],
    ['is the public-security filing after the number', { state: 'approved' }, 'public-security 2026-12-27'],
    ['is none after a change', { state: 'approved', filingType: 'change' }, undefined],
    ['is none for what was given up', { state: 'cancelled', values: { domainExpiry: '2026-12-01' } }, undefined],
    [
      'is the domain’s, where that ends first',
      { state: 'provider-review', values: { domainExpiry: '2026-12-02' } },
      'domain-expiry 2026-12-02',
    ],
    ['is not the domain’s, long before', { state: 'drafting', values: { domainExpiry: '2027-11-30' } }, undefined],
    ['is none beyond the calendar', { state: 'ready', since: '1999-01-04' }, undefined],
  ])('%s', (_, dated, expected) => {
    expect(told(dated)).toBe(expected);
  });

  it('stays when it has passed, except where nobody knows whether it was done', () => {
    expect(told({ state: 'sms-pending' }, '2026-12-05')).toBe('sms-verification 2026-11-28');
    expect(told({ state: 'approved' }, '2026-12-28')).toBeUndefined();
  });
});
