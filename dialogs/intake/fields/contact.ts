import { parseEmail } from '../../../knowledge/entities/email.ts';
import { findMobiles, parseMobile } from '../../../knowledge/entities/phone.ts';
import { type Result, refused } from '../../../knowledge/entities/result.ts';
import type { Reading } from '../field.ts';
import type { Problem, Remark } from '../problems.ts';
import { readAs } from './reading.ts';

export interface ReadMobile {
  number: string;
  remarks: Remark[];
  /** The message without the number. */
  rest: string;
  /** A second number that the message calls 应急 or 备用. */
  emergency?: string;
}

/** The one mobile number of a message; a second one counts when it is called an emergency number. */
export function readMobiles(typed: string): Result<ReadMobile, Problem> {
  const found = findMobiles(typed);
  const numbers = [...new Set(found.map(({ value }) => value.number))];
  const [first, second] = found;
  const parsed = parseMobile(typed);
  if (!first || !parsed.ok) return parsed.ok ? refused({ code: 'mobile-format', digits: 0 }) : parsed;
  const between = second ? typed.slice(first.end, second.start) : '';
  const named = numbers.length === 2 && second && /应急|紧急|备用/.test(between);
  if (numbers.length > 1 && !named) return refused({ code: 'several-values', count: numbers.length });
  const { remark, number } = parsed.value;
  return {
    ok: true,
    value: {
      number,
      remarks: remark ? [{ code: `mobile-${remark}` }] : [],
      rest: typed.slice(0, first.start) + typed.slice(second?.end ?? first.end),
      ...(named && { emergency: second.value.number }),
    },
  };
}

/** One address; a slip in a well-known domain is a suggestion. */
export function readEmail(typed: string): Reading {
  const parsed = parseEmail(typed);
  if (!parsed.ok) return parsed;
  const { address, suggestion } = parsed.value;
  return readAs(address, suggestion === undefined ? {} : { suggestion });
}
