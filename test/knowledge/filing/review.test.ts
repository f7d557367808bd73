import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FilingType, filingTypes } from '../../../knowledge/filing/filing-case.ts';
import { type FieldKey, fieldKeys, type Values } from '../../../knowledge/filing/form.ts';
import { type FindingCode, findingCodes, reviewFiling, type Severity } from '../../../knowledge/filing/review.ts';
import {
  addAccess,
  addService,
  cancelFiler,
  cancelService,
  change,
  company,
  creditCode,
  idNumber,
  individual,
  license,
  recover,
  today,
  twoLeaders,
  without,
} from './cases.ts';

const clean: [string, FilingType, Values][] = [
  ['a company', 'initial', company],
  ['a company with two leaders', 'initial', twoLeaders],
  ['an individual', 'initial', individual],
  ['another site', 'add-service', addService],
  ['another provider', 'add-access', addAccess],
  ['a change', 'change', change],
  ['cancelling a filer', 'cancel-filer', cancelFiler],
  ['cancelling a service', 'cancel-service', cancelService],
  ['cancelling access', 'cancel-access', cancelService],
  ['lost access', 'recover-access', recover],
  ['a licence', 'license', license],
  ['nothing said yet', 'initial', {}],
];

describe('a case with nothing to mend', () => {
  it.each(clean)('%s has no findings', (_, type, values) => {
    expect(reviewFiling(type, values, today).map(({ code }) => code)).toEqual([]);
  });
});

const hongKong = () => idNumber('810000');

