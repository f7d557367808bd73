import type { IncomingMessage, ServerResponse } from 'node:http';
import { HttpError, sendError } from './http-error.ts';

/** How long a client may take to send the body of a request: a few files over a phone's connection take minutes, nothing else does. */
export const bodyTime = { usualMs: 60_000, uploadMs: 5 * 60_000 };

const deadlines = new WeakMap<IncomingMessage, NodeJS.Timeout>();

/** Gives the body of a request so long from now, instead of what it was given before; then the request is refused and cut off. */
export function limitBodyTime(request: IncomingMessage, response: ServerResponse, ms: number): void {
  const before = deadlines.get(request);
  clearTimeout(before);
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
  if (request.complete || (length === '0' && encoding === undefined)) return;
  deadlines.set(
    request,
    setTimeout(() => cutOff(request, response), ms),
  );
  if (before) return;
  const settle = () => clearTimeout(deadlines.get(request));
  request.once('end', settle);
  request.once('close', settle);
}

function cutOff(request: IncomingMessage, response: ServerResponse): void {
  if (response.headersSent) {
    request.socket.destroy();
    return;
  }
  response.setHeader('Connection', 'close');
  response.once('finish', () => request.socket.destroySoon());
  sendError(response, new HttpError(408, 'RequestTimeout', 'The body of the request took too long.'));
}
