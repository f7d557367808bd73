import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'redis';
import { openLmdbStore } from '../../../bot/store/lmdb-store.ts';
import { parseRedisUrl } from '../../../bot/store/redis/address.ts';
import { openRedisStore } from '../../../bot/store/redis-store.ts';
import type { Step, Store } from '../../../bot/store/store.ts';
import { startRedis } from '../../support/redis.ts';
import { bound } from './bound-store.ts';

/** Where a store is. Opening it again is what another process does; `afterDeath`: one that comes after the death of the former. */
export interface Place {
  open(now: () => number, afterDeath: boolean): Promise<Store>;
  /** Whether the process that comes after a death frees the leases of the dead at once, for there can be no other. */
  freesLeases: boolean;
  remove(): Promise<void>;
}

export interface StoreKind {
  newPlace(): Promise<Place>;
  stop(): Promise<void>;
}

// Processes end here, and disks do not: what a disk has not written yet is no part of it, and waiting for it would be most of the time.
const inMemory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

export const lmdbKind = async (): Promise<StoreKind> => lmdb((store) => store);

/** A store may leave the work of a claim to its caller: the same file, by the way that Redis goes. */
export const lmdbStepByStepKind = async (): Promise<StoreKind> =>
  lmdb((store) => ({ ...bound(store), apply: (partition, step) => store.apply(partition, withoutWork(step)) }));

export async function redisKind(): Promise<StoreKind> {
  const server = await startRedis(['--appendfsync', 'no']);
  const client = await createClient({ url: server.url }).connect();
  let clock = Date.now;
  // Connecting takes longer than a run: the processes that end have one connection between them, and those that come after them another.
  const [first, successor] = await Promise.all(
    [0, 1].map(() => openRedisStore({ address: parseRedisUrl(server.url), now: () => clock() })),
  );
  if (!first || !successor) throw new Error('There should be two connections.');
  return {
    newPlace: async () => ({
      open: async (now, afterDeath) => {
        clock = now;
        return { ...bound(afterDeath ? successor : first), close: async () => undefined };
      },
      freesLeases: false,
      remove: async () => {
        await client.flushAll();
      },
    }),
    stop: async () => {
      await Promise.all([first.close(), successor.close(), client.close()]);
      await server.stop();
    },
  };
}

function lmdb(as: (store: Store) => Store): StoreKind {
  return {
    newPlace: async () => {
      const folder = mkdtempSync(join(inMemory, 'filing-failpoints-'));
      return {
        open: async (now, takeOver) => as(await openLmdbStore({ folder, takeOver, now })),
        freesLeases: true,
        remove: async () => rmSync(folder, { recursive: true }),
      };
    },
    stop: async () => undefined,
  };
}

function withoutWork({ claim, ...step }: Step): Step {
  if (!claim) return step;
  const { work: _, ...options } = claim;
  return { ...step, claim: options };
}