/** Each cause, and a case that differs from a clean one by what raises it. */
const raised: [FindingCode, Severity, FilingType, Values][] = [
  ['registrant-other', 'must-fix', 'initial', { ...company, registrant: 'other' }],
  ['registrant-legal-representative', 'take-care', 'initial', { ...company, registrant: 'legal-representative' }],
  ['registrant-legal-representative', 'must-fix', 'initial', { ...company, filerProvince: '64', registrant: 'legal-representative' }],
  ['registrant-unsure', 'take-care', 'initial', { ...company, registrant: 'unsure' }],
  ['registrant-unverified', 'must-fix', 'initial', { ...company, registrantVerified: 'no' }],
  ['registrant-verification-unsure', 'take-care', 'initial', { ...company, registrantVerified: 'unsure' }],
  ['domain-expired', 'must-fix', 'initial', { ...company, domainExpiry: '2026-11-26' }],
  ['domain-expiring', 'take-care', 'initial', { ...company, domainExpiry: '2026-12-31' }],
  ['domain-expiring', 'take-care', 'initial', { ...individual, filerProvince: '31', domainExpiry: '2027-04-01' }],
  ['domain-several', 'must-fix', 'initial', { ...company, 'onlineService.domainName': 'example.com,example.cn' }],
  ['domain-suffix', 'take-care', 'initial', { ...company, 'onlineService.domainName': 'example.io' }],
  ['domain-suffix-lost', 'take-care', 'cancel-service', { ...cancelService, 'onlineService.domainName': 'example.io' }],
  ['domain-government-only', 'must-fix', 'initial', { ...company, 'onlineService.domainName': 'example.gov.cn' }],
  ['domain-government-wanted', 'take-care', 'initial', { ...company, filerKind: 'government', creditCode: creditCode('11330100') }],
  ['name-national', 'must-fix', 'initial', { ...company, 'onlineService.name': '中国青禾网' }],
  ['name-national', 'take-care', 'initial', { ...company, filerName: '中国青禾信息有限公司', 'onlineService.name': '中国青禾网' }],
  ['name-banned', 'must-fix', 'initial', { ...company, 'onlineService.name': '青禾维权网' }],
  ['name-form', 'must-fix', 'initial', { ...company, 'onlineService.name': 'QINGHE' }],
  ['name-too-short', 'must-fix', 'initial', { ...company, 'onlineService.name': '青禾' }],
  ['name-long', 'take-care', 'initial', { ...company, 'onlineService.name': '青禾信息软件服务与案例展示以及联系方式和招聘信息' }],
  ['name-sensitive', 'take-care', 'initial', { ...company, 'onlineService.name': '青禾社区' }],
  ['name-industry', 'take-care', 'initial', { ...company, 'onlineService.name': '青禾教育' }],
  ['name-finance', 'take-care', 'initial', { ...company, filerName: '杭州青禾投资有限公司' }],
  ['name-finance', 'must-fix', 'initial', { ...company, filerProvince: '42', filerName: '武汉青禾投资有限公司' }],
  ['name-individual', 'must-fix', 'initial', { ...individual, 'onlineService.name': '山间工作室' }],
  ['name-individual-pattern', 'must-fix', 'initial', { ...individual, filerProvince: '32', 'onlineService.name': '山间小记' }],
  ['name-unlike-filer', 'take-care', 'initial', { ...company, filerProvince: '51', 'onlineService.name': '云上好物' }],
  ['name-latin', 'take-care', 'initial', { ...company, filerProvince: '50', 'onlineService.name': '青禾信息Pro' }],
  ['name-unique', 'take-care', 'initial', { ...company, filerProvince: '61' }],
  ['name-place', 'take-care', 'initial', { ...company, filerProvince: '53', 'onlineService.name': '大理白族自治州旅游' }],
  ['remark-short', 'must-fix', 'initial', { ...company, serviceRemark: '介绍本单位的软件服务' }],
  [
    'remark-short',
    'must-fix',
    'initial',
    { ...individual, filerProvince: '15', serviceRemark: '记录本人摄影练习和旅行见闻，不含单位信息。' },
  ],
  ['remark-long', 'must-fix', 'initial', { ...company, serviceRemark: '介绍本单位的软件服务。'.repeat(20) }],
  ['remark-vague', 'must-fix', 'initial', { ...company, serviceRemark: '本网站仅供学习用，测试一下服务器能不能打开网页。' }],
  [
    'remark-commercial',
    'must-fix',
    'initial',
    { ...individual, serviceRemark: '展示本人制作的手工产品，附报价和联系方式，欢迎来信购买。' },
  ],
  ['remark-declaration', 'take-care', 'initial', { ...individual, filerProvince: '45' }],
  ['content-individual', 'must-fix', 'initial', { ...individual, contentCategories: 'e-commerce' }],
  ['content-province', 'must-fix', 'initial', { ...individual, filerProvince: '23', contentCategories: 'other' }],
  ['content-province', 'take-care', 'initial', { ...individual, filerProvince: '11', contentCategories: 'blog' }],
  ['individual-commercial', 'must-fix', 'initial', { ...individual, businessModel: 'own-shop' }],
  ['license-maybe', 'take-care', 'initial', { ...company, businessModel: 'paid-content,third-party' }],
  ['pre-approval-needed', 'take-care', 'initial', { ...company, preApproval: 'news' }],
  ['pre-approval-individual', 'must-fix', 'initial', { ...individual, preApproval: 'news' }],
  ['pre-approval-unsure', 'take-care', 'initial', { ...company, preApproval: 'unsure' }],
  ['filer-kind-company', 'must-fix', 'initial', { ...individual, filerName: '深圳青禾有限公司' }],
  ['filer-kind-code', 'take-care', 'initial', { ...company, creditCode: creditCode('92330100') }],
  ['filer-name-individual', 'must-fix', 'initial', { ...individual, filerName: '李四' }],
  ['certificate-region', 'take-care', 'initial', { ...individual, 'filerLeader.idNumber': idNumber('330106') }],
  ['certificate-region', 'take-care', 'initial', { ...company, creditCode: creditCode('91440300') }],
  ['certificate-region-refused', 'must-fix', 'initial', { ...without(individual, 'filerLeader.idNumber'), filerProvince: '41' }],
  ['certificate-region-refused', 'must-fix', 'initial', { ...individual, filerProvince: '41' }],
  ['document-other-province', 'must-fix', 'initial', { ...company, filerDocumentAddress: '江西省南昌市红谷滩区丰和大道1号' }],
  ['address-vague', 'must-fix', 'initial', { ...company, filerAddress: '西湖区文三路西边的写字楼' }],
  ['address-other-province', 'take-care', 'initial', { ...company, filerAddress: '江西省南昌市红谷滩区丰和大道1号' }],
  [
    'address-other-city',
    'take-care',
    'initial',
    {
      ...individual,
      filerProvince: '13',
      filerDocumentAddress: '河北省石家庄市长安区中山路1号',
      filerAddress: '河北省保定市莲池区朝阳大街1号',
    },
  ],
  ['address-district-word', 'take-care', 'initial', { ...company, filerAddress: '市辖区文三路100号5层' }],
  ['party-building', 'take-care', 'initial', { ...company, filerProvince: '65' }],
  ['institution-approval', 'take-care', 'initial', { ...company, filerKind: 'public-institution', filerProvince: '53' }],
  ['individual-business-rules', 'take-care', 'initial', { ...company, filerKind: 'individual-business' }],
  ['special-filer', 'take-care', 'initial', { ...company, filerKind: 'military' }],
  ['parent-organization', 'take-care', 'initial', { ...company, filerProvince: '64' }],
  ['leader-not-legal-representative', 'must-fix', 'initial', { ...company, 'filerLeader.isLegalRepresentative': 'no' }],
  ['leader-letter', 'take-care', 'initial', { ...company, filerProvince: '32', 'filerLeader.isLegalRepresentative': 'no' }],
  ['leader-letter', 'take-care', 'initial', { ...company, 'filerLeader.isLegalRepresentative': 'no', 'legalRepresentative.name': '张三' }],
  [
    'leader-foreign',
    'take-care',
    'initial',
    { ...company, filerProvince: '36', 'filerLeader.isLegalRepresentative': 'no', 'legalRepresentative.idNumber': hongKong() },
  ],
  ['leader-document', 'take-care', 'initial', { ...company, filerProvince: '36', 'filerLeader.idNumber': hongKong() }],
  ['leader-document', 'must-fix', 'initial', { ...individual, filerProvince: '35', 'filerLeader.idNumber': hongKong() }],
  ['leader-document', 'must-fix', 'initial', { ...twoLeaders, filerProvince: '35', 'serviceLeader.idNumber': hongKong() }],
  ['leaders-must-be-same', 'must-fix', 'initial', { ...twoLeaders, filerProvince: '51', 'filerLeader.isLegalRepresentative': 'no' }],
  ['leaders-same-person', 'take-care', 'initial', { ...twoLeaders, 'serviceLeader.idNumber': company['filerLeader.idNumber'] }],
  ['leaders-share-mobile', 'must-fix', 'initial', { ...twoLeaders, 'serviceLeader.mobile': '13800138000' }],
  ['leaders-share-email', 'must-fix', 'initial', { ...twoLeaders, 'serviceLeader.email': 'Zhang@example.com' }],
  ['leaders-share-emergency', 'take-care', 'initial', { ...twoLeaders, 'serviceLeader.emergencyMobile': '13900139000' }],
  ['emergency-same', 'must-fix', 'initial', { ...company, 'filerLeader.emergencyMobile': '13800138000' }],
  ['emergency-rule', 'take-care', 'initial', { ...company, filerProvince: '12' }],
  ['mobile-virtual', 'take-care', 'initial', { ...company, 'filerLeader.mobile': '17012345678' }],
  ['mobile-data-card', 'take-care', 'initial', { ...company, 'filerLeader.mobile': '14712345678' }],
  ['mobile-local', 'take-care', 'initial', { ...individual, filerProvince: '42' }],
  ['too-young', 'must-fix', 'initial', { ...company, 'filerLeader.idNumber': idNumber('330106', '2010-01-01') }],
  ['age-proof', 'take-care', 'initial', { ...individual, 'filerLeader.idNumber': idNumber('440305', '2009-12-01') }],
  ['too-old', 'take-care', 'initial', { ...company, filerProvince: '12', 'filerLeader.idNumber': idNumber('120101', '1960-01-01') }],
  ['certificate-expired', 'must-fix', 'initial', { ...company, 'filerLeader.validity': '2016-01-02/2026-01-02' }],
  ['certificate-expiring', 'must-fix', 'initial', { ...company, 'filerLeader.validity': '/2027-01-02' }],
  ['certificate-not-yet-valid', 'must-fix', 'initial', { ...company, 'filerLeader.validity': '2027-01-02/2040-01-02' }],
  ['certificate-long-term', 'take-care', 'initial', { ...company, 'filerLeader.validity': '2020-01-02/long' }],
  ['server-overseas', 'must-fix', 'initial', { ...company, accessProvider: '某某云香港' }],
  ['server-overseas', 'must-fix', 'initial', { ...company, serverLocation: 'outside' }],
  ['server-registrar', 'take-care', 'initial', { ...company, accessProvider: '某某域名注册商' }],
  ['server-home', 'must-fix', 'initial', { ...company, accessProvider: '家里的宽带' }],
  ['server-none', 'must-fix', 'initial', { ...company, accessProvider: 'none' }],
  ['service-code-missing', 'take-care', 'initial', { ...company, serviceCode: 'none' }],
  ['server-term', 'must-fix', 'initial', { ...company, serverTerm: '按量付费' }],
  ['app-debug-key', 'take-care', 'initial', { ...company, serviceKind: 'app', 'app.packageName': 'com.example.app.debug' }],
  ['order-pending', 'must-fix', 'change', { ...change, orderPending: 'yes' }],
  ['order-pending-unsure', 'take-care', 'change', { ...change, orderPending: 'unsure' }],
  ['filer-changed', 'must-fix', 'add-service', { ...addService, filerUnchanged: 'no' }],
  ['filer-changed-unsure', 'take-care', 'add-service', { ...addService, filerUnchanged: 'unsure' }],
  ['sites-unreachable', 'must-fix', 'add-service', { ...addService, sitesReachable: 'no' }],
  ['sites-unreachable-unsure', 'take-care', 'add-service', { ...addService, sitesReachable: 'unsure' }],
  ['filer-elsewhere', 'take-care', 'add-service', { ...addService, filedWithProvider: 'no' }],
  ['several-sites', 'take-care', 'add-service', { ...without(addService, 'filerProvince'), filerNumber: '湘ICP备20210338号' }],
  ['leader-mobile-lost', 'must-fix', 'add-access', { ...addAccess, leaderMobileReachable: 'no' }],
  ['leader-mobile-unsure', 'take-care', 'add-access', { ...addAccess, leaderMobileReachable: 'unsure' }],
  ['service-number-incomplete', 'must-fix', 'add-access', { ...addAccess, serviceNumber: '浙ICP备20210338号' }],
  ['access-same-provider', 'must-fix', 'add-access', { ...addAccess, previousProvider: '某某云' }],
  ['access-before-cancelling', 'take-care', 'add-access', { ...addAccess, keepPrevious: 'no' }],
  ['change-province', 'must-fix', 'change', { ...change, changeItems: 'address', filerProvince: '36' }],
  ['change-province', 'must-fix', 'change', { ...change, changeItems: 'address', filerDocumentAddress: '江西省南昌市红谷滩区丰和大道1号' }],
  ['change-filer', 'take-care', 'change', { ...change, filerNumber: '粤ICP备20210338号', changeItems: 'filer' }],
  ['change-filer', 'must-fix', 'change', { ...change, filerNumber: '川ICP备20210338号', changeItems: 'filer', filerProvince: '51' }],
  ['change-certificate-number', 'take-care', 'change', { ...change, changeItems: 'certificate' }],
  ['change-domain-holder-first', 'take-care', 'change', { ...change, changeItems: 'name' }],
  ['change-service-leader-too', 'take-care', 'change', { ...change, changeItems: 'legal-representative' }],
  ['change-whole-filing', 'take-care', 'change', { ...change, filerNumber: '苏ICP备20210338号', changeItems: 'service-name' }],
  ['change-domain-removed', 'take-care', 'change', { ...change, changeItems: 'remove-domain' }],
  ['cancel-everything', 'take-care', 'cancel-filer', { ...cancelFiler, otherServices: 'yes' }],
  ['cancel-leaves-shell', 'take-care', 'cancel-service', { ...cancelService, otherServices: 'no' }],
  ['cancel-last-access', 'must-fix', 'cancel-access', { ...cancelService, otherServices: 'no' }],
  ['cancel-by-form', 'take-care', 'cancel-service', { ...cancelService, filerNumber: '苏ICP备20210338号' }],
  ['cancel-unconfirmed', 'must-fix', 'cancel-filer', { ...cancelFiler, irrevocable: 'no' }],
  ['service-at-platform', 'take-care', 'initial', { ...company, serviceKind: 'mini-program' }],
  ['recover-by-person', 'take-care', 'recover-access', { ...recover, lostAccess: 'leader-mobile', canLogIn: 'no' }],
  ['recover-no-password', 'take-care', 'recover-access', { ...recover, lostAccess: 'filing-password' }],
  ['license-company-only', 'must-fix', 'license', { ...license, creditCode: creditCode('92330100') }],
  ['license-capital', 'must-fix', 'license', { ...license, registeredCapital: '50' }],
  ['license-capital-provinces', 'must-fix', 'license', { ...license, registeredCapital: '500', provincesCovered: 'all' }],
  ['license-foreign', 'take-care', 'license', { ...license, foreignInvestment: 'yes' }],
  ['license-sanctions', 'must-fix', 'license', { ...license, sanctions: 'yes' }],
  ['license-sanctions-unsure', 'take-care', 'license', { ...license, sanctions: 'unsure' }],
  ['license-site-empty', 'must-fix', 'license', { ...license, siteReady: 'no' }],
  ['license-filing-first', 'take-care', 'license', { ...license, filerNumber: 'none' }],
  ['license-staff', 'take-care', 'license', { ...license, staff: '1' }],
  ['license-transfer', 'must-fix', 'license', { ...license, licenseTask: 'transfer' }],
  ['license-perhaps-not', 'take-care', 'license', { ...license, businessModel: 'own-shop' }],
];

