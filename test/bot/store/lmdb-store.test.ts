import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLmdbStore } from '../../../bot/store/lmdb-store.ts';
import type { Step } from '../../../bot/store/store.ts';
import { storeConformance } from './conformance.ts';

const newFolder = () => mkdtempSync(join(tmpdir(), 'store-'));

storeConformance('LMDB', () => {
  const folder = newFolder();
  return {
    worksAtOnce: true,
    open: ({ now }) => openLmdbStore({ folder, takeOver: false, now }),
    destroy: async () => rmSync(folder, { recursive: true }),
  };
});

describe('LMDB after its process was killed', () => {
  let folder: string;
  beforeEach(() => {
    folder = newFolder();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('frees the leases of the process that is gone, and fences it should it come back', async () => {
    const gone = await openLmdbStore({ folder, takeOver: true });
    await gone.apply('p00', { operations: [{ do: 'enqueue', queue: 'q', value: Uint8Array.of(1) }] });
    const lost = await gone.claim('p00', 'q', { lease: 3_600_000 });
    const next = await openLmdbStore({ folder, takeOver: true });
    expect(await next.due(1)).toHaveLength(1);
    expect((await next.claim('p00', 'q', { lease: 1000 }))?.attempt).toBe(2);
    expect(lost && (await gone.commit(lost, { operations: [] })).outcome).toBe('fenced');
    await gone.close();
    await next.close();
  });

  it('reads what another view has written, however short ago it read itself', async () => {
    const [one, two] = [await openLmdbStore({ folder, takeOver: true }), await openLmdbStore({ folder, takeOver: true })];
    const seen: unknown[] = [];
    for (let version = 1; version <= 50; version += 1) {
      await two.get('p00', 'r');
      await one.apply('p00', { operations: [{ do: 'put', record: 'r', value: Uint8Array.of(version) }] });
      seen.push((await two.get('p00', 'r'))?.version);
    }
    expect(seen).toEqual(Array.from({ length: 50 }, (_, at) => at + 1));
    await one.close();
    await two.close();
  });

  it('does not let the same request kill it at work a second time: it is kept, and its attempts are counted', () => {
    const run = () =>
      spawnSync(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'killed-at-work.ts'), folder], { encoding: 'utf8' });
    expect(run().signal).toBe('SIGKILL');
    const second = run();
    expect([second.signal, second.stdout.trim()]).toEqual([null, '{"attempt":1,"committed":false}']);
  });

  it('suspects nobody after a clean end, or when the request under work was done', async () => {
    const request = (key: string): Step => ({
      once: { key, digest: 'd', expiresAt: Date.now() + 3_600_000 },
      operations: [{ do: 'enqueue', queue: key, value: Uint8Array.of(1) }],
      claim: { queue: key, lease: 1000, work: () => ({ operations: [] }) },
    });
    const first = await openLmdbStore({ folder, takeOver: true });
    expect(await first.apply('p00', request('a'))).toHaveProperty('committed');
    const second = await openLmdbStore({ folder, takeOver: true }); // the first is still there, as if killed after the step
    expect(await second.apply('p00', request('a'))).toMatchObject({ outcome: 'repeated' });
    expect(await second.apply('p00', request('b'))).toHaveProperty('committed');
    await first.close();
    await second.close();
  });

  it('leaves nothing of a step whose writing failed half-way, and harms no other step of the same moment', async () => {
    const store = await openLmdbStore({ folder, takeOver: true });
    const tooLong = 'x'.repeat(5000); // longer than a key may be
    const failing = store.apply('p00', {
      operations: [
        { do: 'put', record: 'half', value: Uint8Array.of(1) },
        { do: 'put', record: tooLong, value: Uint8Array.of(1) },
      ],
    });
    const other = store.apply('p00', { operations: [{ do: 'put', record: 'other', value: Uint8Array.of(1) }] });
    await expect(failing).rejects.toMatchObject({ name: 'StoreUnavailable' });
    await other;
    expect(await store.get('p00', 'half')).toBeUndefined();
    expect(await store.get('p00', 'other')).toBeDefined();
    await store.close();
  });
});
