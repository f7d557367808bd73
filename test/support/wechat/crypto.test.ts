import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IllegalCipher, open, seal, sealFrame, sign } from './crypto.ts';
import vectors from './vectors.json' with { type: 'json' };

interface Encrypted {
  id: string;
  token: string;
  timestamp: string;
  nonce: string;
  encodingAESKey: string;
  receiveId: string;
  randomHex: string;
  pad: number;
  plaintext: string;
  ciphertext: string;
  msgSignature: string;
}

const encrypted = vectors.filter((vector): vector is typeof vector & Encrypted => vector.ciphertext !== undefined);
const signed = vectors.filter(({ signature, urlSignature }) => signature ?? urlSignature);

describe('the known vectors', () => {
  it.each(encrypted)('opens $id', async ({ ciphertext, encodingAESKey, plaintext, receiveId, randomHex, pad }) => {
    const opened = await open(ciphertext, encodingAESKey);
    expect({ ...opened, random: Buffer.from(opened.random).toString('hex') }).toEqual({
      message: plaintext,
      receiveId,
      pad,
      random: randomHex,
    });
  });

  it.each(encrypted)('seals $id to the same bytes', async ({ ciphertext, encodingAESKey, plaintext, receiveId, randomHex }) => {
    expect(await seal(plaintext, encodingAESKey, receiveId, Buffer.from(randomHex, 'hex'))).toBe(ciphertext);
  });

  it.each(encrypted)('signs $id', async ({ token, timestamp, nonce, ciphertext, msgSignature }) => {
    expect(await sign(token, timestamp, nonce, ciphertext)).toBe(msgSignature);
  });

  it.each(signed)('signs the address of $id', async ({ token, timestamp, nonce, signature, urlSignature }) => {
    expect(await sign(token, timestamp, nonce)).toBe(signature ?? urlSignature);
  });

  it.each([
    [['test', '1410685589', 'test'], 'f21891de399b4e33a1a93c9a7b8a8fffb5a443ff'],
    [['RMNlACHlV5ThzfRlVS4D4', 'timestamp', 'nonce', 'encrypt'], '8edac0945683c119ee71c9f6256d76c48aa08a96'],
  ])('signs %j', async (parts, signature) => {
    expect(await sign(...parts)).toBe(signature);
  });
});

describe('a frame that is broken', () => {
  const key = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
  const frame = (change: (bytes: Uint8Array<ArrayBuffer>) => void) => {
    const bytes = new Uint8Array(64).fill(0x61);
    new DataView(bytes.buffer).setUint32(16, 10, false);
    bytes.fill(16, 48);
    change(bytes);
    return sealFrame(bytes, key);
  };

  it('is none unless something is changed', async () => {
    expect(await open(await frame(() => undefined), key)).toMatchObject({ message: 'aaaaaaaaaa', pad: 16 });
  });

  it.each<[string, (bytes: Uint8Array<ArrayBuffer>) => void, string]>([
    ['a length beyond the end', (bytes) => bytes.fill(0xff, 16, 20), '4294967295 bytes'],
    ['a pad of 0', (bytes) => bytes.fill(0, 63), 'padding is 0'],
    ['a pad of 33', (bytes) => bytes.fill(33, 63), 'padding is 33'],
    ['unequal bytes of padding', (bytes) => bytes.fill(1, 50, 51), 'differ'],
    ['no UTF-8', (bytes) => bytes.fill(0xff, 20, 30), 'UTF-8'],
  ])('has %s', async (_, change, why) => {
    await expect(open(await frame(change), key)).rejects.toThrow(why);
  });

  it('was padded to 16 as OpenSSL does', async () => {
    const short = new Uint8Array(48).fill(0x61);
    new DataView(short.buffer).setUint32(16, 10, false);
    short.fill(16, 32);
    await expect(open(await sealFrame(short, key), key)).rejects.toThrow('padded to 16');
  });

  it.each(['', 'AAAA', 'not base64!', encrypted[0]?.ciphertext.slice(0, -8) ?? ''])('is not a ciphertext: %j', async (text) => {
    await expect(open(text, key)).rejects.toThrow(IllegalCipher);
  });

  it.each([42, 44])('has a key of %d characters', async (length) => {
    await expect(seal('x', 'a'.repeat(length), 'wx', new Uint8Array(16))).rejects.toThrow('43 letters');
  });
});

it('opens whatever it sealed, of every length and in every alphabet', async () => {
  const key = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
  const text = fc.string({ unit: 'grapheme', maxLength: 200 });
  await fc.assert(
    fc.asyncProperty(text, fc.string({ maxLength: 30 }), async (message, receiveId) => {
      expect(await open(await seal(message, key, receiveId, new Uint8Array(16)), key)).toMatchObject({ message, receiveId });
    }),
  );
});
