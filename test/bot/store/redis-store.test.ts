import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dataKeys } from '../../../bot/store/data-keys.ts';
import { parseRedisUrl } from '../../../bot/store/redis/address.ts';
import { openRedisStore } from '../../../bot/store/redis-store.ts';
import { openSealedStore } from '../../../bot/store/sealed-store.ts';
import { allPartitions, type Claim, type Step, type Store } from '../../../bot/store/store.ts';
import { type RedisCluster, type RedisServer, startRedis, startRedisCluster, until } from '../../support/redis.ts';
import { startProxy, type TcpProxy } from '../../support/tcp-proxy.ts';
import { storeConformance } from './conformance.ts';

const unavailable = expect.objectContaining({ name: 'StoreUnavailable' });
const enqueue = (queue: string): Step => ({ operations: [{ do: 'enqueue', queue, value: Uint8Array.of(1) }] });

describe('on a single server', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  storeConformance('Redis', () => ({
    worksAtOnce: false,
    open: ({ now }) => openRedisStore({ address: parseRedisUrl(redis.ownUserUrl), now }),
    destroy: () => redis.empty(),
  }));

  storeConformance('Redis, sealed,', () => {
    const keys = dataKeys([randomBytes(32)]);
    return {
      worksAtOnce: false,
      open: async ({ now }) => openSealedStore(await openRedisStore({ address: parseRedisUrl(redis.url), now }), keys),
      destroy: () => redis.empty(),
    };
  });

  it.each([
    ['config', 'get', 'maxmemory'],
    ['config', 'set', 'appendonly', 'no'],
    ['keys', '*'],
    ['flushall'],
    ['flushdb'],
    ['restore', '{p00}:r:x', '0', 'x'],
    ['shutdown', 'nosave'],
    ['replicaof', 'evil.example', '6379'],
    ['module', 'list'],
    ['acl', 'list'],
    ['client', 'kill', 'id', '1'],
    ['monitor'],
    ['get', 'of-another-program'],
    ['publish', 'of-another-program', 'x'],
  ])('the user that the guide makes for the bot may not %s %s %s', (...command) => {
    expect(redis.command('-u', redis.ownUserUrl, '--no-auth-warning', ...command)).toMatch(/^NOPERM/);
  });

  describe('Redis', () => {
    let store: Store;
    let clock: number | undefined;
    beforeEach(async () => {
      clock = 1_800_000_000_000;
      store = await openRedisStore({ address: parseRedisUrl(redis.url), now: () => clock ?? 0 });
    });
    afterEach(async () => {
      await store.close();
      await redis.empty();
    });

    async function claimed(queue: string): Promise<Claim> {
      const claim = await store.claim('p00', queue, { lease: 5000 });
      if (!claim) throw new Error(`nothing to claim in ${queue}`);
      return claim;
    }

    it('teaches a server its scripts again that has forgotten them', async () => {
      await store.apply('p00', enqueue('q'));
      redis.command('script', 'flush');
      await store.commit(await claimed('q'), { operations: [] });
      expect(await store.due(1)).toEqual([]);
    });

    it('refuses the commit of a holder who stalled, though the successor has the same item', async () => {
      await store.apply('p00', enqueue('q'));
      const stalled = await claimed('q');
      clock = 1_800_000_006_000;
      const successor = await claimed('q');
      expect([successor.item, successor.attempt]).toEqual([stalled.item, 2]);
      expect(await store.commit(stalled, enqueue('late'))).toEqual({ outcome: 'fenced' });
      await store.release(stalled, 0);
      expect((await store.commit(successor, { operations: [] })).outcome).toBe('applied');
      expect(await store.due(10)).toEqual([]);
    });

    it('frees a lease within its own length when the clock was set back', async () => {
      await store.apply('p00', enqueue('q'));
      await claimed('q');
      clock = 1_800_000_000_000 - 3_600_000;
      expect(await store.due(10)).toEqual([]);
      clock += 5000;
      expect(await store.due(10)).toEqual([{ partition: 'p00', queue: 'q' }]);
      expect((await claimed('q')).attempt).toBe(2);
    });

    it('takes a delayed item up after its delay when the clock was set back', async () => {
      await store.apply('p00', enqueue('q'));
      await store.release(await claimed('q'), store.now() + 200);
      clock = 1_800_000_000_000 - 3_600_000;
      await store.due(10);
      clock += 200;
      expect((await claimed('q')).attempt).toBe(2);
    });

    it('goes by the clock of the server', async () => {
      const real = await openRedisStore({ address: parseRedisUrl(redis.url) });
      const [seconds = ''] = redis.command('time').split('\n');
      expect(Math.abs(real.now() - Number(seconds) * 1000)).toBeLessThan(2000);
      await real.apply('p01', enqueue('q'));
      expect(await real.claim('p01', 'q', { lease: 100 })).toBeDefined();
      expect(await real.claim('p01', 'q', { lease: 100 })).toBeUndefined();
      await until(async () => (await real.due(1)).length === 1);
      await real.close();
    });

    it('lets Redis itself remove what has expired, should nobody sweep', async () => {
      const expiresAt = store.now() + 1000;
      await store.apply('p00', {
        once: { key: 'k', digest: 'd', expiresAt },
        operations: [
          { do: 'put', record: 'mortal', value: Uint8Array.of(1), expiresAt },
          { do: 'put', record: 'kept', value: Uint8Array.of(1) },
        ],
      });
      const ttl = (key: string) => Number(redis.command('pttl', key));
      expect(ttl('{p00}:r:mortal')).toBeGreaterThan(3_500_000);
      expect(ttl('{p00}:o:k')).toBeGreaterThan(3_500_000);
      expect(ttl('{p00}:r:kept')).toBe(-1);
      await store.apply('p00', { operations: [{ do: 'put', record: 'mortal', value: Uint8Array.of(2) }] });
      expect(ttl('{p00}:r:mortal')).toBe(-1);
      expect((await store.get('p00', 'mortal'))?.version).toBe(2);
    });

    it('leaves nothing behind of what was worked off, removed and swept', async () => {
      const expiresAt = store.now() + 1000;
      const [log, index, record] = ['l', 'i', 'r'];
      await store.apply('p00', {
        once: { key: 'k', digest: 'd', expiresAt },
        operations: [
          { do: 'put', record, value: Uint8Array.of(1) },
          { do: 'append', log, value: Uint8Array.of(1) },
          { do: 'rank', index, member: 'm', score: 1 },
          { do: 'enqueue', queue: 'q', value: Uint8Array.of(1) },
        ],
      });
      await store.commit(await claimed('q'), { operations: [] });
      await store.apply('p00', {
        operations: [
          { do: 'remove', record },
          { do: 'drop', log },
          { do: 'unrank', index, member: 'm' },
          { do: 'clear', queue: 'q' },
        ],
      });
      clock = expiresAt;
      expect(await store.sweep()).toBe(1);
      expect(redis.command('dbsize')).toBe('0');
    });

    it('sweeps thousands of things, in batches', async () => {
      const expiresAt = store.now() + 1000;
      for (let at = 0; at < 10; at += 1) {
        const operations = Array.from({ length: 100 }, (_, nr) => ({
          do: 'put' as const,
          record: `${at}-${nr}`,
          value: Uint8Array.of(1),
          expiresAt,
        }));
        await store.apply('p00', { operations });
      }
      clock = expiresAt;
      expect(await store.sweep()).toBe(1000);
    });

    it('brings a hint to another instance', async () => {
      const other = await openRedisStore({ address: parseRedisUrl(redis.url) });
      const heard = new Promise<string>((resolve) => other.watch('topic', resolve));
      store.announce('topic', 'news');
      expect(await heard).toBe('news');
      await other.close();
    });

    it('says that Redis is full, and leaves nothing half done', async () => {
      redis.command('config', 'set', 'maxmemory', '1');
      const step = enqueue('q');
      await expect(store.apply('p00', step)).rejects.toEqual(unavailable);
      expect(await store.get('p00', 'r')).toBeUndefined();
      redis.command('config', 'set', 'maxmemory', '0');
      expect(redis.command('dbsize')).toBe('0');
      expect((await store.apply('p00', step)).outcome).toBe('applied');
    });

    it.each([
      ['maxmemory-policy', 'allkeys-lru', 'noeviction', /noeviction/],
      ['appendonly', 'no', 'yes', /appendonly yes/],
    ])('is refused at the start with %s %s', async (setting, wrong, right, remedy) => {
      redis.command('config', 'set', setting, wrong);
      await expect(openRedisStore({ address: parseRedisUrl(redis.url) })).rejects.toThrow(remedy);
      redis.command('config', 'set', setting, right);
    });
  });
});

