import { createCipheriv, createDecipheriv, createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { CallbackRefused } from './refusal.ts';

/**
 * The envelope around WeChat's callbacks: AES-256-CBC whose first half of the key is the initial vector, and a signature that is the SHA-1 of
 * sorted strings. As in the official encryption guides of the message push and of WeCom (read 2026-11); both channels and WeChat customer service
 * use the same one and differ in the id that the message is meant for.
 */
export interface EnvelopeKeys {
  /** What signs; the first is ours to use, the others are still believed. */
  tokens: readonly string[];
  /** 32 bytes each; the current one, and the one before it while the platform still uses that. */
  aesKeys: readonly Buffer[];
  /** For whom messages are: the app id of an official account, or the corp id. */
  receiveId: string;
}

/** A message taken out of its envelope, and the key that opened it: an answer is closed with the same. */
export interface Opened {
  message: string;
  aesKey: Buffer;
}

/** The platform pads to 32 bytes, not to the block of AES: with a library's own padding about half of all messages would fail. */
const paddedTo = 32;
const block = 16;
const randomLength = 16;
const headLength = randomLength + 4;

/** Lower-case hex. The order in which the strings are given does not matter: they are sorted by their bytes. */
export function signatureOf(...parts: readonly string[]): string {
  const sorted = parts.map((part) => Buffer.from(part)).sort(Buffer.compare);
  return createHash('sha1').update(Buffer.concat(sorted)).digest('hex');
}

/** Whether one of the tokens has signed the parts. Takes the same time wherever a wrong signature differs. */
export function isSigned(signature: string, tokens: readonly string[], ...parts: readonly string[]): boolean {
  if (!/^[0-9a-f]{40}$/.test(signature)) return false;
  const given = Buffer.from(signature, 'hex');
  return tokens.map((token) => timingSafeEqual(given, Buffer.from(signatureOf(token, ...parts), 'hex'))).includes(true);
}

/**
 * The 32 bytes behind the 43 characters of an EncodingAESKey, or undefined when it is none. The last character carries two bits too many, so
 * that keys which no encoder would write are valid.
 */
export function aesKeyOf(encoded: string): Buffer | undefined {
  return /^[A-Za-z0-9]{43}$/.test(encoded) ? Buffer.from(`${encoded}=`, 'base64') : undefined;
}

/** Opens an envelope (base64) with the first key that fits; throws `CallbackRefused` when it is broken or meant for somebody else. */
export function openEnvelope(sealed: string, { aesKeys, receiveId }: EnvelopeKeys): Opened {
  for (const aesKey of aesKeys) {
    const framed = decipher(sealed, aesKey);
    const taken = framed && takeOut(framed);
    if (!taken) continue;
    // The only thing that ties the message to this account, where one key was used for two.
    if (!areSame(taken.receiveId, receiveId)) throw new CallbackRefused('receive-id');
    return { message: taken.message, aesKey };
  }
  throw new CallbackRefused('envelope');
}

/** Closes a message into an envelope, as base64. `random`: 16 bytes. */
export function sealEnvelope(message: string, aesKey: Buffer, receiveId: string, random = randomBytes(randomLength)): string {
  const body = Buffer.from(message);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  const frame = Buffer.concat([random, length, body, Buffer.from(receiveId)]);
  const padding = paddedTo - (frame.length % paddedTo);
  const cipher = createCipheriv('aes-256-cbc', aesKey, aesKey.subarray(0, block)).setAutoPadding(false);
  return Buffer.concat([cipher.update(frame), cipher.update(Buffer.alloc(padding, padding)), cipher.final()]).toString('base64');
}

/** The frame without its padding, or undefined when the padding shows that it is none. */
function decipher(sealed: string, aesKey: Buffer): Buffer | undefined {
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes.length === 0 || bytes.length % block !== 0) return undefined;
  const cipher = createDecipheriv('aes-256-cbc', aesKey, aesKey.subarray(0, block)).setAutoPadding(false);
  const padded = Buffer.concat([cipher.update(bytes), cipher.final()]);
  const padding = padded.at(-1) ?? 0;
  const isPadded = padding >= 1 && padding <= paddedTo && padded.subarray(-padding).every((byte) => byte === padding);
  return isPadded && padded.length >= headLength + padding ? padded.subarray(0, -padding) : undefined;
}

function takeOut(frame: Buffer): { message: string; receiveId: Buffer } | undefined {
  const length = frame.readUInt32BE(randomLength);
  if (headLength + length > frame.length) return undefined;
  return {
    message: frame.subarray(headLength, headLength + length).toString('utf8'),
    receiveId: frame.subarray(headLength + length),
  };
}

function areSame(given: Buffer, expected: string): boolean {
  const wanted = Buffer.from(expected);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
