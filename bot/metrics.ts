import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Effect } from '../dialogs/effect.ts';
import type { Activity } from './activity.ts';
import { scanFaults } from './documents/clamd.ts';
import { eventsOf } from './figures/figure-event.ts';

/** What became of one message on its way to a channel that does not fetch its messages; `unknown`: the platform did not say. */
export type DeliveryResult = 'sent' | 'retried' | 'failed' | 'unknown';

/** What the scanner said of an upload, or why it said nothing. */
const scanResults = ['clean', 'infected', ...scanFaults] as const;
export type ScanResult = (typeof scanResults)[number];

/** The decisions about questions, in the words of the contract. */
const decisionOf = { answer: 'answer', suggest: 'suggest', unknown: 'reject' } as const;

/** Figures that are looked up together when somebody asks: for each name its help, and what may be told apart in it. */
export type Sounding = Record<string, { help: string; label?: string }>;

/** Values of a sounding: a number, or one for each value of its label. */
export type Sounded<S extends Sounding> = { [Name in keyof S]: number | Record<string, number> };

const secondsOfTurns = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];
const secondsOfStore = [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2];

/**
 * Prometheus figures of this process. Labels come from short fixed lists (channels, kinds, problem codes, routes as they are written), so
 * that the number of series stays bounded, and no figure tells of a person.
 */
export class Metrics {
  readonly registry = new Registry();
  readonly #turns = this.#counter('filing_turns_total', 'Turns by channel and how they ended', 'channel', 'result');
  readonly #seconds = this.#histogram('filing_turn_seconds', 'Time from taking a message up to its commit', secondsOfTurns, 'channel');
  readonly #requests = this.#counter('filing_http_requests_total', 'HTTP requests by route and status', 'route', 'status');
  readonly #replies = this.#counter('filing_replies_total', 'What the bot said, by its kind', 'channel', 'kind');
  readonly #decisions = this.#counter('filing_decisions_total', 'Questions answered, answered with suggestions, or rejected', 'decision');
  readonly #refusals = this.#counter('filing_refusals_total', 'Values of forms that were not accepted, by what was wrong', 'problem');
  readonly #misses = this.#counter('filing_misses_total', 'Questions noted for the editors, for no answer was found');
  readonly #deliveries = this.#counter(
    'filing_deliveries_total',
    'Messages sent to platforms, by what became of them',
    'channel',
    'result',
  );
  readonly #scans = this.#counter('filing_scans_total', 'Uploads by what the scanner said, or why it said nothing', 'result');
  readonly #store = this.#histogram('filing_store_seconds', 'Time the store took', secondsOfStore, 'operation');
  readonly #storeErrors = this.#counter('filing_store_errors_total', 'What the store could not do', 'operation');

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    // Shown from the beginning: an alert on an increase misses a series that begins with its first count.
    for (const decision of Object.values(decisionOf)) this.#decisions.inc({ decision }, 0);
    for (const result of scanResults) this.#scans.inc({ result }, 0);
  }

  turn(channel: string, result: string, seconds: number): void {
    this.#turns.inc({ channel, result });
    this.#seconds.observe({ channel }, seconds);
  }

  /** What a turn has said and left to be done, once it is committed. */
  said(channel: string, activities: readonly Activity[], effects: readonly Effect[]): void {
    for (const { channelData } of activities) {
      const { kind, problem } = channelData?.filing ?? {};
      if (kind !== undefined) this.#replies.inc({ channel, kind });
      if (kind === 'refuse' && problem !== undefined) this.#refusals.inc({ problem });
    }
    for (const event of eventsOf(activities, effects)) {
      if (event.kind === 'reply') this.#decisions.inc({ decision: decisionOf[event.decision] });
      if (event.kind === 'miss') this.#misses.inc();
    }
  }

  delivery(channel: string, result: DeliveryResult): void {
    this.#deliveries.inc({ channel, result });
  }

  request(route: string, status: number): void {
    this.#requests.inc({ route, status });
  }

  store(operation: string, seconds: number, failed: boolean): void {
    this.#store.observe({ operation }, seconds);
    if (failed) this.#storeErrors.inc({ operation });
  }

  scan(result: ScanResult): void {
    this.#scans.inc({ result });
  }

  /** A figure that is looked up when asked for. */
  gauge(name: string, help: string, value: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(value());
      },
    });
  }

  /**
   * Figures that are looked up together, at most once in `everyMs` however often somebody asks. Where that fails they are left out rather
   * than shown as they were: a monitor takes missing figures for what they are.
   */
  sound<S extends Sounding>(sounding: S, everyMs: number, look: () => Promise<Sounded<S>>, failed: (error: unknown) => void): void {
    let at = Number.NEGATIVE_INFINITY;
    let seen: Promise<Sounded<S> | undefined> = Promise.resolve(undefined);
    const current = () => {
      if (performance.now() - at >= everyMs) {
        at = performance.now();
        seen = look().catch((error: unknown) => {
          failed(error);
          return undefined;
        });
      }
      return seen;
    };
    for (const [name, { help, label }] of Object.entries(sounding)) {
      new Gauge({
        name,
        help,
        labelNames: label === undefined ? [] : [label],
        registers: [this.registry],
        async collect() {
          const value = (await current())?.[name];
          this.reset();
          if (typeof value === 'number') this.set(value);
          else if (value !== undefined) for (const [part, of] of Object.entries(value)) this.set({ [label ?? 'part']: part }, of);
          // A figure without labels is 0 after a reset.
          else if (label === undefined) this.remove();
        },
      });
    }
  }

  #counter<L extends string>(name: string, help: string, ...labelNames: L[]): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  #histogram<L extends string>(name: string, help: string, buckets: number[], ...labelNames: L[]): Histogram<L> {
    return new Histogram({ name, help, labelNames, buckets, registers: [this.registry] });
  }
}
