import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { randomFrom } from '../support/random.ts';
import { talkInBadWeather, type WeatherAccount } from '../support/wechat-accounting.ts';
import { any, Instance } from './instance.ts';
import { expected, type Row, type Setting, scaled } from './row.ts';
import { onBothStores, outcomeOf } from './wechat.ts';

const people = 60;
const messagesEach = 20;
const pauseMs = { least: 1_000, most: 5_000 };

/** Customers in WeChat talk while the service is killed, or ended in order, again and again: between `success` and sending, too. */
export const wechatKills: Row = {
  name: 'wechat-kills',
  what: 'one instance on the embedded store, then two on Redis, killed (kill -9) or ended in order while customers write in WeChat, and started again',
  run: async (setting) => {
    const { embedded, onRedis } = await onBothStores((environment, instances) => talk(setting, environment, instances));
    const kills = embedded.kills + onRedis.kills;
    const { faults, ...outcome } = outcomeOf(embedded.account, onRedis.account);
    return { ...outcome, kills, faults: [...faults, ...expected(embedded.kills > 0 && onRedis.kills > 0, 'nobody was killed')] };
  },
};

async function talk(
  setting: Setting,
  environment: Record<string, string>,
  count: number,
): Promise<{ account: WeatherAccount; kills: number }> {
  const random = randomFrom(setting.seed);
  const dataDir = mkdtempSync(join(tmpdir(), 'filing-chaos-'));
  let instances: Instance[] = [];
  let kills = 0;
  try {
    const account = await talkInBadWeather({
      seed: setting.seed,
      people: scaled(people, setting),
      messagesEach,
      share: 0,
      environment,
      instances: count,
      // As far apart as the platform's own attempts: meanwhile, the service is back.
      spacingScale: 1,
      start: async (settings) => {
        const starting = Array.from({ length: count }, () => Instance.start({ ...settings, DATA_DIR: dataDir }, setting.program));
        instances = await Promise.all(starting);
        return instances.map((instance) => ({ port: Number(new URL(instance.url).port), dataDir, stop: () => instance.stop() }));
      },
      meanwhile: async (said) => {
        for (; !said.aborted; kills += 1) {
          await pause(pauseMs.least + random() * (pauseMs.most - pauseMs.least));
          const instance = any(instances, random);
          await (kills % 3 === 0 ? instance.restart() : instance.killAndRestart());
        }
      },
    });
    return { account, kills };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
