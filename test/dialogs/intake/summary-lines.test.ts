import { describe, expect, it } from 'vitest';
import { newForm } from '../../../dialogs/intake/form.ts';
import { linesOf, summaryText } from '../../../dialogs/intake/summary-lines.ts';
import type { Reply } from '../../../dialogs/reply.ts';
import type { Values } from '../../../knowledge/filing/form.ts';
import { answerTo } from '../../support/applicant.ts';
import { Customer } from '../../support/customer.ts';

/** The summary of somebody who has answered everything. */
function summaryOf(answers: Values): Extract<Reply, { kind: 'summary' }> {
  const customer = new Customer();
  let replies = customer.says('帮我办首次备案');
  for (let last = replies.at(-1); last?.kind !== 'summary'; last = replies.at(-1))
    replies = customer.says(answerTo(last, customer, answers));
  return replies.at(-1) as Extract<Reply, { kind: 'summary' }>;
}

describe('the summary of a company', () => {
  const summary = summaryOf({ filerKind: 'enterprise', contactMobile: '张女士 13800138000' });
  const shown = summary.text.slice(summary.summaryAt, summary.summaryEnd).split('\n');

  it('has what belongs together in one line', () => {
    expect(shown).toEqual(
      expect.arrayContaining([
        '- 联系人：张**，138****8000',
        '- 主体：示例市青禾信息技术有限公司，企业，91350100M000100Y43',
        '- 主体负责人：张**，证件号 110***********002X，有效期 2020-01-02 至 2040-01-02',
        '- 联系主体负责人：139****9000，应急 137****7000，z***@example.com',
        '- 域名：example.com，持有人 备案主体自己，实名 满3天了',
      ]),
    );
    expect(shown.length).toBeLessThanOrEqual(20);
  });

  it('has every item once, each with what changes it', () => {
    const fields = summary.summary.map(({ field }) => field);
    expect(new Set(fields).size).toBe(fields.length);
    expect(summary.summary.every(({ label, change }) => change === `改${label}`)).toBe(true);
    expect(summary.summary.filter(({ group }) => group === '主体负责人').map(({ change }) => change)).toEqual([
      '改主体负责人姓名',
      '改主体负责人证件号',
      '改主体负责人证件有效期',
    ]);
  });
});

it('an item without others of its group stands under its own name', () => {
  const form = {
    ...newForm('draft', 0),
    filingType: 'initial' as const,
    values: { contactMobile: '13800138000', filerName: '青禾有限公司' },
  };
  expect(summaryText(linesOf({ ...form, values: { ...form.values, filerKind: 'enterprise' } }))).toBe(
    '- 联系手机：138****8000\n- 主体：青禾有限公司，企业',
  );
});
