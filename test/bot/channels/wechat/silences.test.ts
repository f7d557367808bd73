import { expect, it } from 'vitest';
import { sampleOf } from '../../../support/sample.ts';
import { type Silences, talkInBadWeather } from '../../../support/wechat-accounting.ts';

/** What the documents leave open, each in the position that the other tests do not have. */
const readings: [reading: string, Silences][] = [
  ['a message is pushed four times', { pushes: { attempts: 4 } }],
  ['each attempt has the same signature', { pushes: { resign: false } }],
  ['an answer that is none is asked for again', { pushes: { retryIllegal: true } }],
  ['what is answered too late is shown none the less', { pushes: { late: 'show' } }],
  ['what is answered too late is thrown away', { pushes: { late: 'discard' } }],
  ["the platform's clock is four minutes behind", { pushes: { skewSeconds: -240 } }],
  ["the platform's clock is half a minute ahead", { pushes: { skewSeconds: 30 } }],
  ['a tap on a menu gives as much as a message', { officialAccount: { msgmenuTapGrant: 'message' } }],
  ['the answer to a push is not counted', { officialAccount: { passiveCounts: false } }],
  ['a new message adds to what may be sent', { officialAccount: { grantsAdd: true } }],
  ['all at once', { officialAccount: { msgmenuTapGrant: 'message', passiveCounts: false, grantsAdd: true }, pushes: { attempts: 4 } }],
  ['an id that was used is refused as a wrong type', { customerService: { repeatedMsgId: 40008 } }],
  ['an id that was used is refused by a number that nobody lists', { customerService: { repeatedMsgId: 95_099 } }],
  ['a session may be ended from any state', { customerService: { directEnd: true } }],
  ['nothing is fetched without a bell', { customerService: { pullsWithoutToken: 1 } }],
];

/** `npm run test:thorough` tries them all. */
it.each(sampleOf(readings, 1, 'silences'))(
  'nothing is lost or shown twice where %s',
  async (_, silences) => {
    const account = await talkInBadWeather({
      seed: 20_261_128,
      people: 6,
      messagesEach: 6,
      share: 0.2,
      actions: ['reset-before', 'reset-after', 'error-500', 'truncated', 'token-expires', { errcode: -1 }],
      environment: {},
      instances: 1,
      silences,
    });
    expect(account.struck).toBeGreaterThan(5);
    expect(account).toMatchObject({ lost: 0, doubled: 0, unanswered: 0, answeredAgain: 0, shownAgain: 0, silent: 0, missing: [] });
  },
  120_000,
);
