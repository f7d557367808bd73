import { randomBytes } from 'node:crypto';
import { nothing } from '../support/accounting.ts';
import { startRedis } from '../support/redis.ts';
import { talkInBadWeather, type WeatherAccount } from '../support/wechat-accounting.ts';
import { expected, type Row, type Setting, scaled } from './row.ts';

const people = 200;
const messagesEach = 25;
const share = 0.2;

/**
 * Customers of an official account, an app in WeCom and customer service talk with the bot while a fifth of all calls hangs, breaks off before or
 * after it had its effect, or is refused, and pushes are doubled or their answers lost.
 */
export const wechat: Row = {
  name: 'wechat',
  what: 'a fifth of all calls to WeChat and of its pushes goes wrong, on the embedded store and on Redis with two instances',
  run: async (setting) => {
    const embedded = await talk(setting, {}, 1);
    const redis = await startRedis();
    const shared = {
      REDIS_URL: redis.url,
      DATA_KEYS: randomBytes(32).toString('base64'),
      DIRECT_LINE_SECRET: randomBytes(32).toString('base64'),
    };
    const onRedis = await talk(setting, shared, 2).finally(() => redis.stop());
    const sum = (of: (account: WeatherAccount) => number) => of(embedded) + of(onRedis);
    return {
      account: {
        ...nothing,
        acknowledged: sum(({ acknowledged }) => acknowledged),
        lost: sum(({ lost, unanswered, silent }) => lost + unanswered + silent),
        doubled: sum(({ doubled, answeredAgain, shownAgain }) => doubled + answeredAgain + shownAgain),
      },
      kills: 0,
      figures: { 'on the embedded store': described(embedded), 'on Redis, two instances': described(onRedis) },
      faults: [
        ...[embedded, onRedis].flatMap(({ lost, doubled, unanswered, answeredAgain, shownAgain, silent }) =>
          Object.entries({ lost, doubled, unanswered, answeredAgain, shownAgain, silent }).flatMap(([name, count]) =>
            count > 0 ? `${count} ${name}` : [],
          ),
        ),
        ...[embedded, onRedis].flatMap(({ missing }) => missing.map((words) => `not shown: ${words}`)),
        ...expected(sum(({ struck }) => struck) > 0, 'nothing went wrong'),
      ],
    };
  },
};

function talk(setting: Setting, environment: Record<string, string>, instances: number): Promise<WeatherAccount> {
  return talkInBadWeather({ seed: setting.seed, people: scaled(people, setting), messagesEach, share, environment, instances });
}

function described({ acknowledged, givenUp, calls, struck, noted }: WeatherAccount): string {
  return `${acknowledged} messages kept, ${givenUp} given up by the platform and said so; ${struck} of ${calls} calls went wrong; ${noted} parts not shown, and the agency told`;
}
