import { decode, encode } from '../../conversations/conversation.ts';
import { deskPartition } from '../../handoffs/handoff.ts';
import type { Operation, Store } from '../../store/store.ts';
import type { Audit, AuditEntry } from '../audit.ts';
import type { Settled } from '../desk-api.ts';

/** What a person decided, and of which questions; of their words only those that the person chose. */
export interface KeptSettlement extends Omit<Settled, 'topicTitle' | 'inUse'> {
  keys: string[];
  category?: string;
  /** The day that stands beside the regressions. */
  day?: string;
  /** Of the sheet as it was written. */
  digest?: string;
}

const index = 'settled-misses';
const record = (id: string) => `settled-miss:${id}`;
const lease = 'settled-misses:lease';
const leaseMs = 60_000;
/** Notes of conversations do not live as long as so many settlements take. */
const most = 1000;

/** Questions that people at the desk have seen to, and how. */
export class SettledMisses {
  readonly #store: Store;
  readonly #audit: Audit;

  constructor(store: Store, audit: Audit) {
    this.#store = store;
    this.#audit = audit;
  }

  /** The latest first. */
  async all(): Promise<KeptSettlement[]> {
    const ranked = await this.#store.range(deskPartition, index, { limit: most + 1 });
    const records = await Promise.all(ranked.map(({ member }) => this.#store.get(deskPartition, record(member))));
    return records.flatMap((found) => (found ? [decode<KeptSettlement>(found.value)] : [])).reverse();
  }

  async find(id: string): Promise<KeptSettlement | undefined> {
    const found = await this.#store.get(deskPartition, record(id));
    return found && decode<KeptSettlement>(found.value);
  }

  /** Keeps and records it; false when these questions have been settled meanwhile. `instead`: of one that holds no longer. */
  async keep(settlement: KeptSettlement, entry: AuditEntry, instead: boolean): Promise<boolean> {
    const { id, at } = settlement;
    const before = await this.#store.get(deskPartition, record(id));
    if (before && !instead) return false;
    const applied = await this.#audit.record(entry, {
      checks: [{ record: record(id), version: before?.version ?? 0 }],
      operations: [
        { do: 'put', record: record(id), value: encode(settlement) },
        { do: 'rank', index, member: id, score: at },
        ...(await this.#tooMany()),
      ],
    });
    return applied.outcome === 'applied';
  }

  async forget(id: string): Promise<void> {
    await this.#store.apply(deskPartition, { operations: removal(id) });
  }

  /** Forgets and records it, in one step; false when it is gone. */
  async undo(id: string, entry: AuditEntry): Promise<boolean> {
    const applied = await this.#audit.record(entry, { checks: [{ record: record(id), exists: true }], operations: removal(id) });
    return applied.outcome === 'applied';
  }

  /** Does something while nobody else, on any instance, changes the files; undefined when somebody does. */
  async alone<T>(work: () => Promise<T>): Promise<T | undefined> {
    const expiresAt = this.#store.now() + leaseMs;
    const taken = await this.#store.apply(deskPartition, {
      checks: [{ record: lease, version: 0 }],
      operations: [{ do: 'put', record: lease, value: new Uint8Array(), expiresAt }],
    });
    if (taken.outcome !== 'applied') return undefined;
    try {
      return await work();
    } finally {
      await this.#store.apply(deskPartition, { operations: [{ do: 'remove', record: lease }] });
    }
  }

  async #tooMany(): Promise<Operation[]> {
    const ranked = await this.#store.range(deskPartition, index, { limit: most });
    return ranked.slice(0, Math.max(0, ranked.length - most + 1)).flatMap(({ member }) => removal(member));
  }
}

function removal(id: string): Operation[] {
  return [
    { do: 'remove', record: record(id) },
    { do: 'unrank', index, member: id },
  ];
}
