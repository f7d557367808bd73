import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { restoreBackup, writeBackup } from '../../../bot/store/backup.ts';
import { dataKeys } from '../../../bot/store/data-keys.ts';
import type { Entry } from '../../../bot/store/entry.ts';
import { Files } from '../../../bot/store/files.ts';
import { openLmdbStore } from '../../../bot/store/lmdb-store.ts';
import { fill, finish, movable, requireMovable, tallyOf } from '../../../bot/store/move.ts';
import { holdsAnything } from '../../../bot/store/open-store.ts';
import { livingInstances, Presence } from '../../../bot/store/presence.ts';
import { parseRedisUrl } from '../../../bot/store/redis/address.ts';
import { openRedisStore } from '../../../bot/store/redis-store.ts';
import { checkSchema } from '../../../bot/store/schema.ts';
import { openSealedStore } from '../../../bot/store/sealed-store.ts';
import { partitionOf, type Store } from '../../../bot/store/store.ts';
import { fillStore } from '../../support/filled-store.ts';
import { type RedisCluster, type RedisServer, startRedis, startRedisCluster } from '../../support/redis.ts';

let folder: string;
let redis: RedisServer;
let cluster: RedisCluster;
const keys = dataKeys([randomBytes(32)]);
const open: Store[] = [];

beforeAll(async () => {
  [redis, cluster] = await Promise.all([startRedis(), startRedisCluster()]);
});
afterAll(() => Promise.all([redis.stop(), cluster.stop()]));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'move-'));
});
afterEach(async () => {
  for (const store of open.splice(0)) await store.close();
  rmSync(folder, { recursive: true });
  for (const server of [redis, ...cluster.masters]) await server.empty();
});

/** A store to which nobody has the keys. */
const stores = {
  LMDB: () => openLmdbStore({ folder: join(folder, randomBytes(4).toString('hex')), takeOver: false }),
  Redis: () => openRedisStore({ address: parseRedisUrl(redis.url) }),
  'a Redis Cluster': () => openRedisStore({ address: parseRedisUrl(cluster.url) }),
};
type Kind = keyof typeof stores;

async function opened(kind: Kind): Promise<Store> {
  const store = await stores[kind]();
  open.push(store);
  return store;
}

async function filled(kind: Kind, conversations?: number): Promise<Store> {
  const store = await opened(kind);
  await fillStore(await openSealedStore(store, keys), conversations);
  return store;
}

/** What a store says of one conversation, opened with the keys. */
async function shown(raw: Store, at: number): Promise<unknown[]> {
  const store = await openSealedStore(raw, keys);
  const id = `conversation-${at}`;
  const p = partitionOf(id);
  const text = (value: Uint8Array) => Buffer.from(value).toString();
  const session = await store.get(p, `session:${id}`);
  const lines = await store.read(p, `transcript:${id}`, 0, 100);
  const once = { key: `${id}:m-1`, digest: `digest ${at}`, expiresAt: store.now() + 1000 };
  return [
    session && [text(session.value), session.version],
    lines.map(({ position, value }) => [position, text(value)]),
    await store.end(p, `notes:${id}`),
    (await store.range(p, 'active', { limit: 100 })).some(({ member }) => member === id),
    (await store.apply(p, { once, operations: [] })).outcome,
  ];
}

const refused = (words: RegExp) => expect.objectContaining({ name: 'StoreRefused', message: expect.stringMatching(words) });

