import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** Stands between a client and a server on this machine, and can be told to be a bad line. */
export interface TcpProxy {
  port: number;
  /** `silent`: nothing is let through in either direction, and no connection ends; `refuse`: every connection is ended at once. */
  mode: 'pass' | 'silent' | 'refuse';
  /** Cuts all connections at the next bytes in a direction; an `answer` is cut off after the server has done what was asked. */
  cutAtNext(direction: 'request' | 'answer'): void;
  stop(): Promise<void>;
}

export async function startProxy(target: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let mode: TcpProxy['mode'] = 'pass';
  let cutting: 'request' | 'answer' | undefined;
  const cut = () => {
    cutting = undefined;
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer((client) => {
    if (mode === 'refuse') {
      client.destroy();
      return;
    }
    const upstream = connect(target, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    const pass = (from: Socket, to: Socket, direction: 'request' | 'answer') =>
      from.on('data', (data) => {
        if (cutting === direction) cut();
        else if (mode === 'pass') to.write(data);
      });
    pass(client, upstream, 'request');
    pass(upstream, client, 'answer');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as { port: number }).port,
    get mode() {
      return mode;
    },
    set mode(next) {
      mode = next;
      if (mode === 'refuse') cut();
    },
    cutAtNext: (direction) => {
      cutting = direction;
    },
    stop: async () => {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
