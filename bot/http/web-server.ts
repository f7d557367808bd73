import { randomUUID } from 'node:crypto';
import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import restify from 'restify';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { StoreUnavailable } from '../store/store.ts';
import { bodyTime, limitBodyTime } from './body-time.ts';
import { HttpError, notFound, sendError, unavailable } from './http-error.ts';
import { requireHost, requireUnambiguous } from './request-line.ts';

/** A request whose route has been found: `params` are the named parts of its path. */
export interface RoutedRequest extends IncomingMessage {
  params: Record<string, string>;
}

export type Handler = (request: RoutedRequest, response: ServerResponse) => Promise<void>;

/** Takes a WebSocket upgrade over, or throws an `HttpError` to refuse it. Gives false when the address is not its own. */
export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => Promise<boolean>;

export interface Route {
  method: 'get' | 'post';
  path: string;
  handle: Handler;
}

export interface WebServerOptions {
  log: Log;
  metrics: Metrics;
  routes: readonly Route[];
  /** Host names that are served, see `requireHost`; missing: all. */
  hosts?: readonly string[];
  /** Looks at every request first; gives true when it has answered. */
  before?: (request: IncomingMessage, response: ServerResponse) => boolean;
  upgrades: readonly UpgradeHandler[];
}

interface RestifyFault {
  statusCode: number;
  toJSON?: () => unknown;
}

const faults: Record<number, HttpError> & { 400: HttpError } = {
  400: new HttpError(400, 'BadRequest', 'The request cannot be understood.'),
  404: notFound(),
  405: new HttpError(405, 'MethodNotAllowed', 'This address does not know that method.'),
};

