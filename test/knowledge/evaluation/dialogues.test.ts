import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { projectRoot } from '../../../bot/paths.ts';
import { realKnowledge } from '../../support/knowledge.ts';
import { measureFollowUps, readFollowUps } from './dialogues.ts';

const followUps = readFollowUps(join(projectRoot, 'test', 'knowledge', 'dialogues.yaml'));

describe('the labelled dialogues', () => {
  it('speak of topics that exist', () => {
    const known = new Set(realKnowledge().entries.map(({ id }) => id));
    const named = new Set(followUps.flatMap(({ topic, after }) => (topic === undefined ? [after] : [topic, after])));
    expect([...named].filter((topic) => !known.has(topic))).toEqual([]);
    expect(followUps.filter(({ topic, kind }) => (topic === undefined) !== (kind === 'foreign'))).toEqual([]);
  });

  it('have follow-ups of each kind in both halves', () => {
    const count = (kind: string, part: string) => followUps.filter((one) => one.kind === kind && one.part === part).length;
    expect(count('elliptical', 'test')).toBeGreaterThan(50);
    expect(count('elliptical', 'development')).toBeGreaterThan(50);
    expect(count('topicShift', 'test')).toBeGreaterThan(4);
    expect(count('topicShift', 'development')).toBeGreaterThan(4);
    expect(count('foreign', 'test')).toBeGreaterThan(50);
    expect(count('foreign', 'development')).toBeGreaterThan(50);
    expect(followUps).toHaveLength(1274);
  });

  it('give each later turn the topic of the turn before, and keep a dialogue in one half', () => {
    const turns = reading('elliptical:\n- [{ask: 甲, topic: a}, {ask: 乙, topic: b}, {ask: 丙, topic: c}]\ntopicShift: []\nforeign: []');
    expect(turns).toEqual([
      { asked: '乙', topic: 'b', after: 'a', kind: 'elliptical', part: turns[0]?.part },
      { asked: '丙', topic: 'c', after: 'b', kind: 'elliptical', part: turns[0]?.part },
    ]);
  });

  it.each([
    ['a dialogue of one turn', 'elliptical: [[{ask: 甲, topic: a}]]\ntopicShift: []\nforeign: []', 'others follow'],
    ['a turn without a topic', 'elliptical: [[{ask: 甲, topic: a}, {ask: 乙}]]\ntopicShift: []\nforeign: []', 'topic'],
    ['an unknown kind', 'elliptical: []\ntopicShift: []\nforeign: []\nother: []', 'other'],
  ])('are refused with %s', (_what, text, complaint) => {
    expect(() => reading(text)).toThrow(complaint);
  });
});

describe('the quality of follow-ups', () => {
  it('is told by kind, with and without the turn before', () => {
    const turn = { kind: 'elliptical', part: 'test' } as const;
    const turns = [
      { ...turn, asked: '多久', topic: 'change-time', after: 'change' },
      { ...turn, asked: '多少钱', topic: 'fee', after: 'change' },
      { ...turn, asked: '天气', topic: 'time', after: 'change', kind: 'topicShift' as const },
    ];
    const match = (question: string, after?: string) => {
      const id = question === '多久' ? (after ? 'change-time' : 'time') : 'fee';
      return { decision: question === '多少钱' ? ('suggest' as const) : ('answer' as const), results: [{ id, confidence: 0.5 }] };
    };
    expect(measureFollowUps(turns, 'elliptical', match)).toMatchObject({ right: { value: 1, of: 2 }, rightAlone: { value: 0.5, of: 2 } });
    expect(measureFollowUps(turns, 'topicShift', match)).toMatchObject({ right: { value: 0, of: 1 }, rightAlone: { value: 0, of: 1 } });
  });

  it('counts the direct answers after the turn before, and which of them are right', () => {
    const turn = { kind: 'elliptical', part: 'test', topic: 'fee', after: 'change' } as const;
    const turns = ['多少钱', '要钱吗', '免费吗', '贵吗'].map((asked) => ({ ...turn, asked }));
    const match = (question: string, after?: string) => ({
      decision: question === '贵吗' || !after ? ('suggest' as const) : ('answer' as const),
      results: [{ id: question === '免费吗' ? 'time' : 'fee', confidence: 0.5 }],
    });
    expect(measureFollowUps(turns, 'elliptical', match)).toMatchObject({
      answered: { value: 3 / 4, of: 4 },
      answersRight: { value: 2 / 3, of: 3 },
    });
  });
});

function reading(text: string) {
  const folder = mkdtempSync(join(tmpdir(), 'dialogues-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'dialogues.yaml');
  writeFileSync(file, text);
  return readFollowUps(file);
}
