import { z } from 'zod';
import { maskPersonalData } from '../../knowledge/text/mask.ts';
import { HttpError } from '../http/http-error.ts';

/** Words of staff that stand on record, in a line: nothing that breaks it, turns its direction or is not to be seen. */
export const recordedLine = (most: number) =>
  z
    .string()
    .trim()
    .min(2)
    .max(most)
    .regex(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*$/u, 'one line');

/** As in 京ICP备12345678号-1 and 京ICP证030173号: they are public. */
const filingNumbers = /\p{Script=Han}ICP[备证]\d{6,8}号(-\d+)?/giu;

/**
 * What outlives the case holds nothing of a person: phone and certificate numbers are refused rather than covered, as it has to be right.
 * Throws 422.
 */
export function requireNobodyNamed(words: readonly string[], code: 'PersonalDataNamed' | 'ReasonNamesPerson'): void {
  const others = words.map((text) => text.normalize('NFKC').replace(filingNumbers, ''));
  if (others.every((text) => maskPersonalData(text) === text)) return;
  throw new HttpError(422, code, 'Say it without numbers of persons.');
}
