import { topicSheet } from '../sheet/sheets.ts';
import { writeDraft } from '../sheet/write-sheet.ts';

/** What customers ask and no topic answers yet, as far as it is known. */
export interface TopicDraft {
  question: string;
  phrasings: readonly string[];
}

/**
 * A sheet with one row for editors to complete. Its import is refused until it has an id, an answer, sources, a day of review and
 * enough phrasings: nothing is answered from a draft.
 */
export function draftSheet({ question, phrasings }: TopicDraft): Uint8Array {
  return writeDraft(topicSheet, { question, phrasings: [...phrasings] });
}
