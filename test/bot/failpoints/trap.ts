import { names } from '../../../bot/conversations/conversation.ts';
import { type Applied, type Claim, type CommitStep, type Step, type Store, StoreUnavailable, type Work } from '../../../bot/store/store.ts';
import { type Deliver, NotSent } from '../../../bot/turns/errands.ts';
import type { Response, Turn } from '../../../dialogs/turn.ts';
import { bound } from './bound-store.ts';

/**
 * The boundaries that a process may end at, or be kept from crossing, while it works for a customer. They lie at the edges of the core: at
 * its calls of the store and of the platform, and in the decision itself, so that the product needs no code for them.
 */
export const failpoints = {
  'after-verify': 'a message was verified, and is about to be kept',
  'after-accept': 'it is kept, and nobody was told yet',
  'before-claim': 'an item is about to be taken up',
  'after-claim': 'it was taken up, and is under a lease',
  'mid-turn': 'the turn is being decided',
  'before-commit': 'the turn, or the chore, is about to be committed',
  'after-commit': 'it is committed, and nobody was told yet',
  'after-publish': 'streams were told that there is something new',
  'before-send': 'the platform is about to be given a message',
  'after-send': 'the platform has it, and its answer is on the way',
  'before-mark-sent': 'the errand is about to be struck off',
  'after-mark-sent': 'it is struck off, and nobody was told yet',
  'before-step': 'a step without a request of its own is about to be made: a case, an owner, the beginning of a sending',
  'after-step': 'it is made, and nobody was told yet',
  'while-reading': 'something is about to be read',
} as const;

export type Failpoint = keyof typeof failpoints;

/**
 * `fails`: the store or the platform does not answer, before or after it did what it was asked. `dies`: the process ends there, and its
 * leases stay. `stalls`: it stands still until others have done its work after its leases, and then goes on. `is overtaken`: it
 * stands still within its leases, while all that follows is asked of another. `fails late`: it stands still until another is at its work
 * after its leases, and then fails, with the other still at it.
 */
export const mishaps = ['fails', 'dies', 'stalls', 'is overtaken', 'fails late'] as const;
export type Mishap = (typeof mishaps)[number];

/** What can happen there at all: a decision takes no time, and a hint is never waited for. */
export function canHappenAt(failpoint: Failpoint, mishap: Mishap): boolean {
  if (failpoint === 'after-publish') return mishap === 'dies';
  // Elsewhere, who fails gives nothing back.
  if (mishap === 'fails late') return failpoint === 'before-commit' || failpoint === 'before-send';
  return failpoint !== 'mid-turn' || mishap === 'fails' || mishap === 'dies';
}

/** One mishap, waiting for a process at the nth time that it comes by a failpoint. */
export class Trap {
  readonly #failpoint: Failpoint;
  readonly #nth: number;
  readonly mishap: Mishap;
  readonly #caught = new Signal();
  readonly #released = new Signal();
  /** How often the process has come by each failpoint while the trap was set. */
  readonly passed = new Map<Failpoint, number>();
  #isArmed = true;
  #dead = false;

  constructor(failpoint: Failpoint, nth: number, mishap: Mishap) {
    this.#failpoint = failpoint;
    this.#nth = nth;
    this.mishap = mishap;
  }

  /** Resolves when the process has died, or stands still; never when its call merely fails. */
  get caught(): Promise<void> {
    return this.#caught.given;
  }

  disarm(): void {
    this.#isArmed = false;
  }

  get isDead(): boolean {
    return this.#dead;
  }

  /** Lets a process that stands still go on. */
  release(): void {
    this.#released.give();
  }

