import { type CST, isMap, isScalar, isSeq, type Pair, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Source } from '../faq-entry.ts';
import type { SubjectRow, TopicRow } from './sheets.ts';
import { type EntryKey, entryKeys, isEmpty, writeEntry, writeField, writeFlow, writeItem, writeScalar } from './write-yaml.ts';

/** What to do to one category file. */
export interface CategoryEdit {
  category: string;
  /** The new name of the category, when it changes. */
  title?: string;
  removed: ReadonlySet<string>;
  changed: readonly { topic: TopicRow; keys: ReadonlySet<string> }[];
  added: readonly TopicRow[];
}

export interface SubjectsEdit {
  removed: ReadonlySet<string>;
  changed: readonly SubjectRow[];
  added: readonly SubjectRow[];
}

/**
 * The text of a category file after an edit, or undefined when no entry is left. Everything that does not change keeps every
 * byte: order, quotes, line breaks and comments.
 */
export function editCategory(text: string | undefined, edit: CategoryEdit): string | undefined {
  if (text === undefined) return newCategory(edit);
  return splice(text, (source) => {
    const root = rootOf(source);
    const entries = root.get('entries');
    if (!isSeq(entries) || entries.flow) throw unsuited(`entries of ${edit.category}`);
    const field = pieceOf(mapPieces(source, root, source.length), root, 'entries');
    const pieces = withHeadComment(source, field, seqPieces(source, entries, field.to));
    const rest = pieces.filter((_piece, at) => !edit.removed.has(idOf(entries, at)));
    if (rest.length + edit.added.length === 0) return undefined;
    const changed = new Map(edit.changed.map((change) => [change.topic.id, change]));
    const end = pieces.at(-1)?.to ?? field.to;
    return [
      ...(edit.title === undefined ? [] : editTitle(source, root, edit.title)),
      ...pieces.flatMap((piece, at): Splice[] => {
        const id = idOf(entries, at);
        if (edit.removed.has(id)) return [{ from: piece.from, to: piece.to, text: '' }];
        const change = changed.get(id);
        return change ? editEntry(source, entries.items[at], piece, change) : [];
      }),
      ...edit.added.map((topic) => ({ from: end, to: end, text: `\n${writeEntry(topic, pieces[0]?.column ?? 2)}` })),
    ];
  });
}

/** The text of a file of out-of-scope messages after an edit, or undefined when no subject is left. */
export function editSubjects(text: string | undefined, { removed, changed, added }: SubjectsEdit): string | undefined {
  const additions = added.map(({ subject, messages }) => writeSubject(subject, messages)).join('');
  if (text === undefined) return additions || undefined;
  return splice(text, (source) => {
    const root = rootOf(source);
    const pieces = mapPieces(source, root, source.length);
    if (pieces.length === removed.size && additions === '') return undefined;
    const byName = new Map(changed.map(({ subject, messages }) => [subject, messages]));
    const end = pieces.at(-1)?.to ?? source.length;
    const edits = root.items.flatMap((pair, at): Splice[] => {
      const name = String(pair.key);
      const piece = pieces[at];
      const messages = byName.get(name);
      if (!piece) return [];
      if (removed.has(name)) return [{ from: piece.from, to: piece.to, text: '' }];
      if (!messages) return [];
      if (isBlockSeq(pair.value)) return editList(source, pair.value, piece, messages);
      return [{ from: piece.start, to: piece.to, text: writeSubject(name, messages) }];
    });
    return [...edits, { from: end, to: end, text: additions }];
  });
}

interface Splice {
  from: number;
  to: number;
  text: string;
}

/** The text that one child of a block collection occupies. */
interface Piece {
  /** The end of the child before: the comments above a child belong to it. */
  from: number;
  /** The dash or the key. */
  start: number;
  /** Behind the last line of the child. */
  to: number;
  /** Where dash or key stand in the line, counted from 0. */
  column: number;
}

