import { beforeEach, describe, expect, it } from 'vitest';
import { Cases } from '../../../bot/cases/cases.ts';
import { encode, names, note } from '../../../bot/conversations/conversation.ts';
import { Conversations } from '../../../bot/conversations/conversations.ts';
import { Consents, consentAsked } from '../../../bot/privacy/consents.ts';
import { Disclosures } from '../../../bot/privacy/disclosures.ts';
import { type Keeping, Retention } from '../../../bot/privacy/retention.ts';
import { partitionOf, type Store } from '../../../bot/store/store.ts';
import { onBothStores, type TwoViews } from '../../support/both-stores.ts';
import { silentLog } from '../../support/conversations.ts';
import { sampleCase, submitted } from '../../support/filing-case.ts';

const dayMs = 24 * 3_600_000;
const keeping: Keeping = { conversation: 90, draft: 30, closedCase: 365, note: 60, proof: 1095, disclosure: 1096 };

/** One instance on the store. */
function instance(store: Store) {
  const conversations = new Conversations(store, new Set());
  const files = { remove: async () => undefined };
  const cases = new Cases({ store, files, secrets: [Buffer.alloc(32, 5)], draftDays: 30 });
  const consents = new Consents(store);
  const disclosures = new Disclosures(store);
  const chores = { workOff: async () => {} };
  const retention = new Retention({ store, conversations, cases, consents, disclosures, chores, keeping, log: silentLog });
  return { conversations, cases, consents, disclosures, retention };
}

