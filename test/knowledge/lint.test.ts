import { describe, expect, it } from 'vitest';
import { knowledgeFiles } from '../../bot/paths.ts';
import type { FaqEntry } from '../../knowledge/faq-entry.ts';
import { formatFault } from '../../knowledge/fault.ts';
import { loadCalibration } from '../../knowledge/knowledge.ts';
import { lintKnowledge } from '../../knowledge/lint.ts';
import { FaqIndex } from '../../knowledge/matching/faq-index.ts';
import type { Indexed } from '../../knowledge/matching/indexer.ts';
import { type KnowledgeReading, readKnowledge } from '../../knowledge/read-knowledge.ts';
import { loadSegment } from '../../knowledge/text/segment.ts';

const segment = loadSegment(knowledgeFiles);
const calibration = loadCalibration(knowledgeFiles.calibration);
const unchanged = readKnowledge(knowledgeFiles);
const today = '2026-11-24';

/** Lints the real knowledge base after a change to it. */
function lintAfter(change: (reading: KnowledgeReading) => void = () => {}, day = today): string[] {
  const reading = structuredClone(unchanged);
  change(reading);
  return lintKnowledge(reading, indexOf, day).map(formatFault);
}

const indexes = new Map<string, FaqIndex>();

/** Most changes are to what is not indexed. */
function indexOf(content: Indexed): FaqIndex {
  const texts = JSON.stringify(content.entries.map(({ id, question, phrasings, keywords }) => [id, question, phrasings, keywords]));
  const index = indexes.get(texts) ?? FaqIndex.of(content, segment, calibration, knowledgeFiles);
  indexes.set(texts, index);
  return index;
}

function edit(reading: KnowledgeReading, id: string, change: Partial<FaqEntry>): void {
  reading.entries = reading.entries.map((entry) => (entry.id === id ? { ...entry, ...change } : entry));
}

describe('the knowledge base', () => {
  it('has no fault', () => {
    expect(unchanged.faults).toEqual([]);
    expect(lintAfter()).toEqual([]);
  });

  it.each<[string, (reading: KnowledgeReading) => void, string]>([
    [
      'a phrasing that two entries have',
      (reading) => reading.entries.find(({ id }) => id === 'review-time')?.phrasings.push('备案变更，要收费吗'),
      '"备案变更，要收费吗" is already written for change-fee: keep one',
    ],
    ['a link to nowhere', (reading) => edit(reading, 'change-fee', { related: ['gone'] }), 'links to gone, which does not exist'],
    ['a link to itself', (reading) => edit(reading, 'change-fee', { confusableWith: ['change-fee'] }), 'links to itself'],
    ['an entry past its date', (reading) => edit(reading, 'change-fee', { expires: '2026-11-23' }), 'expired on 2026-11-23: review it'],
    [
      'a review in the future',
      (reading) => edit(reading, 'change-fee', { reviewed: '2027-01-01' }),
      'reviewed 2027-01-01 lies in the future',
    ],
    [
      'a source from the future',
      (reading) => edit(reading, 'change-fee', { sources: [{ title: '某文件', issuer: '某部门', published: '2027' }] }),
      'source 某文件 is dated 2027, in the future',
    ],
    [
      'a question that finds another entry',
      (reading) => edit(reading, 'change-fee', { question: '审核时间到底是几个工作日' }),
      'its own question finds review-time',
    ],
    [
      'an answer that contradicts a figure of others',
      (reading) =>
        edit(reading, 'review-time', {
          answer: '**省通信管理局应在30个工作日内予以备案。** 接下来请看接入商后台的订单状态，有问题再告诉我们。',
        }),
      '"管理局应在30个工作日" contradicts 管局审核备案的最长时限 (20)',
    ],
    ...(
      [
        ['收到工信部短信后，48小时内完成核验。', '"短信后，48小时" contradicts 短信核验的时限 (24)'],
        ['改好以后等5至7个工作日，再提交。', '"等5至7个工作日，再提交" contradicts 域名实名信息同步的时间 (3至5)'],
        ['接入商初审，一般3至4个工作日。', '"初审，一般3至4个工作日" contradicts 接入商初审的常见时间 (1至2)'],
        ['请在有效期届满前30日申请延续。', '"届满前30日" contradicts 申请许可证延续的提前天数 (90)'],
        ['责令改正，处8000元以上1万元以下罚款。', '"8000元以上1万元以下" contradicts 没挂备案号的最低罚款'],
      ] as const
    ).map(([stated, fault]): [string, (reading: KnowledgeReading) => void, string] => [
      `an answer that says ${stated}`,
      (reading) =>
        edit(reading, 'change-fee', { answer: `**通信管理局不收变更备案的费用。** ${stated}有问题请再告诉我们，由人工顾问帮您看。` }),
      fault,
    ]),
    ['two entries at one place of the greeting', (reading) => edit(reading, 'change-fee', { menu: 1 }), 'the same place 1 in the greeting'],
  ])('is found to have %s, with file and line', (_what, change, fault) => {
    const faults = lintAfter(change);
    expect(faults.join('\n')).toContain(fault);
    for (const line of faults) expect(line).toMatch(/faq\/[a-z-]+\.yaml:\d+ [a-z-]+: /);
  });
});
