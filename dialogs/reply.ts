/** What a choice stands for when it is picked by click, by its number or by its label. */
export type Pick = { kind: 'topic'; topic: string } | { kind: 'feedback'; useful: boolean } | { kind: 'erasure'; confirmed: boolean };

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
  | { kind: 'handoff'; handoff: 'failed' }
  | { kind: 'unknown' }
  | { kind: 'smalltalk' }
  | { kind: 'notice' }
  | { kind: 'apology' };
