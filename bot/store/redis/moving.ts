import type { Entry, ValueEntry } from '../entry.ts';
import type { Connection } from './connection.ts';
import { bytesOf, joined, type Kind, keyOf, placeOf, split, whole } from './layout.ts';

const names = '{p[0-9][0-9]}:[a-z]*';
const scanAbout = 500;
const pageSize = 200;
const mostCommandsUnderWay = 200;
const mostBytesUnderWay = 1_000_000;

interface Place {
  partition: string;
  kind: Kind;
  name: string;
}

/** What stands in Redis, as entries and back, by plain commands: no step needs to be atomic where nobody else writes. */
export class Moving {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** All entries; the names of all keys are held in memory meanwhile, for a scan may give the same twice. */
  async *export(): AsyncIterable<Entry> {
    const seen = new Set<string>();
    for (let cursor: string | undefined; ; ) {
      const scanned = await this.scan(cursor, scanAbout);
      for (const key of scanned.keys) {
        if (seen.has(key)) continue;
        seen.add(key);
        yield* this.entriesAt(key);
      }
      cursor = scanned.cursor;
      if (cursor === undefined) return;
    }
  }

  scan(cursor: string | undefined, about: number) {
    return this.#connection.scan(cursor, names, about);
  }

  /** What stands under a key; nothing, for the keys that only support others. */
  async *entriesAt(key: string): AsyncIterable<Entry> {
    const place = placeOf(key);
    switch (place?.kind) {
      case 'r':
        yield* await this.#record(key, place);
        return;
      case 'l':
        yield* this.#log(key, place);
        return;
      case 'i':
        yield* this.#index(key, place);
        return;
      case 'q':
        yield* this.#queue(key, place);
        return;
      case 'o':
        yield* await this.#once(key, place);
    }
  }

