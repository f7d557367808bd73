import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { realKnowledge } from '../../support/knowledge.ts';
import { isThorough } from '../../support/sample.ts';

const knowledge = realKnowledge();
const best = (question: string, after?: string) => knowledge.match(question, after === undefined ? {} : { after }).results[0]?.id;

describe('matching', () => {
  it('finds every entry by its question, its keywords and its phrasings', () => {
    // One phrasing in seven: each is found as the same text, and all twenty thousand take half a minute.
    const wrong = knowledge.entries.flatMap((entry) =>
      [entry.question, ...entry.keywords, ...entry.phrasings.filter((_, at) => at % 7 === 0)].filter((text) => {
        const { decision, results } = knowledge.match(text);
        return results[0]?.id !== entry.id || decision !== 'answer';
      }),
    );
    expect(wrong).toEqual([]);
  });

  it.each([
    ['ＩＣＰ密码丢了怎么办', 'lost-filing-password', 'full width'],
    ['備案密碼忘記了', 'lost-filing-password', 'traditional'],
    ['beian mima wangle', 'lost-filing-password', 'pinyin'],
    ['备按密马忘了', 'lost-filing-password', 'homophones'],
    ['域明冲突', 'domain-conflict', 'a short keyword with a typo'],
    ['主体冲突', 'subject-conflict', 'a keyword'],
    ['管局审核要几天呀', 'review-time', 'another word order'],
  ])('reads %o as %s (%s)', (question, topic) => {
    expect(best(question)).toBe(topic);
  });

  it.each([
    ['license-what', '那要多久', 'license-time'],
    ['license-what', '要钱吗', 'license-cost'],
    ['review-time', '变更的话呢', 'change-review-time'],
    ['filing-fee', '那变更呢', 'change-fee'],
    ['materials-enterprise', '个人呢', 'materials-personal'],
    ['license-time', '能管几年', 'license-validity'],
    ['filing-process', '审核呢', 'review-time'],
    ['filing-process', '全部下来要几天', 'timeline-total'],
    ['ps-deadline', '小程序也要吗', 'ps-app'],
    ['license-conditions', '个体户可以吗', 'license-individual-business'],
    ['ads-on-site', '个人也行吗', 'individual-commercial'],
    ['change-company-name', '会不会影响访问', 'change-impact'],
    ['sms-verification', '输错了怎么办', 'sms-failed'],
    ['change-review-time', '那注销呢', 'cancel-time'],
    ['who-must-file', '可以不做吗，会怎样', 'no-filing-penalty'],
    ['process-add-site', '材料呢', 'materials-enterprise'],
    ['cancel-access', '要是只换个IP呢', 'change-ip'],
    ['change-site-person', '电话呢', 'change-phone-email'],
    ['face-verification', '短信那个呢', 'sms-verification'],
    ['app-number-display', '公安的呢', 'ps-number-display'],
    ['filing-types', '换接入商呢', 'process-add-access'],
    ['process-add-access', '新买的域名呢', 'process-add-site'],
    ['filing-query', '正在审的呢', 'progress-query'],
    ['ecommerce-license', '两种有什么区别', 'license-vs-edi'],
    ['cancel-phone-lost', '多久能清掉', 'cancel-time'],
    ['cancel-subject', '多久清除', 'cancel-time'],
    ['cancel-phone-lost', '大慨多久能清掉', 'cancel-time'],
    ['materials-enterprise', '事业单位呢', 'materials-institution'],
    ['materials-personal', '老外呢', 'foreigner-hk-mo-tw'],
    ['province-company-cross', '个人呢', 'province-residence'],
    ['app-filing-required', '要花钱吗', 'filing-fee'],
    ['reject-photo', '要等多久', 'resubmit-requeue'],
    ['domain-realname', '要多久', 'domain-realname-wait'],
    ['license-conditions', '这两个证有什么区别', 'license-vs-edi'],
    ['cancel-subject', '手机号停用了', 'cancel-phone-lost'],
    ['public-security-filing', '不办会怎么样', 'ps-deadline'],
  ])('after %s reads %o as %s', (before, question, topic) => {
    expect(best(question, before)).toBe(topic);
  });

  it('reads a question with a subject of its own as it stands', () => {
    for (const question of [
      '商标注册呢',
      '公司多久年检一次营业执照',
      '猫不吃饭怎么办',
      '商标多少钱',
      '手机屏幕碎了换一个多少钱',
      '那户口迁移怎么弄',
    ]) {
      for (const after of ['filing-process', 'change-address']) {
        expect(knowledge.match(question, { after }).decision, `${after} ${question}`).not.toBe('answer');
      }
    }
    expect(best('网站底部的备案号应该链接到哪个网址', 'license-time')).toBe('display-filing-number');
    for (const before of ['review-time', 'license-what', 'lost-filing-password', 'filing-fee']) {
      expect(best('备案密码忘了怎么办', before)).toBe('lost-filing-password');
      expect(best('主体冲突怎么办', before)).toBe('subject-conflict');
      expect(knowledge.match('备案要多久', { after: before })).toEqual(knowledge.match('备案要多久'));
      expect(best('备案审核要多长时间', before)).toBe('review-time');
    }
    // An approval or a check has papers, fees and times that are not those of the filing.
    for (const [before, question] of [
      ['game-approval', '材料呢'],
      ['pre-approval', '多少钱'],
      ['info-check-notice', '要多久'],
    ] as const) {
      expect(knowledge.match(question, { after: before }).decision, `${before} ${question}`).not.toBe('answer');
    }
    // Domains take time of their own, which is not the review.
    expect(best('要多久', 'domain-realname')).not.toBe('review-time');
    expect(knowledge.match('审核呢', { after: 'no-such-topic' })).toEqual(knowledge.match('审核呢'));
  });

  it.each(['多少钱', '要花多少钱啊', '怎么收费', '要多久', '要等几天呀', '要什么材料'])(
    '%s, and nothing else, is about what is done here',
    (question) => {
      expect(knowledge.match(question).decision).not.toBe('reject');
    },
  );

  it('gives as many results as asked for, best first', () => {
    const { results } = knowledge.match('备案', { top: 3 });
    expect(results).toHaveLength(3);
    expect(results.map(({ confidence }) => confidence)).toEqual(results.map(({ confidence }) => confidence).toSorted((a, b) => b - a));
  });

  it('answers nothing that is not a question', () => {
    for (const text of ['', '   ', '🙂🙂', '？？', 'asdkjh qwe', 'h t t p', '1234567890', '\u0000\u202e']) {
      expect(knowledge.match(text).decision, text).not.toBe('answer');
    }
  });

  it('gives probabilities and a decision for any text, and the same ones again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const match = knowledge.match(text);
        expect(match).toEqual(knowledge.match(text));
        for (const { confidence } of match.results) expect(confidence >= 0 && confidence <= 1).toBe(true);
      }),
      { numRuns: isThorough ? 300 : 60 },
    );
  });
});
