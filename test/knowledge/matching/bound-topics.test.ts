import { describe, expect, it } from 'vitest';
import { meansOther } from '../../../knowledge/matching/bound-topics.ts';
import { realKnowledge } from '../../support/knowledge.ts';

describe('topics about one filer, licence or place', () => {
  it.each([
    ['苏州公司的手机号归属地有规定吗', 'province-hubei-hunan', true],
    ['苏州公司的手机号归属地有规定吗', 'province-jiangsu', false],
    ['武汉和南京的要求一样吗', 'province-hubei-hunan', false],
    ['手机号归属地有规定吗', 'province-hubei-hunan', false],
    ['我们公司要交什么资料', 'materials-personal', true],
    ['公司的人能用个人名义办吗', 'materials-personal', false],
    ['个人要交什么资料', 'materials-enterprise', true],
    ['许可证上的公司名怎么改', 'change-company-name', true],
    ['公司改名了备案怎么改', 'change-company-name', false],
    ['备案要多久', 'license-time', true],
    ['没有备案能办许可证吗', 'license-before-filing', false],
  ])('%s, %s: %s', (question, topic, other) => {
    expect(meansOther(question, topic)).toBe(other);
  });

  it('are never taken for others in their own phrasings', () => {
    const { entries } = realKnowledge();
    const wrong = entries.flatMap(({ id, question, phrasings }) =>
      [question, ...phrasings].filter((text) => meansOther(text.toLowerCase(), id)),
    );
    expect(wrong).toEqual([]);
  });
});
