import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dataKeys, seal, unseal } from '../../../bot/store/data-keys.ts';
import { openLmdbStore } from '../../../bot/store/lmdb-store.ts';
import { openSealedStore } from '../../../bot/store/sealed-store.ts';
import { storeConformance } from './conformance.ts';

const keys = dataKeys([randomBytes(32)]);
const newFolder = () => mkdtempSync(join(tmpdir(), 'store-'));

storeConformance('a sealed store', () => {
  const folder = newFolder();
  return {
    worksAtOnce: true,
    open: async ({ now }) => openSealedStore(await openLmdbStore({ folder, takeOver: false, now }), keys),
    destroy: async () => rmSync(folder, { recursive: true }),
  };
});

describe('a sealed value', () => {
  it('opens to what was sealed, at its place only', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string(), fc.string(), (value, place, other) => {
        const sealed = seal(value, place, keys);
        expect(Buffer.compare(unseal(sealed, place, keys), value)).toBe(0);
        if (other !== place) expect(() => unseal(sealed, other, keys)).toThrow(/moved from another place/);
      }),
    );
  });

  it('does not open after any bit of it was changed', () => {
    const sealed = seal(Buffer.from('证件号码'), 'place', keys);
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Uint8Array.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(() => unseal(changed, 'place', keys)).toThrow();
    }
  });

  it('opens with an older key while new values use the newer one', () => {
    const older = randomBytes(32);
    const newer = randomBytes(32);
    const both = dataKeys([newer, older]);
    expect(unseal(seal(Buffer.from('x'), '', dataKeys([older])), '', both).toString()).toBe('x');
    expect(() => unseal(seal(Buffer.from('x'), '', both), '', dataKeys([older]))).toThrow(/DATA_KEYS does not contain/);
  });
});

describe('a sealed store on disk', () => {
  it('shows nothing of what was stored, and refuses to open with another key', async () => {
    const folder = newFolder();
    const store = await openSealedStore(await openLmdbStore({ folder, takeOver: true }), keys);
    const secret = Buffer.from('13800138000-person-13800138000');
    await store.apply('p01', {
      operations: [
        { do: 'put', record: 'a', value: secret },
        { do: 'append', log: 'a', value: secret },
        { do: 'enqueue', queue: 'a', value: secret },
      ],
    });
    await store.close();
    expect(readFileSync(join(folder, 'data.mdb')).includes('13800138000')).toBe(false);
    const inner = await openLmdbStore({ folder, takeOver: true });
    await expect(openSealedStore(inner, dataKeys([randomBytes(32)]))).rejects.toThrow(/DATA_KEYS does not contain/);
    await inner.close();
    rmSync(folder, { recursive: true });
  });
});
