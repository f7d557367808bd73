import { createHash, type Hash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { fileTypeFromBuffer } from 'file-type';
import type { ActivityAttachment } from '../activity.ts';
import { fileScheme } from '../conversations/conversation.ts';
import { badArgument, HttpError } from '../http/http-error.ts';
import type { Files } from '../store/files.ts';
import { pagesOfPdf } from './pdf-pages.ts';
import { PictureHeaderReader } from './picture-header.ts';
import type { Scanner } from './scanner.ts';
import type { Take } from './upload-allowance.ts';
import { UploadRefused } from './upload-refused.ts';

/**
 * What customers may send: pictures and PDF documents, told apart by their content and not by their name. Pixels are limited beside bytes,
 * because a few kilobytes can unfold to gigabytes in whatever shows the picture later.
 */
export const documentLimits = { bytesPerFile: 10 * 1024 * 1024, pixels: 40_000_000, pixelsPerSide: 12_000, pdfPages: 20 };
export const documentTypes: readonly string[] = ['image/jpeg', 'image/png', 'image/webp', 'application/pdf'];

const sniffedBytes = 4100;

/** Where documents are kept, and what they pass on their way there; without a scanner none is scanned. */
export interface Deposit {
  files: Files;
  scanner: Scanner | undefined;
}

/**
 * Stores one file under a type found in its first bytes; throws 413 when it grows too large, 415 for another type, and `UploadRefused` when
 * the scanner is against it, when it is a PDF document that cannot be used, or what `take` throws, which is told of all bytes that come.
 */
export async function storeDocument(
  stream: Readable,
  givenName: string | undefined,
  { files, scanner }: Deposit,
  take: Take,
): Promise<ActivityAttachment> {
  const found: Found = { type: '', digest: createHash('sha256') };
  const content = checked(stream, found, take);
  const noteUnscanned = () => {
    found.unscanned = true;
  };
  const { name } = await files.save(scanner ? scanner.watch(content, noteUnscanned) : content);
  const { type, digest, unscanned } = found;
  if (type === 'application/pdf') await requireUsablePdf(files, name);
  return {
    contentType: type,
    contentUrl: fileScheme + name,
    name: safeName(givenName),
    digest: digest.digest('hex'),
    ...(unscanned && { unscanned }),
  };
}

/** From the disk, once it is whole: a process that waits for a slow client would be one that anybody can have us hold by the hundred. */
async function requireUsablePdf(files: Files, name: string): Promise<void> {
  try {
    const pages = await pagesOfPdf(files.read(name));
    if (pages === 'locked') throw new UploadRefused('pdf-locked');
    if (pages === 'unreadable') throw new UploadRefused('pdf-unreadable');
    if (pages > documentLimits.pdfPages) throw new UploadRefused('pdf-too-long');
  } catch (error) {
    await files.remove([name]);
    throw error;
  }
}

/** What shows of a file while it passes. */
interface Found {
  type: string;
  digest: Hash;
  unscanned?: true;
}

/** The chunks of a file, held back until the first of them have shown an accepted type, and cut off at the limits. */
async function* checked(stream: Readable, found: Found, take: Take): AsyncGenerator<Buffer> {
  let head = Buffer.alloc(0);
  let size = 0;
  let picture: PictureCheck | undefined;
  const begin = async () => {
    found.type = await sniff(head);
    picture = pictureCheck(found.type);
    picture?.push(head);
  };
  for await (const chunk of chunksOf(stream)) {
    size += chunk.length;
    take(chunk.length);
    found.digest.update(chunk);
    if (size > documentLimits.bytesPerFile)
      throw new HttpError(413, 'FileTooBig', `A file may have at most ${documentLimits.bytesPerFile} bytes.`);
    if (found.type !== '') {
      picture?.push(chunk);
      yield chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < sniffedBytes) continue;
    await begin();
    yield head;
  }
  if (found.type === '') {
    await begin();
    yield head;
  }
  picture?.end();
}

/** Looks at a picture's header as it passes; throws 413 when it has too many pixels, 415 when it moves or has no header. */
class PictureCheck {
  readonly #reader: PictureHeaderReader;
  #passed = false;

  constructor(type: string) {
    this.#reader = new PictureHeaderReader(type);
  }

  push(chunk: Buffer): void {
    if (this.#passed) return;
    const header = this.#reader.push(chunk);
    if (header === undefined) return;
    if (header === 'unreadable') throw unreadablePicture();
    const { width, height, animated } = header;
    if (animated) throw new HttpError(415, 'AnimatedPicture', 'Send a still picture.');
    if (Math.max(width, height) > documentLimits.pixelsPerSide || width * height > documentLimits.pixels) {
      const { pixels, pixelsPerSide } = documentLimits;
      throw new HttpError(413, 'PictureTooLarge', `A picture may have at most ${pixels} pixels, and ${pixelsPerSide} on a side.`);
    }
    this.#passed = true;
  }

  end(): void {
    if (!this.#passed) throw unreadablePicture();
  }
}

function pictureCheck(type: string): PictureCheck | undefined {
  return type.startsWith('image/') ? new PictureCheck(type) : undefined;
}

function unreadablePicture(): HttpError {
  return new HttpError(415, 'UnreadablePicture', 'The picture cannot be read: it may be damaged.');
}

/** What a client sends; that it stops in the middle is its fault, and not one of the disk. */
export async function* chunksOf(stream: Readable): AsyncGenerator<Buffer> {
  try {
    yield* stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  } catch {
    throw badArgument('The body ended too early.');
  }
}

async function sniff(head: Buffer): Promise<string> {
  const found = await fileTypeFromBuffer(head);
  if (!found || !documentTypes.includes(found.mime)) {
    throw new HttpError(415, 'UnsupportedFileType', 'Send JPEG, PNG or WebP pictures, or PDF documents.');
  }
  return found.mime;
}

/** A client's file name as something to show: the last part of the path, no control or direction characters, not too long. */
export function safeName(given: string | undefined): string {
  const last = (given ?? '').toWellFormed().split(/[/\\]/).at(-1) ?? '';
  const plain = last
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '')
    .trim()
    .slice(-100);
  return plain === '' || /^\.+$/.test(plain) ? 'file' : plain;
}
