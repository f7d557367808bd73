import type { FilingType } from '../../knowledge/filing/filing-case.ts';
import { type FieldKey, listed, type Values } from '../../knowledge/filing/form.ts';
import { filerKinds } from '../../knowledge/filing/kinds.ts';
import { fields } from './fields.ts';
import type { Form } from './form.ts';

type Applies = (values: Values) => boolean;
type Step = FieldKey | [FieldKey, Applies];

/**
 * The fields that a case of this type asks of this filer, in the order of asking. Fields that say what the case is about come before
 * those that depend on them. Source: intake survey of 2026-11, sections 3 to 7 and 10.
 */
export function stepsOf(type: FilingType, values: Values): readonly FieldKey[] {
  const known = found.get(values);
  if (known?.type === type) return known.keys;
  const keys = findSteps(type, values);
  found.set(values, { type, keys });
  return keys;
}

// A turn asks for the steps of the same values many times over; values are never changed in place.
const found = new WeakMap<Values, { type: FilingType; keys: readonly FieldKey[] }>();

function findSteps(type: FilingType, values: Values): FieldKey[] {
  const keys = steps[type].flatMap((step) => {
    const [key, applies] = typeof step === 'string' ? [step] : step;
    return !applies || applies(values) ? [key] : [];
  });
  return [...new Set(keys)];
}

/** Every item that a case of this type may ask of somebody. */
export function everyStepOf(type: FilingType): FieldKey[] {
  return [...new Set(steps[type].map((step) => (typeof step === 'string' ? step : step[0])))];
}

/** What is still to be asked, in order: neither answered nor left out, nor kept back for lack of consent. */
export function openFields(form: Form): FieldKey[] {
  if (!form.filingType) return [];
  const refused = form.consent.certificates === 'refused';
  return stepsOf(form.filingType, form.values).filter((key) => {
    const { optional, privacy } = fields[key];
    if (form.values[key] !== undefined || form.skipped.includes(key) || optional) return false;
    return !(refused && privacy === 'certificate');
  });
}

/** Certificate numbers that this case needs and that the customer would not give here. */
export function withheldFields(form: Form): FieldKey[] {
  if (!form.filingType || form.consent.certificates !== 'refused') return [];
  return stepsOf(form.filingType, form.values).filter((key) => fields[key].privacy === 'certificate' && form.values[key] === undefined);
}

const is =
  (key: FieldKey, ...codes: string[]): Applies =>
  (values) =>
    codes.includes(values[key] ?? '');
const has =
  (key: FieldKey, ...codes: string[]): Applies =>
  (values) =>
    listed(values[key]).some((code) => codes.includes(code));
const not =
  (applies: Applies): Applies =>
  (values) =>
    !applies(values);
const all =
  (...conditions: Applies[]): Applies =>
  (values) =>
    conditions.every((applies) => applies(values));
const any =
  (...conditions: Applies[]): Applies =>
  (values) =>
    conditions.some((applies) => applies(values));
const when = (applies: Applies, list: readonly Step[]): Step[] =>
  list.map((step) => (typeof step === 'string' ? [step, applies] : [step[0], all(applies, step[1])]));

const individual = is('filerKind', 'individual');
// Until it is known who files, what only units or only individuals are asked is not asked.
const unit = all(is('filerKind', ...Object.keys(filerKinds)), not(individual));
const website = is('serviceKind', 'website');
const app = is('serviceKind', 'app', 'quick-app');
const miniProgram = is('serviceKind', 'mini-program');
const publicBody = is('filerKind', 'government', 'public-institution', 'social-organization');

// The name of a company says what kind of filer it is, so that the kind is asked only where the name leaves it open. An individual
// may file where they live; a unit's seat says its province.
const filer: Step[] = [
  'filerName',
  'filerKind',
  ['creditCode', unit],
  ['filerLeader.idNumber', individual],
  'filerDocumentAddress',
  'filerProvince',
  'filerAddress',
  ['parentOrganization', publicBody],
];

