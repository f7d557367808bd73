import type { Key } from 'lmdb';
import type { ValueEntry } from '../entry.ts';

/** Rows by key. The first part of a key says what it is; positions and scores sort as numbers. */
export const keyOf = {
  record: (partition: string, name: string) => ['record', partition, name],
  log: (partition: string, name: string) => ['log', partition, name],
  entry: (partition: string, log: string, position: number) => ['entry', partition, log, position],
  score: (partition: string, index: string, member: string) => ['score', partition, index, member],
  place: (partition: string, index: string, score: number, member: string) => ['place', partition, index, score, member],
  queue: (partition: string, name: string) => ['queue', partition, name],
  item: (partition: string, queue: string, item: number) => ['item', partition, queue, item],
  ready: (at: number, partition: string, queue: string) => ['ready', at, partition, queue],
  once: (partition: string, key: string) => ['once', partition, key],
  suspect: (partition: string, key: string) => ['suspect', partition, key],
  expiry: (at: number, kind: Mortal, partition: string, name: string) => ['expiry', at, kind, partition, name],
} satisfies Record<string, (...parts: never[]) => Key>;

/** A log's row is its end: the newest position ever given. */
export type Row = RecordRow | QueueRow | ItemRow | OnceRow | Expiring | Uint8Array | number | true;

/** Things that may expire. `noticeAt`: the earliest time at which the expiry index will look at the thing again. */
export type Mortal = 'record' | 'once' | 'suspect';
export interface Expiring {
  expiresAt?: number;
  noticeAt?: number;
}
export interface RecordRow extends Expiring {
  version: number;
  value: Uint8Array;
}
export interface OnceRow extends Expiring {
  digest: string;
  positions: number[];
}
export interface QueueRow {
  /** Number of the head, and of the next item to come; equal when nothing waits. */
  head: number;
  next: number;
  readyAt: number;
  token?: string;
  attempt: number;
  firstClaimedAt: number;
}
export interface ItemRow {
  value: Uint8Array;
  position: number;
  dueAt: number;
}

/** Of the rows that are moved: the others follow from them. `which`: a position, a number or a member, where there are several. */
export type RowKey = [
  kind: 'record' | 'log' | 'entry' | 'score' | 'queue' | 'item' | 'once',
  partition: string,
  name: string,
  which: string | number,
];
export type ExpiryKey = ['expiry', number, Mortal, string, string];

/** All rows of a kind. */
export function rangeOf(kind: RowKey[0]): { start: Key; end: Key } {
  return { start: [kind], end: [kind, '\uffff'] };
}

/** Copies the value: what the database gives out may change with its next step. */
export function valueEntryOf([kind, partition, name, number]: RowKey, row: Row): ValueEntry {
  const named = { partition, name };
  if (kind === 'entry') return { kind: 'logged', ...named, position: Number(number), value: Buffer.from(row as Uint8Array) };
  if (kind === 'item') {
    const { value, position, dueAt } = row as ItemRow;
    return { kind, ...named, item: Number(number), position, dueAt: Math.ceil(dueAt), value: Buffer.from(value) };
  }
  const { version, value, expiresAt } = row as RecordRow;
  return {
    kind: 'record',
    ...named,
    version,
    ...(expiresAt !== undefined && { expiresAt: Math.ceil(expiresAt) }),
    value: Buffer.from(value),
  };
}
