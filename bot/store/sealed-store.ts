import { type DataKeys, keyIdOf, seal, unseal } from './data-keys.ts';
import type { Entry, ValueEntry } from './entry.ts';
import type {
  Applied,
  Claim,
  ClaimOptions,
  CommitStep,
  Committed,
  LogEntry,
  Operation,
  Range,
  Rewrite,
  Step,
  Store,
  StoredRecord,
} from './store.ts';

/**
 * The same store with every value encrypted. Names, versions, positions and scores stay readable: they carry random ids and
 * times, never personal data. Throws `UnknownDataKey` at once when the data was written with a key that is not among these.
 */
export async function openSealedStore(store: Store, keys: DataKeys): Promise<Store> {
  const sealed = new SealedStore(store, keys);
  const known = await sealed.get(keyCheck.partition, keyCheck.record);
  if (!known) await sealed.apply(keyCheck.partition, { operations: [keyCheckAnew()] });
  return sealed;
}

/** Tells by opening whether these are the keys. */
const keyCheck = { partition: 'p00', record: 'key-check' };

/** Written with the current key, in the partition p00: from then on the store opens to nobody who has only older ones. */
export function keyCheckAnew(): Operation {
  return { do: 'put', record: keyCheck.record, value: new TextEncoder().encode('readable') };
}

export function isKeyCheck({ kind, partition, name }: Entry): boolean {
  return kind === 'record' && partition === keyCheck.partition && name === keyCheck.record;
}

/** The place that is authenticated with a value. */
const placeOf = {
  record: (partition: string, name: string) => `${partition}|record|${name}`,
  logged: (partition: string, log: string) => `${partition}|log|${log}`,
  item: (partition: string, queue: string) => `${partition}|queue|${queue}`,
};

/** The value of an entry sealed with the current key; undefined when it is already. */
export function resealed({ kind, partition, name, value }: ValueEntry, keys: DataKeys): Uint8Array | undefined {
  if (keyIdOf(value) === keys.current.id) return undefined;
  const place = placeOf[kind](partition, name);
  return seal(unseal(value, place, keys), place, keys);
}

class SealedStore implements Store {
  readonly #inner: Store;
  readonly #keys: DataKeys;

  constructor(inner: Store, keys: DataKeys) {
    this.#inner = inner;
    this.#keys = keys;
  }

  async get(partition: string, record: string): Promise<StoredRecord | undefined> {
    return this.#openRecord(partition, record, await this.#inner.get(partition, record));
  }

  async read(partition: string, log: string, after: number, limit: number): Promise<LogEntry[]> {
    const entries = await this.#inner.read(partition, log, after, limit);
    return entries.map(({ position, value }) => ({ position, value: unseal(value, placeOf.logged(partition, log), this.#keys) }));
  }

  async apply(partition: string, step: Step): Promise<Applied> {
    const operations = this.#sealAll(partition, step.operations);
    const { work } = step.claim ?? {};
    let opened: Claim | undefined;
    const applied = await this.#inner.apply(partition, {
      ...step,
      operations,
      ...(step.claim &&
        work && {
          claim: {
            ...step.claim,
            work: (claim) => {
              opened = this.#openClaim(claim, valueBefore(claim.value, operations, step.operations));
              return this.#sealStep(work(opened), partition);
            },
          },
        }),
    });
    if (applied.outcome !== 'applied' || !applied.claim) return applied;
    return { ...applied, claim: opened?.token === applied.claim.token ? opened : this.#openClaim(applied.claim) };
  }

  async claim(partition: string, queue: string, options: ClaimOptions): Promise<Claim | undefined> {
    const claim = await this.#inner.claim(partition, queue, options);
    return claim && this.#openClaim(claim);
  }

  #sealStep(step: CommitStep | undefined, partition: string): CommitStep | undefined {
    return step && { ...step, operations: this.#sealAll(partition, step.operations) };
  }

  /** `value`: what was claimed, where it is known without opening it. */
  #openClaim(claim: Claim, value = unseal(claim.value, placeOf.item(claim.partition, claim.queue), this.#keys)): Claim {
    const records = Object.entries(claim.records).map(([name, record]) => [name, this.#openRecord(claim.partition, name, record)]);
    return { ...claim, value, records: Object.fromEntries(records) };
  }

  commit(claim: Claim, step: CommitStep): Promise<Committed> {
    return this.#inner.commit(claim, { ...step, operations: this.#sealAll(claim.partition, step.operations) });
  }

  end = (partition: string, log: string) => this.#inner.end(partition, log);
  range = (partition: string, index: string, range: Range) => this.#inner.range(partition, index, range);
  release = (claim: Claim, dueAt: number) => this.#inner.release(claim, dueAt);
  due = (limit: number, ahead?: number) => this.#inner.due(limit, ahead);
  // Values leave, come and are rewritten as they are kept: sealed.
  export = () => this.#inner.export();
  import = (entries: AsyncIterable<Entry>) => this.#inner.import(entries);
  clear = () => this.#inner.clear();
  rewrite = (rewrite: Rewrite) => this.#inner.rewrite(rewrite);
  sweep = () => this.#inner.sweep();
  watch = (topic: string, listener: (payload: string) => void) => this.#inner.watch(topic, listener);
  announce = (topic: string, payload: string) => this.#inner.announce(topic, payload);
  now = () => this.#inner.now();
  ping = () => this.#inner.ping();
  close = () => this.#inner.close();

  #openRecord(partition: string, name: string, record: StoredRecord | undefined): StoredRecord | undefined {
    return record && { ...record, value: unseal(record.value, placeOf.record(partition, name), this.#keys) };
  }

  #sealAll(partition: string, operations: readonly Operation[]): Operation[] {
    return operations.map((operation) => {
      switch (operation.do) {
        case 'put':
          return { ...operation, value: seal(operation.value, placeOf.record(partition, operation.record), this.#keys) };
        case 'append':
          return { ...operation, value: seal(operation.value, placeOf.logged(partition, operation.log), this.#keys) };
        case 'enqueue':
          return { ...operation, value: seal(operation.value, placeOf.item(partition, operation.queue), this.#keys) };
        default:
          return operation;
      }
    });
  }
}

/** The value as it was before it was sealed, if it is one that these operations have just put there. */
function valueBefore(value: Uint8Array, sealed: readonly Operation[], before: readonly Operation[]): Uint8Array | undefined {
  const operation = before[sealed.findIndex((written) => written.do === 'enqueue' && written.value === value)];
  return operation?.do === 'enqueue' ? operation.value : undefined;
}
