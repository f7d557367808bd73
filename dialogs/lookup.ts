import type { FilingCase } from '../knowledge/filing/filing-case.ts';

/** What a turn needs to know from outside the conversation before it can be decided; the turn is then run again with what was found. */
export type Lookup =
  /** A number for a new case of a day in China (2026-11-24). The same draft gets the same number again. */
  | { kind: 'reserveNumber'; draft: string; day: string }
  /** How the desk stands: who is there, and the place in the queue that this conversation has, or would have. */
  | { kind: 'readDesk' }
  /** A case of this conversation. */
  | { kind: 'readCase'; number: string }
  /** A case of anybody: given only for a proof that fits. Wrong proofs are counted, and shut the case after a few. */
  | { kind: 'proveCase'; number: string; proof: CaseProof };

/** What shows that somebody may see a case: the end of its contact mobile, and one more of its items. */
export interface CaseProof {
  mobileEnd: string;
  /** As typed: the filer's name, a domain name, or the last characters of the credit code or of a certificate number. */
  item: string;
}

export type Found =
  | { kind: 'number'; number: string }
  | { kind: 'case'; case: FilingCase }
  /** `waitMinutes`: left out where nothing is known to go by. */
  | { kind: 'desk'; agents: number; position: number; waitMinutes?: number }
  /** No such case, or the proof does not fit: which of the two is not told. */
  | { kind: 'nothing' }
  /** Too many wrong proofs: shut until a moment, in milliseconds since 1970. */
  | { kind: 'shut'; until: number };
