import { decode, encode, names } from '../../conversations/conversation.ts';
import { partitionOf, type Store } from '../../store/store.ts';

interface Answer {
  /** The platform's number of the message that was answered. */
  message: string;
  text: string;
}

/** The platform asks three times within a quarter of an hour at most, its own pauses after failures included. */
const keptMs = 3_600_000;
const mostKept = 5;

/** What callbacks were answered with: whoever asks again, because the answer was lost on the way, gets the same. */
export class Answers {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async find(conversation: string, message: string): Promise<string | undefined> {
    return (await this.#kept(conversation)).answers.find((answer) => answer.message === message)?.text;
  }

  async keep(conversation: string, message: string, text: string): Promise<void> {
    const record = names.answered(conversation);
    for (;;) {
      const { answers, version } = await this.#kept(conversation);
      const others = answers.filter((answer) => answer.message !== message);
      const kept: Answer[] = [...others.slice(1 - mostKept), { message, text }];
      const { outcome } = await this.#store.apply(partitionOf(conversation), {
        checks: [{ record, version }],
        operations: [{ do: 'put', record, value: encode(kept), expiresAt: this.#store.now() + keptMs }],
      });
      if (outcome === 'applied') return;
    }
  }

  async #kept(conversation: string): Promise<{ answers: Answer[]; version: number }> {
    const record = await this.#store.get(partitionOf(conversation), names.answered(conversation));
    return { answers: record ? decode<Answer[]>(record.value) : [], version: record?.version ?? 0 };
  }
}
