import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FilingType, filingTypes } from '../../../knowledge/filing/filing-case.ts';
import { fieldKeys, type Values } from '../../../knowledge/filing/form.ts';
import { nextSteps } from '../../../knowledge/filing/next-steps.ts';
import { addAccess, cancelFiler, change, company, individual, license, recover, twoLeaders } from './cases.ts';

const codes = (type: FilingType, values: Values) =>
  nextSteps(type, values, '2026-11-27').map(({ code, facts }) => (facts?.to ? `${code}:${facts.to}` : code));

describe('what happens next', () => {
  const published = ['publish-number', 'public-security'];
  it.each<[string, FilingType, Values, string[]]>([
    [
      'a company',
      'initial',
      company,
      ['agency-check', 'face-verification', 'provider-review', 'sms-verification:service-leader', 'administration-review', ...published],
    ],
    [
      'two leaders',
      'initial',
      twoLeaders,
      ['agency-check', 'face-verification', 'provider-review', 'sms-verification:both', 'administration-review', ...published],
    ],
    [
      'an individual',
      'initial',
      individual,
      ['agency-check', 'face-verification', 'provider-review', 'sms-verification:service-leader', 'administration-review', ...published],
    ],
    [
      'a mini program',
      'initial',
      { serviceKind: 'mini-program' },
      ['agency-contact', 'platform-review', 'sms-verification:both', 'administration-review', ...published],
    ],
    [
      'another provider instead',
      'add-access',
      { ...addAccess, keepPrevious: 'no' },
      [
        'agency-check',
        'face-verification',
        'provider-review',
        'sms-verification:service-leader',
        'administration-review',
        'cancel-old-access',
      ],
    ],
    [
      'a change of the filer',
      'change',
      change,
      ['agency-check', 'provider-review', 'sms-verification:filer-leader', 'administration-review'],
    ],
    [
      'a change of both',
      'change',
      { ...change, changeItems: 'name,service-leader' },
      ['agency-check', 'face-verification', 'provider-review', 'sms-verification:both', 'administration-review'],
    ],
    ['a change of addresses', 'change', { ...change, changeItems: 'ip' }, ['agency-check', 'provider-review']],
    [
      'cancelling',
      'cancel-filer',
      cancelFiler,
      ['agency-check', 'provider-review', 'sms-verification:filer-leader', 'administration-review', 'stop-service'],
    ],
    ['lost access', 'recover-access', recover, ['agency-contact', 'open-order']],
    ['a licence', 'license', license, ['agency-contact', 'prepare-license', 'license-acceptance', 'license-review']],
    ['a licence to renew', 'license', { ...license, licenseTask: 'renew' }, ['agency-contact', 'license-renewal', 'prepare-license']],
    ['a yearly report', 'license', { ...license, licenseTask: 'annual-report' }, ['agency-contact', 'license-annual-report']],
  ])('%s', (_, type, values, expected) => {
    expect(codes(type, values)).toEqual(expected);
  });

  it('is counted on the work calendar, from a Friday', () => {
    expect(nextSteps('initial', company, '2026-11-27').map(({ code, usual, latest }) => [code, usual, latest])).toEqual([
      ['agency-check', ['2026-11-30', '2026-11-30'], '2026-12-01'],
      ['face-verification', undefined, undefined],
      ['provider-review', ['2026-12-01', '2026-12-02'], '2026-12-08'],
      ['sms-verification', ['2026-12-01', '2026-12-03'], '2026-12-09'],
      ['administration-review', undefined, expect.stringMatching(/^2027-01-/)],
      ['publish-number', undefined, undefined],
      ['public-security', undefined, undefined],
    ]);
  });

  it('says where the calendar of a year had to be estimated', () => {
    const steps = nextSteps('initial', company, '2031-12-20');
    expect(steps.some(({ calendarEstimated }) => calendarEstimated)).toBe(true);
  });

  it.each(['1990-01-01', '2400-01-01', '2026-02-30', '', 'soon'])('has no days from %s', (day) => {
    const steps = nextSteps('initial', company, day);
    expect(steps).toHaveLength(7);
    expect(steps.every(({ latest }) => latest === undefined)).toBe(true);
  });
});

it('never throws, and never goes back in time', () => {
  const values = fc.dictionary(
    fc.constantFrom(...fieldKeys),
    fc.oneof(fc.string(), fc.constantFrom('yes', 'no', 'mini-program', 'ip', 'name,ip', 'renew')),
  ) as fc.Arbitrary<Values>;
  fc.assert(
    fc.property(
      fc.constantFrom(...filingTypes),
      values,
      fc.oneof(
        fc.string(),
        fc
          .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
          .map((date) => date.toISOString().slice(0, 10)),
      ),
      (type, given, day) => {
        const latest = nextSteps(type, given, day).flatMap((step) => step.latest ?? []);
        expect(latest).toEqual([...latest].sort());
      },
    ),
    { numRuns: 500 },
  );
});
