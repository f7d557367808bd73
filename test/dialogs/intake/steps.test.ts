import { describe, expect, it } from 'vitest';
import { fields } from '../../../dialogs/intake/fields.ts';
import { type Form, newForm, withValues } from '../../../dialogs/intake/form.ts';
import { dependents, openFields, stepsOf, withheldFields } from '../../../dialogs/intake/steps.ts';
import { type FilingType, filingTypes } from '../../../knowledge/filing/filing-case.ts';
import { type FieldKey, fieldKeys, type Values } from '../../../knowledge/filing/form.ts';
import { changeItems, type FilerKind, filerKinds, licenseTasks, lostAccessKinds, serviceKinds } from '../../../knowledge/filing/kinds.ts';

const today = '2026-11-27';

/** What the people of the tables say; anything else they answer with the field's own example. */
type Says = Partial<Record<FieldKey, string>>;

/** The questions of a case, each answered; what one answer says about other fields is not asked again. */
function asked(filingType: FilingType, says: Says = {}, known: Values = {}): FieldKey[] {
  let form: Form = withValues({ ...newForm('draft', 0), filingType }, known);
  const questions: FieldKey[] = [];
  for (let [key] = openFields(form); key !== undefined; [key] = openFields(form)) {
    if (questions.includes(key)) throw new Error(`${key} is asked twice.`);
    questions.push(key);
    const reading = fields[key].read(says[key] ?? fields[key].example ?? '', { values: form.values, today });
    if (!reading.ok) throw new Error(`${key} refuses its answer: ${reading.problem.code}`);
    const { value, also = {} } = reading.value;
    form = withValues(form, { ...also, ...form.values, [key]: value });
  }
  return questions;
}

const names: Partial<Record<FilerKind, string>> = {
  individual: '张三',
  enterprise: '示例市青禾信息技术有限公司',
  'individual-business': '示例市青禾便利店',
  'law-firm': '示例市青禾律师事务所',
  foundation: '示例市青禾基金会',
};
const codes: Partial<Record<FilerKind, string>> = {
  'individual-business': '92110101MA0000007P',
  'public-institution': '12110000MA0000007C',
};

/** Somebody of this kind: its name, its code, and what it is when that is asked. */
function filerOf(kind: FilerKind): Says {
  const code = codes[kind];
  return {
    filerName: names[kind] ?? '示例市青禾服务中心',
    filerKind: filerKinds[kind].label,
    ...(code !== undefined && { creditCode: code }),
  };
}

const site: FieldKey[] = [
  'onlineService.name',
  'onlineService.domainName',
  'registrant',
  'registrantVerified',
  'contentCategories',
  'serviceRemark',
  'preApproval',
  'businessModel',
];
const person: FieldKey[] = ['filerLeader.validity', 'filerLeader.mobile', 'filerLeader.emergencyMobile', 'filerLeader.email'];

