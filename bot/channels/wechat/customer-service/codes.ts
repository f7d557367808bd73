/** Codes by each of which one message may be sent in a moment when none may be sent otherwise; they live for seconds, and only here. */
export class Codes {
  readonly #now: () => number;
  readonly #codes = new Map<string, { code: string; until: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** `until`: milliseconds since 1970. */
  put(conversation: string, code: string, until: number): void {
    this.#forgetOld();
    this.#codes.set(conversation, { code, until });
  }

  /** Each is given out once. */
  take(conversation: string): string | undefined {
    const kept = this.#codes.get(conversation);
    this.#codes.delete(conversation);
    return kept && kept.until > this.#now() ? kept.code : undefined;
  }

  #forgetOld(): void {
    for (const [conversation, { until }] of this.#codes) if (until <= this.#now()) this.#codes.delete(conversation);
  }
}
