import { webcrypto } from 'node:crypto';

/**
 * WeChat's encryption of callbacks, written from the platform's description alone (AES-256-CBC, the IV is the head of the key, padding to
 * blocks of 32), on Web Crypto: nothing is shared with what the bot uses, or a mistake made by both would stay invisible.
 */

const { subtle } = webcrypto;
const aesBlock = 16;
const paddingBlock = 32;
const randomLength = 16;
const lengthField = 4;

/** What was in an opened ciphertext. `random` and `pad` tell a test how it was made. */
export interface Opened {
  random: Uint8Array<ArrayBuffer>;
  message: string;
  receiveId: string;
  pad: number;
}

/** A ciphertext that WeChat's own servers would not open, and why. */
export class IllegalCipher extends Error {}

interface Key {
  key: webcrypto.CryptoKey;
  iv: Uint8Array<ArrayBuffer>;
}

/** Lowercase hex SHA-1 over the parts in order of their bytes: `signature` and `msg_signature`. */
export async function sign(...parts: string[]): Promise<string> {
  const digest = await subtle.digest('SHA-1', new TextEncoder().encode([...parts].sort().join('')));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Base64 of the encrypted frame: 16 bytes of chance, the length, the message, who it is for, padding. */
export async function seal(message: string, aesKey: string, receiveId: string, random: Uint8Array): Promise<string> {
  const text = new TextEncoder().encode(message);
  const id = new TextEncoder().encode(receiveId);
  const bare = randomLength + lengthField + text.length + id.length;
  const pad = paddingBlock - (bare % paddingBlock);
  const frame = new Uint8Array(bare + pad).fill(pad, bare);
  frame.set(random, 0);
  new DataView(frame.buffer).setUint32(randomLength, text.length, false);
  frame.set(text, randomLength + lengthField);
  frame.set(id, bare - id.length);
  return sealFrame(frame, aesKey);
}

/** As `seal`, for frames that are broken on purpose; their length has to be a multiple of 16. */
export async function sealFrame(frame: Uint8Array<ArrayBuffer>, aesKey: string): Promise<string> {
  const { key, iv } = await readKey(aesKey);
  const encrypted = new Uint8Array(await subtle.encrypt({ name: 'AES-CBC', iv }, key, frame));
  // Web Crypto adds a block of its own padding; chained after ours, it can be cut off.
  return toBase64(encrypted.slice(0, frame.length));
}

export async function open(ciphertext: string, aesKey: string): Promise<Opened> {
  const frame = await openFrame(ciphertext, aesKey);
  const pad = frame.at(-1) ?? 0;
  if (pad < 1 || pad > paddingBlock) throw new IllegalCipher(`the last byte of the padding is ${pad}`);
  if (frame.length < randomLength + lengthField + pad) throw new IllegalCipher('too short for a frame');
  if (frame.length % paddingBlock !== 0) throw new IllegalCipher('padded to 16, not to 32');
  if (frame.subarray(-pad).some((byte) => byte !== pad)) throw new IllegalCipher('the bytes of the padding differ');
  const length = new DataView(frame.buffer, frame.byteOffset).getUint32(randomLength, false);
  const start = randomLength + lengthField;
  if (start + length > frame.length - pad) throw new IllegalCipher(`a message of ${length} bytes does not fit`);
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    const message = utf8.decode(frame.subarray(start, start + length));
    const receiveId = utf8.decode(frame.subarray(start + length, frame.length - pad));
    return { random: frame.slice(0, randomLength), message, receiveId, pad };
  } catch (cause) {
    throw new IllegalCipher('not UTF-8', { cause });
  }
}

async function openFrame(ciphertext: string, aesKey: string): Promise<Uint8Array<ArrayBuffer>> {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(ciphertext) || ciphertext.length % 4 !== 0) throw new IllegalCipher('not base64');
  const encrypted = fromBase64(ciphertext);
  if (encrypted.length === 0 || encrypted.length % aesBlock !== 0) throw new IllegalCipher('not a multiple of 16 bytes');
  const { key, iv } = await readKey(aesKey);
  // Web Crypto insists on taking off a padding of 16: it is given one more block, which decrypts to just that.
  const last = encrypted.slice(-aesBlock);
  const end = new Uint8Array(await subtle.encrypt({ name: 'AES-CBC', iv: last }, key, new Uint8Array(0)));
  const extended = new Uint8Array(encrypted.length + aesBlock);
  extended.set(encrypted);
  extended.set(end, encrypted.length);
  return new Uint8Array(await subtle.decrypt({ name: 'AES-CBC', iv }, key, extended));
}

async function readKey(aesKey: string): Promise<Key> {
  if (!/^[A-Za-z0-9]{43}$/.test(aesKey)) throw new Error('An EncodingAESKey has 43 letters and digits.');
  const raw = fromBase64(`${aesKey}=`);
  return { key: await subtle.importKey('raw', raw, 'AES-CBC', false, ['encrypt', 'decrypt']), iv: raw.slice(0, aesBlock) };
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
