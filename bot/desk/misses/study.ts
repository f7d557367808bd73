import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chinaDay } from '../../../dialogs/china-day.ts';
import type { Measures } from '../../../knowledge/evaluation/measure-names.ts';
import { measuresOf } from '../../../knowledge/evaluation/measures.ts';
import { type Regression, withoutRegressions, withRegressions } from '../../../knowledge/evaluation/regressions.ts';
import { type Fault, KnowledgeError } from '../../../knowledge/fault.ts';
import { type Knowledge, type KnowledgeFiles, KnowledgeLoader } from '../../../knowledge/knowledge.ts';
import type { QuestionProfile } from '../../../knowledge/matching/faq-index.ts';
import { centralFirst, clustersOf } from '../../../knowledge/misses/clusters.ts';
import { type AddedPhrasings, withoutPhrasings, withPhrasings } from '../../../knowledge/misses/phrasings.ts';
import { KnowledgeReader } from '../../../knowledge/read-knowledge.ts';
import type { Replacement } from '../../../knowledge/sheet/replace-files.ts';
import { wordCheckFault } from '../../../knowledge/sheet/word-check.ts';
import type { Found, Trial } from '../desk-api.ts';

/** Where the knowledge base stands, with what it is measured on. */
export interface StudiedFiles {
  knowledge: KnowledgeFiles;
  questions: string;
  regressions: string;
}

/** A question, and the topic whose answer to it did not help. */
export interface Asked {
  text: string;
  answeredBy?: string;
}

/** Questions that ask for the same: their positions, those first that say it best, and the topics that are nearest to all of them. */
export interface Group {
  members: number[];
  topics: { id: string; confidence: number }[];
}

/** Of a state that was measured before: half of the work of a trial. */
export interface Measured {
  digest: string;
  measures: Measures;
}

/** What is asked of the knowledge base beside the conversations; each takes from a moment to several seconds. */
export type Study =
  | { kind: 'group'; questions: Asked[] }
  | ({ kind: 'try'; questions: string[]; measured?: Measured } & AddedPhrasings)
  | { kind: 'add'; phrasings: AddedPhrasings; regressions: Regression[] }
  | { kind: 'remove'; phrasings: AddedPhrasings; regressions: Regression[] };

export interface Findings {
  group: { groups: Group[]; answeredNow: number };
  try: Trial;
  /** The change of the files, and the state that it was made for. */
  add: { digest: string; replacements: Replacement[] };
  /** Undefined: what was written is no longer as it was. */
  remove: { replacements: Replacement[] | undefined };
}

const nearestTopics = 5;

/** Does one study. Throws a `KnowledgeError` when the files have faults. */
export function study<T extends Study>(files: StudiedFiles, task: T): Findings[T['kind']];
export function study(files: StudiedFiles, task: Study): Findings[Study['kind']] {
  switch (task.kind) {
    case 'group':
      return group(new KnowledgeLoader(files.knowledge).load(), task.questions);
    case 'try':
      return tryPhrasings(files, task);
    case 'add':
      return add(files, task);
    case 'remove':
      return remove(files, task);
  }
}

/** What the knowledge base answers by now, in another way than the one that did not help, is no question any more. */
function group(knowledge: Knowledge, questions: readonly Asked[]): Findings['group'] {
  const profiles = questions.map(({ text }) => knowledge.profile(text));
  const open = [...questions.keys()].filter((at) => !isAnswered(profiles[at], questions[at]));
  const openProfiles = open.map((at) => profiles[at] as QuestionProfile);
  const groups = clustersOf(openProfiles).map((members): Group => {
    const own = members.map((at) => openProfiles[at] as QuestionProfile);
    return { members: centralFirst(own).map((at) => open[members[at] as number] as number), topics: nearestOf(own) };
  });
  return { groups, answeredNow: questions.length - open.length };
}

function isAnswered(profile: QuestionProfile | undefined, asked: Asked | undefined): boolean {
  return profile?.decision === 'answer' && profile.topics[0]?.id !== asked?.answeredBy;
}

function nearestOf(profiles: readonly QuestionProfile[]): Group['topics'] {
  const sums = new Map<string, number>();
  for (const { topics } of profiles) for (const { id, confidence } of topics) sums.set(id, (sums.get(id) ?? 0) + confidence);
  return [...sums]
    .map(([id, sum]) => ({ id, confidence: Number((sum / profiles.length).toFixed(3)) }))
    .sort((a, b) => b.confidence - a.confidence || (a.id < b.id ? -1 : 1))
    .slice(0, nearestTopics);
}

