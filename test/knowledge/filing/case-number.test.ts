import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCaseNumber, parseCaseNumber } from '../../../knowledge/filing/case-number.ts';

const day = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const serial = fc.stringMatching(/^\d{6}$/);
const number = fc.tuple(day, serial).map(([on, digits]) => formatCaseNumber(on, digits));
const digitsOf = (text: string) => text.replace(/\D/g, '');
const written = (digits: string) => `BA-${digits.slice(0, 8)}-${digits.slice(8)}`;

describe('a case number', () => {
  it('has the day, six digits and a check digit', () => {
    fc.assert(
      fc.property(day, serial, (on, digits) => {
        expect(formatCaseNumber(on, digits)).toMatch(new RegExp(`^BA-${on.replaceAll('-', '')}-${digits}\\d$`));
      }),
    );
  });

  it('is read as it was written', () => {
    fc.assert(
      fc.property(number, (each) => {
        expect(parseCaseNumber(each)).toEqual({ ok: true, value: { number: each, start: 0, end: each.length } });
      }),
    );
  });

  it.each<[string, (number: string) => string]>([
    ['without dashes', (text) => text.replaceAll('-', '')],
    ['without BA', (text) => text.slice(3)],
    ['of digits only', digitsOf],
    ['in small letters', (text) => text.toLowerCase()],
    ['in full width', (text) => text.replace(/[!-~]/g, (half) => String.fromCharCode(half.charCodeAt(0) + 0xfee0))],
    ['with long dashes', (text) => text.replaceAll('-', '—')],
    ['with spaces', (text) => text.replaceAll('-', ' ')],
    ['with spaces and dashes', (text) => text.replaceAll('-', ' - ')],
    ['in groups', (text) => text.replace(/(\d{4})(?=\d)/g, '$1 ')],
  ])('is read %s, with words around it', (_, form) => {
    fc.assert(
      fc.property(
        number,
        fc.constantFrom('', '我的受理编号是', '编号：', '手机尾号5678，'),
        fc.constantFrom('', '，请查一下', ' 尾号5678'),
        (each, before, after) => {
          const typed = form(each);
          const result = parseCaseNumber(before + typed + after);
          expect(result).toEqual({ ok: true, value: { number: each, start: before.length, end: before.length + typed.length } });
        },
      ),
    );
  });

  it('with any wrong digit is refused', () => {
    fc.assert(
      fc.property(number, fc.nat(14), fc.integer({ min: 1, max: 9 }), (each, at, more) => {
        const digits = digitsOf(each);
        const wrong = digits.slice(0, at) + ((Number(digits.charAt(at)) + more) % 10) + digits.slice(at + 1);
        expect(parseCaseNumber(written(wrong)).ok).toBe(false);
      }),
    );
  });

  it('with any two neighbours changed is refused', () => {
    fc.assert(
      fc.property(number, fc.nat(13), (each, at) => {
        const digits = digitsOf(each);
        fc.pre(digits.charAt(at) !== digits.charAt(at + 1));
        const wrong = digits.slice(0, at) + digits.charAt(at + 1) + digits.charAt(at) + digits.slice(at + 2);
        expect(parseCaseNumber(written(wrong)).ok).toBe(false);
      }),
    );
  });

  it('that is wrong is told apart from what is none', () => {
    const right = formatCaseNumber('2026-11-27', '482915');
    const wrong = right.slice(0, -1) + ((Number(right.slice(-1)) + 1) % 10);
    expect(parseCaseNumber(wrong)).toEqual({ ok: false, problem: { code: 'case-number-check-digit', typed: wrong } });
    expect(parseCaseNumber('BA-20261127-48')).toEqual({ ok: false, problem: { code: 'case-number-format', digits: 10 } });
    expect(parseCaseNumber('我的备案到哪了')).toEqual({ ok: false, problem: { code: 'case-number-format', digits: 0 } });
  });

  it.each(['11010519491231002X', '13812345678', '京ICP备2026112748号-1', '110105491231002', 'BA-20261399-4829153'])('is not %s', (text) => {
    expect(parseCaseNumber(text)).toMatchObject({ ok: false, problem: { code: 'case-number-format' } });
  });

  it('is read out of any text without fail', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(parseCaseNumber(text)).toHaveProperty('ok');
      }),
    );
    expect(parseCaseNumber('1 '.repeat(200_000)).ok).toBe(false);
  });
});
