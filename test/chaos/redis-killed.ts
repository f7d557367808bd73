import { setTimeout as pause } from 'node:timers/promises';
import { Line, settle, visit } from '../support/accounting.ts';
import { randomFrom } from '../support/random.ts';
import { startRedis } from '../support/redis.ts';
import { any } from './instance.ts';
import { expected, faultsOf, type Row, type Setting, scaled } from './row.ts';
import { startGroup } from './shared-store.ts';
import { spread } from './table.ts';

const kills = 20;
const visitors = 100;
const thinkMs = 50;
const servedPerKill = 200;

/** Every write on the disk before it is answered, as the README asks for. */
export const redisKilled: Row = {
  name: 'redis-killed',
  what: 'Redis itself killed (kill -9) under traffic and started again, with appendfsync always',
  run: (setting) => killRedis(setting, 'always'),
};

/**
 * What Redis had written outlives its process, in the page cache of the machine, so that a kill alone takes nothing here either. It
 * is a power cut that takes what was not yet on the disk, up to about a second of it: no reason to run with this.
 */
export const redisKilledEverysec: Row = {
  name: 'redis-killed-everysec',
  what: 'the same with appendfsync everysec: what a kill of the process takes, and not what a power cut would',
  run: (setting) => killRedis(setting, 'everysec'),
};

async function killRedis(setting: Setting, appendfsync: 'always' | 'everysec') {
  const redis = await startRedis(['--appendfsync', appendfsync]);
  const group = await startGroup(2, redis.url, setting.program);
  const random = randomFrom(setting.seed);
  const line = new Line(() => any(group.instances).url);
  const toKill = scaled(kills, setting);
  const servedAfter: number[] = [];
  let killed = 0;
  try {
    const talking = visit(line, scaled(visitors, setting), () => killed < toKill, thinkMs);
    for (; killed < toKill; killed += 1) {
      await line.serves(random() * 2 * servedPerKill);
      await redis.kill('SIGKILL');
      await pause(random() * 1000);
      await redis.restart();
      const back = performance.now();
      await line.serves(1);
      servedAfter.push(performance.now() - back);
    }
    const account = await settle(await talking);
    const { served, told, cut } = line.endings;
    return {
      account,
      kills: killed,
      figures: {
        'requests served / told to come again (503, Retry-After)': `${served} / ${told}`,
        'served again after Redis was back': spread(servedAfter),
        'longest that a request waited': `${line.slowestMs.toFixed(0)} ms`,
      },
      faults: [
        ...faultsOf(account),
        ...expected(told > killed, `only ${told} requests met with a Redis that was gone`),
        ...expected(cut === 0, `${cut} requests got no answer at all`),
      ],
    };
  } finally {
    await group.stop();
    await redis.stop();
  }
}
