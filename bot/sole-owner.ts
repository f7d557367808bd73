import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, realpathSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const longestSocketPath = 100; // the system's limit is 103 to 107 bytes

/**
 * Makes this process the only one that serves from a folder, until it calls the function it gets or ends, however it ends: a
 * listening socket stands for the right, and the system takes that away with the process. Rejects when another process has it.
 */
export async function becomeSoleOwner(folder: string): Promise<() => Promise<void>> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = socketPath(folder);
  if (await isTaken(path)) {
    throw new Error(`The data in ${folder} is in use by another process. Stop that process, or set DATA_DIR to another folder.`);
  }
  if (process.platform !== 'win32') rmSync(path, { force: true }); // left behind by a process that was killed
  const server = createServer((socket) => socket.destroy()).listen(path);
  await once(server, 'listening');
  server.unref();
  return () => new Promise((resolve) => server.close(() => resolve()));
}

function socketPath(folder: string): string {
  const real = realpathSync(folder);
  const name = createHash('sha256').update(real).digest('hex').slice(0, 32);
  if (process.platform === 'win32') return `\\\\.\\pipe\\filing-${name}`;
  const inside = join(real, 'owner.sock');
  return Buffer.byteLength(inside) <= longestSocketPath ? inside : join(tmpdir(), `filing-${name}.sock`);
}

async function isTaken(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false; // nobody listens, or there is no such socket: the folder is free
  } finally {
    socket.destroy();
  }
}
