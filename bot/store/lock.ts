import { randomUUID } from 'node:crypto';
import type { Operation, Store } from './store.ts';

/** Something that one process at a time does for all. */
export interface Held {
  /** Writes something, in the partition of the lock, if the lock is still held; gives whether it was. */
  write(operations: Operation[]): Promise<boolean>;
  /** Stops holding it. */
  release(): Promise<void>;
}

interface Holder {
  token: string;
  until: number;
}

export const lockPartition = 'p00';

/**
 * Takes a lock if nobody has it, and keeps it until it is released, or until the process is gone for `leaseMs`. Its record is never removed,
 * so that its version tells a former holder from the present one.
 */
export async function tryLock(store: Store, name: string, leaseMs = 15_000): Promise<Held | undefined> {
  const record = `lock:${name}`;
  const token = randomUUID();
  const stored = await store.get(lockPartition, record);
  if (stored && (JSON.parse(Buffer.from(stored.value).toString()) as Holder).until > store.now()) return undefined;
  let version = stored?.version ?? 0;

  async function put(until: number, more: Operation[] = []): Promise<boolean> {
    const value = Buffer.from(JSON.stringify({ token, until } satisfies Holder));
    const applied = await store.apply(lockPartition, {
      checks: [{ record, version }],
      operations: [{ do: 'put', record, value }, ...more],
    });
    if (applied.outcome !== 'applied') return false;
    version += 1;
    return true;
  }

  if (!(await put(store.now() + leaseMs))) return undefined;
  let renewing: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    // What keeps a renewal from arriving keeps what is to be written from arriving, too: it is told there.
    renewing = renewing.then(() => put(store.now() + leaseMs)).catch(() => false);
  }, leaseMs / 3);
  return {
    write: async (operations) => {
      await renewing;
      return put(store.now() + leaseMs, operations);
    },
    release: async () => {
      clearInterval(timer);
      await renewing;
      await put(0);
    },
  };
}
