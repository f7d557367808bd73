import type { Claim, Store } from '../../../bot/store/store.ts';
import { bound } from './bound-store.ts';

interface Lease {
  token: string;
  until: number;
}

/**
 * Watches, from above, who holds what: what processes asked their store for, and what it told them. An item that is handed out while
 * another holds it, and has neither given it back nor let its lease run out, has two holders.
 */
export class Leases {
  readonly #now: () => number;
  readonly #held = new Map<string, Lease>();
  readonly twoHolders: string[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The store as a process has it, watched. */
  watch(store: Store): Store {
    return {
      ...bound(store),
      apply: async (partition, step) => {
        const asked = this.#now();
        const applied = await store.apply(partition, step);
        if (step.claim && applied.outcome === 'applied' && applied.claim && !applied.committed)
          this.#taken(applied.claim, asked + step.claim.lease);
        return applied;
      },
      claim: async (partition, queue, options) => {
        const asked = this.#now();
        const claim = await store.claim(partition, queue, options);
        if (claim) this.#taken(claim, asked + options.lease);
        return claim;
      },
      commit: async (claim, step) => {
        const committed = await store.commit(claim, step).catch((error: unknown) => {
          this.#ended(claim); // as far as anybody knows
          throw error;
        });
        if (committed.outcome === 'applied') this.#ended(claim);
        return committed;
      },
      release: (claim, dueAt) => {
        this.#ended(claim);
        return store.release(claim, dueAt);
      },
    };
  }

  /** When the only process has died, nobody holds anything. */
  freeAll(): void {
    this.#held.clear();
  }

  #taken(claim: Claim, until: number): void {
    // An answer that came so late that the lease was over by then gives nobody anything.
    if (until <= this.#now()) return;
    const holder = this.#held.get(itemOf(claim));
    if (holder && holder.until > this.#now()) this.twoHolders.push(itemOf(claim));
    this.#held.set(itemOf(claim), { token: claim.token, until });
  }

  #ended(claim: Claim): void {
    if (this.#held.get(itemOf(claim))?.token === claim.token) this.#held.delete(itemOf(claim));
  }
}

function itemOf({ queue, item }: Claim): string {
  return `${queue} ${item}`;
}
