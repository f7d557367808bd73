import { describe, expect, it } from 'vitest';
import { formatFault } from '../../knowledge/fault.ts';
import { add, type KnowledgeReading, readCategory } from '../../knowledge/read-knowledge.ts';

const phrasings = Array.from({ length: 30 }, (_, at) => `      - 问法之${at}`).join('\n');
const valid = `category: review
title: 审核
entries:
  - id: review-time
    question: 备案审核要多长时间？
    keywords: [审核时间]
    phrasings:
${phrasings}
    answer: |
      **二十个工作日。** 这里写条件、步骤和接下来要做什么，要让人读得懂，也要让人知道下一步该找谁去办理，不能含糊。
    confidence: high
    sources:
      - title: 《办法》第12条
        issuer: 原信息产业部
        published: 2005-03-20
    reviewed: 2026-11-23
`;

function read(text: string, file = 'knowledge/faq/review.yaml'): KnowledgeReading {
  return readCategory(file, text);
}

const faultsOf = (text: string, file?: string) => read(text, file).faults.map(formatFault);

describe('a category file', () => {
  it('gives entries that know their category and where they stand', () => {
    const { entries, places, faults } = read(valid);
    expect(faults).toEqual([]);
    expect(entries).toMatchObject([{ id: 'review-time', category: 'review', related: [], confusableWith: [] }]);
    expect(places.get('review-time')).toEqual({ file: 'knowledge/faq/review.yaml', line: 4 });
  });

  it('may date a source by its year alone', () => {
    expect(read(valid.replace('2005-03-20', '2005')).entries[0]?.sources[0]?.published).toBe('2005');
  });

  it.each([
    ['a missing answer', /^ {4}answer:[\s\S]*?(?= {4}confidence)/m, '', /:4 review-time: answer: missing: write a string here/],
    ['too few phrasings', /^ {6}- 问法之[1-9].*\n/gm, '', /:8 review-time: phrasings: write at least 30/],
    ['a misspelt key', 'reviewed:', 'reviewd:', /review-time: (unknown key reviewd|reviewed: missing)/],
    ['a date that is none', '2026-11-23', '2026-11-31', /:\d+ review-time: reviewed: this day does not exist/],
    ['a date in another order', '2026-11-23', '23.11.2026', /review-time: reviewed: write a day as 2026-11-23/],
    ['a source without an issuer', /^ {8}issuer.*\n/m, '', /review-time: sources.0.issuer: missing/],
    ['no source at all', /^ {4}sources:[\s\S]*?(?= {4}reviewed)/m, '    sources: []\n', /review-time: sources: name at least one source/],
    [
      'another word for the confidence',
      'confidence: high',
      'confidence: sure',
      /:\d+ review-time: confidence: write one of high, medium, low/,
    ],
    [
      'less than high confidence without what to confirm',
      'confidence: high',
      'confidence: low',
      /review-time: confirm: confidence below high needs/,
    ],
    ['an id in capitals', 'id: review-time', 'id: Review-Time', /:4 Review-Time: id: write an id in lower case/],
    ['broken YAML', '    answer: |', '    answer: "', /not valid YAML/],
    ['a key given twice', 'confidence: high', 'confidence: high\n    confidence: low', /not valid YAML: Map keys must be unique/],
    [
      'an address that is not https',
      'published: 2005-03-20',
      'published: 2005-03-20\n        url: http://example.com',
      /sources.0.url: write an address that begins with https/,
    ],
  ])('is refused with file, line, entry and remedy for %s', (_what, before, after, fault) => {
    const faults = faultsOf(valid.replace(before, after));
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.join('\n')).toMatch(fault);
    for (const line of faults) expect(line).toMatch(/^knowledge\/faq\/review\.yaml:\d+/);
  });

  it('reports all faults of all entries at once', () => {
    const faults = faultsOf(valid.replace('2026-11-23', 'soon').replace('confidence: high', 'confidence: sure'));
    expect(faults).toHaveLength(2);
  });

  it('must be named like its category', () => {
    expect(faultsOf(valid, 'knowledge/faq/change.yaml')).toEqual([expect.stringContaining('rename one of them')]);
  });

  it('may not use an id that another file has', () => {
    const reading = read(valid);
    add(reading, readCategory('knowledge/faq/review.yaml', valid));
    expect(reading.faults.map(formatFault)).toEqual([
      'knowledge/faq/review.yaml:4 review-time: this id is already used in knowledge/faq/review.yaml:4',
    ]);
    expect(reading.entries).toHaveLength(1);
  });

  it.each(['', 'just text', '[]', 'entries: 5', 'null'])('that says only %o is refused, not crashed over', (text) => {
    expect(faultsOf(text).length).toBeGreaterThan(0);
  });
});