describe('a first filing', () => {
  it('of a company takes the questions that it needs', () => {
    expect(asked('initial', filerOf('enterprise'))).toEqual([
      'serviceKind',
      'accessProvider',
      'contactMobile',
      'filerName',
      'creditCode',
      'filerDocumentAddress',
      'filerAddress',
      'filerLeader.isLegalRepresentative',
      'filerLeader.name',
      'filerLeader.idNumber',
      ...person,
      ...site,
      'serviceLeader.isFilerLeader',
      'serviceCode',
    ]);
  });

  it('of an individual asks for one name and one number', () => {
    expect(asked('initial', filerOf('individual'))).toEqual([
      'serviceKind',
      'accessProvider',
      'contactMobile',
      'filerName',
      'filerKind',
      'filerLeader.idNumber',
      'filerDocumentAddress',
      'filerProvince',
      'filerAddress',
      ...person,
      ...site,
      'serviceCode',
    ]);
  });

  it('of a public body asks who stands above it', () => {
    expect(asked('initial', filerOf('public-institution'))).toContain('parentOrganization');
    expect(asked('initial', filerOf('enterprise'))).not.toContain('parentOrganization');
  });

  it('asks for the legal representative when the leader is another', () => {
    const questions = asked('initial', {
      ...filerOf('enterprise'),
      'filerLeader.isLegalRepresentative': '不是',
      'legalRepresentative.idNumber': '810000199408230021',
    });
    expect(questions).toContain('legalRepresentative.name');
    expect(questions).toContain('legalRepresentative.idNumber');
  });

  it('asks for a second leader only when there is one', () => {
    const second = fieldKeys.filter((key) => key.startsWith('serviceLeader.') && key !== 'serviceLeader.isFilerLeader');
    const two: Says = {
      ...filerOf('enterprise'),
      'serviceLeader.isFilerLeader': '不是',
      'serviceLeader.idNumber': '810000199408230021',
      'serviceLeader.mobile': '13600136000',
      'serviceLeader.emergencyMobile': '13500135000',
    };
    expect(asked('initial', two).filter((key) => second.includes(key))).toEqual(second);
    expect(asked('initial', filerOf('enterprise')).filter((key) => second.includes(key))).toEqual([]);
  });

  it('in 江苏 and 四川 has one leader when that is not the legal representative', () => {
    const values: Values = { filerKind: 'enterprise', 'filerLeader.isLegalRepresentative': 'no', serviceKind: 'website' };
    for (const [province, one] of [
      ['32', true],
      ['51', true],
      ['44', false],
    ] as const)
      expect(stepsOf('initial', { ...values, filerProvince: province }).includes('serviceLeader.isFilerLeader')).toBe(!one);
  });

  it('of an app asks for what its systems have', () => {
    const app = (platforms: string, says: Says = {}) =>
      asked('initial', { ...filerOf('enterprise'), serviceKind: 'App', 'app.platforms': platforms, ...says }).filter(
        (key) => key.startsWith('app.') || key === 'ips' || key.startsWith('registrant'),
      );
    const domain: FieldKey[] = ['app.publicKey', 'registrant', 'registrantVerified'];
    expect(app('安卓')).toEqual(['app.platforms', 'app.packageName', 'app.certificateMd5', ...domain]);
    expect(app('iOS')).toEqual(['app.platforms', 'app.bundleId', 'app.certificateSha1', ...domain]);
    expect(app('鸿蒙')).toEqual(['app.platforms', 'app.packageName', 'app.certificateSha1', ...domain]);
    expect(app('安卓', { 'onlineService.domainName': '没有' })).toEqual([
      'app.platforms',
      'app.packageName',
      'app.certificateMd5',
      'app.publicKey',
      'ips',
    ]);
    expect(app('', { serviceKind: '快应用' })).toEqual(['app.packageName', ...domain]);
  });

  it('of a mini program takes down who it is, for a person to go on', () => {
    expect(asked('initial', { ...filerOf('enterprise'), serviceKind: '小程序' })).toEqual([
      'serviceKind',
      'contactMobile',
      'miniProgram.platform',
      'onlineService.name',
      'miniProgram.appId',
      'filerName',
    ]);
  });

  it('asks nothing that earlier words have said', () => {
    const known: Values = { serviceKind: 'website', filerKind: 'enterprise', filerProvince: '44', contactMobile: '13800138000' };
    const questions = asked('initial', filerOf('enterprise'), known);
    for (const key of Object.keys(known)) expect(questions).not.toContain(key);
  });
});

/** How many questions the people of a kind answer. */
const counts: [FilingType, Says, Partial<Record<FilerKind, number>>][] = [
  ['initial', {}, { individual: 22, enterprise: 24, 'individual-business': 25, 'public-institution': 26, 'law-firm': 24, military: 25 }],
  ['add-service', {}, { individual: 18, enterprise: 18, 'individual-business': 19 }],
  ['add-service', { filedWithProvider: '在别家' }, { individual: 25, enterprise: 28 }],
  ['add-access', {}, { individual: 12, enterprise: 11, 'individual-business': 12 }],
  ['cancel-filer', {}, { individual: 10, enterprise: 9, government: 10 }],
  ['cancel-service', {}, { individual: 11, enterprise: 10 }],
  ['cancel-access', {}, { individual: 11, enterprise: 10 }],
];

describe.each(counts)('%s, saying %j', (filingType, says, expected) => {
  it.each(Object.entries(expected) as [FilerKind, number][])('takes of %s %i questions', (kind, questions) => {
    expect(asked(filingType, { ...filerOf(kind), ...says })).toHaveLength(questions);
  });
});

describe('a change', () => {
  const common: FieldKey[] = ['contactMobile', 'changeItems', 'accessProvider', 'orderPending'];
  const cases: [keyof typeof changeItems, FieldKey[]][] = [
    ['name', ['filerNumber', 'filerName', 'creditCode']],
    ['certificate', ['filerNumber', 'filerKind', 'creditCode', 'newValue']],
    ['address', ['filerNumber', 'filerKind', 'filerDocumentAddress', 'filerAddress']],
    [
      'legal-representative',
      ['filerNumber', 'filerKind', 'filerLeader.isLegalRepresentative', 'filerLeader.name', 'filerLeader.idNumber', ...person],
    ],
    ['leader-contact', ['filerNumber', 'filerLeader.mobile', 'filerLeader.emergencyMobile', 'filerLeader.email']],
    [
      'service-leader',
      [
        'serviceNumber',
        'filerKind',
        'serviceLeader.name',
        'serviceLeader.idNumber',
        'serviceLeader.validity',
        'serviceLeader.mobile',
        'serviceLeader.emergencyMobile',
        'serviceLeader.email',
      ],
    ],
    ['service-name', ['serviceNumber', 'filerKind', 'onlineService.name']],
    ['service-content', ['serviceNumber', 'filerKind', 'contentCategories', 'serviceRemark', 'preApproval']],
    ['remove-domain', ['serviceNumber', 'onlineService.domainName']],
    ['ip', ['serviceNumber', 'ips']],
    ['filer', ['filerNumber', 'filerName', 'creditCode', 'newValue']],
  ];
  it.each(cases)('of %s asks for %j', (item, questions) => {
    const answered = asked('change', { ...filerOf('enterprise'), changeItems: changeItems[item] });
    expect(answered.filter((key) => !common.includes(key))).toEqual(questions);
    expect(answered).toEqual(expect.arrayContaining(common));
  });

  it('is known for every item', () => {
    expect(cases.map(([item]) => item).sort()).toEqual(Object.keys(changeItems).sort());
  });

  it('of several asks for a number once', () => {
    const questions = asked('change', { ...filerOf('enterprise'), changeItems: '地址、网站名称' });
    expect(questions).toContain('serviceNumber');
    expect(questions).not.toContain('filerNumber');
  });
});

