import { beforeEach, expect, it } from 'vitest';
import { Audit } from '../../../../bot/desk/audit.ts';
import { type ExportFile, FullExports } from '../../../../bot/desk/full-export/full-exports.ts';
import { onBothStores } from '../../../support/both-stores.ts';

const minuteMs = 60_000;
const [wang, zhao, zhou] = ['00000000000000a1', '00000000000000a2', '00000000000000a3'] as const;
const asked = { by: wang, reason: '迁移到新的系统', filter: { state: 'ready' as const }, numbers: ['BA-20261127-4829153'] };
const file: ExportFile = { session: `${wang}.s1`, by: wang, numbers: asked.numbers, password: 'kqwm-7t3x' };

onBothStores((views) => {
  let here: FullExports;
  let there: FullExports;
  beforeEach(() => {
    const { store, other } = views();
    here = new FullExports(store, new Audit(store));
    there = new FullExports(other, new Audit(other));
  });

  const ask = (at = here, by: string = wang) => at.ask({ ...asked, by }, { by, did: 'full-export-asked' });
  const idOf = async (at = here) => (await ask(at))?.id ?? '';
  const grant = (id: string, at = here, by: string = zhao) => at.decide(id, by, { state: 'granted' }, { by, did: 'full-export-granted' });
  const refuse = (id: string, at = here, by: string = zhao) => at.decide(id, by, { state: 'refused' }, { by, did: 'full-export-refused' });
  const fetch = (id: string, at = here) => at.fetch(id, file, zhao, { by: wang, did: 'full-export-fetched' });
  const recorded = async () => (await new Audit(views().store).before(undefined, 100)).map(({ did }) => did);

  it('is asked for in one instance, granted in another and fetched in any, each step on record', async () => {
    const id = await idOf();
    expect(await grant(id, there)).toBe('done');
    const fetched = await fetch(id);
    const ticket = 'ticket' in fetched ? fetched.ticket : '';
    expect(await there.redeem(ticket, file.session)).toEqual(file);
    expect(await here.redeem(ticket, file.session)).toBeUndefined();
    expect(await recorded()).toEqual(['full-export-fetched', 'full-export-granted', 'full-export-asked']);
  });

  it('comes to one outcome, whoever decides, fetches and withdraws at the same moment', async () => {
    for (let round = 0; round < 5; round += 1) {
      const id = await idOf();
      const decided = await Promise.all([grant(id, here, zhao), refuse(id, there, zhou), grant(id, there, zhou)]);
      expect(decided.toSorted()).toEqual(['decided', 'decided', 'done']);
      const found = await here.find(id);
      expect([found?.state, found?.decided?.by]).toEqual(
        [
          ['granted', zhao],
          ['refused', zhou],
          ['granted', zhou],
        ][decided.indexOf('done')],
      );
      if (found?.state === 'granted') await here.withdraw(id, wang, { by: wang, did: 'full-export-withdrawn' });
    }
    const id = await idOf();
    await grant(id);
    const fetched = await Promise.all([fetch(id), fetch(id, there), fetch(id)]);
    expect(fetched.map(({ outcome }) => outcome).toSorted()).toEqual(['done', 'not-granted', 'not-granted']);
    const ticket = fetched.flatMap((each) => ('ticket' in each ? [each.ticket] : []))[0] ?? '';
    const files = await Promise.all([here.redeem(ticket, file.session), there.redeem(ticket, file.session)]);
    expect(files.filter((each) => each !== undefined)).toEqual([file]);
  });

  it('is one at a time for each account, also where two ask at the same moment', async () => {
    const both = await Promise.all([ask(here), ask(there)]);
    expect(both.filter((each) => each !== undefined)).toHaveLength(1);
    expect(await ask(there, zhao)).toMatchObject({ by: zhao });
    expect((await there.of([wang, zhao, zhou])).map(({ by }) => by).toSorted()).toEqual([wang, zhao]);
  });

  it('ends by itself: a day after it was asked for, half an hour after it was granted, and its ticket after a minute', async () => {
    const id = await idOf();
    views().advance(24 * 60 * minuteMs);
    expect([await grant(id, there), await here.find(id), await there.standing()]).toEqual(['gone', undefined, []]);
    const next = await idOf();
    await grant(next);
    views().advance(29 * minuteMs);
    const fetched = await fetch(next, there);
    const ticket = 'ticket' in fetched ? fetched.ticket : '';
    expect(fetched.outcome).toBe('done');
    views().advance(minuteMs);
    expect(await here.redeem(ticket, file.session)).toBeUndefined();
    views().advance(24 * 60 * minuteMs);
    const last = await idOf();
    await grant(last);
    views().advance(30 * minuteMs);
    expect((await fetch(last)).outcome).toBe('gone');
  });

  it('leaves nothing in the store when it has ended', async () => {
    const { store, advance } = views();
    const kept = async () => {
      await store.sweep();
      const names: string[] = [];
      for await (const entry of store.export()) if ('name' in entry && entry.name.includes('full-export')) names.push(entry.name);
      return names;
    };
    await grant(await idOf());
    await ask(there, zhou);
    await fetch((await here.of([wang]))[0]?.id ?? '');
    expect((await kept()).length).toBeGreaterThan(2);
    advance(24 * 60 * minuteMs);
    expect(await kept()).toEqual([]);
  });

  it('is not decided by who asked, nor fetched for the word of another than was looked at', async () => {
    const id = await idOf();
    expect([await grant(id, here, wang), await refuse(id, here, wang)]).toEqual(['own', 'own']);
    expect((await fetch(id)).outcome).toBe('not-granted');
    await grant(id, here, zhou);
    expect((await fetch(id)).outcome).toBe('not-granted');
    expect((await here.fetch(id, { ...file, by: zhao }, zhou, { by: zhao, did: 'full-export-fetched' })).outcome).toBe('others');
  });

  it('stands by its state, of which there is one at a time', async () => {
    const id = await idOf();
    await ask(there, zhou);
    expect((await there.standing()).toSorted((a, b) => (a.by < b.by ? -1 : 1))).toEqual([
      { by: wang, state: 'asked' },
      { by: zhou, state: 'asked' },
    ]);
    await refuse(id);
    expect(await there.standing()).toContainEqual({ by: wang, state: 'refused' });
    const next = await idOf(there);
    await grant(next);
    await fetch(next);
    expect((await here.standing()).filter(({ by }) => by === wang)).toEqual([{ by: wang, state: 'fetched' }]);
  });

  it('tells the desk that something has changed', async () => {
    let told = 0;
    const stop = views().store.watch('desk', () => {
      told += 1;
    });
    await ask();
    await expect.poll(() => told).toBeGreaterThan(0);
    stop();
  });
});
