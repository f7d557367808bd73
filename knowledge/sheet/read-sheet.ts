import { readCsv } from './csv.ts';
import { decodeSheet, type SheetEncoding } from './decode-sheet.ts';
import { type Column, keyOf, longestCell, type SheetKind, type SubjectRow, subjectSheet, type TopicRow, topicSheet } from './sheets.ts';
import { wording } from './wording.ts';

/** Something an editor has to mend in a sheet. Rows count from 1, the headings included, as spreadsheets number them. */
export interface SheetFault {
  row: number;
  /** The heading of the column, or its letter where it has none. */
  column?: string;
  message: string;
}

/** A row as it was written: only the columns that the sheet has. */
export interface WrittenRow<R> {
  row: number;
  key: string;
  values: Partial<R>;
  /** The cells themselves, by field. */
  cells: ReadonlyMap<keyof R & string, string>;
}

interface SheetContent<R> {
  rows: readonly WrittenRow<R>[];
  faults: readonly SheetFault[];
  /** What was left aside, in sentences for the editor. */
  notices: readonly string[];
  encoding: SheetEncoding;
}

export type Sheet =
  | ({ kind: 'topics' } & SheetContent<TopicRow>)
  | ({ kind: 'subjects' } & SheetContent<SubjectRow>)
  | { kind: 'unreadable'; faults: readonly SheetFault[] };

const separators = [',', ';', '\t'];
/** Reads a sheet of either kind, which its headings tell. All faults are collected; nothing is thrown. */
export function readSheet(bytes: Uint8Array): Sheet {
  const decoded = decodeSheet(bytes);
  if (!decoded) return { kind: 'unreadable', faults: [{ row: 1, message: wording.notText() }] };
  const { encoding } = decoded;
  // Excel's own hint for the separator is no row of the table.
  const text = decoded.text.replace(/^sep=.\r?\n/i, '');
  const tables = separators.map((separator) => readCsv(text, separator));
  const best = <R>(kind: SheetKind<R>) =>
    tables.map(({ rows, unclosed }) => ({ ...findHeadings(rows, kind), rows, unclosed })).reduce((a, b) => (b.known > a.known ? b : a));
  const topics = best(topicSheet);
  const subjects = best(subjectSheet);
  if (Math.max(topics.known, subjects.known) < 2) {
    return { kind: 'unreadable', faults: [{ row: 1, message: wording.noHeadings(topicSheet.columns.map(({ heading }) => heading)) }] };
  }
  return topics.known >= subjects.known
    ? { kind: 'topics', encoding, ...readRows(topicSheet, topics) }
    : { kind: 'subjects', encoding, ...readRows(subjectSheet, subjects) };
}

interface Table<R> {
  rows: readonly (readonly string[])[];
  /** Index of the row with the headings. */
  headingRow: number;
  columns: readonly (Column<R> | undefined)[];
  unclosed: number | undefined;
}

/** The first row that is not empty. */
function findHeadings<R>(rows: readonly (readonly string[])[], kind: SheetKind<R>) {
  const headingRow = Math.max(
    0,
    rows.findIndex((cells) => !isEmpty(cells)),
  );
  const columns = (rows[headingRow] ?? []).map((cell) => columnFor(kind, cell));
  return { headingRow, columns, known: columns.filter((column) => column !== undefined).length };
}

