import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { knowledgeFiles, labelledQuestions, projectRoot } from '../../../bot/paths.ts';
import { isAnswerTo, readQuestions } from '../../../knowledge/evaluation/questions.ts';
import { loadKnowledge } from '../../../knowledge/knowledge.ts';
import type { Match } from '../../../knowledge/matching/faq-index.ts';
import { clustersOf } from '../../../knowledge/misses/clusters.ts';
import { comparePeers } from '../../peers/compare.ts';
import { measureFollowUps, readFollowUps } from './dialogues.ts';
import { formLengths, walkForms } from './forms.ts';
import { type Contestant, percent, report, table } from './report.ts';
import { togetherness } from './togetherness.ts';

/**
 * `npm run eval`: matching quality on the test half of the labelled questions and dialogues, and how long the forms are; `-- --wrong` lists what went
 * wrong on the other half; `-- --walks 10000` fills in so many forms at random; `-- --peers` sets other matchers beside ours, or only those named after it (`-- --peers orama bm25`).
 */
const { values, positionals } = parseArgs({
  options: { wrong: { type: 'boolean', default: false }, peers: { type: 'boolean', default: false }, walks: { type: 'string' } },
  allowPositionals: true,
});
const knowledge = loadKnowledge(knowledgeFiles);
const covered = new Set(knowledge.entries.map(({ id }) => id));
const questions = readQuestions(labelledQuestions, covered);
const followUps = readFollowUps(join(projectRoot, 'test', 'knowledge', 'dialogues.yaml'));
const development = questions.filter(({ part }) => part === 'development');
const reported = questions.filter(({ part }) => part === 'test');

const ours = contestant();
console.log(`The test half of the labelled messages: ${covered.size} topics, ${reported.length} messages; percent (95 % interval)\n`);
console.log(report(reported, [ours]));
reportFollowUps();
reportClusters();
console.log(`\n${formLengths()}`);
if (values.walks) console.log(`\n${walkForms(Number(values.walks))}`);
if (values.wrong) listWrong();
if (values.peers) {
  const { peers, remarks } = await comparePeers(development, reported, positionals);
  console.log(`\nOurs and its peers on the same ${reported.length} messages; percent (95 % interval)\n`);
  console.log(report(reported, [ours, ...peers]));
  console.log(`\n${remarks.join('\n')}`);
}

/** Our own matcher, timed on the test half after the development half has warmed it up, as it has the peers. */
function contestant(): Contestant {
  for (const { asked } of development) knowledge.match(asked);
  const times = reported.map(({ asked }) => {
    const before = performance.now();
    knowledge.match(asked);
    return performance.now() - before;
  });
  return { name: 'this project', match: (question) => knowledge.match(question), times };
}

function matchAfter(question: string, after?: string): Match {
  return knowledge.match(question, { ...(after !== undefined && { after }) });
}

function reportFollowUps(): void {
  const own = followUps.filter(({ part }) => part === 'test');
  const rows = (['elliptical', 'topicShift'] as const).map((kind) => {
    const { right, rightAlone, answered, answersRight } = measureFollowUps(own, kind, matchAfter);
    return [
      `${kind === 'elliptical' ? 'elliptical' : 'topic shift'} (${right.of})`,
      ...[right, rightAlone, answered, answersRight].map(percent),
    ];
  });
  console.log(`\n${table(['follow-up turns', 'right first, after its topic', 'without knowing it', 'answered', 'answers right'], rows)}`);
  const { answered } = measureFollowUps(own, 'foreign', matchAfter);
  console.log(`\n${table(['turns about something else', 'answered'], [[String(answered.of), percent(answered)]])}`);
}

/** Questions that get no direct answer, as the agents' desk brings them together. */
function reportClusters(): void {
  const missed = reported
    .flatMap(({ asked, topic }) => (topic === undefined ? [] : [{ topic, profile: knowledge.profile(asked) }]))
    .filter(({ profile }) => profile.decision !== 'answer');
  const { pure, whole, clusters } = togetherness(
    clustersOf(missed.map(({ profile }) => profile)),
    missed.map(({ topic }) => topic),
  );
  const row = [
    `${missed.length} of ${new Set(missed.map(({ topic }) => topic)).size} topics`,
    String(clusters),
    hundredths(pure),
    hundredths(whole),
  ];
  console.log(`\n${table(['not answered directly', 'clusters', 'of one topic (B-cubed)', 'of a topic together'], [row])}`);
}

function hundredths(share: number): string {
  return (100 * share).toFixed(1);
}

function listWrong(): void {
  console.log('\nWrong on the development half:');
  for (const question of development) {
    const { asked, topic, kind } = question;
    const { decision, results } = knowledge.match(asked);
    const right = topic === undefined ? decision !== 'answer' : isAnswerTo(results[0]?.id, question) && decision === 'answer';
    if (!right) console.log(`${kind} | ${asked} | ${topic ?? 'none'} | ${decision}: ${found(results)}`);
  }
  for (const { asked, topic, after, kind, part } of followUps) {
    if (part !== 'development') continue;
    const { decision, results } = matchAfter(asked, after);
    if (topic === undefined ? decision !== 'answer' : results[0]?.id === topic) continue;
    console.log(`${kind} after ${after} | ${asked} | ${topic ?? 'none'} | ${decision}: ${found(results)}`);
  }
}

function found(results: readonly { id: string; confidence: number }[]): string {
  return results
    .slice(0, 2)
    .map(({ id, confidence }) => `${id} ${confidence}`)
    .join(', ');
}
