import { createHash, type Hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Busboy } from '@fastify/busboy';
import { fileTypeFromBuffer } from 'file-type';
import type { ActivityAttachment } from '../../activity.ts';
import { fileScheme } from '../../conversations/conversation.ts';
import { PictureHeaderReader } from '../../documents/picture-header.ts';
import { drain } from '../../http/body.ts';
import { badArgument, HttpError } from '../../http/http-error.ts';
import type { Files } from '../../store/files.ts';

/**
 * The limits of uploads: pictures and PDF documents, told apart by their content and not by their name. Pixels are limited
 * beside bytes, because a few kilobytes can unfold to gigabytes in whatever shows the picture later.
 */
export const uploadLimits = {
  files: 5,
  bytesPerFile: 10 * 1024 * 1024,
  pixels: 50_000_000,
  pixelsPerSide: 12_000,
  activityBytes: 256 * 1024,
};
export const uploadTypes: readonly string[] = ['image/jpeg', 'image/png', 'image/webp', 'application/pdf'];

const activityType = 'application/vnd.microsoft.activity';
const sniffedBytes = 4100;

export interface Upload {
  attachments: ActivityAttachment[];
  /** The activity that came with the files, as JSON text. */
  activity?: string;
}

/**
 * Stores the files of a request: `multipart/form-data` or one file as the body (Direct Line 3.0, "send an activity with
 * attachments"). When anything is wrong, nothing stays stored. Throws 400, 413 or 415.
 *
 * Every part needs a Content-Disposition, as RFC 7578 demands; Microsoft's article shows an activity part without one, which
 * no client sends and the parser passes over.
 */
export async function receiveUpload(request: IncomingMessage, files: Files): Promise<Upload> {
  const upload: Upload = { attachments: [] };
  try {
    const type = request.headers['content-type'] ?? '';
    if (type.toLowerCase().startsWith('multipart/form-data')) await readMultipart(request, files, upload);
    else upload.attachments.push(await storeFile(request, nameInDisposition(request.headers['content-disposition']), files));
  } catch (error) {
    drain(request);
    await removeUpload(upload, files);
    throw error;
  }
  return upload;
}

export async function removeUpload({ attachments }: Upload, files: Files): Promise<void> {
  await files.remove(attachments.flatMap(({ contentUrl }) => (contentUrl ? [contentUrl.slice(fileScheme.length)] : [])));
}

/** Works through the parts one after the other, so that the files stand in the order in which they were sent. */
async function readMultipart(request: IncomingMessage, files: Files, upload: Upload): Promise<void> {
  const parser = parserFor(request);
  const parts: Readable[] = [];
  let fileCount = 0;
  let work: Promise<void> = Promise.resolve();
  const done = new Promise<void>((resolve, reject) => {
    const inTurn = (task: () => Promise<void>) => {
      work = work.then(task);
      work.catch(reject);
    };
    parser.on('file', (_field, part, name, _encoding, type) => {
      parts.push(part);
      // The parser only announces that a part was cut off; whoever reads the part later has to find it ended.
      part.on('error', (error) => part.destroy(error));
      if (type.toLowerCase() === activityType) {
        inTurn(async () => {
          upload.activity = await readText(part);
        });
        return;
      }
      fileCount += 1;
      if (fileCount > uploadLimits.files) {
        reject(new HttpError(413, 'TooManyFiles', `Send at most ${uploadLimits.files} files at once.`));
        return;
      }
      inTurn(async () => {
        upload.attachments.push(await storeFile(part, name, files));
      });
    });
    parser.on('field', (name, value, _nameCut, _valueCut, _encoding, type) => {
      if (name === 'activity' || type.toLowerCase() === activityType) upload.activity = value;
    });
    parser.once('error', () => reject(badArgument('The multipart body cannot be read.')));
    parser.once('finish', () => resolve(work));
    request.once('close', () => {
      if (!request.complete) reject(badArgument('The body ended too early.'));
    });
    request.pipe(parser);
  });
  try {
    await done;
  } catch (error) {
    for (const part of parts) part.destroy();
    // What is being stored at this moment has to be there before it can be removed.
    await work.catch(() => undefined);
    throw error;
  }
  if (upload.attachments.length === 0) throw badArgument('The multipart body has no file.');
}

function parserFor(request: IncomingMessage): InstanceType<typeof Busboy> {
  try {
    return new Busboy({
      headers: request.headers as { 'content-type': string },
      limits: { files: uploadLimits.files + 2, fields: 4, fieldSize: uploadLimits.activityBytes, parts: uploadLimits.files + 6 },
    });
  } catch {
    throw badArgument('The multipart body has no valid boundary.');
  }
}

/** Stores one file under a type found in its first bytes; throws 413 when it grows too large and 415 for another type. */
async function storeFile(stream: Readable, givenName: string | undefined, files: Files): Promise<ActivityAttachment> {
  const found = { type: '', digest: createHash('sha256') };
  const { name } = await files.save(checked(stream, found));
  return { contentType: found.type, contentUrl: fileScheme + name, name: safeName(givenName), digest: found.digest.digest('hex') };
}

/** The chunks of a file, held back until the first of them have shown an accepted type, and cut off at the limits. */
async function* checked(stream: Readable, found: { type: string; digest: Hash }): AsyncGenerator<Buffer> {
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
    found.digest.update(chunk);
    if (size > uploadLimits.bytesPerFile)
      throw new HttpError(413, 'FileTooBig', `A file may have at most ${uploadLimits.bytesPerFile} bytes.`);
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
    if (Math.max(width, height) > uploadLimits.pixelsPerSide || width * height > uploadLimits.pixels) {
      const { pixels, pixelsPerSide } = uploadLimits;
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
async function* chunksOf(stream: Readable): AsyncGenerator<Buffer> {
  try {
    yield* stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  } catch {
    throw badArgument('The body ended too early.');
  }
}

async function sniff(head: Buffer): Promise<string> {
  const found = await fileTypeFromBuffer(head);
  if (!found || !uploadTypes.includes(found.mime)) {
    throw new HttpError(415, 'UnsupportedFileType', 'Send JPEG, PNG or WebP pictures, or PDF documents.');
  }
  return found.mime;
}

async function readText(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunksOf(stream)) {
    size += chunk.length;
    if (size > uploadLimits.activityBytes) throw new HttpError(413, 'MessageSizeTooBig', 'The activity of the upload is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
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

/** RFC 6266: `filename*=UTF-8''…` goes before `filename="…"`. */
function nameInDisposition(disposition = ''): string | undefined {
  const [, encoded] = /filename\*\s*=\s*utf-8''([^;]+)/i.exec(disposition) ?? [];
  if (encoded) {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return undefined; // not valid percent-encoding: the file is stored without its name
    }
  }
  const [, quoted, plain] = /filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(disposition) ?? [];
  return quoted?.replace(/\\(["\\])/g, '$1') ?? plain;
}
