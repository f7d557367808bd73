import { decode, encode } from '../../conversations/conversation.ts';
import { partitionOf, type Store } from '../../store/store.ts';

/** Longer than the platform goes on delivering what somebody wrote before they left. */
const keptMs = 72 * 3_600_000;

/** When somebody has left for good: what they wrote before, delivered late, does not bring back what was erased. */
export class Farewells {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** `at`: milliseconds since 1970, by the platform's clock. */
  async note(conversation: string, at: number): Promise<void> {
    await this.#store.apply(partitionOf(conversation), {
      operations: [{ do: 'put', record: nameOf(conversation), value: encode(at), expiresAt: this.#store.now() + keptMs }],
    });
  }

  /** Whether something done at that moment was done before they left. */
  async isBefore(conversation: string, at: number): Promise<boolean> {
    const record = await this.#store.get(partitionOf(conversation), nameOf(conversation));
    return record !== undefined && at <= decode<number>(record.value);
  }
}

function nameOf(conversation: string): string {
  return `wechat-farewell:${conversation}`;
}
