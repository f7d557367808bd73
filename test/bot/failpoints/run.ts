import { type Evidence, gather } from './evidence.ts';
import { conversation, type Operation, type Request, visitor } from './operations.ts';
import type { Place } from './places.ts';
import { type Failpoint, type Mishap, Trap } from './trap.ts';
import { type Core, type Saved, type Tamper, World } from './world.ts';

/** What goes wrong in a run, and whether who asked asks again. */
export interface Trouble {
  failpoint: Failpoint;
  nth: number;
  mishap: Mishap;
  client: 'insists' | 'gives up';
}

export interface Outcome {
  /** How often the process came by each failpoint. */
  passed: ReadonlyMap<Failpoint, number>;
  /** Whether anything was asked that was not acknowledged at once. */
  wasRefused: boolean;
  /** The request that was never acknowledged, if any. */
  unacknowledged?: Request;
  evidence: Evidence;
}

export interface RunOptions {
  newPlace: () => Promise<Place>;
  saved: Saved;
  tamper?: Tamper;
  course?: Course;
}

/** Another course that things may take without anybody being wronged. */
export interface Course {
  /** A request that is never made. */
  without?: Request | undefined;
  /** A request that is made after all others. */
  last?: Request | undefined;
  /** From this request on, turns wait until all is said. */
  lateFrom?: Request | undefined;
  /** What turns leave to be done afterwards waits until all is said. */
  hasLateErrands?: boolean | undefined;
}

const longerThanAnyLease = 10 * 60_000;
const withinAnyLease = 1_000;
const mostRounds = 40;

/** What stands in the store before an operation, made by the product itself. */
export async function prepare(operation: Operation, place: Place): Promise<Saved> {
  const world = await World.begin(place);
  const core = await world.newCore();
  for (const file of operation.files ?? []) world.files.add(file);
  await core.conversations.start({ id: conversation, channel: operation.channel, user: visitor });
  for (const request of operation.before) {
    await request.ask(core, world);
    await settled(core);
  }
  await workOff(core, world);
  const saved = await world.save();
  await world.end();
  return saved;
}

/** Carries out an operation, with a trouble or without, lets everything recover, and looks at what has become of it. */
export async function carryOut(operation: Operation, options: RunOptions, trouble?: Trouble): Promise<Outcome> {
  const world = await World.begin(await options.newPlace(), options.tamper);
  try {
    await world.load(options.saved);
    return await new Run(world, trouble).of(operation, options.course);
  } finally {
    await world.end();
  }
}

class Run {
  readonly #world: World;
  readonly #trouble: Trouble | undefined;
  readonly #trap: Trap | undefined;
  #core: Core | undefined;
  /** A process that stands still, and what is being asked of it. */
  #still: { core: Core; asked: Promise<unknown> } | undefined;
  #isCaught = false;
  #wasRefused = false;

  constructor(world: World, trouble: Trouble | undefined) {
    this.#world = world;
    this.#trouble = trouble;
    this.#trap = trouble && new Trap(trouble.failpoint, trouble.nth, trouble.mishap);
  }

