import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { categorySchema, type FaqEntry } from './faq-entry.ts';
import type { Fault } from './fault.ts';
import { type Figure, figuresSchema } from './figures.ts';
import { type OutOfScope, outOfScopeSchema } from './out-of-scope.ts';
import { readYaml } from './yaml-file.ts';

/** What editors write, as it was read. */
export interface KnowledgeReading {
  entries: FaqEntry[];
  outOfScope: OutOfScope[];
  figures: Figure[];
  /** Where each entry begins, for faults that show only when all files are read. */
  places: Map<string, Pick<Fault, 'file' | 'line'>>;
  faults: Fault[];
}

export interface KnowledgeFolders {
  /** One YAML file per category. */
  faq: string;
  /** Messages that no topic answers. */
  outOfScope: string;
  /** Days and amounts that must agree between answers. */
  figures: string;
}

type Part = Pick<KnowledgeReading, 'faults'> & Partial<KnowledgeReading>;

/** A file as it was found at one moment. */
export interface WrittenFile {
  kind: keyof KnowledgeFolders;
  file: string;
  text: string;
  /** Of its name and text. */
  digest: string;
}

/** What was read from files, by the digests of their texts. */
export type ReadParts = ReadonlyMap<string, Part>;

/** Reads all that editors write; what has not changed since the last time is not read again. */
export class KnowledgeReader {
  readonly #folders: KnowledgeFolders;
  #parts: ReadParts = new Map();

  constructor(folders: KnowledgeFolders) {
    this.#folders = folders;
  }

  /** What was read the last time; given back, it need not be read again. */
  get parts(): ReadParts {
    return this.#parts;
  }

  set parts(parts: ReadParts) {
    this.#parts = parts;
  }

  /** The files as they are now, but for those that have another text here. */
  find(instead: ReadonlyMap<string, string> = new Map()): WrittenFile[] {
    const { faq, outOfScope, figures } = this.#folders;
    const written = (kind: WrittenFile['kind']) => (file: string) =>
      writtenFile(kind, file, instead.get(file) ?? readFileSync(file, 'utf8'));
    return [
      ...yamlFiles(faq).map(written('faq')),
      ...yamlFiles(outOfScope).map(written('outOfScope')),
      ...[figures].map(written('figures')),
    ];
  }

  /** Faults are collected, never thrown, so that an editor sees all of them at once. */
  read(found: readonly WrittenFile[] = this.find()): KnowledgeReading {
    const reading: KnowledgeReading = { entries: [], outOfScope: [], figures: [], places: new Map(), faults: [] };
    const parts = new Map<string, Part>();
    for (const { kind, file, text, digest } of found) {
      const part = this.#parts.get(digest) ?? readPart[kind](file, text);
      parts.set(digest, part);
      add(reading, part);
    }
    this.#parts = parts;
    return reading;
  }
}

function writtenFile(kind: WrittenFile['kind'], file: string, text: string): WrittenFile {
  return { kind, file, text, digest: createHash('sha256').update(`${file}\n${text}`).digest('hex') };
}

/** Reads once, for programs that end. */
export function readKnowledge(folders: KnowledgeFolders): KnowledgeReading {
  return new KnowledgeReader(folders).read();
}

/** Reads one category file's text. */
export function readCategory(file: string, text: string): KnowledgeReading {
  const { content, faults, lineOf } = readYaml(file, text, categorySchema);
  const reading: KnowledgeReading = { entries: [], outOfScope: [], figures: [], places: new Map(), faults };
  if (!content) return reading;
  const { category, entries } = content;
  if (category !== basename(file, '.yaml')) {
    faults.push({ file, line: 1, message: `category "${category}" stands in a file of another name: rename one of them` });
  }
  entries.forEach((entry, index) => {
    addEntry(reading, { ...entry, category }, { file, line: lineOf(['entries', index]) });
  });
  return reading;
}

const readPart: Record<WrittenFile['kind'], (file: string, text: string) => Part> = {
  faq: readCategory,
  outOfScope: readOutOfScope,
  figures: readFigures,
};

function readOutOfScope(file: string, text: string): Part {
  const { content = {}, faults } = readYaml(file, text, outOfScopeSchema);
  return { faults, outOfScope: Object.entries(content).map(([subject, messages]) => ({ subject, messages })) };
}

function readFigures(file: string, text: string): Part {
  const { content = [], faults } = readYaml(file, text, figuresSchema);
  return { faults, figures: content };
}

/** Adds what was read from one file. */
export function add(reading: KnowledgeReading, { entries = [], outOfScope = [], figures = [], places, faults }: Part): void {
  reading.faults.push(...faults);
  reading.outOfScope.push(...outOfScope);
  reading.figures.push(...figures);
  for (const entry of entries) addEntry(reading, entry, places?.get(entry.id) ?? { file: '', line: 1 });
}

function addEntry(reading: KnowledgeReading, entry: FaqEntry, place: Pick<Fault, 'file' | 'line'>): void {
  const earlier = reading.places.get(entry.id);
  if (earlier) {
    reading.faults.push({ ...place, entry: entry.id, message: `this id is already used in ${earlier.file}:${earlier.line}` });
    return;
  }
  reading.places.set(entry.id, place);
  reading.entries.push(entry);
}

function yamlFiles(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  return names.sort().map((name) => join(folder, name));
}
