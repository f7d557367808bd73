import { knowledgeFiles } from '../../bot/paths.ts';
import type { FaqEntry } from '../../knowledge/faq-entry.ts';
import { createKnowledge, type Knowledge, loadCalibration, loadKnowledge } from '../../knowledge/knowledge.ts';
import { FaqIndex } from '../../knowledge/matching/faq-index.ts';
import { loadSegment } from '../../knowledge/text/segment.ts';

let loaded: Knowledge | undefined;

/** The real knowledge base, loaded once per test file. */
export function realKnowledge(): Knowledge {
  loaded ??= loadKnowledge(knowledgeFiles);
  return loaded;
}

/** The real knowledge base with some entries changed. */
export function changedKnowledge(change: (entry: FaqEntry) => FaqEntry): Knowledge {
  const entries = realKnowledge().entries.map(change);
  return createKnowledge(entries, new FaqIndex(entries, loadSegment(knowledgeFiles), loadCalibration(knowledgeFiles.calibration)));
}
