import { decode } from '../conversations/conversation.ts';
import { allPartitions, type Operation, type Store } from '../store/store.ts';
import { agencyCase, caseNames, type Kept } from './kept-case.ts';

/** By what cases are told apart without being opened. None of it says whose case it is. */
export interface Facets {
  state?: string | undefined;
  type?: string | undefined;
  /** The code of a province. */
  province?: string | undefined;
  /** The id of who works on it, or `none`. */
  agent?: string | undefined;
}

type FacetName = keyof Facets;

const batch = 1_000_000;

/** The index of a partition in which the cases with this value of a facet stand, by when they began. */
export function facetIndex(facet: FacetName, value: string): string {
  return `cases:${facet}:${value}`;
}

/**
 * Brings a case from the indexes it stood in to those in which it belongs, in the step that changes it. `undefined`: there was, or will be,
 * none. One that was erased stands among the erased ones.
 */
export function moveFacets(number: string, before: Kept | undefined, after: Kept | undefined): Operation[] {
  const [from, to] = [standsIn(before), standsIn(after)];
  return [
    ...[...from.keys()].filter((index) => !to.has(index)).map((index): Operation => ({ do: 'unrank', index, member: number })),
    ...[...to].flatMap(([index, score]): Operation[] => (from.get(index) === score ? [] : [{ do: 'rank', index, member: number, score }])),
  ];
}

/** Puts the cases of a store that was written without these indexes into them; again changes nothing. */
export async function indexFacets(store: Store): Promise<void> {
  for (const partition of allPartitions) {
    for (const { member: number } of await store.range(partition, caseNames.all, { limit: batch })) {
      const record = await store.get(partition, caseNames.kept(number));
      if (record) await store.apply(partition, { operations: moveFacets(number, undefined, decode<Kept>(record.value)) });
    }
  }
}

/** Names of indexes with the scores it has there. */
function standsIn(kept: Kept | undefined): Map<string, number> {
  const filed = agencyCase(kept);
  if (!filed) return new Map();
  const { state, filingType, values, agent = 'none', startedAt, openedAt } = filed;
  const { filerProvince: province } = values;
  return new Map([
    [facetIndex('state', state), startedAt],
    [facetIndex('type', filingType), startedAt],
    [facetIndex('agent', agent), startedAt],
    ...(province === undefined ? [] : ([[facetIndex('province', province), startedAt]] as const)),
    [caseNames.since, openedAt ?? startedAt],
  ]);
}
