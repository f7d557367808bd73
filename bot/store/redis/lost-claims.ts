import { type Claim, StoreUnavailable } from '../store.ts';

/** A claim that was asked for, or was to be committed, when Redis did not answer. */
export type LostClaim = Pick<Claim, 'partition' | 'queue' | 'token'>;

const againMs = 200;
/** Longer than any lease: whoever took the item over since is not disturbed, as the token is theirs. */
const givenUpAfterMs = 60_000;
const most = 10_000;

/**
 * Gives claims back of which nobody knows whether they were taken or committed, as soon as Redis answers again. Their items would wait for
 * the end of the lease otherwise, and each time that Redis goes away would count as an attempt of a message that has done nothing wrong:
 * after three the customer would be told that it could not be processed.
 */
export class LostClaims {
  readonly #giveBack: (claim: LostClaim) => Promise<void>;
  readonly #lost = new Map<string, LostClaim & { until: number }>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** `giveBack` rejects with `StoreUnavailable` while Redis is away, and does nothing where somebody else has the item. */
  constructor(giveBack: (claim: LostClaim) => Promise<void>) {
    this.#giveBack = giveBack;
  }

  note(claim: LostClaim): void {
    if (this.#closed || this.#lost.size >= most) return; // the leases run out
    this.#lost.set(claim.token, { ...claim, until: performance.now() + givenUpAfterMs });
    this.#lookLater();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#lost.clear();
  }

  #lookLater(): void {
    this.#timer ??= setTimeout(() => void this.#look(), againMs).unref();
  }

  async #look(): Promise<void> {
    for (const claim of this.#lost.values()) {
      try {
        if (performance.now() < claim.until) await this.#giveBack(claim);
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        break;
      }
      this.#lost.delete(claim.token);
    }
    this.#timer = undefined;
    if (this.#lost.size > 0) this.#lookLater();
  }
}
