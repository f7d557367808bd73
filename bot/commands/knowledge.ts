import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { chinaDay } from '../../dialogs/china-day.ts';
import { type Measures, measureNames } from '../../knowledge/evaluation/measure-names.ts';
import { measuresOf } from '../../knowledge/evaluation/measures.ts';
import { type Fault, formatFault, KnowledgeError } from '../../knowledge/fault.ts';
import { loadCalibration, loadKnowledge } from '../../knowledge/knowledge.ts';
import { lintKnowledge } from '../../knowledge/lint.ts';
import { FaqIndex } from '../../knowledge/matching/faq-index.ts';
import { type KnowledgeFolders, readKnowledge } from '../../knowledge/read-knowledge.ts';
import { describeSubjects, describeTopics } from '../../knowledge/sheet/describe.ts';
import { applied, type FileTexts, planSubjects, planTopics, readSubjects, readTopics } from '../../knowledge/sheet/plan-import.ts';
import { readSheet, type Sheet, type SheetFault } from '../../knowledge/sheet/read-sheet.ts';
import { type Replacement, replaceFiles } from '../../knowledge/sheet/replace-files.ts';
import { subjectSheet, topicSheet } from '../../knowledge/sheet/sheets.ts';
import { wordCheckFault } from '../../knowledge/sheet/word-check.ts';
import { wording } from '../../knowledge/sheet/wording.ts';
import { writeSheet } from '../../knowledge/sheet/write-sheet.ts';
import { loadSegment } from '../../knowledge/text/segment.ts';
import { knowledgeFiles, labelledQuestions, projectRoot } from '../paths.ts';

/**
 * `npm run knowledge -- export faq.csv` and `… import faq.csv`: the knowledge base as a spreadsheet, and back. Topics and
 * out-of-scope messages are two sheets, since they have no column in common: an editor sorts and filters each by itself, and a
 * sheet that is not given leaves its part as it is. The headings tell which one a file is. Ends with 1 when nothing was written
 * for a fault or a no, with 2 when it was called in another way.
 */
const { values: options, positionals } = readArguments();
const folders: KnowledgeFolders = foldersIn(options.folder);
const [action, ...sheets] = positionals;

try {
  if (action === 'export' && sheets[0] !== undefined && sheets.length === 1) exportSheets(sheets[0]);
  else if (action === 'import' && sheets.length > 0) await importSheets(sheets);
  else fail(wording.usage(), 2);
} catch (error) {
  if (error instanceof KnowledgeError) fail([wording.filesFaulty(), ...error.faults.map(formatFault)].join('\n'));
  else fail(`${wording.unexpected()}\n${error instanceof Error ? error.stack : String(error)}`);
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        yes: { type: 'boolean', default: false },
        remove: { type: 'boolean', default: false },
        quick: { type: 'boolean', default: false },
        folder: { type: 'string', default: join(projectRoot, 'knowledge') },
      },
      allowPositionals: true,
    });
  } catch {
    console.error(wording.usage());
    process.exit(2);
  }
}

function exportSheets(file: string): void {
  const other = `${file.replace(/\.csv$/i, '')}-out-of-scope.csv`;
  const topics = readTopics(readTexts(folders.faq));
  const subjects = readSubjects(readTexts(folders.outOfScope));
  const [taken] = options.yes ? [] : [file, other].filter((path) => existsSync(path));
  if (taken) {
    fail(wording.alreadyThere(taken));
    return;
  }
  writeFileSync(file, writeSheet(topicSheet, topics));
  writeFileSync(other, writeSheet(subjectSheet, subjects));
  console.log(
    [wording.exported(file, topics.length), wording.exported(other, subjects.length), wording.howToImport(file, other)].join('\n'),
  );
}

/** What the sheets given come to. */
interface Draft {
  faults: string[];
  description: string[];
  replacements: Replacement[];
  /** The texts of all files, as they would be. */
  faq: FileTexts;
  outOfScope: FileTexts;
}

async function importSheets(files: readonly string[]): Promise<void> {
  const draft = readDraft(files);
  if (typeof draft === 'string') return fail(draft);
  if (draft.faults.length > 0) return fail([wording.sheetFaulty(draft.faults.length), ...draft.faults].join('\n'));
  if (draft.description.length > 0) console.log(draft.description.join('\n'));
  if (draft.replacements.length === 0) return console.log(wording.nothingChanged());
  if (!isSound(draft)) return fail(wording.checkFaulty());
  if (!options.yes && !(await isConfirmed(wording.ask(draft.replacements.length)))) return fail(wording.notWritten());
  const before = readTopics(readTexts(folders.faq)).length;
  try {
    replaceFiles(draft.replacements);
  } catch (error) {
    return fail(`${wording.notReplaced()}\n${error instanceof Error ? error.message : String(error)}`);
  }
  for (const { path } of draft.replacements) console.log(wording.written(relative(process.cwd(), path)));
  if (readTopics(draft.faq).length !== before) console.log(wording.calibrate());
}

