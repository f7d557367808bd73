import type { LogEntry, Store } from './store.ts';

/** The entries of a log before a position, or the last ones, newest first. Where the oldest were trimmed there are fewer than asked for. */
export async function readBefore(
  store: Pick<Store, 'end' | 'read'>,
  partition: string,
  log: string,
  position: number | undefined,
  limit: number,
): Promise<LogEntry[]> {
  const last = Math.min(position ?? Infinity, (await store.end(partition, log)) + 1) - 1;
  const after = Math.max(0, last - limit);
  const entries = last <= 0 ? [] : await store.read(partition, log, after, last - after);
  // Behind a trimmed beginning, as many are read that lie after the position.
  return entries.filter((entry) => entry.position <= last).reverse();
}
