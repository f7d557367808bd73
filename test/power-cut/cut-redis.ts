import { setTimeout as pause } from 'node:timers/promises';
import { parseRedisUrl } from '../../bot/store/redis/address.ts';
import { openRedisStore } from '../../bot/store/redis-store.ts';
import { startRedis } from '../support/redis.ts';
import { type Acknowledged, coreOn, lostAmong, talk, workOff } from './talk.ts';

export interface RedisCuts {
  appendfsync: 'always' | 'everysec';
  cuts: number;
  acknowledged: number;
  lost: number;
  /** The longest time before a cut from which something was lost, in seconds. */
  windowSeconds: number;
}

const conversations = 16;
const leastMs = 1200;
const mostMs = 2600;
const afterAnyLease = 10 * 60_000;

/** Cuts the power of a Redis under load, several times, and looks for what was acknowledged. */
export async function cutRedis(
  appendfsync: RedisCuts['appendfsync'],
  cuts: number,
  environment: (file: string) => Record<string, string>,
  random: () => number,
): Promise<RedisCuts> {
  const result: RedisCuts = { appendfsync, cuts, acknowledged: 0, lost: 0, windowSeconds: 0 };
  for (let cut = 0; cut < cuts; cut += 1) {
    const { acknowledged, lost, at } = await cutOnce(appendfsync, environment('.incr.aof'), leastMs + random() * (mostMs - leastMs));
    result.acknowledged += acknowledged.length;
    result.lost += lost.length;
    for (const message of lost) result.windowSeconds = Math.max(result.windowSeconds, (at - message.at) / 1000);
  }
  return result;
}

async function cutOnce(
  appendfsync: string,
  environment: Record<string, string>,
  afterMs: number,
): Promise<{ acknowledged: Acknowledged[]; lost: Acknowledged[]; at: number }> {
  const redis = await startRedis(['--appendfsync', appendfsync, '--auto-aof-rewrite-percentage', '0'], environment);
  try {
    const acknowledged: Acknowledged[] = [];
    const store = await openRedisStore({ address: parseRedisUrl(redis.url) });
    const core = await coreOn(store);
    let isOver = false;
    const talkers = Array.from({ length: conversations }, (_, at) =>
      talk(
        core,
        `conversation-${at}`,
        () => isOver,
        (message) => acknowledged.push(message),
      ),
    );
    await pause(afterMs);
    const at = Date.now();
    await redis.kill('SIGKILL');
    isOver = true;
    await Promise.all(talkers);
    await core.turns.stop();
    await store.close();
    await redis.restart();
    return { acknowledged, lost: await lostIn(redis.url, acknowledged), at };
  } finally {
    await redis.stop();
  }
}

async function lostIn(url: string, acknowledged: readonly Acknowledged[]): Promise<Acknowledged[]> {
  const store = await openRedisStore({ address: parseRedisUrl(url), now: () => Date.now() + afterAnyLease });
  const core = await coreOn(store);
  await workOff(core);
  const lost = await lostAmong(core, acknowledged);
  await store.close();
  return lost;
}
