import { randomBytes } from 'node:crypto';
import { nothing } from '../support/accounting.ts';
import { startRedis } from '../support/redis.ts';
import { talkInBadWeather, type WeatherAccount } from '../support/wechat-accounting.ts';
import { expected, type Outcome, type Row, type Setting, scaled } from './row.ts';

const people = 200;
const messagesEach = 25;
/** In WeCom no more than about twenty messages in a minute can go to one person. */
const thinkMs = 6_000;
const share = 0.2;

/**
 * Customers of an official account, an app in WeCom and customer service talk with the bot while a fifth of all calls hangs, breaks off before or
 * after it had its effect, or is refused, and pushes are doubled or their answers lost.
 */
export const wechat: Row = {
  name: 'wechat',
  what: 'a fifth of all calls to WeChat and of its pushes goes wrong, on the embedded store and on Redis with two instances',
  run: async (setting) => {
    const { embedded, onRedis } = await onBothStores((environment, instances) => talk(setting, environment, instances));
    const { faults, ...outcome } = outcomeOf(embedded, onRedis);
    return { ...outcome, faults: [...faults, ...expected(embedded.struck + onRedis.struck > 0, 'nothing went wrong')] };
  },
};

/** One instance on the embedded store, then two on Redis with what they have in common. */
export async function onBothStores<T>(
  talkOn: (environment: Record<string, string>, instances: number) => Promise<T>,
): Promise<{ embedded: T; onRedis: T }> {
  const embedded = await talkOn({}, 1);
  const redis = await startRedis();
  const secret = () => randomBytes(32).toString('base64');
  const shared = { REDIS_URL: redis.url, DATA_KEYS: secret(), DIRECT_LINE_SECRET: secret() };
  return { embedded, onRedis: await talkOn(shared, 2).finally(() => redis.stop()) };
}

/** Of one run on each store. */
export function outcomeOf(embedded: WeatherAccount, onRedis: WeatherAccount): Outcome {
  const both = [embedded, onRedis];
  const sum = (of: (account: WeatherAccount) => number) => both.reduce((before, account) => before + of(account), 0);
  return {
    account: {
      ...nothing,
      acknowledged: sum(({ acknowledged }) => acknowledged),
      lost: sum(({ lost, unanswered, silent }) => lost + unanswered + silent),
      doubled: sum(({ doubled, answeredAgain, shownAgain }) => doubled + answeredAgain + shownAgain),
    },
    kills: 0,
    figures: { 'on the embedded store': described(embedded), 'on Redis, two instances': described(onRedis) },
    faults: both.flatMap(({ lost, doubled, unanswered, answeredAgain, shownAgain, silent, missing, again }) => {
      const counts = Object.entries({ lost, doubled, unanswered, answeredAgain, shownAgain, silent });
      return [
        ...counts.flatMap(([name, count]) => (count > 0 ? `${count} ${name}` : [])),
        ...missing.map((words) => `not shown: ${words}`),
        ...again.map((words) => `shown again: ${words}`),
      ];
    }),
  };
}

function talk(setting: Setting, environment: Record<string, string>, instances: number): Promise<WeatherAccount> {
  return talkInBadWeather({ seed: setting.seed, people: scaled(people, setting), messagesEach, share, thinkMs, environment, instances });
}

function described({ acknowledged, givenUp, calls, struck, noted, lostWithPush }: WeatherAccount): string {
  return `${acknowledged} messages kept, ${givenUp} given up by the platform, and ${lostWithPush} parts of answers with them; ${struck} of ${calls} calls went wrong; ${noted} parts not shown, and the agency told`;
}
