import type { IncomingMessage, ServerResponse } from 'node:http';
import { HttpError } from './http-error.ts';

/** Which web pages may call from a browser. Compared as whole origins: scheme, host and port. */
export class Origins {
  readonly #own: () => readonly string[];
  readonly #allowed: ReadonlySet<string>;

  constructor(own: () => readonly string[], allowed: readonly string[]) {
    this.#own = own;
    this.#allowed = new Set(allowed);
  }

  includes(origin: string): boolean {
    return this.isOwn(origin) || this.#allowed.has(origin);
  }

  /** Whether it is the bot's own, under one of its names. */
  isOwn(origin: string): boolean {
    return this.#own().includes(origin);
  }

  /** Origins besides the bot's own, for `frame-ancestors`. */
  get others(): string[] {
    return [...this.#allowed];
  }

  /**
   * Marks the answer as readable by the calling page, if that page is allowed. Requests without an origin come from programs
   * and from the bot's own pages; those from other pages are refused, whatever token they carry.
   */
  admit(request: IncomingMessage, response: ServerResponse): void {
    const { origin } = request.headers;
    response.setHeader('Vary', 'Origin');
    if (origin === undefined) return;
    if (!this.includes(origin))
      throw new HttpError(403, 'OriginNotAllowed', 'Pages of this origin may not call: add it to WIDGET_ORIGINS.');
    response.setHeader('Access-Control-Allow-Origin', origin);
    response.setHeader('Access-Control-Allow-Credentials', 'true');
    response.setHeader('Access-Control-Expose-Headers', 'Retry-After');
  }

  /** Answers a browser's question before a call from another origin. */
  preflight(request: IncomingMessage, response: ServerResponse): void {
    this.admit(request, response);
    response.writeHead(204, {
      'Access-Control-Allow-Methods': 'GET, POST, OPTIONS',
      'Access-Control-Allow-Headers': 'authorization, content-type, accept, x-ms-bot-agent, x-requested-with',
      'Access-Control-Max-Age': '600',
    });
    response.end();
  }
}
