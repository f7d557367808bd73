import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { chinaDay } from '../../../dialogs/china-day.ts';
import type { Knowledge } from '../../../knowledge/knowledge.ts';
import { draftSheet } from '../../../knowledge/misses/topic-draft.ts';
import { FileChanged, replaceFiles } from '../../../knowledge/sheet/replace-files.ts';
import { gist } from '../../../knowledge/text/framing.ts';
import { maskPersonalData } from '../../../knowledge/text/mask.ts';
import type { Conversations } from '../../conversations/conversations.ts';
import type { Store } from '../../store/store.ts';
import type { Audit } from '../audit.ts';
import type { Acceptance, Dismissal, DraftRequest, MissCluster, Misses as MissesView, Proposal, Settled, Trial } from '../desk-api.ts';
import { type Missed, missedIn, QuestionKeys } from './missed-questions.ts';
import { type KeptSettlement, SettledMisses } from './settled-misses.ts';
import type { Studies } from './studies.ts';
import type { Findings, Group, Measured, StudiedFiles } from './study.ts';

export interface MissesFiles extends StudiedFiles {
  /** Folder for sheets that editors complete. */
  drafts: string;
}

export interface MissesOptions {
  store: Store;
  conversations: Pick<Conversations, 'notesSince'>;
  audit: Audit;
  knowledge: () => Knowledge;
  files: MissesFiles;
  studies: Pick<Studies, 'of'>;
}

/** Why something was not done. */
export type Refusal =
  | 'unknown-topic'
  | 'personal-data'
  | 'read-only'
  | 'busy'
  | 'knowledge-changed'
  | 'not-sound'
  | 'already-settled'
  | 'unknown'
  | 'changed-since';

export type Outcome<T> = { done: T } | { refused: Refusal };

/** Told to all instances when files of the knowledge base were changed from here. */
export const knowledgeEdited = 'knowledge-edited';

const dayMs = 24 * 3_600_000;
const mostNotes = 20_000;
/** Comparing each two takes a second for so many, and nobody settles more in one sitting. */
const mostQuestions = 1000;
const mostClusters = 100;
const mostRegressions = 10;
const mostTrials = 20;
/** It takes a moment; where files are not watched, it is said in the answer that they are not in use. */
const longestTakeUpMs = 10_000;
const lookAgainMs = 50;

/** From what customers asked in vain to knowledge: by proposals that are tried first, a person's yes, and a way back. */
export class Misses {
  readonly #options: MissesOptions;
  readonly #settled: SettledMisses;
  readonly #keys = new QuestionKeys();
  readonly #trials = new Map<string, Trial>();
  #measured: Measured | undefined;
  #grouped: { key: string; found: Promise<Findings['group']> } | undefined;

  constructor(options: MissesOptions) {
    this.#options = options;
    this.#settled = new SettledMisses(options.store, options.audit);
  }

