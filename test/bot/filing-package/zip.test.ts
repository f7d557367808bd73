import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ZipEntry, zipped } from '../../../bot/filing-package/zip.ts';
import { decrypt, unzip } from '../../support/unzip.ts';

const at = Date.parse('2026-11-28T17:05:03+08:00');
const packed = (entries: readonly ZipEntry[]) => buffer(zipped(entries, at));

describe('an archive', () => {
  it('has Chinese names, in UTF-8, and the time in China', async () => {
    expect(unzip(await packed([{ name: '营业执照.jpg', content: Buffer.from('照片') }]))).toEqual([
      { name: '营业执照.jpg', content: Buffer.from('照片'), at: '2026-11-28 17:05:02' },
    ]);
  });

  it('gives back whatever was put in, in its order', () =>
    fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.record({ name: fc.string({ unit: 'grapheme', minLength: 1 }), content: fc.uint8Array({ maxLength: 2000 }) }), {
          selector: ({ name }) => name,
        }),
        async (entries) => {
          const found = unzip(await packed(entries));
          expect(found.map(({ name, content }) => [name, [...content]])).toEqual(entries.map(({ name, content }) => [name, [...content]]));
        },
      ),
    ));

  it('asks for an entry only when the one before is on its way', async () => {
    const asked: string[] = [];
    async function* entries(): AsyncGenerator<ZipEntry> {
      for (const name of ['a', 'b', 'c']) {
        asked.push(name);
        yield { name, content: Buffer.from(name) };
      }
    }
    const archive = zipped(entries(), at);
    await archive.next();
    expect(asked).toEqual(['a']);
  });

  it('is not made of two entries of one name, of which readers would show one', async () => {
    const twice = { name: '营业执照.jpg', content: Buffer.from('照片') };
    await expect(packed([twice, twice])).rejects.toThrow('already exists');
  });

  it('is not made where it would be too large to be read', async () => {
    const large = { name: 'x', content: { length: 0x1_0000_0000 } as Uint8Array };
    await expect(packed([{ name: 'y', content: new Uint8Array(10) }, large])).rejects.toThrow(RangeError);
  });
});

describe('an archive with a password', () => {
  const name = '受理单.xlsx';
  const content = Buffer.from('主体负责人证件号 11010519491231002X '.repeat(2_000));
  const encrypted = (password: string) => buffer(zipped([{ name, content }], at, { password }));

  it('opens with it to what was put in, and shows nothing of that without', async () => {
    const archive = await encrypted('kqwm-7t3x');
    expect(await decrypt(archive, 'kqwm-7t3x')).toEqual([{ name, content }]);
    expect(archive.includes('11010519491231002X')).toBe(false);
    for (const wrong of ['kqwm-7t3y', 'KQWM-7T3X', '', undefined]) await expect(decrypt(archive, wrong)).rejects.toThrow();
  });

  it('is encrypted by AES of 256 bits, without a checksum of what is in it', async () => {
    const archive = await encrypted('kqwm-7t3x');
    const directory = archive.lastIndexOf('PK\x01\x02');
    const extra = archive.subarray(directory + 46 + archive.readUInt16LE(directory + 28));
    // WinZip's field 0x9901: seven bytes, AE-2, AE, strength 3 (256 bits), stored.
    expect(extra.subarray(0, 11).toString('hex')).toBe('019907000200414503' + '0000');
    expect([archive.readUInt16LE(directory + 10), archive.readUInt32LE(directory + 16)]).toEqual([99, 0]);
  });

  it('is another each time, so that two of them tell nothing of each other', async () => {
    const [one, other] = [await encrypted('kqwm-7t3x'), await encrypted('kqwm-7t3x')];
    expect(one.equals(other)).toBe(false);
  });

  it('of which anything was changed does not open', async () => {
    const archive = await encrypted('kqwm-7t3x');
    for (const place of [100, 5_000, archive.lastIndexOf('PK\x07\x08') - 1]) {
      const changed = Buffer.from(archive);
      changed[place] = (changed[place] ?? 0) ^ 1;
      await expect(decrypt(changed, 'kqwm-7t3x')).rejects.toThrow();
    }
  });
});
