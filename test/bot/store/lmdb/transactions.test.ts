import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextRound } from 'node:timers/promises';
import { type Key, open } from 'lmdb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Row } from '../../../../bot/store/lmdb/rows.ts';
import { Transactions } from '../../../../bot/store/lmdb/transactions.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'transactions-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function opened() {
  const database = open<Row, Key>({ path: folder, noSubdir: false, encoding: 'msgpack' });
  const transactions = new Transactions(database);
  const waits = vi.spyOn(database, 'transactionSync');
  const write = (name: string) =>
    transactions.run(() => {
      transactions.rows.put(['log', 'p', name], 1);
      return name;
    });
  return { database, transactions, waits, write };
}

describe('steps of the embedded store', () => {
  it('share a wait for the disk with those that come in the rounds right after', async () => {
    const { database, waits, write } = opened();
    const written: Promise<string>[] = [];
    for (const name of ['a', 'b', 'c', 'd']) {
      written.push(write(name));
      await nextRound();
    }
    expect(await Promise.all(written)).toEqual(['a', 'b', 'c', 'd']);
    expect(waits).toHaveBeenCalledTimes(1);
    await database.close();
  });

  it('do not wait for long for others, however many come', async () => {
    const { database, waits, write } = opened();
    const written: Promise<string>[] = [];
    for (let round = 0; round < 60; round += 1) {
      written.push(write(`n${round}`));
      await nextRound();
    }
    await Promise.all(written);
    expect(waits.mock.calls.length).toBeGreaterThanOrEqual(10);
    await database.close();
  });

  it('fail alone, and keep nobody who came with them', async () => {
    const { database, transactions, write } = opened();
    const failing = transactions.run(() => {
      throw new Error('not this one');
    });
    const [first, second, third] = await Promise.allSettled([write('a'), failing, write('b')]);
    expect([first.status, second.status, third.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(database.get(['log', 'p', 'b'])).toBe(1);
    await database.close();
  });
});
