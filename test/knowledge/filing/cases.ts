import { checkCharacter as creditCharacter } from '../../../knowledge/entities/credit-code.ts';
import { checkCharacter } from '../../../knowledge/entities/id-number.ts';
import type { FieldKey, Values } from '../../../knowledge/filing/form.ts';

/** The day on which the cases are looked at. */
export const today = '2026-11-27';

/** A number that is written correctly; nobody has it. */
export function idNumber(region: string, birthday = '1980-05-06', order = '001'): string {
  const body = `${region}${birthday.replaceAll('-', '')}${order}`;
  return body + checkCharacter(body);
}

export function creditCode(beginning: string): string {
  const body = `${beginning}MA0000007`;
  return body + creditCharacter(body);
}

export function without(values: Values, ...keys: FieldKey[]): Values {
  return Object.fromEntries(Object.entries(values).filter(([key]) => !keys.includes(key as FieldKey)));
}

/** A company in Zhejiang with one website: nothing to mend. */
export const company = {
  serviceKind: 'website',
  filerKind: 'enterprise',
  filerProvince: '33',
  accessProvider: '某某云',
  contactMobile: '13800138000',
  filerName: '杭州青禾信息科技有限公司',
  creditCode: creditCode('91330100'),
  filerDocumentAddress: '浙江省杭州市西湖区文三路100号5层501室',
  filerAddress: '西湖区文三路100号5层501室',
  'filerLeader.isLegalRepresentative': 'yes',
  'filerLeader.name': '张三',
  'filerLeader.idNumber': idNumber('330106'),
  'filerLeader.validity': '2020-01-02/2040-01-02',
  'filerLeader.mobile': '13800138000',
  'filerLeader.emergencyMobile': '13900139000',
  'filerLeader.email': 'zhang@example.com',
  'onlineService.name': '青禾信息',
  'onlineService.domainName': 'example.com',
  registrant: 'filer',
  registrantVerified: 'yes',
  domainExpiry: '2028-01-01',
  contentCategories: 'portal',
  serviceRemark: '介绍本单位的软件服务、案例和联系方式，不提供交易、评论和下载。',
  preApproval: 'none',
  businessModel: 'none',
  'serviceLeader.isFilerLeader': 'yes',
  serviceCode: 'i-0a1b2c3d4e5f',
} satisfies Values;

/** With a second leader. */
export const twoLeaders: Values = {
  ...company,
  'serviceLeader.isFilerLeader': 'no',
  'serviceLeader.name': '李四',
  'serviceLeader.idNumber': idNumber('330106', '1985-07-08', '003'),
  'serviceLeader.validity': '2020-01-02/2040-01-02',
  'serviceLeader.mobile': '13700137000',
  'serviceLeader.emergencyMobile': '13600136000',
  'serviceLeader.email': 'li@example.com',
};

/** Somebody in Guangdong with a blog: nothing to mend. */
export const individual: Values = {
  ...without(company, 'creditCode', 'filerLeader.isLegalRepresentative', 'serviceLeader.isFilerLeader'),
  filerKind: 'individual',
  filerProvince: '44',
  filerName: '张三',
  filerDocumentAddress: '广东省深圳市南山区科苑路1号2栋301',
  filerAddress: '南山区科苑路1号2栋301',
  'filerLeader.idNumber': idNumber('440305'),
  'onlineService.name': '山间小记',
  contentCategories: 'blog',
  serviceRemark: '记录本人摄影练习和旅行见闻，只放照片和随笔，不提供交易、评论和下载。',
};

export const filed: Values = {
  filerKind: 'enterprise',
  filerName: company.filerName,
  creditCode: company.creditCode,
  accessProvider: '某某云',
  contactMobile: '13800138000',
  filerNumber: '浙ICP备20210338号',
  leaderMobileReachable: 'yes',
  orderPending: 'no',
};

export const addService: Values = {
  ...company,
  filerNumber: '浙ICP备20210338号',
  filerUnchanged: 'yes',
  filedWithProvider: 'yes',
  sitesReachable: 'yes',
};

export const addAccess: Values = {
  ...without(filed, 'filerNumber', 'orderPending'),
  serviceNumber: '浙ICP备20210338号-1',
  'onlineService.domainName': 'example.com',
  registrantVerified: 'yes',
  serviceCode: 'i-0a1b2c3d4e5f',
  previousProvider: '另一家云',
  keepPrevious: 'yes',
};

export const change: Values = {
  ...without(filed, 'leaderMobileReachable'),
  changeItems: 'leader-contact',
  'filerLeader.mobile': '13800138000',
  'filerLeader.emergencyMobile': '13900139000',
  'filerLeader.email': 'zhang@example.com',
};

export const cancelFiler: Values = { ...filed, otherServices: 'no', irrevocable: 'yes' };
export const cancelService: Values = {
  ...filed,
  serviceNumber: '浙ICP备20210338号-1',
  'onlineService.domainName': 'example.com',
  otherServices: 'yes',
  irrevocable: 'yes',
};

export const recover: Values = {
  lostAccess: 'provider-account',
  contactMobile: '13800138000',
  filerName: company.filerName,
  accessProvider: '某某云',
};

export const license: Values = {
  licenseTask: 'new',
  contactMobile: '13800138000',
  filerName: company.filerName,
  creditCode: company.creditCode,
  registeredCapital: '1000',
  provincesCovered: '33',
  foreignInvestment: 'no',
  businessModel: 'paid-content',
  filerNumber: '浙ICP备20210338号',
  'onlineService.domainName': 'example.com',
  registrant: 'filer',
  accessProvider: '某某云',
  siteReady: 'yes',
  preApproval: 'none',
  sanctions: 'no',
};