describe('lost access and licences', () => {
  const lost: [keyof typeof lostAccessKinds, FieldKey[]][] = [
    ['filing-password', ['filerNumber', 'accessProvider']],
    ['provider-account', ['accessProvider']],
    ['leader-mobile', ['filerNumber', 'accessProvider', 'filerName', 'leaderEmployed', 'newMobile', 'canLogIn']],
    ['provider-unknown', ['filerNumber', 'onlineService.domainName']],
    ['old-process', ['filerNumber', 'accessProvider']],
  ];
  it.each(lost)('%s asks for %j', (kind, questions) => {
    expect(asked('recover-access', { lostAccess: lostAccessKinds[kind] })).toEqual(['lostAccess', 'contactMobile', ...questions]);
  });

  const licences: [keyof typeof licenseTasks, number][] = [
    ['new', 15],
    ['ask', 15],
    ['add', 16],
    ['renew', 5],
    ['change', 5],
    ['annual-report', 5],
    ['cancel', 5],
    ['transfer', 4],
  ];
  it.each(licences)('a licence to %s takes %i questions', (task, questions) => {
    const answered = asked('license', { ...filerOf('enterprise'), licenseTask: licenseTasks[task] });
    expect(answered).toHaveLength(questions);
    expect(answered.some((key) => fields[key].privacy === 'certificate')).toBe(false);
  });
});

describe('in every case', () => {
  const everybody = filingTypes.flatMap((type) =>
    (Object.keys(filerKinds) as FilerKind[]).flatMap((filerKind) =>
      Object.keys(serviceKinds).map((serviceKind): [FilingType, Values] => [type, { filerKind, serviceKind }]),
    ),
  );

  it('nothing optional and nothing twice is asked', () => {
    for (const [type, values] of everybody) {
      const steps = stepsOf(type, values);
      expect(new Set(steps).size).toBe(steps.length);
      expect(openFields({ ...newForm('draft', 0), filingType: type, values }).filter((key) => fields[key].optional)).toEqual([]);
    }
  });

  it('no certificate number is asked before somebody can be reached', () => {
    for (const [type, values] of everybody) {
      const steps = stepsOf(type, values);
      const first = steps.findIndex((key) => fields[key].privacy === 'certificate');
      if (first >= 0) expect(steps.indexOf('contactMobile')).toBeLessThan(first);
    }
  });

  it('every field is asked in some case, or optional', () => {
    const often: Values[] = [
      { 'filerLeader.isLegalRepresentative': 'no', 'serviceLeader.isFilerLeader': 'no', filedWithProvider: 'no' },
      { 'app.platforms': 'android,ios,harmony', 'onlineService.domainName': 'none' },
      ...Object.keys(changeItems).map((item) => ({ changeItems: item })),
      ...Object.keys(lostAccessKinds).map((kind) => ({ lostAccess: kind })),
      ...Object.keys(licenseTasks).map((task) => ({ licenseTask: task })),
    ];
    const reached = new Set(everybody.flatMap(([type, values]) => often.flatMap((more) => stepsOf(type, { ...values, ...more }))));
    expect(fieldKeys.filter((key) => !reached.has(key) && !fields[key].optional)).toEqual([]);
  });

  it('a number that somebody will not give is kept back, and the rest is asked', () => {
    const form: Form = {
      ...newForm('draft', 0),
      filingType: 'initial',
      values: { filerKind: 'enterprise', serviceKind: 'website' },
      consent: { general: 'given', certificates: 'refused' },
    };
    expect(openFields(form)).not.toContain('filerLeader.idNumber');
    expect(openFields(form)).toContain('filerLeader.validity');
    expect(withheldFields(form)).toEqual(['filerLeader.idNumber']);
  });

  it('no answer depends on itself', () => {
    for (const [key, list] of Object.entries(dependents)) expect(list).not.toContain(key);
  });
});
