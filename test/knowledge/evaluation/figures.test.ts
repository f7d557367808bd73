import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { share, wilson } from '../../../knowledge/evaluation/shares.ts';
import { auroc, aurocEstimate } from './separation.ts';
import { lowestConfidence } from './threshold.ts';

describe('a share', () => {
  // Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17 (1998), table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i in %i lies between %f and %f', (count, of, low, high) => {
    const found = wilson(count, of);
    expect(found.value).toBe(count / of);
    expect(found.low).toBeCloseTo(low, 4);
    expect(found.high).toBeCloseTo(high, 4);
  });

  it('counts what holds, and says that nothing was there to count', () => {
    expect(share([1, 2, 3, 4], (one) => one > 3)).toMatchObject({ value: 0.25, of: 4 });
    expect(share([], () => true)).toEqual({ value: 0, of: 0, low: 0, high: 0 });
  });
});

const scores = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 30 });

describe('AUROC', () => {
  it.each([
    ['all above', [3, 4], [1, 2], 1],
    ['all below', [1, 2], [3, 4], 0],
    ['all alike', [5, 5], [5, 5, 5], 0.5],
    ['three pairs of four in order', [0.8, 0.4], [0.6, 0.2], 0.75],
    ['a tie counted half', [2, 1], [1], 0.75],
    ['nothing to compare with', [1], [], 0.5],
  ])('with %s', (_what, positive, negative, expected) => {
    expect(auroc(positive, negative)).toBe(expected);
  });

  it('is the share of pairs in order, however many are alike', () => {
    fc.assert(
      fc.property(scores, scores, (positive, negative) => {
        const wins = positive.flatMap((p) => negative.map((n): number => (p > n ? 1 : p === n ? 0.5 : 0)));
        expect(auroc(positive, negative)).toBeCloseTo(wins.reduce((sum, win) => sum + win, 0) / wins.length, 10);
      }),
    );
  });

  it('has an interval around it that is the same in every run, and narrower with more cases', () => {
    const few = aurocEstimate([3, 5, 4, 2, 6], [1, 3, 2, 4]);
    expect(few).toEqual(aurocEstimate([3, 5, 4, 2, 6], [1, 3, 2, 4]));
    expect(few.low).toBeLessThan(few.value);
    expect(few.high).toBeGreaterThan(few.value);
    const many = (own: number[]) => Array.from({ length: 100 }, () => own).flat();
    const more = aurocEstimate(many([3, 5, 4, 2, 6]), many([1, 3, 2, 4]));
    expect(more.value).toBe(few.value);
    expect(more.high - more.low).toBeLessThan((few.high - few.low) / 5);
  });

  it('has no width where no draw can change it', () => {
    expect(aurocEstimate([3, 4], [1, 2])).toEqual({ value: 1, low: 1, high: 1 });
  });
});

describe('the lowest confidence', () => {
  const guesses = (text: string) => text.split(' ').map((one) => ({ confidence: Number.parseInt(one, 10), right: one.endsWith('+') }));

  it.each([
    ['takes all that are right', '9+ 8+ 7+', 1, 7],
    ['stops before too many are wrong', '9+ 8+ 7- 6-', 0.7, 8],
    ['goes on past a wrong one that later ones make up for', '9+ 8- 7+ 6+ 5-', 0.75, 6],
    ['takes equal ones together', '9+ 8+ 8- 8- 7-', 0.6, 9],
    ['is none when none is enough', '9- 8+', 0.9, undefined],
    ['does not mind their order', '7+ 9+ 8+', 1, 7],
  ])('%s', (_what, text, stated, expected) => {
    expect(lowestConfidence(guesses(text), stated)).toBe(expected);
  });

  it('can be asked for by the last few alone', () => {
    expect(lowestConfidence(guesses('9+ 8+ 7+ 6+ 5- 4-'), 0.5)).toBe(4);
    expect(lowestConfidence(guesses('9+ 8+ 7+ 6+ 5- 4-'), 0.5, 2)).toBe(5);
  });
});