describe('everything is copied', () => {
  const ways: [Kind, Kind][] = [
    ['LMDB', 'LMDB'],
    ['LMDB', 'Redis'],
    ['Redis', 'LMDB'],
    ['LMDB', 'a Redis Cluster'],
    ['a Redis Cluster', 'Redis'],
  ];
  it.each(ways)('from %s to %s', async (from, to) => {
    const [source, destination] = [await filled(from), await opened(to)];
    await requireMovable(source);
    const copied = await fill(destination, movable(source));
    await finish(destination, copied);
    expect(copied.found.sum).toBe(copied.given.sum);
    expect(copied.found.counts.get('record')).toBe(361); // with the one that says whose keys these are
    for (const kind of ['logged', 'trimmed', 'rank', 'queue', 'item', 'once'] as const)
      expect(copied.found.counts.get(kind)).toBeGreaterThanOrEqual(40);
    expect((await tallyOf(movable(source))).isSameAs(copied.given)).toBe(true);
    for (const at of [0, 7, 13, 119]) expect(await shown(destination, at)).toEqual(await shown(source, at));
    const waiting = async (store: Store) => (await store.due(1000)).length;
    // One in ten was held by somebody, who is gone.
    expect(await waiting(destination)).toBeGreaterThanOrEqual(await waiting(source));
  });

  it('also when a copy before did not come to its end: until then nobody serves from what it left', async () => {
    const [source, destination] = [await filled('LMDB', 60), await opened('Redis')];
    async function* cutOff(): AsyncIterable<Entry> {
      let left = 500;
      for await (const entry of movable(source)) {
        left -= 1;
        if (left === 0) throw new Error('cut off');
        yield entry;
      }
    }
    await expect(fill(destination, cutOff())).rejects.toThrow('cut off');
    await expect(checkSchema(destination)).rejects.toEqual(refused(/not complete/));
    // What was written since the first attempt is in the second, and what was removed since is not.
    await source.apply('p01', { operations: [{ do: 'put', record: 'since', value: Buffer.from('x') }] });
    await source.apply(partitionOf('conversation-1'), { operations: [{ do: 'remove', record: 'session:conversation-1' }] });
    await finish(destination, await fill(destination, movable(source)));
    expect(await destination.get('p01', 'since')).toBeDefined();
    expect(await destination.get(partitionOf('conversation-1'), 'session:conversation-1')).toBeUndefined();
    await checkSchema(destination);
  });

  it('but never into a store in which there is something, nor from one in which there is nothing', async () => {
    const [source, destination] = [await filled('LMDB', 3), await filled('Redis', 2)];
    const before = (await tallyOf(movable(destination))).sum;
    await expect(fill(destination, movable(source))).rejects.toEqual(refused(/not empty/));
    expect((await tallyOf(movable(destination))).sum).toBe(before);
    await expect(requireMovable(await opened('LMDB'))).rejects.toEqual(refused(/nothing in the store/));
  });

  it('and what differs afterwards is found', async () => {
    const [source, destination] = [await filled('LMDB', 3), await opened('LMDB')];
    const copied = await fill(destination, movable(source));
    await destination.apply('p01', { operations: [{ do: 'put', record: 'more', value: Buffer.from('x') }] });
    await expect(finish(destination, { ...copied, found: await tallyOf(movable(destination)) })).rejects.toEqual(
      refused(/not what was given/),
    );
    await expect(checkSchema(destination)).rejects.toEqual(refused(/not complete/));
  });

  it('with other things in the same Redis left alone', async () => {
    redis.command('set', 'not-ours', '1');
    const [source, destination] = [await filled('LMDB', 3), await opened('Redis')];
    await finish(destination, await fill(destination, movable(source)));
    await destination.clear();
    expect(redis.command('keys', '*')).toBe('not-ours');
  });
});

describe('an instance', () => {
  it('shows that it serves until it leaves, and is not copied', async () => {
    const store = await opened('Redis');
    const [one, two] = [await Presence.begin(store), await Presence.begin(store)];
    expect(await livingInstances(store)).toHaveLength(2);
    await one.show();
    await one.leave();
    expect(await livingInstances(store)).toHaveLength(1);
    expect((await tallyOf(movable(store))).total).toBe(0);
    await two.leave();
    expect(await livingInstances(store)).toEqual([]);
  });

  it('that was killed is taken for gone after a while', async () => {
    let clock = 1_800_000_000_000;
    const store = await openRedisStore({ address: parseRedisUrl(redis.url), now: () => clock });
    open.push(store);
    await Presence.begin(store);
    clock += 15_000;
    expect(await livingInstances(store)).toEqual([15_000]);
    clock += 10_000;
    expect(await livingInstances(store)).toEqual([]);
    clock += 3_600_000;
    await Presence.begin(store);
    expect(await store.range('p00', 'instances', { limit: 10 })).toHaveLength(1);
  });
});

