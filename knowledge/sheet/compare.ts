import type { z } from 'zod';
import { categorySchema } from '../faq-entry.ts';
import { outOfScopeSchema } from '../out-of-scope.ts';
import { hasLostCharacters, type SheetEncoding } from './decode-sheet.ts';
import type { SheetFault, WrittenRow } from './read-sheet.ts';
import { type Column, keyOf, type SheetKind, type SubjectRow, subjectSheet, type TopicRow, topicSheet } from './sheets.ts';
import { wording } from './wording.ts';

/** A row that the sheet writes anew, or in another way than the files. */
export interface ChangedRow<R> {
  row: number;
  /** What the files say; undefined for a new row. */
  before: R | undefined;
  after: R;
  /** The fields that differ. */
  fields: readonly (keyof R & string)[];
}

export interface Comparison<R> {
  changed: readonly ChangedRow<R>[];
  /** What the files have and the sheet has not. */
  missing: readonly R[];
  faults: readonly SheetFault[];
}

interface Written<R> {
  rows: readonly WrittenRow<R>[];
  encoding: SheetEncoding;
}

const entrySchema = categorySchema.shape.entries.element;

export function compareTopics(current: readonly TopicRow[], sheet: Written<TopicRow>): Comparison<TopicRow> {
  const rows = withTitles(current, sheet.rows);
  const comparison = compare(topicSheet, current, { ...sheet, rows }, ({ title: _title, category: _category, ...entry }) =>
    entrySchema.safeParse(entry),
  );
  return { ...comparison, faults: [...comparison.faults, ...checkCategories(current, comparison.changed, rows)] };
}

export function compareSubjects(current: readonly SubjectRow[], sheet: Written<SubjectRow>): Comparison<SubjectRow> {
  return compare(subjectSheet, current, sheet, ({ subject, messages }) => outOfScopeSchema.safeParse({ [subject]: messages }));
}

/**
 * What a sheet changes. Both sides are compared as a sheet would write and read them, so that spaces and line ends which a sheet
 * cannot keep are no change. A column that the sheet does not have changes nothing.
 */
function compare<R>(
  kind: SheetKind<R>,
  current: readonly R[],
  { rows, encoding }: Written<R>,
  check: (row: R) => z.ZodSafeParseResult<unknown>,
): Comparison<R> {
  const byKey = new Map(current.map((row) => [keyOf(kind, row), row]));
  const faults: SheetFault[] = [];
  const changed: ChangedRow<R>[] = [];
  for (const written of rows) {
    const before = byKey.get(written.key);
    const fields = kind.columns.filter((column) => column.field in written.values && differs(column, before, written.values));
    if (before !== undefined && fields.length === 0) continue;
    const absent = kind.columns.filter(({ field }) => before === undefined && !written.cells.has(field));
    const after = { ...before, ...pick(written.values, fields) } as R;
    changed.push({ row: written.row, before, after, fields: fields.map(({ field }) => field) });
    if (encoding === 'gb18030' && before !== undefined) faults.push(...lostCharacters(fields, before, written));
    if (absent.length > 0) faults.push({ row: written.row, message: wording.neededForNew(absent.map(({ heading }) => heading)) });
    else faults.push(...issuesOf(kind, written.row, after, check(after)));
  }
  const given = new Set(rows.map(({ key }) => key));
  return { changed, missing: current.filter((row) => !given.has(keyOf(kind, row))), faults };
}

function differs<R>(column: Column<R>, before: R | undefined, values: Partial<R>): boolean {
  const known = before === undefined ? undefined : column.read(column.write(before));
  const value = known && 'value' in known ? known.value[column.field] : undefined;
  return JSON.stringify(value) !== JSON.stringify(values[column.field]);
}

function pick<R>(values: Partial<R>, columns: readonly Column<R>[]): Partial<R> {
  let picked: Partial<R> = {};
  for (const { field } of columns) picked = { ...picked, [field]: values[field] };
  return picked;
}

function lostCharacters<R>(columns: readonly Column<R>[], before: R, { row, cells }: WrittenRow<R>): SheetFault[] {
  return columns
    .filter((column) => hasLostCharacters(cells.get(column.field) ?? '', column.write(before)))
    .map(({ heading }) => ({ row, column: heading, message: wording.lostCharacters() }));
}

/**
 * A row without a category name means the name that its category has; so does one that was moved to another category and still
 * carries the name of the former.
 */
