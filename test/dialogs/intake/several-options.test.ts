import { describe, expect, it } from 'vitest';
import { optionsOf } from '../../../dialogs/intake/field.ts';
import { fields } from '../../../dialogs/intake/fields.ts';
import type { FieldKey, Values } from '../../../knowledge/filing/form.ts';
import { answerTo } from '../../support/applicant.ts';
import { Customer } from '../../support/customer.ts';
import { wishes } from '../../support/filers.ts';

/** Where several options may be picked, and in which case such an item is asked for. */
const asked: [FieldKey, string, Values][] = [
  ['contentCategories', wishes.initial, {}],
  ['preApproval', wishes.initial, {}],
  ['businessModel', wishes.license, {}],
  ['app.platforms', wishes.initial, { serviceKind: 'app' }],
  ['changeItems', wishes.change, {}],
];

const ready = new Map<FieldKey, Customer['session']>();

/** Somebody who is asked for the item, with everything before it answered. */
function askedFor(field: FieldKey): Customer {
  const known = ready.get(field);
  if (known) return new Customer({ session: known });
  const customer = new Customer();
  const [, wish = '', answers = {}] = asked.find(([key]) => key === field) ?? [];
  for (let replies = customer.says(wish); customer.session.form?.asked !== field; )
    replies = customer.says(answerTo(replies.at(-1), customer, answers));
  ready.set(field, customer.session);
  return customer;
}

const valueAfter = (customer: Customer, field: FieldKey, words: string) => {
  customer.says(words);
  return customer.session.form?.values[field];
};

describe('every item that takes several options', () => {
  it('is one of these', () => {
    const several = Object.values(fields).flatMap(({ key, several, optional }) => (several && !optional ? [key] : []));
    expect(several.sort()).toEqual(asked.map(([field]) => field).sort());
  });

  it.each(asked)('%s says so, with the options that go with no other', (field) => {
    const customer = askedFor(field);
    const ask = customer.says('例子').at(-1);
    const labels = ask?.choices.map(({ label }) => label) ?? [];
    expect(ask).toMatchObject({ kind: 'ask', field, several: { alone: expect.any(Array) } });
    const alone = ask?.kind === 'ask' ? (ask.several?.alone ?? []) : [];
    expect(labels).toEqual(expect.arrayContaining(alone));
    expect(alone.length).toBe(fields[field].several?.alone?.length ?? 0);
  });

  it.each(asked)('%s takes every two of its labels, joined as the page joins them', (field) => {
    const { values = {} } = askedFor(field).session.form ?? {};
    const { alone = [] } = fields[field].several ?? {};
    const options = optionsOf(fields[field], values).filter(({ value }) => !alone.includes(value));
    const wrong = options.flatMap((first, at) =>
      options.slice(at + 1).flatMap((second) => {
        const words = `${first.label}、${second.label}`;
        const value = valueAfter(askedFor(field), field, words);
        return value === `${first.value},${second.value}` ? [] : [`${words}: ${value}`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  it.each(
    asked.flatMap(([field]) =>
      ['1、3', '1，3', '1 3', '1,3', '1、3。', '１、３', '第1个和第3个', '一、三'].map((said) => [field, said] as const),
    ),
  )('%s takes %s for two numbers', (field, said) => {
    const customer = askedFor(field);
    const [first, , third] = optionsOf(fields[field], customer.session.form?.values ?? {});
    const { alone = [] } = fields[field].several ?? {};
    const isExclusive = [first, third].some((option) => option && alone.includes(option.value));
    const value = valueAfter(customer, field, said);
    expect(value).toBe(isExclusive ? undefined : `${first?.value},${third?.value}`);
  });

  it.each([
    ['preApproval', '新闻，出版', 'news,publishing'],
    ['preApproval', '新闻 出版', 'news,publishing'],
    ['preApproval', '金融和论坛', 'finance,bbs'],
    ['preApproval', '药品、医疗器械，医疗保健', 'drugs,medical'],
    ['contentCategories', '游戏 金融 旅游住宿餐饮', 'travel,games,finance'],
    ['contentCategories', '医疗健康以及文化娱乐', 'health,culture'],
    ['changeItems', '服务器IP、接入方式 删掉旧域名', 'remove-domain,ip'],
    ['app.platforms', '安卓和苹果', 'android,ios'],
  ] as const)('%s takes %s', (field, said, value) => {
    expect(valueAfter(askedFor(field), field, said)).toBe(value);
  });

  it.each([
    ['preApproval', '新闻、以上都不涉及', 'choice-exclusive'],
    ['contentCategories', '1 2 3 4 5 6', 'choice-too-many'],
  ] as const)('%s refuses %s, and may be picked from again', (field, said, problem) => {
    const refusal = askedFor(field).says(said).at(-1);
    expect(refusal).toMatchObject({ kind: 'refuse', field, problem, several: expect.any(Object) });
    expect(refusal?.choices.length).toBeGreaterThan(2);
  });
});

it('an item of one option is not offered for several', () => {
  const customer = new Customer();
  expect(customer.says(wishes.initial).at(-1)).not.toHaveProperty('several');
});
