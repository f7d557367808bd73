import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DeadlineQuestion, deadlineAnswer } from '../../dialogs/deadline.ts';
import { daysBetween, plusDays } from '../../knowledge/calendar/days.ts';
import { filingPeriods } from '../../knowledge/calendar/filing-periods.ts';

const today = '2026-11-24';
const topics = Object.keys(filingPeriods);
const ask = (question: Partial<DeadlineQuestion>) => deadlineAnswer({ topic: 'review-time', day: '2026-11-02', today, ...question });
const conclusion = (text = '') => /^\*\*(.+?)\*\*/.exec(text)?.[1];

describe('a customer who names a day', () => {
  it('and does not say where the filing went is told what holds in either case', () => {
    expect(ask({ said: '11月2日提交的，最晚什么时候出结果' })?.text).toBe(
      `**如果11月2日已提交到管局，最晚应在2026年11月30日（星期一）有结果。**

11月2日当天不算，往后数20个工作日：周末不算，其间没有节假日。

- 如果那天只是交给接入商，还要先过初审和短信核验，一般再晚几个工作日。
- 退回补正的，从重新提交、管局收到齐全材料起重新算。
- 到时还没有结果，请先看接入商后台的订单状态，再把订单号告诉我们，转人工核实。`,
    );
  });

  it('before 国庆节 learns what of it counts', () => {
    expect(ask({ day: '2026-09-25', today: '2026-09-28', said: '9月25日上报的，国庆算不算，最迟哪天' })?.text).toBe(
      `**管局最晚应在2026年10月29日（星期四）有结果。**

9月25日当天不算，往后数20个工作日：周末、中秋节2天（9月26日至27日）、国庆节7天（10月1日至7日）不算，10月10日（星期六）补班要算。

- 那天是休息日，管局要是下一个工作日才收到，就再晚1个工作日。
- 退回补正的，从重新提交、管局收到齐全材料起重新算。
- 到时还没有结果，请先看接入商后台的订单状态，再把订单号告诉我们，转人工核实。`,
    );
  });

  it('with a licence gets both ways of counting 60 days', () => {
    expect(ask({ topic: 'license-time', day: '2026-10-08', said: '许可证10月8号受理，什么时候出证' })?.text).toBe(
      `**按受理后60日算，最晚应在2026年12月7日（星期一）作出决定。**

10月8日当天不算，按自然日数60天。条文没有写明是工作日；管局如果按工作日算，到12月30日。

- 补正材料的时间另计。
- 到时还没有结果，请向受理的管局询问。`,
    );
  });

  it('that reaches into an unpublished year hears that it is estimated', () => {
    const answer = ask({ day: '2026-12-28', today: '2026-12-29', said: '昨天报送管局的' });
    expect(answer).toMatchObject({ last: '2027-01-26', estimated: true });
    expect(conclusion(answer?.text)).toBe('管局最晚应在2027年1月26日（星期二）前后有结果。');
    expect(answer?.text).toContain('2027年的放假安排我这里还没有，先按周末和法定节日估算，可能差几天。');
    expect(answer?.provenance).toContain('《全国年节及纪念日放假办法》（2024年修订）（国令第795号，2024-11-10）');
  });

  it('gets the rule, the notice and the day of the review under the answer', () => {
    expect(ask({})?.provenance).toBe(
      `依据：《非经营性互联网信息服务备案管理办法》第12条（原信息产业部，2005-03-20）；[国务院办公厅关于2026年部分节假日安排的通知](https://www.gov.cn/zhengce/content/202511/content_7047090.htm)（国办发明电〔2025〕7号，2025-11-04）

核对日期：2026-11-24。具体要求以当地通信管理局和接入商的最新规定为准。`,
    );
  });
});

describe('where the filing was submitted', () => {
  it.each([
    ['review-time', '上周三提交管局，什么时候能下来', '管局最晚应在2026年12月16日（星期三）有结果。'],
    ['timeline-total', '上周三提交管局，什么时候能下来', '管局最晚应在2026年12月16日（星期三）有结果。'],
    ['review-time', '上周三交给阿里云的', '从交给接入商算，顺利的11月25日至12月2日有结果，慢的到2026年12月21日（星期一）前后。'],
    ['app-filing-process', '上周三交给接入商的', '从交给接入商算，顺利的11月25日至12月2日有结果，慢的到2026年12月21日（星期一）前后。'],
    ['timeline-total', '上周三提交的', '从交给接入商算，顺利的11月25日至12月2日有结果，慢的到2026年12月21日（星期一）前后。'],
    ['review-time', '上周三接入商报送管局的', '如果11月18日已提交到管局，最晚应在2026年12月16日（星期三）有结果。'],
  ])('decides for %s: %s', (topic, said, expected) => {
    expect(conclusion(ask({ topic, day: '2026-11-18', said })?.text)).toBe(expected);
  });

  it.each([
    ['许可证10月8号受理', false],
    ['许可证10月8号提交的，什么时候受理', true],
    ['许可证10月8号提交，还没有受理', true],
    ['许可证10月8号提交，受理了吗', true],
    ['许可证10月8号提交的', true],
  ])('or whether it was accepted: %s', (said, open) => {
    const { text } = ask({ topic: 'license-time', day: '2026-10-08', said }) ?? {};
    expect(text?.includes('如果10月8日只是提交')).toBe(open);
  });
});

