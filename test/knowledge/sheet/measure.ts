import { join } from 'node:path';
import { knowledgeFiles, labelledQuestions } from '../../../bot/paths.ts';
import { readQuestions } from '../../../knowledge/evaluation/questions.ts';
import { loadKnowledge } from '../../../knowledge/knowledge.ts';
import { measure } from '../evaluation/quality.ts';

/**
 * Matching quality on the test half of the labelled questions for each folder given (one that has `faq` and `out-of-scope`), as
 * JSON. `npm run knowledge` runs this as a process of its own, because the product does not import its tests.
 */
const measured = process.argv.slice(2).map((folder) => {
  const files = { ...knowledgeFiles, faq: join(folder, 'faq'), outOfScope: join(folder, 'out-of-scope') };
  const knowledge = loadKnowledge(files);
  const covered = new Set(knowledge.entries.map(({ id }) => id));
  const questions = readQuestions(labelledQuestions, covered).filter(({ part }) => part === 'test');
  const quality = measure(questions, (question) => knowledge.match(question));
  const { accuracy, coverage, precision, wronglyAnswered } = quality;
  return {
    questions: questions.length,
    accuracy: accuracy.value,
    coverage: coverage.value,
    precision: precision.value,
    wronglyAnswered: wronglyAnswered.value,
  };
});
console.log(JSON.stringify(measured));