describe('when the way to Redis', () => {
  let redis: RedisServer;
  let proxy: TcpProxy;
  let store: Store;
  beforeEach(async () => {
    redis = await startRedis();
    proxy = await startProxy(redis.port);
    store = await openRedisStore({ address: parseRedisUrl(`redis://127.0.0.1:${proxy.port}`) });
  });
  afterEach(async () => {
    await store.close();
    await proxy.stop();
    await redis.stop();
  });
  const request = (): Step => ({
    once: { key: 'k', digest: 'd', expiresAt: Date.now() + 60_000 },
    operations: [{ do: 'append', log: 'l', value: Uint8Array.of(1) }],
  });
  const isBack = () =>
    store.ping().then(
      () => true,
      () => false,
    );

  it.each(['request', 'answer'] as const)(
    'is cut in the middle of a command, at the %s, it is unavailable; the same again has one effect',
    async (where) => {
      await store.apply('p00', { operations: [] }); // the server knows the script by now
      proxy.cutAtNext(where);
      await expect(store.apply('p00', request())).rejects.toEqual(unavailable);
      await until(isBack);
      const carriedOut = where === 'answer';
      expect((await store.apply('p00', request())).outcome).toBe(carriedOut ? 'repeated' : 'applied');
      expect(await store.end('p00', 'l')).toBe(1);
    },
  );

  it.each(['request', 'answer'] as const)(
    'is cut while a message is taken up or its turn committed, at the %s, its lease is not waited for and no attempt is counted',
    async (where) => {
      await store.apply('p00', enqueue('q'));
      const spare = await openRedisStore({ address: parseRedisUrl(redis.url) }); // so that the scripts are known
      await spare.apply('p00', enqueue('other'));
      const known = await spare.claim('p00', 'other', { lease: 60_000 });
      await spare.commit(known as Claim, { operations: [] });
      await spare.close();
      const taken = async () => {
        let claim: Claim | undefined;
        await until(async () => {
          claim = await store.claim('p00', 'q', { lease: 60_000 }).catch(() => undefined);
          return claim !== undefined;
        });
        return claim as Claim;
      };
      proxy.cutAtNext(where);
      await expect(store.claim('p00', 'q', { lease: 60_000 })).rejects.toEqual(unavailable);
      const first = await taken();
      expect(first.attempt).toBe(1);
      const step = { operations: [{ do: 'append', log: 'l', value: Uint8Array.of(1) } as const] };
      proxy.cutAtNext(where);
      await expect(store.commit(first, step)).rejects.toEqual(unavailable);
      await until(isBack);
      if (where === 'request') {
        const second = await taken();
        expect(second).toMatchObject({ attempt: 1, firstClaimedAt: first.firstClaimedAt });
        expect((await store.commit(first, step)).outcome).toBe('fenced');
        expect((await store.commit(second, step)).outcome).toBe('applied');
      }
      expect(await store.end('p00', 'l')).toBe(1);
      expect(await store.due(10)).toEqual([]);
    },
  );

  it('leads nowhere, every call ends within two seconds; and it serves again within three of its return', async () => {
    proxy.mode = 'silent';
    const started = performance.now();
    await expect(Promise.all([store.get('p00', 'r'), store.apply('p00', request())])).rejects.toEqual(unavailable);
    expect(performance.now() - started).toBeLessThan(2000);
    await new Promise((resolve) => setTimeout(resolve, 4000));
    await expect(store.get('p00', 'r')).rejects.toEqual(unavailable);
    proxy.mode = 'pass';
    const back = performance.now();
    await until(isBack);
    console.log('the store is used again', Math.round(performance.now() - back), 'ms after a silent line');
    expect(performance.now() - back).toBeLessThan(3000);
    expect((await store.apply('p00', request())).outcome).not.toBe('conflict');
    expect(await store.end('p00', 'l')).toBe(1);
  });

  it('is gone for a while, what was not there stays apart from what cannot be asked; hints come again by themselves', async () => {
    expect(await store.get('p00', 'r')).toBeUndefined();
    const other = await openRedisStore({ address: parseRedisUrl(redis.url) });
    await redis.kill('SIGKILL');
    await expect(store.get('p00', 'r')).rejects.toEqual(unavailable);
    await expect(store.due(1)).rejects.toEqual(unavailable);
    store.announce('topic', 'nobody hears this, and nothing fails');
    await redis.restart();
    const back = performance.now();
    await until(isBack);
    console.log('Redis is used again after', Math.round(performance.now() - back), 'ms');
    expect(performance.now() - back).toBeLessThan(2000);
    expect(await store.get('p00', 'r')).toBeUndefined();
    let heard = false;
    store.watch('topic', () => {
      heard = true;
    });
    await until(() => {
      other.announce('topic', 'news');
      return heard;
    });
    await other.close();
  });

  it('stands still as a process does, it is unavailable', async () => {
    redis.process.kill('SIGSTOP');
    await expect(store.get('p00', 'r')).rejects.toEqual(unavailable);
    redis.process.kill('SIGCONT');
    await until(isBack);
  });

  it('leads to a server that is loading, or was made a replica, it is unavailable', async () => {
    redis.command('replicaof', '127.0.0.1', '1');
    await expect(store.apply('p00', request())).rejects.toEqual(unavailable);
    redis.command('replicaof', 'no', 'one');
    await until(isBack);
    expect((await store.apply('p00', request())).outcome).toBe('applied');
  });
});

