import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findDomainNames } from '../../../knowledge/entities/domain-name.ts';

const found = (text: string) => findDomainNames(text).map(({ unicode }) => unicode);

describe('domain names in a message', () => {
  it.each([
    ['我的域名是example.com，要备案吗', ['example.com']],
    ['域名abc123.cn要备案', ['abc123.cn']],
    ['EXAMPLE.COM', ['example.com']],
    ['ａｂｃ．ｃｏｍ', ['abc.com']],
    ['(example.net)', ['example.net']],
    ['example.com.', ['example.com']],
    ['www.abc.shop和def.vip', ['www.abc.shop', 'def.vip']],
    ['163.com', ['163.com']],
    ['http://foo.unheardof/', ['foo.unheardof']],
    ['beian.miit.gov.cn', ['beian.miit.gov.cn']],
    // Chinese names.
    ['测试.中国', ['测试.中国']],
    ['我的域名是测试.中国可以备案吗', ['测试.中国']],
    ['备案测试.网络', ['测试.网络']],
    ['xn--0zwm56d.xn--fiqs8s', ['测试.中国']],
    ['www.中文.com', ['www.中文.com']],
    // None.
    ['邮箱 a@qq.com', []],
    ['li.me@qq.com', []],
    ['x@mail.example.com', []],
    ['readme.md、a.jpg、main.py', []],
    ['v1.2.3、3.5个工作日、1.2.3.4', []],
    ['http://192.168.1.1/', []],
    ['用 node.js 和 asp.net 写的', []],
    ['包名com.example.app', []],
    ['请问.cn域名能备案吗', []],
    ['.com后缀', []],
    ['abc-.com', []],
    ['', []],
  ])('%s: %j', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it('go with their address, but not with the punctuation after it', () => {
    const text = '打不开 https://www.example.com.cn:8080/path?a=1#x。另外 test.top？';
    expect(findDomainNames(text).map(({ start, end }) => text.slice(start, end))).toEqual([
      'https://www.example.com.cn:8080/path?a=1#x',
      'test.top',
    ]);
  });

  it.each([
    ['www.example.com', 'example.com'],
    ['a.b.example.com.cn', 'example.com.cn'],
    ['a.example.bj.cn', 'example.bj.cn'],
    ['a.b.cn', 'b.cn'],
    ['example.com.cn', 'example.com.cn'],
    ['www.测试.中国', '测试.中国'],
  ])('of %s, %s is registered', (text, registered) => {
    expect(findDomainNames(text)[0]?.registered).toBe(registered);
  });

  it('have the form of DNS as well', () => {
    expect(findDomainNames('测试.中国')[0]?.ascii).toBe('xn--0zwm56d.xn--fiqs8s');
  });

  it('are found in any sentence, and nothing throws', () => {
    const label = fc.string({ unit: fc.constantFrom(...'abcxyz019'), minLength: 1, maxLength: 12 });
    const sentence = fc.string({ unit: fc.constantFrom(...'我的域名是备案吗，。 ：') });
    fc.assert(
      fc.property(sentence, label, fc.constantFrom('com', 'cn', 'top'), sentence, (before, name, suffix, after) => {
        expect(found(`${before}${name}.${suffix}${after}`)).toEqual([`${name}.${suffix}`]);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'a1.-_@/:?#中国公司。 \ud83d'), maxLength: 80 }), (text) => {
        for (const { start, end } of findDomainNames(text)) expect(0 <= start && start < end && end <= text.length).toBe(true);
      }),
    );
  });
});
