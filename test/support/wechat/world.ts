import type { StandInClock } from './clock.ts';
import type { Dice } from './dice.ts';
import type { Faults } from './faults.ts';
import type { Journal } from './journal.ts';
import type { MediaStore } from './media.ts';
import type { Pusher } from './pusher.ts';
import type { TokenService } from './tokens.ts';

/** What all accounts of a stand-in have in common. */
export interface World {
  readonly seed: number;
  /** `http://127.0.0.1:…`, for all three APIs and for pictures. */
  readonly origin: string;
  readonly clock: StandInClock;
  readonly dice: Dice;
  readonly journal: Journal;
  readonly faults: Faults;
  readonly media: MediaStore;
  readonly tokens: TokenService;
  readonly pusher: Pusher;
}