describe('a cause of rejection', () => {
  it.each(raised)('%s is found as %s (%s)', (code, severity, type, values) => {
    const finding = reviewFiling(type, values, today).find((each) => each.code === code);
    expect(finding).toMatchObject({ code, severity });
    expect(finding?.fields.length).toBeGreaterThan(0);
    expect(finding?.source).toEqual({
      title: expect.stringMatching(/\S/),
      asOf: expect.stringMatching(/^\d{4}(-\d\d)?(\/\d{4}(-\d\d)?)?$/),
    });
  });

  it('has a case here, whatever it is', () => {
    const tried = new Set(raised.map(([code]) => code));
    expect(findingCodes.filter((code) => !tried.has(code))).toEqual([]);
  });
});

describe('what is not found', () => {
  it.each<[string, FindingCode, FilingType, Values]>([
    [
      'a remark that rules trade out',
      'remark-commercial',
      'initial',
      { ...individual, serviceRemark: '记录本人摄影练习和旅行见闻，不涉及公司、产品和报价信息。' },
    ],
    ['a trade that is approved', 'name-industry', 'initial', { ...company, 'onlineService.name': '青禾教育', preApproval: 'education' }],
    [
      'an address without a number that says so',
      'address-vague',
      'initial',
      { ...company, filerAddress: '西湖区龙坞镇外桐坞村村委会', filerRemark: '地址已为最详细' },
    ],
    ['servers in Hong Kong and Beijing', 'server-overseas', 'initial', { ...company, accessProvider: '某某云，香港和北京都有' }],
    ['a city that begins with 无', 'server-none', 'initial', { ...company, accessProvider: '无锡电信机房' }],
    ['a company that a national office registered', 'certificate-region', 'initial', { ...company, creditCode: creditCode('91100000') }],
    ['a residence permit where no rule is against it', 'leader-document', 'initial', { ...individual, 'filerLeader.idNumber': hongKong() }],
    ['a card from elsewhere where all are taken', 'document-other-province', 'initial', { ...individual, filerProvince: '11' }],
    ['a residence permit', 'certificate-region', 'initial', { ...individual, 'filerLeader.idNumber': hongKong() }],
    ['one leader with one number', 'leaders-share-mobile', 'initial', { ...company, 'serviceLeader.mobile': '13800138000' }],
    [
      'a long term of somebody old enough',
      'certificate-long-term',
      'initial',
      { ...company, 'filerLeader.idNumber': idNumber('330106', '1960-01-01'), 'filerLeader.validity': '2010-01-02/long' },
    ],
    [
      'a blog in Jiangsu',
      'name-individual-pattern',
      'initial',
      { ...individual, filerProvince: '32', 'onlineService.name': '小舟的个人博客' },
    ],
    ['an app without a domain', 'domain-suffix', 'initial', { ...company, serviceKind: 'app', 'onlineService.domainName': 'none' }],
    ['several provinces with capital for all', 'license-capital-provinces', 'license', { ...license, provincesCovered: '33,44' }],
  ])('%s: no %s', (_, code, type, values) => {
    expect(reviewFiling(type, values, today).map((each) => each.code)).not.toContain(code);
  });
});

