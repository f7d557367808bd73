import { describe, expect, it } from 'vitest';
import { fields } from '../../../dialogs/intake/fields.ts';
import { stepsOf } from '../../../dialogs/intake/steps.ts';
import { filingTypes } from '../../../knowledge/filing/filing-case.ts';
import type { Values } from '../../../knowledge/filing/form.ts';
import { changeItems, type FilerKind, filerKinds, licenseTasks, lostAccessKinds, serviceKinds } from '../../../knowledge/filing/kinds.ts';
import { apply } from '../../support/applicant.ts';
import { Customer } from '../../support/customer.ts';
import { filers, wishes } from '../../support/filers.ts';
import { sampleOf } from '../../support/sample.ts';

const keysOf = <Key extends string>(table: Readonly<Record<Key, unknown>>) => Object.keys(table) as Key[];

/** What sets the forms of one filing type apart. */
const variants: Record<(typeof filingTypes)[number], Values[]> = {
  initial: keysOf(serviceKinds).map((serviceKind) => ({ serviceKind })),
  'add-service': [
    { serviceKind: 'website', filedWithProvider: 'yes' },
    { serviceKind: 'app', filedWithProvider: 'no' },
  ],
  'add-access': [{ keepPrevious: 'no' }],
  change: keysOf(changeItems).map((item) => ({ changeItems: item })),
  'cancel-filer': [{}],
  'cancel-service': [{}],
  'cancel-access': [{}],
  'recover-access': keysOf(lostAccessKinds).map((lostAccess) => ({ lostAccess })),
  license: keysOf(licenseTasks).map((licenseTask) => ({ licenseTask })),
};

/** A sample of the kinds of filers for each variant; every kind for the first filing of a website. */
const table = filingTypes.flatMap((type) =>
  variants[type].flatMap((variant) =>
    sampleOf(keysOf(filerKinds), variant === variants.initial[0] ? Infinity : 3, `${type} ${JSON.stringify(variant)}`).map(
      (kind) => [type, kind, variant] as [typeof type, FilerKind, Values],
    ),
  ),
);

describe('every kind of filer and filing', () => {
  it.each(table)('%s for %s %j comes from the wish to a case, with no question too many', (type, kind, variant) => {
    const customer = new Customer();
    const { number, asked } = apply(customer, wishes[type], { ...filers[kind], ...variant });
    const opened = customer.desk.cases.get(number);
    expect(opened).toMatchObject({ state: 'ready', filingType: type });
    const needed = stepsOf(type, opened?.values ?? {}).filter((key) => !fields[key].optional);
    expect(new Set(asked).size).toBe(asked.length);
    expect(asked.filter((key) => !needed.includes(key))).toEqual([]);
    for (const key of needed) expect(opened?.values[key], key).toBeDefined();
  });
});
