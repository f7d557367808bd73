import { parseArgs } from 'node:util';
import { nothing } from '../support/accounting.ts';
import prepare from '../support/prepare.ts';
import { makeSmallBuild } from '../support/small-build.ts';
import { claims } from './claims.ts';
import { clusterMasterKilled } from './cluster-master-killed.ts';
import { lmdbKills } from './lmdb-kills.ts';
import { redisAway } from './redis-away.ts';
import { redisKilled, redisKilledEverysec } from './redis-killed.ts';
import { redisKills } from './redis-kills.ts';
import type { Row, Setting } from './row.ts';
import { sockets } from './sockets.ts';
import { printTable, type Run } from './table.ts';
import { wechat } from './wechat.ts';
import { wechatKills } from './wechat-kills.ts';

/**
 * `npm run chaos`: real processes under faults, and what became of every message that was acknowledged meanwhile. The same seed kills
 * at the same moments; what a processor does between them is its own affair. Ends with 1 when a promise was broken, or a run has
 * proved nothing.
 */
const rows: readonly Row[] = [
  lmdbKills,
  redisKills,
  redisKilled,
  redisKilledEverysec,
  redisAway,
  clusterMasterKilled,
  sockets,
  claims,
  wechat,
  wechatKills,
];

const { values } = parseArgs({ options: { seed: { type: 'string' }, scale: { type: 'string', default: '1' }, only: { type: 'string' } } });
const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
const scale = Number(values.scale);
const wanted = values.only?.split(',') ?? rows.map(({ name }) => name);
const unknown = wanted.filter((name) => !rows.some((row) => row.name === name));
if (unknown.length > 0 || !Number.isInteger(seed) || !(scale > 0 && scale <= 10)) {
  console.error(`Usage: npm run chaos [-- --seed N --scale 0.1 --only ${rows.map(({ name }) => name).join()}]`);
  process.exit(2);
}

// What was started is ended with it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
prepare();
const build = makeSmallBuild();
console.log(`seed ${seed}, scale ${scale}, Node ${process.version}`);
const runs: Run[] = [];
try {
  for (const row of rows.filter(({ name }) => wanted.includes(name))) {
    const run = await runOf(row, { seed, scale, program: build.program });
    runs.push(run);
    // Now, too: the next row may take long.
    printTable([run]);
  }
} finally {
  build.remove();
}
printTable(runs);
const broken = runs.filter(({ faults }) => faults.length > 0).map(({ row }) => row.name);
console.log(broken.length > 0 ? `\nBROKEN: ${broken.join(', ')}` : '\nEvery promise was kept.');
process.exit(broken.length > 0 ? 1 : 0);

async function runOf(row: Row, setting: Setting): Promise<Run> {
  console.log(`${row.name}: ${row.what} …`);
  const started = performance.now();
  const outcome = await row.run(setting).catch((cause: unknown) => {
    console.error(cause);
    return { account: nothing, kills: 0, figures: {}, faults: [`ended early: ${cause instanceof Error ? cause.message : String(cause)}`] };
  });
  return { row, ...outcome, seconds: (performance.now() - started) / 1000 };
}
