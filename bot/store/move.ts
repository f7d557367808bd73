import { createHash } from 'node:crypto';
import { keyIdOf } from './data-keys.ts';
import { type EncodedEntry, type Entry, type EntryKind, encodeEntry, entryKinds } from './entry.ts';
import { holdsAnything } from './open-store.ts';
import { isPresence } from './presence.ts';
import { checkSchema, isUnfinished, isUnfinishedMark, markUnfinished } from './schema.ts';
import { type Store, StoreRefused } from './store.ts';

const modulus = 1n << 256n;

/** What a number of entries comes to, whatever their order: how many of each kind, and the sum of their hashes. */
export class Tally {
  readonly counts = new Map<EntryKind, number>(entryKinds.map((kind) => [kind, 0]));
  /** How many values are sealed with which key; '' for those that are not sealed. */
  readonly keys = new Map<string, number>();
  #sum = 0n;

  add(entry: Entry, { head, value }: EncodedEntry = encodeEntry(entry)): void {
    this.counts.set(entry.kind, (this.counts.get(entry.kind) ?? 0) + 1);
    const hash = createHash('sha256').update(`${head.length} `).update(head).update(value).digest('hex');
    this.#sum = (this.#sum + BigInt(`0x${hash}`)) % modulus;
    if (!('value' in entry)) return;
    const key = keyIdOf(value) ?? '';
    this.keys.set(key, (this.keys.get(key) ?? 0) + 1);
  }

  /** Number of entries. */
  get total(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** The sum of the hashes, as hexadecimal digits. */
  get sum(): string {
    return this.#sum.toString(16).padStart(64, '0');
  }

  isSameAs(other: Tally): boolean {
    return this.sum === other.sum && entryKinds.every((kind) => this.counts.get(kind) === other.counts.get(kind));
  }
}

/** Everything in a store that is to be moved. */
export async function* movable(store: Store): AsyncIterable<Entry> {
  for await (const entry of store.export()) if (!isPresence(entry) && !isUnfinishedMark(entry)) yield entry;
}

export async function tallyOf(entries: AsyncIterable<Entry>): Promise<Tally> {
  const tally = new Tally();
  for await (const entry of entries) tally.add(entry);
  return tally;
}

async function* tallied(entries: AsyncIterable<Entry>, tally: Tally): AsyncIterable<Entry> {
  for await (const entry of entries) {
    tally.add(entry);
    yield entry;
  }
}

/** Rejects when a store cannot be moved: it was written by a newer program, or is itself not complete. */
export async function requireMovable(store: Store): Promise<void> {
  await checkSchema(store);
  if (!(await holdsAnything(store))) throw new StoreRefused('There is nothing in the store.');
}

/** Whether the store may be filled: it is empty, or what is in it was left by a filling that did not come to its end. */
export async function isFillable(store: Store): Promise<boolean> {
  return (await isUnfinished(store)) || !(await holdsAnything(store));
}

/**
 * Fills a store that is empty, or was left unfinished, and compares what is in it afterwards with what was given. Until that is done the
 * store counts as unfinished: nobody serves from it, and it can be filled again.
 */
export async function fill(store: Store, entries: AsyncIterable<Entry>): Promise<{ given: Tally; found: Tally }> {
  if (!(await isFillable(store))) throw new StoreRefused('The destination is not empty. Nothing was changed.');
  await store.clear();
  await markUnfinished(store, true);
  const given = new Tally();
  await store.import(tallied(entries, given));
  return { given, found: await tallyOf(movable(store)) };
}

/** Ends a filling: from now on the store may be served from. */
export async function finish(store: Store, { given, found }: { given: Tally; found: Tally }): Promise<void> {
  if (!given.isSameAs(found)) {
    throw new StoreRefused('What is in the destination is not what was given to it: it counts as unfinished. Run this again.');
  }
  await markUnfinished(store, false);
}
