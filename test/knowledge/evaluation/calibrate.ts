import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { knowledgeFiles, projectRoot } from '../../../bot/paths.ts';
import { KnowledgeError } from '../../../knowledge/fault.ts';
import { type Calibration, confidenceOf, fitWeights, type Sample } from '../../../knowledge/matching/calibration.ts';
import { FaqIndex } from '../../../knowledge/matching/faq-index.ts';
import { readKnowledge } from '../../../knowledge/read-knowledge.ts';
import { loadSegment } from '../../../knowledge/text/segment.ts';
import { readQuestions } from './questions.ts';

/** `npm run calibrate`: fits the confidence and its thresholds on the development half, and writes them beside the matcher. */
const statedPrecision = 0.975;
const mostWronglyAnswered = 0.02;
/** Suggestions are worth making while at least one question in so many is really about one of the topics offered. */
const suggestWhileOneIn = 2;

const reading = readKnowledge(knowledgeFiles);
const { entries, faults } = reading;
if (faults.length > 0) throw new KnowledgeError(faults);
const unused: Calibration = {
  fitted: { topics: 0, questions: 0, precision: 0 },
  bias: 0,
  weights: { likelihood: 0, closeness: 0, lead: 0, share: 0, inScope: 0, unknown: 0, keyword: 0, length: 0 },
  answer: 1,
  suggest: 1,
};
const index = new FaqIndex(reading, loadSegment(knowledgeFiles), unused, knowledgeFiles);
const covered = new Set(entries.map(({ id }) => id));
const questions = readQuestions(join(projectRoot, 'test', 'knowledge', 'questions.yaml'), covered).filter(
  ({ part }) => part === 'development',
);
// Of each question the first two candidates: the second is what a wrong answer would look like.
const samples: (Sample & { first: boolean })[] = questions.flatMap(({ asked, topic }) =>
  index
    .candidates(asked)
    .slice(0, 2)
    .map(({ id, signals }, at) => ({ signals, right: id === topic, first: at === 0 })),
);
const fitted = { ...unused, ...fitWeights(samples) };
const judged = samples
  .filter(({ first }) => first)
  .map(({ signals, right }) => ({ confidence: confidenceOf(signals, fitted), right }))
  .sort((a, b) => b.confidence - a.confidence);

const calibration: Calibration = {
  ...fitted,
  fitted: { topics: entries.length, questions: questions.length, precision: statedPrecision },
  answer: Math.max(lowestWith(statedPrecision), aboveOutOfScope(mostWronglyAnswered)),
  suggest: lowestWith(1 / suggestWhileOneIn, 20),
};
writeFileSync(knowledgeFiles.calibration, `${JSON.stringify(calibration, null, 2)}\n`);
console.log(calibration);

/** The confidence that no more than the stated share of the messages out of scope reach. */
function aboveOutOfScope(share: number): number {
  const confidences = questions
    .filter(({ topic }) => topic === undefined)
    .map(({ asked }) => {
      const [first] = index.candidates(asked);
      return first ? confidenceOf(first.signals, fitted) : 0;
    })
    .sort((a, b) => b - a);
  return Math.ceil((confidences[Math.floor(confidences.length * share)] ?? 0) * 1000) / 1000;
}

/** The lowest confidence at which the answers above it, or the last `window` of them, are right in the stated share. */
function lowestWith(share: number, window = judged.length): number {
  let lowest = 1;
  judged.forEach(({ confidence }, at) => {
    const among = judged.slice(Math.max(0, at + 1 - window), at + 1);
    if (among.filter(({ right }) => right).length / among.length >= share) lowest = confidence;
  });
  return Math.floor(lowest * 1000) / 1000;
}