/** For an individual the name and the number are those of the filer. */
const filerLeader: Step[] = [
  ...when(unit, ['filerLeader.isLegalRepresentative', 'filerLeader.name', 'filerLeader.idNumber']),
  'filerLeader.validity',
  'filerLeader.mobile',
  'filerLeader.emergencyMobile',
  'filerLeader.email',
  ...when(all(unit, is('filerLeader.isLegalRepresentative', 'no')), ['legalRepresentative.name', 'legalRepresentative.idNumber']),
];

const serviceLeaderItself: Step[] = [
  'serviceLeader.name',
  'serviceLeader.idNumber',
  'serviceLeader.validity',
  'serviceLeader.mobile',
  'serviceLeader.emergencyMobile',
  'serviceLeader.email',
];

// 江苏 and 四川: a filer's leader other than the legal representative is the service's leader as well (survey of 2026-11, section 3.5).
const oneLeader: Applies = all(is('filerProvince', '32', '51'), is('filerLeader.isLegalRepresentative', 'no'));

const serviceLeader: Step[] = when(all(unit, not(oneLeader)), [
  'serviceLeader.isFilerLeader',
  ...when(is('serviceLeader.isFilerLeader', 'no'), serviceLeaderItself),
]);

const registered: Step[] = ['registrant', 'registrantVerified'];
const ownDomain = not(is('onlineService.domainName', 'none'));

// A quick app runs on phones of one system alone and is known by its package name.
const appDetails: Step[] = [
  ...when(is('serviceKind', 'app'), [
    'app.platforms',
    ['app.packageName', has('app.platforms', 'android', 'harmony', 'other')],
    ['app.bundleId', has('app.platforms', 'ios')],
    ['app.certificateMd5', has('app.platforms', 'android')],
    ['app.certificateSha1', has('app.platforms', 'ios', 'harmony')],
  ]),
  ['app.packageName', is('serviceKind', 'quick-app')],
  'app.publicKey',
  'onlineService.domainName',
  ...when(ownDomain, registered),
  ['ips', not(ownDomain)],
];

const service: Step[] = [
  'onlineService.name',
  ...when(website, ['onlineService.domainName', ...registered]),
  ...when(app, appDetails),
  'contentCategories',
  'serviceRemark',
  'preApproval',
  'businessModel',
  ...serviceLeader,
];

const miniProgramOnly: Step[] = ['miniProgram.platform', 'onlineService.name', 'miniProgram.appId', 'filerName', 'filerKind'];
const contact: Step = 'contactMobile';

/** The filer as the former filing has it: named, and with the number that it is known by. */
const knownFiler: Step[] = ['filerName', 'filerKind', ['creditCode', unit], ['filerLeader.idNumber', individual]];

const changed = (...items: string[]): Applies => has('changeItems', ...items);
const changedService = changed('service-leader', 'service-name', 'service-content', 'remove-domain', 'ip');
const changedFiler = changed('name', 'certificate', 'address', 'legal-representative', 'leader-contact', 'filer');

const lost = (...codes: string[]): Applies => is('lostAccess', ...codes);

const licensed = is('licenseTask', 'renew', 'change', 'add', 'annual-report', 'cancel');
const newLicense = is('licenseTask', 'new', 'add', 'ask');

const cancelService: Step[] = [
  contact,
  'serviceNumber',
  ...knownFiler,
  'onlineService.domainName',
  'accessProvider',
  'otherServices',
  'leaderMobileReachable',
  'orderPending',
  'irrevocable',
];

