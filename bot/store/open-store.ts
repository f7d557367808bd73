import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { becomeSoleOwner } from '../sole-owner.ts';
import type { Counter } from './counter.ts';
import type { DataKeys } from './data-keys.ts';
import { openLmdbStore } from './lmdb-store.ts';
import { checkSchema, migrate, migrations, requireSchema } from './schema.ts';
import { openSealedStore } from './sealed-store.ts';
import { type Store, StoreRefused } from './store.ts';

/** Which store it is: the embedded one in a folder, or Redis. Here alone the product knows. */
export type StorePlace = Pick<Config, 'dataDir' | 'redis'>;

export interface OpenOptions {
  /** Is told what was done to the store before it is served from. */
  report?: (done: string) => void;
  /** Those of the product, except in tests. */
  steps?: typeof migrations;
}

/**
 * Opens the store, encrypted. `serve`: for a process that runs turns, which also brings the store to this program's version; `look`: for
 * one that looks in while others do, and begins none. Rejects with `StoreRefused` when the store is not for this program and its keys.
 */
export async function openStore(
  place: StorePlace,
  keys: DataKeys,
  to: 'serve' | 'look',
  { report = () => undefined, steps = migrations }: OpenOptions = {},
): Promise<Store> {
  // In another folder there would be an empty store, made at this moment, and nobody's conversations in it.
  if (to === 'look') requireStore(place);
  const store = await openRawStore(place, to);
  try {
    // Before anything is written, and before the keys: what another version has written may not be as it is known here.
    const begun = (await checkSchema(store, steps)) !== undefined || (await holdsAnything(store));
    const sealed = await openSealedStore(store, keys);
    if (to === 'serve') await migrate(sealed, begun, report, steps);
    else await requireSchema(sealed, steps);
    return sealed;
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Rejects when the embedded store was never begun. */
export function requireStore({ dataDir, redis }: StorePlace): void {
  if (redis || existsSync(storeFolder(dataDir))) return;
  throw new StoreRefused(`There is no store in ${dataDir} yet. Is DATA_DIR that of the bot?`);
}

/** Opens the store as it is, with its values sealed: for moving it, and for looking at the sealing itself. */
export async function openRawStore({ dataDir, redis }: StorePlace, to: 'serve' | 'look'): Promise<Store> {
  return redis ? openRedis(redis, to) : openLmdbStore({ folder: storeFolder(dataDir), takeOver: to === 'serve' });
}

/** Loaded only when used: it brings the whole client. Who looks in is told soon that Redis is not there; who is to serve waits for it. */
async function openRedis(redis: NonNullable<StorePlace['redis']>, to: 'serve' | 'look'): Promise<Store> {
  const { openRedisStore } = await import('./redis-store.ts');
  return openRedisStore({ ...redis, ...(to === 'look' && { patience: lookMs }) });
}

const lookMs = 1_000;

/** What instances that share a store count together; undefined where there is only one. */
export async function openSharedCounter({ redis }: StorePlace): Promise<Counter | undefined> {
  if (!redis) return undefined;
  const { openCounter } = await import('./redis/counter.ts');
  return openCounter(redis.address);
}

/** Whether there is anything in a store. */
export async function holdsAnything(store: Store): Promise<boolean> {
  for await (const _ of store.export()) return true;
  return false;
}

/** The folder of the embedded store. */
export function storeFolder(dataDir: string): string {
  return join(dataDir, 'store');
}

/**
 * Makes this process the only one that serves from the store where there may be only one, until it calls the function it gets.
 * Rejects when another process has it.
 */
export async function reserveStore({ dataDir, redis }: StorePlace): Promise<() => Promise<void>> {
  return redis ? async () => undefined : becomeSoleOwner(dataDir);
}