function withTitles(current: readonly TopicRow[], rows: readonly WrittenRow<TopicRow>[]): WrittenRow<TopicRow>[] {
  const byId = new Map(current.map((topic) => [topic.id, topic]));
  const known = new Map(current.map(({ category, title }) => [category, title]));
  const isOwn = ({ key, values: { category, title } }: WrittenRow<TopicRow>) => {
    const before = byId.get(key);
    return Boolean(title) && (before === undefined || category === undefined || category === before.category || title !== before.title);
  };
  for (const { key, values } of rows.filter(isOwn)) known.set(values.category ?? byId.get(key)?.category ?? '', values.title ?? '');
  return rows.map((row) => {
    const before = byId.get(row.key);
    const category = row.values.category ?? before?.category;
    const isSilent = row.values.title === undefined && category === before?.category;
    if (category === undefined || isSilent || isOwn(row)) return row;
    return { ...row, values: { ...row.values, title: known.get(category) ?? '' } };
  });
}

/** One category has one name, and a new one needs a name. */
function checkCategories(
  current: readonly TopicRow[],
  changed: readonly ChangedRow<TopicRow>[],
  rows: readonly WrittenRow<TopicRow>[],
): SheetFault[] {
  const titles = new Map<string, { row: number; title: string }>();
  const faults: SheetFault[] = [];
  const report = (row: number, message: string) => faults.push({ row, column: wording.topicHeadings.title, message });
  const known = new Map(current.map(({ id, category }) => [id, category]));
  for (const { row, values, key } of rows) {
    const category = values.category ?? known.get(key);
    if (category === undefined || values.title === undefined) continue;
    const first = titles.get(category) ?? { row, title: values.title };
    titles.set(category, first);
    if (first.title !== values.title) report(row, wording.titlesDiffer(category, first.row));
  }
  for (const { row, after } of changed) if (after.category !== undefined && !after.title) report(row, wording.titleNeeded(after.category));
  for (const { row, after } of changed) {
    if (after.category === undefined || entrySchema.shape.id.safeParse(after.category).success) continue;
    faults.push({ row, column: wording.topicHeadings.category, message: wording.badId(after.category) });
  }
  return faults;
}

function issuesOf<R>(kind: SheetKind<R>, row: number, after: R, checked: z.ZodSafeParseResult<unknown>): SheetFault[] {
  if (checked.success) return [];
  return checked.error.issues.map((issue) => {
    // The schema of subjects has their names for keys: the name itself is wrong, or else what stands under it.
    const own = issue.code === 'invalid_key' ? kind.key.at(-1) : issue.path[0];
    const field = kind.columns.find((column) => column.field === own) ?? kind.columns.at(-1);
    return { row, ...(field && { column: field.heading }), message: wordIssue(issue, field ? after[field.field] : undefined) };
  });
}

/** A fault of the schema as an editor reads it. */
function wordIssue(issue: z.core.$ZodIssue, value: unknown): string {
  const [field, at, part] = issue.path;
  if (field === 'sources' && typeof at === 'number') return wording.inSource(at + 1, wordSource(String(part), issue));
  if (field === 'confirm') return value === undefined ? wording.confirmNeeded() : wording.tooShort();
  if (field === 'menu') return wording.badPlace();
  if (value === undefined || value === '') return wording.needed();
  if (issue.code === 'invalid_key') return wording.badId(String(field));
  if (field === 'id' || field === 'related' || field === 'confusableWith')
    return wording.badId(String(Array.isArray(value) && typeof at === 'number' ? value[at] : value));
  if (field === 'reviewed' || field === 'expires') return wording.noSuchDay(String(value));
  if (issue.code === 'too_big') return wording.tooLong(Number(issue.maximum), [...String(value)].length);
  if (issue.code !== 'too_small') return wording.invalid();
  if (Array.isArray(value) && issue.origin === 'array') return wording.tooFew(Number(issue.minimum), value.length);
  return field === 'answer' ? wording.answerTooShort() : wording.tooShort();
}

function wordSource(part: string, issue: z.core.$ZodIssue): string {
  if (part === 'published') return wording.badDate();
  if (part === 'url') return wording.badUrl();
  return issue.code === 'too_small' ? `的${part === 'title' ? '标题' : '发布单位'}${wording.tooShort()}` : wording.invalid();
}
