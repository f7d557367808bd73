import { expect, it } from 'vitest';
import { talkInBadWeather } from '../../../support/wechat-accounting.ts';

/** The long form of it, with connections that hang, on both stores and with two instances: `npm run chaos -- --only wechat`. */
it('customers in all channels get every answer once, or the agency is told, while a fifth of all calls and pushes goes wrong', async () => {
  const account = await talkInBadWeather({
    seed: 20_261_128,
    people: 12,
    messagesEach: 5,
    share: 0.2,
    actions: ['reset-before', 'reset-after', 'error-500', 'bad-gateway', 'html-after', 'truncated', 'token-expires', { errcode: -1 }],
    environment: {},
    instances: 1,
  });
  console.log(account);
  expect(account.struck).toBeGreaterThan(10);
  expect(account).toMatchObject({ lost: 0, doubled: 0, unanswered: 0, answeredAgain: 0, shownAgain: 0, silent: 0 });
}, 120_000);
