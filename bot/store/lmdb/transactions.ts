import type { Key, RootDatabase } from 'lmdb';
import type { Row } from './rows.ts';
import { TransactionRows } from './transaction-rows.ts';

/** `run`: writes, inside a transaction; what it gives tells the caller, once the transaction is durable. */
interface PendingStep {
  run: () => () => void;
  reject: (cause: unknown) => void;
}

/** Rounds of the event loop that are waited for more steps, at most, after the one in which the first came. */
const mostRounds = 4;

/**
 * Steps that come in the same rounds of the event loop share one transaction, and so one wait for the disk: with 32 conversations at
 * once a fifth more turns than with one round each. The transaction is a synchronous one: when it returns, the disk has it, and
 * there is no state in between to reason about. It holds the loop for as long as the disk takes, once for all who wait for it anyway.
 */
export class Transactions {
  readonly #database: RootDatabase<Row, Key>;
  readonly #pending: PendingStep[] = [];
  /** While a transaction runs. */
  #rows: TransactionRows<Row> | undefined;

  constructor(database: RootDatabase<Row, Key>) {
    this.#database = database;
  }

  /** Runs a step that writes `rows`; resolves with what it gives when the disk has it, and rejects when nothing of it was written. */
  run<T>(step: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#pending.length === 0) this.#runSoon();
      this.#pending.push({
        run: () => {
          const result = step();
          return () => resolve(result);
        },
        reject,
      });
    });
  }

  /** When a round has brought no more steps. */
  #runSoon(before = 0, rounds = 0): void {
    setImmediate(() => {
      const waiting = this.#pending.length;
      if (waiting > before && rounds < mostRounds) this.#runSoon(waiting, rounds + 1);
      else this.runPending();
    });
  }

  /** At once, without waiting for the round to end. */
  runPending(): void {
    const steps = this.#pending.splice(0);
    if (steps.length === 0) return;
    try {
      this.#runTogether(steps);
    } catch {
      // Nothing of the transaction was written. One step that fails must not fail those who only came at the same moment.
      for (const step of steps) {
        try {
          this.#runTogether([step]);
        } catch (cause) {
          step.reject(cause);
        }
      }
    }
  }

  /** A row as a step sees it or, outside of steps, as the disk has it. */
  get(key: Key): Row | undefined {
    return this.#rows ? this.#rows.get(key) : this.#database.get(key);
  }

  /** What a step writes. */
  get rows(): TransactionRows<Row> {
    if (!this.#rows) throw new Error('Rows are written in transactions only.');
    return this.#rows;
  }

  #runTogether(steps: PendingStep[]): void {
    const finished = this.#database.transactionSync(() => this.#withRows(() => steps.map(({ run }) => run())));
    for (const finish of finished) finish();
  }

  #withRows<T>(work: () => T): T {
    const rows = new TransactionRows(this.#database);
    this.#rows = rows;
    try {
      const result = work();
      rows.write();
      return result;
    } finally {
      this.#rows = undefined;
    }
  }
}
