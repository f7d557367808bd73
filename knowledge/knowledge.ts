import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FaqEntry } from './faq-entry.ts';
import { KnowledgeError } from './fault.ts';
import { type Calibration, calibrationSchema } from './matching/calibration.ts';
import { FaqIndex, type Match, type MatchOptions } from './matching/faq-index.ts';
import { type KnowledgeFolders, readKnowledge } from './read-knowledge.ts';
import { loadSegment } from './text/segment.ts';

/** What is true about filings, as reviewed by people; immutable once loaded. */
export interface Knowledge {
  readonly entries: readonly FaqEntry[];
  /** Changes with every change of an entry. */
  readonly revision: string;
  /** The topics of the greeting, in order. */
  readonly mostAsked: readonly string[];
  entry(id: string): FaqEntry | undefined;
  match(question: string, options?: MatchOptions): Match;
}

export interface KnowledgeFiles extends KnowledgeFolders {
  /** The trade's words for the segmenter. */
  words: string;
  /** Weights and thresholds of the confidence, JSON. */
  calibration: string;
  /** Folder for what is derived and can be made again. */
  cache: string;
}

/** Reads and indexes the knowledge base. Throws a `KnowledgeError` that names every fault with file and line. */
export function loadKnowledge(files: KnowledgeFiles): Knowledge {
  const reading = readKnowledge(files);
  if (reading.faults.length > 0) throw new KnowledgeError(reading.faults);
  return createKnowledge(reading.entries, new FaqIndex(reading, loadSegment(files), loadCalibration(files.calibration), files));
}

export function loadCalibration(file: string): Calibration {
  return calibrationSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}

export function createKnowledge(entries: readonly FaqEntry[], index: FaqIndex): Knowledge {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  return {
    entries,
    revision: createHash('sha256').update(JSON.stringify(entries)).digest('hex').slice(0, 16),
    mostAsked: entries
      .filter((entry) => entry.menu !== undefined)
      .sort((a, b) => (a.menu ?? 0) - (b.menu ?? 0))
      .map(({ id }) => id),
    entry: (id) => byId.get(id),
    match: (question, options) => index.match(question, options),
  };
}
