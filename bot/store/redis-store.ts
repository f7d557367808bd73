import { randomUUID } from 'node:crypto';
import type { Entry, ValueEntry } from './entry.ts';
import type { RedisAddress } from './redis/address.ts';
import { type Connection, connect } from './redis/connection.ts';
import { Hints } from './redis/hints.ts';
import { bytesOf, type Kind, keyOf, placeOf, split, whole } from './redis/layout.ts';
import { type LostClaim, LostClaims } from './redis/lost-claims.ts';
import { Moving, rawOf } from './redis/moving.ts';
import { type ScriptName, scripts } from './redis/scripts.ts';
import { checkServer } from './redis/server-check.ts';
import {
  type Applied,
  allPartitions,
  type Claim,
  type ClaimOptions,
  type CommitStep,
  type Committed,
  type LogEntry,
  type Operation,
  type QueueName,
  type Range,
  type Ranked,
  type Rewrite,
  type Rewritten,
  type Step,
  type Store,
  type StoredRecord,
  StoreUnavailable,
} from './store.ts';

export interface RedisOptions {
  address: RedisAddress;
  /** Replicas that must have a step before it counts as durable. */
  replicas?: number;
  /** Milliseconds to wait for Redis at the beginning. */
  patience?: number | undefined;
  /** Replaces the clock of the server, for tests. */
  now?: () => number;
}

/**
 * The store for several processes: Redis as a single server, with replicas, or as a Cluster. Each step is one script, and so
 * atomic; it is as durable as Redis keeps it, which takes `appendfsync always`, and replicas that are waited for where a primary
 * may be replaced. Work within a claim is left to the caller: a script cannot call back.
 *
 * A command whose answer does not come may have been carried out. Its caller gets `StoreUnavailable` and asks again, with the same
 * once key; a claim of which the answer was lost, to its taking or to its commit, is given back as soon as Redis is there again.
 */
export async function openRedisStore({ address, replicas = 0, patience, now }: RedisOptions): Promise<Store> {
  const connection = await connect(address, patience);
  try {
    await checkServer(connection);
    const hints = new Hints(address, connection);
    const store = new RedisStore(connection, hints, replicas, now);
    await store.ping();
    await hints.open();
    return store;
  } catch (error) {
    await connection.close();
    throw error;
  }
}

const copyBatch = 200;
/** A copy of a log that nobody finished goes by itself. */
const copyMs = 3_600_000;
const sweepBatch = 200;
const mostBatches = 50;

class RedisStore implements Store {
  readonly #connection: Connection;
  readonly #hints: Hints;
  readonly #moving: Moving;
  readonly #replicas: number;
  readonly #testClock: (() => number) | undefined;
  readonly #lostClaims = new LostClaims((claim) => this.#release(claim, { dueAt: 0, counts: false }));
  /** How far the server's clock is ahead of this machine's. */
  #ahead = 0;

  constructor(connection: Connection, hints: Hints, replicas: number, testClock: (() => number) | undefined) {
    this.#connection = connection;
    this.#hints = hints;
    this.#moving = new Moving(connection);
    this.#replicas = replicas;
    this.#testClock = testClock;
  }

  now(): number {
    return this.#testClock?.() ?? Date.now() + this.#ahead;
  }