/** Applies what `plan` finds to change in a text, with the line ends that the text has. */
function splice(text: string, plan: (source: string) => readonly Splice[] | undefined): string | undefined {
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const source = text === '' || text.endsWith('\n') ? text : text + lineEnd;
  const splices = plan(source);
  if (!splices) return undefined;
  let result = '';
  let at = 0;
  for (const { from, to, text: instead } of splices.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    result += source.slice(at, from) + instead.replace(/\r?\n/g, lineEnd);
    at = to;
  }
  return result + source.slice(at);
}

function rootOf(source: string): YAMLMap {
  const root = parseDocument(source, { keepSourceTokens: true }).contents;
  if (!isMap(root) || root.flow) throw unsuited('the file');
  return root;
}

function unsuited(what: string): Error {
  return new Error(`Sheets cannot edit ${what}: write it as a YAML block, one key or dash per line.`);
}

function mapPieces(source: string, map: YAMLMap, until: number): Piece[] {
  const token = map.srcToken;
  if (token?.type !== 'block-map') throw unsuited('a map in braces');
  return piecesAt(
    source,
    token.items.flatMap(({ key }) => (key ? [key.offset] : [])),
    until,
  );
}

function seqPieces(source: string, seq: YAMLSeq, until: number): Piece[] {
  const token = seq.srcToken;
  if (token?.type !== 'block-seq') throw unsuited('a list in brackets');
  const dashOf = (tokens: readonly CST.SourceToken[]) => tokens.filter(({ type }) => type === 'seq-item-ind').map(({ offset }) => offset);
  return piecesAt(
    source,
    token.items.flatMap(({ start }) => dashOf(start)),
    until,
  );
}

function piecesAt(source: string, starts: readonly number[], until: number): Piece[] {
  const pieces: Piece[] = [];
  starts.forEach((start, at) => {
    const column = start - lineStart(source, start);
    const next = starts[at + 1];
    const to = contentEnd(source, start, next === undefined ? until : lineStart(source, next), column);
    pieces.push({ from: pieces.at(-1)?.to ?? lineStart(source, start), start, to, column });
  });
  return pieces;
}

/** Where the lines of a child end: empty lines behind it, and comments that are not deeper than itself, belong to what follows. */
function contentEnd(source: string, start: number, until: number, column: number): number {
  let end = until;
  for (;;) {
    const from = lineStart(source, end - 1);
    const line = source.slice(from, end);
    const isOutside = line.trim() === '' || (line.trimStart().startsWith('#') && line.length - line.trimStart().length <= column);
    if (from <= start || !isOutside) return end;
    end = from;
  }
}

function lineStart(source: string, at: number): number {
  return source.lastIndexOf('\n', at - 1) + 1;
}

function idOf(entries: YAMLSeq, at: number): string {
  const entry = entries.items[at];
  return isMap(entry) ? String(entry.get('id')) : '';
}

function pieceOf(pieces: readonly Piece[], map: YAMLMap, key: string): Piece {
  const piece = pieces[map.items.findIndex((pair) => String(pair.key) === key)];
  if (!piece) throw unsuited(`a file without ${key}`);
  return piece;
}

function editTitle(source: string, root: YAMLMap, title: string): Splice[] {
  const { start, to } = pieceOf(mapPieces(source, root, source.length), root, 'title');
  const node = root.get('title', true);
  return [isScalar(node) && node.range ? onOneLine(node.range, title) : { from: start, to, text: `title: ${writeScalar(title)}\n` }];
}

/** Replaces a value and leaves the rest of its line, a comment perhaps, as it is. */
function onOneLine([from, to]: readonly [number, number, number], value: string): Splice {
  return { from, to, text: writeScalar(value) };
}