describe('with replicas', { timeout: 30_000 }, () => {
  let primary: RedisServer;
  let replica: RedisServer;
  let stores: Store[];
  beforeEach(async () => {
    primary = await startRedis(['--repl-diskless-sync-delay', '0']);
    replica = await startRedis(['--replicaof', '127.0.0.1', String(primary.port)]);
    await until(() => replica.command('info', 'replication').includes('master_link_status:up'));
    const open = () => openRedisStore({ address: parseRedisUrl(primary.url), replicas: 1 });
    stores = [await open(), await open()];
  });
  afterEach(async () => {
    await Promise.all(stores.map((store) => store.close()));
    await replica.stop();
    await primary.stop();
  });
  const unconfirmed = { name: 'StoreUnavailable', cause: { message: expect.stringContaining('0 of 1 replicas') } };
  /** Asks again as every caller does: a replica on a machine under load may confirm too late once. */
  const confirmed = async (store: Store, step: Step) => {
    let applied: Awaited<ReturnType<Store['apply']>> | undefined;
    await until(() =>
      store.apply('p00', step).then(
        (outcome) => {
          applied = outcome;
          return true;
        },
        (error: unknown) => {
          expect(error).toMatchObject(unconfirmed);
          return false;
        },
      ),
    );
    return applied;
  };

  it('takes a step for durable only when enough of them have it', async () => {
    const [store] = stores as [Store];
    await confirmed(store, enqueue('q'));
    expect(replica.command('exists', '{p00}:w:q')).toBe('1');
    replica.process.kill('SIGSTOP');
    await expect(store.apply('p00', enqueue('q'))).rejects.toMatchObject(unconfirmed);
    replica.process.kill('SIGCONT');
  });

  it('takes a step that another instance has made for durable no sooner, when it is asked to make it again', async () => {
    const [store, other] = stores as [Store, Store];
    const kept: Step = {
      once: { key: 'k', digest: 'd', expiresAt: Date.now() + 60_000 },
      operations: [{ do: 'append', log: 'l', value: Uint8Array.of(1) }],
    };
    const begun: Step = { checks: [{ record: 'r', version: 0 }], operations: [{ do: 'put', record: 'r', value: Uint8Array.of(1) }] };
    replica.process.kill('SIGSTOP');
    for (const step of [kept, begun]) {
      await expect(store.apply('p00', step)).rejects.toMatchObject(unconfirmed);
      await expect(other.apply('p00', step)).rejects.toMatchObject(unconfirmed);
    }
    replica.process.kill('SIGCONT');
    await until(() => replica.command('exists', '{p00}:r:r') === '1');
    expect(await confirmed(other, kept)).toEqual({ outcome: 'repeated', positions: [1] });
    expect(await confirmed(other, begun)).toEqual({ outcome: 'refused', record: 'r' });
  });
});