function tryPhrasings(
  { knowledge: files, questions: labelled }: StudiedFiles,
  { questions, measured, ...added }: Study & { kind: 'try' },
): Trial {
  const loader = new KnowledgeLoader(files);
  const path = join(files.faq, `${added.category}.yaml`);
  const digest = digestOf(files);
  const edited = withPhrasings(readFileSync(path, 'utf8'), added);
  const before = loader.load();
  const after = loadOrFaults(loader, new Map([[path, edited]]));
  if ('faults' in after) return { digest, questions: [], faults: after.faults.map(wordCheckFault) };
  const today = chinaDay(Date.now());
  const found = loader.lint(today);
  return {
    digest,
    measures: {
      before: measured?.digest === digest ? measured.measures : measuresOf(before, labelled),
      after: measuresOf(after.knowledge, labelled),
    },
    questions: questions.map((text) => ({ text, before: foundBy(before, text), after: foundBy(after.knowledge, text) })),
    faults: found.length === 0 ? [] : newOf(faultsNow(files, today), found),
  };
}

function loadOrFaults(
  loader: KnowledgeLoader,
  instead: ReadonlyMap<string, string>,
): { knowledge: Knowledge } | { faults: readonly Fault[] } {
  try {
    return { knowledge: loader.load({ instead }) };
  } catch (error) {
    if (error instanceof KnowledgeError) return { faults: error.faults };
    throw error;
  }
}

function faultsNow(files: KnowledgeFiles, today: string): Fault[] {
  const loader = new KnowledgeLoader(files);
  loader.load();
  return loader.lint(today);
}

function newOf(known: readonly Fault[], found: readonly Fault[]): string[] {
  const before = new Set(known.map(wordCheckFault));
  return found.map(wordCheckFault).filter((fault) => !before.has(fault));
}

function foundBy(knowledge: Knowledge, question: string): Found {
  const { decision, results } = knowledge.match(question);
  const [first] = results;
  return { decision, ...(first && { topic: first.id, confidence: first.confidence }) };
}

function add(files: StudiedFiles, { phrasings, regressions }: Study & { kind: 'add' }): Findings['add'] {
  const digest = digestOf(files.knowledge);
  const { path, text } = categoryFile(files, phrasings);
  const kept = readIfThere(files.regressions);
  const after = withPhrasings(text, phrasings);
  makeReady(files, path, after);
  return {
    digest,
    replacements: [
      { path, before: text, after },
      ...changed({ path: files.regressions, before: kept, after: withRegressions(kept, regressions) }),
    ],
  };
}

function remove(files: StudiedFiles, { phrasings, regressions }: Study & { kind: 'remove' }): Findings['remove'] {
  const { path, text } = categoryFile(files, phrasings);
  const after = withoutPhrasings(text, phrasings);
  const kept = readIfThere(files.regressions);
  const rest = withoutRegressions(kept, regressions);
  if (after === undefined || rest.outcome === 'changed') return { replacements: undefined };
  makeReady(files, path, after);
  return { replacements: [{ path, before: text, after }, ...changed({ path: files.regressions, before: kept, after: rest.text })] };
}

/** Keeps what the bot will load when the file has its new text: reading and indexing it would hold up all messages for a second or two. */
function makeReady({ knowledge }: StudiedFiles, path: string, text: string): void {
  new KnowledgeLoader(knowledge).load({ keep: true, instead: new Map([[path, text]]) });
}

function categoryFile({ knowledge: { faq } }: StudiedFiles, { category }: AddedPhrasings): { path: string; text: string } {
  const path = join(faq, `${category}.yaml`);
  return { path, text: readFileSync(path, 'utf8') };
}

function changed(replacement: Replacement): Replacement[] {
  return replacement.before === replacement.after ? [] : [replacement];
}

/** Names the state of all that editors write. */
function digestOf(files: KnowledgeFiles): string {
  const hash = createHash('sha256');
  for (const { digest } of new KnowledgeReader(files).find()) hash.update(digest);
  return hash.digest('hex').slice(0, 32);
}

function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
