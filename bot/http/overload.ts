import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Log } from '../log.ts';
import { unavailable } from './http-error.ts';

export interface OverloadOptions {
  log: Log;
  /** How long is looked at for each judgement. */
  windowMs?: number;
  /** The usual wait for the event loop from which on newcomers are turned away, … */
  busyMs?: number;
  /** … and below which they are let in again. */
  calmMs?: number;
}

/**
 * Turns newcomers away while this process cannot keep up, so that whoever is in the middle of something is served: what waits for the event
 * loop waits for all, and a conversation more makes it longer for each. 32 conversations at full speed keep it for 50 ms (two cores,
 * 2026-11).
 */
export class Overload {
  readonly #delay = monitorEventLoopDelay({ resolution: 10 });
  readonly #timer: NodeJS.Timeout;
  #isBusy = false;

  constructor({ log, windowMs = 2_000, busyMs = 500, calmMs = 100 }: OverloadOptions) {
    this.#delay.enable();
    this.#timer = setInterval(() => {
      const usualMs = Math.round(this.#delay.percentile(50) / 1e6);
      this.#delay.reset();
      const isBusy = usualMs > (this.#isBusy ? calmMs : busyMs);
      if (isBusy !== this.#isBusy) log.warn({ usualMs }, isBusy ? 'overloaded: new conversations are turned away' : 'no longer overloaded');
      this.#isBusy = isBusy;
    }, windowMs).unref();
  }

  /** Throws 503 with a time to wait while the process cannot keep up. */
  admitNewcomer(): void {
    if (this.#isBusy) throw unavailable();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#delay.disable();
  }
}
