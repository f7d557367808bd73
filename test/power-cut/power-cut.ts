import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { randomFrom } from '../support/random.ts';
import { cutAt, type LmdbCuts, recordWriter } from './cut-lmdb.ts';
import { cutRedis, type RedisCuts } from './cut-redis.ts';
import { compileShim } from './shim.ts';

/**
 * What a power cut leaves: unlike `kill -9`, it takes what the system was told to write and had not written yet. Prints what was lost of
 * what was acknowledged, beside disks and settings that have to lose something, or the cut was none. Exit code 1 when a promise is broken.
 */
const { values } = parseArgs({
  options: {
    points: { type: 'string', default: '500' },
    cuts: { type: 'string', default: '6' },
    acknowledged: { type: 'string', default: '1200' },
    seed: { type: 'string', default: '1' },
  },
});

const random = randomFrom(Number(values.seed));
const folder = mkdtempSync(join(tmpdir(), 'filing-power-cut-'));
try {
  const environment = compileShim(folder);
  const log = await recordWriter(folder, environment, Number(values.acknowledged));
  const points = Number(values.points);
  const lmdb: LmdbCuts[] = [];
  lmdb.push(await cutAt(folder, log, 'obeys', points, random));
  lmdb.push(await cutAt(folder, log, 'keeps all', Math.ceil(points / 10), random));
  lmdb.push(await cutAt(folder, log, 'lies', Math.ceil(points / 10), random));
  console.log(`The embedded store, seed ${values.seed}:`);
  console.table(lmdb);
  const redis: RedisCuts[] = [];
  for (const appendfsync of ['always', 'everysec'] as const)
    redis.push(await cutRedis(appendfsync, Number(values.cuts), environment, random));
  console.log('Redis:');
  console.table(redis);
  const broken = brokenPromises(lmdb, redis);
  for (const promise of broken) console.error(`Broken: ${promise}`);
  if (broken.length > 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function brokenPromises(lmdb: readonly LmdbCuts[], redis: readonly RedisCuts[]): string[] {
  const missing = ({ lost, unreadable }: LmdbCuts) => lost + unreadable > 0;
  const broken: string[] = [];
  for (const cuts of lmdb) {
    if (cuts.disk === 'lies' && !missing(cuts)) broken.push('a disk that lies has lost nothing, so that nothing is proved');
    if (cuts.disk !== 'lies' && missing(cuts)) broken.push(`the embedded store has lost something on a disk that ${cuts.disk}`);
  }
  for (const { appendfsync, lost, acknowledged } of redis) {
    if (acknowledged === 0) broken.push('nothing was acknowledged');
    if (appendfsync === 'always' && lost > 0) broken.push('Redis has lost something with appendfsync always');
    if (appendfsync === 'everysec' && lost === 0) broken.push('Redis has lost nothing with appendfsync everysec: the cut was none');
  }
  return broken;
}