/** Plans what all sheets change, or says in a sentence why one cannot be read at all. */
function readDraft(files: readonly string[]): Draft | string {
  const draft: Draft = {
    faults: [],
    description: [],
    replacements: [],
    faq: readTexts(folders.faq),
    outOfScope: readTexts(folders.outOfScope),
  };
  const kinds = new Set<Sheet['kind']>();
  for (const file of files) {
    const bytes = readIfThere(file);
    if (!bytes) return wording.cannotRead(file);
    const sheet = readSheet(bytes);
    if (kinds.has(sheet.kind) && sheet.kind !== 'unreadable') return wording.sameKind(file);
    kinds.add(sheet.kind);
    addSheet(draft, file, sheet);
  }
  return draft;
}

function addSheet(draft: Draft, file: string, sheet: Sheet): void {
  const report = (faults: readonly SheetFault[]) => draft.faults.push(...faults.map((fault) => formatSheetFault(file, fault)));
  if (sheet.kind === 'unreadable') {
    report(sheet.faults);
    return;
  }
  draft.description.push(...sheet.notices);
  if (sheet.kind === 'topics') {
    const plan = planTopics(draft.faq, sheet, options);
    report(plan.faults);
    draft.description.push(...describeTopics(plan, options));
    draft.replacements.push(...replacementsIn(folders.faq, draft.faq, plan.texts));
    draft.faq = applied(draft.faq, plan.texts);
  } else {
    const plan = planSubjects(draft.outOfScope, sheet, options);
    report(plan.faults);
    draft.description.push(...describeSubjects(plan, options));
    draft.replacements.push(...replacementsIn(folders.outOfScope, draft.outOfScope, plan.texts));
    draft.outOfScope = applied(draft.outOfScope, plan.texts);
  }
}

function formatSheetFault(file: string, { row, column, message }: SheetFault): string {
  return `${file} ${wording.place(row, column)}：${message}`;
}

function replacementsIn(folder: string, texts: FileTexts, edited: ReadonlyMap<string, string | undefined>): Replacement[] {
  return [...edited].map(([name, after]) => ({ path: join(folder, `${name}.yaml`), before: texts.get(name), after }));
}

/** Says what the check and the labelled questions say before and after; false when the check finds something new. */
function isSound(draft: Draft): boolean {
  console.log(wording.checking());
  const staged = mkdtempSync(join(tmpdir(), 'filing-knowledge-'));
  try {
    writeTexts(join(staged, 'faq'), draft.faq);
    writeTexts(join(staged, 'out-of-scope'), draft.outOfScope);
    const before = checkFolder(folders).map(wordCheckFault);
    const after = checkFolder(foldersIn(staged)).map(wordCheckFault);
    const added = after.filter((fault) => !before.includes(fault));
    console.log([wording.checked(before.length, after.length), ...added.map((fault) => `  ${fault}`)].join('\n'));
    if (added.length > 0) return false;
    if (!options.quick) console.log(evaluation(options.folder, staged).join('\n'));
    return true;
  } finally {
    rmSync(staged, { recursive: true });
  }
}

function checkFolder(checked: KnowledgeFolders): Fault[] {
  const reading = readKnowledge(checked);
  if (reading.faults.length > 0) return reading.faults;
  const segment = loadSegment(knowledgeFiles);
  const calibration = loadCalibration(knowledgeFiles.calibration);
  return lintKnowledge(reading, (content) => FaqIndex.of(content, segment, calibration, knowledgeFiles), chinaDay(Date.now()));
}

function evaluation(before: string, after: string): string[] {
  try {
    const [old, now] = [measured(before), measured(after)];
    return [
      wording.evaluated(old.questions, now.questions),
      ...measureNames.map((measure) => `  ${wording.quality[measure]}  ${percent(old[measure])} → ${percent(now[measure])}`),
    ];
  } catch (error) {
    // Faults that were there before do not keep an import back, but nothing can be loaded with them.
    if (error instanceof KnowledgeError) return [`${wording.notEvaluated()} ${error.message}`];
    throw error;
  }
}

function measured(folder: string): Measures {
  const { faq, outOfScope } = foldersIn(folder);
  return measuresOf(loadKnowledge({ ...knowledgeFiles, faq, outOfScope }), questionsOf(options.folder));
}

/** A folder that has no labelled questions of its own is measured on those of the project. */
function questionsOf(folder: string): string {
  const own = join(folder, 'evaluation', 'questions.yaml');
  return existsSync(own) ? own : labelledQuestions;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

async function isConfirmed(question: string): Promise<boolean> {
  process.stdout.write(question);
  for await (const line of createInterface({ input: process.stdin })) return /^(y|yes|是|好|确认)$/i.test(line.normalize('NFKC').trim());
  return false;
}

function readTexts(folder: string): FileTexts {
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  return new Map(names.sort().map((name) => [name.replace(/\.yaml$/, ''), readFileSync(join(folder, name), 'utf8')]));
}

function writeTexts(folder: string, texts: FileTexts): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of texts) writeFileSync(join(folder, `${name}.yaml`), text);
}

function readIfThere(file: string): Uint8Array | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

function fail(message: string, code = 1): void {
  console.error(message);
  process.exitCode = code;
}

/** Figures are no part of the sheets: those in force judge what is imported. */
function foldersIn(folder: string): KnowledgeFolders {
  return { faq: join(folder, 'faq'), outOfScope: join(folder, 'out-of-scope'), figures: knowledgeFiles.figures };
}
