import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { PictureHeaderReader } from '../../../bot/documents/picture-header.ts';

/** Reads a picture in chunks of this size. */
function headerOf(content: Buffer, type: string, chunkBytes = content.length) {
  const reader = new PictureHeaderReader(type);
  for (let at = 0; at < content.length; at += chunkBytes) {
    const header = reader.push(content.subarray(at, at + chunkBytes));
    if (header !== undefined) return header;
  }
  return undefined;
}

const photo = sharp({ create: { width: 301, height: 203, channels: 3, background: '#a40' } });
const noise = sharp({
  create: { width: 301, height: 203, channels: 4, background: '#0000', noise: { type: 'gaussian', mean: 128, sigma: 40 } },
});
const size = { width: 301, height: 203, animated: false };

const pictures: [kind: string, type: string, make: () => Promise<Buffer>][] = [
  ['a JPEG', 'image/jpeg', () => photo.clone().jpeg().toBuffer()],
  ['a progressive JPEG', 'image/jpeg', () => photo.clone().jpeg({ progressive: true }).toBuffer()],
  ['a JPEG with EXIF and a colour profile', 'image/jpeg', () => photo.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer()],
  ['a grey JPEG', 'image/jpeg', () => photo.clone().grayscale().jpeg().toBuffer()],
  ['a PNG', 'image/png', () => photo.clone().png().toBuffer()],
  ['an interlaced PNG', 'image/png', () => noise.clone().png({ progressive: true }).toBuffer()],
  ['a PNG with a palette', 'image/png', () => photo.clone().png({ palette: true }).toBuffer()],
  ['a PNG with metadata', 'image/png', () => photo.clone().withMetadata().png().toBuffer()],
  ['a WebP', 'image/webp', () => photo.clone().webp().toBuffer()],
  ['a lossless WebP', 'image/webp', () => photo.clone().webp({ lossless: true }).toBuffer()],
  ['a WebP with transparency', 'image/webp', () => noise.clone().webp().toBuffer()],
  ['a WebP with metadata', 'image/webp', () => photo.clone().withMetadata().webp().toBuffer()],
];

describe('the header of a picture', () => {
  it.each(pictures)('is read from %s, however it is cut', async (_, type, make) => {
    const picture = await make();
    for (const chunkBytes of [picture.length, 1, 7, 100]) expect(headerOf(picture, type, chunkBytes)).toEqual(size);
  });

  it.each(pictures)('is missed, and nothing else goes wrong, when %s breaks off early', async (_, type, make) => {
    const picture = await make();
    for (let length = 0; length < Math.min(picture.length, 700); length += 1)
      expect([undefined, size]).toContainEqual(headerOf(picture.subarray(0, length), type));
  });

  it('is found with fill bytes before a marker', async () => {
    const picture = await photo.clone().jpeg().toBuffer();
    expect(headerOf(Buffer.concat([picture.subarray(0, 2), Buffer.of(0xff, 0xff), picture.subarray(2)]), 'image/jpeg')).toEqual(size);
  });

  it('tells that a picture moves', async () => {
    const frames = await Promise.all(
      ['#f00', '#0f0'].map((background) =>
        sharp({ create: { width: 30, height: 20, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    const moving = await sharp(frames, { join: { animated: true } })
      .webp()
      .toBuffer();
    expect(headerOf(moving, 'image/webp', 5)).toEqual({ width: 30, height: 20, animated: true });
  });

  it('is never found in noise, which ends in no error and no endless loop', () => {
    let seed = 7;
    const random = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed & 0xff;
    };
    for (const type of ['image/jpeg', 'image/png', 'image/webp'])
      for (let round = 0; round < 300; round += 1) {
        const found = headerOf(Buffer.from(Array.from({ length: 200 }, random)), type, 13);
        if (typeof found === 'object') expect(found).toMatchObject({ width: expect.any(Number), height: expect.any(Number) });
      }
  });
});
