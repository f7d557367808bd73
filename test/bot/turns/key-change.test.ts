import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Cases } from '../../../bot/cases/cases.ts';
import { type DataKeys, dataKeys } from '../../../bot/store/data-keys.ts';
import { Files, keyIdOfFile, storedFiles } from '../../../bot/store/files.ts';
import { movable, tallyOf } from '../../../bot/store/move.ts';
import { openStore, type StorePlace } from '../../../bot/store/open-store.ts';
import { parseRedisUrl } from '../../../bot/store/redis/address.ts';
import { partitionOf, type Store } from '../../../bot/store/store.ts';
import { KeyChange } from '../../../bot/turns/key-change.ts';
import { silentLog } from '../../support/conversations.ts';
import { sampleCase, submitted } from '../../support/filing-case.ts';
import { fillStore } from '../../support/filled-store.ts';
import { type RedisServer, startRedis } from '../../support/redis.ts';

const [a, b, c] = [randomBytes(32), randomBytes(32), randomBytes(32)];
const idOf = (secret: Buffer) => dataKeys([secret]).current.id;
const refused = expect.objectContaining({ name: 'UnknownDataKey', message: expect.stringMatching(/which DATA_KEYS does not contain/) });

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

/** One instance, as far as it matters here. */
interface Instance {
  store: Store;
  files: Files;
  cases: Cases;
  change: KeyChange;
}

