import { describe, expect, it } from 'vitest';
import * as caseWording from '../../dialogs/case-wording.ts';
import { topicsForPeople } from '../../dialogs/handoff-offer.ts';
import * as wording from '../../dialogs/handoff-wording.ts';
import { callBackLabel, continueLabel } from '../../dialogs/intake/wording.ts';
import type { Reply } from '../../dialogs/reply.ts';
import { type BusinessHours, parseBusinessHours } from '../../knowledge/calendar/business-hours.ts';
import { Customer, testAgency } from '../support/customer.ts';
import { realKnowledge } from '../support/knowledge.ts';

const parsed = parseBusinessHours('1-5 09:00-12:00,13:30-18:00');
const hours = (parsed.ok && parsed.value) as BusinessHours;
const agency = { ...testAgency, desk: { hours } };
const inChina = (text: string) => Date.parse(`${text.replace(' ', 'T')}:00+08:00`);
const atWork = inChina('2026-11-27 10:00');

const customerAt = (now = atWork) => new Customer({ agency, now });
const labels = (replies: readonly Reply[]) => replies.flatMap(({ choices }) => choices.map(({ label }) => label));
const only = (replies: readonly Reply[]) => {
  expect(replies).toHaveLength(1);
  return replies[0] as Reply;
};

describe('asking for a person', () => {
  it.each(['转人工', '找个真人', '转仁工', 'zhuan人工', '我要找你们的客服', '叫个人来', '不要机器人', '有没有人工客服啊'])('%s', (said) => {
    const customer = customerAt();
    expect(customer.says(said)).toMatchObject([{ kind: 'handoff', handoff: 'requested', position: 1, text: wording.queued(1, undefined) }]);
    expect(customer.takeEffects()).toEqual([{ kind: 'requestHandoff', reason: 'asked', returning: false }]);
  });

  it('tells the place and how long it takes as far as known', () => {
    const customer = customerAt();
    customer.desk.desk = { agents: 2, position: 3, waitMinutes: 8 };
    expect(only(customer.says('转人工')).text).toContain('您排在第 3 位，估计还要等 8 分钟左右。');
    customer.desk.desk = { agents: 2, position: 1 };
    for (const asked of ['还要等多久', '排到第几了', '转人工', '客服怎么还不来'])
      expect(only(customer.says(asked))).toMatchObject({ handoff: 'requested', text: wording.stillQueued(1, undefined) });
    expect(customer.takeEffects().filter(({ kind }) => kind === 'requestHandoff')).toHaveLength(1);
  });

  it('is heard in the middle of a free text of a form, and leads back to it', () => {
    const customer = customerAt();
    for (const said of ['帮我备案', '首次备案', '企业']) customer.says(said);
    expect(labels(customer.says('转人工'))).toEqual([wording.leaveQueueLabel, continueLabel]);
    expect(customer.session.form).toBeDefined();
  });

  it('says what the person should know about', () => {
    const customer = customerAt();
    customer.says('主体冲突怎么办');
    customer.says('转人工');
    expect(customer.takeEffects()).toContainEqual({ kind: 'requestHandoff', reason: 'asked', returning: false, skill: 'conflict' });
  });

  it('goes on answering while they wait, and lets them leave', () => {
    const customer = customerAt();
    customer.says('转人工');
    expect(only(customer.says('备案审核要多久')).kind).toBe('answer');
    expect(only(customer.says('不等了'))).toMatchObject({ kind: 'handoff', handoff: 'failed', text: wording.leftQueue });
    expect(customer.takeEffects().at(-1)).toEqual({ kind: 'leaveQueue' });
    expect(customer.session.handoff).toBeUndefined();
  });

  it.each(['不等了', '不想等了', '取消排队', '不用人工了', '算了不等了', '不转了'])('%s leaves the queue', (said) => {
    const customer = customerAt();
    customer.says('转人工');
    customer.says(said);
    expect(customer.takeEffects().at(-1)).toEqual({ kind: 'leaveQueue' });
  });

  it.each([
    ['2026-11-27 20:00', '下次上班是11月30日（周一）9:00'],
    ['2026-11-27 12:30', '下次上班是今天 13:30'],
    ['2026-10-01 10:00', '下次上班是10月8日（周四）9:00'],
  ])('takes a message out of hours: %s', (moment, next) => {
    const customer = customerAt(inChina(moment));
    const told = only(customer.says('转人工'));
    expect(told).toMatchObject({ kind: 'handoff', handoff: 'failed' });
    expect(told.text).toContain('周一至周五 9:00–12:00、13:30–18:00');
    expect(told.text).toContain(next);
    expect(only(customer.says('13812345678，想问域名冲突的事')).text).toBe(caseWording.willCallBack);
    expect(customer.takeEffects()).toMatchObject([{ kind: 'requestCallBack', contact: '13812345678，想问域名冲突的事' }]);
  });

  it('takes a message when nobody is at the desk', () => {
    const customer = customerAt();
    customer.desk.desk = { agents: 0, position: 1 };
    expect(only(customer.says('转人工')).text).toContain(wording.nobodyOnDuty(undefined));
    expect(customer.session.handoff).toBeUndefined();
  });

  it('has no hours where the operator has set none', () => {
    const customer = new Customer({ agency: { ...testAgency, desk: {} }, now: inChina('2026-11-28 03:00') });
    expect(customer.says('转人工')).toMatchObject([{ handoff: 'requested' }]);
  });
});