  async pass(failpoint: Failpoint, failure: () => Error): Promise<void> {
    await this.whileAlive();
    if (!this.#isHere(failpoint)) return;
    if (this.mishap === 'fails') throw failure();
    if (this.mishap === 'dies') this.#dead = true;
    this.#caught.give();
    await this.whileAlive();
    await this.#released.given;
    if (this.mishap === 'fails late') throw failure();
  }

  /** For what runs to its end in one go, and cannot stand still. Throws also where the process ends, so that nothing comes after it. */
  passAtOnce(failpoint: Failpoint, may: readonly Mishap[]): void {
    if (may.includes(this.mishap)) this.#endOrFail(failpoint);
    if (this.#dead) throw new Error(`The process ended ${failpoint}.`);
  }

  /** For what nobody waits for: the process ends with its next step. */
  passUnawaited(failpoint: Failpoint): void {
    if (!this.#isHere(failpoint)) return;
    this.#dead = true;
    this.#caught.give();
  }

  /** Never resolves for a process that has ended: whatever it waits for does not come. */
  async whileAlive(): Promise<void> {
    if (this.#dead) await new Promise<never>(() => undefined);
  }

  #endOrFail(failpoint: Failpoint): void {
    if (this.#dead || !this.#isHere(failpoint)) return;
    if (this.mishap === 'fails') throw new Error(`The process failed ${failpoint}.`);
    this.#dead = true;
    this.#caught.give();
  }

  #isHere(failpoint: Failpoint): boolean {
    if (!this.#isArmed) return false;
    const times = (this.passed.get(failpoint) ?? 0) + 1;
    this.passed.set(failpoint, times);
    return failpoint === this.#failpoint && times === this.#nth;
  }
}

/** The store as a process sees it that may walk into the trap. */
export function trappedStore(store: Store, trap: Trap): Store {
  const reading = <T>(call: () => Promise<T>) => around(trap, 'while-reading', call);
  return {
    ...bound(store),
    get: (...asked) => reading(() => store.get(...asked)),
    read: (...asked) => reading(() => store.read(...asked)),
    end: (...asked) => reading(() => store.end(...asked)),
    range: (...asked) => reading(() => store.range(...asked)),
    due: (...asked) => reading(() => store.due(...asked)),
    apply: (partition, step) => applyTrapped(store, trap, partition, step),
    claim: (...asked) =>
      around(trap, 'before-claim', async () => {
        const claim = await store.claim(...asked);
        if (claim) await trap.pass('after-claim', noAnswer);
        return claim;
      }),
    commit: (claim, step) => {
      const commit = () => store.commit(claim, step);
      return claim.queue.startsWith(names.errands(''))
        ? around(trap, 'before-mark-sent', commit, 'after-mark-sent')
        : around(trap, 'before-commit', commit, 'after-commit');
    },
    release: async (...asked) => {
      await trap.whileAlive();
      await store.release(...asked);
    },
    announce: (...told) => {
      if (trap.isDead) return;
      store.announce(...told);
      trap.passUnawaited('after-publish');
    },
  };
}

/** The platform as a process sees it that may walk into the trap. */
export function trappedDelivery(deliver: Deliver, trap: Trap): Deliver {
  return (...message) =>
    deliver(...message).map((part) => ({
      send: async (again) => {
        await trap.pass('before-send', () => new NotSent('The platform does not answer.'));
        await part.send(again);
        await trap.pass('after-send', () => new Error('The answer of the platform was lost.'));
      },
    }));
}

/** The decision of a turn as a process makes it that may walk into the trap. */
export function trappedDecision(decide: (turn: Turn) => Response, trap: Trap): (turn: Turn) => Response {
  return (turn) => {
    trap.passAtOnce('mid-turn', ['fails', 'dies']);
    return decide(turn);
  };
}

const noAnswer = () => new StoreUnavailable('The store does not answer.');

async function around<T>(trap: Trap, before: Failpoint, call: () => Promise<T>, after?: Failpoint): Promise<T> {
  await trap.pass(before, noAnswer);
  try {
    const result = await call();
    if (after) await trap.pass(after, noAnswer);
    return result;
  } finally {
    await trap.whileAlive();
  }
}

async function applyTrapped(store: Store, trap: Trap, partition: string, step: Step): Promise<Applied> {
  const { once, claim } = step;
  let isRun = false;
  const work: Work | undefined =
    claim?.work &&
    ((taken) => {
      isRun = true;
      return workTrapped(claim.work as Work, trap, taken);
    });
  const watched: Step = claim && work ? { ...step, claim: { ...claim, work } } : step;
  const [before, after] = once ? (['after-verify', 'after-accept'] as const) : (['before-step', 'after-step'] as const);
  const applied = await around(trap, before, () => store.apply(partition, watched), after);
  if (applied.outcome !== 'applied' || !applied.claim) return applied;
  if (applied.committed) await trap.pass('after-commit', noAnswer);
  else if (!isRun || trap.mishap !== 'dies') await trap.pass('after-claim', noAnswer);
  return applied;
}

/** Work inside the step that keeps the message. Throwing ends the transaction, as the end of its process does. */
function workTrapped(work: Work, trap: Trap, claim: Claim): CommitStep | undefined {
  trap.passAtOnce('after-claim', ['dies']);
  const step = work(claim);
  trap.passAtOnce('before-commit', step ? ['dies'] : []);
  return step;
}

class Signal {
  readonly given: Promise<void>;
  give: () => void = () => undefined;

  constructor() {
    this.given = new Promise((resolve) => {
      this.give = resolve;
    });
  }
}
