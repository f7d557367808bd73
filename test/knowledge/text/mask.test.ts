import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskCertificates, maskPersonalData, maskSecrets, maskTyped } from '../../../knowledge/text/mask.ts';

describe('personal data in free text', () => {
  it.each([
    ['a mobile number', '我的手机是13812345678，谢谢', '我的手机是[11 digits],谢谢'],
    ['one with spaces', '138 1234 5678', '[11 digits]'],
    ['one with hyphens', '138-1234-5678', '[11 digits]'],
    ['one in full-width digits', '１３８１２３４５６７８', '[11 digits]'],
    ['a landline', '010-62345678', '[11 digits]'],
    ['an identity card', '110101199003070038', '[18 digits]'],
    ['one that ends in X', '11010119900307004X', '[18 digits]'],
    ['a bank card', '6222 0200 0000 0000 000', '[19 digits]'],
    ['an address', '发到 zhang.san+beian@example.com.cn 吧', '发到 [email] 吧'],
  ])('%s is covered', (_, text, masked) => {
    expect(maskPersonalData(text)).toBe(masked);
  });

  it.each(['备案审核要20个工作日', '2024年4月1日', '收费300元', '粤ICP备', '第33号令'])('"%s" is left as it is', (text) => {
    expect(maskPersonalData(text)).toBe(text.normalize('NFKC'));
  });

  it('is covered wherever it stands', () => {
    fc.assert(
      fc.property(fc.string(), fc.stringMatching(/^1[3-9]\d{9}$/), fc.string(), (before, mobile, after) => {
        expect(maskPersonalData(`${before}${mobile}${after}`)).not.toContain(mobile);
      }),
    );
  });

  it('of any length is covered before the customer loses patience', () => {
    // A quadratic scan of these would run into the time limit of the test.
    expect(maskPersonalData('a'.repeat(1_000_000))).toHaveLength(1_000_000);
    expect(maskPersonalData('1 '.repeat(500_000)).trim()).toBe('[500000 digits]');
    expect(maskPersonalData('a@'.repeat(500_000))).toContain('a@');
  });
});

describe('certificate numbers in what customers type', () => {
  it.each([
    ['an identity card', '我的身份证是11010519491231002X，谢谢', '我的身份证是110***********002X，谢谢'],
    ['one with a small x', '11010519491231002x', '110***********002X'],
    ['one in full width', '号码：１１０１０５１９４９１２３１００２Ｘ。', '号码：110***********002X。'],
    ['one with spaces', '110105 19491231 002X', '110***********002X'],
    ['one with hyphens', '110105-1949-1231-002X', '110***********002X'],
    ['one in Chinese numerals', '一一零一零五一九四九一二三一零零二X', '110***********002X'],
    ['one after a phone number', '13812345678 110105 1949 1231 002X', '13812345678 110***********002X'],
    ['one after letters', 'id11010519491231002X', 'id110***********002X'],
    ['one with a digit too few', '1101051949123100X', '110**********100X'],
    ['one of any region', '990105194912310021', '990***********0021'],
    ['two in a row', '11010519491231002X，110105194912310021', '110***********002X，110***********0021'],
    ['one of the old ones', '110105491231002', '110********1002'],
    ['a residence permit', '810000199408230021', '810***********0021'],
    ['a travel permit', '回乡证H12345678', '回乡证H1*****78'],
    ['a passport', '护照 E12345678 / EA1234567', '护照 E1*****78 / EA*****67'],
    ['an old permanent residence card', 'USA110012345678', 'USA********5678'],
  ])('%s is covered', (_, typed, covered) => {
    expect(maskCertificates(typed)).toBe(covered);
  });

  it.each([
    '13812345678',
    '手机 138-1234-5678，座机 010-62345678',
    '京ICP备12345678号-1，粤B2-20040001',
    'BA-20261127-4829153',
    '202611274829153',
    'BA 20261127 4829153',
    '91350100M000100Y43',
    'wx1234567890abcdef',
    'D41D8CD98F00B204E9800998ECF8427E',
    '2026-11-24到2026-12-24',
    '办公室在一楼三零二，一共二十个人',
    '192.168.100.101 和 10.20.30.40',
  ])('"%s" is left as it is', (typed) => {
    expect(maskCertificates(typed)).toBe(typed);
  });

  it('are covered in any form, wherever they stand', () => {
    const forms: ((number: string) => string)[] = [
      (number) => number,
      (number) => number.toLowerCase(),
      (number) => number.replace(/[!-~]/g, (half) => String.fromCharCode(half.charCodeAt(0) + 0xfee0)),
      (number) => `${number.slice(0, 6)} ${number.slice(6, 14)} ${number.slice(14)}`,
      (number) => `${number.slice(0, 6)}-${number.slice(6, 14)}-${number.slice(14)}`,
      (number) => number.replace(/\d/g, (digit) => '零一二三四五六七八九'.charAt(Number(digit))),
    ];
    const idNumber = fc.stringMatching(/^(?:11|31|44|65)\d{4}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|1\d|2[0-8])\d{3}[\dX]$/);
    const around = fc.constantFrom('', '，', '我的证件号码', ' ', '\n', '手机13812345678，', '（');
    fc.assert(
      fc.property(idNumber, fc.constantFrom(...forms), around, around, (number, form, before, after) => {
        const covered = maskCertificates(before + form(number) + after);
        expect(covered).toBe(`${before}${number.slice(0, 3)}${'*'.repeat(11)}${number.slice(-4)}${after}`);
        expect(maskCertificates(covered)).toBe(covered);
      }),
    );
  });

  it('of any length are covered before the customer loses patience', () => {
    expect(maskCertificates('a'.repeat(1_000_000))).toHaveLength(1_000_000);
    expect(maskCertificates('2 '.repeat(500_000))).not.toBe('');
    expect(maskCertificates('一'.repeat(200_000))).toHaveLength(200_000);
  });
});

