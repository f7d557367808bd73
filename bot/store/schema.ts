import { setTimeout as pause } from 'node:timers/promises';
import { indexFacets } from '../cases/facets.ts';
import type { Entry } from './entry.ts';
import { lockPartition, tryLock } from './lock.ts';
import { type Store, StoreRefused } from './store.ts';

/** Brings what is kept from one version to the next. Whatever was done of it before, doing it again must come to the same. */
export interface Migration {
  /** For the log. */
  what: string;
  /** The store is open to read and write, its values in the clear. Programs of the version before must not serve from it. */
  run(store: Store): Promise<void>;
}

/** The first brings a store from version 1 to version 2. Only ever added to, at the end. */
export const migrations: readonly Migration[] = [
  { what: 'cases are found by state, type, province, agent and age without being opened', run: indexFacets },
];

/** The version is kept as a score, which can be read without any key. A store without one is of the first version. */
const place = { partition: lockPartition, index: 'schema' };
const members = { version: 'version', unfinished: 'unfinished' };
const waitMs = 200;

/** The version of the store; undefined: it has none. Refuses one that this program must not touch. */
export async function checkSchema(store: Store, steps = migrations): Promise<number | undefined> {
  const marks = new Map((await store.range(place.partition, place.index, { limit: 10 })).map(({ member, score }) => [member, score]));
  if (marks.has(members.unfinished)) {
    throw new StoreRefused('The store is not complete: a copy or a restoration into it did not come to its end. Run it again.');
  }
  const version = marks.get(members.version);
  const known = 1 + steps.length;
  if (version !== undefined && version > known) {
    throw new StoreRefused(
      `The store has version ${version}, and this program knows versions up to ${known}: a newer one has served from it. Start that one, or restore a backup from before.`,
    );
  }
  return version;
}

/** Whether a copy or a restoration into the store was begun and not ended. */
export async function isUnfinished(store: Store): Promise<boolean> {
  return (await store.range(place.partition, place.index, { limit: 10 })).some(({ member }) => member === members.unfinished);
}

/** Marks the store as being filled: until it is marked otherwise, nobody serves from it. */
export async function markUnfinished(store: Store, unfinished: boolean): Promise<void> {
  const member = members.unfinished;
  const { partition, index } = place;
  await store.apply(partition, { operations: [unfinished ? { do: 'rank', index, member, score: 1 } : { do: 'unrank', index, member }] });
}

/** Whether an entry is the mark of a store that is being filled, which is not among what was filled in. */
export function isUnfinishedMark(entry: Entry): boolean {
  return entry.kind === 'rank' && entry.partition === place.partition && entry.name === place.index && entry.member === members.unfinished;
}

/** For who looks in and changes nothing of the version: refuses an older one. */
export async function requireSchema(store: Store, steps = migrations): Promise<void> {
  const version = (await checkSchema(store, steps)) ?? 1;
  if (version < 1 + steps.length) {
    throw new StoreRefused(
      `The store has version ${version}, this program version ${1 + steps.length}: start the bot, which brings it up to date.`,
    );
  }
}

/**
 * Brings the store to the version of this program, step by step; when several processes begin at once, one does it and the others wait.
 * `begun`: whether there was anything in it before. `report` is told of each step.
 */
export async function migrate(store: Store, begun: boolean, report: (done: string) => void, steps = migrations): Promise<void> {
  const newest = 1 + steps.length;
  for (;;) {
    const found = await checkSchema(store, steps);
    if (found === newest) return;
    const version = found ?? (begun ? 1 : newest);
    const lock = await tryLock(store, 'schema');
    if (!lock) {
      await pause(waitMs);
      continue;
    }
    try {
      // Another may have been faster between the look and the lock.
      if ((await checkSchema(store, steps)) !== found) continue;
      const step = found === undefined && version === newest ? undefined : steps[version - 1];
      await step?.run(store);
      const { index } = place;
      const reached = step ? version + 1 : version;
      // Refused when the lock was lost meanwhile: who has it now does the same.
      const written = await lock.write([{ do: 'rank', index, member: members.version, score: reached }]);
      if (written && step) report(`the store was brought from version ${version} to version ${reached}: ${step.what}`);
    } finally {
      await lock.release();
    }
  }
}
