import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseOrganizationName } from '../../../knowledge/entities/organization-name.ts';
import { parsePersonName } from '../../../knowledge/entities/person-name.ts';
import { hostileText } from './hostile-text.ts';

const person = (typed: string) => {
  const result = parsePersonName(typed);
  return result.ok ? result.value.name : result.problem;
};
const organization = (typed: string) => {
  const result = parseOrganizationName(typed);
  return result.ok ? result.value : result.problem;
};

describe('names of people', () => {
  it.each([
    ['张三', '张三'],
    ['张 三', '张三'],
    ['法人张三', '张三'],
    ['张三 13800138000', '张三'],
    ['张三，手机13800138000', '张三'],
    ['我叫张三', '张三'],
    ['姓名：张三。', '张三'],
    ['法定代表人是欧阳小明', '欧阳小明'],
    ['买买提•示例', '买买提·示例'],
    ['買買提 · 示例', '買買提·示例'],
    ['𠮷田三', '𠮷田三'],
    ["John O'Sample", "John O'Sample"],
    ['Ｊｏｈｎ　Ｓａｍｐｌｅ', 'John Sample'],
    ['José Sample-Muster', 'José Sample-Muster'],
  ])('%s: %s', (typed, name) => {
    expect(person(typed)).toBe(name);
  });

  it.each([
    ['张', { code: 'person-name-length', length: 1 }],
    ['', { code: 'person-name-length', length: 0 }],
    ['张'.repeat(31), { code: 'person-name-length', length: 31 }],
    ['张三1', { code: 'person-name-form', character: '1', position: 3 }],
    ['张三@示例', { code: 'person-name-form', character: '@', position: 3 }],
    ['张三😀', { code: 'person-name-form', character: '😀', position: 3 }],
    ['张三Tom', { code: 'person-name-form', character: 'T', position: 3 }],
    ['我不知道', { code: 'person-name-form' }],
    ['稍后提供', { code: 'person-name-form' }],
    ['王总', { code: 'person-name-nickname', typed: '王总' }],
    ['小李', { code: 'person-name-nickname', typed: '小李' }],
    ['张先生', { code: 'person-name-nickname', typed: '张先生' }],
    ['张某某', { code: 'person-name-nickname', typed: '张某某' }],
    ['示例有限公司', { code: 'person-name-organization', typed: '示例有限公司' }],
  ])('%s: %j', (typed, problem) => {
    expect(person(typed)).toEqual(problem);
  });

  it('are read from any characters of their script, and again to the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'张王李赵三四五明'), minLength: 2, maxLength: 4 }), (name) => {
        fc.pre(!/^[小老]/.test(name));
        expect(person(`姓名：${name}`)).toBe(name);
      }),
    );
    fc.assert(
      fc.property(hostileText("张三ab·.'是叫姓名"), (text) => {
        const result = parsePersonName(text);
        if (result.ok) expect(person(result.value.name)).toBe(result.value.name);
      }),
    );
  });
});

describe('names of organisations', () => {
  it.each([
    ['示例（北京）科技有限公司', '示例（北京）科技有限公司'],
    ['示例(北京)科技有限公司', '示例(北京)科技有限公司'],
    ['我们公司叫示例科技有限公司', '示例科技有限公司'],
    ['单位名称是示例科技有限公司', '示例科技有限公司'],
    ['公司全称：示例科技有限公司。', '示例科技有限公司'],
    ['是示例科技有限公司', '示例科技有限公司'],
    ['为民示例超市', '为民示例超市'],
    ['示例合伙企业（有限合伙）', '示例合伙企业（有限合伙）'],
    ['示例县教育局', '示例县教育局'],
    ['示例餐饮店，统一社会信用代码91350100M000100Y43', '示例餐饮店'],
  ])('%s: %s', (typed, name) => {
    expect(organization(typed)).toEqual({ name });
  });

  it.each([
    ['示例科技', { name: '示例科技', remark: 'looks-short-form' }],
    ['示', { code: 'organization-name-length', length: 1 }],
    ['示'.repeat(101), { code: 'organization-name-length', length: 101 }],
    ['Sample Ltd', { code: 'organization-name-form' }],
    ['没有公司', { code: 'organization-name-form' }],
    ['个体户，张三小吃店', { code: 'organization-name-form', character: '，', position: 4 }],
    ['示例科技@公司', { code: 'organization-name-form', character: '@', position: 5 }],
    ['示例科技有限公司备案', { code: 'organization-name-form', word: '备案' }],
  ])('%s: %j', (typed, expected) => {
    expect(organization(typed)).toEqual(expected);
  });

  it('never throw, and are read again to the same', () => {
    fc.assert(
      fc.property(hostileText('示例公司名称是叫我们：（）()《》a1，。'), (text) => {
        const result = parseOrganizationName(text);
        if (result.ok) expect(organization(result.value.name)).toEqual(result.value);
      }),
    );
  });
});
