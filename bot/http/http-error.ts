import type { ServerResponse } from 'node:http';

/**
 * An answer other than success, in the shape every route shares: `{"error":{"code","message"}}`, and beside it what a page needs to go on.
 * The message is for developers.
 */
export class HttpError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Record<string, string>;
  readonly facts: object;

  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}, facts: object = {}) {
    super(message);
    this.name = 'HttpError';
    this.status = status;
    this.code = code;
    this.headers = headers;
    this.facts = facts;
  }
}

export const badArgument = (message: string) => new HttpError(400, 'BadArgument', message);
export const notFound = () => new HttpError(404, 'NotFound', 'There is nothing at this address.');

export function tooManyRequests(waitMs: number): HttpError {
  return new HttpError(429, 'TooManyRequests', 'Too many requests: wait as long as Retry-After says, in seconds.', {
    'Retry-After': String(Math.max(1, Math.ceil(waitMs / 1000))),
  });
}

export function unavailable(): HttpError {
  return new HttpError(503, 'ServiceUnavailable', 'The service cannot do this at the moment: try again.', { 'Retry-After': '2' });
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': bytes.length });
  response.end(bytes);
}

export function sendError(response: ServerResponse, { status, code, message, headers, facts }: HttpError): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  sendJson(response, status, { error: { code, message }, ...facts });
}
