import { setTimeout as pause } from 'node:timers/promises';

export interface MenuLine {
  /** Absent on lines that open a page or only show words. */
  id?: string;
  text: string;
  url?: string;
}

export interface Article {
  title: string;
  description: string;
  url: string;
  picture: string;
}

export interface CardButton {
  key: string;
  text: string;
}

/** One thing on the screen. */
export type Picture =
  | { kind: 'text'; text: string; links: { text: string; url: string }[] }
  /** WeCom only; nothing is to be seen of it in WeChat's own app. */
  | { kind: 'markdown'; text: string }
  | { kind: 'menu'; head: string; lines: MenuLine[]; tail: string }
  | { kind: 'news'; articles: Article[] }
  | { kind: 'card'; title: string; description: string; buttons: CardButton[]; url?: string; taskId?: string; responseCode?: string }
  | { kind: 'image' | 'voice' | 'video' | 'file'; mediaId: string; bytes: Uint8Array; title?: string }
  | { kind: 'mini-program' | 'link' | 'location' | 'music'; title: string; url?: string }
  /** What the platform says itself when the account fails to answer. */
  | { kind: 'error'; text: string };

/** `passive` came as the answer to a push, `api` by a call, `agent` was typed by a person. */
export type Shown = Picture & { via: 'passive' | 'api' | 'agent' | 'platform'; by?: string; id?: string };

/** A line of the conversation as a person would read it aloud. */
export function inWords(shown: Picture): string {
  switch (shown.kind) {
    case 'text':
    case 'markdown':
    case 'error':
      return shown.text;
    case 'menu':
      return [shown.head, ...shown.lines.map(({ text }) => `[${text}]`), shown.tail].filter(Boolean).join('\n');
    case 'news':
      return shown.articles.map(({ title, description }) => `${title}\n${description}`).join('\n');
    case 'card':
      return [shown.title, shown.description, ...shown.buttons.map(({ text }) => `[${text}]`)].filter(Boolean).join('\n');
    case 'image':
    case 'voice':
    case 'video':
    case 'file':
      return `(${shown.kind})`;
    default:
      return shown.title;
  }
}

const defaultPatienceMs = 10_000;

/** What one person sees of one account, in the order in which it came. */
export class Phone {
  readonly #screen: ({ by: 'me'; words: string } | { by: 'them'; shown: Shown })[] = [];
  readonly #seed: number;
  #typingUntil = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** What the account showed, oldest first. */
  get items(): Shown[] {
    return this.#screen.flatMap((line) => (line.by === 'them' ? [line.shown] : []));
  }

  /** The words of `items`. */
  get words(): string[] {
    return this.items.map(inWords);
  }

  /** Both sides, to be read in a failure: `> what the person did`, and the answers. */
  get transcript(): string {
    return this.#screen.map((line) => (line.by === 'me' ? `> ${line.words}` : inWords(line.shown))).join('\n');
  }

  get errors(): Shown[] {
    return this.items.filter(({ kind }) => kind === 'error');
  }

  /** The lines of the last menu. */
  get menuLines(): MenuLine[] {
    return this.items.flatMap((shown) => (shown.kind === 'menu' ? [shown.lines] : [])).at(-1) ?? [];
  }

  /** The buttons of the last card. */
  get buttons(): CardButton[] {
    return this.items.flatMap((shown) => (shown.kind === 'card' ? [shown.buttons] : [])).at(-1) ?? [];
  }

  /** A line that can be tapped, by itself or by its words on the last menu. */
  line(line: MenuLine | string): MenuLine & { id: string } {
    const found = typeof line === 'string' ? this.menuLines.find(({ text }) => text === line) : line;
    if (found?.id === undefined) throw new Error(`There is no line ${JSON.stringify(line)} to tap. ${this.#state()}`);
    return { ...found, id: found.id };
  }

  show(shown: Shown): void {
    this.#typingUntil = 0;
    this.#screen.push({ by: 'them', shown });
  }

  did(words: string): void {
    this.#screen.push({ by: 'me', words });
  }

  withdraw(id: string): boolean {
    const at = this.#screen.findIndex((line) => line.by === 'them' && line.shown.id === id);
    if (at >= 0) this.#screen.splice(at, 1);
    return at >= 0;
  }

  /** 对方正在输入, until then by the clock of the stand-in, or until something is shown. */
  showTyping(until: number): void {
    this.#typingUntil = until;
  }

  showsTyping(now: number): boolean {
    return now < this.#typingUntil;
  }

  /**
   * Waits until something shown fits: words it contains, a pattern, or any test. Looks at all that is shown from the item `from` on; what
   * does not come makes an error with the conversation in it.
   */
  async sees(what: string | RegExp | ((shown: Shown) => boolean), { from = 0, patienceMs = defaultPatienceMs } = {}): Promise<Shown> {
    const fits =
      typeof what === 'function'
        ? what
        : (shown: Shown) => (typeof what === 'string' ? inWords(shown).includes(what) : what.test(inWords(shown)));
    for (const end = performance.now() + patienceMs; ; await pause(5)) {
      const found = this.items.slice(from).find(fits);
      if (found) return found;
      if (performance.now() > end) throw new Error(`${what} is not to be seen. ${this.#state()}`);
    }
  }

  /** Waits until so many items are shown, and gives them. */
  async seesItems(count: number): Promise<Shown[]> {
    for (const end = performance.now() + defaultPatienceMs; this.items.length < count; await pause(5)) {
      if (performance.now() > end) throw new Error(`${this.items.length} of ${count} items are shown. ${this.#state()}`);
    }
    return this.items;
  }

  #state(): string {
    return `Seed ${this.#seed}. The screen:\n${this.transcript}`;
  }
}

/** A text with the links in it that can be tapped. */
export function textPicture(text: string): Picture {
  const links = [...text.matchAll(/<a\s[^>]*href="([^"]*)"[^>]*>(.*?)<\/a>/gs)].map(([, url = '', shown = '']) => ({ text: shown, url }));
  return { kind: 'text', text, links };
}
