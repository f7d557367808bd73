import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Key, open, type RootDatabase } from 'lmdb';
import type { Entry } from './entry.ts';
import { exportEntries } from './lmdb/export.ts';
import {
  type Expiring,
  type ExpiryKey,
  type ItemRow,
  keyOf,
  type Mortal,
  type OnceRow,
  type QueueRow,
  type RecordRow,
  type Row,
  type RowKey,
  rangeOf,
  valueEntryOf,
} from './lmdb/rows.ts';
import { Transactions } from './lmdb/transactions.ts';
import { UnderWork } from './lmdb/under-work.ts';
import {
  type Applied,
  type Check,
  type Claim,
  type ClaimOptions,
  type CommitStep,
  type Committed,
  type LogEntry,
  type Operation,
  type QueueName,
  type Range,
  type Ranked,
  type Refused,
  type Rewrite,
  type Rewritten,
  type Step,
  type Store,
  type StoredRecord,
  StoreUnavailable,
} from './store.ts';

export interface LmdbOptions {
  /** A folder on a local disk; LMDB does not work on network disks. */
  folder: string;
  /** Frees the leases of a process that is gone. Set by the one process that runs turns, not by tools that look in. */
  takeOver: boolean;
  now?: () => number;
}

/**
 * The embedded store: one file, one writing process, nothing to install. Steps are LMDB transactions, so a crash at any moment
 * leaves all of a step or nothing, and a step is acknowledged only when the disk has it.
 */
export async function openLmdbStore({ folder, takeOver, now = Date.now }: LmdbOptions): Promise<Store> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const database = open<Row, Key>({ path: folder, noSubdir: false, encoding: 'msgpack' });
  const store = new LmdbStore(database, new UnderWork(join(folder, 'under-work')), now);
  if (takeOver) await store.takeOver();
  return store;
}

class LmdbStore implements Store {
  readonly #db: RootDatabase<Row, Key>;
  readonly #clock: () => number;
  readonly #underWork: UnderWork;
  readonly #transactions: Transactions;
  readonly #hints = new EventEmitter().setMaxListeners(0);
  #closed = false;

  constructor(database: RootDatabase<Row, Key>, underWork: UnderWork, clock: () => number) {
    this.#db = database;
    this.#transactions = new Transactions(database);
    this.#underWork = underWork;
    this.#clock = clock;
  }

  now(): number {
    return this.#clock();
  }

  async get(partition: string, record: string): Promise<StoredRecord | undefined> {
    return this.#reading(() => this.#record(partition, record));
  }

