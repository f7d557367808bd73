import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ZipEntry, zipped } from '../../../bot/filing-package/zip.ts';
import { unzip } from '../../support/unzip.ts';

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
        fc.array(fc.record({ name: fc.string({ unit: 'grapheme', minLength: 1 }), content: fc.uint8Array({ maxLength: 2000 }) })),
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

  it('is not made where it would be too large to be read', async () => {
    const large = { name: 'x', content: { length: 0x1_0000_0000 } as Uint8Array };
    await expect(packed([{ name: 'y', content: new Uint8Array(10) }, large])).rejects.toThrow(RangeError);
  });
});
