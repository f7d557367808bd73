import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FaqEntry } from './faq-entry.ts';
import { KnowledgeError } from './fault.ts';
import { keyOfFiles } from './kept.ts';
import { lintAcross } from './lint.ts';
import { type Calibration, calibrationSchema } from './matching/calibration.ts';
import { FaqIndex, type Indexed, type Match, type MatchOptions } from './matching/faq-index.ts';
import { type KnowledgeFolders, KnowledgeReader } from './read-knowledge.ts';
import { loadSegment, type Segment } from './text/segment.ts';

/** What is true about filings, as reviewed by people; immutable once loaded. */
export interface Knowledge {
  readonly entries: readonly FaqEntry[];
  /** Changes with every change that a visitor may notice. */
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

/** Reads and indexes the knowledge base, again and again as it is edited. */
export class KnowledgeLoader {
  readonly #files: KnowledgeFiles;
  readonly #reader: KnowledgeReader;
  readonly #segment: Segment;

  constructor(files: KnowledgeFiles) {
    this.#files = files;
    this.#reader = new KnowledgeReader(files, { file: join(files.cache, 'parts.bin'), key: keyOfReaders(files) });
    this.#segment = loadSegment(files);
  }

  /** Throws a `KnowledgeError` that names every fault with file and line. */
  load(): Knowledge {
    const reading = this.#reader.read();
    const faults = reading.faults.length > 0 ? reading.faults : lintAcross(reading);
    if (faults.length > 0) throw new KnowledgeError(faults);
    const calibration = loadCalibration(this.#files.calibration);
    return createKnowledge(reading, calibration, new FaqIndex(reading, this.#segment, calibration, this.#files));
  }
}

/** Of the code by which files are read: what it read before a change is read again. */
function keyOfReaders({ words }: KnowledgeFiles): string {
  const sources = join(dirname(words), '..');
  return keyOfFiles(['faq-entry', 'out-of-scope', 'figures', 'yaml-file', 'read-knowledge'].map((name) => join(sources, `${name}.ts`)));
}

/** Loads once, for programs that end. */
export function loadKnowledge(files: KnowledgeFiles): Knowledge {
  return new KnowledgeLoader(files).load();
}

export function loadCalibration(file: string): Calibration {
  return calibrationSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}

export function createKnowledge({ entries, outOfScope }: Indexed, calibration: Calibration, index: FaqIndex): Knowledge {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  return {
    entries,
    revision: createHash('sha256')
      .update(JSON.stringify([entries, outOfScope, calibration]))
      .digest('hex')
      .slice(0, 16),
    mostAsked: entries
      .filter((entry) => entry.menu !== undefined)
      .sort((a, b) => (a.menu ?? 0) - (b.menu ?? 0))
      .map(({ id }) => id),
    entry: (id) => byId.get(id),
    match: (question, options) => index.match(question, options),
  };
}
