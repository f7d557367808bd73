import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Limit } from '../../../bot/http/limits.ts';
import { addressDigest } from '../../../bot/keyed-digest.ts';
import type { Counter } from '../../../bot/store/counter.ts';
import { parseRedisUrl } from '../../../bot/store/redis/address.ts';
import { openCounter } from '../../../bot/store/redis/counter.ts';
import { type RedisServer, startRedis, until } from '../../support/redis.ts';
import { startProxy, type TcpProxy } from '../../support/tcp-proxy.ts';

const digest = addressDigest([randomBytes(32)]);
const perMinute = 5;

/** How many of so many at once get through. */
async function passing(limits: readonly Limit[], key: string, attempts: number): Promise<number> {
  const taken = await Promise.allSettled(Array.from({ length: attempts }, (_, at) => limits[at % limits.length]?.take(key)));
  for (const each of taken) if (each.status === 'rejected') expect(each.reason).toMatchObject({ status: 429 });
  return taken.filter(({ status }) => status === 'fulfilled').length;
}

describe('a limit of one instance', () => {
  it('counts each key for itself', async () => {
    const limit = new Limit({ name: 'messages', perMinute });
    expect(await passing([limit], 'a', 20)).toBe(perMinute);
    expect(await passing([limit], 'b', 20)).toBe(perMinute);
  });
});

describe('a limit that two instances share', () => {
  let redis: RedisServer;
  let proxy: TcpProxy;
  let counters: Counter[];
  let limits: Limit[];
  beforeAll(async () => {
    redis = await startRedis();
    proxy = await startProxy(redis.port);
    const address = parseRedisUrl(`redis://127.0.0.1:${proxy.port}`);
    counters = [await openCounter(address), await openCounter(address)];
  });
  afterAll(async () => {
    await Promise.all(counters.map((counter) => counter.close()));
    await proxy.stop();
    await redis.stop();
  });
  beforeEach(async () => {
    await redis.empty();
    limits = counters.map((counter) => new Limit({ name: 'messages', perMinute, shared: { counter, digest } }));
  });

  it('counts what comes to both', async () => {
    expect(await passing(limits, '203.0.113.7', 40)).toBe(perMinute);
    expect(await passing(limits, '203.0.113.8', 40)).toBe(perMinute);
    expect(redis.command('keys', '*')).not.toContain('203.0.113');
  });

  it('does not ask Redis again for what is used up', async () => {
    const [limit] = limits;
    await passing(limits, 'a', 40);
    redis.command('config', 'resetstat');
    expect(await passing(limit ? [limit] : [], 'a', 1000)).toBe(0);
    expect(Number(/calls=(\d+)/.exec(redis.command('info', 'commandstats'))?.[1] ?? 0)).toBeLessThan(100);
  });

  it('holds in each of them alone while Redis is away, without anybody waiting for it for long', async () => {
    proxy.mode = 'silent';
    const started = performance.now();
    expect(await passing(limits, 'b', 40)).toBe(2 * perMinute);
    expect(performance.now() - started).toBeLessThan(1900);
    const again = performance.now();
    expect(await passing(limits, 'c', 40)).toBe(2 * perMinute);
    expect(performance.now() - again).toBeLessThan(500);
    proxy.mode = 'pass';
    let key = 0;
    await until(async () => {
      key += 1;
      return (await passing(limits, `key ${key}`, 40)) === perMinute;
    });
  });
});