function editEntry(source: string, entry: unknown, piece: Piece, { topic, keys }: CategoryEdit['changed'][number]): Splice[] {
  const [first] = isMap(entry) ? entry.items : [];
  // The first key shares its line with the dash: without it, the entry is written anew.
  const losesFirst = entryKeys.some((key) => key === String(first?.key) && keys.has(key) && isEmpty(topic[key]));
  if (!isMap(entry) || entry.flow || losesFirst)
    return [{ from: lineStart(source, piece.start), to: piece.to, text: writeEntry(topic, piece.column) }];
  const pieces = mapPieces(source, entry, piece.to);
  const column = pieces[0]?.column ?? piece.column + 2;
  return entryKeys
    .filter((key) => keys.has(key))
    .flatMap((key) => {
      const at = entry.items.findIndex((pair) => String(pair.key) === key);
      const [pair, own] = [entry.items[at], pieces[at]];
      if (pair && own) return editField(source, pair, own, key, topic[key]);
      if (isEmpty(topic[key])) return [];
      const end = pieces[lastBefore(entry, key)]?.to ?? piece.to;
      return [{ from: end, to: end, text: ' '.repeat(column) + writeField(key, topic[key], column) }];
    });
}

/** A comment above the first entry belongs to it, as above any other; above the first of a list of texts it speaks of the list. */
function withHeadComment(source: string, { start }: Piece, [first, ...others]: readonly Piece[]): Piece[] {
  return first ? [{ ...first, from: source.indexOf('\n', start) + 1 }, ...others] : [];
}

/** The last field of an entry that is written before another in the usual order. */
function lastBefore(entry: YAMLMap, key: EntryKey): number {
  const before: readonly string[] = entryKeys.slice(0, entryKeys.indexOf(key));
  return entry.items.findLastIndex((pair) => before.includes(String(pair.key)));
}

function editField(source: string, { value: node }: Pair, piece: Piece, key: EntryKey, value: TopicRow[EntryKey]): Splice[] {
  if (isEmpty(value)) return [{ from: lineStart(source, piece.start), to: piece.to, text: '' }];
  if (Array.isArray(value) && isBlockSeq(node)) return editList(source, node, piece, value);
  const range = isScalar(node) || isSeq(node) ? node.range : undefined;
  const isShort = range && !source.slice(range[0], range[1]).includes('\n') && key !== 'answer';
  if (isShort && typeof value === 'number') return [{ from: range[0], to: range[1], text: String(value) }];
  if (isShort && typeof value === 'string') return [onOneLine(range, value)];
  if (isShort && key !== 'phrasings' && key !== 'sources') {
    return [{ from: range[0], to: range[1], text: writeFlow(Array.isArray(value) ? value.map(String) : []) }];
  }
  return [{ from: piece.start, to: piece.to, text: writeField(key, value, piece.column) }];
}

function isBlockSeq(node: unknown): node is YAMLSeq {
  return isSeq(node) && !node.flow;
}

/** Writes a list anew, with the lines of the items that stay as they were. */
function editList(source: string, list: YAMLSeq, piece: Piece, items: readonly (string | Source)[]): Splice[] {
  const pieces = seqPieces(source, list, piece.to);
  const column = pieces[0]?.column ?? piece.column + 2;
  const kept = new Map<string, string[]>();
  list.items.forEach((item, at) => {
    const own = pieces[at];
    if (!own) return;
    const key = sameness(isMap(item) || isScalar(item) ? item.toJSON() : undefined);
    kept.set(key, [...(kept.get(key) ?? []), source.slice(own.from, own.to)]);
  });
  const first = list.items[0];
  const quoted = isScalar(first) && first.type === 'QUOTE_DOUBLE';
  const text = items.map((item) => kept.get(sameness(item))?.shift() ?? writeItem(item, column, quoted)).join('');
  return [{ from: pieces[0]?.from ?? piece.to, to: pieces.at(-1)?.to ?? piece.to, text }];
}

/** Equal for values that a sheet cannot tell apart. */
function sameness(item: unknown): string {
  if (typeof item !== 'object' || item === null) return String(item).trim();
  const parts = Object.entries(item).map(([key, value]) => [key, String(value).trim()]);
  return JSON.stringify(parts.filter(([, value]) => value !== '').sort());
}

function newCategory({ category, title = category, added }: CategoryEdit): string {
  return `category: ${category}\ntitle: ${writeScalar(title)}\nentries:\n${added.map((topic) => writeEntry(topic, 2)).join('\n')}`;
}

function writeSubject(subject: string, messages: readonly string[]): string {
  return `${writeScalar(subject)}:\n${messages.map((message) => writeItem(message, 2, true)).join('')}`;
}
