import { pages, pdfOf } from '../../../support/pdf.ts';
import { png } from './client.ts';

/** The smallest files of their kinds that are told by their content. */
export const samples = {
  png,
  jpeg: Buffer.from('ffd8ffe000104a46494600010100000100010000ffc0000b080001000101011100ffd9', 'hex'),
  webp: Buffer.from('UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA', 'base64'),
  pdf: pdfOf(pages(1)),
};

const chunk = (type: string, length: number) => Buffer.concat([uint32(length), Buffer.from(type), Buffer.alloc(length + 4)]);

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** A PNG as far as its header, with these chunks behind. */
export function pngHead(width: number, height: number, ...chunks: Buffer[]): Buffer {
  const header = Buffer.concat([uint32(13), Buffer.from('IHDR'), uint32(width), uint32(height), Buffer.from([8, 6, 0, 0, 0]), uint32(0)]);
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), header, ...(chunks.length > 0 ? chunks : [chunk('IDAT', 0)])]);
}

/** A JPEG as far as its header, with a part of so many bytes in front of it, as colour profiles and previews are. */
export function jpegHead(width: number, height: number, before = 0): Buffer {
  const frame = Buffer.from('ffc0001108000000000301220002110103110100', 'hex');
  frame.writeUInt16BE(height, 5);
  frame.writeUInt16BE(width, 7);
  const parts = Array.from({ length: Math.ceil(before / 65_533) }, () =>
    Buffer.concat([Buffer.from('ffe2ffff', 'hex'), Buffer.alloc(65_533)]),
  );
  return Buffer.concat([Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'), ...parts, frame]);
}

/** A WebP with a canvas, as far as its header. */
export function webpHead(width: number, height: number, flags = 0): Buffer {
  const head = Buffer.alloc(30);
  head.write('RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0', 'latin1');
  head[20] = flags;
  head.writeUIntLE(width - 1, 24, 3);
  head.writeUIntLE(height - 1, 27, 3);
  return head;
}

/** What no server for pictures and documents should take, whatever it is called. */
export const refusedFiles: [kind: string, content: Buffer][] = [
  ['SVG', Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')],
  ['HTML', Buffer.from('<!doctype html><script>alert(1)</script>')],
  ['HTML behind a line break', Buffer.from('\n\n<html><body onload=alert(1)>')],
  ['XML', Buffer.from('<?xml version="1.0"?><x/>')],
  ['text', Buffer.from('营业执照')],
  ['JavaScript', Buffer.from('alert(1)')],
  ['ZIP', Buffer.from('504b0304140000000800000000000000000000000000000000000000000001000000780300504b0506', 'hex')],
  ['GIF', Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')],
  ['a program', Buffer.concat([Buffer.from('MZ\x90\0'), Buffer.alloc(512)])],
  ['a script', Buffer.from('#!/bin/sh\nrm -rf ~\n')],
  ['an animated PNG', pngHead(8, 8, chunk('acTL', 8), chunk('IDAT', 0))],
  ['an animated WebP', webpHead(8, 8, 0x02)],
  ['a JPEG without a picture', Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex')],
  ['a JPEG cut off in its header', Buffer.from('ffd8ffe000104a46494600010100000100010000ffc0000b08', 'hex')],
  ['a lossless JPEG', Buffer.from('ffd8ffe000104a46494600010100000100010000ffc3000b080001000101011100ffd9', 'hex')],
  ['a PNG without a picture', pngHead(8, 8, chunk('IEND', 0))],
  ['a PNG of no width', pngHead(0, 8, chunk('IDAT', 0))],
  ['a PNG with its signature spoilt', Buffer.concat([Buffer.from('\n'), png])],
  ['nothing at all', Buffer.alloc(0)],
];

/** A picture, as far as anybody looks, of exactly this size. */
export function pictureOf(bytes: number): Buffer {
  return Buffer.concat([png, Buffer.alloc(bytes - png.length)]);
}

export function blob(content: Buffer, type: string): Blob {
  return new Blob([new Uint8Array(content)], { type });
}

/** A form as Direct Line JS sends it: the activity first, as a part with a type of its own, then each file. */
export function form(files: { content: Buffer; type?: string; name?: string }[], activity?: object): FormData {
  const data = new FormData();
  if (activity) data.append('activity', new Blob([JSON.stringify(activity)], { type: 'application/vnd.microsoft.activity' }));
  for (const { content, type = 'image/png', name = 'file.png' } of files) data.append('file', blob(content, type), name);
  return data;
}

export interface Part {
  headers: string[];
  content: Buffer | string;
}

/** A multipart body part by part, for what no browser would send. */
export function multipart(parts: Part[], { boundary = 'x-boundary', closed = true } = {}) {
  const pieces = parts.flatMap(({ headers, content }) => [
    Buffer.from(`--${boundary}\r\n${headers.map((header) => `${header}\r\n`).join('')}\r\n`),
    Buffer.from(content),
    Buffer.from('\r\n'),
  ]);
  if (closed) pieces.push(Buffer.from(`--${boundary}--\r\n`));
  return { body: Buffer.concat(pieces), headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } };
}

export const filePart = (name: string, content: Buffer = png): Part => ({
  headers: [`Content-Disposition: form-data; name="file"; filename="${name}"`, 'Content-Type: image/png'],
  content,
});