const steps: Record<FilingType, readonly Step[]> = {
  // Where the server stands comes early: with one abroad there is nothing to file, and no personal data is to be asked for.
  initial: [
    'serviceKind',
    ['accessProvider', not(miniProgram)],
    contact,
    ...when(miniProgram, miniProgramOnly),
    ...when(not(miniProgram), [...filer, ...filerLeader, ...service, 'serviceCode']),
  ],
  'add-service': [
    'serviceKind',
    contact,
    'filerNumber',
    ...when(miniProgram, miniProgramOnly),
    ...when(not(miniProgram), [
      'filerName',
      'filerKind',
      'filerUnchanged',
      'accessProvider',
      'filedWithProvider',
      // A provider that has not filed for this filer before records it anew.
      ...when(is('filedWithProvider', 'no', 'unsure'), [...filer, ...filerLeader]),
      'sitesReachable',
      ...service,
      'serviceCode',
    ]),
  ],
  'add-access': [
    contact,
    'serviceNumber',
    ...knownFiler,
    'onlineService.domainName',
    'registrant',
    'registrantVerified',
    'accessProvider',
    'serviceCode',
    'keepPrevious',
    'leaderMobileReachable',
  ],
  change: [
    contact,
    'changeItems',
    // A service's number holds the filer's.
    ['serviceNumber', changedService],
    ['filerNumber', changedFiler],
    'accessProvider',
    ['filerName', changed('name', 'filer')],
    [
      'filerKind',
      changed('name', 'certificate', 'filer', 'address', 'legal-representative', 'service-leader', 'service-name', 'service-content'),
    ],
    ...when(all(changed('name', 'certificate', 'filer'), unit), ['creditCode']),
    ...when(all(changed('certificate'), individual), ['filerLeader.idNumber', 'filerLeader.validity']),
    ...when(changed('address'), ['filerDocumentAddress', 'filerProvince', 'filerAddress']),
    ...when(changed('legal-representative'), filerLeader),
    ...when(changed('leader-contact'), ['filerLeader.mobile', 'filerLeader.emergencyMobile', 'filerLeader.email']),
    ...when(changed('service-leader'), serviceLeaderItself),
    ['onlineService.name', changed('service-name')],
    ...when(changed('service-content'), ['contentCategories', 'serviceRemark', 'preApproval']),
    ['onlineService.domainName', changed('remove-domain')],
    ['ips', changed('ip')],
    ['newValue', any(changed('filer'), all(changed('certificate'), unit))],
    'orderPending',
  ],
  'cancel-filer': [
    contact,
    'filerNumber',
    ...knownFiler,
    'accessProvider',
    'otherServices',
    'leaderMobileReachable',
    'orderPending',
    'irrevocable',
  ],
  'cancel-service': cancelService,
  'cancel-access': cancelService,
  'recover-access': [
    'lostAccess',
    contact,
    ['filerNumber', not(lost('provider-account'))],
    ['accessProvider', not(lost('provider-unknown'))],
    ['onlineService.domainName', lost('provider-unknown')],
    ...when(lost('leader-mobile'), ['filerName', 'leaderEmployed', 'newMobile', 'canLogIn']),
  ],
  license: [
    'licenseTask',
    contact,
    'filerName',
    'creditCode',
    ['currentLicense', licensed],
    ...when(newLicense, [
      'registeredCapital',
      'provincesCovered',
      'foreignInvestment',
      'businessModel',
      'preApproval',
      'onlineService.domainName',
      'registrant',
      'filerNumber',
      'accessProvider',
      'siteReady',
      'sanctions',
    ]),
  ],
};

/** Fields whose answers hold only for the value of another one: they are read again when it changes. */
export const dependents: Partial<Record<FieldKey, readonly FieldKey[]>> = {
  filerKind: ['filerName', 'creditCode', 'registrant', 'onlineService.name', 'contentCategories', 'serviceRemark', 'filerLeader.idNumber'],
  filerProvince: [
    'filerLeader.idNumber',
    'filerNumber',
    'serviceNumber',
    'onlineService.name',
    'contentCategories',
    'filerLeader.isLegalRepresentative',
  ],
  filerName: ['onlineService.name'],
  'filerLeader.idNumber': ['filerLeader.validity', 'filerProvince', 'legalRepresentative.idNumber', 'serviceLeader.idNumber'],
  'filerLeader.name': ['legalRepresentative.name'],
  'filerLeader.mobile': ['filerLeader.emergencyMobile', 'serviceLeader.mobile'],
  'filerLeader.emergencyMobile': ['serviceLeader.emergencyMobile'],
  'filerLeader.email': ['serviceLeader.email'],
  'serviceLeader.isFilerLeader': ['serviceLeader.idNumber', 'serviceLeader.mobile', 'serviceLeader.emergencyMobile', 'serviceLeader.email'],
  'serviceLeader.idNumber': ['serviceLeader.validity'],
  'serviceLeader.mobile': ['serviceLeader.emergencyMobile'],
  serviceKind: ['onlineService.name', 'onlineService.domainName'],
  provincesCovered: ['registeredCapital'],
};
