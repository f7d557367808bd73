import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Prometheus figures of this process. Labels come from short fixed lists, so that the number of series stays bounded. */
export class Metrics {
  readonly registry = new Registry();
  readonly #turns = new Counter({
    name: 'filing_turns_total',
    help: 'Turns by channel and how they ended',
    labelNames: ['channel', 'result'],
    registers: [this.registry],
  });
  readonly #seconds = new Histogram({
    name: 'filing_turn_seconds',
    help: 'Time from taking a message up to its commit',
    labelNames: ['channel'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers: [this.registry],
  });
  readonly #requests = new Counter({
    name: 'filing_http_requests_total',
    help: 'HTTP requests by route and status',
    labelNames: ['route', 'status'],
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  turn(channel: string, result: string, seconds: number): void {
    this.#turns.inc({ channel, result });
    this.#seconds.observe({ channel }, seconds);
  }

  request(route: string, status: number): void {
    this.#requests.inc({ route, status });
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
}
