import type { StandInClock } from './clock.ts';

/** What an account may send to one person, and until when. */
interface Grant {
  left: number;
  until: number;
}

export interface GrantSwitches {
  /** What a tap on a line of a msgmenu gives: as a message (5 in 48 h), or as a tap on the account's own menu (3 in a minute). */
  msgmenuTapGrant: 'message' | 'menu';
  /** Whether the answer to a push is one of the messages that a grant counts. */
  passiveCounts: boolean;
  /** Whether a new message of the person adds to what is left, or sets it anew. */
  grantsAdd: boolean;
}

/** The narrower reading of each. */
export const defaultGrantSwitches: GrantSwitches = { msgmenuTapGrant: 'menu', passiveCounts: true, grantsAdd: false };

const scenes = {
  message: { count: 5, lifeMs: 48 * 3600_000 },
  /** A tap on the custom menu, a follow, a scanned QR code. */
  menu: { count: 3, lifeMs: 60_000 },
} as const;

/** The grants of one person to one Official Account (客服消息, limits since 2023-06-12). */
export class Grants {
  readonly #clock: StandInClock;
  readonly #switches: GrantSwitches;
  readonly #open: Record<keyof typeof scenes, Grant> = { message: { left: 0, until: 0 }, menu: { left: 0, until: 0 } };

  constructor(clock: StandInClock, switches: GrantSwitches) {
    this.#clock = clock;
    this.#switches = switches;
  }

  /** The person did something that lets the account write. */
  give(scene: keyof typeof scenes): void {
    const { count, lifeMs } = scenes[scene];
    const now = this.#clock.now();
    const before = this.#open[scene];
    const left = this.#switches.grantsAdd && now < before.until ? before.left + count : count;
    this.#open[scene] = { left, until: now + lifeMs };
  }

  /** How many messages may be sent now. */
  get left(): number {
    return Math.max(0, ...this.#valid().map(({ left }) => left));
  }

  get isOpen(): boolean {
    return this.#valid().length > 0;
  }

  /** Takes one message, from all that is open: scenes do not add up. Gives the error where there is none. */
  take(): 45015 | 45047 | undefined {
    const valid = this.#valid();
    if (valid.length === 0) return 45015;
    if (this.left === 0) return 45047;
    for (const grant of valid) grant.left = Math.max(0, grant.left - 1);
    return undefined;
  }

  /** All is over, as after an unfollow. */
  end(): void {
    this.#open.message.until = 0;
    this.#open.menu.until = 0;
  }

  #valid(): Grant[] {
    return Object.values(this.#open).filter(({ until }) => this.#clock.now() < until);
  }
}
