import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { givenOut } from '../../../bot/documents/given-out.ts';
import { cleanCopyOf, fileIcon, pictureLimits, renderPicture, thumbnailOf } from '../../../bot/documents/pictures.ts';
import { documentLimits } from '../../../bot/documents/store-document.ts';
import { dataKeys } from '../../../bot/store/data-keys.ts';
import { cleanCopyName, Files, thumbnailName } from '../../../bot/store/files.ts';
import { partsBesidePicture } from '../../support/picture-parts.ts';
import { isThorough } from '../../support/sample.ts';

let folder: string;
let files: Files;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pictures-'));
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

const place = {
  IFD0: { Make: 'Camera', Copyright: '张三' },
  IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '39/1 54/1 27/1', GPSLongitudeRef: 'E' },
};
const xmp = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></x:xmpmeta>';
const onItsSide = { orientation: 6 };

/** One more segment behind the first two bytes. */
function withSegment(jpeg: Buffer, marker: number, content: string): Buffer {
  const bytes = Buffer.from(content, 'latin1');
  const head = Buffer.of(0xff, marker, 0, 0);
  head.writeUInt16BE(bytes.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, bytes, jpeg.subarray(2)]);
}

/** One more chunk behind the header. */
function withChunk(png: Buffer, type: string, content: string): Buffer {
  const bytes = Buffer.from(type + content, 'latin1');
  const chunk = Buffer.alloc(bytes.length + 8);
  chunk.writeUInt32BE(content.length);
  bytes.copy(chunk, 4);
  chunk.writeInt32BE(crc32(bytes), bytes.length + 4);
  return Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]);
}

