import type { Entry, ValueEntry } from './entry.ts';

/**
 * The one port to everything that is kept. Values are opaque bytes: what they mean, and their encryption, is decided
 * above (`conversations.ts`, `sealed-store.ts`). Two implementations pass one suite (`test/bot/store/conformance.ts`).
 *
 * Keys live in partitions. All that one atomic step reads and writes lies in one partition, which a Redis Cluster keeps on
 * one node and LMDB under one prefix; `partitionOf` spreads conversations and cases over them.
 *
 * Five kinds of things, each named by a string within its partition:
 * - a *record*: a value with a version that counts its writes from 1;
 * - a *log*: values at positions 1, 2, 3 …; a position is never given twice, also after trimming;
 * - an *index*: members ordered by a score;
 * - a *queue*: items worked off one at a time, in order, by whoever holds the queue's lease;
 * - a *once key*: the memory of a request that is to have its effect once.
 *
 * Failures of the store itself (connection, disk) are thrown as `StoreUnavailable`; "not there" never is.
 */
export interface Store {
  get(partition: string, record: string): Promise<StoredRecord | undefined>;
  /** Entries with a position above `after`, oldest first. */
  read(partition: string, log: string, after: number, limit: number): Promise<LogEntry[]>;
  /** The position of the newest entry ever appended; 0 when there was none. */
  end(partition: string, log: string): Promise<number>;
  /** Members with `from <= score <= to`, lowest score first. */
  range(partition: string, index: string, range: Range): Promise<Ranked[]>;

  /**
   * One atomic step: nothing is written unless every check holds. With `once`, a repetition of the same request
   * writes nothing and gives the first one's positions. With `claim`, the queue's head is claimed in the same step, if it is
   * due and free once the step's own items are in. Resolves when the step is durable.
   */
  apply(partition: string, step: Step): Promise<Applied>;

  /**
   * Takes the head of a queue under a lease, or gives undefined: nothing is waiting, it is not due yet, or another holds it.
   * The attempt is counted here, before any work, so that an item that kills its worker is counted too; one that the store itself has
   * interrupted need not be.
   * `records` are read in the same step.
   */
  claim(partition: string, queue: string, options: ClaimOptions): Promise<Claim | undefined>;
  /**
   * Ends a claim: removes the head and writes the step, all or nothing. `fenced`: the lease was lost meanwhile and someone
   * else has taken, or may take, the item; `refused`: a check of the step failed and the claim is still held.
   */
  commit(claim: Claim, step: CommitStep): Promise<Committed>;
  /** Gives a claim back unfinished, to be taken up again at `dueAt` (milliseconds since 1970). No effect when the lease was lost. */
  release(claim: Claim, dueAt: number): Promise<void>;
  /**
   * Queues whose head is due and not under a lease, longest waiting first. `ahead`: also those of which that will be so within so many
   * milliseconds, when nobody does anything meanwhile.
   */
  due(limit: number, ahead?: number): Promise<QueueName[]>;

  /** Removes what has expired; gives the number of things removed. Called from time to time by whoever runs the store. */
  sweep(): Promise<number>;

  /** Calls the listener after something was announced under the topic, in this or another process. A hint only: it may be lost. */
  watch(topic: string, listener: (payload: string) => void): () => void;
  announce(topic: string, payload: string): void;

  /** Everything that is kept, each thing once, where nobody writes meanwhile; leases count as free. */
  export(): AsyncIterable<Entry>;
  /** Takes in what another store gave out, into a store that is empty and that nobody else uses. Resolves when it is durable. */
  import(entries: AsyncIterable<Entry>): Promise<void>;
  /** Forgets everything. */
  clear(): Promise<void>;
  /**
   * Visits a small part of all values, from a cursor on, while the store is in use, and puts others in their place that mean the same:
   * versions, positions and times stay. What is changed or goes meanwhile is left as it is then. Call by call, with the cursor
   * that the last one gave, each value that is there all the time is visited at least once.
   */
  rewrite(rewrite: Rewrite): Promise<Rewritten>;

  /** The store's clock, milliseconds since 1970; leases and expiry go by it. */
  now(): number;
  /** Rejects when the store cannot serve. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface StoredRecord {
  value: Uint8Array;
  version: number;
}

export interface LogEntry {
  position: number;
  value: Uint8Array;
}

export interface Range {
  from?: number;
  to?: number;
  limit: number;
}

export interface Ranked {
  member: string;
  score: number;
}

export interface QueueName {
  partition: string;
  queue: string;
}

export interface Step {
  once?: Once;
  checks?: Check[];
  /** At most `most` items may wait in the queue before the step. */
  bounds?: { queue: string; most: number }[];
  operations: Operation[];
  claim?: ClaimOptions & { queue: string; work?: Work };
}