describe('passwords and codes, which nobody wants', () => {
  it.each([
    ['密码是abc12345', '密码是******'],
    ['密码：Abc@2026!，帮我登录', '密码：******，帮我登录'],
    ['我的密码 abc12345 登不上', '我的密码 ****** 登不上'],
    ['密码我改成了 Qwe#123', '密码我改成了 ******'],
    ['密码设为ａｂｃ１２３４５', '密码设为******'],
    ['password: hunter2', 'password: ******'],
    ['账号13812345678，密码是a1b2', '账号13812345678，密码是******'],
    ['验证码 123456', '验证码 ******'],
    ['验证码是１２３４５６', '验证码是******'],
    ['短信验证码：123 456', '短信验证码：******'],
    ['收到了123456，是验证码吗', '收到了123456，是验证码吗'],
    ['123456是我的验证码', '******是我的验证码'],
    ['校验码收到了，8842', '校验码收到了，******'],
    ['密码是abc12345，验证码是 9527', '密码是******，验证码是 ******'],
  ])('%s', (typed, covered) => {
    expect(maskSecrets(typed)).toBe(covered);
    expect(maskTyped(typed)).toBe(covered);
    expect(maskTyped(covered)).toBe(covered);
    expect(maskPersonalData(typed)).not.toMatch(/abc12345|hunter2|Qwe#123/);
  });

  it.each([
    '备案密码忘了怎么办',
    '密码忘了，怎么登录beian.miit.gov.cn',
    '密码是多少位的',
    '收不到12381的验证码',
    '12381短信验证码没收到',
    '验证码2026年改了吗',
    '验证码24小时内有效',
    '识别码 ABC 是什么',
    'ICP备案口令',
  ])('"%s" is left as it is', (typed) => {
    expect(maskTyped(typed)).toBe(typed);
  });

  it('of any length are covered before the customer loses patience', () => {
    expect(maskSecrets('密码设为'.repeat(100_000))).toHaveLength(400_000);
    expect(maskSecrets('验证码'.repeat(100_000))).toHaveLength(300_000);
    expect(maskSecrets(`验证码${'1 '.repeat(200_000)}`)).not.toBe('');
  });
});