  async import(entries: AsyncIterable<Entry>, now: number): Promise<void> {
    let commands: { partition: string; command: Argument[] }[] = [];
    let bytes = 0;
    const send = async () => {
      const sent = commands;
      commands = [];
      bytes = 0;
      await Promise.all(sent.map(({ partition, command }) => this.#connection.send(partition, command)));
    };
    for await (const entry of entries) {
      for (const command of commandsFor(entry, now)) commands.push({ partition: entry.partition, command });
      bytes += 'value' in entry ? entry.value.length : 0;
      if (commands.length >= mostCommandsUnderWay || bytes >= mostBytesUnderWay) await send();
    }
    await send();
  }

  /** Removes what is ours; there may be other things in the same database. */
  async clear(): Promise<void> {
    for (let cursor: string | undefined; ; ) {
      const scanned = await this.scan(cursor, scanAbout);
      await Promise.all(scanned.keys.map((key) => this.#connection.send(partitionIn(key), ['UNLINK', key])));
      cursor = scanned.cursor;
      if (cursor === undefined) return;
    }
  }

  async #record(key: string, { partition, name }: Place): Promise<Entry[]> {
    const raw = (await this.#connection.send(partition, ['GET', key])) as Buffer | null;
    if (!raw) return [];
    const [version, expiresAt, value] = split(raw);
    return [
      { kind: 'record', partition, name, version: Number(version), ...(expiresAt !== '' && { expiresAt: Number(expiresAt) }), value },
    ];
  }

  async *#log(key: string, { partition, name }: Place): AsyncIterable<Entry> {
    let position = 0;
    for (;;) {
      const range = [`(0-${position}`, '+', 'COUNT', String(pageSize)];
      const entries = (await this.#connection.send(partition, ['XRANGE', key, ...range])) as StreamEntry[];
      for (const [id, [, value]] of entries) {
        position = Number(String(id).split('-')[1]);
        yield { kind: 'logged', partition, name, position, value };
      }
      if (entries.length < pageSize) break;
    }
    if (position > 0) return;
    const end = endIn((await this.#connection.send(partition, ['XINFO', 'STREAM', key])) as unknown[]);
    yield { kind: 'trimmed', partition, name, end };
  }

  async *#index(key: string, { partition, name }: Place): AsyncIterable<Entry> {
    for (let from = 0; ; from += pageSize) {
      const range = [String(from), String(from + pageSize - 1), 'WITHSCORES'];
      const flat = (await this.#connection.send(partition, ['ZRANGE', key, ...range])) as Buffer[];
      for (let at = 0; at < flat.length; at += 2) {
        yield { kind: 'rank', partition, name, member: String(flat[at]), score: Number(String(flat[at + 1])) };
      }
      if (flat.length < 2 * pageSize) return;
    }
  }

  async *#queue(key: string, { partition, name }: Place): AsyncIterable<Entry> {
    const w = keyOf(partition, 'w', name);
    const [facts, ready, length] = (await Promise.all([
      this.#connection.send(partition, ['HMGET', key, 'item', 'attempt', 'first', 'token']),
      this.#connection.send(partition, ['ZSCORE', `{${partition}}:ready`, name]),
      this.#connection.send(partition, ['LLEN', w]),
    ])) as [(Buffer | null)[], Buffer | null, number];
    const [item, attempt, first, token] = facts.map((fact) => (fact === null ? undefined : String(fact)));
    const head = Number(item ?? 1);
    const readyAt = token !== undefined || ready === null ? 0 : Number(String(ready));
    yield {
      kind: 'queue',
      partition,
      name,
      head,
      waiting: length,
      readyAt,
      attempt: Number(attempt ?? 0),
      firstClaimedAt: Number(first ?? 0),
    };
    for (let from = 0; from < length; from += pageSize) {
      const raws = (await this.#connection.send(partition, ['LRANGE', w, String(from), String(from + pageSize - 1)])) as Buffer[];
      for (const [at, raw] of raws.entries()) {
        const [position, dueAt, value] = split(raw);
        yield { kind: 'item', partition, name, item: head + from + at, position: Number(position), dueAt: Number(dueAt), value };
      }
    }
  }

  async #once(key: string, { partition, name }: Place): Promise<Entry[]> {
    const raw = (await this.#connection.send(partition, ['GET', key])) as Buffer | null;
    if (!raw) return [];
    const [expiresAt, positions, digest] = split(raw);
    const listed = positions === '' ? [] : positions.split(',').map(Number);
    return [{ kind: 'once', partition, name, digest: digest.toString(), positions: listed, expiresAt: Number(expiresAt) }];
  }
}

type Argument = string | Buffer;
type StreamEntry = [id: Buffer, fields: [name: Buffer, value: Buffer]];

/** The commands that put an entry in its place; see `scripts.ts` for what stands where. */
function commandsFor(entry: Entry, now: number): Argument[][] {
  const { kind, partition, name } = entry;
  const key = (of: Kind) => keyOf(partition, of, name);
  switch (kind) {
    case 'record': {
      const { version, expiresAt, value } = entry;
      return mortal(partition, 'r', name, joined(version, expiresAt, value), expiresAt, now);
    }
    case 'logged':
      return [['XADD', key('l'), `0-${entry.position}`, 'v', bytesOf(entry.value)]];
    case 'trimmed':
      return [
        ['XADD', key('l'), `0-${entry.end}`, 'v', ''],
        ['XTRIM', key('l'), 'MAXLEN', '0'],
      ];
    case 'rank':
      return [['ZADD', key('i'), String(entry.score), entry.member]];
    case 'queue': {
      const { head, waiting, readyAt, attempt, firstClaimedAt } = entry;
      const attempts = attempt > 0 ? ['attempt', String(attempt), 'first', whole(firstClaimedAt)] : [];
      const span = waiting > 0 ? ['span', whole(readyAt - now)] : [];
      return [
        ['HSET', key('q'), 'item', String(head), ...attempts, ...span],
        ...(waiting > 0 ? [['ZADD', `{${partition}}:ready`, whole(readyAt), name]] : []),
      ];
    }
    case 'item':
      return [['RPUSH', key('w'), rawOf(entry)]];
    case 'once': {
      const { digest, positions, expiresAt } = entry;
      return mortal(partition, 'o', name, Buffer.from(`${whole(expiresAt)}|${positions.join(',')}|${digest}`), expiresAt, now);
    }
  }
}

/** Redis itself removes it an hour after its time, as the scripts have it. */
function mortal(partition: string, kind: Kind, name: string, raw: Buffer, expiresAt: number | undefined, now: number): Argument[][] {
  const key = keyOf(partition, kind, name);
  if (expiresAt === undefined) return [['SET', key, raw]];
  return [
    ['SET', key, raw, 'PX', whole(Math.max(expiresAt - now, 0) + 3_600_000)],
    ['ZADD', `{${partition}}:expiry`, whole(expiresAt), `${kind}:${name}`],
  ];
}

/** The value of an entry as it stands in Redis, or another in its place. */
export function rawOf(entry: ValueEntry, value = entry.value): Buffer {
  switch (entry.kind) {
    case 'record':
      return joined(entry.version, entry.expiresAt, value);
    case 'logged':
      return bytesOf(value);
    case 'item':
      return joined(entry.position, entry.dueAt, value);
  }
}

function partitionIn(key: string): string {
  return key.slice(1, key.indexOf('}'));
}

function endIn(facts: readonly unknown[]): number {
  const at = facts.findIndex((fact) => String(fact) === 'last-generated-id');
  return Number(String(facts[at + 1]).split('-')[1]);
}
