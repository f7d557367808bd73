import type { Cases } from '../cases/cases.ts';
import type { Conversations } from '../conversations/conversations.ts';
import type { Inbox } from '../conversations/inbox.ts';
import type { Figures } from '../figures/figures.ts';
import type { Handoffs } from '../handoffs/handoffs.ts';
import type { Log } from '../log.ts';
import { type Presence, presenceMs } from '../store/presence.ts';
import { allPartitions, type Store } from '../store/store.ts';
import type { Chores } from './chores.ts';
import type { Errands } from './errands.ts';
import type { Turns } from './turns.ts';

export interface HousekeepingOptions {
  store: Store;
  conversations: Conversations;
  inbox: Inbox;
  cases: Pick<Cases, 'eraseExpired'>;
  figures: Pick<Figures, 'sumUp'>;
  handoffs: Pick<Handoffs, 'keepPromises'>;
  turns: Turns;
  errands: Errands;
  chores: Chores;
  /** For a store that several instances share. */
  presence?: Presence | undefined;
  retentionDays: number;
  log: Log;
}

const lookMs = 250;
const promisesMs = 5_000;
const sweepMs = 10 * 60_000;
const dayMs = 24 * 3_600_000;
const batch = 100;

/**
 * What happens by the clock: messages that a crash or a fault left behind are taken up again, what has expired is removed,
 * and conversations that nobody has used for the retention time are erased, and so are cases. Every instance does it; what two of them do
 * at once has its effect once, by the checks and claims of the store.
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

  /** Erases the conversations that have been idle for the retention time; gives their number. */
  async eraseIdle(): Promise<number> {
    const { store, conversations, chores, retentionDays } = this.#options;
    const idle = { since: store.now() - retentionDays * dayMs, limit: batch };
    let erased = 0;
    for (const partition of allPartitions) {
      for (const id of await conversations.idleSince(partition, idle.since, idle.limit)) {
        if (!(await conversations.erase(id, idle))) continue;
        await chores.workOff(id);
        erased += 1;
      }
    }
    return erased;
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
    const { store, cases, figures, log } = this.#options;
    if (this.#sweeping) return;
    this.#sweeping = Promise.all([store.sweep(), this.eraseIdle(), cases.eraseExpired(), figures.sumUp()])
      .then(([removed, erased, erasedCases]) => {
        if (removed + erased + erasedCases > 0) log.info({ removed, erased, erasedCases }, 'swept');
      })
      .catch((err: unknown) => log.error({ err }, 'sweep failed'))
      .finally(() => {
        this.#sweeping = undefined;
      });
  }
}
