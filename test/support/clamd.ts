import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { endsWithUs } from './children.ts';
import { until } from './redis.ts';
import { eicar } from './scanner.ts';
import { freePort } from './server-process.ts';

/** A clamd of the tests' own, which knows one signature: the EICAR string, wherever it stands. */
export interface ClamdServer {
  /** As CLAMAV_ADDRESS takes them. */
  socket: string;
  port: string;
  signal(signal: NodeJS.Signals): void;
  stop(): Promise<void>;
}

/** Where ClamAV's daemon is on this machine; undefined where it is not installed. Debian keeps it out of the PATH of most people. */
export function findClamd(path = ''): string | undefined {
  return [...path.split(delimiter), '/usr/sbin', '/usr/local/sbin'].map((folder) => join(folder, 'clamd')).find((file) => existsSync(file));
}

/** `settings`: lines of clamd.conf, besides those that every one here has. */
export async function startClamd(settings: string[] = []): Promise<ClamdServer> {
  const program = findClamd(process.env.PATH);
  if (!program) throw new Error('There is no clamd. On Debian or Ubuntu: sudo apt-get install -y clamav-daemon');
  const folder = mkdtempSync(join(tmpdir(), 'filing-clamd-'));
  const socket = join(folder, 'clamd.ctl');
  const port = await freePort();
  const database = join(folder, 'database');
  mkdirSync(database);
  // Name, any kind of file, at any place, bytes in hex (ClamAV's documentation, "Body-based Signature Content Format").
  writeFileSync(join(database, 'test.ndb'), `Filing.Test.EICAR:0:*:${Buffer.from(eicar).toString('hex')}\n`);
  const configuration = [
    `DatabaseDirectory ${database}`,
    `LocalSocket ${socket}`,
    'TCPAddr 127.0.0.1',
    `TCPSocket ${port}`,
    'Foreground yes',
    ...settings,
  ];
  writeFileSync(join(folder, 'clamd.conf'), `${configuration.join('\n')}\n`);
  const server = spawn(program, ['--config-file', join(folder, 'clamd.conf')], { stdio: 'ignore' });
  endsWithUs(server);
  await until(() => {
    if (server.exitCode !== null) throw new Error(`clamd ended with ${server.exitCode}.`);
    return existsSync(socket);
  }, 30_000);
  return {
    socket,
    port: `127.0.0.1:${port}`,
    signal: (signal) => void server.kill(signal),
    stop: async () => {
      if (server.exitCode === null && server.signalCode === null) {
        const ended = once(server, 'exit');
        server.kill('SIGKILL');
        await ended;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
