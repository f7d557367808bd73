import { halfWidth, numbersIn } from './half-width.ts';
import { type IdNumber, type IdNumberProblem, parseIdNumber } from './id-number.ts';
import { accepted, type Result, refused } from './result.ts';

/** A person's document by its number. */
export interface Certificate {
  kind: IdNumber['kind'] | 'old-permanent-residence' | 'hk-macao-permit' | 'taiwan-permit' | 'passport';
  number: string;
  /** Only numbers of 18 characters tell these two; see `IdNumber`. */
  birthday?: string;
  region?: string;
  /** Sources contradict each other on whether people may file with it (intake survey of 2026-11, section 2.2). */
  remark?: 'ask-provider';
}

/**
 * Reads the number of an identity card, or of another document where words (护照, 台胞证) or a shape that no identity card has say
 * that it is one: a mistyped identity number stays that, with its own problem. Of other documents only the shape is known: intake
 * survey of 2026-11, section 2.2.
 */
export function parseCertificate(typed: string, today: string): Result<Certificate, IdNumberProblem> {
  const id = parseIdNumber(typed, today);
  if (id.ok) return id;
  const plain = halfWidth(typed);
  const numbers = numbersIn(plain.replace(/PASSPORT(?: ?(?:NUMBER|NO)\b)?/g, '，'), 15).map(({ value }) => value);
  if (numbersIn(plain, 24).some(({ value }) => value.length >= 16 && /^\d{14}/.test(value))) return id;
  const other = otherDocument(plain, numbers);
  if (other) return accepted({ ...other, remark: 'ask-provider' });
  // Nothing else has the shape that was taken for another document's.
  return id.problem.code === 'id-number-other-document' ? refused({ code: 'id-number-length', length: numbers[0]?.length ?? 0 }) : id;
}

function otherDocument(plain: string, numbers: readonly string[]): Certificate | undefined {
  const oldResidence = numbers.find((number) => /^[A-Z]{3}\d{12}$/.test(number));
  if (oldResidence) return { kind: 'old-permanent-residence', number: oldResidence };
  const taiwan = taiwanPermit(plain);
  if (taiwan) return { kind: 'taiwan-permit', number: taiwan };
  const saysPassport = /护照|護照|PASSPORT/.test(plain);
  const toHome = numbers.find((number) => /^[HM]\d{8}(?:\d{2})?$/.test(number));
  if (toHome && !saysPassport) return { kind: 'hk-macao-permit', number: toHome };
  const passport = numbers.find((number) => (saysPassport ? isPassport(number) : /^[A-Z]{1,2}\d{7,8}$/.test(number)));
  return passport ? { kind: 'passport', number: passport } : undefined;
}

/** Eight digits, which much else has as well; old cards had ten and a letter in brackets. */
function taiwanPermit(plain: string): string | undefined {
  const [, old] = /(?<![0-9A-Z])(\d{10} ?\([A-Z]\))/.exec(plain) ?? [];
  if (old) return old.replace(' ', '');
  if (!/台胞|臺胞|台湾|臺灣|通行证|通行證/.test(plain) || /港澳|回乡|回鄉/.test(plain)) return undefined;
  return /(?<![0-9A-Z])(?:\d{10}|\d{8})(?![0-9A-Z])/.exec(plain)?.[0];
}

function isPassport(number: string): boolean {
  return /^[A-Z0-9]{5,20}$/.test(number) && /\d{4}/.test(number) && number.length < 15;
}