onBothStores((views) => {
  let store: Store;
  let advance: TwoViews['advance'];
  let one: ReturnType<typeof instance>;
  let other: ReturnType<typeof instance>;
  beforeEach(() => {
    ({ store, advance } = views());
    one = instance(store);
    other = instance(views().other);
  });

  const begin = async (id: string) => {
    await one.conversations.start({ id, channel: 'direct-line' });
    await store.apply(partitionOf(id), {
      operations: [
        {
          do: 'put',
          record: names.session(id),
          value: encode({ version: 1, greeted: true, form: { draft: 'd', values: { contactName: '陈晓明' } } }),
        },
        ...note(id, { kind: 'miss', at: store.now(), question: '量子备案', nearest: [] }),
        ...consentAsked(
          { kind: 'recordConsent', purpose: 'general', given: true, text: '同意吗', version: 1 },
          { id, channel: 'direct-line' },
          store.now(),
        ),
      ],
    });
  };
  const erasedOf = async (retention = one.retention) =>
    Object.fromEntries((await retention.run()).kinds.flatMap(({ kind, erased }) => (erased > 0 ? [[kind, erased]] : [])));

  describe('what is kept', () => {
    it('goes kind by kind, each at its time: forms, notes, conversations, cases, and at last the proofs', async () => {
      await begin('a');
      const draft = sampleCase(await one.cases.reserve('a', 'one', '2026-11-27'));
      await one.cases.save({ conversation: 'a', order: [1, 1], case: draft });
      const closed = submitted(sampleCase(await one.cases.reserve('a', 'two', '2026-11-27')));
      await one.cases.save({ conversation: 'a', order: [1, 2], case: closed });
      await one.cases.setState(closed.number, 'cancelled', { by: '小王' });

      advance(29 * dayMs);
      expect(await erasedOf()).toEqual({});
      await one.disclosures.record({
        by: 'a1',
        caseNumber: closed.number,
        recipient: '某某云',
        purpose: '备案',
        fields: [],
        documents: [],
        consents: [],
      });
      advance(2 * dayMs);
      expect(await erasedOf()).toEqual({ form: 1, draft: 1 });
      expect(await one.conversations.find('a')).toBeDefined();
      advance(30 * dayMs);
      expect(await erasedOf()).toEqual({ note: 1 });
      advance(30 * dayMs);
      expect(await erasedOf()).toEqual({ conversation: 1 });
      advance(275 * dayMs);
      expect(await erasedOf()).toEqual({ closedCase: 1 });
      expect(await one.cases.find(closed.number)).toMatchObject({ state: 'erased', values: {} });
      expect(await one.consents.of('a')).toHaveLength(1);
      advance(730 * dayMs);
      expect(await erasedOf()).toEqual({ consent: 1 });
      expect(await one.consents.all()).toEqual([]);
      expect(await one.disclosures.of(closed.number)).toHaveLength(1);
      advance(30 * dayMs);
      expect(await erasedOf()).toEqual({ disclosure: 1 });
      expect(await one.disclosures.all()).toEqual([]);
      advance(336 * dayMs);
      expect(await erasedOf()).toEqual({ erasedCase: 1 });
      expect(await one.cases.find(closed.number)).toBeUndefined();
      expect(await one.cases.audit(closed.number)).toEqual([]);
    });

    it('is only looked at by a dry run, which counts what a run then erases', async () => {
      for (let at = 0; at < 10; at += 1) await begin(`a-${at}`);
      advance(91 * dayMs);
      const counts = (kinds: readonly { kind: string; found: number }[]) => kinds.map(({ kind, found }) => [kind, found]);
      const dry = await one.retention.run({ dryRun: true });
      expect(dry).toMatchObject({ dryRun: true });
      expect(dry.kinds.every(({ erased, left }) => erased === 0 && left === 0)).toBe(true);
      expect(dry.kinds.find(({ kind }) => kind === 'conversation')).toMatchObject({ found: 10, days: 90, oldest: expect.any(Number) });
      expect(counts((await one.retention.run({ dryRun: true })).kinds)).toEqual(counts(dry.kinds));
      expect(await one.conversations.find('a-3')).toBeDefined();
      expect((await erasedOf()).conversation).toBe(10);
      expect(await erasedOf()).toEqual({});
    });

    it('keeps a form that its customer has come back to, and the notes that are young', async () => {
      await begin('a');
      advance(31 * dayMs);
      await store.apply(partitionOf('a'), { operations: [{ do: 'rank', index: names.active, member: 'a', score: store.now() }] });
      expect(await erasedOf()).toMatchObject({});
      expect(await one.conversations.forgetForm('a', store.now() - 30 * dayMs)).toBe(false);
      await store.apply(partitionOf('a'), { operations: note('a', { kind: 'miss', at: store.now(), question: '新问题', nearest: [] }) });
      advance(30 * dayMs);
      expect((await erasedOf()).note).toBe(1);
      expect(await one.conversations.notesSince(0, 10)).toMatchObject([{ question: '新问题' }]);
    });
  });

  describe('the night', () => {
    it('is done by one instance, once, and its report is kept', async () => {
      await begin('a');
      advance(91 * dayMs);
      const reports = await Promise.all([one, other, one, other].map(({ retention }) => retention.nightly()));
      expect(reports.filter((report) => report !== undefined)).toHaveLength(1);
      expect((await other.retention.last())?.report.kinds).toContainEqual(expect.objectContaining({ kind: 'conversation', erased: 1 }));
      expect(await other.retention.nightly()).toBeUndefined();
      advance(dayMs);
      expect(await other.retention.nightly()).toBeDefined();
    });

    it('that was cut off is taken up by another: nothing is left, and nothing that was young is gone', async () => {
      for (let at = 0; at < 20; at += 1) await begin(`old-${at}`);
      advance(91 * dayMs);
      for (let at = 0; at < 5; at += 1) await begin(`young-${at}`);
      let erasures = 0;
      const dying = instance(store);
      const erase = dying.conversations.erase.bind(dying.conversations);
      dying.conversations.erase = async (...asked) => {
        erasures += 1;
        if (erasures > 7) throw new Error('killed');
        return erase(...asked);
      };
      await expect(dying.retention.nightly()).rejects.toThrow('killed');
      expect(await other.retention.last()).toBeUndefined();
      advance(61_000); // the time of its lock
      expect((await other.retention.nightly())?.kinds).toContainEqual(
        expect.objectContaining({ kind: 'conversation', found: 13, erased: 13 }),
      );
      for (let at = 0; at < 20; at += 1) expect(await one.conversations.find(`old-${at}`)).toBeUndefined();
      for (let at = 0; at < 5; at += 1) expect(await one.conversations.find(`young-${at}`)).toBeDefined();
    });
  });
});
