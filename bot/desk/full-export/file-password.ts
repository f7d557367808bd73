import { randomInt } from 'node:crypto';

/** Without what is taken for another on a screen or read out: 0 and o, 1 and l and i. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
const groups = 5;
const perGroup = 4;

/** A password that nobody can guess (99 bits), to be read out and typed: in fours, the dashes are part of it. */
export function newFilePassword(): string {
  const letter = () => alphabet.charAt(randomInt(alphabet.length));
  const group = () => Array.from({ length: perGroup }, letter).join('');
  return Array.from({ length: groups }, group).join('-');
}