  async overview(days: number): Promise<MissesView> {
    const { store, conversations } = this.#options;
    const from = store.now() - days * dayMs;
    const missed = await missedIn(await conversations.notesSince(from, mostNotes), this.#keys);
    const looked = missed.slice(0, mostQuestions);
    const [settled, { groups, answeredNow }] = await Promise.all([this.#settled.all(), this.#group(looked)]);
    const known = new Set(settled.filter((each) => this.#holds(each)).flatMap(({ keys }) => keys));
    const { entries } = this.#options.knowledge();
    return {
      from,
      clusters: groups
        .flatMap((group) => this.#clusterOf(group, looked, known))
        .sort((a, b) => b.count - a.count || b.lastAt - a.lastAt)
        .slice(0, mostClusters),
      answeredNow,
      leftOut: missed.length - looked.length,
      settled: settled.map((each) => this.#view(each)),
      writable: await this.#isWritable(),
      topics: entries.map(({ id, question }) => ({ topic: id, title: question })),
    };
  }

  async try(proposal: Proposal): Promise<Outcome<Trial>> {
    const refused = this.#refusalOf(proposal);
    return refused ? { refused } : { done: await this.#trial(proposal) };
  }

  async accept(acceptance: Acceptance, by: string): Promise<Outcome<Settled>> {
    const { digest, topic, phrasings, questions } = acceptance;
    const refused = this.#refusalOf(acceptance);
    if (refused) return { refused };
    if (!(await this.#isWritable())) return { refused: 'read-only' };
    const trial = this.#trials.get(trialKey(digest, acceptance)) ?? (await this.#trial(acceptance));
    if (trial.digest !== digest) return { refused: 'knowledge-changed' };
    if (!trial.measures || trial.faults.length > 0) return { refused: 'not-sound' };
    const added = { category: this.#categoryOf(topic), topic, phrasings };
    const day = chinaDay(this.#options.store.now());
    const regressions = regressionsOf(trial, acceptance);
    const settlement: KeptSettlement = {
      ...(await this.#settlement('phrasings', questions, by)),
      ...added,
      regressions,
      day,
    };
    return this.#alone(async () => {
      const change = await this.#options.studies.of({
        kind: 'add',
        phrasings: added,
        regressions: regressions.map((asked) => ({ asked, topic, added: day, by })),
      });
      if (change.digest !== digest) return { refused: 'knowledge-changed' };
      // Recorded before it is done, as all that is done elsewhere than in the store.
      const entry = { by, did: 'phrasings-added' as const, what: `topic:${topic}`, why: phrasings.join(' / ') };
      if (!(await this.#keep(settlement, entry))) return { refused: 'already-settled' };
      const failure = await this.#replace(change.replacements, () => this.#settled.forget(settlement.id));
      if (failure) return failure;
      await this.#untilTakenUp(settlement, true);
      return { done: this.#view(settlement) };
    });
  }

  async draft({ question, phrasings, questions }: DraftRequest, by: string): Promise<Outcome<Settled>> {
    if ([question, ...phrasings].some(holdsPersonalData)) return { refused: 'personal-data' };
    const { drafts } = this.#options.files;
    if (!(await isWritable(drafts))) return { refused: 'read-only' };
    const sheet = Buffer.from(draftSheet({ question, phrasings }));
    const settled = await this.#settlement('draft', questions, by);
    const settlement = {
      ...settled,
      title: question,
      phrasings,
      draft: `${chinaDay(settled.at)}-${settled.id}.csv`,
      digest: digestOf(sheet),
    };
    const entry = { by, did: 'topic-drafted' as const, what: `draft:${settlement.draft}`, why: question };
    if (!(await this.#keep(settlement, entry))) return { refused: 'already-settled' };
    try {
      await mkdir(drafts, { recursive: true });
      await writeFile(join(drafts, settlement.draft), sheet, { flush: true });
    } catch (error) {
      await this.#settled.forget(settlement.id);
      throw error;
    }
    return { done: this.#view(settlement) };
  }

  /** The sheet of a draft that was written here; undefined where it is not there. */
  async sheet(file: string): Promise<Uint8Array | undefined> {
    const known = (await this.#settled.all()).some(({ draft }) => draft === file);
    return known ? readIfThere(join(this.#options.files.drafts, file)) : undefined;
  }

  async dismiss({ questions, why }: Dismissal, by: string): Promise<Outcome<Settled>> {
    const settlement = { ...(await this.#settlement('dismissed', questions, by)), ...(why !== '' && { why: maskPersonalData(why) }) };
    const entry = { by, did: 'misses-dismissed' as const, what: `questions:${settlement.id}`, why };
    return (await this.#keep(settlement, entry)) ? { done: this.#view(settlement) } : { refused: 'already-settled' };
  }

  async undo(id: string, by: string): Promise<Outcome<undefined>> {
    const settlement = await this.#settled.find(id);
    if (!settlement) return { refused: 'unknown' };
    switch (settlement.how) {
      case 'dismissed':
        return (await this.#settled.undo(id, undoneBy(by, settlement))) ? { done: undefined } : { refused: 'unknown' };
      case 'draft':
        return this.#undoDraft(settlement, by);
      case 'phrasings':
        return this.#alone(() => this.#undoPhrasings(settlement, by));
    }
  }

  async #undoDraft(settlement: KeptSettlement, by: string): Promise<Outcome<undefined>> {
    const file = join(this.#options.files.drafts, settlement.draft ?? '');
    const sheet = await readIfThere(file);
    // An editor has begun to complete it, or it has become a topic.
    if (!sheet || digestOf(sheet) !== settlement.digest) return { refused: 'changed-since' };
    if (!(await this.#settled.undo(settlement.id, undoneBy(by, settlement)))) return { refused: 'unknown' };
    await rm(file);
    return { done: undefined };
  }

  async #undoPhrasings(settlement: KeptSettlement, by: string): Promise<Outcome<undefined>> {
    if (!(await this.#isWritable())) return { refused: 'read-only' };
    const { category = '', topic = '', phrasings = [], regressions = [], day = '' } = settlement;
    const { replacements } = await this.#options.studies.of({
      kind: 'remove',
      phrasings: { category, topic, phrasings },
      regressions: regressions.map((asked) => ({ asked, topic, added: day, by: settlement.by })),
    });
    if (!replacements) return { refused: 'changed-since' };
    await this.#options.audit.add(undoneBy(by, settlement));
    const failure = await this.#replace(replacements, async () => undefined);
    if (failure) return failure;
    await this.#settled.forget(settlement.id);
    await this.#untilTakenUp(settlement, false);
    return { done: undefined };
  }

  /** The files are watched: what the person looks at next is to show it already. */
  async #untilTakenUp(settlement: KeptSettlement, isThere: boolean): Promise<void> {
    const end = Date.now() + longestTakeUpMs;
    while (this.#holds(settlement) !== isThere && Date.now() < end) await setTimeout(lookAgainMs);
  }

  /** Replaces files and tells all instances; what was recorded before is taken back when it fails. */
  async #replace(
    replacements: Parameters<typeof replaceFiles>[0],
    takeBack: () => Promise<void>,
  ): Promise<{ refused: Refusal } | undefined> {
    try {
      replaceFiles(replacements);
    } catch (error) {
      await takeBack();
      if (error instanceof FileChanged) return { refused: 'knowledge-changed' };
      throw error;
    }
    this.#options.store.announce(knowledgeEdited, '');
    return undefined;
  }

  async #alone<T>(work: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
    return (await this.#settled.alone(work)) ?? { refused: 'busy' };
  }

  async #trial(proposal: Proposal): Promise<Trial> {
    const { topic, phrasings, questions } = proposal;
    const measured = this.#measured && { measured: this.#measured };
    const category = this.#categoryOf(topic);
    const trial = await this.#options.studies.of({ kind: 'try', category, topic, phrasings, questions, ...measured });
    if (trial.measures) this.#measured = { digest: trial.digest, measures: trial.measures.before };
    this.#trials.set(trialKey(trial.digest, proposal), trial);
    const [oldest] = this.#trials.keys();
    if (this.#trials.size > mostTrials && oldest !== undefined) this.#trials.delete(oldest);
    return trial;
  }

  /** The same questions of the same knowledge give the same groups: several people may look at once, and again and again. */
  async #group(missed: readonly Missed[]): Promise<Findings['group']> {
    if (missed.length === 0) return { groups: [], answeredNow: 0 };
    const questions = missed.map(({ text, answeredBy }) => ({ text, ...(answeredBy !== undefined && { answeredBy }) }));
    const key = digestOf(Buffer.from(JSON.stringify([this.#options.knowledge().revision, questions])));
    if (this.#grouped?.key !== key) {
      const found = this.#options.studies.of({ kind: 'group', questions });
      this.#grouped = { key, found };
      found.catch(() => {
        this.#grouped = undefined;
      });
    }
    return this.#grouped.found;
  }

  /**
   * What of a group is still open. Who asks for the same as questions that were settled asks for what was settled, unless there are
   * more of the new ones by now.
   */
  #clusterOf({ members, topics }: Group, missed: readonly Missed[], settled: ReadonlySet<string>): MissCluster[] {
    const all = members.flatMap((at) => missed[at] ?? []);
    const open = all.filter(({ key }) => !settled.has(key));
    if (open.length <= all.length - open.length) return [];
    const { entry } = this.#options.knowledge();
    return [
      {
        questions: open.map(({ key: _key, firstAt: _firstAt, days: _days, ...question }) => question),
        count: open.reduce((sum, { unanswered, notUseful }) => sum + unanswered + notUseful, 0),
        firstAt: Math.min(...open.map(({ firstAt }) => firstAt)),
        lastAt: Math.max(...open.map(({ lastAt }) => lastAt)),
        days: new Set(open.flatMap(({ days }) => [...days])).size,
        topics: topics.flatMap(({ id, confidence }) => {
          const title = entry(id)?.question;
          return title === undefined ? [] : [{ topic: id, title, confidence }];
        }),
      },
    ];
  }

  async #settlement(how: Settled['how'], questions: readonly string[], by: string): Promise<KeptSettlement> {
    const keys = [...new Set(await this.#keys.of(questions))].sort();
    return {
      id: digestOf(Buffer.from(keys.join(' '))).slice(0, 16),
      at: this.#options.store.now(),
      by,
      how,
      title: maskPersonalData(questions[0] ?? '').slice(0, 60),
      count: questions.length,
      keys,
    };
  }

  async #keep(settlement: KeptSettlement, entry: Parameters<SettledMisses['keep']>[1]): Promise<boolean> {
    const before = await this.#settled.find(settlement.id);
    return this.#settled.keep(settlement, entry, before !== undefined && !this.#holds(before));
  }

  /** Phrasings that were taken out by hand, or never got into the files, have settled nothing. */
  #holds({ how, topic = '', phrasings = [] }: KeptSettlement): boolean {
    if (how !== 'phrasings') return true;
    const known = this.#options.knowledge().entry(topic)?.phrasings ?? [];
    return phrasings.every((phrasing) => known.includes(phrasing));
  }

  #view(settlement: KeptSettlement): Settled {
    const { keys: _keys, category: _category, day: _day, digest: _digest, ...settled } = settlement;
    if (settlement.how !== 'phrasings') return settled;
    const topicTitle = this.#options.knowledge().entry(settlement.topic ?? '')?.question;
    return { ...settled, ...(topicTitle !== undefined && { topicTitle }), inUse: this.#holds(settlement) };
  }

  #refusalOf({ topic, phrasings }: Proposal): Refusal | undefined {
    if (!this.#options.knowledge().entry(topic)) return 'unknown-topic';
    return phrasings.some(holdsPersonalData) ? 'personal-data' : undefined;
  }

  #categoryOf(topic: string): string {
    return this.#options.knowledge().entry(topic)?.category ?? '';
  }

  async #isWritable(): Promise<boolean> {
    const { knowledge, regressions } = this.#options.files;
    return (await isWritable(knowledge.faq)) && (await isWritable(dirname(regressions)));
  }
}

/** What is covered in a question would be covered in a phrasing, too, and match nothing. */
function holdsPersonalData(text: string): boolean {
  return maskPersonalData(text) !== text.normalize('NFKC') || /\*{2}|\[email\]/.test(text);
}

/** Questions that the topic answers since, other wordings than the phrasings themselves first: these are answered in any case. */
function regressionsOf({ questions }: Trial, { topic, phrasings }: Acceptance): string[] {
  const written = new Set(phrasings.map(gist));
  const answered = questions.filter(({ after }) => after.decision === 'answer' && after.topic === topic).map(({ text }) => text.trim());
  const clean = [...new Set(answered)].filter((text) => !holdsPersonalData(text));
  const others = clean.filter((text) => !written.has(gist(text)));
  return (others.length > 0 ? others : phrasings).slice(0, mostRegressions);
}

function undoneBy(by: string, { how, topic, draft, id }: KeptSettlement): Parameters<Audit['add']>[0] {
  const what = how === 'phrasings' ? `topic:${topic}` : how === 'draft' ? `draft:${draft}` : `questions:${id}`;
  return { by, did: 'misses-undone', what };
}

function trialKey(digest: string, { topic, phrasings, questions }: Proposal): string {
  return JSON.stringify([digest, topic, phrasings, questions]);
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A folder that is not there is made in the one above. */
async function isWritable(folder: string): Promise<boolean> {
  for (const place of [folder, dirname(folder)]) {
    try {
      await access(place, constants.W_OK);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return false;
    }
  }
  return false;
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
