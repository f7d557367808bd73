import { expect, it } from 'vitest';
import { Consents, consentAsked, consentWithdrawn, textHash } from '../../../bot/privacy/consents.ts';
import { partitionOf } from '../../../bot/store/store.ts';
import { onBothStores } from '../../support/both-stores.ts';

const number = 'BA-20261127-4829153';

interface Said {
  purpose: 'general' | 'certificates' | 'withdrawn';
  given?: boolean;
  by?: string;
  caseNumber?: string;
  version?: number;
}

onBothStores((views) => {
  it.each<[what: string, said: Said[], agreed: [purpose: string, version: number][]]>([
    ['nothing, where nobody was asked', [], []],
    [
      'both, each by its words',
      [{ purpose: 'general' }, { purpose: 'certificates', version: 2 }],
      [
        ['general', 1],
        ['certificates', 2],
      ],
    ],
    ['not what was refused', [{ purpose: 'general' }, { purpose: 'certificates', given: false }], [['general', 1]]],
    ['what was refused at first', [{ purpose: 'general', given: false }, { purpose: 'general' }], [['general', 1]]],
    ['not what was refused at last', [{ purpose: 'general' }, { purpose: 'general', given: false }], []],
    ['the words of the last time', [{ purpose: 'general' }, { purpose: 'general', version: 2 }], [['general', 2]]],
    ['nothing that was withdrawn', [{ purpose: 'general' }, { purpose: 'withdrawn' }], []],
    ['what was agreed to in any conversation of the case', [{ purpose: 'general', by: 'B' }], [['general', 1]]],
    ['not what others agreed to', [{ purpose: 'general', by: 'C' }], []],
    ['not what was agreed to for another case', [{ purpose: 'general', caseNumber: 'BA-20261127-0000000' }], []],
  ])('a case is under %s', async (_, said, agreed) => {
    const { store, advance } = views();
    for (const { purpose, given = true, by = 'A', caseNumber = number, version = 1 } of said) {
      advance(1000);
      const who = { id: by, channel: 'direct-line' };
      const text = `v${version}`;
      const operations =
        purpose === 'withdrawn'
          ? [consentWithdrawn(who, 'R1', store.now())]
          : consentAsked({ kind: 'recordConsent', purpose, given, text, version, caseNumber }, who, store.now());
      await store.apply(partitionOf(by), { operations });
    }
    const found = await new Consents(store).agreedTo(number, ['A', 'B']);
    expect(found.map(({ purpose, version }) => [purpose, version])).toEqual(agreed);
    for (const { text, version } of found) expect(text).toBe(textHash(`v${version}`));
  });
});
