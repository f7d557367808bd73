import type { Knowledge } from '../knowledge.ts';
import { judge, judgementOf } from './judgement.ts';
import type { Measures } from './measure-names.ts';
import { readQuestions } from './questions.ts';

/** Matching quality on the test half of the labelled questions in the file. */
export function measuresOf(knowledge: Pick<Knowledge, 'entries' | 'match'>, questionsFile: string): Measures {
  const covered = new Set(knowledge.entries.map(({ id }) => id));
  const questions = readQuestions(questionsFile, covered).filter(({ part }) => part === 'test');
  const { accuracy, recallAt3, coverage, precision, wronglyAnswered, refused } = judgementOf(
    judge(questions, (question) => knowledge.match(question)),
  );
  return {
    questions: questions.length,
    accuracy: accuracy.value,
    recallAt3: recallAt3.value,
    coverage: coverage.value,
    precision: precision.value,
    wronglyAnswered: wronglyAnswered.value,
    refused: refused.value,
  };
}
