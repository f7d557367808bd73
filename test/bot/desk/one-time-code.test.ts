import { describe, expect, it } from 'vitest';
import { base32, codeAt, setUpAddress, usableStep } from '../../../bot/desk/accounts/one-time-code.ts';

const secret = Buffer.from('12345678901234567890');
const at = (seconds: number) => seconds * 1000;

describe('a code of a moment', () => {
  it.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('is at %i seconds the one of RFC 6238, appendix B: %s', (seconds, code) => {
    expect(codeAt(secret, at(seconds), 8)).toBe(code);
    expect(codeAt(secret, at(seconds))).toBe(code.slice(2));
  });

  it('is good from half a minute before to half a minute after its own, by the clock of the phone', () => {
    const step = 1_000_000;
    const good = (apart: number) => usableStep(secret, codeAt(secret, at((step + apart) * 30)), { now: at(step * 30 + 29), after: 0 });
    expect([-2, -1, 0, 1, 2].map(good)).toEqual([undefined, step - 1, step, step + 1, undefined]);
  });

  it('is not good again, nor one of before', () => {
    const step = 1_000_000;
    const good = (apart: number) => usableStep(secret, codeAt(secret, at((step + apart) * 30)), { now: at(step * 30), after: step });
    expect([-1, 0, 1].map(good)).toEqual([undefined, undefined, step + 1]);
  });

  it.each(['', '00000', '0000000', '二八七零八二', '28708２'])('is not “%s”', (typed) => {
    expect(usableStep(secret, typed, { now: at(59), after: 0 })).toBeUndefined();
  });
});

it.each([
  ['', ''],
  ['f', 'MY'],
  ['fo', 'MZXQ'],
  ['foo', 'MZXW6'],
  ['foob', 'MZXW6YQ'],
  ['fooba', 'MZXW6YTB'],
  ['foobar', 'MZXW6YTBOI'],
])('“%s” is written as in RFC 4648, section 10: %s', (text, written) => {
  expect(base32(Buffer.from(text))).toBe(written);
});

it('the address says whose codes they are, in what apps can read', () => {
  const address = new URL(setUpAddress(secret, { login: 'li+na@example.com', issuer: '客服工作台 bot.example.com' }));
  expect([address.protocol, address.host]).toEqual(['otpauth:', 'totp']);
  expect(decodeURIComponent(address.pathname)).toBe('/客服工作台 bot.example.com:li+na@example.com');
  expect(Object.fromEntries(address.searchParams)).toEqual({
    secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
    issuer: '客服工作台 bot.example.com',
  });
  expect(address.href).not.toContain('+');
});
