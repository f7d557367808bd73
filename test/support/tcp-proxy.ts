import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** Stands between a client and a server on this machine, and can be told to be a bad line. */
export interface TcpProxy {
  port: number;
  /** `silent`: nothing is let through in either direction, and no connection ends. */
  mode: 'pass' | 'silent';
  /** Cuts all connections at the next bytes in a direction; an `answer` is cut off after the server has done what was asked. */
  cutAtNext(direction: 'request' | 'answer'): void;
  stop(): Promise<void>;
}

export async function startProxy(target: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let cutting: 'request' | 'answer' | undefined;
  const cut = () => {
    cutting = undefined;
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer((client) => {
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
        else if (proxy.mode === 'pass') to.write(data);
      });
    pass(client, upstream, 'request');
    pass(upstream, client, 'answer');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: TcpProxy = {
    port: (server.address() as { port: number }).port,
    mode: 'pass',
    cutAtNext: (direction) => {
      cutting = direction;
    },
    stop: async () => {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}
