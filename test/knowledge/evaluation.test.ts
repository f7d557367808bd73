import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { labelledQuestions, projectRoot } from '../../bot/paths.ts';
import { readQuestions } from '../../knowledge/evaluation/questions.ts';
import { realKnowledge } from '../support/knowledge.ts';
import { measureFollowUps, readFollowUps } from './evaluation/dialogues.ts';
import { measure } from './evaluation/quality.ts';

const knowledge = realKnowledge();
const questions = readQuestions(labelledQuestions, new Set(knowledge.entries.map(({ id }) => id)));

describe('matching quality on the labelled questions', () => {
  it('does not fall below what was reached', () => {
    const quality = measure(
      questions.filter(({ part }) => part === 'test'),
      (question) => knowledge.match(question),
    );
    expect(quality.accuracy.value).toBeGreaterThanOrEqual(0.92);
    expect(quality.recallAt3.value).toBeGreaterThanOrEqual(0.985);
    expect(quality.precision.value).toBeGreaterThanOrEqual(0.97);
    expect(quality.coverage.value).toBeGreaterThanOrEqual(0.75);
    expect(quality.wronglyAnswered.value).toBeLessThanOrEqual(0.03);
    expect(quality.auroc).toBeGreaterThanOrEqual(0.97);
  });

  it.each([
    ['test', 0.89],
    ['development', 0.95],
  ] as const)('does not fall below what was reached on the follow-ups of the %s half', (half, reached) => {
    const turns = readFollowUps(join(projectRoot, 'test', 'knowledge', 'dialogues.yaml')).filter(({ part }) => part === half);
    const right = (kind: 'elliptical' | 'topicShift') =>
      measureFollowUps(turns, kind, (question, after) => knowledge.match(question, after === undefined ? {} : { after })).right;
    expect(right('elliptical').value).toBeGreaterThanOrEqual(reached);
    expect(right('topicShift').value).toBe(1);
  });

  it('is measured on questions of all topics and of many kinds, none of which is a phrasing', () => {
    const topics = new Set(questions.flatMap(({ topic }) => (topic === undefined ? [] : [topic])));
    expect(topics).toEqual(new Set(knowledge.entries.map(({ id }) => id)));
    expect(new Set(questions.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(12);
    expect(new Set(questions.map(({ asked }) => asked)).size).toBe(questions.length);
  });
});
