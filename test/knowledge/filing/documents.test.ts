import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { provinces } from '../../../knowledge/entities/province.ts';
import { checklistPath, readChecklistQuery } from '../../../knowledge/filing/checklist-path.ts';
import { documentKinds, isDocumentKind } from '../../../knowledge/filing/document-kinds.ts';
import { documentsFor, documentsIn } from '../../../knowledge/filing/documents.ts';
import { type FilingType, filingTypes } from '../../../knowledge/filing/filing-case.ts';
import { fieldKeys, type Values } from '../../../knowledge/filing/form.ts';
import { filerKinds } from '../../../knowledge/filing/kinds.ts';
import {
  addAccess,
  addService,
  cancelFiler,
  cancelService,
  change,
  company,
  idNumber,
  individual,
  license,
  recover,
  twoLeaders,
} from './cases.ts';

/** Kinds as listed; what is not certain has a question mark. */
const listedAs = (type: FilingType, values: Values) => documentsFor(type, values).map(({ kind, certain }) => (certain ? kind : `${kind}?`));

const ids = ['leader-id-front', 'leader-id-back'];

describe('the documents of a case', () => {
  it.each<[string, FilingType, Values, string[]]>([
    [
      'a company in Zhejiang',
      'initial',
      company,
      ['filer-certificate', ...ids, 'domain-certificate', 'agency-mandate', 'commitment-letter?'],
    ],
    [
      'a company in Guangdong',
      'initial',
      { ...company, filerProvince: '44' },
      ['filer-certificate', ...ids, 'domain-certificate', 'agency-mandate', 'commitment-letter'],
    ],
    [
      'an individual with a card of Guangdong',
      'initial',
      individual,
      [...ids, 'domain-certificate', 'agency-mandate', 'commitment-letter', 'authenticity-form'],
    ],
    [
      'an individual with a card from elsewhere',
      'initial',
      { ...individual, 'filerLeader.idNumber': idNumber('330106') },
      [...ids, 'residence-proof', 'domain-certificate', 'agency-mandate', 'commitment-letter', 'authenticity-form'],
    ],
    [
      'another leader in Jiangsu',
      'initial',
      { ...company, filerProvince: '32', 'filerLeader.isLegalRepresentative': 'no' },
      [
        'filer-certificate',
        ...ids,
        'legal-representative-id?',
        'authorization-letter',
        'domain-certificate',
        'agency-mandate',
        'truth-statement',
      ],
    ],
    [
      'another leader of the service in Hubei',
      'initial',
      { ...twoLeaders, filerProvince: '42' },
      [
        'filer-certificate',
        ...ids,
        'service-leader-id-front',
        'service-leader-id-back',
        'authorization-letter',
        'domain-certificate',
        'agency-mandate',
        'commitment-letter?',
      ],
    ],
    [
      'news and a name that speaks of insurance',
      'initial',
      { ...company, filerProvince: '43', 'onlineService.name': '青禾保险网', preApproval: 'news' },
      [
        'filer-certificate',
        ...ids,
        'domain-certificate',
        'pre-approval-document',
        'non-involvement-commitment?',
        'agency-mandate',
        'commitment-letter?',
      ],
    ],
    [
      'an institution in Yunnan',
      'initial',
      { ...company, filerKind: 'public-institution', filerProvince: '53' },
      ['filer-certificate', ...ids, 'domain-certificate', 'agency-mandate', 'commitment-letter?', 'institution-approval'],
    ],
    [
      'Xinjiang',
      'initial',
      { ...company, filerProvince: '65' },
      ['filer-certificate', ...ids, 'domain-certificate', 'agency-mandate', 'commitment-letter?', 'party-building-letter?'],
    ],
    [
      'a mini program',
      'initial',
      { ...company, serviceKind: 'mini-program', filerProvince: '31' },
      ['filer-certificate', ...ids, 'commitment-letter?'],
    ],
    [
      'an app',
      'initial',
      { ...company, serviceKind: 'app' },
      ['filer-certificate', ...ids, 'domain-certificate', 'app-icon', 'agency-mandate', 'commitment-letter?'],
    ],
    [
      'another site in Ningxia',
      'add-service',
      { ...addService, filerProvince: '64' },
      ['filer-certificate', ...ids, 'domain-certificate', 'agency-mandate', 'commitment-letter?', 'construction-plan?'],
    ],
    [
      'another provider',
      'add-access',
      addAccess,
      ['filer-certificate', ...ids, 'domain-certificate', 'commitment-letter?', 'agency-mandate'],
    ],
    ['a new telephone number', 'change', change, ['agency-mandate']],
    [
      'a new name',
      'change',
      { ...change, changeItems: 'name' },
      ['filer-certificate', 'rename-proof?', 'domain-certificate', 'agency-mandate'],
    ],
    [
      'a new legal representative in Hunan',
      'change',
      { ...change, filerNumber: '湘ICP备20210338号', changeItems: 'legal-representative' },
      ['filer-certificate', ...ids, 'authorization-letter', 'agency-mandate'],
    ],
    ['cancelling a filer', 'cancel-filer', cancelFiler, ['cancel-application?', 'agency-mandate']],
    [
      'cancelling a site in Jiangsu',
      'cancel-service',
      { ...cancelService, filerNumber: '苏ICP备20210338号' },
      ['cancel-application', 'agency-mandate'],
    ],
    ['cancelling access', 'cancel-access', cancelService, ['agency-mandate']],
    ['an account that cannot be entered', 'recover-access', recover, []],
    ['a lost telephone', 'recover-access', { ...recover, lostAccess: 'leader-mobile', canLogIn: 'no' }, [...ids, 'identity-statement?']],
    [
      'a licence',
      'license',
      license,
      [
        'filer-certificate',
        'legal-representative-id',
        'company-charter',
        'staff-proof?',
        'business-plan',
        'hosting-contract',
        'domain-certificate',
        'security-policy',
      ],
    ],
    ['a licence to be sold', 'license', { ...license, licenseTask: 'transfer' }, []],
    ['nothing said yet', 'initial', {}, [...ids, 'domain-certificate', 'agency-mandate']],
  ])('%s', (_, type, values, expected) => {
    expect(listedAs(type, values)).toEqual(expected);
  });

  it('are named as the certificate of this kind of filer', () => {
    expect(documentsFor('initial', { ...company, filerKind: 'law-firm' })[0]?.title).toBe('律师事务所执业许可证');
  });

  it('say where they come from, for every kind of filer in every province', () => {
    for (const filerKind of Object.keys(filerKinds)) {
      for (const { code } of provinces) {
        const documents = documentsFor('initial', {
          ...twoLeaders,
          filerKind,
          filerProvince: code,
          'filerLeader.isLegalRepresentative': 'no',
        });
        for (const { kind, title, source } of documents) {
          expect(isDocumentKind(kind)).toBe(true);
          expect(title).not.toBe('');
          expect(source.asOf).toMatch(/^\d{4}/);
        }
        const names = documents.map(({ kind, title }) => `${kind} ${title}`);
        expect(new Set(names).size).toBe(names.length);
      }
    }
  });
});

