import { type Claim, partitionOf, type Store } from '../store/store.ts';
import { type Conversation, decode, type Errand, encode, names, note } from './conversation.ts';

export interface OpenErrand {
  claim: Claim;
  errand: Errand;
  conversation: Conversation;
  /** It was begun before, and nobody knows how that ended. */
  interrupted: boolean;
}

const leaseMs = 30_000; // longer than any platform is waited for

/** The errands of conversations, taken one at a time and in order. */
export class Outbox {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async open(id: string): Promise<OpenErrand | undefined> {
    const records = [names.conversation(id), names.sending(id)];
    const claim = await this.#store.claim(partitionOf(id), names.errands(id), { lease: leaseMs, records });
    if (!claim) return undefined;
    const [conversation, sending] = records.map((name) => claim.records[name]);
    if (!conversation) throw new Error(`Conversation ${id} has errands but no record.`);
    return {
      claim,
      errand: decode<Errand>(claim.value),
      conversation: decode<Conversation>(conversation.value),
      interrupted: sending !== undefined && decode<number>(sending.value) === claim.item,
    };
  }

  /** Remembers that the errand is about to reach outside, so that a crash in between is not mistaken for "not begun". */
  async begin({ claim, conversation: { id } }: OpenErrand): Promise<void> {
    await this.#store.apply(partitionOf(id), { operations: [{ do: 'put', record: names.sending(id), value: encode(claim.item) }] });
  }

  /** `failure`: why it could not be done; the agency finds it among the notes. */
  async finish({ claim, conversation: { id } }: OpenErrand, failure?: string): Promise<void> {
    await this.#store.commit(claim, {
      operations: [
        { do: 'remove', record: names.sending(id) },
        ...(failure === undefined ? [] : note(id, { kind: 'undelivered', at: this.#store.now(), reason: failure })),
      ],
    });
  }

  /** For an errand that surely did not reach outside: it is tried again. */
  async retry({ claim, conversation: { id } }: OpenErrand, delayMs: number): Promise<void> {
    await this.#store.apply(partitionOf(id), { operations: [{ do: 'remove', record: names.sending(id) }] });
    await this.#store.release(claim, this.#store.now() + delayMs);
  }
}
