import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findEmails, parseEmail } from '../../../knowledge/entities/email.ts';
import { hostileText } from './hostile-text.ts';

const read = (typed: string) => {
  const result = parseEmail(typed);
  return result.ok ? result.value : result.problem;
};

const longName = 'a'.repeat(65);

describe('e-mail addresses', () => {
  it.each([
    ['name@example.com', 'name@example.com'],
    ['Name_1+x@Example.COM', 'name_1+x@example.com'],
    ['ｎａｍｅ＠ｅｘａｍｐｌｅ．ｃｏｍ', 'name@example.com'],
    ['name＠example。com', 'name@example.com'],
    ['邮箱是name@example.com，谢谢', 'name@example.com'],
    ['name@example.com。', 'name@example.com'],
    ['na\u200bme@example.com', 'name@example.com'],
    ['name @ example.com', 'name@example.com'],
    ['a.b-c@mail.example.com.cn', 'a.b-c@mail.example.com.cn'],
  ])('%s: %s', (typed, address) => {
    expect(read(typed)).toEqual({ address });
  });

  it.each([
    ['name@qq.con', 'name@qq.com'],
    ['name@163.cm', 'name@163.com'],
    ['name@gmial.com', 'name@gmail.com'],
    ['name@example.con', 'name@example.com'],
    ['name@gmial.con', 'name@gmail.com'],
  ])('%s was probably meant as %s', (typed, suggestion) => {
    expect(read(typed)).toEqual({ address: typed, suggestion });
  });

  it.each([
    ['name', { because: 'no-at' }],
    ['', { because: 'no-at' }],
    ['name@@example.com', { because: 'two-at' }],
    ['a@example.com b@example.com', { because: 'several' }],
    ['a..b@example.com', { because: 'name', character: '.', position: 2 }],
    ['.a@example.com', { because: 'name', character: '.', position: 1 }],
    ['na#me@example.com', { because: 'name', character: '#', position: 3 }],
    ['name@exam_ple.com', { because: 'domain', character: '_', position: 5 }],
    ['name@example', { because: 'domain' }],
    ['@example.com', { because: 'name' }],
    [`${longName}@example.com`, { because: 'too-long' }],
  ])('%s: %j', (typed, facts) => {
    expect(read(typed)).toEqual({ code: 'email-format', ...facts });
  });

  it('are read in any sentence', () => {
    const name = fc.stringMatching(/^[a-z0-9_]{1,20}$/);
    const around = fc.constantFrom('', '邮箱：', '我的是', ' ');
    fc.assert(
      fc.property(around, name, fc.constantFrom('example.com', 'mail.example.cn'), (before, local, domain) => {
        expect(read(`${before}${local}@${domain}，谢谢`)).toMatchObject({ address: `${local}@${domain}` });
      }),
    );
  });

  it('never throw, and are read again from what was read', () => {
    fc.assert(
      fc.property(hostileText('abz09@@＠。_+邮箱'), (text) => {
        const result = parseEmail(text);
        if (result.ok) expect(read(result.value.address)).toEqual(result.value);
        for (const { start, end } of findEmails(text)) expect(start < end && end <= text.length).toBe(true);
      }),
    );
  });
});
