import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nextStates } from '../../../bot/cases/case-states.ts';
import { Cases } from '../../../bot/cases/cases.ts';
import { findCases } from '../../../bot/cases/filter.ts';
import { decide } from '../../../bot/cases/keep.ts';
import type { Kept } from '../../../bot/cases/kept-case.ts';
import { partitionOf } from '../../../bot/store/store.ts';
import { parseCaseNumber } from '../../../knowledge/filing/case-number.ts';
import { caseStates, type FilingCase } from '../../../knowledge/filing/filing-case.ts';
import { type Bench, openBench } from '../../support/conversations.ts';
import { sampleCase, sampleDocument, sampleValues, submitted } from '../../support/filing-case.ts';

const today = '2026-11-27';
const dayMs = 24 * 3_600_000;
const proof = { mobileEnd: '5678', item: '广州明溪科技有限公司' };

let bench: Bench;
let cases: Cases;
beforeEach(async () => {
  bench = await openBench();
  cases = bench.cases;
});
afterEach(() => bench.close());

/** Saves a case as a turn of a conversation does. */
const save = (conversation: string, turn: number, filed: FilingCase, takeOver = false) =>
  cases.save({ conversation, order: [1, turn], case: filed, ...(takeOver && { takeOver: true as const }) });

async function opened(conversation = 'A'): Promise<FilingCase> {
  const filed = submitted(sampleCase(await cases.reserve(conversation, 'draft', today)));
  await save(conversation, 1, filed);
  return filed;
}

describe('a number', () => {
  it('is the same for the same draft, and another for every other', async () => {
    const drafts = Array.from({ length: 300 }, (_, at) => ({ conversation: `c${at % 100}`, draft: `d${at}` }));
    const first = await Promise.all(drafts.map(({ conversation, draft }) => cases.reserve(conversation, draft, today)));
    const again = await Promise.all(drafts.map(({ conversation, draft }) => cases.reserve(conversation, draft, today)));
    expect(again).toEqual(first);
    expect(new Set(first).size).toBe(drafts.length);
    for (const number of first) expect(parseCaseNumber(number)).toMatchObject({ ok: true, value: { number } });
    expect(await cases.reserve('other conversation', 'd0', today)).not.toBe(first[0]);
  });

  it('that is taken is passed over, by all who come at once', async () => {
    // Another store with the same key has the same candidates: what is free there is taken here.
    const secrets = [randomBytes(32)];
    const options = { store: bench.store, files: { remove: async () => {} }, secrets, draftDays: 90 };
    const number = await new Cases(options).reserve('A', 'draft', today);
    await new Cases(options).save({ conversation: 'A', order: [1, 1], case: sampleCase(number) });
    const others = await Promise.all(Array.from({ length: 10 }, () => new Cases(options).reserve('A', 'draft', today)));
    expect(new Set(others).size).toBe(1);
    expect(others[0]).not.toBe(number);
  });

  it('without a case is forgotten with the drafts, one with a case is not', async () => {
    const kept = await opened();
    const free = await cases.reserve('B', 'draft', today);
    bench.advance(91 * dayMs);
    await bench.store.sweep();
    expect(await bench.store.get(partitionOf(free), `case:${free}`)).toBeUndefined();
    expect(await cases.find(kept.number)).toEqual(kept);
  });
});

