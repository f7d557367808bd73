import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { becomeSoleOwner } from '../sole-owner.ts';
import type { DataKeys } from './data-keys.ts';
import { openLmdbStore } from './lmdb-store.ts';
import { openSealedStore } from './sealed-store.ts';
import type { Store } from './store.ts';

/** Which store it is: the embedded one in a folder, or Redis. Here alone the product knows. */
export type StorePlace = Pick<Config, 'dataDir' | 'redis'>;

/** Whether a process has begun the store; the first one that serves does. */
export function isStoreBegun({ dataDir, redis }: StorePlace): boolean {
  return redis !== undefined || existsSync(storeFolder(dataDir));
}

/** Opens the store, encrypted. `serve`: for a process that runs turns; `look`: for one that looks in while others do. */
export async function openStore({ dataDir, redis }: StorePlace, keys: DataKeys, to: 'serve' | 'look'): Promise<Store> {
  const store = redis ? await openRedis(redis) : await openLmdbStore({ folder: storeFolder(dataDir), takeOver: to === 'serve' });
  try {
    return await openSealedStore(store, keys);
  } catch (error) {
    await store.close();
    throw error;
  }
}

/**
 * Makes this process the only one that serves from the store where there may be only one, until it calls the function it gets.
 * Rejects when another process has it.
 */
export async function reserveStore({ dataDir, redis }: StorePlace): Promise<() => Promise<void>> {
  return redis ? async () => undefined : becomeSoleOwner(dataDir);
}

/** Loaded only when used: it brings the whole client. */
async function openRedis(redis: NonNullable<StorePlace['redis']>): Promise<Store> {
  const { openRedisStore } = await import('./redis-store.ts');
  return openRedisStore(redis);
}

function storeFolder(dataDir: string): string {
  return join(dataDir, 'store');
}
