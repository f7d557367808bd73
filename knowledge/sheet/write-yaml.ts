import { stringify } from 'yaml';
import type { Source } from '../faq-entry.ts';
import type { TopicRow } from './sheets.ts';

/** The keys of an entry in the order in which entries are written. */
export const entryKeys = [
  'id',
  'question',
  'menu',
  'keywords',
  'phrasings',
  'answer',
  'confidence',
  'confirm',
  'sources',
  'reviewed',
  'expires',
  'related',
  'confusableWith',
] as const satisfies readonly (keyof TopicRow)[];

export type EntryKey = (typeof entryKeys)[number];

const indent = '  ';

/** A whole entry as an item of the list `entries`, ending with a line end. */
export function writeEntry(topic: TopicRow, column: number): string {
  const margin = ' '.repeat(column);
  const fields = entryKeys.flatMap((key) => (isEmpty(topic[key]) ? [] : [writeField(key, topic[key], column + 2)]));
  return `${margin}- ${fields.join(`${margin}  `)}`;
}

/** `key: value`, without the margin of its first line; `column` is where its key stands. */
export function writeField(key: EntryKey, value: TopicRow[EntryKey], column: number): string {
  if (typeof value === 'number') return `${key}: ${value}\n`;
  if (typeof value === 'string') return `${key}: ${key === 'answer' ? writeBlock(value, column) : `${writeScalar(value)}\n`}`;
  if (key === 'phrasings' || key === 'sources') {
    return `${key}:\n${(value ?? []).map((item) => writeItem(item, column + 2)).join('')}`;
  }
  return `${key}: ${writeFlow((value ?? []).map(String))}\n`;
}

/** One item of a list, with its margin and line end. */
export function writeItem(item: string | Source, column: number, quoted = false): string {
  const margin = ' '.repeat(column);
  if (typeof item === 'string') return `${margin}- ${quoted ? writeQuoted(item) : writeScalar(item)}\n`;
  const { title, issuer, published, url, ref } = item;
  const parts = Object.entries({ title, issuer, published, url, ref }).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}: ${writeScalar(value)}\n`],
  );
  return `${margin}- ${parts.join(`${margin}  `)}`;
}

/** A list on one line. */
export function writeFlow(items: readonly string[]): string {
  const plain = `[${items.join(', ')}]`;
  const written = stringify(items, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: false, blockQuote: false }).trimEnd();
  return written === plain ? plain : `[${items.map((item) => writeInFlow(item)).join(', ')}]`;
}

function writeInFlow(item: string): string {
  const written = stringify([item], { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: false, blockQuote: false }).trimEnd();
  return written === `[${item}]` ? item : writeQuoted(item);
}

/** Plain where YAML reads that as the same text, else in double quotes. */
export function writeScalar(value: string): string {
  return stringify(value, { lineWidth: 0, blockQuote: false }) === `${value}\n` ? value : writeQuoted(value);
}

/** JSON is YAML, but for line ends and marks that only YAML knows. */
function writeQuoted(value: string): string {
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Text of several lines below `|`, as editors can read it; quoted where such a block cannot hold it. */
function writeBlock(value: string, column: number): string {
  // Control characters, and spaces that the reading of a block would take for its margin.
  if (/^\s|[^\P{C}\n\u{10000}-\u{10ffff}]/u.test(value)) return `${writeQuoted(value)}\n`;
  const margin = ' '.repeat(column) + indent;
  const lines = value.split('\n').map((line) => (line === '' ? '' : margin + line));
  return `|\n${lines.join('\n')}\n`;
}

export function isEmpty(value: TopicRow[EntryKey]): boolean {
  return value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}
