import { describe, expect, it } from 'vitest';
import { followUpTopic } from '../../../knowledge/matching/follow-up.ts';
import { crossings, filers, matters } from '../../../knowledge/matching/follow-up-table.ts';
import { realKnowledge } from '../../support/knowledge.ts';

const knowledge = realKnowledge();
const namedAfter = (before: string, question: string) => followUpTopic(question, knowledge.entry(before) ?? { id: before, category: '' });

describe('the table of follow-ups', () => {
  it('names topics that exist', () => {
    const named = [
      ...matters.flatMap(({ topics, others = [] }) => [...Object.values(topics), ...others]),
      ...filers.flatMap(({ topics }) => Object.entries(topics).flat()),
      ...crossings.map(({ topic }) => topic),
    ];
    expect(named.filter((id) => !knowledge.entry(id))).toEqual([]);
    for (const { before } of crossings) expect(knowledge.entries.some(({ id }) => before.test(id))).toBe(true);
  });

  const namedBy = ['事业单位', '外国人', '国外公司', '个人', '个体户', '公司'];

  it('has a word here for every filer', () => {
    expect(filers.map(({ words }, at) => words.test(namedBy[at] ?? ''))).toEqual(filers.map(() => true));
  });

  it.each(
    filers.flatMap(({ topics }, at) => Object.entries(topics).map(([before, topic]) => [before, `那${namedBy[at]}呢`, topic] as const)),
  )('after %s reads %s as %s, because of the filer', (before, question, topic) => {
    expect(namedAfter(before, question)).toEqual({ topic, by: 'met', whole: true });
  });

  it.each([
    ['license-conditions', '这两个证有什么区别', 'license-vs-edi'],
    ['ecommerce-license', '俩证不一样吗', 'license-vs-edi'],
    ['cancel-site', '手机号停用了', 'cancel-phone-lost'],
    ['app-filing-required', '要几天', 'app-filing-process'],
    ['app-filing-required', '进度呢', 'progress-query'],
    ['public-security-filing', '要哪些材料', 'ps-process'],
    ['public-security-filing', '不办会罚吗', 'ps-deadline'],
    ['reject-site-name', '要等几天', 'resubmit-requeue'],
    ['domain-realname', '要几个星期', 'domain-realname-wait'],
    ['review-time', '重新提交呢', 'resubmit-requeue'],
    ['cancel-subject', '多久能清掉', 'cancel-time'],
    ['filing-process', '花多少', 'filing-fee'],
  ])('after %s reads %s as %s', (before, question, topic) => {
    expect(namedAfter(before, question)?.topic).toBe(topic);
  });

  it.each('商标 专利 版权 软著 发票 个税 公积金 保险 贷款 快递 装修'.split(' '))('leaves %s alone', (matter) => {
    expect(namedAfter('filing-process', `${matter}要多久`)).toBeUndefined();
    expect(namedAfter('filing-process', '要多久')).toBeDefined();
  });

  it('tells whether it recognised the whole question', () => {
    expect(namedAfter('cancel-subject', '大概多久')?.whole).toBe(true);
    expect(namedAfter('cancel-subject', '猫粮多久')?.whole).toBe(false);
  });
});
