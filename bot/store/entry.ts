/**
 * One thing that a store keeps, as it keeps it: values sealed, with versions, positions and times. What all stores have in common, so
 * that everything can be moved from one to another, or into a file. Leases are not part of it: who held one is gone.
 */
export type Entry =
  | ValueEntry
  /** A log of which nothing is left but its end. */
  | (Named & { kind: 'trimmed'; end: number })
  | (Named & { kind: 'rank'; member: string; score: number })
  /** Before its items. `head`: the number of the first of them, or of the next to come. */
  | (Named & { kind: 'queue'; head: number; waiting: number; readyAt: number; attempt: number; firstClaimedAt: number })
  | (Named & { kind: 'once'; digest: string; positions: number[]; expiresAt: number });

/** Entries with a value; those of one log and those of one queue come one after the other, in their order. */
export type ValueEntry =
  | (Named & { kind: 'record'; version: number; expiresAt?: number; value: Uint8Array })
  | (Named & { kind: 'logged'; position: number; value: Uint8Array })
  | (Named & { kind: 'item'; item: number; position: number; dueAt: number; value: Uint8Array });

interface Named {
  partition: string;
  /** Of the record, the log, the index, the queue, or the once key. */
  name: string;
}

export type EntryKind = Entry['kind'];

export const entryKinds: readonly EntryKind[] = ['record', 'logged', 'trimmed', 'rank', 'queue', 'item', 'once'];

/** An entry as bytes: everything but the value, as JSON with its fields in one order, and the value. */
export interface EncodedEntry {
  head: Buffer;
  value: Uint8Array;
}

const noValue = new Uint8Array();

export function encodeEntry(entry: Entry): EncodedEntry {
  const value = 'value' in entry ? entry.value : noValue;
  return { head: Buffer.from(JSON.stringify([entry.kind, entry.partition, entry.name, ...factsOf(entry)])), value };
}

/** Reads back what `encodeEntry` wrote. */
export function decodeEntry({ head, value }: EncodedEntry): Entry {
  const [kind, partition, name, ...facts] = JSON.parse(head.toString()) as [EntryKind, string, string, ...unknown[]];
  const named = { partition, name };
  switch (kind) {
    case 'record': {
      const [version, expiresAt] = facts as [number, number | null];
      return { kind, ...named, version, ...(expiresAt !== null && { expiresAt }), value };
    }
    case 'logged': {
      const [position] = facts as [number];
      return { kind, ...named, position, value };
    }
    case 'item': {
      const [item, position, dueAt] = facts as [number, number, number];
      return { kind, ...named, item, position, dueAt, value };
    }
    case 'trimmed': {
      const [end] = facts as [number];
      return { kind, ...named, end };
    }
    case 'rank': {
      const [member, score] = facts as [string, number];
      return { kind, ...named, member, score };
    }
    case 'queue': {
      const [head, waiting, readyAt, attempt, firstClaimedAt] = facts as [number, number, number, number, number];
      return { kind, ...named, head, waiting, readyAt, attempt, firstClaimedAt };
    }
    case 'once': {
      const [digest, positions, expiresAt] = facts as [string, number[], number];
      return { kind, ...named, digest, positions, expiresAt };
    }
  }
}

function factsOf(entry: Entry): unknown[] {
  switch (entry.kind) {
    case 'record':
      return [entry.version, entry.expiresAt ?? null];
    case 'logged':
      return [entry.position];
    case 'item':
      return [entry.item, entry.position, entry.dueAt];
    case 'trimmed':
      return [entry.end];
    case 'rank':
      return [entry.member, entry.score];
    case 'queue':
      return [entry.head, entry.waiting, entry.readyAt, entry.attempt, entry.firstClaimedAt];
    case 'once':
      return [entry.digest, entry.positions, entry.expiresAt];
  }
}
