import { type Found, halfWidth, likeliest, numbersIn } from './half-width.ts';
import { accepted, type Result, refused } from './result.ts';

/**
 * The number of an identity card, or of a permit that is numbered like one: residence permits for people of Hong Kong (81), Macao
 * (82) and Taiwan (83), and the foreigner's permanent residence card in its form since 2023 (9…). GB 11643-1999.
 */
export interface IdNumber {
  kind: 'id-card' | 'residence-permit' | 'permanent-residence';
  /** 18 characters; the last may be X. */
  number: string;
  /** 1949-12-31 */
  birthday: string;
  /** Of the first registration: the first two digits, or of the office that issued a permanent residence card. A clue, no address. */
  region: string;
}

export type IdNumberProblem =
  /** 15: a number of before 1999, which the present card does not bear. 0: no number at all. */
  | { code: 'id-number-length'; length: number }
  /** `character` where none but digits may stand, at a `position` from 1. */
  | { code: 'id-number-chars'; character: string; position: number }
  | { code: 'id-number-region'; typed: string }
  /** As typed: 1949-02-31; positions 7 to 14. */
  | { code: 'id-number-birthday'; typed: string }
  | { code: 'id-number-check-digit' }
  /** A document that people file with only by some sources: passports, travel permits, old permanent residence cards. */
  | { code: 'id-number-other-document' };

const regions = new Set(
  [
    [11, 15],
    [21, 23],
    [31, 37],
    [41, 46],
    [50, 54],
    [61, 65],
  ].flatMap(([from = 0, to = 0]) => Array.from({ length: to - from + 1 }, (_, at) => String(from + at))),
);

/**
 * Reads a number as people type it: full width, spaces, small x, 一一零一…, words around it. `today`: day in China. That a number is
 * accepted says that it is written correctly, not that such a person exists. Rules: intake survey of 2026-11, sections 2.1 and 2.2.
 */
export function parseIdNumber(typed: string, today: string): Result<IdNumber, IdNumberProblem> {
  const candidates = numbersIn(halfWidth(typed).replace(/(?<![0-9A-Z])ID(?=\d)/g, '  '), 18);
  const results = candidates.filter(({ value }) => value.length === 18).map(({ value }) => readNumber(value, today));
  return results.find(({ ok }) => ok) ?? readNumber(likeliest(candidates, 18) ?? '', today);
}

/** The valid numbers in a message. */
export function findIdNumbers(text: string, today: string): Found<IdNumber>[] {
  return numbersIn(halfWidth(text), 18).flatMap(({ value, start, end }) => {
    const result = readNumber(value, today);
    return result.ok ? [{ value: result.value, start, end }] : [];
  });
}

/** Whether 18 characters are those of some identity card, which other numbers of this length are hardly ever. */
export function isLikeIdNumber(number: string): boolean {
  return readNumber(number, '2100-01-01').ok;
}

/** Completed years of age on a day. */
export function ageOn(birthday: string, day: string): number {
  const years = Number(day.slice(0, 4)) - Number(birthday.slice(0, 4));
  return day.slice(5) < birthday.slice(5) ? years - 1 : years;
}

function readNumber(number: string, today: string): Result<IdNumber, IdNumberProblem> {
  if (/^(?:[HM]\d{8}(?:\d{2})?|[A-Z]{3}\d{12}|[A-Z]{1,2}\d{7,8})$/.test(number)) return refused({ code: 'id-number-other-document' });
  if (number.length !== 18) return refused({ code: 'id-number-length', length: number.length });
  const wrong = [...number].findIndex((character, at) => !(/\d/.test(character) || (at === 17 && character === 'X')));
  if (wrong >= 0) return refused({ code: 'id-number-chars', character: number.charAt(wrong), position: wrong + 1 });
  const kind = kindOf(number);
  if (!kind) return refused({ code: 'id-number-region', typed: number.slice(0, 2) });
  const birthday = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;
  if (!isDay(birthday) || birthday < '1900-01-01' || birthday > today) return refused({ code: 'id-number-birthday', typed: birthday });
  if (checkCharacter(number) !== number.charAt(17)) return refused({ code: 'id-number-check-digit' });
  return accepted({ kind, number, birthday, region: kind === 'permanent-residence' ? number.slice(1, 3) : number.slice(0, 2) });
}

function kindOf(number: string): IdNumber['kind'] | undefined {
  if (regions.has(number.slice(0, 2))) return 'id-card';
  if (/^8[123]0000/.test(number)) return 'residence-permit';
  return /^9/.test(number) && regions.has(number.slice(1, 3)) ? 'permanent-residence' : undefined;
}

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** ISO 7064 MOD 11-2 over the first 17 digits. */
export function checkCharacter(number: string): string {
  const sum = weights.reduce((total, weight, at) => total + weight * Number(number.charAt(at)), 0);
  return '10X98765432'.charAt(sum % 11);
}

function isDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}
