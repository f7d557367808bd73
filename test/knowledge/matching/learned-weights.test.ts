import { describe, expect, it } from 'vitest';
import { carryWeights, type Example, learnWeights, type Postings, postingOf } from '../../../knowledge/matching/learned-weights.ts';
import { Vocabulary } from '../../../knowledge/matching/vocabulary.ts';

/** Topics by the features of their phrasings: 0 is in all of them, 1 and 2 tell two apart, 3 is only in the third. */
const phrasings: readonly (readonly number[])[] = [
  [0, 1],
  [0, 1],
  [0, 2],
  [0, 2],
  [0, 3],
];
const topicOfPhrasing = [0, 0, 1, 1, 2];
const postings: Postings = { starts: Uint32Array.of(0, 3, 4, 5, 6), topics: Uint16Array.of(0, 1, 2, 0, 1, 2) };
const examples: Example[] = phrasings.map((ids, at) => ({
  topic: topicOfPhrasing[at] as number,
  ids: Uint32Array.from(ids),
  shares: Float32Array.from(ids, () => Math.SQRT1_2),
}));

describe('what is learned of the features', () => {
  const weights = learnWeights(examples, postings, 3);
  const weight = (feature: number, topic: number) => weights[postingOf(postings, feature, topic) as number] as number;

  it('speaks for a topic by what only its phrasings have', () => {
    for (const [feature, topic] of [
      [1, 0],
      [2, 1],
      [3, 2],
    ] as const)
      expect(weight(feature, topic)).toBeGreaterThan(0.2);
  });

  it('says less by what all of them have', () => {
    expect(Math.max(...[0, 1, 2].map((topic) => weight(0, topic)))).toBeLessThan(weight(3, 2));
  });

  it('is the same again', () => {
    expect(learnWeights(examples, postings, 3)).toEqual(weights);
  });

  it('is nothing where there is nothing to learn from', () => {
    expect(learnWeights([], postings, 3)).toEqual(new Float32Array(postings.topics.length));
  });
});

describe('where a topic stands among those with a feature', () => {
  it.each([
    [0, 0, 0],
    [0, 2, 2],
    [2, 1, 4],
    [1, 1, undefined],
    [3, 0, undefined],
  ])('feature %i, topic %i: %s', (feature, topic, place) => {
    expect(postingOf(postings, feature, topic)).toBe(place);
  });
});

describe('what was learned before', () => {
  const features = (...values: string[]) => {
    const vocabulary = new Vocabulary();
    vocabulary.encode({ features: values.map((value) => ({ kind: 'word', value, count: 1 })), length: values.length });
    return vocabulary.ids;
  };
  const weights = Float32Array.of(1, 2, 3, 4, 5, 6);
  const ids = features('备案', '密码', '冲突', '注销');

  it('goes along with the words and topics, wherever they stand now, and is 0 for what is new', () => {
    // 注销 and 备案 have changed places, the second topic is gone, and a new one comes last.
    const now: Postings = { starts: Uint32Array.of(0, 1, 3, 5), topics: Uint16Array.of(1, 0, 2, 0, 2) };
    const before = { ids, postings, weights, topicOf: (topic: number) => [0, 2, undefined][topic] };
    expect([...carryWeights(now, features('注销', '备案', '变更'), before)]).toEqual([6, 1, 0, 0, 0]);
  });

  it('is the same when nothing has changed', () => {
    expect(carryWeights(postings, ids, { ids, postings, weights, topicOf: (topic) => topic })).toEqual(weights);
  });
});
