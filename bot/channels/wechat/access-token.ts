import { createHash } from 'node:crypto';
import { decode, encode } from '../../conversations/conversation.ts';
import type { Log } from '../../log.ts';
import { partitionOf, type Store } from '../../store/store.ts';

export interface IssuedToken {
  token: string;
  /** Seconds. */
  expiresIn: number;
}

/** Asks the platform. `forced`: for another one in place of one that should still be good, where the platform knows such a thing. */
export type IssueToken = (forced: boolean) => Promise<IssuedToken>;

export interface AccessTokensOptions {
  /** Of the account; not a secret: it stands in names of records. */
  account: string;
  store: Store;
  issue: IssueToken;
  log: Log;
}

/** Times in milliseconds since 1970, by the store's clock. */
interface Kept {
  token: string;
  obtainedAt: number;
  expiresAt: number;
}

interface Forcing {
  at: number;
  day: string;
  count: number;
}

const earlyMs = 300_000;
const jitterMs = 60_000;
const leastMs = 30_000;
const failureMs = 3_000;
/** The platform allows 20 a day, 30 seconds apart (api_getstableaccesstoken, read 2026-11). */
const forced = { apartMs: 30_000, most: 15 };

/**
 * The access token of one account, the same in all instances. Both families give the same token to everybody who asks while it is good, so that
 * instances need not wait for each other: it only matters that an answer which comes late does not take the place of a newer one.
 */
export class AccessTokens {
  readonly #options: AccessTokensOptions;
  readonly #partition: string;
  readonly #record: string;
  readonly #forcing: string;
  #asking: Promise<string> | undefined;
  #failed: { error: unknown; until: number } | undefined;

  constructor(options: AccessTokensOptions) {
    this.#options = options;
    this.#partition = partitionOf(options.account);
    this.#record = `wechat-token:${options.account}`;
    this.#forcing = `wechat-token-forced:${options.account}`;
  }

  /** Rejects when the platform gives none. */
  async current(): Promise<string> {
    const kept = await this.#kept();
    const { store } = this.#options;
    if (kept && store.now() < this.#renewalOf(kept)) return kept.token;
    return this.#ask(false).catch((error: unknown) => {
      if (kept && store.now() < kept.expiresAt) return kept.token;
      throw error;
    });
  }

  /** Another one in place of one that was refused; undefined when the platform has no other now. */
  async inPlaceOf(refused: string): Promise<string | undefined> {
    const kept = await this.#kept();
    if (kept && kept.token !== refused) return kept.token;
    // Whatever becomes of the asking: nobody is to try this one again.
    if (kept) await this.#forget(refused);
    const fresh = await this.#ask(false);
    if (fresh !== refused) return fresh;
    if (!(await this.#mayForce())) return undefined;
    return this.#ask(true);
  }

  /** Instances renew at different moments, and each always at the same. */
  #renewalOf({ token, obtainedAt, expiresAt }: Kept): number {
    const spread = (createHash('sha1').update(token).digest().readUInt16BE() / 0xffff) * jitterMs;
    return Math.max(expiresAt - earlyMs - spread, Math.min(obtainedAt + leastMs, expiresAt));
  }

  #ask(byForce: boolean): Promise<string> {
    const { store } = this.#options;
    if (this.#failed && store.now() < this.#failed.until) return Promise.reject(this.#failed.error);
    this.#asking ??= this.#askNow(byForce).finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #askNow(byForce: boolean): Promise<string> {
    const { store, issue, log, account } = this.#options;
    const obtainedAt = store.now();
    try {
      const { token, expiresIn } = await issue(byForce);
      this.#failed = undefined;
      await this.#keep({ token, obtainedAt, expiresAt: obtainedAt + expiresIn * 1000 });
      return token;
    } catch (error) {
      // A wrong secret, asked with again and again, has the platform shut this address out for an hour.
      this.#failed = { error, until: store.now() + failureMs };
      log.error({ err: error, account }, 'no access token');
      throw error;
    }
  }

  async #kept(): Promise<Kept | undefined> {
    const record = await this.#options.store.get(this.#partition, this.#record);
    return record && decode<Kept>(record.value);
  }

  async #forget(refused: string): Promise<void> {
    const { store } = this.#options;
    const record = await store.get(this.#partition, this.#record);
    if (!record || decode<Kept>(record.value).token !== refused) return;
    await store.apply(this.#partition, {
      checks: [{ record: this.#record, version: record.version }],
      operations: [{ do: 'remove', record: this.#record }],
    });
  }

  async #keep(fresh: Kept): Promise<void> {
    const { store } = this.#options;
    for (;;) {
      const record = await store.get(this.#partition, this.#record);
      if (record && decode<Kept>(record.value).obtainedAt > fresh.obtainedAt) return;
      const { outcome } = await store.apply(this.#partition, {
        checks: [{ record: this.#record, version: record?.version ?? 0 }],
        operations: [{ do: 'put', record: this.#record, value: encode(fresh) }],
      });
      if (outcome === 'applied') return;
    }
  }

  async #mayForce(): Promise<boolean> {
    const { store } = this.#options;
    const at = store.now();
    const day = new Date(at).toISOString().slice(0, 10);
    const record = await store.get(this.#partition, this.#forcing);
    const last = record && decode<Forcing>(record.value);
    const count = last?.day === day ? last.count : 0;
    if (last && (at - last.at < forced.apartMs || count >= forced.most)) return false;
    const { outcome } = await store.apply(this.#partition, {
      checks: [{ record: this.#forcing, version: record?.version ?? 0 }],
      operations: [{ do: 'put', record: this.#forcing, value: encode({ at, day, count: count + 1 } satisfies Forcing) }],
    });
    return outcome === 'applied';
  }
}
