import type { Key } from 'lmdb';
import { beforeEach, describe, expect, it } from 'vitest';
import { TransactionRows } from '../../../../bot/store/lmdb/transaction-rows.ts';

describe('the rows of a transaction', () => {
  let kept: Map<string, number>;
  let asked: string[];
  let rows: TransactionRows<number>;

  beforeEach(() => {
    kept = new Map([['"old"', 1]]);
    asked = [];
    const noting = <T>(what: string, act: (name: string) => T) => {
      return (key: Key) => {
        asked.push(`${what} ${String(key)}`);
        return act(JSON.stringify(key));
      };
    };
    rows = new TransactionRows<number>({
      get: noting('get', (name) => kept.get(name)),
      put: (key: Key, row: number) => noting('put', (name) => Promise.resolve(kept.set(name, row) !== undefined))(key),
      remove: noting('remove', (name) => Promise.resolve(kept.delete(name))),
    } as ConstructorParameters<typeof TransactionRows<number>>[0]);
  });

  const written = () => {
    asked = [];
    rows.write();
    return asked;
  };

  it('reads a row once, and gives what was made of it', () => {
    expect([rows.get('old'), rows.get('old')]).toEqual([1, 1]);
    rows.put('old', 2);
    expect(rows.get('old')).toBe(2);
    rows.remove('old');
    expect(rows.get('old')).toBeUndefined();
    expect(asked).toEqual(['get old']);
  });

  it('writes a row once, as it is in the end', () => {
    rows.put('old', 2);
    rows.put('old', 3);
    rows.put('gone', 1);
    rows.remove('gone');
    expect(written()).toEqual(['put old', 'remove gone']);
    expect(kept.get('"old"')).toBe(3);
  });

  it('says nothing of what came and went', () => {
    rows.insert('passing', 1);
    rows.remove('passing');
    expect(rows.get('looked for')).toBeUndefined();
    rows.put('looked for', 1);
    rows.remove('looked for');
    expect(written()).toEqual([]);
  });

  it('removes what was there, also when it was put anew in between', () => {
    rows.remove('old');
    rows.put('old', 5);
    rows.remove('old');
    expect(written()).toEqual(['remove old']);
  });

  it('goes on after writing, with what was written', () => {
    rows.insert('new', 1);
    rows.write();
    rows.remove('new');
    expect(written()).toEqual(['remove new']);
    expect(kept.has('"new"')).toBe(false);
  });
});
