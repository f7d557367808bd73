import type { Conversations } from '../../conversations/conversations.ts';
import type { Log } from '../../log.ts';

/** The sign lasts for fifteen seconds, and may not be asked for again meanwhile (api_typing, read 2026-11). */
const againMs = 16_000;
const attendedMs = 30 * 60_000;

interface Attended {
  end: NodeJS.Timeout;
  stop: () => void;
  shownAt: number;
}

/** Shows customers in WeChat that the person who has their conversation is typing. */
export class Typing {
  readonly #conversations: Conversations;
  readonly #show: (person: string) => Promise<unknown>;
  readonly #log: Log;
  readonly #attended = new Map<string, Attended>();

  constructor(conversations: Conversations, show: (person: string) => Promise<unknown>, log: Log) {
    this.#conversations = conversations;
    this.#show = show;
    this.#log = log;
  }

  /** From now on, and for as long as something is heard of the customer now and then. */
  attend(conversation: string, person: string): void {
    const known = this.#attended.get(conversation);
    clearTimeout(known?.end);
    const end = setTimeout(() => this.#leave(conversation), attendedMs).unref();
    if (known) known.end = end;
    else this.#attended.set(conversation, { end, shownAt: 0, stop: this.#watch(conversation, person) });
  }

  close(): void {
    for (const conversation of [...this.#attended.keys()]) this.#leave(conversation);
  }

  #watch(conversation: string, person: string): () => void {
    return this.#conversations.watchTyping(conversation, (who) => {
      const attended = this.#attended.get(conversation);
      if (who !== 'agent' || !attended || Date.now() - attended.shownAt < againMs) return;
      attended.shownAt = Date.now();
      // A courtesy: what becomes of it changes nothing.
      this.#show(person).catch((err: unknown) => this.#log.debug({ err, conversation }, 'typing not shown'));
    });
  }

  #leave(conversation: string): void {
    const attended = this.#attended.get(conversation);
    clearTimeout(attended?.end);
    attended?.stop();
    this.#attended.delete(conversation);
  }
}
