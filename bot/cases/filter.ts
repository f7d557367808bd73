import { halfWidth, joined } from '../../knowledge/entities/half-width.ts';
import { parseCaseNumber } from '../../knowledge/filing/case-number.ts';
import type { CaseState, FilingType } from '../../knowledge/filing/filing-case.ts';
import type { Cases } from './cases.ts';
import type { AgencyCase } from './kept-case.ts';

/** Which cases are wanted; what is left out does not matter. */
export interface CaseFilter {
  state?: CaseState | undefined;
  type?: FilingType | undefined;
  /** The code of a province. */
  province?: string | undefined;
  /** Begun or, when it was submitted, submitted at least, or at most, so many days ago. */
  olderThanDays?: number | undefined;
  newerThanDays?: number | undefined;
  /** The id of who works on it, or `none`. */
  agent?: string | undefined;
  /** A case number, part of a name or of a domain name, or a whole phone or certificate number. */
  search?: string | undefined;
}

const dayMs = 24 * 3_600_000;

/** The cases that are wanted, newest first. `now`: milliseconds since 1970. */
export async function findCases(cases: Cases, filter: CaseFilter, now: number): Promise<AgencyCase[]> {
  if (filter.search === undefined) return cases.findAll(await numbersOf(cases, filter, now));
  return (await searchCases(cases, filter.search)).filter((filed) => isWanted(filed, filter, now));
}

/** Their numbers alone, without those that were erased, of which there is nothing to be read. */
export async function findNumbers(cases: Cases, filter: CaseFilter, now: number): Promise<string[]> {
  if (filter.search !== undefined) {
    return (await findCases(cases, filter, now)).filter(({ state }) => state !== 'erased').map(({ number }) => number);
  }
  const [numbers, erased] = await Promise.all([numbersOf(cases, filter, now), cases.numbersOf({ state: 'erased' })]);
  const gone = new Set(erased);
  return numbers.filter((number) => !gone.has(number));
}

function numbersOf(
  cases: Cases,
  { state, type, province, agent, olderThanDays, newerThanDays }: CaseFilter,
  now: number,
): Promise<string[]> {
  const since = {
    ...(newerThanDays !== undefined && { from: now - newerThanDays * dayMs }),
    ...(olderThanDays !== undefined && { to: now - olderThanDays * dayMs }),
  };
  return cases.numbersOf({ state, type, province, agent }, since);
}

/**
 * One page of them, counted from 0, and how many there are. Only that page is read, but where words are searched for: names stand nowhere but
 * in the cases, encrypted.
 */
export async function findPage(
  cases: Cases,
  filter: CaseFilter,
  now: number,
  { page, size }: { page: number; size: number },
): Promise<{ cases: AgencyCase[]; total: number }> {
  const [from, to] = [page * size, (page + 1) * size];
  if (filter.search === undefined) {
    const numbers = await numbersOf(cases, filter, now);
    return { cases: await cases.findAll(numbers.slice(from, to)), total: numbers.length };
  }
  const found = await findCases(cases, filter, now);
  return { cases: found.slice(from, to), total: found.length };
}

async function searchCases(cases: Cases, search: string): Promise<AgencyCase[]> {
  const parsed = parseCaseNumber(search);
  if (parsed.ok) return cases.findAll([parsed.value.number]);
  const found = /^\+?[0-9A-Z]{8,}$/.test(joined(halfWidth(search))) ? await cases.withNumber(search) : [];
  return found.length > 0 ? found : (await cases.all()).filter((filed) => mentions(filed, search));
}

function mentions({ values }: AgencyCase, search: string): boolean {
  const names = ['filerName', 'contactName', 'filerLeader.name', 'onlineService.name', 'onlineService.domainName'] as const;
  const wanted = plain(search);
  return names.some((key) => plain(values[key] ?? '').includes(wanted));
}

function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s/g, '');
}

function isWanted(filed: AgencyCase, filter: CaseFilter, now: number): boolean {
  const { state, type, province, agent, olderThanDays, newerThanDays } = filter;
  const age = (now - (filed.openedAt ?? filed.startedAt)) / dayMs;
  return (
    (state === undefined || filed.state === state) &&
    (type === undefined || filed.filingType === type) &&
    (province === undefined || filed.values.filerProvince === province) &&
    (agent === undefined || (filed.agent ?? 'none') === agent) &&
    age >= (olderThanDays ?? -Infinity) &&
    age <= (newerThanDays ?? Infinity)
  );
}
