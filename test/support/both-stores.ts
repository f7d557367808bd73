import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest';
import { type DataKeys, dataKeys } from '../../bot/store/data-keys.ts';
import { openLmdbStore } from '../../bot/store/lmdb-store.ts';
import { parseRedisUrl } from '../../bot/store/redis/address.ts';
import { openRedisStore } from '../../bot/store/redis-store.ts';
import { openSealedStore } from '../../bot/store/sealed-store.ts';
import type { Store } from '../../bot/store/store.ts';
import { type RedisServer, startRedis } from './redis.ts';

/** Two views of one store, as two instances have them. */
export interface TwoViews {
  store: Store;
  other: Store;
  keys: DataKeys;
  /** Moves the clock of both. */
  advance(ms: number): void;
}

/** The same tests on the embedded store and on Redis, each on an empty one. */
export function onBothStores(suite: (views: () => TwoViews) => void): void {
  describe.each(['LMDB', 'Redis'] as const)('on %s', (kind) => {
    let redis: RedisServer | undefined;
    let folder: string;
    let views: TwoViews;
    beforeAll(async () => {
      if (kind === 'Redis') redis = await startRedis();
    });
    afterAll(() => redis?.stop());
    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), 'filing-desk-'));
      await redis?.empty();
      let offset = 0;
      const now = () => Date.now() + offset;
      const keys = dataKeys([randomBytes(32)]);
      const open = async () =>
        openSealedStore(
          redis ? await openRedisStore({ address: parseRedisUrl(redis.url), now }) : await openLmdbStore({ folder, takeOver: true, now }),
          keys,
        );
      const advance = (ms: number) => {
        offset += ms;
      };
      views = { store: await open(), other: await open(), keys, advance };
    });
    afterEach(async () => {
      await views.store.close();
      await views.other.close();
      rmSync(folder, { recursive: true, force: true });
    });
    suite(() => views);
  });
}
