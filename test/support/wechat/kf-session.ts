import type { StandInClock } from './clock.ts';
import type { Dice } from './dice.ts';

/** 0 new, 1 with the bot, 2 in the pool, 3 with a person, 4 ended or not begun. */
export type SessionState = 0 | 1 | 2 | 3 | 4;

interface Code {
  code: string;
  /** The state in which it works; a greeting works in any. */
  state: SessionState | undefined;
  types: readonly string[];
  until: number;
}

const sessionMs = 48 * 3600_000;
const sendWindowMs = 48 * 3600_000;
const sendsPerMessage = 5;
const shortCodeMs = 20_000;
const longCodeMs = 48 * 3600_000;

const movesByApi: Record<SessionState, readonly SessionState[]> = { 0: [1, 2, 3], 1: [2, 3], 2: [3], 3: [3, 4], 4: [] };
const movesToEnd: readonly SessionState[] = [0, 1, 2];

/** One customer's session with one account: its state, what may be sent, and the codes that are open. */
export class KfSession {
  servicer = '';
  readonly #clock: StandInClock;
  readonly #dice: Dice;
  #state: SessionState = 4;
  #touchedAt = 0;
  #wroteAt = Number.NEGATIVE_INFINITY;
  #greetedAt = Number.NEGATIVE_INFINITY;
  #left = 0;
  #codes: Code[] = [];

  constructor(clock: StandInClock, dice: Dice) {
    this.#clock = clock;
    this.#dice = dice;
  }

  /** A session that nobody ended ends by itself after 48 hours. */
  get state(): SessionState {
    if (this.#state !== 4 && this.#clock.now() - this.#touchedAt >= sessionMs) this.#enter(4);
    return this.#state;
  }

  enter(state: SessionState, servicer = ''): void {
    this.#enter(state);
    this.servicer = servicer;
  }

  canMove(to: SessionState, directEnd: boolean): boolean {
    return movesByApi[this.state].includes(to) || (directEnd && to === 4 && movesToEnd.includes(this.state));
  }

  /** The customer wrote: five messages more, and an ended session begins anew. */
  written(): void {
    if (this.state === 4) this.#enter(0);
    this.#touchedAt = this.#clock.now();
    this.#wroteAt = this.#clock.now();
    this.#left = sendsPerMessage;
  }

  /** The bot sends; gives the error where it may not. */
  take(): 95001 | 95002 | 95013 | 95018 | undefined {
    if (this.#clock.now() - this.#wroteAt >= sendWindowMs) return 95002;
    if (this.state === 4) return 95013;
    if (this.state === 2 || this.state === 3) return 95018;
    if (this.#left === 0) return 95001;
    this.#left--;
    if (this.state === 0) this.#enter(1);
    return undefined;
  }

  /** A code for a greeting, where the customer had none and wrote nothing for 48 hours. */
  welcome(): string | undefined {
    const since = this.#clock.now() - Math.max(this.#wroteAt, this.#greetedAt);
    return since < sendWindowMs ? undefined : this.#code(undefined, ['text', 'msgmenu'], shortCodeMs);
  }

  /** A code for a few words at a change of the state. */
  codeFor(state: 2 | 3 | 4): string {
    return state === 4 ? this.#code(4, ['text', 'msgmenu'], shortCodeMs) : this.#code(state, ['text'], longCodeMs);
  }

  /** Uses up a code; false where it is none any more, or for something else. */
  redeem(code: string, type: string): boolean {
    const found = this.#codes.find((candidate) => candidate.code === code);
    if (!found?.types.includes(type) || this.#clock.now() >= found.until) return false;
    if (found.state !== undefined && found.state !== this.state) return false;
    this.#codes = this.#codes.filter((candidate) => candidate !== found);
    if (found.state === undefined) this.#greetedAt = this.#clock.now();
    return true;
  }

  #enter(state: SessionState): void {
    this.#state = state;
    this.#touchedAt = this.#clock.now();
    if (state !== 3) this.servicer = '';
  }

  #code(state: SessionState | undefined, types: readonly string[], lifeMs: number): string {
    const code = this.#dice.name(32);
    this.#codes.push({ code, state, types, until: this.#clock.now() + lifeMs });
    return code;
  }
}
