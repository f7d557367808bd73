import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Received {
  method: string;
  url: URL;
  headers: IncomingHttpHeaders;
  body: string;
}

/** `never` keeps the connection open without a word, `reset` ends it. */
export type Scripted = 'never' | 'reset' | { status?: number; headers?: Record<string, string>; body?: string | Uint8Array };

/** The least that can stand where a bot does: answers pushes as a test says, to prove the stand-in itself. */
export class ScriptedCallback {
  readonly received: Received[] = [];
  /** Answers everything; a test puts another in its place. */
  answer: (received: Received, nth: number) => Scripted | Promise<Scripted> = () => ({ body: 'success' });
  readonly #server = createServer(async (request, response) => {
    const received = {
      method: request.method ?? '',
      url: new URL(request.url ?? '', 'http://localhost'),
      headers: request.headers,
      body: await text(request),
    };
    const scripted = await this.answer(received, this.received.push(received));
    if (scripted === 'never') return;
    if (scripted === 'reset') return void request.socket.destroy();
    response.writeHead(scripted.status ?? 200, scripted.headers);
    response.end(scripted.body);
  });

  async start(): Promise<URL> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return new URL(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/wechat`);
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}
