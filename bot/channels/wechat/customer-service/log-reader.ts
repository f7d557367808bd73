import { setTimeout as pause } from 'node:timers/promises';
import { decode, encode } from '../../../conversations/conversation.ts';
import type { Log } from '../../../log.ts';
import { partitionOf, type Store } from '../../../store/store.ts';
import { type Api, ApiError } from '../api.ts';
import { type Item, pageSchema } from './page.ts';

export interface LogReaderOptions {
  /** Of customer service, `wk…`. */
  account: string;
  api: Api;
  store: Store;
  log: Log;
  /** Takes a page in, all of it or, by rejecting, for another time. `isHistory`: nobody knows how far was read before. */
  take: (items: readonly Item[], isHistory: boolean) => Promise<void>;
}

/** How far the log was read, and when somebody last looked. */
interface Reading {
  cursor?: string;
  lookedAt: number;
}

const pageSize = 1000;
/** A bell may get lost: it is looked without one, but seldom, for that is allowed seldom. */
const lookMs = 60_000;
/** It lives for ten minutes. */
const tokenMs = 9 * 60_000;
const firstRetryMs = 1_000;
const mostRetries = 5;
/** The platform counts by the minute. */
const tooOftenMs = 65_000;

/**
 * Reads the log of one account of customer service. A callback is only a bell; what was said is fetched, page by page, and how far is remembered
 * only when a page was taken in. Two instances may read at once: what one has taken in, the other finds kept.
 */
export class LogReader {
  readonly #options: LogReaderOptions;
  readonly #partition: string;
  readonly #record: string;
  #token: { value: string; until: number } | undefined;
  #isRung = false;
  #reading: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Ends the wait for another try. */
  #wait = new AbortController();
  #stopped = false;

  constructor(options: LogReaderOptions) {
    this.#options = options;
    this.#partition = partitionOf(options.account);
    this.#record = `wechat-log:${options.account}`;
  }

  /** Something is there to be read; the token lets us read without waiting. */
  ring(token: string): void {
    this.#token = { value: token, until: this.#options.store.now() + tokenMs };
    this.#isRung = true;
    // With the token of a bell, it may be tried at once.
    this.#wait.abort();
    this.#read();
  }

  start(): void {
    this.#timer = setInterval(() => void this.#lookNowAndThen(), lookMs / 4);
    this.#timer.unref();
    void this.#lookNowAndThen();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    this.#wait.abort();
    await this.#reading;
  }

  /** Resolves when nothing is left of what was rung for. */
  async settled(): Promise<void> {
    await this.#reading;
  }

  /** One of all instances, when nobody has looked for a minute. */
  async #lookNowAndThen(): Promise<void> {
    const { store, log, account } = this.#options;
    try {
      const { reading, version } = await this.#standing();
      const now = store.now();
      if (this.#stopped || now - (reading?.lookedAt ?? 0) < lookMs) return;
      if (await this.#put({ ...reading, lookedAt: now }, version)) {
        this.#isRung = true;
        this.#read();
      }
    } catch (err) {
      log.warn({ err, account }, 'log of customer service not looked at');
    }
  }

  #read(): void {
    if (this.#stopped) return;
    this.#reading ??= this.#readAll().finally(() => {
      this.#reading = undefined;
      // Rung between the last look and now.
      if (this.#isRung && !this.#stopped) this.#read();
    });
  }

  async #readAll(): Promise<void> {
    const { log, account } = this.#options;
    for (let tried = 0; this.#isRung && !this.#stopped; ) {
      this.#isRung = false;
      try {
        await this.#readToEnd();
        tried = 0;
      } catch (err) {
        tried += 1;
        const isTooOften = err instanceof ApiError && err.errorClass === 'rate';
        log.warn({ err, account, tried }, 'log of customer service not read');
        // The next bell, or the next look, begins where this one stopped.
        if (tried > mostRetries) return;
        this.#isRung = true;
        await this.#pause(isTooOften ? tooOftenMs : firstRetryMs * 2 ** (tried - 1));
      }
    }
  }

  async #pause(ms: number): Promise<void> {
    this.#wait = new AbortController();
    if (this.#stopped) return;
    await pause(ms, undefined, { signal: this.#wait.signal, ref: false }).catch(() => undefined);
  }

  async #readToEnd(): Promise<void> {
    const { account, api, take, store } = this.#options;
    const { reading: before } = await this.#standing();
    const isHistory = before?.cursor === undefined;
    for (let hasMore = true; hasMore && !this.#stopped; ) {
      const { reading, version } = await this.#standing();
      const page = await api.call(
        '/cgi-bin/kf/sync_msg',
        {
          open_kfid: account,
          limit: pageSize,
          voice_format: 0,
          ...(reading?.cursor !== undefined && { cursor: reading.cursor }),
          ...(this.#token && this.#token.until > store.now() && { token: this.#token.value }),
        },
        pageSchema,
      );
      await take(page.msg_list, isHistory);
      // A page may be empty although more follow; one that leads nowhere is the last.
      hasMore = page.has_more === 1 && page.next_cursor !== '' && page.next_cursor !== reading?.cursor;
      if (page.next_cursor !== '') await this.#put({ cursor: page.next_cursor, lookedAt: store.now() }, version);
    }
  }

  async #standing(): Promise<{ reading?: Reading; version: number }> {
    const record = await this.#options.store.get(this.#partition, this.#record);
    return record ? { reading: decode<Reading>(record.value), version: record.version } : { version: 0 };
  }

  /** Gives false when another instance was faster. */
  async #put(reading: Reading, version: number): Promise<boolean> {
    const applied = await this.#options.store.apply(this.#partition, {
      checks: [{ record: this.#record, version }],
      operations: [{ do: 'put', record: this.#record, value: encode(reading) }],
    });
    return applied.outcome === 'applied';
  }
}
