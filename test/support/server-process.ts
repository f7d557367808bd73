import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from '../../bot/paths.ts';
import { testSecret } from './application.ts';
import { endsWithUs } from './children.ts';

export interface ServerProcess {
  process: ChildProcess;
  url: string;
  /** Its line that says it is ready. */
  ready: string;
  /** Milliseconds from spawning to ready. */
  readyAfter: number;
  kill(signal: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

const builtProgram = join(projectRoot, 'dist', 'server', 'main.js');

/** Starts the built program as `npm start` does, and waits for its line that says it is ready. */
export async function startServerProcess(environment: Record<string, string>, program = builtProgram): Promise<ServerProcess> {
  const spawned = performance.now();
  const child = spawn(process.execPath, [program], {
    env: { PATH: process.env.PATH, LOG_LEVEL: 'error', DIRECT_LINE_SECRET: testSecret, MESSAGES_PER_MINUTE: '1000000', ...environment },
    cwd: tmpdir(), // out of reach of a developer's .env
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  endsWithUs(child);
  const errors: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => errors.push(line));
  const { url, ready } = await new Promise<{ url: string; ready: string }>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the server ended with ${code} before it was ready: ${errors.join('\n')}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [, address] = /^Ready\..* (http\S+)\//.exec(line) ?? [];
      if (address) resolve({ url: address, ready: line });
    });
  });
  return {
    process: child,
    url,
    ready,
    readyAfter: performance.now() - spawned,
    kill: async (signal) => {
      const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      else return { code: child.exitCode, signal: child.signalCode };
      const [code, by] = await exited;
      return { code, signal: by };
    },
  };
}

/** A port that was free a moment ago, for servers that have to come back on the same one. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
