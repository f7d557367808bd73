import { isExpired } from './faq-entry.ts';
import type { Fault } from './fault.ts';
import type { FaqIndex, Indexed } from './matching/faq-index.ts';
import type { KnowledgeReading } from './read-knowledge.ts';
import { essence } from './text/normalize.ts';

/**
 * Faults that show only across entries or against the calendar; those inside one entry are found when it is read. `index`
 * builds an index, for finding entries that nobody would reach.
 */
export function lintKnowledge(
  { entries, outOfScope, places }: KnowledgeReading,
  index: (content: Indexed) => FaqIndex,
  today: string,
): Fault[] {
  // Without their own questions, or each would be found by being the same text.
  const withoutQuestions = index({ entries: entries.map((entry) => ({ ...entry, question: '' })), outOfScope });
  const faults: Fault[] = [];
  const report = (entry: string, message: string) => {
    faults.push({ ...(places.get(entry) ?? { file: 'knowledge/faq', line: 1 }), entry, message });
  };
  const ids = new Set(entries.map(({ id }) => id));
  const wordings = new Map<string, string>();
  const menu = new Map<number, string>();
  for (const entry of entries) {
    for (const text of [entry.question, ...entry.phrasings, ...entry.keywords]) {
      const key = essence(text);
      const owner = wordings.get(key);
      if (owner) report(entry.id, `"${text}" is already written for ${owner === entry.id ? 'this entry' : owner}: keep one`);
      else wordings.set(key, entry.id);
    }
    for (const id of [...entry.related, ...entry.confusableWith]) {
      if (id === entry.id) report(entry.id, 'links to itself: remove the link');
      else if (!ids.has(id)) report(entry.id, `links to ${id}, which does not exist: correct or remove the link`);
    }
    if (entry.reviewed > today) report(entry.id, `reviewed ${entry.reviewed} lies in the future: write the day of the review`);
    for (const { title, published } of entry.sources) {
      if (published > today) report(entry.id, `source ${title} is dated ${published}, in the future: correct the date`);
    }
    if (isExpired(entry, today)) report(entry.id, `expired on ${entry.expires}: review it and set new dates`);
    if (entry.menu !== undefined) {
      const other = menu.get(entry.menu);
      if (other) report(entry.id, `has the same place ${entry.menu} in the greeting as ${other}: give it another`);
      menu.set(entry.menu, entry.id);
    }
    const found = withoutQuestions.match(entry.question).results[0]?.id;
    if (found !== entry.id) report(entry.id, `its own question finds ${found ?? 'nothing'}: make its phrasings more distinct`);
  }
  return faults;
}
