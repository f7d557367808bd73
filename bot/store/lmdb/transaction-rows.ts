import type { Key, RootDatabase } from 'lmdb';

interface Held<Row> {
  key: Key;
  row: Row | undefined;
  changed: boolean;
  /** The database does not have it: what is removed again need not be told to it. */
  isNew: boolean;
}

/**
 * The rows of one transaction. Each is read from the database once, and written once, as it is in the end: a message that comes, is
 * claimed and is done with in one transaction changes the row of its queue three times, and is itself never written.
 */
export class TransactionRows<Row> {
  readonly #database: Pick<RootDatabase<Row, Key>, 'get' | 'put' | 'remove'>;
  readonly #held = new Map<string, Held<Row>>();

  constructor(database: Pick<RootDatabase<Row, Key>, 'get' | 'put' | 'remove'>) {
    this.#database = database;
  }

  /** Not to be changed by whoever gets it: the next one gets the same. */
  get(key: Key): Row | undefined {
    const name = JSON.stringify(key);
    const held = this.#held.get(name);
    if (held) return held.row;
    const row = this.#database.get(key);
    this.#held.set(name, { key, row, changed: false, isNew: row === undefined });
    return row;
  }

  put(key: Key, row: Row): void {
    this.#change(key, row, false);
  }

  /** The same, for a row that cannot be there yet. */
  insert(key: Key, row: Row): void {
    this.#change(key, row, true);
  }

  remove(key: Key): void {
    this.#change(key, undefined, false);
  }

  /** Writes what has changed, and holds nothing any more: before rows are looked for in the database itself, and at the end. */
  write(): void {
    for (const { key, row, changed, isNew } of this.#held.values()) {
      if (!changed) continue;
      if (row !== undefined) this.#database.put(key, row);
      else if (!isNew) this.#database.remove(key);
    }
    this.#held.clear();
  }

  #change(key: Key, row: Row | undefined, isNew: boolean): void {
    const name = JSON.stringify(key);
    const held = this.#held.get(name);
    if (held) {
      held.row = row;
      held.changed = true;
    } else this.#held.set(name, { key, row, changed: true, isNew });
  }
}
