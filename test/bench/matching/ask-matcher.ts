import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { knowledgeFiles, labelledQuestions } from '../../../bot/paths.ts';
import { isAnswerTo, readQuestions } from '../../../knowledge/evaluation/questions.ts';
import type { FaqEntry } from '../../../knowledge/faq-entry.ts';
import { loadCalibration } from '../../../knowledge/knowledge.ts';
import { FaqIndex } from '../../../knowledge/matching/faq-index.ts';
import type { OutOfScope } from '../../../knowledge/out-of-scope.ts';
import { readKnowledge } from '../../../knowledge/read-knowledge.ts';
import { normalize } from '../../../knowledge/text/normalize.ts';
import { loadSegment, type Segment } from '../../../knowledge/text/segment.ts';
import type { Phrasing } from '../../peers/peer.ts';
import { peers } from '../../peers/peers.ts';
import { chance, phrasingsUpTo } from './variations.ts';

export interface Task {
  /** `ours`, or the name of a peer. */
  matcher: string;
  phrasings: number;
  /** For how long questions are asked. */
  seconds: number;
  /** So many are asked, however long it takes. */
  least: number;
}

/** What one matcher did with one set of phrasings. `built` is sent by itself, before the questions begin. */
export type Progress =
  | {
      built: {
        ms: number /** Held by the index alone. */;
        heapMb: number /** Of the whole process, dictionary and phrasings included. */;
        rssMb: number;
      };
    }
  | { asked: { ms: number[] /** For each question asked, in their order: was the right topic first? */; right: boolean[] } };

type FirstTopic = (question: string) => Promise<string | undefined> | string | undefined;

const warmUpMs = 1_000;
const warmUpQuestions = 300;

/** A process of its own for one matcher and one set of phrasings, so that its memory and time are its own. */
process.once('message', async ({ matcher, phrasings: most, seconds, least }: Task) => {
  const { entries, outOfScope } = readKnowledge(knowledgeFiles);
  const questions = readQuestions(labelledQuestions, new Set(entries.map(({ id }) => id))).filter(({ topic }) => topic !== undefined);
  const segment = loadSegment(knowledgeFiles);
  const phrasings = phrasingsUpTo(most, entries, segment);
  const before = heldBytes();
  const started = performance.now();
  const first = await build(matcher, { phrasings, entries, outOfScope, segment });
  const ms = performance.now() - started;
  const heapMb = (heldBytes() - before) / 2 ** 20;
  process.send?.({ built: { ms, heapMb, rssMb: process.memoryUsage.rss() / 2 ** 20 } } satisfies Progress);
  const development = questions.filter(({ part }) => part === 'development').slice(0, warmUpQuestions);
  const warm = performance.now() + warmUpMs;
  for (const { asked } of development) if (performance.now() < warm) await first(asked);
  const times: number[] = [];
  const right: boolean[] = [];
  const end = performance.now() + seconds * 1000;
  for (const question of shuffled(questions.filter(({ part }) => part === 'test'))) {
    if (times.length >= least && performance.now() > end) break;
    const begun = performance.now();
    const found = await first(question.asked);
    times.push(performance.now() - begun);
    right.push(isAnswerTo(found, question));
  }
  process.send?.({ asked: { ms: times, right } } satisfies Progress, () => process.disconnect());
});

interface Content {
  phrasings: readonly Phrasing[];
  entries: readonly FaqEntry[];
  outOfScope: readonly OutOfScope[];
  segment: Segment;
}

async function build(matcher: string, content: Content): Promise<FirstTopic> {
  if (matcher === 'ours') return buildOurs(content);
  const plan = peers.find(({ name }) => name === matcher);
  if (!plan) throw new Error(`There is no peer ${matcher}.`);
  const search = await (await plan.load())(content.phrasings, content.segment);
  return async (question) => (await search(normalize(question)))[0]?.topic;
}

/** Our index as the bot makes it, of entries that have these phrasings instead of their own. */
function buildOurs({ phrasings, entries, outOfScope, segment }: Content): FirstTopic {
  const own = new Map<string, string[]>(entries.map(({ id }) => [id, []]));
  for (const { topic, text } of phrasings) own.get(topic)?.push(text);
  const varied = entries.map((entry) => {
    const texts = own.get(entry.id) ?? [];
    const keywords = new Set(entry.keywords.map(normalize));
    const [question = entry.question, ...others] = texts.filter((text) => !keywords.has(text));
    return { ...entry, question, phrasings: others, keywords: texts.filter((text) => keywords.has(text)) };
  });
  // What is kept for the next start is thrown away: it would take the place of that of the real phrasings.
  const cache = mkdtempSync(join(tmpdir(), 'filing-bench-index-'));
  const index = FaqIndex.of({ entries: varied, outOfScope }, segment, loadCalibration(knowledgeFiles.calibration), {
    ...knowledgeFiles,
    cache,
  });
  rmSync(cache, { recursive: true });
  return (question) => index.match(question).results[0]?.id;
}

function heldBytes(): number {
  if (!globalThis.gc) throw new Error('Start this process with --expose-gc.');
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function shuffled<T>(items: readonly T[]): T[] {
  const random = chance(1);
  return items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
