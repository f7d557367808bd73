import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkCharacter, findCreditCodes, parseCreditCode } from '../../../knowledge/entities/credit-code.ts';
import { checkCharacter as idCheckCharacter } from '../../../knowledge/entities/id-number.ts';
import { hostileText, writtenLoosely } from './hostile-text.ts';

// Published samples and codes made up by the rule. Source: intake survey of 2026-11, section 2.3.
const read = (typed: string) => {
  const result = parseCreditCode(typed);
  return result.ok ? result.value : result.problem;
};

const character = fc.constantFrom(...'0123456789ABCDEFGHJKLMNPQRTUWXY');
const creditCode = fc
  .tuple(
    fc.constantFrom('91', '92', '12', '51', '31', 'Y1'),
    fc.constantFrom('350100', '110101', '440300'),
    fc.string({ unit: character, minLength: 9, maxLength: 9 }),
  )
  .map(([head, region, rest]) => head + region + rest)
  .map((body) => body + checkCharacter(body));

describe('credit codes', () => {
  it.each([
    ['91350100M000100Y43', 'enterprise', '35'],
    ['91350100m000100y43', 'enterprise', '35'],
    ['９１３５０１００Ｍ０００１００Ｙ４３', 'enterprise', '35'],
    ['9135 0100 M000 100Y 43', 'enterprise', '35'],
    ['统一社会信用代码：91350100M000100Y43。', 'enterprise', '35'],
    ['code 91350100M000100Y43 ok', 'enterprise', '35'],
    ['92110101MA0000007P', 'individual-business', '11'],
    ['12110000MA0000007C', 'public-body', '11'],
    ['51110000MA0000007B', 'social', '11'],
    ['52110000MA00000078', 'social', '11'],
    ['53110000MA00000075', 'social', '11'],
  ])('%s is that of an %s', (typed, filerKind, province) => {
    expect(read(typed)).toMatchObject({ filerKind, province });
  });

  it('of the national office say no province, and those of cooperatives that they are', () => {
    const code = (body: string) => body + checkCharacter(body);
    expect(read(code('91100000MA0000007'))).toMatchObject({ filerKind: 'enterprise', province: undefined });
    expect(read(code('93350100MA0000007'))).toMatchObject({ filerKind: 'enterprise', remark: 'cooperative' });
  });

  it.each([
    ['91350100M000100Y44', { code: 'credit-code-check-digit', organisationPasses: true }],
    ['91350100M000101Y43', { code: 'credit-code-check-digit', organisationPasses: false }],
    ['9135O100M000100Y43', { code: 'credit-code-chars', characters: 'O', position: 5, suggestion: '91350100M000100Y43' }],
    ['9135O1O0M000100Y43', { code: 'credit-code-chars', characters: 'O', position: 5, suggestion: '91350100M000100Y43' }],
    ['91350100V000100Y43', { code: 'credit-code-chars', characters: 'V', position: 9 }],
    ['9135A100M000100Y43', { code: 'credit-code-region', typed: '35A100', character: 'A', position: 5 }],
    ['350100100001234', { code: 'credit-code-length', length: 15, old: 'registration-number' }],
    ['12345678-9', { code: 'credit-code-length', length: 9, old: 'organisation-code' }],
    ['91350100M000100Y4', { code: 'credit-code-length', length: 17 }],
    ['没有', { code: 'credit-code-length', length: 0 }],
  ])('%s: %j', (typed, problem) => {
    expect(read(typed)).toEqual(problem);
  });

  it('are accepted however they are written, whenever their check character is right', () => {
    const written = creditCode.chain((code) => writtenLoosely(code).map((typed) => ({ typed, code })));
    fc.assert(
      fc.property(written, ({ typed, code }) => {
        expect(read(typed)).toMatchObject({ code });
      }),
    );
  });

  it('are refused with any one character changed', () => {
    fc.assert(
      fc.property(creditCode, fc.nat(17), fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'), (code, at, other) => {
        fc.pre(other !== code.charAt(at));
        expect(parseCreditCode(code.slice(0, at) + other + code.slice(at + 1)).ok).toBe(false);
      }),
    );
  });

  it('are not taken from the number of an identity card', () => {
    // Made up, and right by both rules: 31 serial numbers hold about one.
    const both = Array.from({ length: 1000 }, (_, serial) => `51010519491231${String(serial).padStart(3, '0')}`)
      .map((body) => body + idCheckCharacter(body))
      .find((number) => parseCreditCode(number).ok);
    expect(both).toBeDefined();
    expect(findCreditCodes(`代码91350100M000100Y43，身份证${both}`)).toMatchObject([{ value: { code: '91350100M000100Y43' } }]);
  });

  it('never throw', () => {
    fc.assert(
      fc.property(hostileText('0123456789AOISZM*代码'), (text) => {
        const result = parseCreditCode(text);
        if (result.ok) expect(read(result.value.code)).toEqual(result.value);
        for (const { start, end } of findCreditCodes(text)) expect(start < end && end <= text.length).toBe(true);
      }),
    );
  });
});
