import { describe, expect, it } from 'vitest';
import { type DatedTopic, filingPeriods, hasPeriod } from '../../../knowledge/calendar/filing-periods.ts';
import { realKnowledge } from '../../support/knowledge.ts';

const knowledge = realKnowledge();

/** What the reviewed answer must say for the figure to be the same. */
const figures: Record<DatedTopic, string[]> = {
  'review-time': ['20个工作日内予以备案', '从管局收到齐全材料起算'],
  'change-review-time': ['管局最长20个工作日'],
  'resubmit-requeue': ['最长20个工作日', '从重新提交那天重新计算'],
  'app-filing-process': ['管局审核一般不超过20个工作日'],
  'cancel-time': ['一般1到5个工作日办完，最长20个工作日'],
  'timeline-total': ['一到两周，慢的一个月左右', '接入商初审：1至2个工作日', '24小时内', '1至20个工作日'],
  'provider-precheck': ['一般1至2个工作日，个别3至5个', '再等1至3个工作日'],
  'sms-verification': ['24小时内', '错误超过5次或超时，申请会自动退回'],
  'domain-realname-wait': ['至少等满3个自然日', '3至5个工作日'],
  'reject-domain-realname': ['等3至5个工作日'],
  'info-check-notice': ['以通知为准，常见的是10个工作日'],
  'change-deadline': ['提前30日办理变更，不是变完以后30日内'],
  'ps-deadline': ['开通之日起30日内'],
  'ps-app': ['开通后30日内'],
  'ps-number-display': ['审核通过后30日内'],
  'license-time': ['最长60日', '一般5个工作日左右告知是否受理'],
  'license-change': ['工商登记后30日内', '提前90日'],
  'license-renewal': ['届满前90日'],
};

describe('a period', () => {
  it.each(Object.entries(figures))('of %s is the one that its answer gives, with sources of that answer', (topic, said) => {
    const entry = knowledge.entry(topic);
    const answer = entry?.answer.replaceAll('**', '');
    for (const words of said) expect(answer).toContain(words);
    const cited = entry?.sources.map(({ title, issuer, published }) => ({ title, issuer, published }));
    expect(cited).toEqual(expect.arrayContaining([...filingPeriods[topic as DatedTopic].sources]));
  });

  it('is known for these topics only', () => {
    expect(hasPeriod('review-time')).toBe(true);
    expect(hasPeriod('filing-fee')).toBe(false);
    expect(hasPeriod('toString')).toBe(false);
  });
});
