import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { categorySchema, type FaqEntry } from './faq-entry.ts';
import type { Fault } from './fault.ts';
import { type Figure, figuresSchema } from './figures.ts';
import { keep, readKept } from './kept.ts';
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

/** A file as it was read last. */
interface KeptPart {
  text: string;
  part: Part;
}

/** Where parts are kept for the next start: in a file, of use as long as the code that reads them has not changed. */
export interface PartsFile {
  file: string;
  key: string;
}

/** Reads all that editors write; what has not changed since the last time is not read again. */
export class KnowledgeReader {
  readonly #folders: KnowledgeFolders;
  readonly #kept: PartsFile | undefined;
  readonly #parts: Map<string, KeptPart>;
  #changed = false;

  /** Without `kept`, everything is read by this process itself, as programs do that judge what is written. */
  constructor(folders: KnowledgeFolders, kept?: PartsFile) {
    this.#folders = folders;
    this.#kept = kept;
    this.#parts = (kept && readKept<Map<string, KeptPart>>(kept.file, kept.key)) ?? new Map();
  }

  /** Faults are collected, never thrown, so that an editor sees all of them at once. */
  read(): KnowledgeReading {
    const { faq, outOfScope, figures } = this.#folders;
    const reading: KnowledgeReading = { entries: [], outOfScope: [], figures: [], places: new Map(), faults: [] };
    for (const file of yamlFiles(faq)) add(reading, this.#part(file, readCategory));
    for (const file of yamlFiles(outOfScope)) add(reading, this.#part(file, readOutOfScope));
    add(reading, this.#part(figures, readFigures));
    if (this.#kept && this.#changed && reading.faults.length === 0) keep(this.#kept.file, this.#kept.key, this.#parts);
    this.#changed = false;
    return reading;
  }

  #part(file: string, read: (file: string, text: string) => Part): Part {
    const text = readFileSync(file, 'utf8');
    const known = this.#parts.get(file);
    if (known?.text === text) return known.part;
    const part = read(file, text);
    this.#parts.set(file, { text, part });
    this.#changed = true;
    return part;
  }
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