export type CommitStep = Pick<Step, 'checks' | 'operations'>;

/**
 * Work that takes no time, done with the claim at once: what it returns is committed, where the store can do so in the same
 * transaction as the step itself. `undefined` leaves the claim open. It must neither throw nor use the store. An item whose
 * work took the process down is handed out the next time without calling it, as a claim whose attempts are counted.
 */
export type Work = (claim: Claim) => CommitStep | undefined;

export interface Once {
  key: string;
  /** Of the request's content: the same key with another digest is a conflict, not a repetition. */
  digest: string;
  expiresAt: number;
}

/** The record has exactly this version (0: it does not exist), or simply `exists`. */
export type Check = { record: string; version: number } | { record: string; exists: true };

/** Expiry is in milliseconds since 1970; a later write of the same thing may move it. */
export type Operation =
  | { do: 'put'; record: string; value: Uint8Array; expiresAt?: number }
  | { do: 'remove'; record: string }
  | { do: 'append'; log: string; value: Uint8Array }
  /** Removes the entries up to and including the position. */
  | { do: 'trim'; log: string; upTo: number }
  | { do: 'rank'; index: string; member: string; score: number }
  | { do: 'unrank'; index: string; member: string }
  /** The item remembers the position of the step's latest `append`, 0 when there was none. */
  | { do: 'enqueue'; queue: string; value: Uint8Array; dueAt?: number }
  /** Forgets a log with its positions. */
  | { do: 'drop'; log: string }
  /** Forgets a queue with all its items and their count; who holds its lease is fenced. */
  | { do: 'clear'; queue: string };

export type Applied =
  /** `positions`: one for each `append` of the step, in order. */
  /** `committed`: what became of the claim's work; without it the claim is open. */
  | { outcome: 'applied'; positions: number[]; claim?: Claim; committed?: Committed }
  | { outcome: 'repeated'; positions: number[] }
  | { outcome: 'conflict' }
  | Refused
  | { outcome: 'full'; queue: string };

export type Committed =
  /** `waiting`: items left in the queue. */
  { outcome: 'applied'; positions: number[]; waiting: number } | Refused | { outcome: 'fenced' };

export interface Refused {
  outcome: 'refused';
  record: string;
}

export interface ClaimOptions {
  /** How long the claim holds, in milliseconds. */
  lease: number;
  records?: string[];
}

export interface Claim extends QueueName {
  /** Random; whoever holds another token, or none, cannot commit. */
  token: string;
  /** Counts the items of the queue from 1: the same item has the same number in every attempt. */
  item: number;
  value: Uint8Array;
  position: number;
  /** 1 for the first. */
  attempt: number;
  /** When the item was first claimed, by the store's clock. */
  firstClaimedAt: number;
  records: Record<string, StoredRecord | undefined>;
}

export interface Rewrite {
  /** Where the call before has ended; left out at the beginning. */
  cursor?: string | undefined;
  /** About how many things are looked at; all of a log or a queue may be one. */
  limit: number;
  /** The value to take its place; undefined: it stays. Must not throw. */
  change(entry: ValueEntry): Uint8Array | undefined;
}

export interface Rewritten {
  /** Undefined at the end. */
  cursor: string | undefined;
  changed: number;
}

/** The store cannot serve at the moment: no connection, disk full, closed. What was asked may or may not have happened. */
export class StoreUnavailable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreUnavailable';
  }
}

/** The store is there and serves, but not this program as it is set up; the message says what to do. */
export class StoreRefused extends Error {
  override readonly name: string = 'StoreRefused';
}

const partitions = 64;

/** The partition of an entity: the same for all times and stores, so that everything can be moved between stores. */
export function partitionOf(id: string): string {
  let hash = 0x811c9dc5; // FNV-1a, 32 bits
  for (const byte of new TextEncoder().encode(id)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return `p${String(hash % partitions).padStart(2, '0')}`;
}

export const allPartitions: readonly string[] = Array.from({ length: partitions }, (_, at) => `p${String(at).padStart(2, '0')}`);

/** What stands in an index of that name in any partition, in no order of all; `limit` counts in each. */
export async function rangeInAll(store: Pick<Store, 'range'>, index: string, range: Range): Promise<Ranked[]> {
  return (await Promise.all(allPartitions.map((partition) => store.range(partition, index, range)))).flat();
}
