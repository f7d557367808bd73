import { describe, expect, it } from 'vitest';
import { knowledgeFiles } from '../../../bot/paths.ts';
import type { FaqEntry } from '../../../knowledge/faq-entry.ts';
import { loadCalibration } from '../../../knowledge/knowledge.ts';
import { lintKnowledge } from '../../../knowledge/lint.ts';
import { FaqIndex } from '../../../knowledge/matching/faq-index.ts';
import type { Indexed } from '../../../knowledge/matching/indexer.ts';
import { readKnowledge } from '../../../knowledge/read-knowledge.ts';
import { wordCheckFault } from '../../../knowledge/sheet/word-check.ts';
import { loadSegment } from '../../../knowledge/text/segment.ts';

const segment = loadSegment(knowledgeFiles);
const calibration = loadCalibration(knowledgeFiles.calibration);
const reading = readKnowledge(knowledgeFiles);

/** What the real check says after a change to one entry, in the words of editors. */
function worded(change: (entry: FaqEntry) => Partial<FaqEntry>): string[] {
  const entries = reading.entries.map((entry) => (entry.id === 'change-fee' ? { ...entry, ...change(entry) } : entry));
  const index = (content: Indexed) => FaqIndex.of(content, segment, calibration, knowledgeFiles);
  return lintKnowledge({ ...reading, entries }, index, '2026-11-24').map(wordCheckFault);
}

describe('what the check finds across entries', () => {
  it('is said in Chinese, every kind of it', () => {
    const sentences = worded(({ question, phrasings, sources }) => ({
      question: '审核时间到底是几个工作日',
      phrasings: [...phrasings, question, question],
      related: ['change-fee', 'gone'],
      reviewed: '2027-01-01',
      expires: '2026-11-23',
      sources: [{ ...sources[0], title: '某文件', issuer: '某部门', published: '2027' }],
      menu: 1,
    }));
    for (const expected of [
      /^change-fee：“.*”在这一条里写了两遍：请只留一处。$/,
      /^change-fee：相关或易混主题写了自己：请删掉。$/,
      /^change-fee：相关或易混主题 gone 不存在：请改正或删掉。$/,
      /^change-fee：核对日期 2027-01-01 还没到：/,
      /^change-fee：来源“某文件”的发布日期 2027 还没到：/,
      /^change-fee：已于 2026-11-23 失效：/,
      /：首页位置 1 已由 \S+ 占用：/,
      /^change-fee：用它的标准问题找到的是 review-time：/,
    ]) {
      expect(sentences).toContainEqual(expect.stringMatching(expected));
    }
    for (const sentence of sentences) expect(sentence).toMatch(/：请[^：]*。$/);
  });

  it('is said in Chinese for a text that two entries have, and for a question that finds nothing', () => {
    expect(wordCheckFault({ file: 'f', line: 1, entry: 'a', message: '"怎么办" is already written for b: keep one' })).toBe(
      'a：“怎么办”在 b 里已经有了：请只留在一条里。',
    );
    expect(worded(() => ({ question: '呜呼哀哉' })).at(-1)).toMatch(/^change-fee：用它的标准问题找(不到它|到的是)/);
    expect(wordCheckFault({ file: 'f', line: 1, message: 'its own question finds nothing: make its phrasings more distinct' })).toBe(
      '用它的标准问题找不到它：请让问法更贴近标准问题。',
    );
  });

  it('is given as it is where a sentence is missing', () => {
    expect(wordCheckFault({ file: 'f', line: 1, entry: 'a', message: 'something new' })).toBe('a：something new');
  });
});
