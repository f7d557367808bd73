import { describe, expect, it } from 'vitest';
import { aesKeyOf, isSigned, openEnvelope, sealEnvelope, signatureOf } from '../../../../bot/channels/wechat/crypto.ts';
import { CallbackRefused } from '../../../../bot/channels/wechat/refusal.ts';
import vectors from '../../../support/wechat/vectors.json' with { type: 'json' };

const sealedVectors = vectors.filter((vector) => 'ciphertext' in vector && typeof vector.ciphertext === 'string');
const key = (encoded: string) => {
  const found = aesKeyOf(encoded);
  if (!found) throw new Error('not a key');
  return found;
};

describe('the known vectors', () => {
  it.each(sealedVectors.map((vector) => [vector.id, vector]))('%s opens, closes to the same letters and is signed', (_, vector) => {
    const {
      token,
      timestamp,
      nonce,
      encodingAESKey = '',
      receiveId = '',
      randomHex = '',
      plaintext = '',
      ciphertext = '',
      msgSignature = '',
    } = vector;
    const keys = { tokens: [token], aesKeys: [key(encodingAESKey)], receiveId };
    expect(openEnvelope(ciphertext, keys).message).toBe(plaintext);
    expect(sealEnvelope(plaintext, key(encodingAESKey), receiveId, Buffer.from(randomHex, 'hex'))).toBe(ciphertext);
    expect(isSigned(msgSignature, [token], timestamp, nonce, ciphertext)).toBe(true);
  });

  it.each(vectors.flatMap((vector) => ('urlSignature' in vector && vector.urlSignature ? [[vector.id, vector]] : [])))(
    '%s: the address is signed',
    (_, vector) => {
      const { token, timestamp, nonce, urlSignature } = vector;
      expect(signatureOf(token, timestamp, nonce)).toBe(urlSignature);
    },
  );
});

const vector = sealedVectors.find(({ id }) => id === 'C1');
if (!vector) throw new Error('The vector C1 is missing.');
const { token, timestamp, nonce, encodingAESKey = '', receiveId = '', ciphertext = '', msgSignature = '' } = vector;
const keys = { tokens: [token], aesKeys: [key(encodingAESKey)], receiveId };

describe('a signature', () => {
  it.each([
    ['with one digit changed', msgSignature.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))],
    ['in capitals', msgSignature.toUpperCase()],
    ['that is too short', msgSignature.slice(1)],
    ['that is empty', ''],
    ['of the address, for one of the message', signatureOf(token, timestamp, nonce)],
  ])('%s is none', (_, signature) => {
    expect(isSigned(signature, [token], timestamp, nonce, ciphertext)).toBe(false);
  });

  it('by the token of before is believed while that is still named', () => {
    expect(isSigned(msgSignature, ['renewed', token], timestamp, nonce, ciphertext)).toBe(true);
    expect(isSigned(msgSignature, ['renewed'], timestamp, nonce, ciphertext)).toBe(false);
  });
});

describe('an envelope', () => {
  const frame = (change: (frame: Buffer) => Buffer) => change(Buffer.from(ciphertext, 'base64')).toString('base64');
  it.each([
    ['cut off', frame((bytes) => bytes.subarray(0, -1))],
    ['empty', ''],
    ['of one block', frame((bytes) => bytes.subarray(0, 16))],
    ['with its end changed', frame((bytes) => Buffer.from(bytes.map((byte, at) => (at === bytes.length - 20 ? byte ^ 1 : byte))))],
    [
      'with another length',
      frame((bytes) => Buffer.from(bytes.map((byte, at) => (at === 16 - 16 + 0 ? byte ^ 1 : byte)).subarray(0, bytes.length - 16))),
    ],
  ])('%s is refused', (_, sealed) => {
    expect(() => openEnvelope(sealed, keys)).toThrow(CallbackRefused);
  });

  it('for another account is refused, though the key is the same', () => {
    expect(() => openEnvelope(ciphertext, { ...keys, receiveId: 'wx0000000000000000' })).toThrow(/receive-id/);
    expect(() => openEnvelope(ciphertext, { ...keys, receiveId: receiveId.slice(0, -1) })).toThrow(/receive-id/);
  });

  it('is opened by the key of before while that is still named, and says which it was', () => {
    const renewed = key('kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR');
    expect(openEnvelope(ciphertext, { ...keys, aesKeys: [renewed, ...keys.aesKeys] }).aesKey).toBe(keys.aesKeys[0]);
    expect(() => openEnvelope(ciphertext, { ...keys, aesKeys: [renewed] })).toThrow(CallbackRefused);
  });

  it('of any length goes through', () => {
    for (let length = 0; length < 130; length += 1) {
      const message = '备'.repeat(length);
      expect(openEnvelope(sealEnvelope(message, key(encodingAESKey), receiveId), keys).message).toBe(message);
    }
  });

  it.each(['pad 0', 'pad 33', 'uneven pad', 'a length beyond its end'])('with %s is refused', async (fault) => {
    const { createCipheriv } = await import('node:crypto');
    const aes = key(encodingAESKey);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(fault.startsWith('a length') ? 0xffffffff : 1);
    const body = Buffer.concat([Buffer.alloc(16), length, Buffer.from('a'), Buffer.from(receiveId)]);
    const pads: Record<string, number[]> = {
      'pad 0': Array(25).fill(0),
      'pad 33': Array(57).fill(33),
      'uneven pad': [1, ...Array(24).fill(25)],
      'a length beyond its end': Array(25).fill(25),
    };
    const padded = Buffer.concat([body, Buffer.from(pads[fault] ?? [])]);
    expect(padded.length % 16).toBe(0);
    const cipher = createCipheriv('aes-256-cbc', aes, aes.subarray(0, 16)).setAutoPadding(false);
    const sealed = Buffer.concat([cipher.update(padded), cipher.final()]).toString('base64');
    expect(() => openEnvelope(sealed, keys)).toThrow(CallbackRefused);
  });
});

describe('a key', () => {
  it('may end in letters that an encoder would not write', () => {
    expect(aesKeyOf('abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG')).toHaveLength(32);
  });
  it.each([[42], [44]])('of %i letters is none', (length) => {
    expect(aesKeyOf('a'.repeat(length))).toBeUndefined();
  });
});
