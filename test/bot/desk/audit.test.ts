import { describe, expect, it } from 'vitest';
import { Audit, type AuditRecord } from '../../../bot/desk/audit.ts';
import { deskPartition } from '../../../bot/handoffs/handoff.ts';
import { seal, unseal } from '../../../bot/store/data-keys.ts';
import type { Operation } from '../../../bot/store/store.ts';
import { onBothStores, type TwoViews } from '../../support/both-stores.ts';

const did = 'account-changed';

onBothStores((views) => {
  const written = async (lines: number) => {
    const audit = new Audit(views().store);
    for (let at = 1; at <= lines; at += 1) await audit.add({ by: 'a', did, what: `account:${at}`, why: `${at}` });
    return audit;
  };

  it('an empty record is whole', async () => {
    expect(await new Audit(views().store).verify()).toEqual({ outcome: 'whole', lines: 0, head: '' });
    expect(await new Audit(views().store).before(undefined, 10)).toEqual([]);
  });

  it('has every line once, in one chain, whoever writes at the same time', async () => {
    const audits = [new Audit(views().store), new Audit(views().other)];
    await Promise.all(Array.from({ length: 60 }, (_, at) => audits[at % 2]?.add({ by: `${at}`, did })));
    for (const audit of audits) expect(await audit.verify()).toMatchObject({ outcome: 'whole', lines: 60 });
    const lines = await new Audit(views().store).before(undefined, 100);
    expect(lines.map(({ position }) => position)).toEqual(Array.from({ length: 60 }, (_, at) => 60 - at));
    expect(new Set(lines.map(({ by }) => by)).size).toBe(60);
  });

  it('is read a page at a time, newest first', async () => {
    const audit = await written(25);
    const pages: number[][] = [];
    for (let before: number | undefined; ; before = pages.at(-1)?.at(-1)) {
      const page = await audit.before(before, 10);
      if (page.length === 0) break;
      pages.push(page.map(({ position }) => position));
    }
    expect(pages.map((page) => [page[0], page.at(-1)])).toEqual([
      [25, 16],
      [15, 6],
      [5, 1],
    ]);
  });

  it('is written together with what it records, or not at all', async () => {
    const audit = await written(1);
    const operations: Operation[] = [{ do: 'put', record: 'desk:sample', value: Buffer.from('1') }];
    const step = { checks: [{ record: 'desk:sample', version: 0 }], operations };
    expect((await audit.record({ by: 'a', did }, step)).outcome).toBe('applied');
    expect((await audit.record({ by: 'a', did }, step)).outcome).toBe('refused');
    expect(await audit.verify()).toMatchObject({ outcome: 'whole', lines: 2 });
  });

  it('covers what people write into a reason', async () => {
    const audit = new Audit(views().store);
    await audit.add({ by: 'a', did, why: '客户 13812345678 身份证 11010519491231002X 要核对' });
    expect(JSON.stringify(await audit.before(undefined, 1))).not.toMatch(/13812345678|11010519491231002X/);
  });

  describe('who has the keys and changes', () => {
    it.each<[what: string, change: (line: AuditRecord) => object]>([
      ['when', ({ at }) => ({ at: at + 1 })],
      ['who', () => ({ by: 'b' })],
      ['what was done', () => ({ did: 'signed-in' })],
      ['to what', () => ({ what: 'account:0' })],
      ['why', () => ({ why: undefined })],
      ['the place in the order', ({ position }) => ({ position: position + 1 })],
    ])('%s, is found out at that line, whichever it is', async (_, change) => {
      for (const position of [1, 7, 12]) {
        await views().store.clear();
        const audit = await written(12);
        await forge(views(), position, change);
        const verified = await audit.verify();
        expect(verified).toMatchObject({ outcome: 'broken' });
        const found = 'position' in verified ? verified.position : 0;
        expect([position, position + 1]).toContain(found);
      }
    });

    it.each<[what: string, operations: Operation[]]>([
      ['takes away the oldest', [{ do: 'trim', log: 'desk:audit', upTo: 3 }]],
      ['takes away all', [{ do: 'drop', log: 'desk:audit' }]],
    ])('%s, is found out', async (_, operations) => {
      const audit = await written(12);
      await views().store.apply(deskPartition, { operations });
      expect(await audit.verify()).toMatchObject({ outcome: 'broken', position: 1 });
    });
  });
});

/** Puts another line in the place of one, sealed as it should be. */
async function forge({ store, keys }: TwoViews, position: number, change: (line: AuditRecord) => object): Promise<void> {
  const place = `${deskPartition}|log|desk:audit`;
  await store.rewrite({
    limit: 10_000,
    change: ({ kind, name, value }) => {
      if (kind !== 'logged' || name !== 'desk:audit') return undefined;
      const line = JSON.parse(Buffer.from(unseal(value, place, keys)).toString()) as AuditRecord;
      return line.position === position ? seal(Buffer.from(JSON.stringify({ ...line, ...change(line) })), place, keys) : undefined;
    },
  });
}
