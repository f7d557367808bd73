import type { Key, RootDatabase, Transaction } from 'lmdb';
import type { Entry } from '../entry.ts';
import { keyOf, type OnceRow, type QueueRow, type Row, type RowKey, rangeOf, valueEntryOf } from './rows.ts';

type Database = Pick<RootDatabase<Row, Key>, 'getRange' | 'getKeysCount' | 'useReadTransaction'>;

/** All that a store holds, at one moment of it, however long it takes, and whoever writes meanwhile. */
export function* exportEntries(database: Database): Iterable<Entry> {
  const transaction = database.useReadTransaction();
  try {
    for (const kind of ['record', 'log', 'entry', 'score', 'queue', 'once'] as const) {
      for (const { key, value } of database.getRange({ ...rangeOf(kind), transaction })) {
        yield* entriesOf(database, key as RowKey, value, transaction);
      }
    }
  } finally {
    transaction.done();
  }
}

function* entriesOf(database: Database, key: RowKey, row: Row, transaction: Transaction): Iterable<Entry> {
  const [kind, partition, name, which] = key;
  const named = { partition, name };
  switch (kind) {
    case 'record':
    case 'entry':
      yield valueEntryOf(key, row);
      return;
    case 'log': {
      const entries = { start: keyOf.entry(partition, name, 0), end: keyOf.entry(partition, name, Number.MAX_SAFE_INTEGER) };
      if (database.getKeysCount({ ...entries, limit: 1, transaction }) === 0) yield { kind: 'trimmed', ...named, end: row as number };
      return;
    }
    case 'score':
      yield { kind: 'rank', ...named, member: String(which), score: row as number };
      return;
    case 'queue': {
      const { head, next, readyAt, attempt, firstClaimedAt, token } = row as QueueRow;
      const isReady = head === next || token !== undefined;
      yield { kind, ...named, head, waiting: next - head, readyAt: isReady ? 0 : Math.ceil(readyAt), attempt, firstClaimedAt };
      const items = { start: keyOf.item(partition, name, head), end: keyOf.item(partition, name, next) };
      for (const item of database.getRange({ ...items, transaction })) yield valueEntryOf(item.key as RowKey, item.value);
      return;
    }
    case 'once': {
      const { digest, positions, expiresAt = 0 } = row as OnceRow;
      yield { kind, ...named, digest, positions, expiresAt: Math.ceil(expiresAt) };
    }
  }
}