describe('a save', () => {
  it('that comes again, or too late, changes nothing', async () => {
    const number = await cases.reserve('A', 'draft', today);
    const older = sampleCase(number, { values: { filerName: '旧名' } });
    const newer = sampleCase(number, { values: { filerName: '新名' } });
    expect(await save('A', 2, newer)).toBe('kept');
    expect(await save('A', 1, older)).toBe('too-late');
    expect(await save('A', 2, older)).toBe('too-late');
    expect((await cases.find(number))?.values).toEqual({ filerName: '新名' });
    // A conversation that was erased and came to be again counts its turns anew.
    expect(await cases.save({ conversation: 'A', order: [2, 1], case: older })).toBe('kept');
  });

  it('of a submission that comes twice opens one case, and changes nothing of it', async () => {
    const filed = await opened();
    await cases.setState(filed.number, 'submitted', { by: '小王' });
    const kept = await cases.find(filed.number);
    expect(await save('A', 2, submitted(sampleCase(filed.number, { values: { filerName: '别的' } })))).toBe('kept');
    expect(await save('A', 3, sampleCase(filed.number, { state: 'cancelled', values: {} }))).toBe('kept');
    expect(await cases.find(filed.number)).toEqual(kept);
    expect(await cases.all()).toHaveLength(1);
  });

  it('after the submission may change values as their customer, each once, while the case is with the agency', async () => {
    const filed = await opened();
    const change = { kind: 'value' as const, at: 5, field: 'contactMobile' as const, from: '13812345678', to: '13900139000' };
    const wish = { ...filed, changes: [change] };
    await save('A', 2, { ...wish, values: { filerName: '别的公司' } });
    await save('A', 3, wish);
    const values = { ...filed.values, contactMobile: '13900139000' };
    expect(await cases.find(filed.number)).toEqual({ ...filed, values, changes: [change] });
    expect(await cases.withNumber('13900139000')).toHaveLength(1);

    await cases.setState(filed.number, 'submitted', { by: '小王' });
    const late = { ...change, at: 9, from: '13900139000', to: '13700137000' };
    await save('A', 4, { ...filed, changes: [change, late] });
    const note = { kind: 'note', at: 9, field: 'contactMobile', said: '13700137000' };
    expect(await cases.find(filed.number)).toMatchObject({ state: 'submitted', values, changes: [change, note] });
  });

  it('after the submission may hand in documents, until the case is closed', async () => {
    const filed = await opened();
    await save('A', 2, { ...filed, documents: [sampleDocument('a')] });
    await save('A', 3, { ...filed, documents: [sampleDocument('a'), sampleDocument('b')] });
    expect((await cases.find(filed.number))?.documents.map(({ file }) => file)).toEqual(['a', 'b']);
    await cases.setState(filed.number, 'cancelled', { by: '小王' });
    await save('A', 4, { ...filed, documents: [sampleDocument('c')] });
    expect((await cases.find(filed.number))?.documents.map(({ file }) => file)).toEqual(['a', 'b']);
  });

  it('is for the conversation that holds the case; whoever takes it over holds it', async () => {
    const number = await cases.reserve('A', 'draft', today);
    await save('A', 1, sampleCase(number, { values: { filerName: '甲' } }));
    expect(await save('B', 1, sampleCase(number, { values: { filerName: '乙' } }))).toBe('not-holder');
    const seen = (await cases.find(number)) ?? sampleCase(number);
    await save('A', 2, sampleCase(number, { values: { filerName: '甲二', contactName: '陈' } }));
    expect(await save('B', 2, seen, true)).toBe('taken-over');
    expect((await cases.find(number))?.values).toEqual({ filerName: '甲二', contactName: '陈' });
    expect(await cases.findHeld(number, 'A')).toBeUndefined();
    expect(await save('A', 3, seen)).toBe('not-holder');
    expect(await save('B', 2, seen, true)).toBe('too-late');
    expect(await save('B', 3, sampleCase(number, { values: { filerName: '乙' } }))).toBe('kept');
    expect((await cases.findHeld(number, 'B'))?.values).toEqual({ filerName: '乙' });
    // Taken back, and then the errand of B's take-over is run once more.
    expect(await save('A', 4, seen, true)).toBe('taken-over');
    expect(await save('B', 2, seen, true)).toBe('too-late');
    expect(await cases.findHeld(number, 'A')).toBeDefined();
  });

  it('in any order and number leaves the newest of the holder, and what staff have set', () => {
    const number = 'BA-20261127-4829153';
    const step = fc.record({ turn: fc.integer({ min: 1, max: 6 }), conversation: fc.constantFrom('A', 'B'), takeOver: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), fc.nat(20), (steps, opensAt) => {
        let kept: Kept | undefined;
        const newest: Record<string, number> = {};
        steps.forEach(({ turn, conversation, takeOver }, at) => {
          const state = at >= opensAt ? 'ready' : 'drafting';
          const snapshot = {
            conversation,
            order: [1, turn] as const,
            case: sampleCase(number, { state, values: { filerName: `${conversation}${turn}` } }),
          };
          const before = kept;
          const { open } = decide(kept, { ...snapshot, ...(takeOver && { takeOver: true as const }) }, at);
          if (open) kept = { ...open, blind: [] };
          if (open) expect(turn).toBeGreaterThan(newest[conversation] ?? 0);
          newest[conversation] = Math.max(newest[conversation] ?? 0, open ? turn : 0);
          if (before?.kind === 'open' && before.case.state !== 'drafting' && open) expect(open.case).toEqual(before.case);
          // Carried out once more, it changes nothing.
          if (open) expect(decide(kept, snapshot, at).open).toBeUndefined();
        });
      }),
    );
  });

  it('keeps what staff have done while it was on its way', async () => {
    const filed = await opened();
    await Promise.all([
      cases.setState(filed.number, 'submitted', { by: '小王' }),
      save('A', 2, { ...filed, documents: [sampleDocument('a')] }),
      save('A', 3, { ...filed, documents: [sampleDocument('a'), sampleDocument('b')] }),
    ]);
    expect(await cases.find(filed.number)).toMatchObject({ state: 'submitted', documents: [{ file: 'a' }, { file: 'b' }] });
  });
});