describe('the clean copy of a picture', () => {
  const iptc = 'Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x0d\x1c\x02\x5a\0\x08Shanghai\0';
  const jpeg = () => twoColours().withExif(place).withMetadata(onItsSide).jpeg().toBuffer();
  const png = () => twoColours().withExif(place).withMetadata(onItsSide).png().toBuffer();

  it.each<[what: string, picture: () => Promise<Buffer>, before: string[], format: string]>([
    ['a JPEG with camera and place', jpeg, ['APP1', 'APP2'], 'jpeg'],
    ['a JPEG with XMP', () => twoColours().withXmp(xmp).withMetadata(onItsSide).jpeg().toBuffer(), ['APP1', 'APP1', 'APP2'], 'jpeg'],
    ['a JPEG with IPTC', async () => withSegment(await jpeg(), 0xed, iptc), ['APP13', 'APP1', 'APP2'], 'jpeg'],
    ['a JPEG with a comment', async () => withSegment(await jpeg(), 0xfe, 'Shanghai'), ['COM', 'APP1', 'APP2'], 'jpeg'],
    [
      'a JPEG with a film behind it',
      async () => Buffer.concat([await jpeg(), Buffer.from('ftypmp42')]),
      ['APP1', 'APP2', 'behind the end'],
      'jpeg',
    ],
    [
      'a progressive JPEG',
      () => twoColours().withExif(place).withMetadata(onItsSide).jpeg({ progressive: true }).toBuffer(),
      ['APP1', 'APP2'],
      'jpeg',
    ],
    ['a PNG with camera and place', png, ['iCCP', 'eXIf'], 'png'],
    ['a PNG with words', async () => withChunk(await png(), 'tEXt', 'Author\0Zhang San'), ['tEXt', 'iCCP', 'eXIf'], 'png'],
    ['a PNG with a time', async () => withChunk(await png(), 'tIME', '\x07\xea\x0b\x1b\0\0\0'), ['tIME', 'iCCP', 'eXIf'], 'png'],
    ['a PNG with XMP', async () => withChunk(await png(), 'iTXt', `XML:com.adobe.xmp\0\0\0\0\0${xmp}`), ['iTXt', 'iCCP', 'eXIf'], 'png'],
    [
      'a PNG with something behind it',
      async () => Buffer.concat([await png(), Buffer.from('PK')]),
      ['iCCP', 'eXIf', 'behind the end'],
      'png',
    ],
    [
      'a WebP with camera and place',
      () => twoColours().withExif(place).withMetadata(onItsSide).webp().toBuffer(),
      ['ICCP', 'EXIF'],
      'jpeg',
    ],
    ['a WebP with XMP', () => twoColours().withXmp(xmp).withMetadata(onItsSide).webp().toBuffer(), ['ICCP', 'EXIF', 'XMP'], 'jpeg'],
  ])('has nothing but the picture, upright and whole: %s', async (_, make, before, format) => {
    const picture = await make();
    expect(partsBesidePicture(picture)).toEqual(before);
    const copy = await cleanCopyOf(files, await stored(picture));
    if (!Buffer.isBuffer(copy)) throw new Error(copy);
    expect(partsBesidePicture(copy)).toEqual([]);
    expect(await sharp(copy).metadata()).toMatchObject({ format, width: 900, height: 1600 });
    const [[red = 0, , blue = 0], [otherRed = 0, , otherBlue = 0]] = [await colourAt(copy, 450, 100), await colourAt(copy, 450, 1500)];
    expect([red > 200, blue < 60, otherRed < 60, otherBlue > 200]).toEqual([true, true, true, true]);
  });

  it('is as sharp as the picture was, and a PNG the same to each of its pixels', async () => {
    const picture = noisy(12);
    const pixels = await picture.clone().raw().toBuffer();
    const copied = async (content: Buffer) => {
      const copy = await cleanCopyOf(files, await stored(content));
      return sharp(copy as Buffer)
        .raw()
        .toBuffer();
    };
    const png = await picture.clone().png().toBuffer();
    expect((await copied(png)).equals(await sharp(png).raw().toBuffer())).toBe(true);
    const jpeg = await sharp(pixels, { raw: { width: 800, height: 600, channels: 3 } })
      .jpeg({ quality: 92 })
      .toBuffer();
    const [before, after] = [await sharp(jpeg).raw().toBuffer(), await copied(jpeg)];
    const squares = before.reduce((sum, value, at) => sum + (value - (after[at] ?? 0)) ** 2, 0);
    // Peak signal to noise ratio, in decibels: from about 35 on nobody sees a difference.
    expect(10 * Math.log10(255 ** 2 / (squares / before.length))).toBeGreaterThan(35);
  });

  it('is on white where a WebP is transparent, and transparent where a PNG is', async () => {
    const clear = sharp({ create: { width: 40, height: 30, channels: 4, background: '#0000' } });
    const [ofWebp, ofPng] = [
      await cleanCopyOf(files, await stored(await clear.clone().webp().toBuffer())),
      await cleanCopyOf(files, await stored(await clear.clone().png().toBuffer())),
    ];
    expect(Math.min(...(await colourAt(ofWebp as Buffer, 20, 15)))).toBeGreaterThan(250);
    expect((await colourAt(ofPng as Buffer, 20, 15))[3]).toBe(0);
  });

  it.runIf(isThorough)('is no larger than customers may send it, however grainy', async () => {
    const grain = { type: 'gaussian' as const, mean: 128, sigma: 40 };
    const picture = await sharp({ create: { width: 5_000, height: 4_000, channels: 3, background: '#888', noise: grain } })
      .webp({ quality: 30, effort: 0 })
      .toBuffer();
    expect(picture.length).toBeLessThan(documentLimits.bytesPerFile);
    const copy = await cleanCopyOf(files, await stored(picture));
    if (!Buffer.isBuffer(copy)) throw new Error(copy);
    expect(copy.length).toBeLessThanOrEqual(documentLimits.bytesPerFile);
    expect(await sharp(copy).metadata()).toMatchObject({ width: 5_000, height: 4_000 });
  });

  it('is stored encrypted beside the picture and its thumbnail, given again from there, and goes with it', async () => {
    const name = await stored(await jpeg());
    const [copy, same] = await Promise.all([cleanCopyOf(files, name), cleanCopyOf(files, name)]);
    expect(same).toBe(copy);
    await thumbnailOf(files, name);
    expect(readdirSync(folder).sort()).toEqual([name, thumbnailName(name), cleanCopyName(name)].sort());
    expect(readFileSync(join(folder, cleanCopyName(name))).includes(Buffer.from('JFIF'))).toBe(false);
    writeFileSync(join(folder, cleanCopyName(name)), 'half of i');
    expect(await cleanCopyOf(files, name)).toEqual(copy);
    await files.remove([name]);
    expect(readdirSync(folder)).toEqual([]);
    expect(await cleanCopyOf(files, name)).toBe('gone');
  });

  it('does not outlive a picture that is erased while it is made', async () => {
    const name = await stored(await jpeg());
    const made = cleanCopyOf(files, name);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await files.remove([name]);
    await made;
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('what is given out of a file', () => {
  it('is a PDF document as it was sent', async () => {
    const pdf = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');
    const name = await stored(pdf);
    expect(await givenOut(files, name)).toEqual(pdf);
    expect(readdirSync(folder)).toEqual([name]);
  });

  it('is nothing of a picture that cannot be made anew, and of what is no picture', async () => {
    const broken = (await noisy().jpeg().toBuffer()).subarray(0, 20_000);
    for (const content of [broken, Buffer.from('GIF89a'), Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')]) {
      expect(await givenOut(files, await stored(content))).toBe('undecodable');
    }
    expect(await givenOut(files, randomBytes(24).toString('base64url'))).toBe('gone');
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

it.runIf(isThorough)(
  'a picture of 40 megapixels, interlaced, transparent, of 16 bits, on its side, is not more than the limits of memory and time allow',
  async () => {
    const picture = await sharp({ create: { width: 8_000, height: 5_000, channels: 4, background: '#a408' } })
      .toColourspace('rgb16')
      .withMetadata(onItsSide)
      .png({ progressive: true })
      .toBuffer();
    const before = process.memoryUsage.rss();
    const name = await stored(picture);
    const [thumbnail, copy] = [await thumbnailOf(files, name), await cleanCopyOf(files, name)];
    expect(process.memoryUsage.rss() - before).toBeLessThan(150 * 1024 * 1024);
    expect((await sharp(thumbnail).metadata()).width).toBe(200);
    expect(await sharp(copy as Buffer).metadata()).toMatchObject({ width: 5_000, height: 8_000 });
  },
);

describe('a process that', () => {
  const limits = pictureLimits;

  it('takes too long is stopped', async () => {
    expect(await renderPicture(await twoColours().jpeg().toBuffer(), 'thumbnail', { ...limits, ms: 50 })).toBe('stopped');
  });

  it('takes too much memory is stopped', async () => {
    const interlaced = sharp({ create: { width: 6_000, height: 6_000, channels: 3, background: '#a40' } }).png({ progressive: true });
    const tight = { ...limits, memoryBytes: 130 * 1024 * 1024 };
    const picture = await interlaced.toBuffer();
    for (const form of ['thumbnail', 'clean-copy'] as const) {
      expect(await renderPicture(picture, form, tight)).toBe('stopped');
      // And the next one is made.
      expect(await renderPicture(await twoColours().jpeg().toBuffer(), form, tight)).toBeInstanceOf(Buffer);
    }
  });
});

function noisy(sigma = 60): Sharp {
  const noise = { type: 'gaussian' as const, mean: 128, sigma };
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