/** On every answer, refusals included; pages that need more than nothing have a policy of their own. */
const protection: readonly (readonly [string, string])[] = [
  ['X-Content-Type-Options', 'nosniff'],
  ['Referrer-Policy', 'no-referrer'],
  ['Cache-Control', 'no-store'],
  ['Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'"],
];
/** For answers that are written to the socket itself. */
const protectionLines = protection.map(([name, value]) => `${name}: ${value}\r\n`).join('');

const firstByteMs = 10_000;
const headersMs = 20_000;
const drainMs = 10_000;
/** Connections that may wait to be taken: all visitors come back at once. The system's own limit is often 4096; Node's default is 511. */
const mostWaiting = 4_096;

/**
 * The HTTP server: restify finds the route, and everything that can go wrong leaves in the one error shape of the contract,
 * without a stack, a path or input in it.
 */
export class WebServer {
  readonly #restify: restify.Server;
  readonly #options: WebServerOptions;
  readonly #sockets = new Set<Socket>();
  #closing = false;

  constructor(options: WebServerOptions) {
    this.#options = options;
    this.#restify = restify.createServer({ name: '' });
    this.#restify.pre((request, response, next) => {
      this.#prepare(request, response);
      const answered = this.#attempt(response, () => {
        this.#requireOurs(request);
        return options.before?.(request, response) ?? false;
      });
      if (answered) return next(false);
      return next();
    });
    for (const { method, path, handle } of options.routes) {
      const serve = async (request: restify.Request, response: restify.Response) => this.#serve(handle, request as RoutedRequest, response);
      this.#restify[method]({ path }, serve);
      // Monitors and proxies ask by HEAD whether a page is there; Node leaves the body out.
      if (method === 'get') this.#restify.head({ path }, serve);
    }
    this.#answerErrors();
    const { server } = this.#restify as unknown as { server: HttpServer };
    server.on('connection', (socket: Socket) => this.#admit(socket));
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => void this.#upgrade(request, socket, head));
    server.keepAliveTimeout = 65_000; // longer than the usual balancer's 60 s, so that the balancer closes first
    server.headersTimeout = headersMs;
    // The last resort: bodies have time limits of their own.
    server.requestTimeout = headersMs + bodyTime.uploadMs;
  }

  /**
   * Listens and gives the port; rejects with a message that says what to do when the port is taken. `prefix`: of the settings that named the
   * port and the address.
   */
  async listen(port: number, host: string, prefix = ''): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#restify.once('error', (error: NodeJS.ErrnoException) => reject(explainListenError(error, port, host, prefix)));
      this.#restify.listen({ port, host, backlog: mostWaiting }, resolve);
    });
    return (this.#restify.address() as AddressInfo).port;
  }

  /** Takes no new connections, lets requests under way finish, and then closes what is left. */
  async close(): Promise<void> {
    this.#closing = true;
    const closed = new Promise<void>((resolve) => this.#restify.close(() => resolve()));
    const { server } = this.#restify as unknown as { server: HttpServer };
    // Again and again: a connection whose answer was on its way at the first look is kept alive after it.
    const closingIdle = setInterval(() => server.closeIdleConnections(), 20);
    const deadline = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, drainMs);
    await closed;
    clearInterval(closingIdle);
    clearTimeout(deadline);
  }

  #requireOurs(request: IncomingMessage): void {
    requireUnambiguous(request);
    requireHost(request, this.#options.hosts ?? []);
  }

  #prepare(request: IncomingMessage, response: ServerResponse): void {
    for (const [name, value] of protection) response.setHeader(name, value);
    if (this.#closing) response.setHeader('Connection', 'close');
    limitBodyTime(request, response, bodyTime.usualMs);
    const started = performance.now();
    response.once('finish', () => {
      const route = (request as IncomingMessage & { route?: { path?: string } }).route?.path ?? 'none';
      this.#options.metrics.request(String(route), response.statusCode);
      const ms = Number((performance.now() - started).toFixed(1));
      // The path, never the query: stream tickets and questions stand there.
      this.#options.log.debug({ method: request.method, route, status: response.statusCode, ms }, 'request');
    });
  }

  async #serve(handle: Handler, request: RoutedRequest, response: ServerResponse): Promise<void> {
    try {
      await handle(request, response);
    } catch (error) {
      sendError(response, this.#httpErrorOf(error));
    }
  }

  #attempt(response: ServerResponse, act: () => boolean): boolean {
    try {
      return act();
    } catch (error) {
      sendError(response, this.#httpErrorOf(error));
      return true;
    }
  }

  #httpErrorOf(error: unknown): HttpError {
    if (error instanceof HttpError) return error;
    if (error instanceof StoreUnavailable) {
      this.#options.log.error({ err: error }, 'store unavailable');
      return unavailable();
    }
    const reference = randomUUID();
    this.#options.log.error({ err: error, reference }, 'request failed');
    return new HttpError(500, 'InternalError', `Something went wrong here; reference ${reference}.`);
  }

  /** Faults that restify finds before any handler runs: it sends what the error's `toJSON` gives. */
  #answerErrors(): void {
    this.#restify.on('restifyError', (_request: unknown, response: ServerResponse, fault: RestifyFault, done: () => void) => {
      const { status, code, message } = faults[fault.statusCode] ?? faults[400];
      fault.statusCode = status;
      fault.toJSON = () => ({ error: { code, message } });
      response.setHeader('Content-Type', 'application/json; charset=utf-8');
      done();
    });
    this.#restify.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
      if (error.code === 'ECONNRESET' || !socket.writable) return socket.destroy();
      const body = JSON.stringify({ error: { code: 'BadRequest', message: 'The request cannot be understood.' } });
      return socket.end(
        `HTTP/1.1 400 Bad Request\r\n${protectionLines}Content-Type: application/json; charset=utf-8\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
      );
    });
  }

  /** Node looks for slow headers every 30 s only, and restify gives no way to change that: each socket gets its own deadline. */
  #admit(socket: Socket): void {
    this.#sockets.add(socket);
    const deadline = setTimeout(() => {
      if (socket.bytesRead === 0) socket.destroy();
    }, firstByteMs);
    socket.once('close', () => {
      clearTimeout(deadline);
      this.#sockets.delete(socket);
    });
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy());
    try {
      if (this.#closing) throw unavailable();
      this.#requireOurs(request);
      for (const handle of this.#options.upgrades) if (await handle(request, socket, head)) return;
      throw notFound();
    } catch (error) {
      const { status, code, message } = this.#httpErrorOf(error);
      const body = JSON.stringify({ error: { code, message } });
      socket.end(
        `HTTP/1.1 ${status} Refused\r\n${protectionLines}Content-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
      );
    }
  }
}

function explainListenError(error: NodeJS.ErrnoException, port: number, host: string, prefix: string): Error {
  if (error.code === 'EADDRINUSE') {
    return new Error(`Port ${port} on ${host} is in use by another program. Stop that program, or set ${prefix}PORT to a free port.`, {
      cause: error,
    });
  }
  if (error.code === 'EACCES') {
    return new Error(`Not allowed to listen on port ${port}. Set ${prefix}PORT to a number above 1023, or give the program that right.`, {
      cause: error,
    });
  }
  if (error.code === 'EADDRNOTAVAIL') return new Error(`This machine has no address ${host}. Correct ${prefix}HOST.`, { cause: error });
  return error;
}
