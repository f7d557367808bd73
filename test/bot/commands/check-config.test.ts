import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ran, runCommand, runHere } from '../../support/command.ts';
import { startRedis } from '../../support/redis.ts';
import { ScriptedScanner } from '../../support/scanner.ts';
import { freePort, startServerProcess } from '../../support/server-process.ts';

const keys = () => ({ DATA_KEYS: randomBytes(32).toString('base64'), DIRECT_LINE_SECRET: randomBytes(32).toString('base64') });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'filing-check-'));
});
afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true, force: true });
});

const circumstances = async (env: Record<string, string> = {}) => ({
  cwd: folder,
  env: { DATA_DIR: join(folder, 'data'), PORT: String(await freePort()), ...env },
});
const check = async (env: Record<string, string>, ...parameters: string[]): Promise<Ran> =>
  runHere('check-config', parameters, await circumstances(env));

describe('the check of the configuration', () => {
  it('finds nothing wrong where nothing is set, tells what is weak, and leaves nothing behind', async () => {
    const { code, said } = await runCommand('check-config', [], await circumstances());
    expect(code).toBe(0);
    expect(said).toMatch(/^ok {5}DATA_DIR: .*data can be written to/m);
    expect(said).toMatch(/^ok {5}PORT: \d+ on 127\.0\.0\.1 is free$/m);
    expect(said).toMatch(/^ok {5}knowledge: \d+ topics$/m);
    expect(said).toMatch(/^weak {3}DATA_KEYS: not set/m);
    expect(said).toMatch(/^0 fault\(s\), [1-9]\d* weakness\(es\)$/m);
    expect(readdirSync(folder)).toEqual([]);
    expect((await check({}, '--strict')).code).toBe(2);
  });

  it('tells all that is wrong with the settings, as the start does', async () => {
    const { code, complained } = await check({ PORT: 'many', HOST: '0.0.0.0', RETENTION_DAYS: '0' });
    expect(code).toBe(1);
    expect(complained).toMatch(/- PORT: .*\n {2}- RETENTION_DAYS: /);
  });

  it('finds a port that another program has, and tells it from a bot', async () => {
    const other = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const taken = await check({ PORT: String(port) });
    other.close();
    expect(taken.code).toBe(1);
    expect(taken.said).toMatch(/^FAULT {2}PORT: \d+ on 127\.0\.0\.1 is in use by another program: stop it, or set PORT/m);

    const mine = keys();
    const bot = await startServerProcess({ PORT: '0', DATA_DIR: join(folder, 'data'), ...mine });
    const beside = await check({ PORT: new URL(bot.url).port, ...mine, PUBLIC_URL: bot.url });
    const withOthers = await check({ PORT: new URL(bot.url).port, ...keys() });
    await bot.kill('SIGTERM');
    expect(beside.said).toMatch(/^ok {5}PORT: a bot answers at \d+/m);
    expect(beside.said).toMatch(/^ok {5}PUBLIC_URL: a bot answers at/m);
    expect(beside.said).toMatch(/^ok {5}DATA_DIR: .*store opens with these keys, and is of this version$/m);
    expect(beside.code).toBe(0);
    expect(withOthers.said).toMatch(/^FAULT {2}DATA_DIR: .*was encrypted with the key \w+, which DATA_KEYS does not contain/m);
    expect(withOthers.code).toBe(1);
  });

  it('finds figures that everybody can read, and a port for them that is in use or open', async () => {
    const mine = keys();
    const settings = { PORT: '0', HOST: '0.0.0.0', DATA_DIR: join(folder, 'data'), ...mine };
    const looking = async (bot: { url: string }, operations: Record<string, string>) => {
      const { port } = new URL(bot.url);
      // An address of this machine that is not known as one.
      return (await check({ ...settings, ...operations, PORT: port, PUBLIC_URL: `http://0.0.0.0:${port}` })).said;
    };
    const open = await startServerProcess(settings);
    expect(await looking(open, {})).toMatch(/^weak {3}OPERATIONS_PORT: everybody can read http:\/\/0\.0\.0\.0:\d+\/metrics: set it, or/m);
    await open.kill('SIGTERM');

    const operations = { OPERATIONS_PORT: String(await freePort()), OPERATIONS_HOST: '0.0.0.0' };
    const closed = await startServerProcess({ ...settings, ...operations });
    const said = await looking(closed, operations);
    expect(said).toMatch(/^ok {5}OPERATIONS_PORT: a bot answers at \d+ on 0\.0\.0\.0: stop it/m);
    expect(said).toMatch(/^weak {3}OPERATIONS_HOST: 0\.0\.0\.0 is reached by other machines/m);
    expect(said).not.toContain('everybody can read');
    await closed.kill('SIGTERM');

    const other = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    expect((await check({ OPERATIONS_PORT: String(port) })).said).toMatch(
      /^FAULT {2}OPERATIONS_PORT: .*set OPERATIONS_PORT to a free port$/m,
    );
    other.close();
  });

  it.skipIf(process.getuid?.() === 0)('finds a folder that cannot be written to', async () => {
    mkdirSync(join(folder, 'data'));
    chmodSync(join(folder, 'data'), 0o500);
    const { code, said } = await check({});
    expect(code).toBe(1);
    expect(said).toMatch(/^FAULT {2}DATA_DIR: .*data cannot be written to \(EACCES\)/m);
  });

  it('finds a folder that is a file', async () => {
    writeFileSync(join(folder, 'data'), '');
    const { code, said } = await check({});
    expect(code).toBe(1);
    expect(said).toMatch(/^FAULT {2}DATA_DIR: .*data cannot be written to/m);
  });

  it('finds what is wrong with Redis, and what is weak', async () => {
    const good = await startRedis();
    const evicting = await startRedis(['--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru']);
    const forgetful = await startRedis(['--appendonly', 'no']);
    const lazy = await startRedis(['--appendfsync', 'everysec', '--aof-load-truncated', 'yes']);
    try {
      const at = (server: { url: string }) => check({ ...keys(), REDIS_URL: server.url, REDIS_REPLICAS: '1' });
      expect((await at(good)).said).toMatch(/^ok {5}REDIS_URL: Redis at 127\.0\.0\.1:\d+ can be used, and is empty$/m);
      expect(good.command('dbsize')).toBe('0');
      expect((await at(evicting)).said).toMatch(/^FAULT {2}REDIS_URL: .*maxmemory-policy allkeys-lru\): set maxmemory-policy noeviction/m);
      expect((await at(forgetful)).said).toMatch(/^FAULT {2}REDIS_URL: .*set appendonly yes/m);
      const { said } = await at(lazy);
      expect(said).toMatch(/^weak {3}REDIS_URL: appendfsync everysec: .*set appendfsync always/m);
      expect(said).toMatch(/^weak {3}REDIS_URL: aof-load-truncated yes: .*mend-aof\.sh/m);
      expect(said).toMatch(/^weak {3}REDIS_URL: min-replicas-to-write 0: set it to 1/m);
      await good.kill('SIGKILL');
      const gone = await at(good);
      expect(gone.code).toBe(1);
      expect(gone.said).toMatch(/^FAULT {2}REDIS_URL: Redis at 127\.0\.0\.1:\d+: /m);
    } finally {
      await Promise.all([good, evicting, forgetful, lazy].map((server) => server.stop()));
    }
  });

  it('finds a scanner that is away, finds nothing, or takes too little', async () => {
    const scanner = await ScriptedScanner.start();
    try {
      const settings = { CLAMAV_ADDRESS: scanner.address };
      const required = { ...settings, CLAMAV_REQUIRED: 'true' };
      expect((await check(required)).said.match(/^.*CLAMAV.*$/gm)).toEqual(['ok     CLAMAV_ADDRESS: clamd answers']);
      scanner.manner = { kind: 'says', bytes: 'stream: OK\0' };
      expect((await check(required)).said).toMatch(/^weak {3}CLAMAV_ADDRESS: clamd does not find the EICAR test file: let freshclam/m);
      scanner.manner = { kind: 'honest' };
      scanner.mostBytes = 1024 * 1024;
      expect((await check(settings)).said).toMatch(
        /^weak {3}CLAMAV_ADDRESS: clamd does not scan a file of 10485760 bytes .*StreamMaxLength/m,
      );
      expect((await check(required)).said).toMatch(/^FAULT {2}CLAMAV_ADDRESS: clamd does not scan a file of 10485760 bytes/m);
      await scanner.stop();
      expect((await check(settings)).said).toMatch(
        /^weak {3}CLAMAV_ADDRESS: clamd does not answer \(unreachable\), .* without having been scanned/m,
      );
      const gone = await check(required);
      expect(gone.said).toMatch(/^FAULT {2}CLAMAV_ADDRESS: clamd does not answer \(unreachable\), and meanwhile files are refused/m);
      expect(gone.code).toBe(1);
    } finally {
      await scanner.stop();
    }
  });

  it('tells which secrets come by a file, and which files are open to others', async () => {
    const { DATA_KEYS, DIRECT_LINE_SECRET } = keys();
    const settings = { DATA_KEYS_FILE: join(folder, 'keys'), DIRECT_LINE_SECRET_FILE: join(folder, 'secret') };
    writeFileSync(settings.DATA_KEYS_FILE, `${DATA_KEYS}\n`, { mode: 0o600 });
    writeFileSync(settings.DIRECT_LINE_SECRET_FILE, `${DIRECT_LINE_SECRET}\n`);
    chmodSync(settings.DIRECT_LINE_SECRET_FILE, 0o444);
    const { code, said } = await check(settings);
    expect(code).toBe(0);
    expect(said).toMatch(/^ok {5}DATA_KEYS: 1 set$/m);
    expect(said).toMatch(/^ok {5}DATA_KEYS_FILE: read from \/.*keys$/m);
    expect(said).toMatch(/^weak {3}DIRECT_LINE_SECRET_FILE: \/.*secret is open to other users of this machine: chmod 600 \/.*secret;/m);
    rmSync(settings.DATA_KEYS_FILE);
    const gone = await check({ ...settings, DIRECT_LINE_SECRET });
    expect(gone.code).toBe(1);
    expect(gone.complained).toMatch(
      /- DATA_KEYS_FILE: there is no file \/.*keys: .*\n {2}- DIRECT_LINE_SECRET_FILE: DIRECT_LINE_SECRET is set/,
    );
    for (const secret of [DATA_KEYS, DIRECT_LINE_SECRET]) expect(said + gone.complained).not.toContain(secret);
  });

  it('never repeats a secret', async () => {
    const { DATA_KEYS, DIRECT_LINE_SECRET } = keys();
    // As a process, whose log is heard, too.
    const settings = { DATA_KEYS, DIRECT_LINE_SECRET, REDIS_URL: 'redis://bot:hunter2-is-known@127.0.0.1:1' };
    const { said, complained } = await runCommand('check-config', [], await circumstances(settings));
    for (const secret of [DATA_KEYS, DIRECT_LINE_SECRET, 'hunter2-is-known']) expect(said + complained).not.toContain(secret);
  });
});
