import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Entry, encodeEntry } from '../../../bot/store/entry.ts';
import { type Claim, partitionOf, type Step, type Store } from '../../../bot/store/store.ts';

/** A store under test: `open` twice gives two views of the same data, as two processes would have. */
export interface StoreUnderTest {
  /** Whether it does the work of a claim in the step that opens it; otherwise it leaves the claim open, as the port allows. */
  worksAtOnce: boolean;
  open(options: { now: () => number }): Promise<Store>;
  /** Removes all data. */
  destroy(): Promise<void>;
}

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (value: Uint8Array | undefined) => (value ? new TextDecoder().decode(value) : undefined);
const p = partitionOf('the conversation');

/** What every store has to do. Each implementation calls this with a way to open itself. */
export function storeConformance(name: string, create: () => StoreUnderTest): void {
  describe(`${name} as a store`, () => {
    let underTest: StoreUnderTest;
    let store: Store;
    let clock: number;

    beforeEach(async () => {
      clock = 1_800_000_000_000;
      underTest = create();
      store = await underTest.open({ now: () => clock });
    });
    afterEach(async () => {
      await store.close();
      await underTest.destroy();
    });

    const apply = (...operations: Step['operations']) => store.apply(p, { operations });

    /** Claims and expects to get something. */
    async function claimed(queue: string, records?: string[]): Promise<Claim> {
      const claim = await store.claim(p, queue, { lease: 1000, ...(records && { records }) });
      if (!claim) throw new Error(`nothing to claim in ${queue}`);
      return claim;
    }

    describe('records', () => {
      it('gives back what was put, with a version that counts the writes', async () => {
        expect(await store.get(p, 'a')).toBeUndefined();
        await apply({ do: 'put', record: 'a', value: bytes('one') });
        await apply({ do: 'put', record: 'a', value: bytes('two') });
        const record = await store.get(p, 'a');
        expect([text(record?.value), record?.version]).toEqual(['two', 2]);
      });

      it('keeps partitions apart', async () => {
        await apply({ do: 'put', record: 'a', value: bytes('here') });
        expect(await store.get('p99', 'a')).toBeUndefined();
      });

      it('forgets what was removed, and starts counting anew', async () => {
        await apply({ do: 'put', record: 'a', value: bytes('one') }, { do: 'remove', record: 'a' });
        expect(await store.get(p, 'a')).toBeUndefined();
        await apply({ do: 'put', record: 'a', value: bytes('again') });
        expect((await store.get(p, 'a'))?.version).toBe(1);
      });

      it('keeps bytes as they are, also none and many', async () => {
        const large = Uint8Array.from({ length: 300_000 }, (_, at) => at % 256);
        await apply({ do: 'put', record: 'empty', value: new Uint8Array() }, { do: 'put', record: 'large', value: large });
        expect((await store.get(p, 'empty'))?.value).toHaveLength(0);
        expect(Buffer.compare((await store.get(p, 'large'))?.value ?? new Uint8Array(), large)).toBe(0);
      });

      it('takes any text as a name', async () => {
        for (const record of ['c:备案:😀', 'a|b', 'a:b', 'a b', '{p00}:x', '\u0001']) {
          await apply({ do: 'put', record, value: bytes(record) });
        }
        expect(text((await store.get(p, 'c:备案:😀'))?.value)).toBe('c:备案:😀');
        expect(text((await store.get(p, '\u0001'))?.value)).toBe('\u0001');
      });
    });

    describe('checks', () => {
      it('writes nothing at all when one check fails', async () => {
        await apply({ do: 'put', record: 'a', value: bytes('one') });
        const applied = await store.apply(p, {
          checks: [
            { record: 'a', version: 1 },
            { record: 'b', exists: true },
          ],
          operations: [
            { do: 'put', record: 'a', value: bytes('two') },
            { do: 'append', log: 'l', value: bytes('x') },
          ],
        });
        expect(applied).toEqual({ outcome: 'refused', record: 'b' });
        expect(text((await store.get(p, 'a'))?.value)).toBe('one');
        expect(await store.end(p, 'l')).toBe(0);
      });

      it('lets one of many writers of the same version through', async () => {
        await apply({ do: 'put', record: 'a', value: bytes('start') });
        const writers = Array.from({ length: 20 }, (_, at) =>
          store.apply(p, { checks: [{ record: 'a', version: 1 }], operations: [{ do: 'put', record: 'a', value: bytes(`${at}`) }] }),
        );
        const outcomes = (await Promise.all(writers)).map(({ outcome }) => outcome);
        expect(outcomes.filter((outcome) => outcome === 'applied')).toHaveLength(1);
        expect((await store.get(p, 'a'))?.version).toBe(2);
      });

      it('knows version 0 as "not there"', async () => {
        const create = () =>
          store.apply(p, { checks: [{ record: 'a', version: 0 }], operations: [{ do: 'put', record: 'a', value: bytes('x') }] });
        expect((await create()).outcome).toBe('applied');
        expect((await create()).outcome).toBe('refused');
      });
    });

    describe('logs', () => {
      it('gives positions from 1 and reads after a position', async () => {
        const applied = await apply(
          { do: 'append', log: 'l', value: bytes('one') },
          { do: 'append', log: 'other', value: bytes('x') },
          { do: 'append', log: 'l', value: bytes('two') },
        );
        expect(applied).toEqual({ outcome: 'applied', positions: [1, 1, 2] });
        await apply({ do: 'append', log: 'l', value: bytes('three') });
        const read = async (after: number, limit = 10) =>
          (await store.read(p, 'l', after, limit)).map((entry) => `${entry.position} ${text(entry.value)}`);
        expect(await read(0)).toEqual(['1 one', '2 two', '3 three']);
        expect(await read(1, 1)).toEqual(['2 two']);
        expect(await read(3)).toEqual([]);
        expect(await read(99)).toEqual([]);
        expect(await store.end(p, 'l')).toBe(3);
      });

      it('never gives a position twice, also when trimmed to nothing', async () => {
        await apply({ do: 'append', log: 'l', value: bytes('one') }, { do: 'append', log: 'l', value: bytes('two') });
        await apply({ do: 'trim', log: 'l', upTo: 2 });
        expect(await store.read(p, 'l', 0, 10)).toEqual([]);
        expect(await apply({ do: 'append', log: 'l', value: bytes('three') })).toEqual({ outcome: 'applied', positions: [3] });
      });

      it('forgets a dropped log with its positions', async () => {
        await apply({ do: 'append', log: 'l', value: bytes('one') }, { do: 'drop', log: 'l' });
        expect(await store.end(p, 'l')).toBe(0);
        expect(await store.read(p, 'l', 0, 10)).toEqual([]);
      });

      it('keeps the order of positions past nine and ninety-nine', async () => {
        for (let at = 1; at <= 120; at += 1) await apply({ do: 'append', log: 'l', value: bytes(`${at}`) });
        expect((await store.read(p, 'l', 0, 200)).map(({ position }) => position)).toEqual(Array.from({ length: 120 }, (_, at) => at + 1));
      });
    });

    describe('indexes', () => {
      const members = async (range: { from?: number; to?: number; limit?: number } = {}) =>
        (await store.range(p, 'i', { limit: 10, ...range })).map(({ member, score }) => `${member} ${score}`);

      it('orders members by score and moves a member that is ranked again', async () => {
        await apply(
          { do: 'rank', index: 'i', member: 'late', score: 1_800_000_000_000 },
          { do: 'rank', index: 'i', member: 'early', score: -2.5 },
          { do: 'rank', index: 'i', member: 'middle', score: 7 },
        );
        expect(await members()).toEqual(['early -2.5', 'middle 7', 'late 1800000000000']);
        await apply({ do: 'rank', index: 'i', member: 'late', score: 0 });
        expect(await members()).toEqual(['early -2.5', 'late 0', 'middle 7']);
        expect(await members({ from: 0 })).toEqual(['late 0', 'middle 7']);
        expect(await members({ to: 0 })).toEqual(['early -2.5', 'late 0']);
        expect(await members({ limit: 1 })).toEqual(['early -2.5']);
      });

      it('forgets a member that is unranked, and does not mind one that is not there', async () => {
        await apply({ do: 'rank', index: 'i', member: 'a', score: 1 }, { do: 'rank', index: 'other', member: 'a', score: 1 });
        await apply({ do: 'unrank', index: 'i', member: 'a' }, { do: 'unrank', index: 'i', member: 'b' });
        expect(await members()).toEqual([]);
        expect(await store.range(p, 'other', { limit: 10 })).toHaveLength(1);
      });
    });

    describe('requests that come again', () => {
      const request = (digest = 'd', key = 'k') => ({
        once: { key, digest, expiresAt: clock + 1000 },
        operations: [{ do: 'append' as const, log: 'l', value: bytes('x') }],
      });

      it('has its effect once and gets the first answer again', async () => {
        expect(await store.apply(p, request())).toEqual({ outcome: 'applied', positions: [1] });
        expect(await store.apply(p, request())).toEqual({ outcome: 'repeated', positions: [1] });
        expect(await store.end(p, 'l')).toBe(1);
      });

      it('has its effect once when it comes many times at once', async () => {
        const outcomes = await Promise.all(Array.from({ length: 30 }, () => store.apply(p, request())));
        expect(outcomes.filter(({ outcome }) => outcome === 'applied')).toHaveLength(1);
        expect(outcomes.filter(({ outcome }) => outcome === 'repeated')).toHaveLength(29);
      });

      it('is refused when its content is another', async () => {
        await store.apply(p, request());
        expect(await store.apply(p, request('other'))).toEqual({ outcome: 'conflict' });
        expect(await store.end(p, 'l')).toBe(1);
      });

      it('is new after its time, before and after a sweep', async () => {
        await store.apply(p, request());
        clock += 1001;
        expect((await store.apply(p, request())).outcome).toBe('applied');
        clock += 1001;
        expect(await store.sweep()).toBe(1);
        expect((await store.apply(p, request())).outcome).toBe('applied');
      });

      it('leaves no memory of a request that was not carried out', async () => {
        const bounded = { ...request(), checks: [{ record: 'missing', exists: true as const }] };
        expect((await store.apply(p, bounded)).outcome).toBe('refused');
        expect((await store.apply(p, request('changed since'))).outcome).toBe('applied');
      });
    });

    describe('queues', () => {
      const enqueue = (value: string, dueAt?: number) =>
        apply({ do: 'enqueue', queue: 'q', value: bytes(value), ...(dueAt !== undefined && { dueAt }) });

      it('hands out one item at a time, in order', async () => {
        await enqueue('one');
        await enqueue('two');
        const first = await claimed('q');
        expect([text(first.value), first.item, first.attempt]).toEqual(['one', 1, 1]);
        expect(await store.claim(p, 'q', { lease: 1000 })).toBeUndefined();
        expect(await store.commit(first, { operations: [] })).toEqual({ outcome: 'applied', positions: [], waiting: 1 });
        const second = await claimed('q');
        expect([text(second.value), second.item, second.attempt]).toEqual(['two', 2, 1]);
        await store.commit(second, { operations: [] });
        expect(await store.claim(p, 'q', { lease: 1000 })).toBeUndefined();
      });

      it('is claimed in the step that fills it, with the records as the step leaves them', async () => {
        const applied = await store.apply(p, {
          operations: [
            { do: 'put', record: 'a', value: bytes('new') },
            { do: 'append', log: 'l', value: bytes('x') },
            { do: 'enqueue', queue: 'q', value: bytes('one') },
          ],
          claim: { queue: 'q', lease: 1000, records: ['a'] },
        });
        const claim = applied.outcome === 'applied' ? applied.claim : undefined;
        if (!claim) throw new Error('nothing was claimed');
        expect([text(claim.value), claim.position, claim.attempt, text(claim.records.a?.value)]).toEqual(['one', 1, 1, 'new']);
        expect(await store.claim(p, 'q', { lease: 1000 })).toBeUndefined();
        expect(await store.commit(claim, { operations: [] })).toEqual({ outcome: 'applied', positions: [], waiting: 0 });
      });

      it('may have its work done in the step that fills it', async () => {
        const applied = await store.apply(p, {
          once: { key: 'k', digest: 'd', expiresAt: clock + 1000 },
          operations: [
            { do: 'append', log: 'l', value: bytes('asked') },
            { do: 'enqueue', queue: 'q', value: bytes('one') },
          ],
          claim: {
            queue: 'q',
            lease: 1000,
            records: ['a'],
            work: ({ value, position, attempt }) => ({
              operations: [{ do: 'append', log: 'l', value: bytes(`${text(value)} ${position} ${attempt}`) }],
            }),
          },
        });
        expect(applied).toMatchObject({ outcome: 'applied', positions: [1] });
        if (!underTest.worksAtOnce) {
          expect(applied).not.toHaveProperty('committed');
          expect(applied).toMatchObject({ claim: { attempt: 1, position: 1, records: { a: undefined } } });
          return;
        }
        expect(applied).toMatchObject({ committed: { outcome: 'applied', positions: [2], waiting: 0 } });
        expect((await store.read(p, 'l', 0, 10)).map(({ value }) => text(value))).toEqual(['asked', 'one 1 1']);
        expect(await store.claim(p, 'q', { lease: 1000 })).toBeUndefined();
        expect(await store.due(10)).toEqual([]);
      });

      it('stays claimed when its work gives nothing, or what it gives is refused', async () => {
        const fill = (key: string, checks: { record: string; version: number }[] | undefined) =>
          store.apply(p, {
            once: { key, digest: 'd', expiresAt: clock + 1000 },
            operations: [{ do: 'enqueue', queue: key, value: bytes('one') }],
            claim: {
              queue: key,
              lease: 1000,
              work: () => checks && { checks, operations: [{ do: 'append', log: 'l', value: bytes('x') }] },
            },
          });
        const open = await fill('q', undefined);
        const refused = await fill('r', [{ record: 'owner', version: 1 }]);
        expect(open).toMatchObject({ outcome: 'applied', claim: { attempt: 1 } });
        expect(open).not.toHaveProperty('committed');
        expect(refused).toMatchObject({ claim: { attempt: 1 } });
        if (underTest.worksAtOnce) expect(refused).toMatchObject({ committed: { outcome: 'refused', record: 'owner' } });
        expect(await store.end(p, 'l')).toBe(0);
        expect(await store.claim(p, 'q', { lease: 1000 })).toBeUndefined();
        for (const applied of [open, refused]) {
          const claim = applied.outcome === 'applied' ? applied.claim : undefined;
          expect(claim && (await store.commit(claim, { operations: [] })).outcome).toBe('applied');
        }
      });

      it('is not claimed in a step while another holds it, nor by a repetition or a refused step', async () => {
        await enqueue('one');
        const holder = await claimed('q');
        const request = (digest: string, record = 'q-exists') => ({
          once: { key: 'k', digest, expiresAt: clock + 1000 },
          operations: [{ do: 'enqueue' as const, queue: 'q', value: bytes('two') }],
          claim: { queue: 'q', lease: 1000 },
          ...(record === 'missing' && { checks: [{ record, exists: true as const }] }),
        });
        expect(await store.apply(p, request('d', 'missing'))).toEqual({ outcome: 'refused', record: 'missing' });
        expect(await store.apply(p, request('d'))).toEqual({ outcome: 'applied', positions: [] });
        await store.commit(holder, { operations: [] });
        expect(await store.apply(p, request('d'))).toEqual({ outcome: 'repeated', positions: [] });
        expect(await store.apply(p, request('other'))).toEqual({ outcome: 'conflict' });
        expect(text((await claimed('q')).value)).toBe('two');
      });

      it('lets one of many claimers win', async () => {
        await enqueue('one');
        const claims = await Promise.all(Array.from({ length: 20 }, () => store.claim(p, 'q', { lease: 1000 })));
        expect(claims.filter(Boolean)).toHaveLength(1);
      });

      it('tells the item the position appended in the same step', async () => {
        await apply({ do: 'append', log: 'l', value: bytes('x') }, { do: 'enqueue', queue: 'q', value: bytes('one') });
        await apply({ do: 'append', log: 'l', value: bytes('y') }, { do: 'enqueue', queue: 'q', value: bytes('two') });
        await enqueue('three');
        const positions: number[] = [];
        for (let claim = await store.claim(p, 'q', { lease: 9 }); claim; claim = await store.claim(p, 'q', { lease: 9 })) {
          positions.push(claim.position);
          await store.commit(claim, { operations: [] });
        }
        expect(positions).toEqual([1, 2, 0]);
      });

      it('reads records in the same step as the claim', async () => {
        await apply({ do: 'put', record: 'a', value: bytes('session') }, { do: 'enqueue', queue: 'q', value: bytes('one') });
        const { records } = await claimed('q', ['a', 'missing']);
        expect(text(records.a?.value)).toBe('session');
        expect(records.a?.version).toBe(1);
        expect(records.missing).toBeUndefined();
      });

      it('gives the item to another when the lease runs out, counts the attempt and fences the first', async () => {
        await enqueue('one');
        const stalled = await claimed('q');
        clock += 1001;
        const successor = await claimed('q');
        expect([successor.item, successor.attempt]).toEqual([1, 2]);
        expect(await store.commit(stalled, { operations: [{ do: 'put', record: 'a', value: bytes('late') }] })).toEqual({
          outcome: 'fenced',
        });
        expect(await store.get(p, 'a')).toBeUndefined();
        expect((await store.commit(successor, { operations: [] })).outcome).toBe('applied');
        expect(await store.commit(successor, { operations: [] })).toEqual({ outcome: 'fenced' });
      });

      it('still commits after the lease when nobody took over', async () => {
        await enqueue('one');
        const slow = await claimed('q');
        clock += 5000;
        expect((await store.commit(slow, { operations: [] })).outcome).toBe('applied');
      });

      it('remembers when an item was first claimed', async () => {
        await enqueue('one');
        const start = clock;
        await claimed('q');
        clock += 2000;
        expect((await claimed('q')).firstClaimedAt).toBe(start);
      });

      it('commits the step and the removal together, or neither', async () => {
        await enqueue('one');
        await enqueue('two');
        const claim = await claimed('q');
        const refused = await store.commit(claim, {
          checks: [{ record: 'owner', version: 3 }],
          operations: [{ do: 'append', log: 'l', value: bytes('x') }],
        });
        expect(refused).toEqual({ outcome: 'refused', record: 'owner' });
        expect(await store.end(p, 'l')).toBe(0);
        const applied = await store.commit(claim, { operations: [{ do: 'append', log: 'l', value: bytes('x') }] });
        expect(applied).toEqual({ outcome: 'applied', positions: [1], waiting: 1 });
        expect(text((await claimed('q')).value)).toBe('two');
      });

      it('takes a released item up again when it is due, as the next attempt', async () => {
        await enqueue('one');
        const claim = await claimed('q');
        await store.release(claim, clock + 500);
        expect(await store.claim(p, 'q', { lease: 1000 })).toBeUndefined();
        expect((await store.commit(claim, { operations: [] })).outcome).toBe('fenced');
        clock += 500;
        expect((await claimed('q')).attempt).toBe(2);
      });

      it('does not let a stalled holder release what another has taken', async () => {
        await enqueue('one');
        const stalled = await claimed('q');
        clock += 1001;
        const successor = await claimed('q');
        await store.release(stalled, 0);
        expect(await store.claim(p, 'q', { lease: 1000 })).toBeUndefined();
        expect((await store.commit(successor, { operations: [] })).outcome).toBe('applied');
      });

      it('may put the next item into the queue that is being worked off', async () => {
        await enqueue('one');
        const claim = await claimed('q');
        await store.commit(claim, { operations: [{ do: 'enqueue', queue: 'q', value: bytes('again') }] });
        expect(text((await claimed('q')).value)).toBe('again');
      });

      it('lists what is due, longest waiting first, and nothing else', async () => {
        const due = async () => (await store.due(10)).map(({ queue }) => queue);
        expect(await due()).toEqual([]);
        await apply({ do: 'enqueue', queue: 'second', value: bytes('x'), dueAt: clock - 5 });
        await apply({ do: 'enqueue', queue: 'first', value: bytes('x'), dueAt: clock - 10 });
        await apply({ do: 'enqueue', queue: 'later', value: bytes('x'), dueAt: clock + 10 });
        expect(await due()).toEqual(['first', 'second']);
        expect(await store.due(1)).toEqual([{ partition: p, queue: 'first' }]);
        const claim = await claimed('first');
        expect(await due()).toEqual(['second']);
        expect((await store.due(10, 3_600_000)).map(({ queue }) => queue).sort()).toEqual(['first', 'later', 'second']);
        expect(await store.due(1, 3_600_000)).toEqual([{ partition: p, queue: 'second' }]);
        clock += 10;
        expect((await due()).sort()).toEqual(['later', 'second']);
        await store.commit(claim, { operations: [] });
        clock += 100_000;
        expect((await due()).sort()).toEqual(['later', 'second']);
      });

      it('refuses more than it may hold', async () => {
        const bounded = () =>
          store.apply(p, { bounds: [{ queue: 'q', most: 2 }], operations: [{ do: 'enqueue', queue: 'q', value: bytes('x') }] });
        expect((await bounded()).outcome).toBe('applied');
        expect((await bounded()).outcome).toBe('applied');
        expect(await bounded()).toEqual({ outcome: 'full', queue: 'q' });
        await store.commit(await claimed('q'), { operations: [] });
        expect((await bounded()).outcome).toBe('applied');
      });

      it('fences the holder of a queue that was cleared, also when it fills again', async () => {
        await enqueue('one');
        await enqueue('two');
        const claim = await claimed('q');
        await apply({ do: 'clear', queue: 'q' });
        expect((await store.commit(claim, { operations: [] })).outcome).toBe('fenced');
        expect(await store.due(10)).toEqual([]);
        await enqueue('three');
        expect(text((await claimed('q')).value)).toBe('three');
        expect((await store.commit(claim, { operations: [] })).outcome).toBe('fenced');
      });
    });

    describe('expiry', () => {
      const put = (expiresAt?: number) =>
        apply({ do: 'put', record: 'a', value: bytes('x'), ...(expiresAt !== undefined && { expiresAt }) });

      it('hides a record from its time on, and removes it by sweeping', async () => {
        await put(clock + 10);
        clock += 9;
        expect(await store.get(p, 'a')).toBeDefined();
        clock += 1;
        expect(await store.get(p, 'a')).toBeUndefined();
        expect(await store.sweep()).toBe(1);
        expect(await store.sweep()).toBe(0);
      });

      it('goes by the latest write: later, earlier or never', async () => {
        await put(clock + 10);
        await put(clock + 100);
        clock += 50;
        expect(await store.sweep()).toBe(0);
        expect(await store.get(p, 'a')).toBeDefined();
        await put(clock + 10);
        clock += 10;
        expect(await store.get(p, 'a')).toBeUndefined();
        await put();
        clock += 1_000_000;
        await store.sweep();
        expect(await store.get(p, 'a')).toBeDefined();
      });

      it('starts a new count after expiry', async () => {
        await put(clock + 10);
        clock += 10;
        await put();
        expect((await store.get(p, 'a'))?.version).toBe(1);
      });
    });

    describe('hints', () => {
      it('reach who watches the topic, until they stop', async () => {
        const heard: string[] = [];
        const stop = store.watch('t', (payload) => heard.push(payload));
        const arrived = new Promise<void>((resolve) => store.watch('t', () => resolve()));
        store.announce('t', 'one');
        store.announce('other', 'not this');
        await arrived;
        stop();
        const again = new Promise<void>((resolve) => store.watch('t', () => resolve()));
        store.announce('t', 'two');
        await again;
        expect(heard).toEqual(['one']);
      });
    });

    describe('moving', () => {
      /** Some of everything, a claim under way and one that was given back among it. */
      async function fill(): Promise<void> {
        for (const record of ['a', 'c:备案:😀', '{p00}:x']) await apply({ do: 'put', record, value: bytes(record) });
        await apply({ do: 'put', record: 'a', value: bytes('second'), expiresAt: clock + 5000 });
        for (let at = 1; at <= 450; at += 1) await apply({ do: 'append', log: 'l', value: bytes(`entry ${at}`) });
        await apply({ do: 'trim', log: 'l', upTo: 2 });
        await apply({ do: 'append', log: 'gone', value: bytes('x') }, { do: 'trim', log: 'gone', upTo: 1 });
        await apply(...Array.from({ length: 450 }, (_, at) => ({ do: 'rank' as const, index: 'i', member: `m:${at}`, score: at - 0.5 })));
        for (const queue of ['idle', 'leased', 'later', 'worked off']) {
          await apply({ do: 'append', log: `of ${queue}`, value: bytes('x') }, { do: 'enqueue', queue, value: bytes('one') });
          await apply({ do: 'enqueue', queue, value: bytes('two'), dueAt: clock + 500 });
        }
        await store.commit(await claimed('worked off'), { operations: [] });
        clock += 500;
        await store.commit(await claimed('worked off'), { operations: [] });
        await claimed('leased');
        await store.release(await claimed('later'), clock + 5000);
        await store.apply(p, {
          once: { key: 'k|1', digest: 'd|e', expiresAt: clock + 1000 },
          operations: [{ do: 'append', log: 'of once', value: bytes('x') }],
        });
        await store.apply('p99', { operations: [{ do: 'put', record: 'a', value: bytes('elsewhere') }] });
      }

      async function exported(): Promise<Entry[]> {
        const entries: Entry[] = [];
        for await (const entry of store.export()) entries.push(entry);
        return entries;
      }
      const asText = (entries: readonly Entry[]) =>
        entries.map((entry) => `${encodeEntry(entry).head} ${Buffer.from(encodeEntry(entry).value).toString('base64')}`).sort();

      async function* each(entries: readonly Entry[]): AsyncIterable<Entry> {
        yield* entries;
      }

      it('gives out and takes in everything, and goes on as before', async () => {
        await fill();
        const entries = await exported();
        await store.clear();
        expect(await exported()).toEqual([]);
        expect(await store.due(10)).toEqual([]);
        await store.import(each(entries));
        expect(asText(await exported())).toEqual(asText(entries));

        const record = await store.get(p, 'a');
        expect([text(record?.value), record?.version]).toEqual(['second', 2]);
        expect(text((await store.get('p99', 'a'))?.value)).toBe('elsewhere');
        expect((await store.read(p, 'l', 0, 1)).map(({ position }) => position)).toEqual([3]);
        expect(await apply({ do: 'append', log: 'l', value: bytes('x') }, { do: 'append', log: 'gone', value: bytes('x') })).toEqual({
          outcome: 'applied',
          positions: [451, 2],
        });
        expect((await store.range(p, 'i', { from: 448, limit: 10 })).map(({ member }) => member)).toEqual(['m:449']);
        expect((await store.due(10)).map(({ queue }) => queue).sort()).toEqual(['idle', 'leased']);
        const leased = await claimed('leased');
        expect([text(leased.value), leased.item, leased.attempt, leased.position]).toEqual(['one', 1, 2, 1]);
        expect(leased.firstClaimedAt).toBe(clock);
        await apply({ do: 'enqueue', queue: 'worked off', value: bytes('three') });
        expect((await claimed('worked off')).item).toBe(3);
        const request = { once: { key: 'k|1', digest: 'd|e', expiresAt: clock + 1000 }, operations: [] };
        expect(await store.apply(p, request)).toEqual({ outcome: 'repeated', positions: [1] });
        clock += 5000;
        expect(await store.get(p, 'a')).toBeUndefined();
        expect((await claimed('later')).attempt).toBe(2);
        expect(await store.sweep()).toBe(2);
      });

      /** Goes through everything, a few at a time; gives how many values were changed. */
      async function rewriteAll(change: (entry: Extract<Entry, { value: Uint8Array }>) => Uint8Array | undefined): Promise<number> {
        let changed = 0;
        for (let cursor: string | undefined; ; ) {
          const rewritten = await store.rewrite({ cursor, limit: 3, change });
          changed += rewritten.changed;
          cursor = rewritten.cursor;
          if (cursor === undefined) return changed;
        }
      }

      it('puts other values in the place of those that it visits, a few at a time, and leaves the rest as it is', async () => {
        await fill();
        const before = await exported();
        const values = before.filter((entry) => 'value' in entry);
        const flipped = (value: Uint8Array) => value.map((byte) => byte ^ 0xff);
        const known = new Set(values.map(({ value }) => Buffer.from(value).toString('base64')));
        const changed = await rewriteAll(({ value }) => (known.has(Buffer.from(value).toString('base64')) ? flipped(value) : undefined));
        expect(changed).toBe(values.length);
        const after = (await exported()).map((entry) => ('value' in entry ? { ...entry, value: flipped(entry.value) } : entry));
        expect(asText(after)).toEqual(asText(before));
        expect(await rewriteAll(() => undefined)).toBe(0);
      });

      it('leaves as it is what was changed while it was visited', async () => {
        await apply({ do: 'append', log: 'l', value: bytes('one') }, { do: 'put', record: 'a', value: bytes('one') });
        const [written] = await Promise.all([
          apply({ do: 'put', record: 'a', value: bytes('two') }, { do: 'append', log: 'l', value: bytes('two') }),
          rewriteAll(({ value }) => Uint8Array.from(value)),
        ]);
        expect(written).toMatchObject({ positions: [2] });
        const record = await store.get(p, 'a');
        expect([text(record?.value), record?.version]).toEqual(['two', 2]);
        expect((await store.read(p, 'l', 0, 10)).map(({ value }) => text(value))).toEqual(['one', 'two']);
        expect(await apply({ do: 'append', log: 'l', value: bytes('three') })).toMatchObject({ positions: [3] });
      });
    });

    describe('as a whole', () => {
      it('has everything after it was closed and opened again', async () => {
        await apply(
          { do: 'put', record: 'a', value: bytes('kept') },
          { do: 'append', log: 'l', value: bytes('kept') },
          { do: 'rank', index: 'i', member: 'kept', score: 1 },
          { do: 'enqueue', queue: 'q', value: bytes('kept') },
        );
        await store.close();
        store = await underTest.open({ now: () => clock });
        expect(text((await store.get(p, 'a'))?.value)).toBe('kept');
        expect(await store.end(p, 'l')).toBe(1);
        expect(await store.range(p, 'i', { limit: 1 })).toHaveLength(1);
        expect(text((await claimed('q')).value)).toBe('kept');
      });

      it('says "unavailable" and not "not there" when it is closed', async () => {
        await store.ping();
        await store.close();
        const unavailable = expect.objectContaining({ name: 'StoreUnavailable' });
        await expect(store.ping()).rejects.toEqual(unavailable);
        await expect(store.get(p, 'a')).rejects.toEqual(unavailable);
        await expect(store.apply(p, { operations: [] })).rejects.toEqual(unavailable);
        await expect(store.claim(p, 'q', { lease: 1 })).rejects.toEqual(unavailable);
      });

      it('loses no update when many turns of one conversation race', async () => {
        const turns = 60;
        for (let at = 0; at < turns; at += 1) await apply({ do: 'enqueue', queue: 'q', value: bytes(`${at}`) });
        // Each worker claims, reads the counter, waits a little and writes it back: only lease and fence keep this right.
        async function work(): Promise<void> {
          for (;;) {
            const claim = await store.claim(p, 'q', { lease: 1_000_000, records: ['counter'] });
            if (!claim) {
              if ((await store.end(p, 'done')) === turns) return;
              await new Promise((resolve) => setTimeout(resolve, 1));
              continue;
            }
            const count = Number(text(claim.records.counter?.value) ?? 0) + 1;
            await new Promise((resolve) => setImmediate(resolve));
            await store.commit(claim, {
              operations: [
                { do: 'put', record: 'counter', value: bytes(`${count}`) },
                { do: 'append', log: 'done', value: claim.value },
              ],
            });
          }
        }
        await Promise.all([work(), work(), work(), work()]);
        expect(text((await store.get(p, 'counter'))?.value)).toBe(`${turns}`);
        const order = (await store.read(p, 'done', 0, 100)).map((entry) => Number(text(entry.value)));
        expect(order).toEqual(Array.from({ length: turns }, (_, at) => at));
      });
    });
  });
}
