import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { Cases } from '../../../bot/cases/cases.ts';
import { facetIndex } from '../../../bot/cases/facets.ts';
import { type CaseFilter, findCases, findPage } from '../../../bot/cases/filter.ts';
import { type AgencyCase, caseNames } from '../../../bot/cases/kept-case.ts';
import { migrations } from '../../../bot/store/schema.ts';
import { allPartitions, partitionOf, type Store } from '../../../bot/store/store.ts';
import { formatCaseNumber } from '../../../knowledge/filing/case-number.ts';
import { caseStates, type FilingCase } from '../../../knowledge/filing/filing-case.ts';
import { onBothStores } from '../../support/both-stores.ts';
import { openBench } from '../../support/conversations.ts';
import { sampleCase, sampleValues, submitted } from '../../support/filing-case.ts';

const dayMs = 24 * 3_600_000;
const now = Date.UTC(2026, 10, 28);
const secrets = [randomBytes(32)];

const casesIn = (store: Store) => new Cases({ store, files: { remove: async () => {} }, secrets, draftDays: 90 });
const numberOf = (serial: number) => formatCaseNumber('2026-11-27', String(100_000 + serial));
const of = <T>(list: readonly T[], at: number): T => list[at % list.length] as T;

/** The `at`-th of many cases that differ in all that they are told apart by; begun `at` hours ago. */
function variant(at: number): FilingCase {
  const filed = sampleCase(numberOf(at), {
    filingType: of(['initial', 'change', 'add-service'] as const, at),
    values: { ...sampleValues, filerProvince: of(['44', '11', '31', '33'], Math.floor(at / 3)) },
    startedAt: now - at * 3_600_000,
  });
  return at % 5 === 0 ? filed : submitted(filed);
}

async function keep(cases: Cases, from: number, to: number): Promise<void> {
  for (let at = from; at < to; at += 200) {
    const some = Array.from({ length: Math.min(200, to - at) }, (_, more) => variant(at + more));
    await Promise.all(some.map((filed) => cases.save({ conversation: `c-${filed.number}`, order: [1, 1], case: filed })));
  }
}

const filters: CaseFilter[] = [
  {},
  ...caseStates.map((state) => ({ state })),
  { type: 'change' },
  { province: '11' },
  { province: '99' },
  { agent: 'none' },
  { agent: 'li' },
  { olderThanDays: 1 },
  { newerThanDays: 1 },
  { olderThanDays: 1, newerThanDays: 2 },
  { state: 'ready', type: 'initial', province: '44', agent: 'none', newerThanDays: 2 },
];

/** What each filter has to find, as it was meant: by opening every case. */
function meant(
  all: readonly AgencyCase[],
  { state, type, province, agent, olderThanDays = -Infinity, newerThanDays = Infinity }: CaseFilter,
) {
  return all
    .filter((filed) => state === undefined || filed.state === state)
    .filter((filed) => type === undefined || filed.filingType === type)
    .filter((filed) => province === undefined || filed.values.filerProvince === province)
    .filter((filed) => agent === undefined || (filed.agent ?? 'none') === agent)
    .map((filed) => ({ filed, age: (now - (filed.openedAt ?? filed.startedAt)) / dayMs }))
    .filter(({ age }) => age >= olderThanDays && age <= newerThanDays)
    .map(({ filed }) => filed.number);
}

onBothStores((views) => {
  it('finds what is meant, whatever has become of the cases, and in a store that was written before', async () => {
    const { store } = views();
    const cases = casesIn(store);
    await keep(cases, 0, 60);
    const by = '李娜 (li)';
    const provinceTo = (value: string) => () => ({ value });
    for (const at of [1, 2, 3, 4, 6]) await cases.setState(numberOf(at), 'submitted', { by });
    for (const at of [2, 6]) await cases.setState(numberOf(at), 'provider-review', { by });
    await cases.setState(numberOf(7), 'cancelled', { by });
    for (const at of [1, 8, 9]) await cases.assign(numberOf(at), 'li', { by });
    await cases.assign(numberOf(9), undefined, { by });
    await cases.correct(numberOf(11), 'filerProvince', provinceTo('11'), by);
    await cases.erase(numberOf(12), 'R1', by);
    await cases.erase(numberOf(13), 'R1', by);
    await cases.eraseExpired('erasedCase', numberOf(13), Infinity);
    await cases.eraseExpired('draft', numberOf(5), Infinity);
    // Again, as errands are.
    await keep(cases, 0, 60);

    const check = async () => {
      const all = await cases.all();
      for (const filter of filters) {
        const numbers = (await findCases(cases, filter, now)).map(({ number }) => number);
        expect([filter, numbers]).toEqual([filter, meant(all, filter)]);
        const { cases: page, total } = await findPage(cases, filter, now, { page: 1, size: 7 });
        expect([page.map(({ number }) => number), total]).toEqual([numbers.slice(7, 14), numbers.length]);
      }
      const counts = await Promise.all(caseStates.map((state) => cases.count(state)));
      expect(counts).toEqual(caseStates.map((state) => all.filter((filed) => filed.state === state).length));
    };
    await check();

    const indexes = [
      caseNames.since,
      ...caseStates.map((state) => facetIndex('state', state)),
      ...['initial', 'change', 'add-service'].map((type) => facetIndex('type', type)),
      ...['44', '11', '31', '33'].map((province) => facetIndex('province', province)),
      ...['none', 'li'].map((agent) => facetIndex('agent', agent)),
    ];
    for (let at = 0; at < 60; at += 1) {
      const operations = indexes.map((index) => ({ do: 'unrank' as const, index, member: numberOf(at) }));
      await store.apply(partitionOf(numberOf(at)), { operations });
    }
    expect(await cases.count('ready')).toBe(0);
    for (let twice = 0; twice < 2; twice += 1) for (const { run } of migrations) await run(store);
    await check();
  });

  it('that are gone for good stand nowhere', async () => {
    const { store } = views();
    const cases = casesIn(store);
    await keep(cases, 1, 2);
    await cases.erase(numberOf(1), 'R1', 'x');
    await cases.eraseExpired('erasedCase', numberOf(1), Infinity);
    for await (const entry of store.export()) expect(entry.kind === 'rank' && entry.name.startsWith('cases')).toBe(false);
  });
});

it('asks the store as often, and opens as many cases, whether there are 100 or 4,000', async () => {
  const bench = await openBench();
  const asked = { get: 0, range: 0 };
  const counting = new Proxy(bench.store, {
    get(target, name) {
      if (name === 'get' || name === 'range') asked[name] += 1;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const cases = casesIn(counting);
  const cost = async (ask: () => Promise<unknown>) => {
    Object.assign(asked, { get: 0, range: 0 });
    await ask();
    return { ...asked };
  };
  const costs = async () => [
    await cost(() => Promise.all(caseStates.map((state) => cases.count(state)))),
    await cost(() => findPage(cases, { state: 'ready', province: '44' }, now, { page: 0, size: 5 })),
    await cost(() => findPage(cases, { agent: 'none', newerThanDays: 2 }, now, { page: 0, size: 5 })),
  ];
  await keep(cases, 0, 100);
  const few = await costs();
  await keep(cases, 100, 4_000);
  expect(await costs()).toEqual(few);
  const partitions = allPartitions.length;
  expect(few).toEqual([
    { get: 0, range: caseStates.length * partitions },
    { get: 5, range: 2 * partitions },
    { get: 5, range: 2 * partitions },
  ]);
  await bench.close();
});
