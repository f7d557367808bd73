import { type FaqEntry, isExpired } from './faq-entry.ts';
import type { Fault } from './fault.ts';
import { contradictions } from './figures.ts';
import type { FaqIndex } from './matching/faq-index.ts';
import type { Indexed } from './matching/indexer.ts';
import type { KnowledgeReading } from './read-knowledge.ts';
import { essence } from './text/normalize.ts';

type Report = (entry: FaqEntry, message: string) => void;

/**
 * All faults that show only across entries or against the calendar; those inside one entry are found when it is read. `index`
 * builds an index, for finding entries that nobody would reach.
 */
export function lintKnowledge(reading: KnowledgeReading, index: (content: Indexed) => FaqIndex, today: string): Fault[] {
  return [...lintAcross(reading), ...lintDates(reading, today), ...lintReach(reading, index)];
}

/** Entries that do not fit together: with these the knowledge base is not taken into use. */
export function lintAcross(reading: KnowledgeReading): Fault[] {
  return collect(reading, (report) => {
    const ids = new Set(reading.entries.map(({ id }) => id));
    const wordings = new Map<string, string>();
    const menu = new Map<number, string>();
    for (const entry of reading.entries) {
      for (const text of [entry.question, ...entry.phrasings, ...entry.keywords]) {
        const key = essence(text);
        const owner = wordings.get(key);
        if (owner) report(entry, `"${text}" is already written for ${owner === entry.id ? 'this entry' : owner}: keep one`);
        else wordings.set(key, entry.id);
      }
      for (const id of [...entry.related, ...entry.confusableWith]) {
        if (id === entry.id) report(entry, 'links to itself: remove the link');
        else if (!ids.has(id)) report(entry, `links to ${id}, which does not exist: correct or remove the link`);
      }
      for (const contradiction of contradictions(entry, reading.figures)) report(entry, contradiction);
      if (entry.menu === undefined) continue;
      const other = menu.get(entry.menu);
      if (other) report(entry, `has the same place ${entry.menu} in the greeting as ${other}: give it another`);
      menu.set(entry.menu, entry.id);
    }
  });
}

/** `today` as 2026-11-24. */
function lintDates(reading: KnowledgeReading, today: string): Fault[] {
  return collect(reading, (report) => {
    for (const entry of reading.entries) {
      if (entry.reviewed > today) report(entry, `reviewed ${entry.reviewed} lies in the future: write the day of the review`);
      for (const { title, published } of entry.sources) {
        if (published > today) report(entry, `source ${title} is dated ${published}, in the future: correct the date`);
      }
      if (isExpired(entry, today)) report(entry, `expired on ${entry.expires}: review it and set new dates`);
    }
  });
}

function lintReach(reading: KnowledgeReading, index: (content: Indexed) => FaqIndex): Fault[] {
  // Without their own questions, or each would be found by being the same text.
  const withoutQuestions = index({ ...reading, entries: reading.entries.map((entry) => ({ ...entry, question: '' })) });
  return collect(reading, (report) => {
    for (const entry of reading.entries) {
      const found = withoutQuestions.match(entry.question).results[0]?.id;
      if (found !== entry.id) report(entry, `its own question finds ${found ?? 'nothing'}: make its phrasings more distinct`);
    }
  });
}

function collect({ places }: KnowledgeReading, look: (report: Report) => void): Fault[] {
  const faults: Fault[] = [];
  look(({ id }, message) => faults.push({ ...(places.get(id) ?? { file: 'knowledge/faq', line: 1 }), entry: id, message }));
  return faults;
}
