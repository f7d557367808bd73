import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';
import { startWeChat } from '../support/wechat/index.ts';
import { weChatEnvironment } from '../support/wechat-bot.ts';
import { fuzzCallbacks } from '../support/wechat-forgery.ts';
import { type Fuzzed, fuzzParsers, fuzzServer } from './fuzzing.ts';

/**
 * `npm run fuzz -- [--seed N] [--inputs N] [--only readers,server,callbacks]`: so many inputs to the readers of what people type, as requests to
 * the built program, and as callbacks of WeChat that were caught and changed. Ends with 1 when something threw, an answer was a fault or told
 * of the inside, a forgery was believed, or the server ended. The same seed makes the same inputs.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    inputs: { type: 'string', default: '100000' },
    only: { type: 'string', default: 'readers,server,callbacks' },
  },
});
const seed = Number(values.seed);
const inputs = Number(values.inputs);
const wanted = values.only.split(',');

if (wanted.includes('readers')) tell('readers', fuzzParsers(seed, inputs));
if (wanted.includes('server')) await withServer({}, async ({ url }) => tell('server', await fuzzServer(url, seed + 1, inputs)));
if (wanted.includes('callbacks')) {
  const wx = await startWeChat();
  await withServer(weChatEnvironment(wx.origin), async ({ url }) => {
    const { refused, harmless, forged, odd, slowest } = await fuzzCallbacks(`${url}/wechat/official-account`, inputs, seed);
    const findings = [...forged.map((run) => `run ${run} was believed`), ...odd];
    tell('callbacks', { inputs, outcomes: { refused, 'changed in nothing that is signed': harmless }, findings });
    console.log(`the slowest answer took ${slowest.toFixed(0)} ms`);
  });
  await wx.stop();
}

function tell(what: string, { inputs: count, outcomes, findings }: Fuzzed): void {
  console.log(`${what}: ${count} inputs, ${JSON.stringify(outcomes)}, ${findings.length} finding(s)`);
  for (const finding of findings) console.log(`  - ${finding}`);
  if (findings.length > 0) process.exitCode = 1;
}

/** Of a server of its own; prints what it holds in memory when it is warm, and at the end. */
async function withServer(environment: Record<string, string>, use: (server: ServerProcess) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'filing-fuzz-'));
  const server = await startServerProcess({ PORT: '0', DATA_DIR: folder, CONVERSATIONS_PER_MINUTE: '1000000', ...environment });
  await fuzzServer(server.url, seed, Math.ceil(inputs / 20));
  const before = await memoryOf(server);
  await use(server);
  console.log(`memory ${before.toFixed(0)} MB -> ${(await memoryOf(server)).toFixed(0)} MB`);
  const { code } = await server.kill('SIGTERM');
  if (code !== 0) {
    console.log(`the server ended with ${code}`);
    process.exitCode = 1;
  }
  rmSync(folder, { recursive: true, force: true });
}

/** In MB. */
async function memoryOf({ url }: ServerProcess): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^process_resident_memory_bytes (\S+)$/m.exec(metrics)?.[1] ?? Number.NaN) / 1e6;
}
