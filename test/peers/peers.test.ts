import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LabelledQuestion } from '../../knowledge/evaluation/questions.ts';
import { Bm25, bigrams, buildBm25Bigrams, buildBm25Words } from './bm25.ts';
import { fitDecision, verdictOf } from './decide.ts';
import { buildFuse, buildFuseTokens } from './fuse.ts';
import { type BuildPeer, bestByTopic, type Found } from './peer.ts';

describe('BM25', () => {
  it('scores as the formula says', () => {
    const scores = new Bm25([
      ['a', 'b'],
      ['a', 'a', 'c', 'd'],
      ['e', 'f', 'g'],
    ]).search(['a', 'c']);
    // Average length 3. Two of three documents have a: rarity ln(1 + 1.5 / 2.5); one has c: ln(1 + 2.5 / 1.5).
    const [rareA, rareC] = [Math.log(1.6), Math.log(1 + 2.5 / 1.5)];
    const size = (length: number) => 1.2 * (0.25 + (0.75 * length) / 3);
    expect(scores.get(0)).toBeCloseTo((rareA * 2.2) / (1 + size(2)), 10);
    expect(scores.get(1)).toBeCloseTo((rareA * 2 * 2.2) / (2 + size(4)) + (rareC * 2.2) / (1 + size(4)), 10);
    expect(scores.has(2)).toBe(false);
  });

  it.each([
    ['备案号', ['备案', '案号']],
    ['icp 备', ['ic', 'cp', 'p备']],
    ['备！', ['备']],
    ['？', []],
  ])('cuts %s into bigrams', (text, expected) => {
    expect(bigrams(text)).toEqual(expected);
  });
});

describe('peers', () => {
  const phrasings = [
    { topic: 'fee', text: '备案 要 多少钱' },
    { topic: 'fee', text: '收费 标准' },
    { topic: 'time', text: '审核 要 多久' },
  ];
  const words = (text: string) => text.split(' ');

  it.each<[string, BuildPeer]>([
    ['fuse.js', buildFuse],
    ['fuse.js by tokens', buildFuseTokens],
    ['BM25 on words', buildBm25Words],
    ['BM25 on bigrams', buildBm25Bigrams],
  ])('%s finds the topic of the best document', async (_name, build) => {
    const search = await build(phrasings, words);
    const [first] = await search('收费 标准');
    expect(first).toMatchObject({ topic: 'fee' });
    expect((await search('审核 多久'))[0]).toMatchObject({ topic: 'time' });
  });

  it('score a topic as its best document', () => {
    const documents = [
      { topic: 'time', score: 1 },
      { topic: 'fee', score: 2 },
      { topic: 'time', score: 3 },
    ];
    expect(bestByTopic(documents)).toEqual([
      { topic: 'time', score: 3 },
      { topic: 'fee', score: 2 },
    ]);
  });

  it('stand apart from what the product installs, and need no script at install', () => {
    const lock = readFileSync(join(import.meta.dirname, 'package-lock.json'), 'utf8');
    expect(lock).not.toContain('hasInstallScript');
    expect(lock).not.toContain('"optional": true');
  });
});

describe("a peer's decision", () => {
  const found = (first: number, second: number): Found[] => [
    { topic: 'fee', score: first },
    { topic: 'time', score: second },
  ];
  const asked = (topic?: string): LabelledQuestion => ({ asked: '', kind: '', part: 'development', ...(topic && { topic }) });

  it('is by the lead where the score alone says nothing', () => {
    const decision = fitDecision(
      [
        { question: asked('fee'), found: found(9, 1) },
        { question: asked('fee'), found: found(8, 2) },
        { question: asked('time'), found: found(9, 8) },
        { question: asked(), found: found(8, 7) },
      ],
      0.98,
    );
    expect(decision).toMatchObject({ answersBy: 'lead', threshold: 6 });
    expect(verdictOf(found(10, 4), decision).decision).toBe('answer');
    expect(verdictOf(found(10, 5), decision).decision).toBe('reject');
  });

  it('never answers when it is never precise enough, or found nothing', () => {
    const never = fitDecision([{ question: asked('time'), found: found(9, 1) }], 0.98);
    expect(never.threshold).toBeUndefined();
    expect(verdictOf(found(100, 0), never)).toMatchObject({ decision: 'reject', results: [{ id: 'fee' }, { id: 'time' }] });
    expect(verdictOf([], { answersBy: 'score', threshold: 0, separatesBy: 'score' })).toEqual({ decision: 'reject', results: [] });
  });

  it('is as sure as what separates best', () => {
    const decision = { answersBy: 'lead', threshold: 3, separatesBy: 'score' } as const;
    expect(verdictOf(found(9, 5), decision).results[0]?.confidence).toBe(9);
  });
});