it('puts what must be mended first', () => {
  const findings = reviewFiling(
    'initial',
    { ...company, registrant: 'unsure', registrantVerified: 'no', businessModel: 'ads', 'onlineService.name': '青禾' },
    today,
  );
  expect(findings.map(({ severity }) => severity)).toEqual(['must-fix', 'must-fix', 'take-care', 'take-care']);
});

it('tells nobody’s numbers or names', () => {
  for (const [, , type, values] of raised) {
    const told = JSON.stringify(reviewFiling(type, values, today));
    for (const field of [
      'filerLeader.idNumber',
      'filerLeader.mobile',
      'filerLeader.name',
      'serviceLeader.idNumber',
      'serviceLeader.name',
    ] as FieldKey[]) {
      const value = values[field];
      if (value) expect(told, field).not.toContain(value);
    }
  }
});

/** Values that a form might hold, and others. */
const anyValue = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    'yes',
    'no',
    'unsure',
    'none',
    'all',
    'other',
    '44',
    '99',
    'enterprise',
    'individual',
    'website',
    '2026-13-45',
    '/',
    'a/b/c',
    '/long',
    '2020-02-30/long',
    '__proto__',
    'constructor',
    'toString',
    '中国',
    '浙ICP备12345678号-1',
  ),
);
const anyValues = fc.dictionary(fc.constantFrom(...fieldKeys), anyValue) as fc.Arbitrary<Values>;

it('never throws, whatever the values', () => {
  fc.assert(
    fc.property(fc.constantFrom(...filingTypes), anyValues, (type, values) => {
      for (const { code } of reviewFiling(type, values, today)) expect(findingCodes).toContain(code);
    }),
    { numRuns: 2000 },
  );
});