  async get(partition: string, record: string): Promise<StoredRecord | undefined> {
    const script = new Parameters(partition).key('r', record);
    return parseRecord((await this.#run('get', script))[1] as Buffer | null);
  }

  async read(partition: string, log: string, after: number, limit: number): Promise<LogEntry[]> {
    const key = keyOf(partition, 'l', log);
    const entries = (await this.#connection.send(partition, ['XRANGE', key, `(0-${after}`, '+', 'COUNT', String(limit)])) as StreamEntry[];
    return entries.map(([id, [, value]]) => ({ position: Number(id.toString().split('-')[1]), value }));
  }

  async end(partition: string, log: string): Promise<number> {
    return (await this.#run('endOf', new Parameters(partition).key('l', log)))[1] as number;
  }

  async range(partition: string, index: string, { from = -Infinity, to = Infinity, limit }: Range): Promise<Ranked[]> {
    const key = keyOf(partition, 'i', index);
    const bounds = [scoreOf(from), scoreOf(to), 'BYSCORE', 'LIMIT', '0', String(limit), 'WITHSCORES'];
    return ranked((await this.#connection.send(partition, ['ZRANGE', key, ...bounds])) as Buffer[]);
  }

  async apply(partition: string, { once, checks, bounds = [], operations, claim }: Step): Promise<Applied> {
    const script = new Parameters(partition);
    if (once) script.add('1').key('o', once.key).add(once.digest, whole(once.expiresAt));
    else script.add('0');
    script.checks(checks).add(bounds.length);
    for (const { queue, most } of bounds) script.key('w', queue).add(most, queue);
    script.operations(operations);
    const token = randomUUID();
    if (claim) script.add('1').claim(claim.queue, claim, token);
    else script.add('0');
    const applying = this.#write('apply', script);
    const [, outcome, detail, claimed] = await (claim ? this.#claiming({ partition, queue: claim.queue, token }, applying) : applying);
    switch (String(outcome)) {
      case 'applied': {
        const taken = claim && parseClaim(partition, claim.queue, claim, token, claimed as ClaimReply);
        return { outcome: 'applied', positions: detail as number[], ...(taken && { claim: taken }) };
      }
      case 'repeated':
        return { outcome: 'repeated', positions: detail as number[] };
      case 'conflict':
        return { outcome: 'conflict' };
      case 'full':
        return { outcome: 'full', queue: String(detail) };
      default:
        return { outcome: 'refused', record: String(detail) };
    }
  }

  async claim(partition: string, queue: string, options: ClaimOptions): Promise<Claim | undefined> {
    const token = randomUUID();
    const script = new Parameters(partition).claim(queue, options, token);
    const [, claimed] = await this.#claiming({ partition, queue, token }, this.#run('claim', script));
    return parseClaim(partition, queue, options, token, claimed as ClaimReply);
  }

  async commit(claim: Claim, { checks, operations }: CommitStep): Promise<Committed> {
    const { partition, queue, token, item } = claim;
    const script = new Parameters(partition).queue(queue).add(token, item).checks(checks).operations(operations);
    const [, outcome, detail, waiting] = await this.#claiming(claim, this.#write('commit', script));
    switch (String(outcome)) {
      case 'applied':
        return { outcome: 'applied', positions: detail as number[], waiting: waiting as number };
      case 'refused':
        return { outcome: 'refused', record: String(detail) };
      default:
        return { outcome: 'fenced' };
    }
  }

  async release(claim: Claim, dueAt: number): Promise<void> {
    await this.#release(claim, { dueAt, counts: true });
  }

  async due(limit: number, ahead = 0): Promise<QueueName[]> {
    const found = await Promise.all(
      allPartitions.map(async (partition) => {
        const waiting = (await this.#run('due', new Parameters(partition).add(limit, whole(ahead))))[1] as Buffer[];
        return ranked(waiting).map(({ member, score }) => ({ partition, queue: member, score }));
      }),
    );
    const longestFirst = found.flat().sort((a, b) => a.score - b.score);
    return longestFirst.slice(0, limit).map(({ partition, queue }) => ({ partition, queue }));
  }

  async sweep(): Promise<number> {
    let removed = 0;
    for (const partition of allPartitions) {
      // What is left after so many batches is found the next time, by this instance or another.
      for (let batch = 0; batch < mostBatches; batch += 1) {
        const [, looked, gone] = (await this.#run('sweep', new Parameters(partition).add(sweepBatch))) as number[];
        removed += gone ?? 0;
        if ((looked ?? 0) < sweepBatch) break;
      }
    }
    return removed;
  }

  export(): AsyncIterable<Entry> {
    return this.#moving.export();
  }

  async import(entries: AsyncIterable<Entry>): Promise<void> {
    await this.ping(); // which sets this clock by that of the server
    await this.#moving.import(entries, this.now());
    // What was written over the connections to each node counts with the last of it.
    if (this.#replicas > 0) await Promise.all(allPartitions.map((partition) => this.#write('time', new Parameters(partition))));
  }

  clear(): Promise<void> {
    return this.#moving.clear();
  }

  async rewrite({ cursor, limit, change }: Rewrite): Promise<Rewritten> {
    const scanned = await this.#moving.scan(cursor, limit);
    let changed = 0;
    for (const key of scanned.keys) changed += await this.#rewriteAt(key, change);
    return { cursor: scanned.cursor, changed };
  }

  async #rewriteAt(key: string, change: Rewrite['change']): Promise<number> {
    if (placeOf(key)?.kind === 'l') return this.#rewriteLog(key, change);
    let changed = 0;
    for await (const entry of this.#moving.entriesAt(key)) {
      if (!('value' in entry) || entry.kind === 'logged') continue;
      const value = change(entry);
      if (!value) continue;
      const { partition, name, kind } = entry;
      const script = new Parameters(partition).key(kind === 'record' ? 'r' : 'w', name).bytes(rawOf(entry));
      const [, done] =
        kind === 'record'
          ? await this.#write('rewriteRecord', script.bytes(value))
          : await this.#write('rewriteItem', script.bytes(rawOf(entry, value)));
      changed += done as number;
    }
    return changed;
  }

  /** A log is copied with its new values, however long it is, and takes the place of the old one in one step. */
  async #rewriteLog(key: string, change: Rewrite['change']): Promise<number> {
    if (!(await this.#isToChange(key, change))) return 0;
    const copyName = randomUUID(); // another instance may be copying the same
    let changed = 0;
    let last: ValueEntry | undefined;
    let under: Promise<unknown>[] = [];
    for await (const entry of this.#moving.entriesAt(key)) {
      if (entry.kind !== 'logged') continue;
      const value = change(entry);
      if (value) changed += 1;
      const { partition, position } = entry;
      const copy = keyOf(partition, 't', copyName);
      under.push(this.#connection.send(partition, ['XADD', copy, `0-${position}`, 'v', bytesOf(value ?? entry.value)]));
      if (!last) under.push(this.#connection.send(partition, ['PEXPIRE', copy, String(copyMs)]));
      last = entry;
      if (under.length < copyBatch) continue;
      await Promise.all(under);
      under = [];
    }
    await Promise.all(under);
    if (last?.kind !== 'logged') return 0; // dropped meanwhile
    const { partition, name, position } = last;
    const script = new Parameters(partition).key('l', name).key('t', copyName).add(`0-${position}`).bytes(last.value);
    const [, done] = await this.#write('replaceLog', script);
    return done === 1 ? changed : 0;
  }

  async #isToChange(key: string, change: Rewrite['change']): Promise<boolean> {
    for await (const entry of this.#moving.entriesAt(key)) if (entry.kind === 'logged' && change(entry)) return true;
    return false;
  }

  watch(topic: string, listener: (payload: string) => void): () => void {
    return this.#hints.watch(topic, listener);
  }

  announce(topic: string, payload: string): void {
    this.#hints.announce(topic, payload);
  }

  async ping(): Promise<void> {
    await this.#run('time', new Parameters('p00'));
  }

  async close(): Promise<void> {
    this.#hints.close();
    this.#lostClaims.close();
    await this.#connection.close();
  }

  /** `counts`: as an attempt at the item. */
  async #release({ partition, queue, token }: LostClaim, { dueAt, counts }: { dueAt: number; counts: boolean }): Promise<void> {
    await this.#run('release', new Parameters(partition).key('q', queue).add(queue, token, whole(dueAt), counts ? '1' : '0'));
  }

  /** What became of a claim is not known when the store fails. */
  async #claiming<T>(claim: LostClaim, work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      this.#lostClaims.note(claim);
      throw error;
    }
  }

  /** A step that must be durable when it is acknowledged. */
  #write(name: ScriptName, script: Parameters): Promise<unknown[]> {
    return this.#run(name, script, (command) =>
      this.#replicas > 0
        ? this.#connection.sendReplicated(script.partition, command, this.#replicas)
        : this.#connection.send(script.partition, command),
    );
  }

  /** By its digest; when the server does not know that, by its text, which also teaches it. */
  async #run(
    name: ScriptName,
    { partition, keys, values }: Parameters,
    send = (command: (string | Buffer)[]) => this.#connection.send(partition, command),
  ): Promise<unknown[]> {
    const { source, digest } = scripts[name];
    const parameters = [String(keys.length), ...keys, this.#testClock ? whole(this.#testClock()) : '', ...values];
    let reply: unknown;
    try {
      reply = await send(['EVALSHA', digest, ...parameters]);
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      reply = await send(['EVAL', source, ...parameters]);
    }
    const [now] = reply as [number];
    this.#ahead = now - Date.now();
    return reply as unknown[];
  }
}

/** What a script is given, in the order in which it takes it. A key is named by its number among the keys. */
class Parameters {
  readonly partition: string;
  readonly keys: string[];
  readonly values: (string | Buffer)[] = [];

  constructor(partition: string) {
    this.partition = partition;
    this.keys = [`{${partition}}:expiry`, `{${partition}}:ready`];
  }

  add(...values: (string | number)[]): this {
    for (const value of values) this.values.push(String(value));
    return this;
  }

  bytes(value: Uint8Array): this {
    this.values.push(bytesOf(value));
    return this;
  }

  key(kind: Kind, name: string): this {
    const key = keyOf(this.partition, kind, name);
    const known = this.keys.indexOf(key);
    return this.add(known < 0 ? this.keys.push(key) : known + 1);
  }

  queue(name: string): this {
    return this.key('q', name).key('w', name).add(name);
  }

  checks(checks: Step['checks'] = []): this {
    this.add(checks.length);
    for (const check of checks) this.key('r', check.record).add('exists' in check ? 'exists' : check.version, check.record);
    return this;
  }

  claim(queue: string, { lease, records = [] }: ClaimOptions, token: string): this {
    this.queue(queue).add(lease, token, records.length);
    for (const record of records) this.key('r', record);
    return this;
  }

  operations(operations: readonly Operation[]): this {
    this.add(operations.length);
    for (const operation of operations) this.#operation(operation);
    return this;
  }

  #operation(operation: Operation): this {
    this.add(operation.do);
    switch (operation.do) {
      case 'put':
        return this.key('r', operation.record)
          .add(operation.expiresAt === undefined ? '' : whole(operation.expiresAt))
          .bytes(operation.value);
      case 'remove':
        return this.key('r', operation.record);
      case 'append':
        return this.key('l', operation.log).bytes(operation.value);
      case 'trim':
        return this.key('l', operation.log).add(operation.upTo);
      case 'drop':
        return this.key('l', operation.log);
      case 'rank':
        return this.key('i', operation.index).add(operation.score, operation.member);
      case 'unrank':
        return this.key('i', operation.index).add(operation.member);
      case 'enqueue':
        return this.queue(operation.queue)
          .add(whole(operation.dueAt ?? 0))
          .bytes(operation.value);
      case 'clear':
        return this.queue(operation.queue);
    }
  }
}

type StreamEntry = [id: Buffer, fields: [name: Buffer, value: Buffer]];
type ClaimReply = [item: number, attempt: number, first: number, head: Buffer, records: (Buffer | null)[]] | null;

function parseClaim(
  partition: string,
  queue: string,
  { records = [] }: ClaimOptions,
  token: string,
  reply: ClaimReply | undefined,
): Claim | undefined {
  if (!reply) return undefined;
  const [item, attempt, firstClaimedAt, head, values] = reply;
  const [position, , value] = split(head);
  return {
    partition,
    queue,
    token,
    item,
    value,
    position: Number(position),
    attempt,
    firstClaimedAt,
    records: Object.fromEntries(records.map((name, at) => [name, parseRecord(values[at] ?? null)])),
  };
}

function parseRecord(raw: Buffer | null): StoredRecord | undefined {
  if (!raw) return undefined;
  const [version, , value] = split(raw);
  return { version: Number(version), value };
}

/** Member, score, member, score … */
function ranked(flat: readonly Buffer[]): Ranked[] {
  return Array.from({ length: flat.length / 2 }, (_, at) => ({
    member: String(flat[2 * at]),
    score: Number(String(flat[2 * at + 1])),
  }));
}

function scoreOf(bound: number): string {
  if (Number.isFinite(bound)) return String(bound);
  return bound < 0 ? '-inf' : '+inf';
}
