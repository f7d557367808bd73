import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findMobiles, parseLandline, parseMobile } from '../../../knowledge/entities/phone.ts';
import { hostileText, writtenLoosely } from './hostile-text.ts';

const mobile = (typed: string) => {
  const result = parseMobile(typed);
  return result.ok ? result.value : result.problem;
};
const landline = (typed: string) => {
  const result = parseLandline(typed);
  return result.ok ? result.value.number : result.problem;
};

const number = fc.tuple(fc.constantFrom('13', '15', '18', '19', '17'), fc.stringMatching(/^\d{9}$/)).map((parts) => parts.join(''));

describe('mobile numbers', () => {
  it.each([
    '13800138000',
    '１３８００１３８０００',
    '138 0013 8000',
    '138-0013-8000',
    '138.0013.8000',
    '+86 138 0013 8000',
    '+8613800138000',
    '008613800138000',
    '8613800138000',
    '(+86)13800138000',
    '(138)00138000',
    '一三八零零一三八零零零',
    '幺三八零零幺三八零零零',
    '手机号是13800138000，随时打',
    '13800138000。',
    '\u202d13800138000\u202c',
  ])('%s is read', (typed) => {
    expect(mobile(typed)).toEqual({ number: '13800138000' });
  });

  it.each([
    ['17012345678', 'virtual-operator'],
    ['16212345678', 'virtual-operator'],
    ['16512345678', 'virtual-operator'],
    ['16712345678', 'virtual-operator'],
    ['17112345678', 'virtual-operator'],
    ['14512345678', 'data-card'],
    ['14712345678', 'data-card'],
    ['14812345678', 'data-card'],
    ['14912345678', 'data-card'],
    ['15412345678', 'unknown-range'],
    ['17406123456', 'unknown-range'],
    ['17405123456', undefined],
    ['16101234567', undefined],
    ['19212345678', undefined],
  ])('%s: %s', (typed, remark) => {
    expect(mobile(typed)).toEqual({ number: typed, ...(remark && { remark }) });
  });

  it.each([
    ['1380013800', { code: 'mobile-format', digits: 10 }],
    ['138001380001', { code: 'mobile-format', digits: 12 }],
    ['12800138000', { code: 'mobile-format', digits: 11, begins: '12' }],
    ['8612800138000', { code: 'mobile-format', digits: 11, begins: '12' }],
    ['1380O138000', { code: 'mobile-format', digits: 10, character: 'O', position: 5 }],
    ['138****8000', { code: 'mobile-format', digits: 7, character: '*', position: 4 }],
    ['010-12345678', { code: 'mobile-format', digits: 11, begins: '01' }],
    ['1064812345678', { code: 'mobile-machine' }],
    ['1440012345678', { code: 'mobile-machine' }],
    ['没有', { code: 'mobile-format', digits: 0 }],
  ])('%s: %j', (typed, problem) => {
    expect(mobile(typed)).toEqual(problem);
  });

  it('are not cut out of longer numbers', () => {
    expect(findMobiles('11010519491231002X 91350100M000100Y43 6222138001380001234')).toEqual([]);
  });

  it('are accepted however they are written', () => {
    const written = number.chain((each) => writtenLoosely(each).map((typed) => ({ typed, each })));
    fc.assert(
      fc.property(written, ({ typed, each }) => {
        expect(mobile(typed)).toMatchObject({ number: each });
      }),
    );
  });

  it('never throw, and are found where they stand', () => {
    fc.assert(
      fc.property(hostileText('0123456789+()一幺三八'), (text) => {
        const result = parseMobile(text);
        if (result.ok) expect(mobile(result.value.number)).toEqual(result.value);
        for (const { start, end } of findMobiles(text)) expect(0 <= start && start < end && end <= text.length).toBe(true);
      }),
    );
  });
});

describe('landlines', () => {
  it.each([
    ['010-22345678', '010-22345678'],
    ['01022345678', '010-22345678'],
    ['(0755)22345678', '0755-22345678'],
    ['０５９１－２２３４５６７', '0591-2234567'],
    ['021 2234 5678 转 12', '021-22345678-12'],
    ['+86-10-22345678', '010-22345678'],
    ['电话0755-22345678-801', '0755-22345678-801'],
    ['22345678', { code: 'landline-format', because: 'area-code' }],
    ['400-123-4567', { code: 'landline-format', because: 'service' }],
    ['13800138000', { code: 'landline-format', because: 'mobile' }],
    ['010-12345678', { code: 'landline-format' }],
    ['没有', { code: 'landline-format' }],
  ])('%s: %j', (typed, expected) => {
    expect(landline(typed)).toEqual(expected);
  });

  it('never throw, and are read again from what was read', () => {
    fc.assert(
      fc.property(hostileText('0123456789()转'), (text) => {
        const result = parseLandline(text);
        if (result.ok) {
          expect(result.value.number).toMatch(/^0\d{2,3}-[2-9]\d{6,7}(?:-\d{1,6})?$/);
          expect(landline(result.value.number)).toBe(result.value.number);
        }
      }),
    );
  });
});
