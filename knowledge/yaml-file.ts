import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type Document as YamlDocument } from 'yaml';
import type { z } from 'zod';
import type { Fault } from './fault.ts';

export interface YamlFile<T> {
  /** Undefined when there are faults. */
  content: T | undefined;
  faults: Fault[];
  /** The line on which the thing at the path begins, counted from 1. */
  lineOf(path: Path): number;
}

type Path = readonly (string | number)[];

/** Reads a YAML text against a schema; every fault has its line, and the id of the entry (`entries[n].id`) it stands in. */
export function readYaml<T>(file: string, text: string, schema: z.ZodType<T>): YamlFile<T> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const lineAt = (offset: number | undefined) => (offset === undefined ? 1 : lines.linePos(offset).line);
  const lineOf = (path: Path) => lineAt(nearestNode(document, path)?.range?.[0]);
  if (document.errors.length > 0) {
    const faults = document.errors.map(({ pos, message }) => ({
      file,
      line: lineAt(pos[0]),
      message: `not valid YAML: ${message.split('\n')[0]}`,
    }));
    return { content: undefined, faults, lineOf };
  }
  const parsed = schema.safeParse(document.toJS());
  if (parsed.success) return { content: parsed.data, faults: [], lineOf };
  return { content: undefined, faults: parsed.error.issues.map((issue) => faultOf(file, document, issue, lineOf)), lineOf };
}

function faultOf(file: string, document: YamlDocument, issue: z.core.$ZodIssue, lineOf: (path: Path) => number): Fault {
  const path = issue.path.filter((step) => typeof step !== 'symbol');
  const entry = path[0] === 'entries' && path.length > 1 ? document.getIn(['entries', path[1], 'id']) : undefined;
  const field = path.slice(path[0] === 'entries' ? 2 : 0).join('.');
  return {
    file,
    line: lineOf(path),
    ...(typeof entry === 'string' && { entry }),
    message: `${field ? `${field}: ` : ''}${wordIssue(issue)}`,
  };
}

function wordIssue(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `unknown key ${issue.keys.join(', ')}: remove it or correct its spelling`;
  if (issue.code === 'invalid_type' && issue.input === undefined) return `missing: write a ${issue.expected} here`;
  if (issue.code === 'invalid_value') return `write one of ${issue.values.join(', ')}`;
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? issue.message;
  return issue.message;
}

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
