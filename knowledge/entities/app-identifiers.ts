import { visible } from './half-width.ts';
import { accepted, type Result, refused } from './result.ts';

/**
 * `one-part`: no dot; `empty-part`: two dots in a row, or one at an end; `part-start`: a part does not begin with a letter; `character`:
 * one that cannot stand there. The last two name it, at a `position` from 1.
 */
export interface PackageNameProblem {
  code: 'app-package-format';
  because: 'one-part' | 'empty-part' | 'part-start' | 'character' | 'too-long';
  character?: string;
  position?: number;
}

/** `length`: of what was typed, without colons and spaces; `looksLike`: what has this length. A character that is no hexadecimal digit, at a position from 1. */
export interface FingerprintProblem<Code extends 'app-md5-format' | 'app-sha1-format'> {
  code: Code;
  length: number;
  looksLike?: 'md5' | 'sha1' | 'sha256';
  character?: string;
  position?: number;
}

export interface PublicKeyProblem {
  code: 'app-public-key';
  length: number;
  character?: string;
  position?: number;
}

export interface PublicKey {
  /** Hexadecimal digits, without zeros in front. */
  key: string;
  /** Not the 512 digits of a key of 2048 bits. */
  remark?: 'unusual-length';
}

// Rules of this file: intake survey of 2026-11, section 2.15. Upper and lower case are kept: names differ by them.

/** The package name of an app for Android or Harmony: com.example.app, of at most 128 characters. */
export function parsePackageName(typed: string): Result<string, PackageNameProblem> {
  return readName(typed, { allowed: /[A-Za-z0-9_.]/, start: /[A-Za-z]/ });
}

/** The bundle ID of an app for iOS: com.example.my-app, of at most 128 characters. */
export function parseBundleId(typed: string): Result<string, PackageNameProblem> {
  return readName(typed, { allowed: /[A-Za-z0-9.-]/, start: /[A-Za-z0-9-]/ });
}

/** The MD5 fingerprint of an app's certificate, with or without colons: 32 hexadecimal digits. */
export function parseMd5(typed: string): Result<string, FingerprintProblem<'app-md5-format'>> {
  return readFingerprint(typed, 'app-md5-format', 32);
}

/** The SHA-1 fingerprint of an app's certificate, with or without colons: 40 hexadecimal digits. */
export function parseSha1(typed: string): Result<string, FingerprintProblem<'app-sha1-format'>> {
  return readFingerprint(typed, 'app-sha1-format', 40);
}

/** The modulus of an app's public key in hexadecimal digits; other lengths than that of RSA-2048 only get a remark. */
export function parsePublicKey(typed: string): Result<PublicKey, PublicKeyProblem> {
  const typedDigits = hexadecimal(typed).replace(/^0x/i, '');
  const wrong = foreign(typedDigits, /[0-9A-Fa-f]/);
  const key = typedDigits.replace(/^0+/, '');
  if (wrong || key.length < shortestKey) return refused({ code: 'app-public-key', length: typedDigits.length, ...wrong });
  return accepted(key.length === 512 ? { key } : { key, remark: 'unusual-length' });
}

const longestName = 128;
// Keys on elliptic curves have 64 digits; what is shorter is no key.
const shortestKey = 56;
// The longest keys in use have 4096 digits.
const longestRead = 20_000;

function readName(typed: string, { allowed, start }: { allowed: RegExp; start: RegExp }): Result<string, PackageNameProblem> {
  const problem = (because: PackageNameProblem['because'], at?: { character: string; position: number }) =>
    refused<PackageNameProblem>({ code: 'app-package-format', because, ...at });
  const name = withoutLeadIn(typed);
  const wrong = foreign(name, allowed);
  if (wrong) return problem('character', wrong);
  if (name.length > longestName) return problem('too-long');
  if (!name.includes('.')) return problem('one-part');
  if (/^\.|\.\.|\.$/.test(name)) return problem('empty-part');
  const at = [...name].findIndex((character, index) => (index === 0 || name[index - 1] === '.') && !start.test(character));
  return at >= 0 ? problem('part-start', { character: name.charAt(at), position: at + 1 }) : accepted(name);
}

function readFingerprint<Code extends 'app-md5-format' | 'app-sha1-format'>(
  typed: string,
  code: Code,
  length: number,
): Result<string, FingerprintProblem<Code>> {
  const digits = hexadecimal(typed);
  const wrong = foreign(digits, /[0-9A-Fa-f]/);
  if (!wrong && digits.length === length) return accepted(digits);
  const looksLike = wrong ? undefined : lengths[digits.length];
  return refused({ code, length: digits.length, ...(looksLike && { looksLike }), ...wrong });
}

const lengths: Readonly<Record<number, 'md5' | 'sha1' | 'sha256'>> = { 32: 'md5', 40: 'sha1', 64: 'sha256' };

/** Without the colons and spaces between the digits. */
function hexadecimal(typed: string): string {
  return withoutLeadIn(typed).replace(/[:\s-]/g, '');
}

/** In half width, case as typed, without the words and signs around it: 包名是com.example.app, MD5: 0A:1B… */
function withoutLeadIn(typed: string): string {
  return visible(typed.slice(0, longestRead))
    .normalize('NFKC')
    .replace(/[。｡]/g, '.')
    .trim()
    .replace(leadIn, '')
    .replace(/^["'“‘《<]+|["'”’》>,;!.]+$/gu, '')
    .trim();
}

const leadIn =
  /^(?:\p{Script=Han}{1,20}(?=[\s:=A-Za-z0-9])|(?:android|ios|app|bundle|package|identifier|id|name|md5|sha-?1|fingerprint|rsa|public|key|modulus)(?=[\s:=\p{Script=Han}])|[\s:=])+/iu;

function foreign(text: string, allowed: RegExp): { character: string; position: number } | undefined {
  const characters = [...text];
  const at = characters.findIndex((character) => !allowed.test(character));
  return at < 0 ? undefined : { character: characters[at] ?? '', position: at + 1 };
}