describe('a proof', () => {
  it('that fits shows the case, one that does not shows nothing, and neither does a number that there is not', async () => {
    const filed = await opened();
    expect(await cases.prove(filed.number, proof, 't1')).toEqual({ kind: 'case', case: filed });
    expect(await cases.prove(filed.number, { ...proof, mobileEnd: '0000' }, 't2')).toEqual({ kind: 'nothing' });
    expect(await cases.prove('BA-20261127-0000003', proof, 't3')).toEqual({ kind: 'nothing' });
  });

  it.each(['of a case', 'of no case'])('%s that is wrong five times shuts it for a day, for right ones too', async (which) => {
    const number = which === 'of a case' ? (await opened()).number : 'BA-20261127-0000003';
    const wrong = { ...proof, mobileEnd: '0000' };
    for (let at = 1; at < 5; at += 1) expect(await cases.prove(number, wrong, `t${at}`)).toEqual({ kind: 'nothing' });
    expect(await cases.prove(number, wrong, 't5')).toMatchObject({ kind: 'shut' });
    expect(await cases.prove(number, proof, 't6')).toMatchObject({ kind: 'shut' });
    bench.advance(dayMs - 60_000);
    expect(await cases.prove(number, proof, 't7')).toMatchObject({ kind: 'shut' });
    bench.advance(61_000);
    expect((await cases.prove(number, proof, 't8')).kind).toBe(which === 'of a case' ? 'case' : 'nothing');
  });

  it('counts once however often its turn is run, and a right one ends the count', async () => {
    const { number } = await opened();
    const wrong = { ...proof, mobileEnd: '0000' };
    for (let at = 0; at < 20; at += 1) expect(await cases.prove(number, wrong, 'the same turn')).toEqual({ kind: 'nothing' });
    for (let at = 0; at < 3; at += 1) await cases.prove(number, wrong, `a${at}`);
    expect(await cases.prove(number, proof, 'right')).toMatchObject({ kind: 'case' });
    for (let at = 0; at < 4; at += 1) expect(await cases.prove(number, wrong, `b${at}`)).toEqual({ kind: 'nothing' });
  });

  it('cannot be tried more often by trying at once', async () => {
    const { number } = await opened();
    const tries = Array.from({ length: 60 }, (_, at) => ({ mobileEnd: String(5619 + at), item: proof.item }));
    const results = await Promise.all(tries.map((each, at) => cases.prove(number, each, `t${at}`)));
    expect(results.filter(({ kind }) => kind === 'nothing').length).toBe(4);
    expect(results.filter(({ kind }) => kind === 'case').length).toBe(0);
  });
});

