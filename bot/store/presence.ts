import { randomUUID } from 'node:crypto';
import type { Entry } from './entry.ts';
import { checkSchema } from './schema.ts';
import type { Store } from './store.ts';

const place = { partition: 'p00', index: 'instances' };
/** An instance that was not seen for so long is gone, or cannot reach the store. */
const goneAfterMs = 20_000;
const forgottenAfterMs = 3_600_000;
const most = 1000;

/** How often an instance shows itself. */
export const presenceMs = 5_000;

/**
 * Shows other processes that this one serves from the store: what may only be done while nobody does, such as moving it, asks for it.
 * For stores that several processes share; the embedded one has a sole owner.
 */
export class Presence {
  readonly #store: Store;
  readonly #self = randomUUID();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Shows this process for the first time; rejects when the store is just being filled, which was begun before this was seen. */
  static async begin(store: Store): Promise<Presence> {
    const presence = new Presence(store);
    await presence.show();
    await checkSchema(store);
    return presence;
  }

  /** To be called every `presenceMs`. */
  async show(): Promise<void> {
    const { partition, index } = place;
    const now = this.#store.now();
    const forgotten = await this.#store.range(partition, index, { to: now - forgottenAfterMs, limit: most });
    await this.#store.apply(partition, {
      operations: [
        { do: 'rank', index, member: this.#self, score: now },
        ...forgotten.map(({ member }) => ({ do: 'unrank' as const, index, member })),
      ],
    });
  }

  async leave(): Promise<void> {
    const { partition, index } = place;
    await this.#store.apply(partition, { operations: [{ do: 'unrank', index, member: this.#self }] });
  }
}

/** For how long each of the instances that serve from the store was not seen, in milliseconds. */
export async function livingInstances(store: Store): Promise<number[]> {
  await store.ping(); // which lets the store know what time it is there
  const now = store.now();
  const seen = await store.range(place.partition, place.index, { from: now - goneAfterMs, limit: most });
  return seen.map(({ score }) => Math.max(0, now - score));
}

/** Whether an entry only says who serves from the store, which is nothing to move. */
export function isPresence(entry: Entry): boolean {
  return entry.kind === 'rank' && entry.partition === place.partition && entry.name === place.index;
}
