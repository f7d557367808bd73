import type { Field } from './xml.ts';

/** How one attempt to push ended. `late` came after the answer that counted, `dropped` was never tried because of MarkFail. */
export type Outcome = 'ok-empty' | 'ok-reply' | 'illegal' | 'timeout' | 'refused' | 'dropped' | 'late';

export interface PushEntry {
  kind: 'push';
  /** Milliseconds since 1970, by the stand-in's clock, at the end of the exchange. */
  at: number;
  account: string;
  user: string | undefined;
  message: readonly Field[];
  attempt: number;
  outcome: Outcome;
  why?: string;
  status?: number;
  body?: string;
}

export interface CallEntry {
  kind: 'call';
  at: number;
  method: string;
  path: string;
  query: Record<string, string>;
  body: string;
  status: number;
  answer: string;
  /** Absent where the answer is not one of the API: a file, or what a fault made of it. */
  errcode?: number;
  fault?: string;
  /** False where a fault struck before anything was done. */
  processed: boolean;
}

export type Entry =
  | PushEntry
  | CallEntry
  | { kind: 'verify'; at: number; account: string; accepted: boolean; why?: string }
  | { kind: 'markfail'; at: number; account: string }
  /** A message that WeChat threw away without telling anybody. */
  | { kind: 'discarded'; at: number; account: string; user: string; why: string }
  /** Something that the platform bears and a careful client does not do. */
  | { kind: 'complaint'; at: number; text: string };

/** Everything that went between bot and stand-in, in the order in which it ended. */
export class Journal {
  readonly entries: Entry[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  add(entry: DistributiveOmit<Entry, 'at'>): void {
    this.entries.push({ ...entry, at: this.#now() });
  }

  complain(text: string): void {
    this.add({ kind: 'complaint', text });
  }

  get complaints(): string[] {
    return this.#of('complaint').map(({ text }) => text);
  }

  get discarded() {
    return this.#of('discarded');
  }

  get markFails() {
    return this.#of('markfail');
  }

  /** All attempts, or those for one user. */
  pushes(user?: string): PushEntry[] {
    return this.#of('push').filter((entry) => user === undefined || entry.user === user);
  }

  /** All calls of the API, or those to one path. */
  calls(path?: string): CallEntry[] {
    return this.#of('call').filter((entry) => path === undefined || entry.path === path);
  }

  #of<K extends Entry['kind']>(kind: K): Extract<Entry, { kind: K }>[] {
    return this.entries.filter((entry): entry is Extract<Entry, { kind: K }> => entry.kind === kind);
  }
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