describe.each(['LMDB', 'Redis'])('after a new key was put in front, on %s', (kind) => {
  let folder: string;
  let place: StorePlace;
  let file: string;
  let number: string;
  const open: Store[] = [];

  async function start(...secrets: Buffer[]): Promise<Instance> {
    const keys = dataKeys(secrets);
    const store = await openStore(place, keys, 'serve');
    open.push(store);
    const filesFolder = join(folder, 'files');
    const files = new Files(filesFolder, keys);
    const cases = new Cases({ store, files, secrets, draftDays: 90 });
    return { store, files, cases, change: new KeyChange({ store, files, filesFolder, cases, keys, log: silentLog }) };
  }
  async function stop(): Promise<void> {
    for (const store of open.splice(0)) await store.close();
  }

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'keys-'));
    place = { dataDir: folder, redis: kind === 'Redis' ? { address: parseRedisUrl(redis.url), replicas: 0 } : undefined };
    const { store, files, cases } = await start(a);
    await fillStore(store, 40);
    ({ name: file } = await files.save(Readable.from([randomBytes(100_000)])));
    for (let more = 0; more < 7; more += 1) await files.save(Readable.from([Buffer.from(`file ${more}`)]));
    number = await cases.reserve('conversation', 'draft', '2026-11-27');
    await cases.save({ conversation: 'conversation', order: [1, 1], case: submitted(sampleCase(number)) });
  });
  afterEach(async () => {
    await stop();
    rmSync(folder, { recursive: true });
    await redis.empty();
  });

  /** Steps until nothing is left to do; gives their number. */
  async function finish({ change }: Instance): Promise<number> {
    for (let steps = 0; ; steps += 1) {
      const end = await change.step();
      if (end === 'done') return steps;
      if (steps > 1000 || end === 'elsewhere') throw new Error(`After ${steps} steps: ${end}.`);
    }
  }

  async function keysInUse({ store }: Instance): Promise<string[]> {
    const files = await Promise.all((await storedFiles(join(folder, 'files'))).map((name) => keyIdOfFile(join(folder, 'files'), name)));
    const values = (await tallyOf(movable(store))).keys;
    return [...new Set([...values.keys(), ...files.map(String)])].sort();
  }

  async function expectReadable({ store, files, cases }: Instance): Promise<void> {
    const text = (value: Uint8Array | undefined) => value && Buffer.from(value).toString();
    for (let at = 0; at < 40; at += 1) {
      const id = `conversation-${at}`;
      const p = partitionOf(id);
      const session = await store.get(p, `session:${id}`);
      expect([text(session?.value), session?.version]).toEqual([`second ${at}`, 2]);
      const lines = await store.read(p, `transcript:${id}`, 0, 100);
      expect(lines.map(({ position, value }) => `${position} ${text(value)}`)).toEqual(
        Array.from({ length: at % 7 }, (_, line) => `${line + 1} line ${line}`),
      );
    }
    expect(await files.load(file)).toHaveLength(100_000);
    expect(await cases.find(number)).toMatchObject({ number });
    expect((await cases.withNumber('13812345678')).map((found) => found.number)).toEqual([number]);
    const waiting = await store.claim(partitionOf('conversation-0'), 'inbox:conversation-0', { lease: 1 });
    expect(text(waiting?.value)).toBe('first');
  }

  it('everything is encrypted with it, and the older one can be taken away', async () => {
    const both = await start(b, a);
    await expectReadable(both);
    expect(await finish(both)).toBeGreaterThan(10);
    expect(await keysInUse(both)).toEqual([idOf(b)]);
    await expectReadable(both);
    await stop();
    await expectReadable(await start(b));
    await stop();
    await expect(start(c)).rejects.toEqual(refused);
    await expect(start(a)).rejects.toEqual(refused);
    await expect(start(c, a)).rejects.toEqual(refused);
  });

  it('the older one is asked for as long as it is needed', async () => {
    const both = await start(b, a);
    for (let steps = 0; steps < 10; steps += 1) await both.change.step();
    expect(await keysInUse(both)).toEqual([idOf(a), idOf(b)].sort());
    await stop();
    await expect(start(b)).rejects.toEqual(refused);
    await expect(start(c)).rejects.toEqual(refused);
    await expectReadable(await start(b, a));
  });

  it('another instance goes on where one has stopped, and one at a time is at it', async () => {
    const one = await start(b, a);
    for (let steps = 0; steps < 4; steps += 1) expect(await one.change.step()).toBe('more');
    const two = await start(b, a);
    expect(await two.change.step()).toBe('elsewhere');
    const changed = async (store: Store) =>
      (JSON.parse(Buffer.from((await store.get('p00', 'key-change'))?.value ?? '').toString()) as { changed: number }).changed;
    expect(await changed(two.store)).toBeGreaterThan(0);
    // The first is gone for half a minute.
    two.store.now = () => one.store.now() + 31_000;
    const soFar = await changed(two.store);
    expect(await two.change.step()).toBe('more');
    expect(await changed(two.store)).toBe(soFar);
    expect(await one.change.step()).toBe('elsewhere');
    await finish(two);
    expect(await keysInUse(two)).toEqual([idOf(b)]);
  });

  it('what is written meanwhile stays as it was written', async () => {
    const both = await start(b, a);
    const p = partitionOf('conversation-6');
    let over = false;
    let written = 0;
    const writing = (async () => {
      for (; !over; written += 1) {
        const value = Buffer.from(String(written));
        await both.store.apply(p, {
          operations: [
            { do: 'append', log: 'transcript:conversation-6', value },
            { do: 'put', record: 'conversation:conversation-6', value },
            ...(written % 10 === 9 ? [{ do: 'trim' as const, log: 'transcript:conversation-6', upTo: written }] : []),
          ],
        });
      }
    })();
    await finish(both);
    over = true;
    await writing;
    const record = await both.store.get(p, 'conversation:conversation-6');
    expect([Buffer.from(record?.value ?? '').toString(), record?.version]).toEqual([String(written - 1), written + 1]);
    const entries = await both.store.read(p, 'transcript:conversation-6', 0, 10_000);
    expect(entries.at(-1)?.position).toBe(6 + written);
    const positions = entries.map(({ position }) => position);
    expect(positions).toEqual(positions.map((_, at) => (positions[0] ?? 0) + at));
    for (const { position, value } of entries.filter(({ position }) => position > 6)) {
      expect(Buffer.from(value).toString()).toBe(String(position - 7));
    }
    expect(await keysInUse(both)).toEqual([idOf(b)]);
  });

  it('an instance that comes later wants a round of its own: another may have written with the older one until then', async () => {
    const [newer, older] = [await start(b, a), await start(a, b)];
    await finish(newer);
    await older.store.apply('p05', { operations: [{ do: 'put', record: 'late', value: Buffer.from('x') }] });
    expect(await newer.change.step()).toBe('done');
    await new Promise((resolve) => setTimeout(resolve, 2));
    const restarted = await start(b, a);
    expect(await finish(restarted)).toBeGreaterThan(10);
    expect(await keysInUse(restarted)).toEqual([idOf(b)]);
  });

  it('what cannot be read is told, and keeps nothing else from being done', async () => {
    const both = await start(b, a);
    const broken = (await storedFiles(join(folder, 'files'))).find((name) => name !== file) ?? '';
    const path = join(folder, 'files', broken);
    const bytes = readFileSync(path);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(path, bytes);
    await finish(both);
    expect(await keysInUse(both)).toEqual([idOf(a), idOf(b)].sort());
    expect(readFileSync(path).equals(bytes)).toBe(true);
    await expectReadable(both);
  });

  it('nothing is to be done with one key', async () => {
    expect(await finish(await start(a))).toBe(0);
  });
});

describe('a file that is erased while it is encrypted anew', () => {
  it('stays away', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'keys-'));
    const withKeys = (keys: DataKeys) => new Files(folder, keys);
    const [older, newer] = [withKeys(dataKeys([a])), withKeys(dataKeys([b, a]))];
    for (let attempt = 0; attempt < 300; attempt += 1) {
      const { name } = await older.save(Readable.from([Buffer.from('content')]));
      const erasing = new Promise<void>((resolve) => setTimeout(resolve, Math.random() * 4)).then(() => newer.remove([name]));
      await Promise.all([newer.reseal(name), erasing]);
      expect(readdirSync(folder)).toEqual([]);
    }
    rmSync(folder, { recursive: true });
  });
});
