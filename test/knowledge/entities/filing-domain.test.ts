import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFilingDomain } from '../../../knowledge/entities/filing-domain.ts';
import { hostileText } from './hostile-text.ts';

const read = (typed: string, keepSubdomain = false) => {
  const result = parseFilingDomain(typed, { keepSubdomain });
  return result.ok ? result.value : result.problem;
};

describe('domain names for a filing', () => {
  it.each([
    ['example.com', 'example.com'],
    ['www.example.com', 'example.com'],
    ['HTTPS://user:pw@www.Example.com:8443/a/b?c=d#e', 'example.com'],
    ['ｅｘａｍｐｌｅ．ｃｏｍ', 'example.com'],
    ['example。com', 'example.com'],
    ['example .com', 'example.com'],
    ['example点com', 'example.com'],
    ['example.com.', 'example.com'],
    ['域名是example.com', 'example.com'],
    ['我的域名是example.com，谢谢', 'example.com'],
    ['备案example.com', 'example.com'],
    ['《example.com》', 'example.com'],
    ['example.com 和 www.example.com', 'example.com'],
    ['example.com.cn', 'example.com.cn'],
    ['example.bj.cn', 'example.bj.cn'],
    ['example.ac.cn', 'example.ac.cn'],
    ['测试.中国', '测试.中国'],
    ['测试。中国', '测试.中国'],
    ['域名：测试.中国', '测试.中国'],
    ['我的域名是测试.中国可以备案吗', '测试.中国'],
    ['测试.公司.cn', '测试.公司.cn'],
    ['xn--0zwm56d.xn--fiqs8s', '测试.中国'],
    // Sub-domains of the government are filed by themselves.
    ['beian.miit.gov.cn', 'beian.miit.gov.cn'],
    ['www.example.gov.cn', 'example.gov.cn'],
  ])('%s: %s', (typed, domain) => {
    expect(read(typed)).toMatchObject({ domain });
    expect(read(typed)).not.toHaveProperty('subdomain');
  });

  // Encodings published in intake survey of 2026-11, section 2.8.
  it.each([
    ['中国', 'xn--fiqs8s'],
    ['公司', 'xn--55qx5d'],
    ['网络', 'xn--io0a7i'],
    ['政务', 'xn--zfr164b'],
    ['公益', 'xn--55qw42g'],
    ['网址', 'xn--ses554g'],
    ['在线', 'xn--3ds443g'],
    ['中文网', 'xn--fiq228c5hs'],
    ['集团', 'xn--3bst00m'],
    ['商城', 'xn--czru2d'],
    ['商标', 'xn--czr694b'],
    ['信息', 'xn--vuq861b'],
    ['广东', 'xn--xhq521b'],
    ['佛山', 'xn--1qqw23a'],
  ])('under .%s are under .%s for machines', (suffix, encoded) => {
    expect(read(`测试.${suffix}`)).toMatchObject({ domain: `测试.${suffix}`, ascii: `xn--0zwm56d.${encoded}` });
  });

  it.each([
    ['shop.example.com', 'example.com', 'shop.example.com'],
    ['a.b.example.com.cn', 'example.com.cn', 'a.b.example.com.cn'],
    ['https://m.example.cn/', 'example.cn', 'm.example.cn'],
    ['a.测试.中国', '测试.中国', 'a.测试.中国'],
  ])('%s is filed as %s', (typed, domain, subdomain) => {
    expect(read(typed)).toMatchObject({ domain, subdomain });
    expect(read(typed, true)).toMatchObject({ domain: subdomain });
  });

  it.each([
    ['example.com', undefined],
    ['example.中国', undefined],
    ['example.io', 'suffix-not-approved'],
    ['example.hk', 'suffix-not-approved'],
    ['example.jp', 'suffix-not-approved'],
    ['example.me', 'suffix-uncommon'],
    ['example.co.uk', 'suffix-uncommon'],
  ])('%s: %s', (typed, remark) => {
    const value = read(typed);
    expect('remark' in value ? value.remark : undefined).toBe(remark);
  });

  it.each([
    ['example.com、example.cn', { code: 'domain-multiple', domains: ['example.com', 'example.cn'] }],
    ['www.example.com,example.net', { code: 'domain-multiple', domains: ['example.com', 'example.net'] }],
    ['47.96.12.34', { code: 'domain-is-ip', typed: '47.96.12.34' }],
    ['http://47.96.12.34:80/', { code: 'domain-is-ip', typed: '47.96.12.34' }],
    ['example', { code: 'domain-format', typed: 'example' }],
    ['没有域名', { code: 'domain-format', typed: '没有域名' }],
    ['com.cn', { code: 'domain-format', typed: 'com.cn', because: 'only-suffix' }],
    ['-abc.com', { code: 'domain-format', typed: '-abc.com', because: 'label' }],
    ['abc-.com', { code: 'domain-format', typed: 'abc-.com', because: 'label' }],
    ['abc..com', { code: 'domain-format', typed: 'abc..com', because: 'label' }],
    ['abc_def.com', { code: 'domain-format', typed: 'abc_def.com', because: 'character', character: '_', position: 4 }],
    ['name@example.com', { code: 'domain-format', typed: 'name@example.com', because: 'email' }],
    ['com.example.app', { code: 'domain-format', typed: 'com.example.app', because: 'package-name' }],
    ['example.con', { code: 'domain-format', typed: 'example.con', because: 'suffix', suggestion: 'example.com' }],
    ['example.abcdefg', { code: 'domain-format', typed: 'example.abcdefg', because: 'suffix' }],
    [`${'a'.repeat(64)}.com`, { code: 'domain-format', typed: `${'a'.repeat(64)}.com`, because: 'label' }],
    ['xn--a.com', { code: 'domain-format', typed: 'xn--a.com', because: 'label' }],
  ])('%s: %j', (typed, problem) => {
    expect(read(typed)).toEqual(problem);
  });

  it('are read however they are written', () => {
    const name = fc.stringMatching(/^[a-z]([a-z0-9]{0,20}[a-z0-9])?$/);
    const around = fc.constantFrom(['', ''], ['域名是', '，谢谢'], ['https://www.', '/index.html'], ['备案', ''], [' ', '。'], ['“', '”']);
    fc.assert(
      fc.property(around, name, fc.constantFrom('com', 'cn', 'com.cn', 'top'), ([before, after], label, suffix) => {
        fc.pre(!['com', 'net', 'org', 'gov', 'edu', 'ac', 'mil', 'www'].includes(label) && !(suffix === 'cn' && label.length === 2));
        expect(read(`${before}${label}.${suffix}${after}`)).toMatchObject({ domain: `${label}.${suffix}` });
      }),
    );
  });

  it('never throw, and are read again from what was read', () => {
    fc.assert(
      fc.property(hostileText('abz0.@/:?_。中国com域名是'), fc.boolean(), (text, keepSubdomain) => {
        const result = parseFilingDomain(text, { keepSubdomain });
        if (!result.ok) return;
        const { domain, ascii } = result.value;
        // Not the readable form: 备案 and 是 at its beginning would be taken for words before the name.
        expect(read(ascii, keepSubdomain)).toMatchObject({ domain, ascii });
      }),
    );
  });
});
