import { createHash, randomBytes } from 'node:crypto';
import type { Role } from '../desk-api.ts';
import type { KeptAccount, KeptSecondFactor } from './kept-account.ts';
import { base32, usableStep } from './one-time-code.ts';

/** Whose passwords are not enough: `supervisors` are those and administrators. Others may have a second factor if they want one. */
export const secondFactorPolicies = ['off', 'supervisors', 'all'] as const;
export type SecondFactorPolicy = (typeof secondFactorPolicies)[number];

export function isRequired(policy: SecondFactorPolicy, role: Role): boolean {
  return policy === 'all' || (policy === 'supervisors' && role !== 'agent');
}

const secretBytes = 20;
const recoveryCodeBytes = 10;
const recoveryCodeCount = 10;

/** As long as the digest that it is for (RFC 4226, section 4: 160 bits are recommended). */
export function newSecret(): Buffer {
  return randomBytes(secretBytes);
}

/** What is kept once a code has shown that the phone has the secret, and the recovery codes, to be shown once. Undefined: it has not. */
export function setUp(secret: string, typed: string, now: number): { kept: KeptSecondFactor; recoveryCodes: string[] } | undefined {
  const usedStep = usableStep(Buffer.from(secret, 'base64'), plain(typed), { now, after: 0 });
  if (usedStep === undefined) return undefined;
  const recoveryCodes = Array.from({ length: recoveryCodeCount }, newRecoveryCode);
  return { kept: { secret, usedStep, recoveryCodes: recoveryCodes.map(digestOf) }, recoveryCodes };
}

/** An account that has used up a code of its phone, or a recovery code. The same where it has no second factor; undefined where the code is wrong. */
export function withCodeUsed(account: KeptAccount, typed: string | undefined, now: number): KeptAccount | undefined {
  const { secondFactor } = account;
  if (!secondFactor) return account;
  const used = typed === undefined ? undefined : use(secondFactor, typed, now);
  return used && { ...account, secondFactor: used };
}

/** By its form: of the phone there are six digits. */
export function isRecoveryCode(typed: string): boolean {
  return !/^\d+$/.test(plain(typed));
}

function use(factor: KeptSecondFactor, typed: string, now: number): KeptSecondFactor | undefined {
  if (isRecoveryCode(typed)) {
    const digest = digestOf(typed);
    const recoveryCodes = factor.recoveryCodes.filter((each) => each !== digest);
    return recoveryCodes.length < factor.recoveryCodes.length ? { ...factor, recoveryCodes } : undefined;
  }
  const usedStep = usableStep(Buffer.from(factor.secret, 'base64'), plain(typed), { now, after: factor.usedStep });
  return usedStep === undefined ? undefined : { ...factor, usedStep };
}

/** In fours, to be written down. */
function newRecoveryCode(): string {
  return (base32(randomBytes(recoveryCodeBytes)).toLowerCase().match(/.{4}/g) ?? []).join('-');
}

/** Without a salt or a cost: what is hashed has 80 bits of chance. */
function digestOf(typed: string): string {
  return createHash('sha256').update(plain(typed)).digest('base64url');
}

/** As people type it: full width, with gaps, dashes and capitals. */
function plain(typed: string): string {
  return typed.normalize('NFKC').replace(/[\s-]/g, '').toLowerCase();
}