  async read(partition: string, log: string, after: number, limit: number): Promise<LogEntry[]> {
    return this.#reading(() => {
      const start = keyOf.entry(partition, log, after + 1);
      const end = keyOf.entry(partition, log, Number.MAX_SAFE_INTEGER);
      return [...this.#db.getRange({ start, end, limit })].map(({ key, value }) => ({
        position: (key as [string, string, string, number])[3],
        value: value as Uint8Array,
      }));
    });
  }

  async end(partition: string, log: string): Promise<number> {
    return this.#reading(() => this.#end(partition, log));
  }

  async range(partition: string, index: string, { from = -Infinity, to = Infinity, limit }: Range): Promise<Ranked[]> {
    return this.#reading(() => {
      const found: Ranked[] = [];
      for (const key of this.#db.getKeys({
        start: ['place', partition, index, from],
        end: ['place', partition, index, Infinity, '\uffff'],
      })) {
        const [, , , score, member] = key as [string, string, string, number, string];
        if (score > to || found.length >= limit) break;
        found.push({ member, score });
      }
      return found;
    });
  }

  async apply(partition: string, step: Step): Promise<Applied> {
    return this.#writing(() => this.#apply(partition, step));
  }

  async claim(partition: string, queue: string, options: ClaimOptions): Promise<Claim | undefined> {
    return this.#writing(() => this.#claim(partition, queue, options));
  }

  #claim(partition: string, queue: string, { lease, records = [] }: ClaimOptions): Claim | undefined {
    const row = this.#get(keyOf.queue(partition, queue)) as QueueRow | undefined;
    const now = this.#clock();
    if (!row || row.head === row.next || row.readyAt > now) return undefined;
    const item = this.#get(keyOf.item(partition, queue, row.head)) as ItemRow;
    const attempt = row.attempt + 1;
    const firstClaimedAt = attempt === 1 ? now : row.firstClaimedAt;
    const token = randomUUID();
    this.#setQueue(partition, queue, row, { ...row, token, attempt, firstClaimedAt, readyAt: now + lease });
    return {
      partition,
      queue,
      token,
      item: row.head,
      value: item.value,
      position: item.position,
      attempt,
      firstClaimedAt,
      records: Object.fromEntries(records.map((record) => [record, this.#record(partition, record)])),
    };
  }

  async commit(claim: Claim, step: CommitStep): Promise<Committed> {
    return this.#writing(() => this.#commit(claim, step));
  }

  #commit(claim: Claim, step: CommitStep): Committed {
    const { partition, queue, token, item } = claim;
    const row = this.#get(keyOf.queue(partition, queue)) as QueueRow | undefined;
    if (!row || row.token !== token || row.head !== item) return { outcome: 'fenced' };
    const refused = this.#refused(partition, step.checks);
    if (refused) return refused;
    const { token: _, ...rest } = row;
    const head = item + 1;
    const following = head < row.next ? (this.#get(keyOf.item(partition, queue, head)) as ItemRow) : undefined;
    this.#remove(keyOf.item(partition, queue, item));
    this.#setQueue(partition, queue, row, { ...rest, head, attempt: 0, firstClaimedAt: 0, readyAt: following?.dueAt ?? 0 });
    const positions = this.#write(partition, step.operations);
    const { next } = this.#get(keyOf.queue(partition, queue)) as QueueRow;
    return { outcome: 'applied', positions, waiting: next - head };
  }

  async release({ partition, queue, token }: Claim, dueAt: number): Promise<void> {
    await this.#writing(() => {
      const row = this.#get(keyOf.queue(partition, queue)) as QueueRow | undefined;
      if (!row || row.token !== token) return;
      const { token: _, ...rest } = row;
      this.#setQueue(partition, queue, row, { ...rest, readyAt: dueAt });
    });
  }

  async due(limit: number, ahead = 0): Promise<QueueName[]> {
    return this.#reading(() => {
      const keys = this.#db.getKeys({ start: ['ready', 0], end: ['ready', this.#clock() + ahead, '\uffff'], limit });
      return [...keys].map((key) => {
        const [, , partition, queue] = key as [string, number, string, string];
        return { partition, queue };
      });
    });
  }

  async sweep(): Promise<number> {
    let removed = 0;
    // In small steps, so that a large sweep does not hold up the turns.
    for (;;) {
      const keys = [...this.#db.getKeys({ start: ['expiry', 0], end: ['expiry', this.#clock(), '\uffff'], limit: 200 })];
      if (keys.length === 0) return removed;
      removed += await this.#writing(() => keys.filter((key) => this.#expire(key as ExpiryKey)).length);
    }
  }

  async *export(): AsyncIterable<Entry> {
    if (this.#closed) throw new StoreUnavailable('The store is closed.');
    yield* exportEntries(this.#db);
  }

  async import(entries: AsyncIterable<Entry>): Promise<void> {
    let batch: Entry[] = [];
    const write = (written: Entry[]) =>
      this.#writing(() => {
        for (const entry of written) this.#load(entry);
      });
    for await (const entry of entries) {
      batch.push(entry);
      if (batch.length < loadBatch) continue;
      await write(batch);
      batch = [];
    }
    await write(batch);
  }

  #load(entry: Entry): void {
    const { kind, partition, name } = entry;
    switch (kind) {
      case 'record': {
        const { version, value, expiresAt } = entry;
        this.#putMortal('record', partition, name, { version, value, ...(expiresAt !== undefined && { expiresAt }) });
        return;
      }
      case 'logged':
        this.#put(keyOf.entry(partition, name, entry.position), entry.value);
        this.#put(keyOf.log(partition, name), entry.position);
        return;
      case 'trimmed':
        this.#put(keyOf.log(partition, name), entry.end);
        return;
      case 'rank':
        this.#put(keyOf.score(partition, name, entry.member), entry.score);
        this.#put(keyOf.place(partition, name, entry.score, entry.member), true);
        return;
      case 'queue': {
        const { head, waiting, readyAt, attempt, firstClaimedAt } = entry;
        const row = { head, next: head + waiting, readyAt, attempt, firstClaimedAt };
        this.#setQueue(partition, name, row, row);
        return;
      }
      case 'item': {
        const { item, position, dueAt, value } = entry;
        this.#put(keyOf.item(partition, name, item), { value, position, dueAt });
        return;
      }
      case 'once': {
        const { digest, positions, expiresAt } = entry;
        this.#putMortal('once', partition, name, { digest, positions, expiresAt });
      }
    }
  }

  async clear(): Promise<void> {
    await this.#guard(() => this.#db.clearAsync());
  }

  async rewrite({ cursor, limit, change }: Rewrite): Promise<Rewritten> {
    return this.#writing(() => {
      const after = cursor === undefined ? undefined : (JSON.parse(cursor) as RowKey);
      const rows = this.#valueRows(after, limit);
      let changed = 0;
      for (const { key, value: row } of rows) {
        const value = change(valueEntryOf(key, row));
        if (!value) continue;
        this.#put(key, row instanceof Uint8Array ? value : { ...(row as RecordRow | ItemRow), value });
        changed += 1;
      }
      const last = rows.at(-1);
      return { cursor: last && rows.length >= limit ? JSON.stringify(last.key) : undefined, changed };
    });
  }

  /** Rows with a value, in the order of their keys. */
  #valueRows(after: RowKey | undefined, limit: number): { key: RowKey; value: Row }[] {
    this.#transactions.rows.write();
    const rows: { key: RowKey; value: Row }[] = [];
    for (const kind of ['entry', 'item', 'record'] as const) {
      if (after && after[0] > kind) continue;
      const range = after?.[0] === kind ? { ...rangeOf(kind), start: after, exclusiveStart: true } : rangeOf(kind);
      for (const { key, value } of this.#db.getRange({ ...range, limit: limit - rows.length })) rows.push({ key: key as RowKey, value });
      if (rows.length >= limit) break;
    }
    return rows;
  }

  watch(topic: string, listener: (payload: string) => void): () => void {
    this.#hints.on(topic, listener);
    return () => this.#hints.off(topic, listener);
  }

  announce(topic: string, payload: string): void {
    this.#hints.emit(topic, payload);
  }

  async ping(): Promise<void> {
    await this.#reading(() => this.#db.get(['ping']));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#transactions.runPending();
    this.#underWork.close();
    await this.#db.close();
  }

  /**
   * At the start of the only process that runs turns: whoever held a lease is gone, nobody needs to wait for its end; and the
   * request that the former process was working on when it was cut off is under suspicion of having been the cause.
   */
  async takeOver(): Promise<void> {
    const noted = this.#underWork.read();
    await this.#writing(() => {
      if (noted && !this.#live<OnceRow>(keyOf.once(noted.partition, noted.key))) {
        this.#putMortal('suspect', noted.partition, noted.key, { expiresAt: this.#clock() + suspicionMs });
      }
      this.#transactions.rows.write();
      for (const { key, value } of [...this.#db.getRange({ start: ['queue'], end: ['queue', '\uffff'] })]) {
        const row = value as QueueRow;
        if (row.token === undefined) continue;
        const [, partition, queue] = key as [string, string, string];
        const { token: _, ...rest } = row;
        this.#setQueue(partition, queue, row, { ...rest, readyAt: 0 });
      }
    });
  }

  #apply(partition: string, step: Step): Applied {
    const { once } = step;
    if (once) {
      const earlier = this.#live<OnceRow>(keyOf.once(partition, once.key));
      if (earlier) {
        return earlier.digest === once.digest ? { outcome: 'repeated', positions: earlier.positions } : { outcome: 'conflict' };
      }
    }
    const refusal = this.#refused(partition, step.checks) ?? this.#full(partition, step.bounds);
    if (refusal) return refusal;
    const positions = this.#write(partition, step.operations);
    if (once) {
      this.#putMortal('once', partition, once.key, { digest: once.digest, positions, expiresAt: once.expiresAt });
    }
    const claim = step.claim && this.#claim(partition, step.claim.queue, step.claim);
    if (!claim) return { outcome: 'applied', positions };
    const committed = this.#workAtOnce(partition, step, claim);
    return { outcome: 'applied', positions, claim, ...(committed && { committed }) };
  }

  /**
   * Runs the claim's work inside the transaction. Should it take the process down, the transaction never happened, and with it
   * the count of attempts; so the request is noted beforehand in a file, and found there by the next process.
   */
  #workAtOnce(partition: string, { once, claim: options }: Step, claim: Claim): Committed | undefined {
    if (!options?.work || !once || this.#get(keyOf.suspect(partition, once.key)) !== undefined) return undefined;
    this.#underWork.note({ partition, key: once.key });
    const step = options.work(claim);
    return step && this.#commit(claim, step);
  }

  #refused(partition: string, checks: readonly Check[] = []): Refused | undefined {
    for (const check of checks) {
      const version = this.#record(partition, check.record)?.version ?? 0;
      if ('exists' in check ? version === 0 : version !== check.version) return { outcome: 'refused', record: check.record };
    }
    return undefined;
  }

  #full(partition: string, bounds: Step['bounds'] = []): Applied | undefined {
    for (const { queue, most } of bounds) {
      const row = this.#get(keyOf.queue(partition, queue)) as QueueRow | undefined;
      if (row && row.next - row.head >= most) return { outcome: 'full', queue };
    }
    return undefined;
  }

  #write(partition: string, operations: readonly Operation[]): number[] {
    const positions: number[] = [];
    for (const operation of operations) {
      switch (operation.do) {
        case 'put': {
          const { record, value, expiresAt } = operation;
          const version = (this.#record(partition, record)?.version ?? 0) + 1;
          this.#putMortal('record', partition, record, { version, value, ...(expiresAt !== undefined && { expiresAt }) });
          break;
        }
        case 'remove':
          this.#remove(keyOf.record(partition, operation.record));
          break;
        case 'append': {
          const position = this.#end(partition, operation.log) + 1;
          this.#insert(keyOf.entry(partition, operation.log, position), operation.value);
          this.#put(keyOf.log(partition, operation.log), position);
          positions.push(position);
          break;
        }
        case 'trim':
          this.#removeEntries(partition, operation.log, operation.upTo);
          break;
        case 'drop':
          this.#removeEntries(partition, operation.log, Number.MAX_SAFE_INTEGER);
          this.#remove(keyOf.log(partition, operation.log));
          break;
        case 'rank':
          this.#unrank(partition, operation.index, operation.member);
          this.#put(keyOf.score(partition, operation.index, operation.member), operation.score);
          this.#put(keyOf.place(partition, operation.index, operation.score, operation.member), true);
          break;
        case 'unrank':
          this.#unrank(partition, operation.index, operation.member);
          break;
        case 'enqueue':
          this.#enqueue(partition, operation.queue, operation.value, positions.at(-1) ?? 0, operation.dueAt ?? 0);
          break;
        case 'clear':
          this.#clear(partition, operation.queue);
          break;
      }
    }
    return positions;
  }

  #enqueue(partition: string, queue: string, value: Uint8Array, position: number, dueAt: number): void {
    const row = (this.#get(keyOf.queue(partition, queue)) as QueueRow | undefined) ?? {
      head: 1,
      next: 1,
      readyAt: 0,
      attempt: 0,
      firstClaimedAt: 0,
    };
    this.#insert(keyOf.item(partition, queue, row.next), { value, position, dueAt });
    const readyAt = row.head === row.next ? dueAt : row.readyAt;
    this.#setQueue(partition, queue, row, { ...row, next: row.next + 1, readyAt });
  }

  #clear(partition: string, queue: string): void {
    const row = this.#get(keyOf.queue(partition, queue)) as QueueRow | undefined;
    if (!row) return;
    for (let item = row.head; item < row.next; item += 1) this.#remove(keyOf.item(partition, queue, item));
    this.#remove(keyOf.ready(row.readyAt, partition, queue));
    this.#remove(keyOf.queue(partition, queue));
  }

  /** The one place that keeps the ready index in step with a queue. */
  #setQueue(partition: string, queue: string, before: QueueRow, after: QueueRow): void {
    if (before.head < before.next) this.#remove(keyOf.ready(before.readyAt, partition, queue));
    if (after.head < after.next) this.#put(keyOf.ready(after.readyAt, partition, queue), true);
    this.#put(keyOf.queue(partition, queue), after);
  }

  #unrank(partition: string, index: string, member: string): void {
    const score = this.#get(keyOf.score(partition, index, member));
    if (typeof score !== 'number') return;
    this.#remove(keyOf.place(partition, index, score, member));
    this.#remove(keyOf.score(partition, index, member));
  }

  #removeEntries(partition: string, log: string, upTo: number): void {
    const range = { start: keyOf.entry(partition, log, 0), end: keyOf.entry(partition, log, Math.min(upTo + 1, Number.MAX_SAFE_INTEGER)) };
    this.#transactions.rows.write();
    for (const key of [...this.#db.getKeys(range)]) this.#remove(key);
  }

  #end(partition: string, log: string): number {
    return (this.#get(keyOf.log(partition, log)) as number | undefined) ?? 0;
  }

  #record(partition: string, record: string): RecordRow | undefined {
    return this.#live<RecordRow>(keyOf.record(partition, record));
  }

  #live<R extends RecordRow | OnceRow>(key: Key): R | undefined {
    const row = this.#get(key) as R | undefined;
    return row && (row.expiresAt ?? Infinity) > this.#clock() ? row : undefined;
  }

  /** Writes a row that may expire. Most rows move their expiry with every turn; the expiry index follows only when it looks. */
  #putMortal(kind: Mortal, partition: string, name: string, row: RecordRow | OnceRow | Expiring): void {
    const key = keyOf[kind](partition, name);
    const { noticeAt } = (this.#get(key) as Expiring | undefined) ?? {};
    if (row.expiresAt === undefined) {
      this.#put(key, row);
    } else if (noticeAt !== undefined && noticeAt <= row.expiresAt) {
      this.#put(key, { ...row, noticeAt });
    } else {
      this.#put(keyOf.expiry(row.expiresAt, kind, partition, name), true);
      this.#put(key, { ...row, noticeAt: row.expiresAt });
    }
  }

  /** Removes what the expiry index points to, if its time has really come. */
  #expire(expiryKey: ExpiryKey): boolean {
    const [, , kind, partition, name] = expiryKey;
    this.#remove(expiryKey);
    const key = keyOf[kind](partition, name);
    const row = this.#get(key) as Expiring | undefined;
    if (row?.expiresAt === undefined) return false;
    if (row.expiresAt > this.#clock()) {
      this.#put(keyOf.expiry(row.expiresAt, kind, partition, name), true);
      this.#put(key, { ...row, noticeAt: row.expiresAt });
      return false;
    }
    this.#remove(key);
    return true;
  }

  #writing<T>(step: () => T): Promise<T> {
    return this.#guard(() => this.#transactions.run(step));
  }

  #get(key: Key): Row | undefined {
    return this.#transactions.get(key);
  }

  #put(key: Key, row: Row): void {
    this.#transactions.rows.put(key, row);
  }

  #insert(key: Key, row: Row): void {
    this.#transactions.rows.insert(key, row);
  }

  #remove(key: Key): void {
    this.#transactions.rows.remove(key);
  }

  /** Of what is on the disk now: LMDB would go on with the snapshot of a read before, for up to a millisecond, and not see what others wrote. */
  #reading<T>(look: () => T): Promise<T> {
    return this.#guard(async () => {
      this.#db.resetReadTxn();
      return look();
    });
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) throw new StoreUnavailable('The store is closed.');
    try {
      return await work();
    } catch (cause) {
      throw new StoreUnavailable('The embedded store failed: is the disk full, or its folder gone?', { cause });
    }
  }
}

const suspicionMs = 72 * 3_600_000;
const loadBatch = 500;
