import { startRedis } from '../support/redis.ts';
import { killUnderTraffic } from './instance-kills.ts';
import type { Row } from './row.ts';
import { startGroup } from './shared-store.ts';

/** What a larger agency runs: whoever is left goes on with what another was killed over. */
export const redisKills: Row = {
  name: 'redis-kills',
  what: 'three instances on one Redis, any of them killed (kill -9) under traffic; each request goes to any of them',
  run: async (setting) => {
    const redis = await startRedis();
    const group = await startGroup(3, redis.url, setting.program);
    try {
      return await killUnderTraffic(group.instances, setting);
    } finally {
      await group.stop();
      await redis.stop();
    }
  },
};
