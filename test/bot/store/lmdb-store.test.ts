import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLmdbStore } from '../../../bot/store/lmdb-store.ts';
import { storeConformance } from './conformance.ts';

storeConformance('LMDB', () => {
  const folder = mkdtempSync(join(tmpdir(), 'store-'));
  return {
    open: ({ now }) => openLmdbStore({ folder, takeOver: false, now }),
    destroy: async () => rmSync(folder, { recursive: true }),
  };
});

describe('LMDB after its process was killed', () => {
  it('frees the leases of the process that is gone, and fences it should it come back', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'store-'));
    const gone = await openLmdbStore({ folder, takeOver: true });
    await gone.apply('p00', { operations: [{ do: 'enqueue', queue: 'q', value: Uint8Array.of(1) }] });
    const lost = await gone.claim('p00', 'q', { lease: 3_600_000 });
    const next = await openLmdbStore({ folder, takeOver: true });
    expect(await next.due(1)).toHaveLength(1);
    expect((await next.claim('p00', 'q', { lease: 1000 }))?.attempt).toBe(2);
    expect(lost && (await gone.commit(lost, { operations: [] })).outcome).toBe('fenced');
    await gone.close();
    await next.close();
    rmSync(folder, { recursive: true });
  });
});
