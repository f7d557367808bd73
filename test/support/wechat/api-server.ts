import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import type { Answer, Call } from './api-call.ts';
import type { FaultAction, Faults } from './faults.ts';
import type { Journal } from './journal.ts';
import type { TokenService } from './tokens.ts';

/** What stands behind the addresses. */
export interface ApiHandlers {
  /** Of the APIs; business errors are answers. */
  answer(call: Call): Promise<Answer>;
  /** An error with this code, in the form of the API of the call. */
  refuse(call: Call, errcode: number): Answer;
  /** What is no part of the APIs: pictures, and the control of the stand-in. */
  aside(call: Call): Promise<Answer> | undefined;
}

const badGateway: Answer = {
  status: 502,
  type: 'text/html',
  body: '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><center><h1>502 Bad Gateway</h1></center></body>\r\n</html>\r\n',
};
const serverError: Answer = { status: 500, type: 'text/plain', body: '' };
const dripMs = 10;

/** What becomes of one call. `undefined` in place of an answer: none ever comes. */
interface Outcome {
  answer?: Answer | 'reset';
  processed: boolean;
  dripping?: boolean;
}

/** The one HTTP server for all APIs, on this machine only, with faults as they are ordered. Keeps a journal of every call. */
export class ApiServer {
  readonly #server = createServer((request, response) => {
    this.#serve(request, response).catch((error: Error) => {
      this.#journal.complain(`The stand-in itself failed at ${request.url}: ${error.stack}`);
      response.destroy();
    });
  });
  readonly #handlers: ApiHandlers;
  readonly #faults: Faults;
  readonly #journal: Journal;
  readonly #tokens: TokenService;

  constructor(handlers: ApiHandlers, { faults, journal, tokens }: { faults: Faults; journal: Journal; tokens: TokenService }) {
    this.#handlers = handlers;
    this.#faults = faults;
    this.#journal = journal;
    this.#tokens = tokens;
  }

  /** Gives the origin. */
  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const body = Buffer.from(await buffer(request));
    const call: Call = { method: request.method ?? '', path: pathname, query: searchParams, headers: request.headers, body };
    const aside = this.#handlers.aside(call);
    if (aside) return write(response, await aside);
    const fault = this.#faults.strike(pathname);
    const outcome = await this.#run(call, fault);
    this.#note(call, outcome, fault);
    if (outcome.answer === 'reset') response.socket?.resetAndDestroy();
    else if (outcome.answer) await write(response, outcome.answer, outcome.dripping);
  }

  async #run(call: Call, fault: FaultAction | undefined): Promise<Outcome> {
    switch (fault) {
      case 'hang':
        return { processed: false };
      case 'reset-before':
        return { answer: 'reset', processed: false };
      case 'error-500':
        return { answer: serverError, processed: false };
      case 'bad-gateway':
        return { answer: badGateway, processed: false };
      case 'token-expires':
        this.#tokens.expire(call.query.get('access_token') ?? '');
    }
    if (typeof fault === 'object' && 'errcode' in fault) return { answer: this.#handlers.refuse(call, fault.errcode), processed: false };
    const answer = await this.#handlers.answer(call);
    switch (fault) {
      case 'hang-after':
        return { processed: true };
      case 'reset-after':
        return { answer: 'reset', processed: true };
      case 'html-after':
        return { answer: badGateway, processed: true };
      case 'truncated':
        return { answer: { ...answer, body: answer.body.slice(0, answer.body.length / 2) }, processed: true };
      case 'wrong-content-type':
        return { answer: { ...answer, type: 'text/html' }, processed: true };
      case 'drip':
        return { answer, processed: true, dripping: true };
    }
    if (typeof fault === 'object') await pause(fault.delayMs, undefined, { ref: false });
    return { answer, processed: true };
  }

  #note({ method, path, query, body }: Call, { answer, processed }: Outcome, fault: FaultAction | undefined): void {
    const sent = answer === 'reset' ? undefined : answer;
    const errcode = sent && errcodeOf(sent);
    this.#journal.add({
      kind: 'call',
      method,
      path,
      query: Object.fromEntries(query),
      body: body.toString(),
      status: sent?.status ?? 0,
      answer: sent ? sent.body.toString() : '',
      processed,
      ...(errcode !== undefined && { errcode }),
      ...(fault && { fault: typeof fault === 'string' ? fault : JSON.stringify(fault) }),
    });
  }
}

/** Success bodies of tokens have none: 0. */
function errcodeOf({ type, body }: Answer): number | undefined {
  if (!type.startsWith('application/json')) return undefined;
  try {
    const { errcode = 0 } = JSON.parse(body.toString()) as { errcode?: number };
    return errcode;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function write(response: ServerResponse, { status, type, body }: Answer, dripping = false): Promise<void> {
  const bytes = Buffer.from(body as string);
  response.writeHead(status, { 'content-type': type, 'content-length': bytes.length });
  if (!dripping) return void response.end(bytes);
  for (const byte of bytes) {
    if (response.destroyed) return;
    response.write(Uint8Array.of(byte));
    await pause(dripMs, undefined, { ref: false });
  }
  response.end();
}
