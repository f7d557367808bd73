import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCertificate } from '../../../knowledge/entities/certificate.ts';
import { ageOn, checkCharacter, findIdNumbers, parseIdNumber } from '../../../knowledge/entities/id-number.ts';
import { hostileText, writtenLoosely } from './hostile-text.ts';

// Standard samples, samples of documents that authorities published, and numbers made up by the rule: nobody's. Source: intake survey
// of 2026-11, sections 2.1 and 2.2.
const today = '2026-11-24';
const sample = '11010519491231002X';

const read = (typed: string) => {
  const result = parseIdNumber(typed, today);
  return result.ok ? result.value : result.problem;
};
const certificate = (typed: string) => {
  const result = parseCertificate(typed, today);
  return result.ok ? result.value : result.problem;
};

const idNumber = fc
  .tuple(
    fc.constantFrom('110105', '440300', '330106', '650102', '810000', '830000', '932682', '911840'),
    fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2026, 10, 24) }).map((time) => new Date(time).toISOString().slice(0, 10)),
    fc.integer({ min: 0, max: 999 }),
  )
  .map(([region, birthday, serial]) => {
    const body = `${region}${birthday.replaceAll('-', '')}${String(serial).padStart(3, '0')}`;
    return { number: body + checkCharacter(body), birthday };
  });

describe('identity numbers', () => {
  it.each([
    sample,
    '11010519491231002x',
    '１１０１０５１９４９１２３１００２Ｘ',
    '110105 19491231 002X',
    '110105-19491231-002×',
    '身份证号：11010519491231002X，谢谢',
    '一一零一零五一九四九一二三一零零二X',
    'ID11010519491231002X',
    '我的是11010519491231002X 手机13800138000',
  ])('%s is read', (typed) => {
    expect(read(typed)).toEqual({ kind: 'id-card', number: sample, birthday: '1949-12-31', region: '11' });
  });

  it.each([
    ['810000199408230021', 'residence-permit', '1994-08-23', '81'],
    ['830000199201300022', 'residence-permit', '1992-01-30', '83'],
    ['932682198501010017', 'permanent-residence', '1985-01-01', '32'],
  ])('%s is a %s', (number, kind, birthday, region) => {
    expect(read(number)).toEqual({ kind, number, birthday, region });
  });

  it.each([
    ['110105194912310021', { code: 'id-number-check-digit' }],
    ['11010519491213002X', { code: 'id-number-check-digit' }],
    ['110105194902310026', { code: 'id-number-birthday', typed: '1949-02-31' }],
    ['160105194912310029', { code: 'id-number-region', typed: '16' }],
    ['11010520300101001X', { code: 'id-number-birthday', typed: '2030-01-01' }],
    ['110105189912310023', { code: 'id-number-birthday', typed: '1899-12-31' }],
    ['110105491231002', { code: 'id-number-length', length: 15 }],
    ['11010519491231002', { code: 'id-number-length', length: 17 }],
    ['1101051949123100213', { code: 'id-number-length', length: 19 }],
    ['身份证 1101051949123100 手机 13800138000', { code: 'id-number-length', length: 16 }],
    ['11010519491231OO2X', { code: 'id-number-chars', character: 'O', position: 15 }],
    ['1101051949X231002X', { code: 'id-number-chars', character: 'X', position: 11 }],
    ['110105********002X', { code: 'id-number-chars', character: '*', position: 7 }],
    ['11010519491231002A', { code: 'id-number-chars', character: 'A', position: 18 }],
    ['810100199408230021', { code: 'id-number-region', typed: '81' }],
    ['12345678', { code: 'id-number-length', length: 8 }],
    ['', { code: 'id-number-length', length: 0 }],
    ['不告诉你', { code: 'id-number-length', length: 0 }],
  ])('%s: %j', (typed, problem) => {
    expect(read(typed)).toEqual(problem);
  });

  it('are accepted however they are written, whenever their check character is right', () => {
    const written = idNumber.chain(({ number, birthday }) => writtenLoosely(number).map((typed) => ({ typed, number, birthday })));
    fc.assert(
      fc.property(written, ({ typed, number, birthday }) => {
        expect(read(typed)).toMatchObject({ number, birthday });
      }),
    );
  });

  it('are refused with any one character changed', () => {
    fc.assert(
      fc.property(idNumber, fc.nat(17), fc.integer({ min: 1, max: 9 }), ({ number }, at, step) => {
        const character = number.charAt(at) === 'X' ? String(step) : String((Number(number.charAt(at)) + step) % 10);
        expect(parseIdNumber(number.slice(0, at) + character + number.slice(at + 1), today).ok).toBe(false);
      }),
    );
  });

  it('are found with their place in a message', () => {
    fc.assert(
      fc.property(idNumber, fc.constantFrom('', '张三 ', '号码：', '电话010-12345678，'), ({ number }, before) => {
        expect(findIdNumbers(`${before}${number}，好的`, today)).toMatchObject([
          { value: { number }, start: before.length, end: before.length + 18 },
        ]);
      }),
    );
  });

  it('count years of age to the day', () => {
    expect([ageOn('2008-11-24', today), ageOn('2008-11-25', today), ageOn('2008-02-29', '2026-02-28')]).toEqual([18, 17, 17]);
  });
});

describe('certificates', () => {
  it.each([
    [sample, { kind: 'id-card', number: sample, birthday: '1949-12-31', region: '11' }],
    ['KAZ110090123105', { kind: 'old-permanent-residence', number: 'KAZ110090123105', remark: 'ask-provider' }],
    ['H12345678', { kind: 'hk-macao-permit', number: 'H12345678', remark: 'ask-provider' }],
    ['回乡证 m1234567801', { kind: 'hk-macao-permit', number: 'M1234567801', remark: 'ask-provider' }],
    ['台胞证：12345678', { kind: 'taiwan-permit', number: '12345678', remark: 'ask-provider' }],
    ['0123456789（B）', { kind: 'taiwan-permit', number: '0123456789(B)', remark: 'ask-provider' }],
    ['E12345678', { kind: 'passport', number: 'E12345678', remark: 'ask-provider' }],
    ['护照号 123456789', { kind: 'passport', number: '123456789', remark: 'ask-provider' }],
    ['passport no. H12345678', { kind: 'passport', number: 'H12345678', remark: 'ask-provider' }],
    // A mistyped identity number stays one.
    ['110105194912310021', { code: 'id-number-check-digit' }],
    ['护照 110105194912310021', { code: 'id-number-check-digit' }],
    ['1101051949123100', { code: 'id-number-length', length: 16 }],
    ['110105491231002', { code: 'id-number-length', length: 15 }],
    ['12345678', { code: 'id-number-length', length: 8 }],
    ['没有', { code: 'id-number-length', length: 0 }],
  ])('%s: %j', (typed, expected) => {
    expect(certificate(typed)).toEqual(expected);
  });

  it('never throw, and are read again from their own number', () => {
    fc.assert(
      fc.property(hostileText('0123456789XHM护照台胞证*'), (text) => {
        const result = parseCertificate(text, today);
        if (!result.ok) return;
        const { kind, number } = result.value;
        const words = kind === 'taiwan-permit' ? '台胞证' : kind === 'passport' ? '护照' : '';
        expect(certificate(words + number)).toEqual(result.value);
      }),
    );
  });
});
