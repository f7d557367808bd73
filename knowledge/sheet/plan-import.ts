import type { z } from 'zod';
import { categorySchema } from '../faq-entry.ts';
import { type Fault, KnowledgeError } from '../fault.ts';
import { outOfScopeSchema } from '../out-of-scope.ts';
import { readYaml } from '../yaml-file.ts';
import { type ChangedRow, type Comparison, compareSubjects, compareTopics } from './compare.ts';
import { editCategory, editSubjects } from './edit-yaml.ts';
import type { Sheet, SheetFault } from './read-sheet.ts';
import { keyOf, type SheetKind, type SubjectRow, subjectSheet, type TopicRow, topicSheet } from './sheets.ts';

/** Texts of YAML files by their names without the ending: categories, or files of out-of-scope messages. */
export type FileTexts = ReadonlyMap<string, string>;

/** What a sheet would do to the files. */
export interface ImportPlan<R> {
  faults: readonly SheetFault[];
  changed: readonly ChangedRow<R>[];
  /** What is in the files and not in the sheet: it stays unless removal was asked for. */
  missing: readonly R[];
  /** New texts of the files that change; undefined for a file that goes. */
  texts: ReadonlyMap<string, string | undefined>;
}

/** Where faults of the files themselves are said to stand. */
export interface KnowledgePlaces {
  faq: string;
  outOfScope: string;
}

const places: KnowledgePlaces = { faq: 'knowledge/faq', outOfScope: 'knowledge/out-of-scope' };

/** The topics of category files, in their order. Throws a `KnowledgeError` when a file has a fault. */
export function readTopics(texts: FileTexts): TopicRow[] {
  return readFiles(places.faq, texts, categorySchema).flatMap(({ content: { category, title, entries } }) =>
    entries.map((entry) => ({ confirm: undefined, expires: undefined, menu: undefined, ...entry, category, title: title.trim() })),
  );
}

/** The subjects of out-of-scope files, in their order. Throws a `KnowledgeError` when a file has a fault. */
export function readSubjects(texts: FileTexts): SubjectRow[] {
  return readFiles(places.outOfScope, texts, outOfScopeSchema).flatMap(({ name, content }) =>
    Object.entries(content).map(([subject, messages]) => ({ file: name, subject, messages })),
  );
}

/** Plans the import of a sheet of topics. Throws when the files are written in a way that cannot be edited in place. */
export function planTopics(texts: FileTexts, sheet: Sheet & { kind: 'topics' }, { remove }: { remove: boolean }): ImportPlan<TopicRow> {
  const current = readTopics(texts);
  const comparison = compareTopics(current, sheet);
  const plan = planOf(topicSheet, sheet, comparison);
  if (plan.faults.length > 0) return plan;
  const edited = editTopics(texts, current, comparison, remove);
  const wanted = withRows(topicSheet, current, comparison, remove);
  const titles = new Map([...current, ...comparison.changed.map(({ after }) => after)].map(({ category, title }) => [category, title]));
  assertSame(
    topicSheet,
    wanted.map((topic) => ({ ...topic, title: titles.get(topic.category) ?? topic.title })),
    readTopics(applied(texts, edited)),
  );
  return { ...plan, texts: edited };
}

/** Plans the import of a sheet of out-of-scope messages. */
export function planSubjects(
  texts: FileTexts,
  sheet: Sheet & { kind: 'subjects' },
  { remove }: { remove: boolean },
): ImportPlan<SubjectRow> {
  const current = readSubjects(texts);
  const comparison = compareSubjects(current, sheet);
  const plan = planOf(subjectSheet, sheet, comparison);
  if (plan.faults.length > 0) return plan;
  const edited = editAllSubjects(texts, comparison, remove);
  assertSame(subjectSheet, withRows(subjectSheet, current, comparison, remove), readSubjects(applied(texts, edited)));
  return { ...plan, texts: edited };
}

/** The files as they are after an edit. */
export function applied(texts: FileTexts, edited: ReadonlyMap<string, string | undefined>): FileTexts {
  const after = new Map(texts);
  for (const [name, text] of edited) {
    if (text === undefined) after.delete(name);
    else after.set(name, text);
  }
  return after;
}

