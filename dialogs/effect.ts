import type { FilingCase } from '../knowledge/filing/filing-case.ts';
import type { RankedTopic } from '../knowledge/matching/faq-index.ts';
import type { HandoffReason, Skill } from './handoff-request.ts';
import type { Rating } from './reply.ts';

/** What a turn does besides speaking. Effects are data: the commit of the turn carries them out, once. */
export type Effect =
  /** A question without a direct answer, for the editors of the knowledge base. */
  | { kind: 'recordMiss'; question: string; nearest: RankedTopic[] }
  /** 有用 or 没用 on an answer, with the question that it was given to. */
  | { kind: 'recordFeedback'; topic: string; question: string; useful: boolean }
  /**
   * Keeps a case as it stands now. Only the conversation that holds it may: `takeOver` makes this conversation the holder, and the
   * former one is told. What staff have done meanwhile (state, history) is not undone.
   */
  | { kind: 'saveCase'; case: FilingCase; takeOver?: true }
  /** Staff are to get in touch: somebody would not give data in the chat, or sent a notice that nobody could decode. */
  | {
      kind: 'requestCallBack';
      contact?: string;
      about: 'consent-refused' | 'unknown-notice' | 'needs-person';
      caseNumber?: string;
      said?: string;
    }
  /** Into the queue for a person. `returning`: they have a case of ours. */
  | { kind: 'requestHandoff'; reason: HandoffReason; skill?: Skill; returning: boolean }
  | { kind: 'leaveQueue' }
  /** The customer has done with the person who was in charge. */
  | { kind: 'leaveAgent' }
  | { kind: 'rateHandoff'; rating: Rating }
  /** What the customer was asked to consent to, by which words and version of them, and what they said; for the register. */
  | { kind: 'recordConsent'; purpose: 'general' | 'certificates'; given: boolean; text: string; version: number; caseNumber?: string }
  /** Everything kept about this customer goes, their cases with it; what the turn itself says stays. `gone`: and so does the conversation. */
  | { kind: 'eraseCustomer'; cases: string[]; receipt: string; gone?: true };
