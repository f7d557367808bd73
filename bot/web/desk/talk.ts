import type { ConversationView, Entries, Entry, Suggestion } from '../../desk/desk-api.ts';
import { Pause } from '../shared/gate.ts';
import { newKey } from '../shared/input.ts';
import { mayPass, Refused, read, send } from './calls.ts';
import { recall, remember } from './memory.ts';
import { Observed } from './observed.ts';
import { notYetIn, type Outgoing, unreadIn, withEntries } from './transcript.ts';
import { explain } from './words.ts';

/** Of a conversation, all but its entries. */
export type Facts = Omit<ConversationView, keyof Entries>;

export interface TalkEvents {
  /** The conversation is there, and can be watched from where it ends. */
  loaded(): void;
  /** Somebody else has taken it from this agent. */
  lost(customer: string, to: string): void;
}

const olderAtOnce = 80;
const typingShownMs = 8_000;
const typingEveryMs = 3_000;
const mostAnswers = 6;

/** One conversation as this page has it: what is known of it, what is being written to it, and what is on its way. */
export class Talk extends Observed {
  readonly id: string;
  readonly #agent: string;
  readonly #events: TalkEvents;
  facts: Facts | undefined;
  entries: readonly Entry[] = [];
  /** Everything from the first entry to here is there; the stream goes on from here. */
  end = 0;
  older: 'more' | 'loading' | 'none' = 'more';
  outgoing: readonly Outgoing[];
  draft: string;
  /** A note that is being written. */
  note: string;
  seen: number;
  typing = false;
  suggestions: readonly Suggestion[] | undefined;
  /** Why it cannot be shown, in Chinese. */
  trouble = '';
  readonly #retry = new Pause();
  #sending = false;
  #loading = false;
  #loadAgain = false;
  #typingEnds: ReturnType<typeof setTimeout> | undefined;
  #typingSaid = 0;
  #suggestedFor = 0;

  constructor(id: string, agent: string, events: TalkEvents) {
    super();
    this.id = id;
    this.#agent = agent;
    this.#events = events;
    const { draft, note, outgoing, seen } = recall(agent, id);
    this.draft = draft;
    this.note = note;
    this.outgoing = outgoing.map((each) => (each.state === 'sending' ? { ...each, state: 'waiting' } : each));
    this.seen = seen;
  }

  get path(): string {
    return `conversations/${encodeURIComponent(this.id)}`;
  }

  get isLoaded(): boolean {
    return this.facts !== undefined;
  }

  get mine(): boolean {
    return this.facts?.mine ?? false;
  }

  get pending(): Outgoing[] {
    return notYetIn(this.entries, this.outgoing);
  }

  get unread(): number {
    return unreadIn(this.entries, this.seen);
  }

  /** Reads it, or what may have changed of it: who holds it, notes, the form. Asked for while it is being read, it is read once more. */
  async load(): Promise<void> {
    if (this.#loading) {
      this.#loadAgain = true;
      return;
    }
    this.#loading = true;
    do {
      this.#loadAgain = false;
      await this.#loadOnce();
    } while (this.#loadAgain);
    this.#loading = false;
  }

  async #loadOnce(): Promise<void> {
    try {
      const { entries, end, ...facts } = await read<ConversationView>(this.path);
      const first = !this.isLoaded;
      const wasMine = this.mine;
      this.facts = facts;
      if (wasMine && !this.mine && facts.owner.kind === 'agent') this.#events.lost(facts.brief.customer, facts.owner.name);
      this.trouble = '';
      // Later on entries come from where the page stands, by the stream: the view may begin behind that.
      if (first) {
        this.entries = withEntries(this.entries, entries);
        this.end = Math.max(this.end, end, this.entries.at(-1)?.position ?? 0);
        if (this.entries.length === 0 || this.entries[0]?.position === 1) this.older = 'none';
        this.#events.loaded();
        void this.#sendAll();
      }
    } catch (error) {
      if (!this.isLoaded || !mayPass(error)) this.trouble = explain(error);
    }
    this.changed();
  }

  /** `end`: up to where these entries are all that there is. */
  take(entries: readonly Entry[], end: number): Entry[] {
    const fresh = entries.filter(({ position }) => position > this.end);
    this.end = Math.max(this.end, end, ...entries.map(({ position }) => position));
    this.entries = withEntries(this.entries, entries);
    if (fresh.some(({ from }) => from === 'customer')) this.#showTyping(false);
    this.#settle();
    this.changed();
    return fresh;
  }

  /** What has come since, for want of a stream. */
  async catchUp(): Promise<Entry[]> {
    const fresh: Entry[] = [];
    for (;;) {
      const { entries, end } = await read<Entries>(`${this.path}/entries?after=${this.end}`);
      const before = this.end;
      fresh.push(...this.take(entries, end));
      if (this.end === before) return fresh;
    }
  }

  async loadOlder(): Promise<void> {
    const first = this.entries[0]?.position;
    if (this.older !== 'more' || first === undefined) return;
    this.older = 'loading';
    this.changed();
    try {
      const start = Math.max(0, first - 1 - olderAtOnce);
      const added: Entry[] = [];
      // An answer may be cut short: asked on until it meets what is there.
      for (let after = start; after < first - 1; ) {
        const { entries, end } = await read<Entries>(`${this.path}/entries?after=${after}`);
        added.push(...entries.filter(({ position }) => position < first));
        after = Math.max(end, after + 1);
      }
      this.entries = withEntries(this.entries, added);
      this.older = start === 0 ? 'none' : 'more';
    } catch {
      this.older = 'more'; // asked for again when the reader scrolls there again
    }
    this.changed();
  }

