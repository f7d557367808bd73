import { describe, expect, it } from 'vitest';
import { Disk, type DiskKind, type Logged } from './disk.ts';

const page = 4096;
const write = (at: number, byte: number, isDurable = false): Logged => ({
  kind: 'write',
  isDurable,
  offset: at * page,
  data: Buffer.alloc(page, byte),
});
const sync: Logged = { kind: 'sync' };

/** The first byte of each page after a power cut at which of all that was not synced nothing (0), or everything (1) is there. */
function pagesAfter(kind: DiskKind, log: readonly Logged[], kept: 0 | 1, underWay?: Logged): number[] {
  const disk = new Disk(kind);
  for (const logged of log) disk.follow(logged);
  const draws = [kept];
  const image = disk.cut(underWay, () => draws.pop() ?? (kept === 1 ? 0.5 : 0.999));
  return Array.from({ length: image.length / page }, (_, at) => image[at * page] ?? -1);
}

describe('what is on a disk after a power cut', () => {
  it.each<[what: string, kind: DiskKind, log: Logged[], least: number[], most: number[]]>([
    ['what was synced, and perhaps what was not', 'obeys', [write(0, 1), sync, write(1, 2)], [1], [1, 2]],
    ['of a page written again, one state or the other', 'obeys', [write(0, 1), sync, write(0, 2)], [1], [2]],
    ['a write that is durable by itself, without what came before it', 'obeys', [write(0, 1), write(1, 2, true)], [0, 2], [1, 2]],
    ['perhaps nothing, where the disk lies', 'lies', [write(0, 1), sync, write(1, 2, true)], [], [1, 2]],
    ['everything, where it keeps all', 'keeps all', [write(0, 1), write(1, 2)], [1, 2], [1, 2]],
  ])('%s', (_, kind, log, least, most) => {
    expect([pagesAfter(kind, log, 0), pagesAfter(kind, log, 1)]).toEqual([least, most]);
  });

  it('is perhaps also a write that was under way', () => {
    expect([
      pagesAfter('obeys', [write(0, 1), sync], 0, write(1, 2, true)),
      pagesAfter('obeys', [write(0, 1), sync], 1, write(1, 2, true)),
    ]).toEqual([[1], [1, 2]]);
  });

  it('page by page: a write of two pages may be there in half', () => {
    const disk = new Disk('obeys');
    disk.follow({ kind: 'write', isDurable: false, offset: 0, data: Buffer.alloc(2 * page, 7) });
    const draws = [0.9, 0.1, 0.5];
    const image = disk.cut(undefined, () => draws.pop() ?? 0);
    expect(image.length).toBe(page);
  });
});
