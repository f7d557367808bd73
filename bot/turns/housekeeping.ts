import type { Inbox } from '../conversations/inbox.ts';
import type { Figures } from '../figures/figures.ts';
import type { Handoffs } from '../handoffs/handoffs.ts';
import type { Log } from '../log.ts';
import type { Retention } from '../privacy/retention.ts';
import { type Presence, presenceMs } from '../store/presence.ts';
import type { Store } from '../store/store.ts';
import type { Chores } from './chores.ts';
import type { Errands } from './errands.ts';
import type { Turns } from './turns.ts';

export interface HousekeepingOptions {
  store: Store;
  inbox: Inbox;
  retention: Pick<Retention, 'nightly'>;
  figures: Pick<Figures, 'sumUp'>;
  handoffs: Pick<Handoffs, 'keepPromises'>;
  turns: Turns;
  errands: Errands;
  chores: Chores;
  /** For a store that several instances share. */
  presence?: Presence | undefined;
  log: Log;
}

const lookMs = 250;
const promisesMs = 5_000;
const sweepMs = 10 * 60_000;
const batch = 100;

/**
 * What happens by the clock: messages that a crash or a fault left behind are taken up again, what has expired is removed, and at night
 * what was kept long enough is erased. Every instance does it; what two of them do at once has its effect once, by the checks and claims of
 * the store.
 */
export class Housekeeping {
  readonly #options: HousekeepingOptions;
  readonly #timers: NodeJS.Timeout[] = [];
  #looking: Promise<void> | undefined;
  #failing = false;
  #sweeping: Promise<void> | undefined;
  #keeping: Promise<void> | undefined;

  constructor(options: HousekeepingOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timers.push(
      setInterval(() => this.#look(), lookMs),
      setInterval(() => this.#keepPromises(), promisesMs),
      setInterval(() => this.#sweep(), sweepMs),
      setInterval(() => this.#show(), presenceMs),
    );
    this.#look();
    this.#sweep();
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  /** Resolves when what was under way has ended. */
  async settled(): Promise<void> {
    await Promise.all([this.#looking, this.#sweeping, this.#keeping]);
  }

  #show(): void {
    this.#options.presence?.show().catch((err: unknown) => this.#options.log.warn({ err }, 'not shown as an instance that serves'));
  }

  #look(): void {
    const { inbox, turns, errands, chores, log } = this.#options;
    if (this.#looking) return;
    this.#looking = inbox
      .due(batch)
      .then((due) => {
        for (const id of due.turns) turns.wake(id);
        for (const id of due.errands) errands.wake(id);
        for (const of of due.chores) chores.wake(of);
        if (this.#failing) log.info('looking for due work works again');
        this.#failing = false;
      })
      .catch((err: unknown) => {
        // Once, and not four times a second for as long as the store is away.
        if (!this.#failing) log.error({ err }, 'looking for due work fails');
        this.#failing = true;
      })
      .finally(() => {
        this.#looking = undefined;
      });
  }

  /** To those who wait for a person. */
  #keepPromises(): void {
    const { handoffs, log } = this.#options;
    this.#keeping ??= handoffs
      .keepPromises()
      .catch((err: unknown) => log.error({ err }, 'looking after those who wait for a person fails'))
      .finally(() => {
        this.#keeping = undefined;
      });
  }

  #sweep(): void {
    const { store, retention, figures, log } = this.#options;
    if (this.#sweeping) return;
    this.#sweeping = Promise.all([store.sweep(), retention.nightly(), figures.sumUp()])
      .then(([removed]) => {
        if (removed > 0) log.info({ removed }, 'swept');
      })
      .catch((err: unknown) => log.error({ err }, 'sweep failed'))
      .finally(() => {
        this.#sweeping = undefined;
      });
  }
}
