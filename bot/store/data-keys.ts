import { createCipheriv, createDecipheriv, createHash, randomFillSync } from 'node:crypto';
import { StoreRefused } from './store.ts';

/** Keys for data at rest, 32 bytes each. The first encrypts; all of them decrypt, so that a key can be replaced in steps. */
export interface DataKeys {
  readonly current: DataKey;
  /** Of all keys, the current one first. */
  readonly ids: readonly string[];
  find(id: string): DataKey | undefined;
}

export interface DataKey {
  /** Eight hexadecimal digits derived from the key; stored beside each value, tells nothing about the key. */
  id: string;
  secret: Buffer;
}

export function dataKeys(secrets: readonly Buffer[]): DataKeys {
  const keys = secrets.map((secret) => ({
    id: createHash('sha256').update('data-key-id').update(secret).digest('hex').slice(0, 8),
    secret,
  }));
  const [current] = keys;
  if (!current) throw new Error('At least one data key is needed.');
  return { current, ids: keys.map(({ id }) => id), find: (id) => keys.find((key) => key.id === id) };
}

const format = 1;
const ivBytes = 12;
const tagBytes = 16;
const headBytes = 1 + 4 + ivBytes + tagBytes;

/**
 * AES-256-GCM with a random 96-bit IV: format byte, key id, IV, tag, ciphertext. `place` is authenticated with it, so that a
 * value copied to another place in the store does not open there.
 */
export function seal(value: Uint8Array, place: string, { current }: DataKeys): Uint8Array {
  const iv = nextIv();
  const cipher = createCipheriv('aes-256-gcm', current.secret, iv).setAAD(Buffer.from(place));
  const body = Buffer.concat([cipher.update(value), cipher.final()]);
  return Buffer.concat([Buffer.of(format), Buffer.from(current.id, 'hex'), iv, cipher.getAuthTag(), body]);
}

// Asking the system for twelve bytes at a time costs more than encrypting a message does.
const ivPool = Buffer.alloc(ivBytes * 1024);
let ivAt = ivPool.length;

function nextIv(): Buffer {
  if (ivAt === ivPool.length) {
    randomFillSync(ivPool);
    ivAt = 0;
  }
  ivAt += ivBytes;
  return Buffer.from(ivPool.subarray(ivAt - ivBytes, ivAt));
}

/** The id of the key with which a value was sealed; undefined when it is not in the sealed format. */
export function keyIdOf(sealed: Uint8Array): string | undefined {
  if (sealed.length < headBytes || sealed[0] !== format) return undefined;
  return Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength).toString('hex', 1, 5);
}

export function unseal(sealed: Uint8Array, place: string, keys: DataKeys): Uint8Array {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  const id = keyIdOf(bytes);
  if (id === undefined) throw new SealBroken('The value is not in the sealed format.');
  const key = keys.find(id);
  if (!key) throw new UnknownDataKey(id);
  const decipher = createDecipheriv('aes-256-gcm', key.secret, bytes.subarray(5, 5 + ivBytes))
    .setAAD(Buffer.from(place))
    .setAuthTag(bytes.subarray(5 + ivBytes, headBytes));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(headBytes)), decipher.final()]);
  } catch (cause) {
    throw new SealBroken('The value was changed, or moved from another place.', { cause });
  }
}

export class SealBroken extends Error {
  override readonly name = 'SealBroken';
}

export class UnknownDataKey extends StoreRefused {
  override readonly name = 'UnknownDataKey';
  constructor(id: string) {
    super(`The stored data was encrypted with the key ${id}, which DATA_KEYS does not contain: add that key to the list.`);
  }
}
