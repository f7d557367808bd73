import { describe, expect, it } from 'vitest';
import type { Matcher, Verdict } from '../../../knowledge/evaluation/judgement.ts';
import type { LabelledQuestion } from '../../../knowledge/evaluation/questions.ts';
import { measure, separation } from './quality.ts';
import { report, table } from './report.ts';

/** Asked, kind, topic or none, and what the matcher says. */
const cases: [string, string, string | undefined, Verdict['decision'], string[], number][] = [
  ['多少钱', 'clean', 'fee', 'answer', ['fee', 'time'], 0.9],
  ['多久', 'clean', 'time', 'answer', ['fee', 'time'], 0.8],
  ['要多旧', 'typo', 'time', 'suggest', ['fee', 'cancel', 'time'], 0.4],
  ['注销', 'clean', 'cancel', 'reject', ['fee', 'time', 'change', 'cancel'], 0.2],
  ['商标', 'near', undefined, 'answer', ['fee'], 0.85],
  ['税务', 'near', undefined, 'reject', ['fee'], 0.3],
  ['天气', 'far', undefined, 'reject', [], 0],
  ['讲个笑话', 'far', undefined, 'suggest', ['time'], 0.1],
];
const questions = cases.map(
  ([asked, kind, topic]): LabelledQuestion => ({ asked, kind, part: 'test', ...(topic !== undefined && { topic }) }),
);
const match: Matcher = (question) => {
  const [, , , decision = 'reject', ids = [], confidence = 0] = cases.find(([asked]) => asked === question) ?? [];
  return { decision, results: ids.map((id) => ({ id, confidence })) };
};

describe('the quality of a matcher', () => {
  const quality = measure(questions, match);

  it.each([
    ['accuracy', 1 / 4, 4],
    ['recallAt3', 3 / 4, 4],
    ['coverage', 2 / 4, 4],
    ['precision', 1 / 2, 2],
    ['wronglyRefused', 1 / 4, 4],
    ['wronglyAnswered', 1 / 4, 4],
    ['refused', 2 / 4, 4],
  ] as const)('counts %s', (figure, value, of) => {
    expect(quality[figure]).toMatchObject({ value, of });
  });

  it('compares confidences in all and against near misses', () => {
    const { all, nearMisses } = separation(questions, match);
    // 0.9 0.8 0.4 0.2 against 0.85 0.3 0 0.1, and against the first two of these.
    expect(all.value).toBe((4 + 3 + 3 + 2) / 16);
    expect(nearMisses.value).toBe((2 + 1 + 1 + 0) / 8);
    expect(quality.auroc).toBe(all.value);
  });

  it('is told by kind, and a kind without topics has nothing to get right', () => {
    expect(quality.byKind.clean).toMatchObject({ accuracy: { value: 1 / 3 }, answered: { value: 2 / 3, of: 3 } });
    expect(quality.byKind.near).toMatchObject({ answered: { value: 1 / 2, of: 2 } });
    expect(quality.byKind.near).not.toHaveProperty('accuracy');
  });
});

describe('the report', () => {
  it('has a line for each matcher in each table, and says how many cases there are', () => {
    const silent: Matcher = () => ({ decision: 'reject', results: [] });
    const text = report(questions, [
      { name: 'ours', match, times: [1, 2, 3] },
      { name: 'silent', match: silent, times: [4] },
    ]);
    const [first = '', second = ''] = text.split('\n\n');
    expect(first.split('\n').map((line) => line.split('|').map((cell) => cell.trim()))).toEqual([
      ['', 'questions of ours (4)', 'right first', 'right in three', 'answered', 'answers right', 'refused', ''],
      expect.anything(),
      ['', 'ours', '25.0 (5–70)', '75.0 (30–95)', '50.0 (15–85)', '50.0 (9–91)', '25.0 (5–70)', ''],
      ['', 'silent', '0.0 (0–49)', '0.0 (0–49)', '0.0 (0–49)', '–', '100.0 (51–100)', ''],
    ]);
    expect(second).toContain('2.00 |');
    expect(text.match(/^\| silent/gm)).toHaveLength(5);
  });

  it('aligns its columns', () => {
    expect(table(['a', 'long'], [['row', '1']])).toBe('| a   | long |\n|-----|------|\n| row |    1 |');
  });
});