function columnFor<R>({ columns }: SheetKind<R>, cell: string): Column<R> | undefined {
  const typed = cell
    .normalize('NFKC')
    .replace(/[\s'"“”「」()*:]/g, '')
    .toLowerCase();
  return columns.find(({ field, heading }) => typed === heading || typed === field.toLowerCase());
}

function readRows<R>(kind: SheetKind<R>, table: Table<R>): Pick<SheetContent<R>, 'rows' | 'faults' | 'notices'> {
  const { faults, notices } = checkHeadings(kind, table);
  const rows: WrittenRow<R>[] = [];
  const seen = new Map<string, number>();
  if (table.unclosed !== undefined) faults.push({ row: table.unclosed, message: wording.unclosed() });
  else if (faults.length === 0) {
    table.rows.forEach((cells, at) => {
      if (at <= table.headingRow || isEmpty(cells)) return;
      const written = readRow(kind, table, at, faults);
      if (!written) return;
      const earlier = seen.get(written.key);
      const column = headingsOf(kind, kind.key).at(-1);
      if (earlier !== undefined) faults.push({ row: at + 1, ...(column && { column }), message: wording.keyTwice(earlier) });
      else rows.push(written);
      seen.set(written.key, earlier ?? at + 1);
    });
  }
  return { rows, faults, notices };
}

function checkHeadings<R>(kind: SheetKind<R>, { rows, headingRow, columns }: Table<R>) {
  const faults: SheetFault[] = [];
  const notices: string[] = [];
  const found = new Set<string>();
  columns.forEach((column, at) => {
    const heading = rows[headingRow]?.[at]?.trim() ?? '';
    if (column && found.has(column.field)) faults.push({ row: headingRow + 1, column: heading, message: wording.headingTwice() });
    else if (column) found.add(column.field);
    else if (heading !== '') notices.push(wording.unknownHeading(heading));
  });
  const absent = kind.columns.filter(({ field }) => !found.has(field));
  const unnamed = absent.filter(({ field }) => kind.key.includes(field));
  for (const { heading } of unnamed) faults.push({ row: headingRow + 1, message: wording.headingMissing(heading) });
  if (absent.length > unnamed.length) notices.push(wording.absentHeadings(absent.map(({ heading }) => heading)));
  return { faults, notices };
}

function readRow<R>(kind: SheetKind<R>, { rows, headingRow, columns }: Table<R>, at: number, faults: SheetFault[]) {
  let values: Partial<R> = {};
  const cells = new Map<keyof R & string, string>();
  const report = (column: string, message: string) => faults.push({ row: at + 1, column, message });
  const row = rows[at] ?? [];
  // Spreadsheets leave out empty cells at the end of a row.
  for (let position = 0; position < Math.max(row.length, columns.length); position += 1) {
    const cell = row[position] ?? '';
    const column = columns[position];
    if (!column) {
      if (!rows[headingRow]?.[position]?.trim() && cell.trim() !== '') report(letterOf(position), wording.strayCell(letterOf(position)));
      continue;
    }
    cells.set(column.field, cell);
    const problem = damage(cell);
    const reading = problem ? { problem } : column.read(cell);
    if ('problem' in reading) report(column.heading, reading.problem);
    else values = { ...values, ...reading.value };
  }
  const unnamed = kind.key.filter((field) => !values[field]);
  for (const heading of headingsOf(kind, unnamed)) report(heading, wording.noKey());
  return unnamed.length > 0 ? undefined : { row: at + 1, key: keyOf(kind, values as Pick<R, keyof R & string>), values, cells };
}

/** What spreadsheets leave in a cell when they could not keep what was there. */
function damage(cell: string): string | undefined {
  const shown = cell.trim();
  if (/^#(NAME\?|REF!|VALUE!|DIV\/0!|N\/A|NUM!|NULL!|SPILL!)$/i.test(shown)) return wording.computed(shown);
  if (/^#{3,}$/.test(shown)) return wording.tooNarrow();
  return cell.length >= longestCell ? wording.cutOff() : undefined;
}

function headingsOf<R>({ columns }: SheetKind<R>, fields: readonly (keyof R & string)[]): string[] {
  return columns.filter(({ field }) => fields.includes(field)).map(({ heading }) => heading);
}

function isEmpty(cells: readonly string[]): boolean {
  return cells.every((cell) => cell.trim() === '');
}

/** 0 is A, 26 is AA. */
function letterOf(position: number): string {
  const last = String.fromCharCode(65 + (position % 26));
  return position < 26 ? last : letterOf(Math.floor(position / 26) - 1) + last;
}
