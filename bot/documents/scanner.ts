import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Clamd, Verdict } from './clamd.ts';
import { UploadRefused } from './upload-refused.ts';

/** Shorter than monitors wait for an answer of ours. */
const pingMs = 500;

export interface ScannerOptions {
  clamd: Clamd;
  /** Whether what could not be scanned is refused, rather than kept as such. */
  required: boolean;
  metrics: Metrics;
  log: Log;
}

/** Has every file of a customer scanned before it is kept. */
export class Scanner {
  readonly #options: ScannerOptions;

  constructor(options: ScannerOptions) {
    this.#options = options;
  }

  /**
   * Passes a file on while the scanner reads along, so that it is never whole in memory. The end waits for the verdict, and throws
   * `UploadRefused` when the file is not to be kept; `unscanned` is called when it is to be kept without a verdict.
   */
  async *watch(content: AsyncIterable<Buffer>, unscanned: () => void): AsyncGenerator<Buffer> {
    const { clamd, required } = this.#options;
    // From the first chunk on: what is refused for its type is not sent.
    let scan: ReturnType<Clamd['scan']> | undefined;
    try {
      for await (const chunk of content) {
        scan ??= clamd.scan();
        await scan.push(chunk);
        yield chunk;
      }
      const verdict: Verdict = scan ? await scan.end() : { outcome: 'clean' };
      this.#report(verdict);
      if (verdict.outcome === 'infected') throw new UploadRefused('infected');
      if (verdict.outcome === 'unscanned' && required) throw new UploadRefused('unscanned');
      if (verdict.outcome === 'unscanned') unscanned();
    } finally {
      scan?.close();
    }
  }

  /** Rejects when the scanner does not answer. */
  async ping(): Promise<void> {
    const answer = await this.#options.clamd.ping(pingMs);
    if (answer !== 'pong') throw new Error(`clamd does not answer: ${answer}.`);
  }

  #report(verdict: Verdict): void {
    const { metrics, log } = this.#options;
    metrics.scan(verdict.outcome === 'unscanned' ? verdict.why : verdict.outcome);
    if (verdict.outcome === 'infected') log.warn({ signature: verdict.signature }, 'upload refused: the scanner found something in it');
    if (verdict.outcome === 'unscanned') {
      const { why, said } = verdict;
      log.warn({ why, ...(said !== undefined && { said }) }, 'upload not scanned');
    }
  }
}
