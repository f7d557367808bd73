import type { FieldKey } from '../knowledge/filing/form.ts';
import type { Act } from './intake/act.ts';

/** What a choice stands for when it is picked by click, by its number or by its label. */
export type Pick =
  | { kind: 'topic'; topic: string }
  | { kind: 'feedback'; useful: boolean }
  | { kind: 'erasure'; confirmed: boolean }
  | { kind: 'rating'; rating: Rating }
  | { kind: 'act'; act: Act };

export const ratings = ['good', 'fair', 'bad'] as const;
export type Rating = (typeof ratings)[number];

export interface Choice {
  label: string;
  pick: Pick;
}

/** One message of the bot, free of any channel. `text` is Markdown of the small subset that `knowledge/faq` uses. */
export type Reply = {
  text: string;
  /** What the text rests on: sources, dates, what to confirm. Follows the text. */
  provenance?: string;
  choices: Choice[];
  /** One line that leads over to the choices. */
  invitation?: string;
} & ReplyKind;

export type ReplyKind =
  | { kind: 'answer'; topic: string; confidence: number }
  | { kind: 'suggest'; topics: string[] }
  /** `position`: in the queue, from 1. */
  | { kind: 'handoff'; handoff: 'requested' | 'accepted' | 'completed' | 'failed'; position?: number }
  /** A question of a form: `field` unless it is about the form itself. */
  | { kind: 'ask'; field?: FieldKey; progress?: Progress; several?: SeveralChoices }
  /** A value that was not accepted. */
  | { kind: 'refuse'; field: FieldKey; problem: string; progress?: Progress; several?: SeveralChoices }
  /** `summaryAt`, `summaryEnd`: where in the text the lines of the summary stand. */
  | { kind: 'summary'; summary: SummaryLine[]; summaryAt: number; summaryEnd: number; caseNumber?: string }
  | { kind: 'consent' }
  | { kind: 'opened'; caseNumber: string }
  | { kind: 'status'; caseNumber?: string }
  | { kind: 'unknown' }
  | { kind: 'smalltalk' }
  | { kind: 'notice' }
  | { kind: 'apology' };

/** Several of the choices may be picked, said by their labels with 、 between them; each of `alone` goes with no other. */
export interface SeveralChoices {
  alone: string[];
  most?: number;
}

/** How far a form is: items answered, and items in all as far as known. */
export interface Progress {
  done: number;
  total: number;
}

/** One item of a summary, masked; `change` is what the customer says, or clicks, to change it. */
export interface SummaryLine {
  field: FieldKey;
  label: string;
  value: string;
  change: string;
  /** Items of the same group follow each other and are shown in one line; `short` says which of them this is, where the value does not. */
  group?: string;
  short?: string;
}
