import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { KeyedDigest } from '../keyed-digest.ts';
import type { Counter } from '../store/counter.ts';
import { tooManyRequests } from './http-error.ts';

export interface LimitOptions {
  /** Of the limit, among others. */
  name: string;
  perMinute: number;
  /** Where several instances count together, each key under its digest: it may be an address. */
  shared?: { counter: Counter; digest: KeyedDigest } | undefined;
}

const seconds = 60;

/** How often something may happen in a minute, per key (a conversation, an address), in all instances together. */
export class Limit {
  readonly #limiter: RateLimiterMemory | RateLimiterRedis;
  readonly #keyOf: (key: string) => string;

  constructor({ name, perMinute, shared }: LimitOptions) {
    const alone = new RateLimiterMemory({ points: perMinute, duration: seconds });
    this.#limiter = shared
      ? new RateLimiterRedis({
          storeClient: shared.counter,
          useRedisPackage: true,
          keyPrefix: `limit-${name}`,
          points: perMinute,
          duration: seconds,
          // What is used up is known here, too, until its minute is over.
          inMemoryBlockOnConsumed: perMinute,
          // Without Redis each instance counts alone: more may pass than should, but nothing fails that the store would have served.
          insuranceLimiter: alone,
        })
      : alone;
    this.#keyOf = shared ? (key) => shared.counter.keyOf(shared.digest(key)) : (key) => key;
  }

  /** Throws 429 with the time to wait once the limit is used up. */
  async take(key: string): Promise<void> {
    try {
      await this.#limiter.consume(this.#keyOf(key));
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) throw tooManyRequests(refusal.msBeforeNext);
      throw refusal;
    }
  }
}
