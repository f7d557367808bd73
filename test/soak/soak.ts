import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startServerProcess } from '../support/server-process.ts';
import { soak } from './soaking.ts';

/** `npm run soak -- [--minutes N]`: the built program under mixed load at half of what it takes, an hour long unless told otherwise. */
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '60' } } });
const seconds = Number(values.minutes) * 60;
const folder = mkdtempSync(join(tmpdir(), 'filing-soak-'));
const server = await startServerProcess({ PORT: '0', DATA_DIR: folder, CONVERSATIONS_PER_MINUTE: '1000000' });
const { capacity, rate, requests, errors, samples } = await soak({
  url: server.url,
  pid: server.process.pid ?? Number.NaN,
  measureSeconds: 10,
  seconds,
  sampleSeconds: Math.max(5, seconds / 20),
});
console.log(`takes ${capacity.toFixed(0)} requests/s; ${requests} requests at ${rate.toFixed(0)}/s; errors: ${JSON.stringify(errors)}`);
for (const { second, ownMb, mappedMb, heapMb, descriptors } of samples) {
  const figures = `memory ${ownMb} MB, ${mappedMb} MB of files  heap ${heapMb} MB  file descriptors ${descriptors}`;
  console.log(`${String(Math.round(second)).padStart(6)} s  ${figures}`);
}
const { code } = await server.kill('SIGTERM');
if (code !== 0 || Object.keys(errors).length > 0) process.exitCode = 1;
rmSync(folder, { recursive: true, force: true });
