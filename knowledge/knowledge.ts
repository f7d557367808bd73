import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FaqEntry } from './faq-entry.ts';
import { type Fault, KnowledgeError } from './fault.ts';
import { lintAcross, lintKnowledge } from './lint.ts';
import { type Calibration, calibrationSchema } from './matching/calibration.ts';
import { FaqIndex, type Match, type MatchOptions, type QuestionProfile } from './matching/faq-index.ts';
import { type FaqIndexState, Indexer } from './matching/indexer.ts';
import { type KnowledgeFolders, KnowledgeReader, type KnowledgeReading } from './read-knowledge.ts';
import { SnapshotFile, snapshotKey } from './snapshot.ts';
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
  /** What a question is compared with other questions by. */
  profile(question: string): QuestionProfile;
}

export interface KnowledgeFiles extends KnowledgeFolders {
  /** The trade's words for the segmenter. */
  words: string;
  /** Weights and thresholds of the confidence, JSON. */
  calibration: string;
  /** Folder for what is derived and can be made again. */
  cache: string;
  /** File for the knowledge base as it is loaded, made again when any of the other files or the code has changed. */
  snapshot: string;
  /** Names the code that reads them. */
  code: string;
}

export interface LoadOptions {
  keep?: boolean;
  instead?: ReadonlyMap<string, string>;
}

/** Reads and indexes the knowledge base, again and again as it is edited. */
export class KnowledgeLoader {
  readonly #files: KnowledgeFiles;
  readonly #reader: KnowledgeReader;
  readonly #snapshot: SnapshotFile;
  readonly #segment: Segment;
  readonly #indexer: Indexer;
  #reading: KnowledgeReading | undefined;
  /** What was loaded without faults last: whoever looks again mostly finds the files as they were. */
  #last: { knowledge: Knowledge; reading: KnowledgeReading; isKept: boolean } | undefined;

  /** `unusable`: told when the snapshot is damaged, which is then made again, or cannot be written. */
  constructor(files: KnowledgeFiles, unusable: (error: Error) => void = process.emitWarning) {
    this.#files = files;
    this.#reader = new KnowledgeReader(files);
    this.#snapshot = new SnapshotFile(files.snapshot, unusable);
    this.#segment = loadSegment(files);
    this.#indexer = new Indexer(this.#segment, files);
  }

  /**
   * Throws a `KnowledgeError` that names every fault with file and line. `keep`: what was made anew is kept for the next start. `instead`:
   * texts that take the place of those of files, by their paths, to see what a change would do.
   */
  load({ keep = false, instead = new Map() }: LoadOptions = {}): Knowledge {
    const { code, words, calibration: calibrationFile } = this.#files;
    const found = this.#reader.find(instead);
    const calibrationText = readFileSync(calibrationFile, 'utf8');
    const key = snapshotKey([code, readFileSync(words, 'utf8'), ...found.map(({ digest }) => digest)]);
    const revision = createHash('sha256').update(key).update(calibrationText).digest('hex').slice(0, 16);
    if (this.#last?.knowledge.revision === revision && (this.#last.isKept || !keep)) {
      this.#reading = this.#last.reading;
      return this.#last.knowledge;
    }
    const kept = this.#snapshot.read(key);
    if (kept) this.#reader.parts = kept.parts;
    const reading = this.#reader.read(found);
    this.#reading = reading;
    const index = kept?.index ?? this.#index(reading);
    if (kept) this.#indexer.resume(reading, kept.index);
    if (keep && !kept) this.#snapshot.keep(key, { parts: this.#reader.parts, index });
    const calibration = parseCalibration(calibrationText);
    const knowledge = createKnowledge(reading.entries, revision, new FaqIndex(reading.entries, this.#segment, calibration, index));
    this.#last = { knowledge, reading, isKept: keep || kept !== undefined };
    return knowledge;
  }

  /** All that the check finds in what was loaded last; `today` as 2026-11-24. */
  lint(today: string): Fault[] {
    const reading = this.#reading;
    if (!reading || reading.faults.length > 0) return reading?.faults ?? [];
    const calibration = loadCalibration(this.#files.calibration);
    return lintKnowledge(reading, (content) => FaqIndex.of(content, this.#segment, calibration, this.#files), today);
  }

  #index(reading: KnowledgeReading): FaqIndexState {
    const faults = reading.faults.length > 0 ? reading.faults : lintAcross(reading);
    if (faults.length > 0) throw new KnowledgeError(faults);
    return this.#indexer.index(reading);
  }
}

/** Loads once, for programs that end. */
export function loadKnowledge(files: KnowledgeFiles): Knowledge {
  return new KnowledgeLoader(files).load();
}

export function loadCalibration(file: string): Calibration {
  return parseCalibration(readFileSync(file, 'utf8'));
}

function parseCalibration(text: string): Calibration {
  return calibrationSchema.parse(JSON.parse(text));
}

/** `revision`: names this state of the knowledge. */
export function createKnowledge(entries: readonly FaqEntry[], revision: string, index: FaqIndex): Knowledge {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  return {
    entries,
    revision,
    mostAsked: entries
      .filter((entry) => entry.menu !== undefined)
      .sort((a, b) => (a.menu ?? 0) - (b.menu ?? 0))
      .map(({ id }) => id),
    entry: (id) => byId.get(id),
    match: (question, options) => index.match(question, options),
    profile: (question) => index.profile(question),
  };
}
