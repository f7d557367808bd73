import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Account, Line, settle, total, visit } from '../support/accounting.ts';
import { randomFrom } from '../support/random.ts';
import { isThorough } from '../support/sample.ts';
import { freePort, type ServerProcess, startServerProcess } from '../support/server-process.ts';
import { makeSmallBuild, type SmallBuild } from '../support/small-build.ts';

const servers = isThorough ? 3 : 2;
const killsPerServer = isThorough ? 17 : 2;
const visitorsPerServer = 12;
const servedPerKill = 16;
const mostMs = 40;

/** What one server went through, and what became of the messages that it acknowledged. */
interface Ordeal {
  account: Account;
  /** Requests that the server had received, or was receiving, when it was killed. */
  cutOff: number;
}

let build: SmallBuild;
beforeAll(() => {
  build = makeSmallBuild();
});
afterAll(() => build.remove());

describe('kill -9 in the middle of traffic', () => {
  it(`loses nothing that was acknowledged and doubles nothing, over ${servers * killsPerServer} kills`, { timeout: 480_000 }, async () => {
    const ordeals = await Promise.all(Array.from({ length: servers }, (_, at) => ordeal(at + 1)));
    const { acknowledged, ...faults } = total(ordeals.map(({ account }) => account));
    const cutOff = ordeals.reduce((sum, each) => sum + each.cutOff, 0);
    console.log('kill -9:', JSON.stringify({ kills: servers * killsPerServer, cutOff, acknowledged, ...faults }));
    expect(faults).toEqual({ lost: 0, doubled: 0, outOfOrder: 0, unexpected: 0 });
    // Otherwise the kills came between the traffic and not in its middle.
    expect(acknowledged).toBeGreaterThan(servers * killsPerServer);
    expect(cutOff).toBeGreaterThan(servers * killsPerServer);
  });
});

async function ordeal(seed: number): Promise<Ordeal> {
  const dataDir = mkdtempSync(join(tmpdir(), 'filing-crash-'));
  const environment = { DATA_DIR: dataDir, PORT: String(await freePort()) };
  let server: ServerProcess = await startServerProcess(environment, build.program);
  const line = new Line(() => server.url);
  let over = false;
  const talking = visit(line, visitorsPerServer, () => !over);
  const random = randomFrom(seed);
  for (let kill = 0; kill < killsPerServer; kill += 1) {
    // By what was served, not by the clock: a server that is killed again and again before it has done anything gives the messages up that it
    // was at, with an apology, as it is meant to.
    await line.serves(1 + random() * servedPerKill);
    await pause(random() * mostMs);
    await server.kill('SIGKILL');
    server = await startServerProcess(environment, build.program);
  }
  await pause(300);
  over = true;
  const account = await settle(await talking);
  await server.kill('SIGTERM');
  rmSync(dataDir, { recursive: true });
  return { account, cutOff: line.endings.cut };
}
