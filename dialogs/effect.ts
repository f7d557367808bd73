import type { RankedTopic } from '../knowledge/matching/faq-index.ts';

/** What a turn does besides speaking. Effects are data: the commit of the turn carries them out, once. */
export type Effect =
  /** A question without a direct answer, for the editors of the knowledge base. */
  | { kind: 'recordMiss'; question: string; nearest: RankedTopic[] }
  /** 有用 or 没用 on an answer, with the question that it was given to. */
  | { kind: 'recordFeedback'; topic: string; question: string; useful: boolean }
  /** Everything kept about this customer goes; what the turn itself says stays. */
  | { kind: 'eraseCustomer' };