function readFiles<T>(folder: string, texts: FileTexts, schema: z.ZodType<T>): { name: string; content: T }[] {
  const faults: Fault[] = [];
  const files = [...texts].flatMap(([name, text]) => {
    const file = readYaml(`${folder}/${name}.yaml`, text, schema);
    faults.push(...file.faults);
    return file.content === undefined ? [] : [{ name, content: file.content }];
  });
  if (faults.length > 0) throw new KnowledgeError(faults);
  return files;
}

/** A plan without texts yet; of two faults in one cell the first is said. */
function planOf<R>(
  kind: SheetKind<R>,
  sheet: { faults: readonly SheetFault[] },
  { faults, changed, missing }: Comparison<R>,
): ImportPlan<R> {
  const cells = new Map<string, SheetFault>();
  for (const fault of [...sheet.faults, ...faults]) {
    const cell = `${fault.row} ${fault.column ?? fault.message}`;
    if (!cells.has(cell)) cells.set(cell, fault);
  }
  const order = (fault: SheetFault) => kind.columns.findIndex(({ heading }) => heading === fault.column);
  return { faults: [...cells.values()].sort((a, b) => a.row - b.row || order(a) - order(b)), changed, missing, texts: new Map() };
}

function editTopics(texts: FileTexts, current: readonly TopicRow[], { changed, missing }: Comparison<TopicRow>, remove: boolean) {
  const isMoved = ({ before, after }: ChangedRow<TopicRow>) => before !== undefined && before.category !== after.category;
  const gone = [...(remove ? missing : []), ...changed.filter(isMoved).flatMap(({ before }) => (before ? [before] : []))];
  const touched = new Set([...gone.map(({ category }) => category), ...changed.map(({ after }) => after.category)]);
  const titles = new Map(current.map(({ category, title }) => [category, title]));
  const edited = new Map<string, string | undefined>();
  for (const category of touched) {
    const own = changed.filter(({ after }) => after.category === category);
    const title = own.find(({ after }) => after.title !== titles.get(category))?.after.title;
    const text = editCategory(texts.get(category), {
      category,
      ...(title !== undefined && { title }),
      removed: new Set(gone.filter((topic) => topic.category === category).map(({ id }) => id)),
      changed: own
        .filter((row) => row.before !== undefined && !isMoved(row))
        .map(({ after, fields }) => ({ topic: after, keys: new Set<string>(fields) })),
      added: own.filter((row) => row.before === undefined || isMoved(row)).map(({ after }) => after),
    });
    if (text !== texts.get(category)) edited.set(category, text);
  }
  return edited;
}

function editAllSubjects(texts: FileTexts, { changed, missing }: Comparison<SubjectRow>, remove: boolean) {
  const gone = remove ? missing : [];
  const edited = new Map<string, string | undefined>();
  for (const file of new Set([...gone.map((row) => row.file), ...changed.map(({ after }) => after.file)])) {
    const own = changed.filter(({ after }) => after.file === file);
    const text = editSubjects(texts.get(file), {
      removed: new Set(gone.filter((row) => row.file === file).map(({ subject }) => subject)),
      changed: own.filter(({ before }) => before !== undefined).map(({ after }) => after),
      added: own.filter(({ before }) => before === undefined).map(({ after }) => after),
    });
    if (text !== texts.get(file)) edited.set(file, text);
  }
  return edited;
}

function withRows<R>(kind: SheetKind<R>, current: readonly R[], { changed, missing }: Comparison<R>, remove: boolean): R[] {
  const rows = new Map(current.map((row) => [keyOf(kind, row), row]));
  if (remove) for (const row of missing) rows.delete(keyOf(kind, row));
  for (const { after } of changed) rows.set(keyOf(kind, after), after);
  return [...rows.values()];
}

/** The new texts are read again before anyone sees them: a sheet must never become something else in the files. */
function assertSame<R>(kind: SheetKind<R>, wanted: readonly R[], found: readonly R[]): void {
  const cellsOf = (row: R) => JSON.stringify(kind.columns.map((column) => column.read(column.write(row))));
  const byKey = new Map(found.map((row) => [keyOf(kind, row), cellsOf(row)]));
  const wrong = wanted.find((row) => byKey.get(keyOf(kind, row)) !== cellsOf(row));
  if (wrong === undefined && byKey.size === wanted.length) return;
  const name = wrong === undefined ? 'an entry that should be gone' : keyOf(kind, wrong);
  throw new Error(`The sheet could not be written into the YAML files faithfully (${name}): edit that entry by hand.`);
}