it('knows only kinds that it has listed', () => {
  expect(['other', 'toString', '__proto__', ''].filter(isDocumentKind)).toEqual([]);
  expect(documentKinds.every(isDocumentKind)).toBe(true);
});

describe('the address of the printable list', () => {
  it('holds codes only', () => {
    expect(checklistPath('initial', { ...twoLeaders, preApproval: 'news,culture' })).toBe(
      '/checklist?type=initial&filer=enterprise&province=33&service=website&sectors=news,culture&leader=legal-representative&service-leader=other&certificate=local',
    );
  });

  it.each<[string, FilingType, Values]>([
    ['a company', 'initial', company],
    ['two leaders', 'initial', { ...twoLeaders, preApproval: 'news,finance', 'filerLeader.isLegalRepresentative': 'no' }],
    ['an individual', 'initial', { ...individual, 'filerLeader.idNumber': idNumber('330106') }],
    ['a change', 'change', { ...change, changeItems: 'name,ip' }],
    ['cancelling', 'cancel-service', { ...cancelService, leaderMobileReachable: 'no' }],
    ['lost access', 'recover-access', { ...recover, lostAccess: 'leader-mobile', canLogIn: 'no' }],
    ['a licence', 'license', license],
  ])('leads to the same list: %s', (_, type, values) => {
    const query = readChecklistQuery(new URLSearchParams(checklistPath(type, values).split('?')[1]));
    expect(query.ok && documentsIn(query.value)).toEqual(documentsFor(type, values));
  });

  it.each([
    ['', 'type'],
    ['type=unknown', 'type'],
    ['type=toString', 'type'],
    ['type=initial&filer=company', 'filer'],
    ['type=initial&province=99', 'province'],
    ['type=initial&sectors=news,none', 'sectors'],
    ['type=initial&sectors=news,', 'sectors'],
    ['type=initial&industry=no', 'industry'],
    ['type=initial&type=change', 'type'],
    ['type=initial&name=%E5%BC%A0', 'name'],
  ])('refuses %s', (query, parameter) => {
    expect(readChecklistQuery(new URLSearchParams(query))).toMatchObject({ ok: false, problem: { parameter } });
  });
});

const anyValue = fc.oneof(
  fc.string(),
  fc.constantFrom(
    'yes',
    'no',
    'unsure',
    'none',
    '44',
    '15',
    '__proto__',
    'enterprise',
    'individual',
    'news,bbs',
    'name,filer',
    'mini-program',
    'leader-mobile',
  ),
);

it('never throws, and its address always leads back, whatever the values', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...filingTypes),
      fc.dictionary(fc.constantFrom(...fieldKeys), anyValue) as fc.Arbitrary<Values>,
      (type, values) => {
        const query = readChecklistQuery(new URLSearchParams(checklistPath(type, values).split('?')[1]));
        expect(query.ok && documentsIn(query.value)).toEqual(documentsFor(type, values));
      },
    ),
    { numRuns: 1000 },
  );
});
