import { type Claim, partitionOf, type Store } from '../store/store.ts';
import { type Conversation, decode, type Errand, encode, names, note } from './conversation.ts';

export interface OpenErrand {
  claim: Claim;
  errand: Errand;
  conversation: Conversation;
  /** It was begun before, and nobody knows how that ended. */
  interrupted: boolean;
  /** Of the record that says which errand was begun last: who finds another there has been taken over. */
  begun: number;
}

/** Which errand was begun last, and under which claim. */
interface Begun {
  item: number;
  token: string;
}

const none = 0;
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
      interrupted: sending !== undefined && decode<Begun>(sending.value).item === claim.item,
      begun: sending?.version ?? 0,
    };
  }

  /**
   * Remembers that the errand is about to reach outside, so that a crash in between is not mistaken for "not begun". Gives false when
   * another has begun it meanwhile: to whoever stalled so long, it does not belong any more.
   */
  begin(open: OpenErrand): Promise<boolean> {
    return this.#note(open, open.claim.item);
  }

  /** `failure`: why it could not be done; the agency finds it among the notes. */
  async finish({ claim, conversation: { id } }: OpenErrand, failure?: string): Promise<void> {
    await this.#store.commit(claim, {
      operations: failure === undefined ? [] : note(id, { kind: 'undelivered', at: this.#store.now(), reason: failure }),
    });
  }

  /** For an errand that surely did not reach outside: it is tried again. */
  async retry(open: OpenErrand, delayMs: number): Promise<void> {
    if (!(await this.#note(open, none))) await this.#takeBack(open);
    await this.#store.release(open.claim, this.#store.now() + delayMs);
  }

  /** The record is never removed, for its versions would begin anew and be taken for those of before. */
  async #note(open: OpenErrand, item: number): Promise<boolean> {
    const { id } = open.conversation;
    const record = names.sending(id);
    const applied = await this.#store.apply(partitionOf(id), {
      checks: [{ record, version: open.begun }],
      operations: [{ do: 'put', record, value: encode({ item, token: open.claim.token } satisfies Begun) }],
    });
    if (applied.outcome !== 'applied') return false;
    open.begun += 1;
    return true;
  }

  /** For an errand of which nobody knew whether its beginning was noted, as the store did not answer: it was, if that is ours. */
  async #takeBack(open: OpenErrand): Promise<void> {
    const { id } = open.conversation;
    const record = await this.#store.get(partitionOf(id), names.sending(id));
    if (!record || decode<Begun>(record.value).token !== open.claim.token) return;
    open.begun = record.version;
    await this.#note(open, none);
  }
}
