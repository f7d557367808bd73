import { expect, it } from 'vitest';
import { newFilePassword } from '../../../../bot/desk/full-export/file-password.ts';

it('a password is in fours, of letters and figures that nobody takes for others, and has at least 80 bits', () => {
  const passwords = Array.from({ length: 2000 }, newFilePassword);
  for (const password of passwords) expect(password).toMatch(/^[a-hj-km-np-z2-9]{4}(-[a-hj-km-np-z2-9]{4}){4}$/);
  expect(new Set(passwords).size).toBe(passwords.length);
  const letters = new Set(passwords.join('').replaceAll('-', ''));
  expect(20 * Math.log2(letters.size)).toBeGreaterThan(80);
  // Each of them about as often as the others, so that they count for what they are: 40,000 letters, 1,290 of each.
  for (const letter of letters) expect(passwords.join('').split(letter).length).toBeGreaterThan(1000);
});
