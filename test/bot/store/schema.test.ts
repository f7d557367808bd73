import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dataKeys } from '../../../bot/store/data-keys.ts';
import { openRawStore, openStore, type StorePlace } from '../../../bot/store/open-store.ts';
import { parseRedisUrl } from '../../../bot/store/redis/address.ts';
import { checkSchema, type Migration, markUnfinished } from '../../../bot/store/schema.ts';
import { allPartitions, type Store } from '../../../bot/store/store.ts';
import { type RedisServer, startRedis } from '../../support/redis.ts';

const keys = dataKeys([randomBytes(32)]);
const text = (value: Uint8Array | undefined) => value && Buffer.from(value).toString();
const refusal = (words: RegExp) => expect.objectContaining({ name: 'StoreRefused', message: expect.stringMatching(words) });

/** A first release kept names as they were typed; the next one is to keep them in capitals. */
function capitals(die?: () => void): Migration {
  return {
    what: 'names in capitals',
    run: async (store) => {
      for (const partition of allPartitions) {
        for (const { member } of await store.range(partition, 'names', { limit: 1000 })) {
          const record = await store.get(partition, member);
          if (!record) continue;
          const value = Buffer.from(text(record.value)?.toUpperCase() ?? '');
          const checks = [{ record: member, version: record.version }];
          await store.apply(partition, { checks, operations: [{ do: 'put', record: member, value }] });
          die?.();
        }
      }
    },
  };
}
const shout: Migration = {
  what: 'an exclamation mark',
  run: async (store) => {
    const record = await store.get('p07', 'b');
    const said = text(record?.value);
    if (said && !said.endsWith('!')) await put(store, 'p07', 'b', `${said}!`);
  },
};

async function put(store: Store, partition: string, record: string, value: string): Promise<void> {
  const operations = [
    { do: 'put' as const, record, value: Buffer.from(value) },
    { do: 'rank' as const, index: 'names', member: record, score: 1 },
  ];
  await store.apply(partition, { operations });
}

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

describe.each(['LMDB', 'Redis'])('the schema version of a store on %s', (kind) => {
  let folder: string;
  let place: StorePlace;
  let reported: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'schema-'));
    place = { dataDir: folder, redis: kind === 'Redis' ? { address: parseRedisUrl(redis.url), replicas: 0 } : undefined };
    reported = [];
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await redis.empty();
  });
  const report = (done: string) => reported.push(done);
  const serve = (steps: readonly Migration[] = []) => openStore(place, keys, 'serve', { report, steps });
  const look = (steps: readonly Migration[] = []) => openStore(place, keys, 'look', { steps });

  /** As a release of version 1 leaves it. */
  async function filled(): Promise<void> {
    const store = await serve();
    for (const [partition, record] of [
      ['p01', 'a'],
      ['p07', 'b'],
      ['p63', 'c'],
    ] as const)
      await put(store, partition, record, record);
    await store.close();
  }
  const all = (store: Store) =>
    Promise.all([store.get('p01', 'a'), store.get('p07', 'b'), store.get('p63', 'c')]).then((found) =>
      found.map((each) => text(each?.value)),
    );

  it('is written at the first start, and read without the keys', async () => {
    await (await serve([capitals()])).close();
    expect(reported).toEqual([]);
    const raw = await openRawStore(place, 'look');
    expect(await checkSchema(raw, [capitals()])).toBe(2);
    await raw.close();
    await (await look([capitals()])).close();
  });

  it('of a release that had none is the first', async () => {
    const raw = await openRawStore(place, 'serve');
    await raw.apply('p01', { operations: [{ do: 'rank', index: 'some', member: 'thing', score: 1 }] });
    await raw.close();
    const store = await serve([capitals()]);
    await store.close();
    expect(reported).toEqual(['the store was brought from version 1 to version 2: names in capitals']);
  });

  it('that is newer than the program is refused at the start, before anything is changed, whoever looks', async () => {
    await filled();
    await (await serve([capitals()])).close();
    const refused = refusal(/version 2, and this program knows versions up to 1: .*Start that one/);
    await expect(serve()).rejects.toEqual(refused);
    await expect(look()).rejects.toEqual(refused);
    await expect(openStore(place, dataKeys([randomBytes(32)]), 'serve', { steps: [] })).rejects.toEqual(refused);
  });

  it('that is older is brought up to date step by step by who serves, and refused to who looks', async () => {
    await filled();
    const steps = [capitals(), shout];
    await expect(look(steps)).rejects.toEqual(refusal(/version 1, this program version 3: start the bot/));
    const store = await serve(steps);
    expect(await all(store)).toEqual(['A', 'B!', 'C']);
    expect(reported.map((line) => line.replace(/.*from /, ''))).toEqual([
      'version 1 to version 2: names in capitals',
      'version 2 to version 3: an exclamation mark',
    ]);
    await store.close();
    await (await serve(steps)).close();
    expect(reported).toHaveLength(2);
  });

  it('changes only when the step is done: one that was interrupted is run again', async () => {
    await filled();
    let left = 2;
    const dying = capitals(() => {
      left -= 1;
      if (left === 0) throw new Error('cut off');
    });
    await expect(serve([dying])).rejects.toThrow('cut off');
    const store = await serve([capitals(), shout]);
    expect(await all(store)).toEqual(['A', 'B!', 'C']);
    await store.close();
  });

  it('is raised once when several start at the same moment', async () => {
    await filled();
    let running = 0;
    let most = 0;
    let runs = 0;
    const counted: Migration = {
      what: 'counted',
      run: async (store) => {
        runs += 1;
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 50));
        await capitals().run(store);
        running -= 1;
      },
    };
    const stores = await Promise.all(Array.from({ length: 4 }, () => serve([counted, shout])));
    expect([runs, most]).toEqual([1, 1]);
    expect(reported).toHaveLength(2);
    for (const store of stores) {
      expect(await all(store)).toEqual(['A', 'B!', 'C']);
      await store.close();
    }
  });

  it('keeps everybody away from a store that is just being filled', async () => {
    await filled();
    const raw = await openRawStore(place, 'look');
    await markUnfinished(raw, true);
    await expect(serve()).rejects.toEqual(refusal(/not complete.*Run it again/));
    await expect(look()).rejects.toEqual(refusal(/not complete/));
    await markUnfinished(raw, false);
    await raw.close();
    await (await serve()).close();
  });
});
