import type { Source } from '../faq-entry.ts';
import { wording } from './wording.ts';

/** What a cell says, or a sentence for the editor: what is wrong and what to write instead. */
export type CellReading<T> = { value: T } | { problem: string };

/** Writes a value into a cell and reads it back: `read(write(value))` is the value, but for spaces around it. */
export interface Codec<T> {
  write(value: T): string;
  read(cell: string): CellReading<T>;
}

const months = 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec';
// A formula (full-width signs make one in East Asian Excel), or what a spreadsheet would turn into a number, a date or a truth value.
const changeable = `[=+\\-@＝＋－＠\\t\\r]|[\\d\\s.,:/%()¥$年月日-]+$|\\d+(?:\\.\\d+)?e\\d+$|(?:${months})[a-z]*[ /-]?\\d+$|\\d+[ /-]?(?:${months})|(?:true|false)$`;
const needsGuard = new RegExp(`^'*(?:${changeable})`, 'i');
const isGuarded = new RegExp(`^'+(?:${changeable})`, 'i');

/**
 * An apostrophe before what a spreadsheet would compute or convert. A text that has apostrophes there by itself gets one more,
 * so that taking one away always gives the text again.
 */
export function guard(cell: string): string {
  return needsGuard.test(cell) ? `'${cell}` : cell;
}

export function unguard(cell: string): string {
  return isGuarded.test(cell) ? cell.slice(1) : cell;
}

/** Text of one or several lines, as it is. */
export const text: Codec<string> = {
  write: (value) => guard(value.trim()),
  read: (cell) => ({ value: tidy(cell) }),
};

export const optionalText: Codec<string | undefined> = {
  write: (value) => guard(value?.trim() ?? ''),
  read: (cell) => ({ value: tidy(cell) || undefined }),
};

/** One per line. A line break inside an item is written `\n`, a backslash `\\`. */
export const lines: Codec<readonly string[]> = {
  write: (items) => guard(items.map((item) => mask(item, '')).join('\n')),
  read: (cell) => ({ value: split(tidy(cell), '\n') }),
};

/** Short words: one per line, and also with a comma, a semicolon or 、 between, as people write them; escaped where a word has one. */
export const words: Codec<readonly string[]> = {
  write: (items) => guard(items.map((item) => mask(item, ',，;；、')).join('\n')),
  read: (cell) => ({ value: split(tidy(cell), '\n,，;；、') }),
};

/** Ids of topics, with anything between them; full-width letters are read as letters. */
export const ids: Codec<readonly string[]> = {
  write: (items) => guard(items.join('\n')),
  read: (cell) => ({
    value: tidy(cell)
      .normalize('NFKC')
      .split(/[\s,;、]+/)
      .filter((id) => id !== ''),
  }),
};

export const id: Codec<string> = {
  write: (value) => guard(value),
  read: (cell) => ({ value: tidy(cell).normalize('NFKC') }),
};

/** A day. Excel turns 2026-11-23 into a date and saves it in the form of the country: 2026/11/23. */
export const day: Codec<string> = {
  write: (value) => value,
  read: (cell) => {
    const value = readDate(tidy(cell));
    return value === '' || value?.length === 10 ? { value } : { problem: wording.notADay(cell.trim()) };
  },
};

export const optionalDay: Codec<string | undefined> = {
  write: (value) => value ?? '',
  read: (cell) => {
    const reading = day.read(cell);
    return 'problem' in reading ? reading : { value: reading.value || undefined };
  },
};

export const optionalNumber: Codec<number | undefined> = {
  write: (value) => (value === undefined ? '' : String(value)),
  read: (cell) => {
    const typed = tidy(cell).normalize('NFKC');
    if (typed === '') return { value: undefined };
    return /^\d+(\.0+)?$/.test(typed) ? { value: Number(typed) } : { problem: wording.notAPlace(typed) };
  },
};

/** One of a few English words, shown as a Chinese one; either is read. */
export function oneOf<T extends string>(shown: Record<T, string>): Codec<T> {
  const choices = Object.entries(shown) as [T, string][];
  return {
    write: (value) => shown[value],
    read: (cell) => {
      const typed = tidy(cell).normalize('NFKC').toLowerCase();
      const choice = choices.find(([value, word]) => typed === value || typed === word);
      return choice ? { value: choice[0] } : { problem: wording.notAChoice(typed, Object.values(shown)) };
    },
  };
}

/** One source per line: `title | issuer | published | url | ref`, the last two where there are any; `\|` is a bar inside a part. */
export const sources: Codec<readonly Source[]> = {
  write: (items) => guard(items.map(writeSource).join('\n')),
  read: (cell) => {
    const problems: string[] = [];
    const value = split(tidy(cell), '\n', asItIs).map((line, at) => {
      const source = readSource(line);
      if ('problem' in source) problems.push(wording.inSource(at + 1, source.problem));
      return 'value' in source ? source.value : undefined;
    });
    return problems.length > 0 ? { problem: problems.join('') } : { value: value.filter((source) => source !== undefined) };
  },
};

function writeSource({ title, issuer, published, url, ref }: Source): string {
  const parts = [title, issuer, published, url ?? '', ref ?? ''].map((part) => mask(part, '|｜'));
  while (parts.at(-1) === '') parts.pop();
  return parts.join(' | ');
}

function readSource(line: string): CellReading<Source> {
  const [title = '', issuer = '', typed = '', url, ref, ...more] = split(line, '|｜', unmask, true);
  if (typed === '' || more.some((part) => part !== '')) return { problem: wording.sourceParts(line) };
  const published = readDate(typed);
  if (published === undefined) return { problem: wording.notAPartialDate(typed) };
  return { value: { title, issuer, published, ...(url && { url }), ...(ref && { ref }) } };
}

/** Year, month or day in the forms people and spreadsheets write; undefined when it is none of them. */
function readDate(typed: string): string | undefined {
  if (typed === '') return '';
  const plain = typed
    .normalize('NFKC')
    .replace(/\s/g, '')
    .replace(/[—–−。]/g, '-');
  const [, year, month, date] = /^(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?)?[年月]?(?:0{1,2}:00(?::00)?)?$/.exec(plain) ?? [];
  if (year === undefined) return undefined;
  return [year, month, date].flatMap((part) => (part === undefined ? [] : [part.padStart(2, '0')])).join('-');
}

function tidy(cell: string): string {
  return unguard(cell.trim()).replace(/\r\n?/g, '\n').trim();
}

function mask(item: string, separators: string): string {
  const masked = item.trim().replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return [...masked].map((character) => (separators.includes(character) ? `\\${character}` : character)).join('');
}

function unmask(item: string): string {
  return item.replace(/\\([\\nr|｜,，;；、])/g, (_whole, character: string) => ({ n: '\n', r: '\r' })[character] ?? character);
}

function asItIs(item: string): string {
  return item;
}

/** Cuts at separators that no backslash stands before; empty parts are left out unless their place matters. */
function split(cell: string, separators: string, finish = unmask, keepEmpty = false): string[] {
  const parts = [''];
  for (const [piece] of cell.matchAll(/\\[^\n]|./gsu)) {
    if (separators.includes(piece)) parts.push('');
    else parts[parts.length - 1] += piece;
  }
  return parts.map((part) => finish(part.trim()).trim()).filter((part) => keepEmpty || part !== '');
}