  see(): void {
    if (this.seen >= this.end) return;
    this.seen = this.end;
    this.#remember();
    this.changed();
  }

  customerTypes(): void {
    this.#showTyping(true);
    this.changed();
  }

  write(draft: string): void {
    this.draft = draft;
    this.#remember();
    this.changed();
    if (draft.trim() !== '' && this.mine) this.#sayTyping();
  }

  writeNote(note: string): void {
    this.note = note;
    this.#remember();
    this.changed();
  }

  say(text: string): void {
    this.outgoing = [...this.outgoing, { id: newKey(), text, after: this.end, state: 'waiting' }];
    this.#remember();
    this.changed();
    void this.#sendAll();
  }

  /** Sends again what has failed, and what waits behind it. */
  retry(): void {
    this.outgoing = this.outgoing.map(({ reason: _, ...each }) => (each.state === 'failed' ? { ...each, state: 'waiting' } : each));
    this.#retry.cut();
    this.changed();
    void this.#sendAll();
  }

  /** Takes a message that has failed back into the draft. */
  takeBack(id: string): void {
    const back = this.outgoing.find((each) => each.id === id && each.state === 'failed');
    if (!back) return;
    this.outgoing = this.outgoing.filter((each) => each !== back);
    this.draft = [this.draft, back.text].filter(Boolean).join('\n');
    this.#remember();
    this.changed();
    void this.#sendAll();
  }

  /** The connection is back, or the agent: what waits goes out without the rest of its pause. */
  resume(): void {
    this.#retry.cut();
    void this.#sendAll();
  }

  /** Answers to what the customer said last; read once for each of their messages. */
  async suggest(): Promise<void> {
    const asked = this.entries.findLast(({ from }) => from === 'customer')?.position ?? 0;
    if (asked === this.#suggestedFor || !this.isLoaded) return;
    this.#suggestedFor = asked;
    try {
      const suggestions = await read<Suggestion[]>(`${this.path}/suggestions`);
      if (this.#suggestedFor !== asked) return;
      this.suggestions = suggestions;
    } catch {
      // Suggestions are a help: without them the agent answers in their own words.
      if (this.#suggestedFor === asked) this.suggestions = [];
    }
    this.changed();
  }

  #showTyping(now: boolean): void {
    clearTimeout(this.#typingEnds);
    this.typing = now;
    if (!now) return;
    this.#typingEnds = setTimeout(() => {
      this.typing = false;
      this.changed();
    }, typingShownMs);
  }

  #sayTyping(): void {
    if (Date.now() - this.#typingSaid < typingEveryMs) return;
    this.#typingSaid = Date.now();
    // Lost, it costs nothing: the next key says it again.
    send(`${this.path}/typing`).catch(() => undefined);
  }

  /** One after the other, in the order in which they were written: behind one that has failed the others wait. */
  async #sendAll(): Promise<void> {
    if (this.#sending || !this.isLoaded) return;
    this.#sending = true;
    for (let next = this.#next(); next && (await this.#sendOne(next)); ) next = this.#next();
    this.#sending = false;
  }

  #next(): Outgoing | undefined {
    const unsent = this.outgoing.find(({ position }) => position === undefined);
    return unsent?.state === 'waiting' ? unsent : undefined;
  }

  /** Says whether others can follow. */
  async #sendOne({ id, text }: Outgoing): Promise<boolean> {
    this.#mark(id, { state: 'sending' });
    for (let [attempt, answers] = [1, 0]; ; attempt += 1) {
      try {
        const { position } = await send<{ position: number }>(`${this.path}/messages`, { id, text });
        this.#mark(id, { position });
        return true;
      } catch (error) {
        const signedOut = error instanceof Refused && error.status === 401;
        // Without a connection the message waits for as long as it takes.
        if (error instanceof Refused) answers += 1;
        if (signedOut || !mayPass(error) || answers >= mostAnswers) {
          this.#mark(id, signedOut ? { state: 'waiting' } : { state: 'failed', reason: explain(error) });
          return false;
        }
        await this.#retry.wait(waitBefore(attempt, error));
      }
    }
  }

  #mark(id: string, news: Partial<Outgoing>): void {
    this.outgoing = this.outgoing.map((each) => (each.id === id ? { ...each, ...news } : each));
    this.#settle();
    this.#remember();
    this.changed();
  }

  /** What the transcript has is no longer on its way. */
  #settle(): void {
    const there = new Set(this.entries.map(({ position }) => position));
    this.outgoing = this.outgoing.filter(({ position }) => position === undefined || !there.has(position));
  }

  #remember(): void {
    remember(this.#agent, this.id, { draft: this.draft, note: this.note, outgoing: this.outgoing, seen: this.seen });
  }
}

function waitBefore(attempt: number, error: unknown): number {
  const asked = error instanceof Refused ? error.retryAfterSeconds * 1000 : 0;
  return asked || Math.min(15_000, 500 * 2 ** attempt);
}
