import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type Document as YamlDocument } from 'yaml';
import type { z } from 'zod';
import { categorySchema, type FaqEntry } from './faq-entry.ts';

/** Something an editor has to mend: where it stands and what to write instead. Lines count from 1. */
export interface Fault {
  file: string;
  line: number;
  entry?: string;
  message: string;
}

export interface FaqReading {
  entries: FaqEntry[];
  /** Where each entry begins, for faults that show only when all files are read. */
  places: Map<string, { file: string; line: number }>;
  faults: Fault[];
}

export class KnowledgeError extends Error {
  readonly faults: readonly Fault[];
  constructor(faults: readonly Fault[]) {
    super(`The knowledge base has ${faults.length} fault(s):\n${faults.map(formatFault).join('\n')}`);
    this.name = 'KnowledgeError';
    this.faults = faults;
  }
}

/** `knowledge/faq/change.yaml:12 change-fee: …`, the form that editors turn into a link. */
export function formatFault({ file, line, entry, message }: Fault): string {
  return `${file}:${line}${entry ? ` ${entry}` : ''}: ${message}`;
}

/** Reads every category file of a folder. Faults are collected, never thrown, so that an editor sees all of them at once. */
export function readFaqFolder(folder: string): FaqReading {
  const reading: FaqReading = { entries: [], places: new Map(), faults: [] };
  for (const name of readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()) {
    readFaqFile(join(folder, name), readFileSync(join(folder, name), 'utf8'), reading);
  }
  return reading;
}

/** Reads one category file's text into `reading`. */
export function readFaqFile(file: string, text: string, reading: FaqReading): void {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const lineAt = (offset: number | undefined) => (offset === undefined ? 1 : lines.linePos(offset).line);
  if (document.errors.length > 0) {
    for (const error of document.errors) {
      reading.faults.push({ file, line: lineAt(error.pos[0]), message: `not valid YAML: ${firstLine(error.message)}` });
    }
    return;
  }
  const parsed = categorySchema.safeParse(document.toJS());
  if (!parsed.success) {
    for (const issue of parsed.error.issues) reading.faults.push(faultOf(file, document, issue, lineAt));
    return;
  }
  const { category, entries } = parsed.data;
  if (category !== basename(file, '.yaml')) {
    reading.faults.push({ file, line: 1, message: `category "${category}" stands in a file of another name: rename one of them` });
  }
  entries.forEach((entry, index) => {
    const line = lineAt(nodeAt(document, ['entries', index])?.range?.[0]);
    const earlier = reading.places.get(entry.id);
    if (earlier) {
      reading.faults.push({ file, line, entry: entry.id, message: `this id is already used in ${earlier.file}:${earlier.line}` });
      return;
    }
    reading.places.set(entry.id, { file, line });
    reading.entries.push({ ...entry, category });
  });
}

function faultOf(file: string, document: YamlDocument, issue: z.core.$ZodIssue, lineAt: (offset?: number) => number): Fault {
  const path = issue.path.filter((step) => typeof step !== 'symbol');
  const entry = path[0] === 'entries' && path.length > 1 ? document.getIn(['entries', path[1], 'id']) : undefined;
  const field = path.slice(path[0] === 'entries' ? 2 : 0).join('.');
  return {
    file,
    line: lineAt(nearestNode(document, path)?.range?.[0]),
    ...(typeof entry === 'string' && { entry }),
    message: `${field ? `${field}: ` : ''}${wordIssue(issue)}`,
  };
}

function wordIssue(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `unknown key ${issue.keys.join(', ')}: remove it or correct its spelling`;
  if (issue.code === 'invalid_type' && issue.input === undefined) return `missing: write a ${issue.expected} here`;
  if (issue.code === 'invalid_value') return `write one of ${issue.values.join(', ')}`;
  return issue.message;
}

type Path = readonly (string | number)[];

/** The node at the path or, where a key is missing, the nearest node above it. */
function nearestNode(document: YamlDocument, path: Path): Node | undefined {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = nodeAt(document, path.slice(0, length));
    if (node) return node;
  }
  return undefined;
}

function nodeAt(document: YamlDocument, path: Path): Node | undefined {
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  return isMap(node) || isSeq(node) || isScalar(node) ? node : undefined;
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? message;
}