describe('a backup', () => {
  let files: Files;
  let names: string[];
  const path = () => join(folder, 'backup');
  const contents = [randomBytes(3_000_000), Buffer.from('%PDF'), randomBytes(70_000)];
  beforeEach(async () => {
    files = new Files(join(folder, 'files'), keys);
    names = [];
    for (const content of contents) names.push((await files.save(Readable.from([content]))).name);
    writeFileSync(join(folder, 'files', 'unrelated.txt'), 'not a customer’s file');
  });

  it.each(['LMDB', 'Redis'] as const)('of %s brings everything back, the files too', async (kind) => {
    const source = await filled(kind);
    const written = await writeBackup(path(), source, join(folder, 'files'));
    expect([written.files, statSync(path()).mode & 0o777]).toEqual([3, 0o600]);
    const other = kind === 'LMDB' ? 'Redis' : 'LMDB';
    const destination = await opened(other);
    const restored = await restoreBackup(path(), destination, join(folder, 'fresh'));
    expect([restored.tally.sum, restored.files]).toEqual([written.tally.sum, 3]);
    await checkSchema(destination);
    for (const at of [0, 13]) expect(await shown(destination, at)).toEqual(await shown(source, at));
    const fresh = new Files(join(folder, 'fresh'), keys);
    for (const [at, name] of names.entries()) expect((await fresh.load(name))?.equals(contents[at] ?? Buffer.alloc(0))).toBe(true);
    expect(readdirSync(join(folder, 'fresh'))).toHaveLength(3);
  });

  it('is one moment of a store that goes on', async () => {
    const source = await filled('LMDB', 100);
    const sealed = await openSealedStore(source, keys);
    let over = false;
    // Each step writes the same to two records far apart.
    const writing = (async () => {
      for (let at = 0; !over; at += 1) {
        const value = Buffer.from(String(at));
        const put = (record: string) => ({ do: 'put' as const, record, value });
        await sealed.apply('p00', { operations: [put('a'), put('z')] });
      }
    })();
    await new Promise((resolve) => setTimeout(resolve, 20));
    for (let attempt = 0; attempt < 5; attempt += 1) await writeBackup(path(), source, join(folder, 'files'));
    over = true;
    await writing;
    const destination = await opened('LMDB');
    await restoreBackup(path(), destination, join(folder, 'fresh'));
    const found = await openSealedStore(destination, keys);
    const [a, z] = [await found.get('p00', 'a'), await found.get('p00', 'z')];
    expect(a?.version).toBeGreaterThan(1);
    expect(z).toEqual(a);
  });

  it('that is broken anywhere is refused before anything is written', async () => {
    await writeBackup(path(), await filled('LMDB', 5), join(folder, 'files'));
    const whole = readFileSync(path());
    const destination = await opened('LMDB');
    const attempt = () => restoreBackup(path(), destination, join(folder, 'fresh'));
    const isUntouched = async () => {
      expect(await holdsAnything(destination)).toBe(false);
      expect(readdirSync(folder)).not.toContain('fresh');
    };
    for (const length of [0, 5, 20, 21, 29, 400, whole.length - 40, whole.length - 1]) {
      writeFileSync(path(), whole);
      truncateSync(path(), length);
      await expect(attempt(), `${length} bytes`).rejects.toEqual(refused(/not a backup|not whole|damaged/));
    }
    for (const at of [3, 20, 22, 27, 31, 120, 900, whole.length >> 1, whole.length - 50, whole.length - 1]) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 1;
      writeFileSync(path(), changed);
      await expect(attempt(), `byte ${at}`).rejects.toEqual(refused(/not a backup|not whole|damaged/));
    }
    writeFileSync(path(), whole);
    appendFileSync(path(), 'x');
    await expect(attempt()).rejects.toEqual(refused(/damaged/));
    await isUntouched();
    writeFileSync(path(), whole);
    await attempt();
  });

  it('goes only to where there is nothing, neither in the store nor beside it', async () => {
    await writeBackup(path(), await filled('LMDB', 5), join(folder, 'files'));
    await expect(restoreBackup(path(), await opened('LMDB'), join(folder, 'files'))).rejects.toEqual(refused(/files .*already/));
    await expect(restoreBackup(path(), await filled('Redis', 1), join(folder, 'fresh'))).rejects.toEqual(refused(/not empty/));
  });

  it('can be restored again when that was interrupted', async () => {
    await writeBackup(path(), await filled('LMDB', 5), join(folder, 'files'));
    const destination = await opened('LMDB');
    vi.spyOn(destination, 'import').mockImplementationOnce(async (entries) => {
      for await (const _ of entries);
      throw new Error('cut off');
    });
    await expect(restoreBackup(path(), destination, join(folder, 'fresh'))).rejects.toThrow('cut off');
    expect(readdirSync(join(folder, 'fresh'))).toHaveLength(3);
    await expect(checkSchema(destination)).rejects.toEqual(refused(/not complete/));
    expect((await restoreBackup(path(), destination, join(folder, 'fresh'))).files).toBe(3);
    await checkSchema(destination);
  });

  it('leaves nothing behind when it cannot be written', async () => {
    const source = await filled('LMDB', 1);
    mkdirSync(path());
    await expect(writeBackup(path(), source, join(folder, 'files'))).rejects.toThrow();
    expect(readdirSync(folder)).not.toContain('backup.part');
  });
});
