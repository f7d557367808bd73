import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Cases } from '../cases/cases.ts';
import { decode, encode } from '../conversations/conversation.ts';
import type { Log } from '../log.ts';
import type { DataKeys } from '../store/data-keys.ts';
import type { ValueEntry } from '../store/entry.ts';
import { type Files, storedFiles } from '../store/files.ts';
import { isKeyCheck, keyCheckAnew, resealed } from '../store/sealed-store.ts';
import { allPartitions, type Store } from '../store/store.ts';

export interface KeyChangeOptions {
  store: Store;
  files: Pick<Files, 'reseal'>;
  filesFolder: string;
  cases: Pick<Cases, 'reindex'>;
  keys: DataKeys;
  log: Log;
}

/** How far a round through everything is; kept in the store, so that any instance goes on where another has stopped. */
interface Round {
  /** Id of the key that everything is to be encrypted with. */
  key: string;
  began: number;
  at: 'values' | 'cases' | 'files' | 'end';
  cursor?: string | undefined;
  changed: number;
  unreadable: number;
  /** Who is at it, and until when nobody else needs to look. */
  holder: string;
  until: number;
}

type StepEnd =
  /** Everything that an instance may have written with an older key is encrypted with the current one. */
  | 'done'
  | 'more'
  /** Another instance is at it. */
  | 'elsewhere';

const place = { partition: 'p00', record: 'key-change' };
const values = 100;
const files = 5;
const holdMs = 30_000;
const betweenStepsMs = 100;
const lookAgainMs = 10_000;

/**
 * After a new key was put in front of DATA_KEYS: encrypts everything with it that is still encrypted with an older one, in small steps
 * beside the turns, so that the older key can be taken away. One instance at a time does it. Whether anything is left that needs the older
 * key, `npm run store -- keys` counts.
 *
 * Each instance wants a round that was begun after its own start: only then was nobody there any more who wrote with the older key.
 */
export class KeyChange {
  readonly #options: KeyChangeOptions;
  readonly #self = randomUUID();
  readonly #since: number;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(options: KeyChangeOptions) {
    this.#options = options;
    this.#since = options.store.now();
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Resolves when the step under way has ended. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { log } = this.#options;
    const { signal } = this.#stopping;
    let failing = false;
    while (!signal.aborted) {
      const end = await this.step().catch((err: unknown) => {
        // Once, and not at every attempt for as long as the store is away.
        if (!failing) log.error({ err }, 'encrypting with the new key is interrupted');
        return 'failed' as const;
      });
      failing = end === 'failed';
      if (end === 'done') return;
      await pause(end === 'more' ? betweenStepsMs : lookAgainMs, undefined, { signal }).catch(() => undefined); // cut short by the end
    }
  }

  /** One small step. */
  async step(): Promise<StepEnd> {
    const { store, keys, log } = this.#options;
    if (keys.ids.length < 2) return 'done';
    const record = await store.get(place.partition, place.record);
    const found = record && decode<Round>(record.value);
    const now = store.now();
    const isUnderWay = found?.key === keys.current.id && found.at !== 'end';
    if (found && isUnderWay && found.holder !== this.#self && found.until > now) return 'elsewhere';
    if (found?.key === keys.current.id && found.at === 'end' && found.began >= this.#since) return 'done';
    const round: Round =
      found && isUnderWay ? found : { key: keys.current.id, began: now, at: 'values', changed: 0, unreadable: 0, holder: '', until: 0 };
    // First it is made known who is at it: files cannot be written by two at once.
    const next = round.holder === this.#self ? await this.#next(round) : round;
    const ended = next.at === 'end';
    const value = encode({ ...next, holder: this.#self, until: store.now() + holdMs } satisfies Round);
    const applied = await store.apply(place.partition, {
      checks: [{ record: place.record, version: record?.version ?? 0 }],
      operations: [{ do: 'put', record: place.record, value }, ...(ended ? [keyCheckAnew()] : [])],
    });
    if (applied.outcome !== 'applied') return 'elsewhere';
    if (ended) {
      const { key, changed, unreadable } = next;
      if (unreadable > 0) log.error({ unreadable }, 'some of what is kept opens with none of DATA_KEYS');
      log.info({ key, changed }, 'all that is kept is encrypted with the first of DATA_KEYS');
    }
    return 'more';
  }

  async #next(round: Round): Promise<Round> {
    const { store, cases } = this.#options;
    switch (round.at) {
      case 'values': {
        const unreadable = new Set<string>();
        const { cursor, changed } = await store.rewrite({
          cursor: round.cursor,
          limit: values,
          change: (entry) => this.#change(entry, unreadable),
        });
        const sum = { ...round, cursor, changed: round.changed + changed, unreadable: round.unreadable + unreadable.size };
        return cursor === undefined ? { ...sum, at: 'cases' } : sum;
      }
      case 'cases': {
        // By which numbers a case is found is derived from the key, too.
        const partition = allPartitions[Number(round.cursor ?? 0)];
        if (partition === undefined) return { ...round, at: 'files', cursor: undefined };
        await cases.reindex(partition);
        return { ...round, cursor: String(Number(round.cursor ?? 0) + 1) };
      }
      case 'files':
        return this.#nextFiles(round);
      case 'end':
        return round;
    }
  }

  async #nextFiles(round: Round): Promise<Round> {
    const { files: store, filesFolder, log } = this.#options;
    const names = (await storedFiles(filesFolder)).filter((name) => name > (round.cursor ?? '')).slice(0, files);
    let { changed, unreadable } = round;
    for (const file of names) {
      try {
        if (await store.reseal(file)) changed += 1;
      } catch (err) {
        // Another is at it, or was until a moment ago: the whole step waits for that.
        if ((err as NodeJS.ErrnoException).code === 'EEXIST') throw err;
        // A file that does not open must not keep the others from being encrypted anew. What it is that failed, the log has.
        log.error({ err, file }, 'a file could not be encrypted with the new key');
        unreadable += 1;
      }
    }
    const cursor = names.at(-1);
    return { ...round, changed, unreadable, cursor, ...(cursor === undefined && { at: 'end' as const }) };
  }

  #change(entry: ValueEntry, unreadable: Set<string>): Uint8Array | undefined {
    // What says whose keys these are comes last: whoever takes the older one away too early is refused at the start.
    if (isKeyCheck(entry)) return undefined;
    try {
      return resealed(entry, this.#options.keys);
    } catch (err) {
      const { kind, partition, name } = entry;
      if (!unreadable.has(name)) this.#options.log.error({ err, kind, partition, name }, 'a value could not be encrypted with the new key');
      unreadable.add(name);
      return undefined;
    }
  }
}