describe('a person is offered', () => {
  it('after two misses, and not before', () => {
    const customer = customerAt();
    expect(labels(customer.says('量子计算机怎么修'))).not.toContain(wording.personLabel);
    expect(labels(customer.says('火星上怎么种土豆'))).toContain(wording.personLabel);
    customer.says(wording.personLabel);
    expect(customer.takeEffects().at(-1)).toMatchObject({ kind: 'requestHandoff', reason: 'misses' });
  });

  it.each(['投诉', '垃圾机器人', '答非所问'])('to %s', (said) => {
    expect(labels(customerAt().says(said))).toContain(wording.personLabel);
  });

  it('after answers to what a person does best', () => {
    for (const topic of topicsForPeople) expect(realKnowledge().entry(topic), topic).toBeDefined();
    expect(labels(customerAt().says('你们代办备案收多少钱'))).toContain(wording.personLabel);
    expect(labels(customerAt().says('备案审核要多久'))).not.toContain(wording.personLabel);
  });

  it('after a rejection that nobody could decode, and after 没用', () => {
    const customer = customerAt();
    customer.says('备案审核要多久');
    expect(labels(customer.says('没用'))).toContain(wording.personLabel);
    const notice = '您的备案订单已被退回，退回原因：XYZ-7731 校验未通过请按内部规范第九条处理后重新提交';
    expect(labels(customerAt().says(notice))).toContain(wording.personLabel);
  });
});

describe('on the way and back', () => {
  it('tells who waited in vain, and takes a message or waits on', () => {
    const customer = customerAt();
    customer.says('转人工');
    const told = customer.hearsOfHandoff('timed-out');
    expect(told).toMatchObject([{ kind: 'handoff', handoff: 'failed', text: wording.timedOut }]);
    expect(labels(told)).toEqual([callBackLabel, wording.waitOnLabel]);
    expect(customer.says(wording.waitOnLabel)).toMatchObject([{ handoff: 'requested' }]);
  });

  it('tells nothing to who has left the queue meanwhile', () => {
    const customer = customerAt();
    customer.says('转人工');
    customer.says('不等了');
    expect(customer.hearsOfHandoff('timed-out')).toEqual([]);
  });

  it('asks how it was, and goes on with the form that was interrupted', () => {
    const customer = customerAt();
    for (const said of ['帮我备案', '首次备案', '企业', '转人工']) customer.says(said);
    customer.owner = { kind: 'agent', id: 'a1', name: '小李' };
    expect(customer.says('你好，我想问一下')).toEqual([]);
    customer.owner = { kind: 'bot' };
    const told = customer.hearsOfHandoff('completed');
    expect(told).toMatchObject([{ kind: 'handoff', handoff: 'completed' }]);
    expect(labels(told)).toEqual(['满意', '一般', '不满意', continueLabel]);
    const rated = customer.says('满意');
    expect(customer.takeEffects().at(-1)).toEqual({ kind: 'rateHandoff', rating: 'good' });
    expect(rated.at(-1)?.text).toContain(wording.thanksForRating('good'));
    expect(rated.at(-1)?.kind).toMatch(/ask|consent/);
  });

  it('keeps silent beside a person, whatever is said, until the customer calls the bot back', () => {
    const customer = customerAt();
    customer.owner = { kind: 'agent', id: 'a1', name: '小李' };
    for (const said of ['备案审核要多久', '转人工', '取消', '1', '谢谢', '帮我备案']) expect(customer.says(said)).toEqual([]);
    expect(customer.says('结束会话')).toMatchObject([{ handoff: 'completed' }]);
    expect(customer.takeEffects()).toEqual([{ kind: 'leaveAgent' }]);
  });
});

describe('hours in words', () => {
  it.each([
    ['1-5 9:00-18:00', '周一至周五 9:00–18:00'],
    ['1-5 09:00-12:00,13:30-18:00; 6 10:00-16:00', '周一至周五 9:00–12:00、13:30–18:00；周六 10:00–16:00'],
    ['1-7 08:30-21:00', '周一至周日 8:30–21:00'],
    ['1,3 09:00-10:05', '周一 9:00–10:05；周三 9:00–10:05'],
  ])('%s', (text, words) => {
    const read = parseBusinessHours(text);
    expect(read.ok && wording.hoursText(read.value)).toBe(words);
  });
});
