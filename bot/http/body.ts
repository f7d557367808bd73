import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import type { z } from 'zod';
import { schemaFaults } from '../schema-faults.ts';
import { badArgument, HttpError } from './http-error.ts';

const deepestJson = 32;
/** How much of a refused body is still read and thrown away, so that the client gets to see the refusal. */
const mostDrained = 16 * 1024 * 1024;

/**
 * Reads a JSON body of at most `limit` bytes, counted after decompression, and checks it. An empty body is read as `{}`.
 * Throws 400 for broken JSON or wrong content, 413 when too large, 415 for another type or compression.
 */
export async function readJsonBody<T>(request: IncomingMessage, schema: z.ZodType<T>, limit: number): Promise<T> {
  const bytes = await readBody(request, limit);
  if (bytes.length > 0) requireJson(request.headers['content-type']);
  return checked(schema, bytes.length > 0 ? parseJson(bytes) : {});
}

/** What the schema makes of a value; throws 400 that names all faults. */
export function checked<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw badArgument(schemaFaults(parsed.error));
  return parsed.data;
}

/** Reads a whole body of at most `limit` bytes, counted after decompression. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const decoder = decoderOf(request);
  if (!decoder && Number(request.headers['content-length'] ?? 0) > limit) throw refuse(request, limit);
  const source = decoder ? request.pipe(decoder) : request;
  // Events rather than an async iterator: half the time for the usual small body, and leaving early does not end the request.
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else fail(refuse(request, limit));
    };
    const fail = (error: HttpError) => {
      source.off('data', take);
      decoder?.destroy();
      reject(error);
    };
    source.on('data', take);
    source.once('end', () => resolve(Buffer.concat(chunks)));
    source.once('error', () => fail(badArgument(decoder ? 'The compressed body cannot be read.' : 'The body ended too early.')));
    request.once('close', () => {
      if (!request.complete) fail(badArgument('The body ended too early.'));
    });
  });
}

/** Reads on without keeping anything, for a while: a client that is still sending would otherwise never read the answer. */
export function drain(request: IncomingMessage): void {
  let left = mostDrained;
  request.unpipe();
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) request.destroy();
  });
  request.on('error', () => request.destroy());
  request.resume();
}

function refuse(request: IncomingMessage, limit: number): HttpError {
  drain(request);
  return new HttpError(413, 'MessageSizeTooBig', `The body is larger than ${limit} bytes.`);
}

function decoderOf(request: IncomingMessage): (Readable & NodeJS.WritableStream) | undefined {
  switch (request.headers['content-encoding']?.toLowerCase() ?? 'identity') {
    case 'identity':
      return undefined;
    case 'gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    default:
      drain(request);
      throw new HttpError(415, 'UnsupportedEncoding', 'Send the body as it is, or compressed with gzip or deflate.');
  }
}

function requireJson(contentType = ''): void {
  const [type = '', ...parameters] = contentType
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const charset =
    parameters
      .find((parameter) => parameter.startsWith('charset='))
      ?.slice(8)
      .replace(/"/g, '') ?? 'utf-8';
  if (type !== 'application/json' || !['utf-8', 'utf8'].includes(charset)) {
    throw new HttpError(415, 'UnsupportedMediaType', 'Send application/json in UTF-8.');
  }
}

/** JSON in UTF-8 of bounded depth, without keys that reach into prototypes; throws 400 otherwise. */
export function parseJson(bytes: Buffer): unknown {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw badArgument('The body is not valid JSON in UTF-8.');
  }
  requireHarmless(value, deepestJson);
  return value;
}

/**
 * The parser makes `__proto__` a property like others; harm comes where what was parsed is copied into another object, which nobody here has
 * to think of. Recursion is bounded by the levels.
 */
function requireHarmless(value: unknown, levels: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (levels === 0) throw badArgument(`The JSON is nested more than ${deepestJson} levels deep.`);
  for (const [key, inner] of Object.entries(value)) {
    if (key === '__proto__' || (key === 'constructor' && hasPrototype(inner)))
      throw badArgument('The JSON has a key that reaches into prototypes.');
    requireHarmless(inner, levels - 1);
  }
}

function hasPrototype(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype');
}
