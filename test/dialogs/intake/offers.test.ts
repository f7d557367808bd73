import { expect, it } from 'vitest';
import { offeringTopics, offersAfter } from '../../../dialogs/intake/offers.ts';
import { Customer } from '../../support/customer.ts';
import { realKnowledge } from '../../support/knowledge.ts';

it.each(offeringTopics)('%s is a topic, and a case is offered after it', (topic) => {
  expect(realKnowledge().entry(topic)).toBeDefined();
  expect(offersAfter(topic)).toHaveLength(1);
});

it('an answer leads to the case it speaks of', () => {
  const customer = new Customer();
  const replies = customer.says('公司换了法人，备案要改吗，怎么改');
  const offered = replies.at(-1)?.choices.find(({ pick }) => pick.kind === 'act');
  expect(offered?.label).toBe('帮我办变更备案');
  customer.says(offered?.label ?? '');
  expect(customer.session.form?.filingType).toBe('change');
});

it.each(['我想备案', '开个单', '我要代办备案'])('%s begins a case', (said) => {
  const customer = new Customer();
  customer.says(said);
  expect(customer.session.form).toBeDefined();
});

it.each(['怎么委托你们备案', '登记需要多久'])('%s is answered', (said) => {
  const customer = new Customer();
  customer.says(said);
  expect(customer.session.form).toBeUndefined();
});
