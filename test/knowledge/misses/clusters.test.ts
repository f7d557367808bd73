import { describe, expect, it } from 'vitest';
import { labelledQuestions } from '../../../bot/paths.ts';
import { readQuestions } from '../../../knowledge/evaluation/questions.ts';
import { type Comparable, centralFirst, clustersOf } from '../../../knowledge/misses/clusters.ts';
import { realKnowledge } from '../../support/knowledge.ts';
import { togetherness } from '../evaluation/togetherness.ts';

const knowledge = realKnowledge();
const profilesOf = (questions: readonly string[]) => questions.map((question) => knowledge.profile(question));
const clustered = (questions: readonly string[]) => clustersOf(profilesOf(questions)).map((group) => group.map((at) => questions[at]));

/** A question made of words, far from every topic. */
const made = (...words: string[]): Comparable => ({ terms: new Map(words.map((word) => [word, 1])), topics: [] });

describe('clusters of questions', () => {
  it('bring together what asks for the same, the largest first', () => {
    expect(
      clustered([
        '鸿蒙应用要不要备案',
        '备案能不能加急',
        '元服务上架需要备案吗鸿蒙的',
        '加急备案怎么收费',
        '鸿蒙元服务备案要什么',
        '狗粮哪个牌子好',
      ]),
    ).toEqual([
      ['鸿蒙应用要不要备案', '元服务上架需要备案吗鸿蒙的', '鸿蒙元服务备案要什么'],
      ['备案能不能加急', '加急备案怎么收费'],
      ['狗粮哪个牌子好'],
    ]);
  });

  it.each([
    ['nothing', [], []],
    ['one question', [made('a')], [[0]]],
    ['questions with nothing in common', [made('a'), made('b')], [[0], [1]]],
    ['questions without a word', [made(), made()], [[0], [1]]],
    ['the same question again and again', [made('a'), made('b'), made('a'), made('a')], [[0, 2, 3], [1]]],
  ])('of %s', (_what, questions, expected) => {
    expect(clustersOf(questions)).toEqual(expected);
  });

  it('do not become one by a question between them', () => {
    const [left, right] = [made('a', 'b', 'c'), made('x', 'y', 'z')];
    expect(clustersOf([left, left, left, made('c', 'x'), right, right, right])).toHaveLength(2);
  });

  it('hold each question once, whatever is asked', () => {
    const questions = readQuestions(labelledQuestions, new Set()).slice(0, 200);
    const clusters = clustersOf(profilesOf(questions.map(({ asked }) => asked)));
    expect(clusters.flat().sort((a, b) => a - b)).toEqual([...questions.keys()]);
  });

  it('are named by what is most like all of it', () => {
    expect(centralFirst([made('a', 'x', 'y'), made('a', 'b'), made('a', 'b', 'c'), made('b', 'z')])[0]).toBe(1);
  });
});

describe('how well clusters agree with labels', () => {
  it.each([
    ['as labelled', [[0, 1], [2]], 1, 1],
    ['each alone', [[0], [1], [2]], 1, 2 / 3],
    ['all in one', [[0, 1, 2]], 5 / 9, 1],
  ])('%s', (_what, clusters, pure, whole) => {
    const found = togetherness(clusters, ['a', 'a', 'b']);
    expect([found.pure, found.whole].map((share) => share.toFixed(6))).toEqual([pure, whole].map((share) => share.toFixed(6)));
  });

  it('does not fall below what was reached, on the labelled questions that get no direct answer', () => {
    const missed = readQuestions(labelledQuestions, new Set(knowledge.entries.map(({ id }) => id)))
      .filter(({ part, topic }) => part === 'test' && topic !== undefined)
      .map(({ asked, topic = '' }) => ({ topic, profile: knowledge.profile(asked) }))
      .filter(({ profile }) => profile.decision !== 'answer');
    const { pure, whole } = togetherness(
      clustersOf(missed.map(({ profile }) => profile)),
      missed.map(({ topic }) => topic),
    );
    expect(missed.length).toBeGreaterThan(150);
    // Of a few questions to each topic, the hardest ones.
    expect(pure).toBeGreaterThanOrEqual(0.75);
    expect(whole).toBeGreaterThanOrEqual(0.68);
  });
});