describe('the conclusion', () => {
  // Before, on and after the last day.
  it.each([
    ['review-time', '2026-10-27', '如果10月27日已提交到管局，最晚应在2026年11月24日（星期二）有结果，也就是今天。'],
    ['review-time', '2026-09-25', '如果9月25日已提交到管局，最晚应在2026年10月29日（星期四）有结果，到今天已经过了26天。'],
    ['change-review-time', '2026-11-02', '如果11月2日已提交到管局，最晚应在2026年11月30日（星期一）有结果。'],
    ['resubmit-requeue', '2026-11-02', '如果11月2日已提交到管局，最晚应在2026年11月30日（星期一）有结果。'],
    ['app-filing-process', '2026-11-02', '如果11月2日已提交到管局，一般最晚在2026年11月30日（星期一）有结果。'],
    ['cancel-time', '2026-11-20', '如果11月20日已提交到管局，一般最晚11月27日办完，最长到2026年12月18日（星期五）。'],
    ['provider-precheck', '2026-11-20', '接入商初审一般最晚11月24日有结果，慢的到2026年11月27日（星期五）。'],
    ['sms-verification', '2026-11-24', '请在2026年11月25日（星期三）的同一时刻以前完成短信核验。'],
    ['sms-verification', '2026-11-23', '请在今天，2026年11月24日（星期二）的同一时刻以前完成短信核验。'],
    ['sms-verification', '2026-11-20', '24小时到2026年11月21日（星期六）的同一时刻为止，已经过了。'],
    ['domain-realname-wait', '2026-11-23', '最早11月26日可以提交备案，稳妥的话等到2026年11月30日（星期一）。'],
    ['domain-realname-wait', '2026-11-17', '到今天已经等够5个工作日，可以提交备案了。'],
    ['reject-domain-realname', '2026-11-20', '最早11月25日可以提交备案，稳妥的话等到2026年11月27日（星期五）。'],
    ['info-check-notice', '2026-11-20', '按常见的10个工作日算，最晚2026年12月4日（星期五）要完成整改。'],
    ['change-deadline', '2026-12-31', '最晚2026年12月1日（星期二）要提交变更备案。'],
    ['change-deadline', '2026-11-21', '最晚应在2026年10月22日（星期四）提交变更备案，到今天已经晚了33天。'],
    ['ps-deadline', '2026-11-21', '最晚2026年12月21日（星期一）要办公安联网备案。'],
    ['ps-app', '2026-09-12', '最晚应在2026年10月12日（星期一）办公安联网备案，到今天已经晚了43天。'],
    ['ps-number-display', '2026-10-25', '最晚2026年11月24日（星期二）要把公安备案号挂到网页底部，也就是今天。'],
    ['license-time', '2026-09-12', '按受理后60日算，最晚应在2026年11月11日（星期三）作出决定，到今天已经过了13天。'],
    ['license-change', '2026-11-21', '最晚2026年12月21日（星期一）要申请许可证变更。'],
    ['license-renewal', '2027-05-01', '最晚2027年1月31日（星期日）要申请许可证续期。'],
  ])('for %s of %s: %s', (topic, day, expected) => {
    expect(conclusion(ask({ topic, day })?.text)).toBe(expected);
  });

  it('is followed by the workday before when a duty ends on a day off', () => {
    expect(ask({ topic: 'license-renewal', day: '2027-05-01' })?.text).toContain('2027年1月31日是休息日，最好在2027年1月29日或之前办完。');
  });

  it('is followed by what to do first when the day has passed', () => {
    const late = ask({ topic: 'ps-deadline', day: '2026-09-12' })?.text ?? '';
    expect(late.split('\n- ')[1]).toBe('请尽快登录公安平台补交；已接到网安部门通知的，按通知的期限办。');
    expect(ask({ day: '2026-09-25' })?.text).toMatch(/- 请先看接入商后台的订单状态，再把订单号告诉我们，转人工核实。$/);
  });
});

describe('no date is given', () => {
  it.each(['filing-fee', 'progress-query', 'license-validity', 'toString'])('for %s, which has no period', (topic) => {
    expect(ask({ topic })).toBeUndefined();
  });

  it.each(['2019-05-01', '2023-12-31', '2040-01-01', '2099-01-01'])('for %s, beyond the work calendar', (day) => {
    expect(topics.map((topic) => ask({ topic, day }))).toEqual(topics.map(() => undefined));
  });
});

it('whatever the topic and the day, the answer is short, whole and the same again', () => {
  const anyDay = fc.integer({ min: 0, max: daysBetween('2024-01-01', '2039-12-31') }).map((count) => plusDays('2024-01-01', count));
  const said = fc.constantFrom('', '提交管局', '交给接入商', '受理');
  fc.assert(
    fc.property(fc.constantFrom(...topics), anyDay, fc.integer({ min: -400, max: 1500 }), said, (topic, day, later, words) => {
      const question = { topic, day, today: plusDays(day, later), said: words };
      const answer = deadlineAnswer(question);
      expect([...(answer?.text ?? '')].length).toBeLessThanOrEqual(300);
      expect(answer?.text).toMatch(/^\*\*[^*]+。\*\*\n\n[^*]+。\n\n(- [^\n]+。\n?)+$/);
      expect(`${answer?.text}${answer?.provenance}`).not.toMatch(/undefined|NaN|，，|。。|，。/);
      expect(deadlineAnswer(question)).toEqual(answer);
    }),
    { numRuns: 400 },
  );
});
