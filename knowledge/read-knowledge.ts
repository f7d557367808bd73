import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { categorySchema, type FaqEntry } from './faq-entry.ts';
import type { Fault } from './fault.ts';
import { type OutOfScope, outOfScopeSchema } from './out-of-scope.ts';
import { readYaml } from './yaml-file.ts';

/** What editors write, as it was read. */
export interface KnowledgeReading {
  entries: FaqEntry[];
  outOfScope: OutOfScope[];
  /** Where each entry begins, for faults that show only when all files are read. */
  places: Map<string, Pick<Fault, 'file' | 'line'>>;
  faults: Fault[];
}

export interface KnowledgeFolders {
  /** One YAML file per category. */
  faq: string;
  /** Messages that no topic answers. */
  outOfScope: string;
}

/** Reads all that editors write. Faults are collected, never thrown, so that an editor sees all of them at once. */
export function readKnowledge({ faq, outOfScope }: KnowledgeFolders): KnowledgeReading {
  const reading: KnowledgeReading = { entries: [], outOfScope: [], places: new Map(), faults: [] };
  for (const file of yamlFiles(faq)) readCategory(file, readFileSync(file, 'utf8'), reading);
  for (const file of yamlFiles(outOfScope)) readOutOfScope(file, readFileSync(file, 'utf8'), reading);
  return reading;
}

/** Reads one category file's text into `reading`. */
export function readCategory(file: string, text: string, reading: KnowledgeReading): void {
  const { content, faults, lineOf } = readYaml(file, text, categorySchema);
  reading.faults.push(...faults);
  if (!content) return;
  const { category, entries } = content;
  if (category !== basename(file, '.yaml')) {
    reading.faults.push({ file, line: 1, message: `category "${category}" stands in a file of another name: rename one of them` });
  }
  entries.forEach((entry, index) => {
    const line = lineOf(['entries', index]);
    const earlier = reading.places.get(entry.id);
    if (earlier) {
      reading.faults.push({ file, line, entry: entry.id, message: `this id is already used in ${earlier.file}:${earlier.line}` });
      return;
    }
    reading.places.set(entry.id, { file, line });
    reading.entries.push({ ...entry, category });
  });
}

function readOutOfScope(file: string, text: string, reading: KnowledgeReading): void {
  const { content, faults } = readYaml(file, text, outOfScopeSchema);
  reading.faults.push(...faults);
  if (content) reading.outOfScope.push(...Object.entries(content).map(([subject, messages]) => ({ subject, messages })));
}

function yamlFiles(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  return names.sort().map((name) => join(folder, name));
}
