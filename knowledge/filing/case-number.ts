import { halfWidth, joined } from '../entities/half-width.ts';
import { accepted, type Result, refused } from '../entities/result.ts';

/** A case number as it was found in a text; `start` and `end` are offsets into it. */
export interface CaseNumber {
  /** BA-20261127-4829153: the day, six random digits and a check digit. */
  number: string;
  start: number;
  end: number;
}

export type CaseNumberProblem =
  /** `digits`: how many the longest number in the text has; a case number has 15. */
  { code: 'case-number-format'; digits: number } | { code: 'case-number-check-digit'; typed: string };

/** `day`: 2026-11-27; `serial`: six digits. */
export function formatCaseNumber(day: string, serial: string): string {
  const digits = day.replaceAll('-', '') + serial;
  if (!shape.test(`${digits}0`)) throw new Error(`No case number can be made of the day ${day} and ${serial.length} digits.`);
  return written(digits + checkDigit(digits));
}

/**
 * Finds a case number in what people type: without dashes or BA, in small letters, full width, with spaces, words around it. The check
 * digit finds every single wrong digit, and every two neighbours that changed places.
 */
export function parseCaseNumber(typed: string): Result<CaseNumber, CaseNumberProblem> {
  const plain = halfWidth(typed);
  const found = [...plain.matchAll(candidate)].flatMap((match) => {
    const digits = joined(match[0]).replace(/^BA/, '');
    return shape.test(digits) ? [{ digits, start: match.index, end: match.index + match[0].length }] : [];
  });
  const whole = found.find(({ digits }) => checkDigit(digits) === '0');
  if (whole) return accepted({ number: written(whole.digits), start: whole.start, end: whole.end });
  const [first] = found;
  if (first) return refused({ code: 'case-number-check-digit', typed: written(first.digits) });
  const runs = plain.match(/\d(?:[ -]?\d)*/g)?.map((run) => joined(run).length) ?? [];
  return refused({ code: 'case-number-format', digits: Math.max(0, ...runs) });
}

const candidate = /(?<![0-9A-Z])(?:B ?A[ -]{0,3})?\d(?:[ -]{0,3}\d){14}(?![0-9A-Z])/g;
const shape = /^20[2-9]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{7}$/;

function written(digits: string): string {
  return `BA-${digits.slice(0, 8)}-${digits.slice(8)}`;
}

// The totally anti-symmetric quasigroup of order 10 from H. M. Damm's thesis (Marburg 2004).
const damm = [
  '0317598642',
  '7092154863',
  '4206871359',
  '1750983426',
  '6123045978',
  '3674209581',
  '5869720134',
  '8945362017',
  '9438617205',
  '2581436790',
];

/** The digit that makes the rest come to 0; 0 itself for digits that end with the right one. */
function checkDigit(digits: string): string {
  return [...digits].reduce((interim, digit) => damm[Number(interim)]?.charAt(Number(digit)) ?? interim, '0');
}
