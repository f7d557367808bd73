import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileIcon, renderThumbnail, thumbnailOf } from '../../../bot/documents/thumbnails.ts';
import { dataKeys } from '../../../bot/store/data-keys.ts';
import { Files, thumbnailName } from '../../../bot/store/files.ts';

let folder: string;
let files: Files;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'thumbnails-'));
  files = new Files(folder, dataKeys([randomBytes(32)]));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function stored(content: Buffer): Promise<string> {
  const { name } = await files.save(
    (async function* () {
      yield content;
    })(),
  );
  return name;
}

/** Red on the left, blue on the right. */
function twoColours(width = 1600, height = 900): Sharp {
  const right = { create: { width: width / 2, height, channels: 3 as const, background: '#00f' } };
  return sharp({ create: { width, height, channels: 3, background: '#f00' } }).composite([{ input: right, left: width / 2, top: 0 }]);
}

async function colourAt(picture: Buffer, left: number, top: number): Promise<number[]> {
  const { data } = await sharp(picture).extract({ left, top, width: 1, height: 1 }).raw().toBuffer({ resolveWithObject: true });
  return [...data];
}

describe('the thumbnail of a picture', () => {
  it.each([
    ['JPEG', () => twoColours().jpeg()],
    ['PNG', () => twoColours().png()],
    ['WebP', () => twoColours().webp()],
  ])('is a JPEG of at most 320 px, made of a %s', async (_, make) => {
    const thumbnail = await thumbnailOf(files, await stored(await make().toBuffer()));
    expect(await sharp(thumbnail).metadata()).toMatchObject({ format: 'jpeg', width: 320, height: 180 });
    expect(thumbnail?.length).toBeLessThan(30_000);
  });

  it('stands upright and tells nothing of camera and place', async () => {
    const picture = await twoColours()
      .withExif({ IFD0: { Make: 'Camera', Copyright: '张三' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    expect((await sharp(picture).metadata()).exif).toBeDefined();
    const thumbnail = (await thumbnailOf(files, await stored(picture))) ?? Buffer.alloc(0);
    const { width, height, exif, icc, xmp, orientation } = await sharp(thumbnail).metadata();
    expect([width, height, exif, icc, xmp, orientation]).toEqual([180, 320, undefined, undefined, undefined, undefined]);
    const [red = 0, , blue = 0] = await colourAt(thumbnail, 90, 20);
    expect(red).toBeGreaterThan(200);
    expect(blue).toBeLessThan(60);
  });

  it('is no larger than a small picture, on white where that is transparent', async () => {
    const picture = await sharp({ create: { width: 40, height: 30, channels: 4, background: '#0000' } })
      .png()
      .toBuffer();
    const thumbnail = (await thumbnailOf(files, await stored(picture))) ?? Buffer.alloc(0);
    expect(await sharp(thumbnail).metadata()).toMatchObject({ width: 40, height: 30 });
    expect(Math.min(...(await colourAt(thumbnail, 20, 15)))).toBeGreaterThan(250);
  });

  it('is stored encrypted, given again from there, and goes with the picture', async () => {
    const name = await stored(await twoColours().jpeg().toBuffer());
    const [thumbnail, same] = await Promise.all([thumbnailOf(files, name), thumbnailOf(files, name)]);
    expect(same).toBe(thumbnail);
    expect(readdirSync(folder).sort()).toEqual([name, thumbnailName(name)].sort());
    expect(readFileSync(join(folder, thumbnailName(name))).includes(Buffer.from('JFIF'))).toBe(false);
    // Even without the picture: it is not made a second time.
    rmSync(join(folder, name));
    expect(await thumbnailOf(files, name)).toEqual(thumbnail);
    await files.remove([name]);
    expect(readdirSync(folder)).toEqual([]);
    expect(await thumbnailOf(files, name)).toBeUndefined();
  });

  it('is made anew when it was spoilt on disk', async () => {
    const name = await stored(await twoColours().jpeg().toBuffer());
    const thumbnail = await thumbnailOf(files, name);
    writeFileSync(join(folder, thumbnailName(name)), 'half of i');
    expect(await thumbnailOf(files, name)).toEqual(thumbnail);
  });

  it('does not outlive a picture that is erased while it is made', async () => {
    const name = await stored(await twoColours().jpeg().toBuffer());
    const made = thumbnailOf(files, name);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await files.remove([name]);
    await made;
    expect(existsSync(join(folder, thumbnailName(name)))).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('no thumbnail', () => {
  it.each([
    ['a PDF document', async () => Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n')],
    ['a JPEG that breaks off', async () => (await noisy().jpeg().toBuffer()).subarray(0, 20_000)],
    ['a PNG that breaks off', async () => (await noisy().png().toBuffer()).subarray(0, 20_000)],
    ['a WebP that breaks off', async () => (await noisy().webp().toBuffer()).subarray(0, 2_000)],
    ['a picture whose few bytes unfold to 60 megapixels', () => plain(12_000, 5_000)],
    ['a picture that names more pixels than it has', async () => claiming(await plain(100, 100), 7_000, 7_000)],
    ['an SVG that calls itself a picture', async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')],
  ])('is made of %s, and nobody tries twice', async (_, make) => {
    const name = await stored(await make());
    expect(await thumbnailOf(files, name)).toBeUndefined();
    rmSync(join(folder, name));
    expect(await files.has(thumbnailName(name))).toBe(true);
    expect(await thumbnailOf(files, name)).toBeUndefined();
    await files.remove([name]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is there for a file that does not exist', async () => {
    expect(await thumbnailOf(files, randomBytes(24).toString('base64url'))).toBeUndefined();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('has an icon in its place', () => {
    expect(fileIcon('application/pdf')).toBe('pdf');
    expect(fileIcon('image/jpeg')).toBe('picture');
  });
});

it('a picture of just under 50 megapixels, interlaced, is not more than the limits of memory and time allow', async () => {
  const picture = await sharp({ create: { width: 9_990, height: 5_000, channels: 3, background: '#a40' } })
    .png({ progressive: true })
    .toBuffer();
  const before = process.memoryUsage.rss();
  const thumbnail = await thumbnailOf(files, await stored(picture));
  expect(process.memoryUsage.rss() - before).toBeLessThan(150 * 1024 * 1024);
  expect((await sharp(thumbnail).metadata()).width).toBe(320);
});

describe('a process that', () => {
  const limits = { ms: 15_000, memoryBytes: 640 * 1024 * 1024 };

  it('takes too long is stopped', async () => {
    expect(await renderThumbnail(await twoColours().jpeg().toBuffer(), { ...limits, ms: 50 })).toBe('stopped');
  });

  it('takes too much memory is stopped', async () => {
    const interlaced = sharp({ create: { width: 6_000, height: 6_000, channels: 3, background: '#a40' } }).png({ progressive: true });
    const tight = { ...limits, memoryBytes: 130 * 1024 * 1024 };
    expect(await renderThumbnail(await interlaced.toBuffer(), tight)).toBe('stopped');
    expect(await renderThumbnail(await twoColours().jpeg().toBuffer(), tight)).toBeInstanceOf(Buffer);
  });
});

function noisy(): Sharp {
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 60 };
  return sharp({ create: { width: 800, height: 600, channels: 3, background: '#888', noise } });
}

function plain(width: number, height: number): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: '#888' }, limitInputPixels: false })
    .png()
    .toBuffer();
}

/** A PNG whose header says another size; its checksum is made to fit. */
function claiming(png: Buffer, width: number, height: number): Buffer {
  const changed = Buffer.from(png);
  changed.writeUInt32BE(width, 16);
  changed.writeUInt32BE(height, 20);
  changed.writeInt32BE(crc32(changed.subarray(12, 29)), 29);
  return changed;
}

/** W3C PNG, annex D; Node 20 has none of its own. */
function crc32(bytes: Buffer): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc;
}
