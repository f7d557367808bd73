import { type Found, halfWidth, likeliest, numbersIn } from './half-width.ts';
import { isLikeIdNumber } from './id-number.ts';
import { provinces } from './province.ts';
import { accepted, type Result, refused } from './result.ts';

/** A 统一社会信用代码, GB 32100-2015. */
export interface CreditCode {
  code: string;
  /** What its first two characters usually stand for; undefined where they say too little. */
  filerKind: 'enterprise' | 'individual-business' | 'public-body' | 'social' | 'law-firm' | undefined;
  /** The province that registered it, by code; undefined for those of the national office. A clue: who moves keeps the code. */
  province: string | undefined;
  /** 93: a farmers' cooperative, which most systems take as an enterprise: the provider is to be asked. */
  remark?: 'cooperative';
}

export type CreditCodeProblem =
  /** `old`: what has this length, the former registration number (15) or organisation code (9). */
  | { code: 'credit-code-length'; length: number; old?: 'registration-number' | 'organisation-code' }
  /** Letters that no code has, from position 1; `suggestion`: the code that passes with digits in their place. */
  | { code: 'credit-code-chars'; characters: string; position: number; suggestion?: string }
  /** Positions 3 to 8 as typed, with the first character that is no digit and its position in the code. */
  | { code: 'credit-code-region'; typed: string; character: string; position: number }
  /** `organisationPasses`: characters 9 to 17 agree with their own check digit, so that the slip is more likely in the others. */
  | { code: 'credit-code-check-digit'; organisationPasses: boolean };

const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const lookAlike: Record<string, string> = { O: '0', I: '1', S: '5', Z: '2' };

/** Reads a code as people type it: small letters, full width, spaces, words around it. Rules: intake survey of 2026-11, section 2.3. */
export function parseCreditCode(typed: string): Result<CreditCode, CreditCodeProblem> {
  const candidates = numbersIn(halfWidth(typed), 18);
  const results = candidates.filter(({ value }) => value.length === 18).map(({ value }) => readCode(value));
  return results.find(({ ok }) => ok) ?? readCode(likeliest(candidates, 18) ?? '');
}

/** The valid codes in a message. A number that an identity card has as well is taken for that. */
export function findCreditCodes(text: string): Found<CreditCode>[] {
  return numbersIn(halfWidth(text), 18).flatMap(({ value, start, end }) => {
    const result = readCode(value);
    return result.ok && !isLikeIdNumber(value) ? [{ value: result.value, start, end }] : [];
  });
}

function readCode(code: string): Result<CreditCode, CreditCodeProblem> {
  if (code.length !== 18) return refused({ code: 'credit-code-length', length: code.length, ...oldNumber(code) });
  const foreign = [...code].filter((character) => !alphabet.includes(character));
  if (foreign.length > 0) {
    const suggestion = code.replace(/[OISZ]/g, (letter) => lookAlike[letter] ?? letter);
    const position = [...code].findIndex((character) => !alphabet.includes(character)) + 1;
    const characters = [...new Set(foreign)].join('、');
    return refused({ code: 'credit-code-chars', characters, position, ...(passes(suggestion) && { suggestion }) });
  }
  const letterAt = code.slice(2, 8).search(/\D/) + 2;
  if (letterAt >= 2)
    return refused({ code: 'credit-code-region', typed: code.slice(2, 8), character: code.charAt(letterAt), position: letterAt + 1 });
  if (!passes(code)) return refused({ code: 'credit-code-check-digit', organisationPasses: organisationPasses(code.slice(8, 17)) });
  const region = code.slice(2, 4);
  const province = provinces.some((each) => each.code === region) ? region : undefined;
  return accepted({ code, filerKind: kindOf(code), province, ...(code.startsWith('93') && { remark: 'cooperative' as const }) });
}

function passes(code: string): boolean {
  return /^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/.test(code) && checkCharacter(code) === code.charAt(17);
}

function oldNumber(code: string): { old?: 'registration-number' | 'organisation-code' } {
  if (/^\d{15}$/.test(code)) return { old: 'registration-number' };
  return /^[0-9A-Z]{8}[0-9X]$/.test(code) ? { old: 'organisation-code' } : {};
}

function kindOf(code: string): CreditCode['filerKind'] {
  if (/^9[13]/.test(code)) return 'enterprise';
  if (code.startsWith('92')) return 'individual-business';
  if (/^1[1239]/.test(code)) return 'public-body';
  if (/^5[1239]/.test(code)) return 'social';
  return code.startsWith('31') ? 'law-firm' : undefined;
}

/** MOD 31 over the first 17 characters. */
export function checkCharacter(code: string): string {
  const sum = weights.reduce((total, weight, at) => total + weight * alphabet.indexOf(code.charAt(at)), 0);
  return alphabet.charAt((31 - (sum % 31)) % 31);
}

/** The organisation code within, GB 11714: a hint only, as some real codes do not keep to it. */
function organisationPasses(code: string): boolean {
  const value = (character: string) => Number.parseInt(character, 36);
  const sum = [3, 7, 9, 10, 5, 8, 4, 2].reduce((total, weight, at) => total + weight * value(code.charAt(at)), 0);
  return '0123456789X0'.charAt(11 - (sum % 11)) === code.charAt(8);
}
