import { knowledgeFiles } from '../../bot/paths.ts';
import type { FaqEntry } from '../../knowledge/faq-entry.ts';
import { createKnowledge, type Knowledge, KnowledgeLoader, loadCalibration } from '../../knowledge/knowledge.ts';
import { FaqIndex } from '../../knowledge/matching/faq-index.ts';
import { readKnowledge } from '../../knowledge/read-knowledge.ts';
import { loadSegment } from '../../knowledge/text/segment.ts';

let loader: KnowledgeLoader | undefined;
let loaded: Knowledge | undefined;

/** One for all tests of a process: what it has loaded, it loads again for nothing. */
export function realLoader(): KnowledgeLoader {
  loader ??= new KnowledgeLoader(knowledgeFiles);
  return loader;
}

/** The real knowledge base, loaded once. */
export function realKnowledge(): Knowledge {
  loaded ??= realLoader().load();
  return loaded;
}

/** The real knowledge base with some entries changed. */
export function changedKnowledge(change: (entry: FaqEntry) => FaqEntry): Knowledge {
  const { outOfScope, entries } = readKnowledge(knowledgeFiles);
  const changed = { outOfScope, entries: entries.map(change) };
  const calibration = loadCalibration(knowledgeFiles.calibration);
  return createKnowledge(changed.entries, 'changed', FaqIndex.of(changed, loadSegment(knowledgeFiles), calibration, knowledgeFiles));
}
