import { join } from 'node:path';
import { knowledgeFiles, projectRoot } from '../../../bot/paths.ts';
import { loadKnowledge } from '../../../knowledge/knowledge.ts';
import { measure, type Share } from './quality.ts';
import { readQuestions } from './questions.ts';

/** `npm run eval`: matching quality on the test half of the labelled questions; `--wrong` lists what went wrong on the other half. */
const knowledge = loadKnowledge(knowledgeFiles);
const covered = new Set(knowledge.entries.map(({ id }) => id));
const questions = readQuestions(join(projectRoot, 'test', 'knowledge', 'questions.yaml'), covered);
const match = (question: string) => knowledge.match(question);

const reported = questions.filter(({ part }) => part === 'test');
const quality = measure(reported, match);
const percent = ({ value, of, low, high }: Share) =>
  `${(100 * value).toFixed(1).padStart(5)} %   (${(100 * low).toFixed(0)}–${(100 * high).toFixed(0)} %, n=${of})`;

console.log(`Matching quality on the test half of the labelled questions: ${covered.size} topics, ${reported.length} messages\n`);
console.log(`right topic first           ${percent(quality.accuracy)}`);
console.log(`right topic among three     ${percent(quality.recallAt3)}`);
console.log(`answered directly           ${percent(quality.coverage)}`);
console.log(`direct answers right        ${percent(quality.precision)}`);
console.log(`out of scope, answered      ${percent(quality.wronglyAnswered)}`);
console.log(`out of scope, refused       ${percent(quality.refused)}`);
console.log(`AUROC of the confidence     ${quality.auroc.toFixed(3)}\n`);
for (const [kind, { accuracy, answered }] of Object.entries(quality.byKind)) {
  const first = accuracy ? `right first ${percent(accuracy)}` : 'no topic answers it'.padEnd(38);
  console.log(`${kind.padEnd(14)} ${first.padEnd(44)} answered ${percent(answered)}`);
}

if (process.argv.includes('--wrong')) {
  console.log('\nWrong on the development half:');
  for (const { asked, topic, kind } of questions.filter(({ part }) => part === 'development')) {
    const { decision, results } = match(asked);
    const right = topic === undefined ? decision !== 'answer' : results[0]?.id === topic && decision === 'answer';
    if (right) continue;
    const found = results.slice(0, 2).map(({ id, confidence }) => `${id} ${confidence}`);
    console.log(`${kind} | ${asked} | ${topic ?? 'none'} | ${decision}: ${found.join(', ')}`);
  }
}
