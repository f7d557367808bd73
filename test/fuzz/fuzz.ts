import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startServerProcess } from '../support/server-process.ts';
import { type Fuzzed, fuzzParsers, fuzzServer } from './fuzzing.ts';

/**
 * `npm run fuzz -- [--seed N] [--inputs N]`: half of the inputs to the readers of what people type, half as requests to the built program. Ends
 * with 1 when something threw, an answer was a fault or told of the inside, or the server ended. The same seed makes the same inputs.
 */
const { values } = parseArgs({ options: { seed: { type: 'string', default: '1' }, inputs: { type: 'string', default: '100000' } } });
const seed = Number(values.seed);
const half = Math.ceil(Number(values.inputs) / 2);

function tell(what: string, { inputs, outcomes, findings }: Fuzzed): void {
  console.log(`${what}: ${inputs} inputs, ${JSON.stringify(outcomes)}, ${findings.length} finding(s)`);
  for (const finding of findings) console.log(`  - ${finding}`);
  if (findings.length > 0) process.exitCode = 1;
}

tell('readers', fuzzParsers(seed, half));
const folder = mkdtempSync(join(tmpdir(), 'filing-fuzz-'));
const server = await startServerProcess({ PORT: '0', DATA_DIR: folder, CONVERSATIONS_PER_MINUTE: '1000000' });
const memory = async () =>
  Number(/^process_resident_memory_bytes (\S+)$/m.exec(await (await fetch(`${server.url}/metrics`)).text())?.[1] ?? Number.NaN) / 1e6;
const warm = await fuzzServer(server.url, seed, Math.ceil(half / 10));
const before = await memory();
tell('server, warming up', warm);
tell('server', await fuzzServer(server.url, seed + 1, half - Math.ceil(half / 10)));
console.log(`memory ${before.toFixed(0)} MB -> ${(await memory()).toFixed(0)} MB`);
const { code } = await server.kill('SIGTERM');
if (code !== 0) {
  console.log(`the server ended with ${code}`);
  process.exitCode = 1;
}
rmSync(folder, { recursive: true, force: true });
