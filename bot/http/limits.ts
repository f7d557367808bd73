import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { KeyedDigest } from '../keyed-digest.ts';
import type { Counter } from '../store/counter.ts';
import { tooManyRequests } from './http-error.ts';

export type LimitOptions = Rate & {
  /** Of the limit, among others. */
  name: string;
  /** Where several instances count together, each key under its digest: it may be an address. */
  shared?: { counter: Counter; digest: KeyedDigest } | undefined;
};

/** How often, in how long. */
export type Rate = { perMinute: number } | { most: number; minutes: number };

const minuteSeconds = 60;

/** How often something may happen in a time, per key (a conversation, an address), in all instances together. */
export class Limit {
  readonly #limiter: RateLimiterMemory | RateLimiterRedis;
  readonly #keyOf: (key: string) => string;

  constructor({ name, shared, ...rate }: LimitOptions) {
    const { most, minutes } = 'perMinute' in rate ? { most: rate.perMinute, minutes: 1 } : rate;
    const duration = minutes * minuteSeconds;
    const alone = new RateLimiterMemory({ points: most, duration });
    this.#limiter = shared
      ? new RateLimiterRedis({
          storeClient: shared.counter,
          useRedisPackage: true,
          keyPrefix: `limit-${name}`,
          points: most,
          duration,
          // What was refused once is refused here, too, until its time is over. Before that, it may be given back.
          inMemoryBlockOnConsumed: most + 1,
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

  /** Does not count what was taken last. */
  async giveBack(key: string): Promise<void> {
    await this.#limiter.reward(this.#keyOf(key));
  }
}
