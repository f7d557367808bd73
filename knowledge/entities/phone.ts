import { type Found, halfWidth, likeliest, numbersIn } from './half-width.ts';
import { accepted, type Result, refused } from './result.ts';

export interface Mobile {
  /** 11 digits. */
  number: string;
  remark?: 'virtual-operator' | 'data-card' | 'unknown-range';
}

export type MobileProblem =
  /** `digits`: how many there are; `begins`: its first two, when only they are wrong; `character`: one that is no digit, at a position from 1. */
  | { code: 'mobile-format'; digits: number; begins?: string; character?: string; position?: number }
  /** 13 digits, beginning with 10 or 14: a card in a machine, which no SMS reaches. */
  | { code: 'mobile-machine' };

// Ranges in use, metadata of 2026; new ones come, so that others are only looked at twice.
const inUse = /^1(?:[38]\d|4[57]|[59][0-35-9]|6[25-7]|7[0-35-8])\d{8}$|^1740[0-5]\d{6}$|^1610\d{7}$/;

/** A mobile number as people type it: +86, spaces, brackets, 一三八…, words around it. Rules: intake survey of 2026-11, section 2.4. */
export function parseMobile(typed: string): Result<Mobile, MobileProblem> {
  const [first] = findMobiles(typed);
  if (first) return accepted(first.value);
  const plain = halfWidth(typed).replace(/[()+.]/g, ' ');
  const number = (likeliest(numbersIn(plain, 17), 11) ?? '').replace(/^(?:00)?86(?=.{11}$)/, '');
  return refused(/^1[04]\d{11}$/.test(number) ? { code: 'mobile-machine' } : misread(number));
}

/** The mobile numbers in a message, in its order. */
export function findMobiles(text: string): Found<Mobile>[] {
  return [...halfWidth(text).matchAll(mobile)].map((match) => ({
    value: readMobile((match[1] ?? '').replace(/\D/g, '')),
    start: match.index,
    end: match.index + match[0].length,
  }));
}

const mobile = /(?<![\dA-Z*])(?:\(?(?:\+|00)?86\)?[ -]{0,2})?\(?(1[3-9]\d(?:[ -]?[ ().-]?\d){8})(?![\dA-Z*])/g;

function misread(number: string): MobileProblem {
  const digits = number.replace(/\D/g, '').length;
  const at = number.search(/\D/);
  // A letter for a digit, as O for 0, or part of the number hidden.
  if (at >= 0 && digits >= 5) return { code: 'mobile-format', digits, character: number.charAt(at), position: at + 1 };
  return { code: 'mobile-format', digits, ...(digits === 11 && at < 0 && { begins: number.slice(0, 2) }) };
}

function readMobile(number: string): Mobile {
  if (/^1(?:62|65|67|7[01])/.test(number)) return { number, remark: 'virtual-operator' };
  if (/^14[5789]/.test(number)) return { number, remark: 'data-card' };
  return inUse.test(number) ? { number } : { number, remark: 'unknown-range' };
}

export interface Landline {
  /** 010-12345678, 0755-1234567-12. */
  number: string;
}

/** `area-code`: it is missing; `service`: 400 and 800 numbers, which belong to no person; `mobile`: a mobile number. */
export interface LandlineProblem {
  code: 'landline-format';
  because?: 'area-code' | 'service' | 'mobile';
}

/** A fixed line, with area code: 010 1234 5678转12, (0755)1234567, +86-10-…. Rules: intake survey of 2026-11, section 2.5. */
export function parseLandline(typed: string): Result<Landline, LandlineProblem> {
  const plain = halfWidth(typed).replace(/(?:转|分机号?|EXT\.?)[ :]*/g, '-');
  for (const match of plain.matchAll(landline)) {
    const { area = '', local = '', extension } = match.groups ?? {};
    const digits = local.replace(/\D/g, '');
    return accepted({ number: [`0${area}`, digits, ...(extension ? [extension] : [])].join('-') });
  }
  return refused({ code: 'landline-format', ...whyNoLandline(typed, plain) });
}

const landline =
  /(?<![\dA-Z])(?:\(?(?:(?:\+|00)86\)?[ -]?\(?0?|\(?0))(?<area>10|2\d|[3-9]\d\d)\)?[ -]?(?<local>[2-9]\d{2,3}[ -]?\d{4})(?: ?-+ ?(?<extension>\d{1,6}))?(?![\dA-Z])/g;

function whyNoLandline(typed: string, plain: string): { because?: 'area-code' | 'service' | 'mobile' } {
  if (findMobiles(typed).length > 0) return { because: 'mobile' };
  if (/(?<!\d)[48]00[ -]?\d{3}[ -]?\d{4}(?!\d)/.test(plain)) return { because: 'service' };
  return /(?<![\d-])[2-9]\d{2,3}[ -]?\d{4}(?!\d)/.test(plain) ? { because: 'area-code' } : {};
}
