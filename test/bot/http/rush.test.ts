import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ServerProcess, startServerProcess } from '../../support/server-process.ts';

const rush = 1_500;

const dataDir = mkdtempSync(join(tmpdir(), 'filing-rush-'));
let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess({ DATA_DIR: dataDir, PORT: '0' });
});
afterAll(async () => {
  await server.kill('SIGTERM');
  rmSync(dataDir, { recursive: true, force: true });
});

it('a server that is busy turns nobody away who comes with many others', async () => {
  const mostOfSystem = Number(readFileSync('/proc/sys/net/core/somaxconn', 'utf8'));
  const sockets: Socket[] = [];
  // It stands still, so that nobody is taken from the queue while the others come.
  server.process.kill('SIGSTOP');
  try {
    const { port } = new URL(server.url);
    for (let at = 0; at < Math.min(rush, mostOfSystem); at += 1) sockets.push(connect(Number(port), '127.0.0.1'));
    await Promise.all(sockets.map((socket) => once(socket, 'connect', { signal: AbortSignal.timeout(20_000) })));
  } finally {
    server.process.kill('SIGCONT');
  }
  const statuses = sockets.map(async (socket) => {
    socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    return String(answer).split('\r\n')[0];
  });
  expect(new Set(await Promise.all(statuses))).toEqual(new Set(['HTTP/1.1 200 OK']));
  for (const socket of sockets) socket.destroy();
});
