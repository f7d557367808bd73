import { beforeAll, describe, expect, it } from 'vitest';
import { knowledgeFiles, labelledQuestions } from '../../../bot/paths.ts';
import { readQuestions } from '../../../knowledge/evaluation/questions.ts';
import type { FaqEntry } from '../../../knowledge/faq-entry.ts';
import { loadCalibration } from '../../../knowledge/knowledge.ts';
import { FaqIndex } from '../../../knowledge/matching/faq-index.ts';
import { type FaqIndexState, type Indexed, Indexer, indexEntries } from '../../../knowledge/matching/indexer.ts';
import { readKnowledge } from '../../../knowledge/read-knowledge.ts';
import { loadSegment } from '../../../knowledge/text/segment.ts';
import { copyKnowledgeFiles } from '../../support/knowledge-copy.ts';

const { knowledge: files } = copyKnowledgeFiles();
const segment = loadSegment(knowledgeFiles);
const calibration = loadCalibration(knowledgeFiles.calibration);
const { entries, outOfScope } = readKnowledge(files);
const content: Indexed = { entries, outOfScope };
const lost = 'lost-filing-password';
const without = { entries: entries.filter(({ id }) => id !== lost), outOfScope };
const isAbout = (topic: string) =>
  readQuestions(labelledQuestions, new Set(entries.map(({ id }) => id))).filter((each) => each.topic === topic);

function sharesRight(own: Indexed, state: FaqIndexState, topic: string): number {
  const index = new FaqIndex(own.entries, segment, calibration, state);
  const asked = isAbout(topic);
  return asked.filter((each) => index.match(each.asked).results[0]?.id === topic).length / asked.length;
}

describe('an edit', () => {
  let indexer: Indexer;
  beforeAll(() => {
    indexer = new Indexer(segment, files);
  });

  it('that changes nothing gives what was there', () => {
    const first = indexer.index(content);
    expect(indexer.index({ entries: entries.map((entry) => ({ ...entry })), outOfScope }).topics.learned).toEqual(first.topics.learned);
  });

  it('that takes a topic out leaves the others as they were', () => {
    indexer.index(content);
    expect(sharesRight(without, indexer.index(without), 'filing-password-purpose')).toBeGreaterThan(0.8);
  });

  it('that brings a topic has it found nearly as well as if it had always been there', () => {
    const edited = new Indexer(segment, files);
    edited.index(without);
    const live = sharesRight(content, edited.index(content), lost);
    const anew = sharesRight(content, indexEntries(content, segment, files), lost);
    expect(live).toBeGreaterThan(anew - 0.1);
  });

  it('that adds a phrasing has what is written answered, and what is like it', () => {
    const phrasing = '密语记岔了咋整回来';
    const more = (entry: FaqEntry) => (entry.id === lost ? { ...entry, phrasings: [...entry.phrasings, phrasing] } : entry);
    const edited = new Indexer(segment, files);
    edited.index(content);
    const own = { entries: entries.map(more), outOfScope };
    const index = new FaqIndex(own.entries, segment, calibration, edited.index(own));
    expect(index.match(phrasing)).toMatchObject({ decision: 'answer', results: [{ id: lost }, {}, {}, {}, {}] });
    expect(index.match('密语记岔了').results[0]?.id).toBe(lost);
  });

  it('while a question is looked at leaves the index before as it was, also for words that are new', () => {
    const edited = new Indexer(segment, files);
    const before = new FaqIndex(entries, segment, calibration, edited.index(content));
    const said = before.match('蓝莓备案密码忘了');
    edited.index({
      entries: entries.map((entry) => (entry.id === lost ? { ...entry, phrasings: [...entry.phrasings, '蓝莓密码'] } : entry)),
      outOfScope,
    });
    before.match('换个问题');
    expect(before.match('蓝莓备案密码忘了')).toEqual(said);
  });
});
