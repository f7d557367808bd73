import { decode, encode, names } from '../../conversations/conversation.ts';
import { Undeliverable } from '../../conversations/undelivered.ts';
import { type Check, type Operation, partitionOf, type Store } from '../../store/store.ts';

/** What something a customer has done lets us send: so many messages, within so long. */
export interface Grant {
  messages: number;
  ms: number;
}

const hour = 3_600_000;

/** As the page on customer-service messages of official accounts says (api_sendcustommessage, read 2026-11); customer service has the first, too. */
export const grants = {
  message: { messages: 5, ms: 48 * hour },
  /** Followed, scanned a code, or tapped the account's menu. */
  event: { messages: 3, ms: 60_000 },
} satisfies Record<string, Grant>;

interface Standing {
  left: number;
  until: number;
}

/** How many messages each customer may still be sent. Grants do not add up: the better one holds. */
export class Grants {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** What a message of the customer gives is the best there is: nothing has to be looked at. */
  forMessage(conversation: string): Operation {
    const { messages: left, ms } = grants.message;
    return put(conversation, { left, until: this.#store.now() + ms });
  }

  async give(conversation: string, { messages, ms }: Grant): Promise<void> {
    const now = this.#store.now();
    const until = now + ms;
    await this.#change(conversation, (standing) => {
      const isBetter = standing && standing.until > until && standing.left > 0;
      return isBetter ? standing : { left: messages, until };
    });
  }

  /** Takes one; gives how many are left. Throws `Undeliverable` when there is none. */
  async take(conversation: string): Promise<number> {
    const now = this.#store.now();
    const { left } = await this.#change(conversation, (standing) => {
      if (!standing || standing.until <= now)
        throw new Undeliverable('window-closed', 'The time in which the customer may be written to is over.');
      if (standing.left <= 0) throw new Undeliverable('quota-used', 'As many messages as are allowed were sent since the customer wrote.');
      return { ...standing, left: standing.left - 1 };
    });
    return left;
  }

  /** For one that was taken, and not used. */
  async giveBack(conversation: string): Promise<void> {
    await this.#change(conversation, (standing) => (standing ? { ...standing, left: standing.left + 1 } : { left: 0, until: 0 }));
  }

  async #change(conversation: string, change: (standing: Standing | undefined) => Standing): Promise<Standing> {
    const partition = partitionOf(conversation);
    const record = names.grant(conversation);
    for (;;) {
      const stored = await this.#store.get(partition, record);
      const standing = change(stored && decode<Standing>(stored.value));
      const check: Check = { record, version: stored?.version ?? 0 };
      const { outcome } = await this.#store.apply(partition, {
        checks: [check],
        operations: [put(conversation, standing)],
      });
      if (outcome === 'applied') return standing;
    }
  }
}

/** Kept for a while beyond its end: what is not there and what is over are the same. */
function put(conversation: string, standing: Standing): Operation {
  return { do: 'put', record: names.grant(conversation), value: encode(standing), expiresAt: standing.until + grants.message.ms };
}
