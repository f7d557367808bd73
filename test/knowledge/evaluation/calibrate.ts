import { writeFileSync } from 'node:fs';
import { knowledgeFiles, labelledQuestions } from '../../../bot/paths.ts';
import { isAnswerTo, readQuestions } from '../../../knowledge/evaluation/questions.ts';
import { KnowledgeError } from '../../../knowledge/fault.ts';
import { type Calibration, fitWeights, type Sample } from '../../../knowledge/matching/calibration.ts';
import { FaqIndex } from '../../../knowledge/matching/faq-index.ts';
import { indexEntries } from '../../../knowledge/matching/indexer.ts';
import { readKnowledge } from '../../../knowledge/read-knowledge.ts';
import { loadSegment } from '../../../knowledge/text/segment.ts';
import { lowestConfidence, statedPrecision } from './threshold.ts';

/** `npm run calibrate`: fits the confidence and its thresholds on the development half, and writes them beside the matcher. */

/**
 * Suggestions are worth making while at least one question in so many is really about the first topic offered: a refusal costs who asked
 * about the trade more than three buttons cost who did not.
 */
const suggestWhileOneIn = 3;
/** Told by so many questions around the threshold: by twenty, a few questions more moved it between 0.15 and 0.36. */
const suggestedAround = 60;

const reading = readKnowledge(knowledgeFiles);
const { entries, faults } = reading;
if (faults.length > 0) throw new KnowledgeError(faults);
const unused: Calibration = {
  fitted: { topics: 0, questions: 0, precision: 0 },
  ...fitWeights([]),
  answer: 1,
  suggest: 1,
};
const segment = loadSegment(knowledgeFiles);
const state = indexEntries(reading, segment, knowledgeFiles);
const indexWith = (calibration: Calibration) => new FaqIndex(entries, segment, calibration, state);
const unfitted = indexWith(unused);
const covered = new Set(entries.map(({ id }) => id));
const questions = readQuestions(labelledQuestions, covered).filter(({ part }) => part === 'development');
// Of each question the first two candidates: the second is what a wrong answer would look like.
const samples: Sample[] = questions.flatMap((question) =>
  unfitted
    .candidates(question.asked)
    .slice(0, 2)
    .map(({ id, signals }) => ({ signals, right: isAnswerTo(id, question) })),
);
const fitted = { ...unused, ...fitWeights(samples) };
// The thresholds are for what the matcher says in the end, which is not the fitted confidence for what names another thing.
const index = indexWith(fitted);
const judged = questions.flatMap((question) =>
  index.match(question.asked, { top: 1 }).results.map(({ id, confidence }) => ({ confidence, right: isAnswerTo(id, question) })),
);

const calibration: Calibration = {
  ...fitted,
  fitted: { topics: entries.length, questions: questions.length, precision: statedPrecision },
  answer: toThousandths(lowestConfidence(judged, statedPrecision)),
  suggest: toThousandths(lowestConfidence(judged, 1 / suggestWhileOneIn, suggestedAround)),
};
writeFileSync(knowledgeFiles.calibration, `${JSON.stringify(calibration, null, 2)}\n`);
console.log(calibration);

/** Rounded down, so that the confidence it was fitted on still reaches it; 1 when no confidence is enough. */
function toThousandths(confidence = 1): number {
  return Math.floor(confidence * 1000) / 1000;
}
