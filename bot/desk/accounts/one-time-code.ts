import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * One-time codes by time: RFC 6238 (TOTP, May 2011) over RFC 4226 (HOTP, December 2005), as the apps of phones make them: SHA-1, six digits,
 * a new one every thirty seconds.
 */

const stepMs = 30_000;
const digits = 6;
/** Steps that a phone's clock may be off, and the time it takes to type. */
const stepsApart = 1;

/** The code of a moment (ms since 1970). `length`: its digits, of which the vectors of the RFC have eight. */
export function codeAt(secret: Buffer, at: number, length = digits): string {
  return codeOf(secret, stepAt(at), length);
}

/**
 * The step that a typed code belongs to, when it is one of now that comes after the last that was used: each is good once (RFC 6238, section
 * 5.2). Undefined otherwise.
 */
export function usableStep(secret: Buffer, typed: string, { now, after }: { now: number; after: number }): number | undefined {
  const steps = Array.from({ length: 2 * stepsApart + 1 }, (_, at) => stepAt(now) + at - stepsApart);
  return steps.find((step) => step > after && isEqual(codeOf(secret, step, digits), typed));
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648, without filling: what people type, and apps read. */
export function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => alphabet[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
}

/** The address that apps read from a QR code: whose codes these are, and of which desk. */
export function setUpAddress(secret: Buffer, { login, issuer }: { login: string; issuer: string }): string {
  const query = new URLSearchParams({ secret: base32(secret), issuer });
  // Some apps show + as it stands.
  return `otpauth://totp/${encodeURIComponent(issuer)}:${encodeURIComponent(login)}?${query.toString().replaceAll('+', '%20')}`;
}

function stepAt(at: number): number {
  return Math.floor(at / stepMs);
}

/** RFC 4226, section 5.3: 31 bits of the digest, from where its last four bits point. */
function codeOf(secret: Buffer, step: number, length: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac('sha1', secret).update(counter).digest();
  const offset = digest.readUInt8(digest.length - 1) & 0xf;
  const number = digest.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 10 ** length).padStart(length, '0');
}

function isEqual(code: string, typed: string): boolean {
  const [one, other] = [Buffer.from(code), Buffer.from(typed)];
  return one.length === other.length && timingSafeEqual(one, other);
}
