import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Conversations } from '../../../bot/conversations/conversations.ts';
import { Inbox } from '../../../bot/conversations/inbox.ts';
import { messageDigest } from '../../../bot/keyed-digest.ts';
import { Metrics } from '../../../bot/metrics.ts';
import { dataKeys } from '../../../bot/store/data-keys.ts';
import { parseRedisUrl } from '../../../bot/store/redis/address.ts';
import { openRedisStore } from '../../../bot/store/redis-store.ts';
import { openSealedStore } from '../../../bot/store/sealed-store.ts';
import type { Store } from '../../../bot/store/store.ts';
import { Turns } from '../../../bot/turns/turns.ts';
import { said, silentLog, transcriptOf } from '../../support/conversations.ts';
import { testAgency } from '../../support/customer.ts';
import { realKnowledge } from '../../support/knowledge.ts';
import { type RedisServer, startRedis } from '../../support/redis.ts';

let redis: RedisServer;
let store: Store;
beforeEach(async () => {
  redis = await startRedis();
  const secrets = [randomBytes(32)];
  store = await openSealedStore(await openRedisStore({ address: parseRedisUrl(redis.url) }), dataKeys(secrets));
});
afterEach(async () => {
  await store.close();
  await redis.stop();
});

/** How often Redis was asked for something, apart from pings and hints, which nobody waits for. */
function asked(): Record<string, number> {
  const calls = [...redis.command('info', 'commandstats').matchAll(/^cmdstat_(\w+):calls=(\d+)/gm)];
  return Object.fromEntries(
    calls.filter(([, name = '']) => /^(evalsha|eval|xrange|zrange|wait)$/.test(name)).map(([, name, count]) => [name, Number(count)]),
  );
}

it('a turn on Redis takes at most three round trips: one for the message with its claim, one for the commit', async () => {
  const conversations = new Conversations(store, new Set());
  const inbox = new Inbox(store, conversations, new Set(), silentLog, messageDigest([randomBytes(32)]));
  const turns = new Turns({
    inbox,
    errands: { wake: () => undefined, caughtUp: async () => undefined },
    knowledge: realKnowledge,
    lookUp: async () => ({ kind: 'nothing' }) as never,
    agency: testAgency,
    log: silentLog,
    metrics: new Metrics(),
  });
  await conversations.start({ id: 'c', channel: 'direct-line', user: { id: 'dl_visitor' } });
  const says = async (text: string, messageId: string) => {
    const inbound = { conversation: 'c', messageId, sender: 'dl_visitor', activity: said(text), message: { kind: 'text' as const, text } };
    await turns.accept(inbound);
    await turns.settled();
  };
  await says('谢谢', 'first'); // the server knows the scripts by now
  redis.command('config', 'resetstat');
  for (let at = 0; at < 10; at += 1) await says('备案要多久', `m-${at}`);
  const calls = asked();
  console.log('round trips of ten turns:', JSON.stringify(calls));
  expect(await transcriptOf(conversations, 'c')).toHaveLength(22);
  expect(Object.values(calls).reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(30);
  await turns.stop();
});
