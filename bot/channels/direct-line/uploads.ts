import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Busboy } from '@fastify/busboy';
import type { ActivityAttachment } from '../../activity.ts';
import { fileScheme } from '../../conversations/conversation.ts';
import { chunksOf, type Deposit, storeDocument } from '../../documents/store-document.ts';
import type { Take } from '../../documents/upload-allowance.ts';
import { drain } from '../../http/body.ts';
import { badArgument, HttpError } from '../../http/http-error.ts';
import type { Files } from '../../store/files.ts';

/** Of a request; those of each file are `documentLimits`. */
export const uploadLimits = { files: 5, activityBytes: 256 * 1024 };

const activityType = 'application/vnd.microsoft.activity';

export interface Upload {
  attachments: ActivityAttachment[];
  /** The activity that came with the files, as JSON text. */
  activity?: string;
}

/**
 * Stores the files of a request: `multipart/form-data` or one file as the body (Direct Line 3.0, "send an activity with
 * attachments"). When anything is wrong, nothing stays stored. Throws 400, 413, 415, or
 * `UploadRefused`. `take`: see `storeDocument`.
 *
 * Every part needs a Content-Disposition, as RFC 7578 demands; Microsoft's article shows an activity part without one, which
 * no client sends and the parser passes over.
 */
export async function receiveUpload(request: IncomingMessage, deposit: Deposit, take: Take): Promise<Upload> {
  const upload: Upload = { attachments: [] };
  try {
    const type = request.headers['content-type'] ?? '';
    if (type.toLowerCase().startsWith('multipart/form-data')) await readMultipart(request, deposit, take, upload);
    else upload.attachments.push(await storeDocument(request, nameInDisposition(request.headers['content-disposition']), deposit, take));
  } catch (error) {
    drain(request);
    await removeUpload(upload, deposit.files);
    throw error;
  }
  return upload;
}

export async function removeUpload({ attachments }: Upload, files: Files): Promise<void> {
  await files.remove(attachments.flatMap(({ contentUrl }) => (contentUrl ? [contentUrl.slice(fileScheme.length)] : [])));
}

/** Works through the parts one after the other, so that the files stand in the order in which they were sent. */
async function readMultipart(request: IncomingMessage, deposit: Deposit, take: Take, upload: Upload): Promise<void> {
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
        upload.attachments.push(await storeDocument(part, name, deposit, take));
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
