/** What a picture cannot be shown without; the resolution of printing says nothing of anybody. */
const needed = {
  jpeg: new Set([0xc0, 0xc1, 0xc2, 0xc4, 0xda, 0xdb, 0xdd, 0xe0]), // frames, tables, the scan, restarts, JFIF
  png: new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND', 'pHYs']),
};

/** Names every part of a JPEG, PNG or WebP file beside the picture itself, as its container has it: a scan that trusts no decoder. */
export function partsBesidePicture(file: Buffer): string[] {
  if (file.subarray(0, 2).equals(Buffer.of(0xff, 0xd8))) return jpegParts(file);
  if (file.toString('latin1', 1, 4) === 'PNG') return pngParts(file);
  if (file.toString('latin1', 8, 12) === 'WEBP') return webpParts(file);
  throw new Error('It is no picture.');
}

function jpegParts(file: Buffer): string[] {
  const found: string[] = [];
  for (let at = 2; at < file.length; ) {
    const marker = file[at + 1] ?? 0;
    if (marker === 0xd9) return at + 2 < file.length ? [...found, 'behind the end'] : found;
    const length = file.readUInt16BE(at + 2);
    if (!needed.jpeg.has(marker)) found.push(marker === 0xfe ? 'COM' : `APP${marker - 0xe0}`);
    at += 2 + length;
    // The scan itself: a 0xff in it is followed by a zero, or restarts.
    if (marker === 0xda) while (file[at] !== 0xff || /^(0|d[0-7])$/.test((file[at + 1] ?? 0).toString(16))) at += 1;
  }
  throw new Error('It has no end.');
}

function pngParts(file: Buffer): string[] {
  const found: string[] = [];
  for (let at = 8; at < file.length; at += file.readUInt32BE(at) + 12) {
    const type = file.toString('latin1', at + 4, at + 8);
    if (!needed.png.has(type)) found.push(type);
    if (type === 'IEND' && at + 12 < file.length) return [...found, 'behind the end'];
  }
  return found;
}

function webpParts(file: Buffer): string[] {
  const found: string[] = [];
  for (let at = 12; at < file.length; ) {
    const type = file.toString('latin1', at, at + 4);
    if (!/^(VP8[ LX]|ALPH)$/.test(type)) found.push(type.trim());
    const length = file.readUInt32LE(at + 4);
    at += 8 + length + (length % 2);
  }
  return found;
}