describe('on a Cluster', () => {
  let cluster: RedisCluster;
  beforeAll(async () => {
    cluster = await startRedisCluster();
  });
  afterAll(() => cluster.stop());
  const flush = async () => {
    for (const master of cluster.masters) await master.empty();
  };

  storeConformance('A Redis Cluster', () => ({
    worksAtOnce: false,
    open: ({ now }) => openRedisStore({ address: parseRedisUrl(cluster.url), now }),
    destroy: flush,
  }));

  it('spreads the partitions over the masters, and brings hints from any to any', async () => {
    const [one, two] = [
      await openRedisStore({ address: parseRedisUrl(cluster.url) }),
      await openRedisStore({ address: parseRedisUrl(cluster.url) }),
    ];
    for (const partition of allPartitions) await one.apply(partition, enqueue('q'));
    expect(await two.due(100)).toHaveLength(allPartitions.length);
    for (const master of cluster.masters) expect(Number(master.command('dbsize'))).toBeGreaterThan(20);
    let heard = 0;
    two.watch('topic', () => {
      heard += 1;
    });
    for (let at = 0; at < 10; at += 1) one.announce('topic', '');
    await until(() => heard === 10);
    await one.close();
    await two.close();
    await flush();
  });

  it('serves again by itself after a master was killed and came back', async () => {
    const store = await openRedisStore({ address: parseRedisUrl(cluster.url) });
    for (const partition of allPartitions) await store.apply(partition, enqueue('q'));
    const [, gone] = cluster.masters;
    await gone?.kill('SIGKILL');
    await expect(store.due(100)).rejects.toEqual(unavailable);
    await gone?.restart();
    const back = performance.now();
    await until(() =>
      store.due(100).then(
        (found) => found.length === allPartitions.length,
        () => false,
      ),
    );
    console.log('the Cluster is used again after', Math.round(performance.now() - back), 'ms');
    await store.close();
    await flush();
  });
});

describe('on a Cluster with replicas', () => {
  it('serves again by itself after the replica of a master that was killed has taken over, with all that was acknowledged', async () => {
    const cluster = await startRedisCluster(1);
    const store = await openRedisStore({ address: parseRedisUrl(cluster.url), replicas: 1 });
    for (const partition of allPartitions) await store.apply(partition, enqueue('q'));
    await cluster.masters[1]?.kill('SIGKILL');
    const gone = performance.now();
    const isWhole = () =>
      store.due(100).then(
        (found) => found.length === allPartitions.length,
        () => false,
      );
    await until(isWhole, 30_000);
    console.log('the Cluster is used again', Math.round(performance.now() - gone), 'ms after a master was killed for good');
    // The master that has no replica any more cannot have its writes confirmed; the others can.
    const confirmed = await Promise.allSettled(allPartitions.map((partition) => store.apply(partition, enqueue('q'))));
    expect(confirmed.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(30);
    await store.close();
    await cluster.stop();
  });
});