describe('a state', () => {
  it('is set along the way of a case, and noted with who did it', async () => {
    const { number } = await opened();
    expect(await cases.setState(number, 'approved', { by: '小王' })).toMatchObject({ outcome: 'not-allowed', from: 'ready' });
    for (const state of ['submitted', 'returned', 'ready', 'submitted', 'provider-review', 'administration-review', 'approved'] as const) {
      expect(await cases.setState(number, state, { note: `到${state}`, by: '小王' })).toEqual({ outcome: 'done' });
    }
    expect((await cases.find(number))?.history.at(-1)).toMatchObject({ state: 'approved', by: 'agency', note: '到approved' });
    expect(await cases.audit(number)).toHaveLength(7);
    expect(await cases.setState('BA-20261127-0000003', 'submitted', { by: '小王' })).toEqual({ outcome: 'unknown' });
  });

  it('that is said again is not set again', async () => {
    const { number } = await opened();
    expect(await cases.setState(number, 'returned', { note: '照片不清楚', by: '小王' })).toEqual({ outcome: 'done' });
    expect(await cases.setState(number, 'returned', { note: '照片不清楚', by: '小王' })).toEqual({ outcome: 'unchanged' });
    expect(await cases.setState(number, 'returned', { note: '还缺授权书', by: '小王' })).toEqual({ outcome: 'done' });
  });

  it('leads from every state but the last to another, and never to where only customers or erasure lead', () => {
    for (const state of caseStates) {
      expect(nextStates(state)).not.toContain('drafting');
      expect(nextStates(state)).not.toContain('erased');
      expect(nextStates(state).length > 0).toBe(state !== 'erased');
    }
  });
});

describe('cases', () => {
  it('are found by number, name, domain, phone and certificate number, and by what they are', async () => {
    const filed = await opened();
    const other = sampleCase(await cases.reserve('B', 'draft', today), {
      filingType: 'change',
      values: { filerName: '另一家公司', filerProvince: '11', contactMobile: '13700000000' },
    });
    await save('B', 1, other);
    const find = async (filter: Parameters<typeof findCases>[1]) =>
      (await findCases(cases, filter, Date.UTC(2026, 10, 30))).map(({ number }) => number);
    for (const search of [
      filed.number,
      filed.number.toLowerCase(),
      '明溪',
      'MINGXI-example',
      '13812345678',
      '+86 138 1234 5678',
      '１３８１２３４５６７８',
      '11010519491231002x',
      '110105 19491231 002X',
      '91350100m000100y43',
    ]) {
      expect(await find({ search }), search).toEqual([filed.number]);
    }
    for (const search of ['1381234567', '110105', '没有这家', 'BA-20261127-0000003']) expect(await find({ search }), search).toEqual([]);
    expect(await find({ state: 'drafting' })).toEqual([other.number]);
    expect(await find({ type: 'initial' })).toEqual([filed.number]);
    expect(await find({ province: '11' })).toEqual([other.number]);
    expect(await find({ olderThanDays: 3 })).toEqual([]);
    expect(await find({ olderThanDays: 2, newerThanDays: 3 })).toHaveLength(2);
  });

  it('are not found by a number that was changed', async () => {
    const number = await cases.reserve('A', 'draft', today);
    await save('A', 1, sampleCase(number));
    await save('A', 2, sampleCase(number, { values: { ...sampleValues, contactMobile: '13711112222' } }));
    expect(await cases.withNumber('13812345678')).toEqual([]);
    expect(await cases.withNumber('13711112222')).toHaveLength(1);
  });
});

describe('what is kept long enough', () => {
  it('goes: drafts without a trace, closed cases but for the record that they were', async () => {
    const draft = sampleCase(await cases.reserve('A', 'one', today));
    await save('A', 1, draft);
    const open = submitted(sampleCase(await cases.reserve('A', 'two', today)));
    await save('A', 2, open);
    const closed = submitted(sampleCase(await cases.reserve('A', 'three', today)));
    await save('A', 3, closed);
    await cases.setState(closed.number, 'cancelled', { by: '小王' });

    bench.advance(89 * dayMs);
    expect(await bench.erase('draft')).toBe(0);
    bench.advance(2 * dayMs);
    expect(await bench.erase('draft')).toBe(1);
    expect(await cases.find(draft.number)).toBeUndefined();
    bench.advance(280 * dayMs);
    expect(await bench.erase('closedCase')).toBe(1);
    expect(await cases.find(closed.number)).toMatchObject({ state: 'erased', values: {} });
    expect(await cases.find(open.number)).toMatchObject({ state: 'ready' });
    // A customer who goes on with a draft after all has a case again.
    expect(await save('A', 4, draft)).toBe('kept');
    expect(await cases.find(draft.number)).toMatchObject({ state: 'drafting' });
  });

  it('is not a draft that somebody goes on with', async () => {
    const draft = sampleCase(await cases.reserve('A', 'one', today));
    await save('A', 1, draft);
    bench.advance(60 * dayMs);
    await save('A', 2, draft);
    bench.advance(60 * dayMs);
    expect(await bench.erase('draft')).toBe(0);
  });
});
