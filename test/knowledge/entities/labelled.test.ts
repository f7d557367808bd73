import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLabelled } from '../../../knowledge/entities/labelled.ts';
import { hostileText } from './hostile-text.ts';

const labels = [
  '公司名称',
  '名称',
  '统一社会信用代码',
  '法定代表人',
  '法定代表人身份证号',
  '住所',
  '手机',
  '联系手机',
  '邮箱',
  '域名',
  'App名称',
];
const read = (text: string) => readLabelled(text, labels).map(({ label, value }) => [label, value]);

describe('values with labels', () => {
  it.each([
    [
      '公司名称：示例有限公司 统一社会信用代码:91350100M000100Y43\n法定代表人 张三，住所：福建省福州市示例路1号，2层。',
      [
        ['公司名称', '示例有限公司'],
        ['统一社会信用代码', '91350100M000100Y43'],
        ['法定代表人', '张三'],
        ['住所', '福建省福州市示例路1号，2层'],
      ],
    ],
    [
      '名    称：示例有限公司\n住  所\t福建省福州市示例路1号\n',
      [
        ['名称', '示例有限公司'],
        ['住所', '福建省福州市示例路1号'],
      ],
    ],
    [
      '公司名称\n示例有限公司\n统一社会信用代码\n91350100M000100Y43',
      [
        ['公司名称', '示例有限公司'],
        ['统一社会信用代码', '91350100M000100Y43'],
      ],
    ],
    [
      '1. 公司名称：示例有限公司；2. 法定代表人（姓名）：张三；3、手机：138 0013 8000',
      [
        ['公司名称', '示例有限公司'],
        ['法定代表人', '张三'],
        ['手机', '138 0013 8000'],
      ],
    ],
    [
      '公司名称是示例有限公司，联系手机13800138000，邮箱name@example.com',
      [
        ['公司名称', '示例有限公司'],
        ['联系手机', '13800138000'],
        ['邮箱', 'name@example.com'],
      ],
    ],
    [
      '【域名】https://example.com:8080/a\napp名称：“示例”',
      [
        ['域名', 'https://example.com:8080/a'],
        ['App名称', '示例'],
      ],
    ],
    // A label that is not known ends a value.
    [
      '法定代表人：张三，注册资本：100万元，住所：示例路1号',
      [
        ['法定代表人', '张三'],
        ['住所', '示例路1号'],
      ],
    ],
    ['法定代表人身份证号：11010519491231002X', [['法定代表人身份证号', '11010519491231002X']]],
    // No values.
    ['手机号怎么改', []],
    ['法定代表人是什么？', []],
    ['域名 和 备案有关系吗', []],
    ['我的备用联系手机可以不填吗', []],
    ['公司名称：', []],
    ['', []],
  ])('%s', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it('stand where they say', () => {
    const text = '公司名称：示例有限公司，法定代表人 张三，谢谢';
    expect(readLabelled(text, labels).map(({ start, end }) => text.slice(start, end))).toEqual([
      '公司名称：示例有限公司',
      '法定代表人 张三',
    ]);
  });

  it('are read from any list, in its order', () => {
    const value = fc.stringMatching(/^[a-z0-9]{4,12}$/);
    const lines = fc.uniqueArray(fc.tuple(fc.constantFrom(...labels), value), { selector: ([label]) => label, minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(lines, fc.constantFrom('：', ': ', '\t', ' ', '是', '\n'), fc.constantFrom('\n', '；\n'), (each, separator, end) => {
        expect(read(each.map(([label, said]) => `${label}${separator}${said}`).join(end))).toEqual(each);
      }),
    );
  });

  it('never throw, and stay in order within the text', () => {
    fc.assert(
      fc.property(hostileText('公司名称住所手机：:是 \n\t，；张三1a（）'), (text) => {
        let last = 0;
        for (const { start, end, value } of readLabelled(text, labels)) {
          expect(last <= start && start < end && end <= text.length && value !== '').toBe(true);
          last = end;
        }
      }),
    );
  });
});
