import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../bot/paths.ts';
import { endsWithUs } from './children.ts';
import { freePort } from './server-process.ts';

const mendAof = join(projectRoot, 'bot', 'operations', 'mend-aof.sh');
const ownPassword = 'a-password-for-tests';
const [, ...ownUser] = readFileSync(join(projectRoot, 'bot', 'operations', 'redis-user.acl'), 'utf8')
  .replace('CHANGE-ME', ownPassword)
  .trim()
  .split(' ');

/**
 * A Redis of the tests' own: on a free port, with a folder of its own, every write on disk before it is answered; run as the guide for
 * operations says (`bot/operations/guide.md`).
 */
export interface RedisServer {
  port: number;
  /** As REDIS_URL takes it. */
  url: string;
  /** The same for the user that the guide for operations makes for the bot. */
  ownUserUrl: string;
  process: ChildProcess;
  /** One command by redis-cli; gives what it prints. */
  command(...command: string[]): string;
  /** Removes all that it has: after every test, for which a process by itself would take longer than the test. */
  empty(): Promise<void>;
  /** Where it keeps its files. */
  folder: string;
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Starts it again, after it was killed, with what it has on disk. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface RedisCluster {
  url: string;
  /** The masters as they were at the start, and their replicas. */
  masters: RedisServer[];
  replicas: RedisServer[];
  /** Resolves when every node serves, three of them as masters, and every replica follows its master. */
  whole(): Promise<void>;
  stop(): Promise<void>;
}

/** `environment`: what its process has in its environment, besides that of this one. */
export async function startRedis(settings: string[] = [], environment: Record<string, string> = {}): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'filing-redis-'));
  const { port, process } = await spawnSomewhere(folder, settings, environment);
  const server: RedisServer = {
    port,
    url: `redis://127.0.0.1:${port}`,
    ownUserUrl: `redis://filing:${ownPassword}@127.0.0.1:${port}`,
    process,
    folder,
    command: (...command) => execFileSync('redis-cli', ['-p', String(port), ...command], { encoding: 'utf8' }).trim(),
    empty: async () => {
      const said = await ask(port, 'FLUSHALL');
      if (!said.startsWith('+OK')) throw new Error(`Redis is not emptied: ${said}`);
    },
    kill: (signal) => end(server.process, signal),
    restart: async () => {
      execFileSync(mendAof, [folder], { stdio: 'ignore' });
      server.process = await spawnRedis(port, folder, settings, environment);
    },
    stop: async () => {
      await end(server.process, 'SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return server;
}

/** Three masters that share the slots, each with a replica if wanted. A node that is gone for a second is missed. */
export async function startRedisCluster(replicas: 0 | 1 = 0): Promise<RedisCluster> {
  const settings = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '1000', '--repl-diskless-sync-delay', '0'];
  const nodes = await Promise.all(Array.from({ length: 3 * (1 + replicas) }, () => startRedis(settings)));
  const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`);
  execFileSync('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-replicas', String(replicas), '--cluster-yes'], {
    stdio: 'ignore',
  });
  const states = () =>
    Promise.all(
      nodes.map(async ({ port }) => {
        const [cluster, replication] = await Promise.all([ask(port, 'CLUSTER INFO'), ask(port, 'INFO replication')]);
        const isMaster = replication.includes('role:master');
        return { isMaster, isReady: cluster.includes('cluster_state:ok') && (isMaster || replication.includes('master_link_status:up')) };
      }),
    );
  const whole = () =>
    until(async () => {
      const all = await states();
      return all.every(({ isReady }) => isReady) && all.filter(({ isMaster }) => isMaster).length === 3;
    }, 60_000);
  await whole();
  const found = await states();
  const masters = nodes.filter((_, at) => found[at]?.isMaster);
  return {
    url: `redis-cluster://filing:${ownPassword}@${addresses.join(',')}`,
    masters,
    replicas: nodes.filter((node) => !masters.includes(node)),
    whole,
    stop: async () => {
      await Promise.all(nodes.map((node) => node.stop()));
    },
  };
}

/** One command without spaces in its words, over a connection; gives the reply as it comes, a text of several lines or a single line. */
async function ask(port: number, command: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(`${command}\r\n`);
  let said = '';
  for await (const bytes of socket) {
    said += bytes;
    const [head, length] = /^\$(\d+)\r\n/.exec(said) ?? [];
    const isWhole = head === undefined ? said.endsWith('\r\n') : Buffer.byteLength(said) >= head.length + Number(length) + 2;
    if (isWhole) break;
  }
  return said;
}

/** On a port that is free. Another may have taken that between its being found and its being used. */
async function spawnSomewhere(folder: string, settings: string[], environment: Record<string, string>, attempts = 3) {
  const port = await freePort();
  try {
    return { port, process: await spawnRedis(port, folder, settings, environment) };
  } catch (error) {
    if (attempts === 1) throw error;
    return spawnSomewhere(folder, settings, environment, attempts - 1);
  }
}

async function spawnRedis(port: number, folder: string, settings: string[], environment: Record<string, string>): Promise<ChildProcess> {
  // A Cluster talks on a second port, by itself 10000 above the first, which may not exist.
  const bus = settings.includes('--cluster-enabled') ? ['--cluster-port', String(await freePort())] : [];
  const persistence = ['--appendonly', 'yes', '--appendfsync', 'always', '--aof-load-truncated', 'no', '--save', ''];
  const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--logfile', join(folder, 'log')];
  const server = spawn('redis-server', [...place, ...persistence, ...bus, ...settings, '--user', ...ownUser], {
    stdio: 'ignore',
    env: { ...process.env, ...environment },
  });
  endsWithUs(server);
  server.on('error', (error) => {
    throw error;
  });
  await until(async () => {
    if (server.exitCode !== null) throw new Error(`redis-server ended with ${server.exitCode}.`);
    return ask(port, 'PING').then(
      (said) => said.startsWith('+PONG'),
      () => false,
    );
  });
  return server;
}

async function end(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = once(server, 'exit');
  server.kill(signal);
  await exited;
}

/** Waits until the condition holds, for ten seconds. */
export async function until(holds: () => boolean | Promise<boolean>, ms = 10_000): Promise<void> {
  const end = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`After ${ms} ms it still was not so.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
