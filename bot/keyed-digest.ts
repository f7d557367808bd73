import { createHmac, hkdfSync } from 'node:crypto';

/** Names something without showing it: without the key nobody can try out what it may have been. */
export type KeyedDigest = (text: string) => string;

/**
 * HMAC-SHA-256, shortened to 128 bits, with a key derived from one of the data keys (HKDF) for one purpose only. For what has to be
 * compared or found again but is guessed too easily to be kept as a plain hash: phone and certificate numbers, short messages.
 */
export function keyedDigest(secret: Buffer, purpose: string): KeyedDigest {
  const key = Buffer.from(hkdfSync('sha256', secret, new Uint8Array(), `keyed-digest:${purpose}`, 32));
  return (text) => createHmac('sha256', key).update(text).digest('hex').slice(0, 32);
}

/**
 * Of messages, to know those that are sent again. After a new data key was put in front, a message that is sent again from before counts
 * as another one under the same id, and is refused as such.
 */
export function messageDigest(secrets: readonly Buffer[]): KeyedDigest {
  return currentDigest(secrets, 'message');
}

/** Of network addresses, to count how often one asks for something. */
export function addressDigest(secrets: readonly Buffer[]): KeyedDigest {
  return currentDigest(secrets, 'address');
}

function currentDigest([secret]: readonly Buffer[], purpose: string): KeyedDigest {
  if (!secret) throw new Error('At least one data key is needed.');
  return keyedDigest(secret, purpose);
}