  async of(operation: Operation, { without, last, lateFrom, hasLateErrands }: Course = {}): Promise<Outcome> {
    const prompt = await this.#world.newCore(this.#trap);
    this.#core = prompt;
    if (hasLateErrands) await prompt.errands.stop();
    let unacknowledged: Request | undefined;
    const made = operation.requests.filter((request) => request !== without && request !== last);
    for (const request of [...made, ...(last ? [last] : [])]) {
      if (request === lateFrom) this.#core = await this.#idle();
      if (!(await this.#ask(request))) unacknowledged = request;
    }
    if (lateFrom || hasLateErrands) this.#core = await this.#world.newCore();
    await this.#goOn();
    const isDone = await this.#doWatched((core) => workOff(core, this.#world));
    await this.#goOn();
    this.#trap?.disarm();
    if (!isDone) await workOff(this.#current, this.#world);
    return {
      passed: this.#trap?.passed ?? new Map(),
      wasRefused: this.#wasRefused,
      ...(unacknowledged && { unacknowledged }),
      evidence: await gather(this.#world, operation),
    };
  }

  /** A process that keeps messages, and leaves their turns to others. */
  async #idle(): Promise<Core> {
    const core = await this.#world.newCore();
    await core.turns.stop();
    return core;
  }

  /** Gives false when the request was not acknowledged, and nobody asks again. */
  async #ask(request: Request): Promise<boolean> {
    for (let tries = 0; tries < 10; tries += 1) {
      const isAcknowledged = await this.#doWatched((core) => request.ask(core, this.#world));
      await this.#doWatched(settled);
      if (isAcknowledged) return true;
      this.#wasRefused = true;
      if (this.#trouble?.client === 'gives up') return false;
    }
    throw new Error(`${request.name} was never acknowledged.`);
  }

  /** Does something with the process that there is, until that is done, or the process is caught. Gives whether it was done. */
  async #doWatched(work: (core: Core) => Promise<unknown>): Promise<boolean> {
    const core = this.#current;
    const asked = work(core).then(
      () => true,
      (error: unknown) => {
        if (error instanceof Error && error.name === 'StoreUnavailable') return false;
        throw error;
      },
    );
    if (this.#isCaught || !this.#trap) return asked;
    const done = await Promise.race([asked, this.#trap.caught.then(() => undefined)]);
    // One that ended as it answered has answered nobody.
    if (done !== undefined && !this.#trap.isDead) return done;
    this.#isCaught = true;
    if (this.#trap.isDead) this.#core = await this.#world.succeed();
    else await this.#overtake(core, asked);
    return false;
  }

  /** Another process is there beside the one that stands still. */
  async #overtake(core: Core, asked: Promise<unknown>): Promise<void> {
    this.#still = { core, asked };
    if (this.#trap?.mishap === 'fails late') return this.#succeedInTheMiddle(core);
    this.#core = await this.#world.newCore();
    if (this.#trap?.mishap !== 'stalls') return;
    this.#world.advance(longerThanAnyLease);
    await workOff(this.#core, this.#world);
    await this.#goOn();
  }

  /** The other one is in the middle of the same work when the first one goes on, and gives it back, and looks for work. */
  async #succeedInTheMiddle(first: Core): Promise<void> {
    const middle = new Trap(this.#trouble?.failpoint ?? 'before-commit', 1, 'is overtaken');
    const successor = await this.#world.newCore(middle);
    this.#core = successor;
    this.#world.advance(longerThanAnyLease);
    const done = workOff(successor, this.#world);
    await Promise.race([middle.caught, done]);
    await this.#goOn();
    await workOff(first, this.#world, withinAnyLease);
    middle.release();
    await done;
  }

  /** The process that stood still goes on with what it had begun. */
  async #goOn(): Promise<void> {
    if (!this.#still) return;
    const { core, asked } = this.#still;
    this.#still = undefined;
    this.#trap?.release();
    await asked;
    await settled(core);
  }

  get #current(): Core {
    if (!this.#core) throw new Error('There is no process yet.');
    return this.#core;
  }
}

/** Until a process has done what it can do for now. */
async function settled({ turns, errands }: Core): Promise<void> {
  await turns.settled();
  await errands.caughtUp(conversation);
  await turns.settled();
}

/** What housekeeping does, with the time between going by at once: until nothing is due any more. */
async function workOff(core: Core, world: World, pause = longerThanAnyLease): Promise<void> {
  for (let round = 0; round < mostRounds; round += 1) {
    world.advance(pause);
    const { turns, errands, chores } = await core.inbox.due(100);
    if (turns.length + errands.length + chores.length === 0) return;
    for (const id of turns) core.turns.wake(id);
    for (const id of errands) core.errands.wake(id);
    for (const of of chores) await core.chores.workOff(of);
    await settled(core);
  }
}
