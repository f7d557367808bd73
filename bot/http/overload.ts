import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Log } from '../log.ts';

/** How long is looked at for each judgement. */
const windowMs = 2_000;
/** The usual wait for the event loop from which on the process is busy. 32 conversations at full speed keep it for 50 ms (two cores, 2026-11). */
const busyMs = 500;
/** And below which it is so no longer. */
const calmMs = 100;

/**
 * Whether this process cannot keep up. Newcomers are turned away then, so that whoever is in the middle of something is served: what waits for
 * the event loop waits for all, and a conversation more makes it longer for each.
 */
export class Overload {
  readonly #delay = monitorEventLoopDelay({ resolution: 10 });
  readonly #timer: NodeJS.Timeout;
  #isBusy = false;

  constructor(log: Log) {
    this.#delay.enable();
    this.#timer = setInterval(() => {
      const usualMs = Math.round(this.#delay.percentile(50) / 1e6);
      this.#delay.reset();
      const isBusy = usualMs > (this.#isBusy ? calmMs : busyMs);
      if (isBusy !== this.#isBusy) log.warn({ usualMs }, isBusy ? 'overloaded: new conversations are turned away' : 'no longer overloaded');
      this.#isBusy = isBusy;
    }, windowMs).unref();
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#delay.disable();
  }
}
