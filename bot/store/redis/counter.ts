import type { Counter } from '../counter.ts';
import { partitionOf } from '../store.ts';
import type { RedisAddress } from './address.ts';
import { type Connection, connect } from './connection.ts';

/** After a failure nobody waits for Redis again at once: whoever counts does so alone meanwhile. */
const awayMs = 1_000;

/**
 * Over a connection of its own, so that what is refused in great number does not stand in the way of what is served. Rejects as `connect`
 * does.
 */
export async function openCounter(address: RedisAddress): Promise<Counter> {
  return new RedisCounter(await connect(address));
}

class RedisCounter implements Counter {
  readonly #connection: Connection;
  #awayUntil = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async eval(script: string, { keys, arguments: given }: { keys: string[]; arguments: string[] }): Promise<unknown> {
    if (performance.now() < this.#awayUntil) throw new Error('Redis did not answer a moment ago.');
    const [, partition] = /\{(p\d\d)\}/.exec(keys[0] ?? '') ?? [];
    try {
      return await this.#connection.send(partition, ['EVAL', script, String(keys.length), ...keys, ...given]);
    } catch (error) {
      this.#awayUntil = performance.now() + awayMs;
      throw error;
    }
  }

  /** Not among the keys of the store, which begin with the partition. */
  keyOf(name: string): string {
    return `{${partitionOf(name)}}:${name}`;
  }

  close(): Promise<void> {
    return this.#connection.close();
  }
}
