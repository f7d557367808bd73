import { setImmediate as afterIo } from 'node:timers/promises';

interface Waiter {
  scale: number;
  endsAt: number;
  timer: NodeJS.Timeout;
  wake: () => void;
}

/**
 * The time of the stand-in. It runs as fast as that of the bot, so that windows of a minute or of 48 hours are what they are called, and
 * jumps when it is told to. Only the stand-in's own waits (the five seconds for an answer above all) take `scale` of their length.
 */
export class StandInClock {
  readonly #scale: number;
  readonly #waiters = new Set<Waiter>();
  #jumpedMs = 0;
  #stopped = false;

  constructor(scale: number) {
    if (!(scale > 0 && scale <= 1)) throw new Error(`The scale of the clock is a share of real time, not ${scale}.`);
    this.#scale = scale;
  }

  /** Milliseconds since 1970, jumps included. */
  now(): number {
    return Date.now() + this.#jumpedMs;
  }

  /** Seconds since 1970 by the clock on the wall: what goes into messages, whose age the bot judges by its own clock. */
  stamp(): number {
    return Math.floor(Date.now() / 1000);
  }

  /** Resolves after that many milliseconds of the stand-in, or at once when it stops. */
  wait(ms: number, scale = this.#scale): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const waiter: Waiter = { scale, endsAt: performance.now() + ms * scale, timer: setTimeout(() => waiter.wake(), ms * scale), wake };
      const waiters = this.#waiters;
      function wake() {
        clearTimeout(waiter.timer);
        waiters.delete(waiter);
        resolve();
      }
      waiters.add(waiter);
    });
  }

  /** Moves the time on; who waited for a moment that is past now goes on, in order. */
  async advance(ms: number): Promise<void> {
    this.#jumpedMs += ms;
    const now = performance.now();
    for (const waiter of [...this.#waiters].sort((a, b) => a.endsAt - b.endsAt)) {
      waiter.endsAt -= ms * waiter.scale;
      clearTimeout(waiter.timer);
      if (waiter.endsAt <= now) waiter.wake();
      else waiter.timer = setTimeout(waiter.wake, waiter.endsAt - now);
    }
    await afterIo();
  }

  /** Wakes everybody: nobody waits in a stand-in that is gone. */
  stop(): void {
    this.#stopped = true;
    for (const { wake } of [...this.#waiters]) wake();
  }
}
