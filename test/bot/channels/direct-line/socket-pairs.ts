import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';

/** Both ends of WebSockets, without the bot between them; those of a test end with it. */
export class SocketPairs {
  #server: WebSocketServer | undefined;
  readonly #clients: WebSocket[] = [];

  constructor() {
    beforeAll(async () => {
      this.#server = new WebSocketServer({ port: 0 });
      await once(this.#server, 'listening');
    });
    afterEach(() => {
      for (const client of this.#clients.splice(0)) client.terminate();
    });
    afterAll(() => this.#server?.close());
  }

  async open(): Promise<{ client: WebSocket; socket: WebSocket }> {
    const server = this.#server as WebSocketServer;
    const arriving = once(server, 'connection') as Promise<[WebSocket]>;
    const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    client.on('error', () => undefined);
    this.#clients.push(client);
    const [[socket]] = await Promise.all([arriving, once(client, 'open')]);
    return { client, socket };
  }
}
