import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { testSecret } from '../support/application.ts';
import { inviteTo } from '../support/desk.ts';
import { freePort, startServerProcess } from '../support/server-process.ts';
import { makeSmallBuild, type SmallBuild } from '../support/small-build.ts';

let build: SmallBuild;
beforeAll(() => {
  build = makeSmallBuild();
});
afterAll(() => build.remove());

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'filing-main-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the program where it cannot start; gives what it says and how it ends. */
async function failing(environment: Record<string, string>): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [build.program], {
    cwd: folder,
    env: { PATH: process.env.PATH, LOG_LEVEL: 'warn', DATA_DIR: join(folder, 'data'), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [[code], out, err] = await Promise.all([once(child, 'exit') as Promise<[number | null]>, text(child.stdout), text(child.stderr)]);
  return { code, said: out + err };
}

describe('a start that cannot succeed', () => {
  it('tells all faults of the configuration together, and where they are described', async () => {
    const { code, said } = await failing({ PORT: 'many', RETENTION_DAYS: '0' });
    expect(code).toBe(1);
    expect(said).toMatch(
      /^Cannot start\. The configuration has 2 fault\(s\):\n {2}- PORT: .*\n {2}- RETENTION_DAYS: .*\n.*\.env\.example\.\n$/,
    );
  });

  it('says what to do when the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const { code, said } = await failing({ PORT: String(port) });
    other.close();
    expect(code).toBe(1);
    expect(said).toMatch(new RegExp(`^Cannot start\\. Port ${port} .* is in use by another program\\. .*set PORT to a free port\\.$`, 'm'));
    expect(said).not.toMatch(/^\s+at /m);
  });

  it('says so when the machine has no such address', async () => {
    const keys = { DATA_KEYS: randomBytes(32).toString('base64'), DIRECT_LINE_SECRET: randomBytes(32).toString('base64') };
    expect((await failing({ ...keys, HOST: '192.0.2.1', PORT: '0' })).said).toMatch(
      /This machine has no address 192\.0\.2\.1\. Correct HOST\./,
    );
  });

  it('says so when the data was written with another key', async () => {
    const key = (byte: number) => Buffer.alloc(32, byte).toString('base64');
    const server = await startServerProcess({ PORT: '0', DATA_DIR: folder, DATA_KEYS: key(1) }, build.program);
    await server.kill('SIGTERM');
    const { code, said } = await failing({ PORT: '0', DATA_DIR: folder, DATA_KEYS: key(2) });
    expect(code).toBe(1);
    expect(said).toMatch(/^Cannot start\. .*key/m);
  });

  it('says so when another process is at the same data', async () => {
    const server = await startServerProcess({ PORT: '0', DATA_DIR: folder }, build.program);
    const { code, said } = await failing({ PORT: '0', DATA_DIR: folder });
    await server.kill('SIGTERM');
    expect(code).toBe(1);
    expect(said).toMatch(/^Cannot start\. .*another process/m);
  });
});

it('warns of a file with a secret that is open to other users of the machine, and does not repeat the secret', async () => {
  const secret = randomBytes(32).toString('base64');
  const file = join(folder, 'direct-line-secret');
  writeFileSync(file, secret);
  chmodSync(file, 0o444);
  const keys = { DATA_KEYS: randomBytes(32).toString('base64'), DIRECT_LINE_SECRET_FILE: file };
  const { said } = await failing({ ...keys, HOST: '192.0.2.1', PORT: '0' });
  expect(said).toMatch(
    /"variable":"DIRECT_LINE_SECRET_FILE","file":"\/.*direct-line-secret",.*"a file with a secret is open to other users/,
  );
  expect(said).not.toContain(secret);
});

it('settings stand in .env as well, and the environment has the last word', async () => {
  writeFileSync(join(folder, '.env'), 'PORT=many\nRETENTION_DAYS=0\n');
  const { said } = await failing({ RETENTION_DAYS: '1' });
  expect(said).toMatch(/has 1 fault\(s\):\n {2}- PORT/);
});

it('tells where everything is and how the first account of an agent is made, until there is one', async () => {
  const environment = { PORT: String(await freePort()), DATA_DIR: folder };
  const readyLine = async () => {
    const server = await startServerProcess(environment);
    await server.kill('SIGTERM');
    return server.ready.replaceAll(server.url, 'URL');
  };
  expect(await readyLine()).toBe(
    "Ready. Sample page and widget: URL/  agents' desk: URL/desk, first account: npm run desk -- invite LOGIN  (stop with Ctrl+C)",
  );
  await inviteTo(environment, { login: 'wang' });
  expect(await readyLine()).toBe("Ready. Sample page and widget: URL/  agents' desk: URL/desk  (stop with Ctrl+C)");
});

describe('a stop', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('by %s in mid-traffic ends in order, and loses no message', async (signal) => {
    const environment = { PORT: String(await freePort()), DATA_DIR: folder };
    const server = await startServerProcess(environment, build.program);
    const bearer = { authorization: `Bearer ${testSecret}`, 'content-type': 'application/json' };
    const started = await fetch(`${server.url}/v3/directline/conversations`, { method: 'POST', headers: bearer });
    const { conversationId } = (await started.json()) as { conversationId: string };
    const address = `${server.url}/v3/directline/conversations/${conversationId}/activities`;
    const acknowledged: string[] = [];
    const talk = async () => {
      for (let at = 0; ; at += 1) {
        const body = JSON.stringify({ type: 'message', from: { id: 'visitor' }, text: `谢谢${at}` });
        const answer = await fetch(address, { method: 'POST', headers: bearer, body });
        if (answer.status === 200) acknowledged.push(((await answer.json()) as { id: string }).id);
      }
    };
    const talking = talk().catch(() => undefined); // until the server is gone
    while (acknowledged.length < 20) await pause(5);
    expect(await server.kill(signal)).toEqual({ code: 0, signal: null });
    await talking;

    const again = await startServerProcess(environment, build.program);
    const replied = async () => {
      const { activities } = (await (await fetch(address, { headers: bearer })).json()) as { activities: { replyToId?: string }[] };
      return activities.flatMap(({ replyToId }) => replyToId ?? []);
    };
    await expect.poll(replied).toEqual(acknowledged);
    await again.kill('SIGTERM');
  });

  it('closes the streams, so that clients come back to the next process', async () => {
    const server = await startServerProcess({ PORT: '0', DATA_DIR: folder }, build.program);
    const session = await fetch(`${server.url}/widget/session`, { method: 'POST' });
    const { streamUrl } = (await session.json()) as { streamUrl: string };
    const stream = new WebSocket(streamUrl);
    await once(stream, 'open');
    const closed = once(stream, 'close') as Promise<[number]>;
    expect((await server.kill('SIGTERM')).code).toBe(0);
    expect((await closed)[0]).toBe(1012);
  });
});
