import { setTimeout as pause } from 'node:timers/promises';
import type { XmlContent } from './xml.ts';

const mostBytes = 2_000;
const afterAnswerMs = 200;

/** A callback that can still be answered with words: what the bot says meanwhile goes out with the answer, which costs no call. */
export class ReplySlot {
  readonly #keep: (text: string) => Promise<void>;
  readonly #answered: Promise<void>;
  readonly closed: Promise<void>;
  /** Milliseconds since 1970. */
  readonly openedAt = Date.now();
  /** Something that was to be said had no room in it. */
  isCut = false;
  #close: () => void = () => undefined;
  #text = '';
  #isOpen = true;

  /** `keep` makes the answer known to whoever is asked for it again; `answered`: the answer has left, or nobody waits for it any more. */
  constructor(keep: (text: string) => Promise<void>, answered: Promise<void>) {
    this.#keep = keep;
    this.#answered = answered;
    this.closed = new Promise((resolve) => {
      this.#close = resolve;
    });
    // Nobody waits any more: what is said from now on has to be sent.
    void answered.then(() => this.close());
  }

  get text(): string {
    return this.#text;
  }

  /** Adds to the answer, and gives false where that is not possible any more. What was added counts as said. */
  async add(text: string): Promise<boolean> {
    const longer = this.#text === '' ? text : `${this.#text}\n\n${text}`;
    if (!this.#isOpen || Buffer.byteLength(longer) > mostBytes) return false;
    await this.#keep(longer);
    // Closed meanwhile, the answer has left without it: whoever asks again gets what was answered before.
    if (this.#isOpen) this.#text = longer;
    else await this.#keep(this.#text);
    return this.#isOpen;
  }

  close(): void {
    this.#isOpen = false;
    this.#close();
  }

  /** Lets the answer go, and resolves when it has: what is sent then comes after it. */
  async letGo(): Promise<void> {
    this.close();
    await Promise.race([this.#answered, pause(1_000, undefined, { ref: false })]);
    // What is called right after it can overtake it inside the platform.
    await pause(afterAnswerMs);
  }
}

/** The open callbacks of this process, by conversation. */
export class ReplySlots {
  readonly #open = new Map<string, ReplySlot>();

  find(conversation: string): ReplySlot | undefined {
    return this.#open.get(conversation);
  }

  /**
   * Holds one open while a message is taken in, however long that takes, and then until what follows from it is done, but not beyond
   * `until`, by `performance.now()`. Gives whether it was done.
   */
  async during(
    conversation: string,
    slot: ReplySlot,
    until: number,
    take: () => Promise<void>,
    follow: () => Promise<void>,
  ): Promise<boolean> {
    // Of two callbacks at once of one customer, the first gets the words.
    const isFirst = !this.#open.has(conversation);
    if (isFirst) this.#open.set(conversation, slot);
    const timer = new AbortController();
    try {
      await take();
      const late = pause(Math.max(0, until - performance.now()), false, { signal: timer.signal }).catch(() => false);
      return await Promise.race([follow().then(() => true), slot.closed.then(() => true), late]);
    } finally {
      timer.abort();
      slot.close();
      if (isFirst) this.#open.delete(conversation);
    }
  }
}

/** A text as the answer to a callback (passive reply, guide of the message push, read 2026-11). `at`: milliseconds since 1970. */
export function textAnswer(to: string, from: string, text: string, at: number): XmlContent {
  return [
    ['ToUserName', to],
    ['FromUserName', from],
    ['CreateTime', Math.floor(at / 1000)],
    ['MsgType', 'text'],
    ['Content', text],
  ];
}
