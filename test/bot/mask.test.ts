import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskPersonalData } from '../../bot/mask.ts';

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
