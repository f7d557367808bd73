import { beforeEach, describe, expect, it } from 'vitest';
import { Cases } from '../../../bot/cases/cases.ts';
import { Audit } from '../../../bot/desk/audit.ts';
import { type Disclosure, Disclosures } from '../../../bot/privacy/disclosures.ts';
import { allPartitions, type Step, type Store } from '../../../bot/store/store.ts';
import { onBothStores, type TwoViews } from '../../support/both-stores.ts';
import { sampleCase, submitted } from '../../support/filing-case.ts';

const sample: Omit<Disclosure, 'at'> = {
  by: 'a1',
  caseNumber: 'BA-20261127-4829153',
  recipient: '某某云计算有限公司',
  purpose: '代为提交ICP备案',
  fields: ['filerName', 'filerLeader.idNumber'],
  documents: ['filer-certificate'],
  consents: [{ purpose: 'general', at: 1, text: 'a'.repeat(64), version: 1 }],
};

onBothStores((views) => {
  let store: Store;
  let advance: TwoViews['advance'];
  let disclosures: Disclosures;
  beforeEach(() => {
    ({ store, advance } = views());
    disclosures = new Disclosures(store);
  });
  const numbered = (caseNumber: string) => ({ ...sample, caseNumber });

  describe('the ledger', () => {
    it('begins empty', async () => {
      expect([await disclosures.all(), await disclosures.before(undefined, 10)]).toEqual([[], []]);
    });

    it('says to whom what of a case was handed, when, by whom, what for and under which consent', async () => {
      await disclosures.record(sample);
      expect(await new Disclosures(views().other).of(sample.caseNumber)).toEqual([{ ...sample, at: expect.any(Number), position: 1 }]);
      expect(await disclosures.of('BA-20261127-0000000')).toEqual([]);
    });

    it('has each of those that several instances record at once, and the record of the desk as well', async () => {
      const both = [disclosures, new Disclosures(views().other)];
      await Promise.all(Array.from({ length: 20 }, (_, at) => both[at % 2]?.record(numbered(`BA-${at}`))));
      const numbers = (await disclosures.all()).map(({ caseNumber }) => caseNumber);
      expect(new Set(numbers).size).toBe(20);
      const audit = new Audit(store);
      expect(await audit.verify()).toMatchObject({ outcome: 'whole', lines: 20 });
      expect((await audit.before(undefined, 20)).map(({ what }) => what).toReversed()).toEqual(numbers.map((number) => `case:${number}`));
    });

    it('has a line on the record of the desk in the same step: without the one there is not the other', async () => {
      const steps: Step[] = [];
      const watched = new Disclosures(
        Object.assign(Object.create(store) as Store, {
          get: store.get.bind(store),
          now: store.now.bind(store),
          apply: async (_: string, step: Step) => {
            steps.push(step);
            throw new Error('killed');
          },
        }),
      );
      await expect(watched.record(sample)).rejects.toThrow('killed');
      expect(steps.map(({ operations }) => operations.map((each) => ('log' in each ? each.log : each.do)))).toEqual([
        ['desk:disclosures', 'desk:audit', 'put'],
      ]);
      expect([await disclosures.all(), await new Audit(store).before(undefined, 1)]).toEqual([[], []]);
    });

    it('is read a page at a time, newest first, also when its oldest lines are gone', async () => {
      for (let at = 1; at <= 25; at += 1) await disclosures.record(numbered(`BA-${at}`));
      const pages = async () => {
        const found: number[][] = [];
        for (let before: number | undefined; ; before = found.at(-1)?.at(-1)) {
          const page = await disclosures.before(before, 10);
          if (page.length === 0) return found.map((each) => [each[0], each.at(-1)]);
          found.push(page.map(({ position }) => position));
        }
      };
      expect(await pages()).toEqual([
        [25, 16],
        [15, 6],
        [5, 1],
      ]);
      await disclosures.forget('8');
      expect(await pages()).toEqual([
        [25, 16],
        [15, 9],
      ]);
    });

    it('outlives the case, of which it has nothing but the number', async () => {
      const cases = new Cases({ store, files: { remove: async () => undefined }, secrets: [Buffer.alloc(32, 5)], draftDays: 30 });
      const number = await cases.reserve('A', 'draft', '2026-11-27');
      const filed = submitted(sampleCase(number));
      await cases.save({ conversation: 'A', order: [1, 1], case: filed });
      await disclosures.record(numbered(number));
      await cases.erase(number, 'R1', '小王');
      const left = await disclosures.of(number);
      expect(left).toHaveLength(1);
      for (const value of Object.values(filed.values)) if (value.length > 4) expect(JSON.stringify(left)).not.toContain(value);
    });

    it('forgets what is old enough, and nothing that is young', async () => {
      for (const number of ['BA-1', 'BA-2']) await disclosures.record(numbered(number));
      advance(1000);
      const moment = store.now();
      await disclosures.record(numbered('BA-3'));
      const found = (await Promise.all(allPartitions.map((partition) => disclosures.expired(partition, moment, 10)))).flat();
      expect(found.map(({ member }) => member)).toEqual(['1', '2']);
      for (const { member } of found) await disclosures.forget(member);
      expect((await disclosures.all()).map(({ caseNumber }) => caseNumber)).toEqual(['BA-3']);
      // A position is never given twice.
      await disclosures.record(numbered('BA-4'));
      expect((await disclosures.all()).map(({ position }) => position)).toEqual([3, 4]);
    });
  });
});
