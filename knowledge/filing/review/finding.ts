import type { ProvinceRule } from '../../entities/province.ts';
import type { FilingType } from '../filing-case.ts';
import type { FieldKey, Values } from '../form.ts';
import type { FilerKind } from '../kinds.ts';
import { isFirm } from '../province-readings.ts';

/** Something that makes filings fail, seen from what was filled in, before anybody is asked to judge it. */
export interface Finding {
  code: FindingCode;
  /** `must-fix`: filings are returned for it; `take-care`: they may be, or more is needed. */
  severity: Severity;
  /** What to change, the most likely first. */
  fields: FieldKey[];
  /** What the wording needs. Never a number of a certificate or a telephone, nor a person's name. */
  facts?: Record<string, string>;
  source: FindingSource;
}

export type Severity = 'must-fix' | 'take-care';

export interface FindingSource {
  title: string;
  /** When it was current: 2026-05, or a span as 2021/2024-04. */
  asOf: string;
}

/** What the checks look at. */
export interface Subject {
  type: FilingType;
  values: Values;
  /** The day in China. */
  today: string;
  filer: FilerKind | undefined;
  individual: boolean;
  /** Code of the province that the filing is made in, as far as it is known. */
  province: string | undefined;
}

export type Check = (subject: Subject) => Finding[];

const help = (title: string, asOf: string): FindingSource => ({ title: `${title}（云服务商公开帮助文档）`, asOf });
const names = help('域名与网站名称常见问题', '2026-02');
const domains = help('备案域名帮助文档', '2025-12');
const rejections = help('备案驳回常见问题', '2026-07');
const materials = help('备案材料帮助文档', '2026-05');
const people = help('主体与负责人常见问题', '2026-02');
const errors = help('备案核查与错误提示帮助文档', '2026-05');
const changing = help('备案变更帮助文档', '2026-05');
const cancelling = help('备案注销帮助文档', '2025-12');
const accessing = help('新增接入操作指引', '2026-02');
const conditions = help('备案条件帮助文档', '2026-05');
const approvals = help('前置审批说明文档', '2026-01');
const messages = help('备案短信核验帮助文档', '2026-07');
const apps = help('App备案帮助文档', '2026-07');
const identityCards: FindingSource = { title: '《居民身份证法》第5条', asOf: '2011' };
const order42: FindingSource = { title: '《电信业务经营许可管理办法》第6条', asOf: '2017' };
const order292: FindingSource = { title: '《互联网信息服务管理办法》第3、7条', asOf: '2011' };
const rules: FindingSource = { title: '各省备案要求汇总（云服务商公开帮助文档）', asOf: '2021/2026-01' };

/** Every cause that is looked for: how bad it is, unless a check knows better, and what that rests on. */
const causes = {
  // Domain.
  'registrant-other': ['must-fix', names],
  'registrant-legal-representative': ['take-care', help('备案管局要求与政策帮助文档', '2025-12')],
  'registrant-unsure': ['take-care', names],
  'registrant-unverified': ['must-fix', domains],
  'registrant-verification-unsure': ['take-care', domains],
  'domain-expired': ['must-fix', domains],
  'domain-expiring': ['take-care', domains],
  'domain-several': ['must-fix', names],
  'domain-suffix': ['take-care', domains],
  'domain-suffix-lost': ['take-care', cancelling],
  'domain-government-only': ['must-fix', materials],
  'domain-government-wanted': ['take-care', materials],
  // Names and content.
  'name-national': ['must-fix', names],
  'name-banned': ['must-fix', names],
  'name-form': ['must-fix', names],
  'name-too-short': ['must-fix', names],
  'name-long': ['take-care', names],
  'name-sensitive': ['take-care', names],
  'name-industry': ['take-care', approvals],
  'name-finance': ['take-care', approvals],
  'name-individual': ['must-fix', names],
  'name-individual-pattern': ['must-fix', rules],
  'name-unlike-filer': ['take-care', rules],
  'name-latin': ['take-care', rules],
  'name-unique': ['take-care', rules],
  'name-place': ['take-care', rules],
  'remark-short': ['must-fix', materials],
  'remark-long': ['must-fix', materials],
  'remark-vague': ['must-fix', materials],
  'remark-commercial': ['must-fix', rejections],
  'remark-declaration': ['take-care', rules],
  'content-individual': ['must-fix', rejections],
  'content-province': ['take-care', rules],
  'individual-commercial': ['must-fix', rejections],
  'license-maybe': ['take-care', order292],
  'pre-approval-needed': ['take-care', approvals],
  'pre-approval-individual': ['must-fix', approvals],
  'pre-approval-unsure': ['take-care', approvals],
  // The filer.
  'filer-kind-company': ['must-fix', rejections],
  'filer-kind-code': ['take-care', materials],
  'filer-name-individual': ['must-fix', people],
  'certificate-region': ['take-care', rules],
  'certificate-region-refused': ['must-fix', rules],
  'document-other-province': ['must-fix', names],
  'address-vague': ['must-fix', names],
  'address-other-province': ['take-care', names],
  'address-other-city': ['take-care', rules],
  'address-district-word': ['take-care', rules],
  'party-building': ['take-care', rules],
  'institution-approval': ['take-care', rules],
  'individual-business-rules': ['take-care', rules],
  'special-filer': ['take-care', materials],
  'parent-organization': ['take-care', rules],
  // People.
  'leader-not-legal-representative': ['must-fix', rules],
  'leader-letter': ['take-care', rules],
  'leader-foreign': ['take-care', rules],
  'leader-document': ['take-care', people],
  'leaders-must-be-same': ['must-fix', rules],
  'leaders-same-person': ['take-care', people],
  'leaders-share-mobile': ['must-fix', errors],
  'leaders-share-email': ['must-fix', errors],
  'leaders-share-emergency': ['take-care', people],
  'emergency-same': ['must-fix', people],
  'emergency-rule': ['take-care', rules],
  'mobile-virtual': ['take-care', messages],
  'mobile-data-card': ['take-care', messages],
  'mobile-local': ['take-care', rules],
  'too-young': ['must-fix', rules],
  'age-proof': ['take-care', rules],
  'too-old': ['take-care', rules],
  'certificate-expired': ['must-fix', materials],
  'certificate-expiring': ['must-fix', rules],
  'certificate-not-yet-valid': ['must-fix', materials],
  'certificate-long-term': ['take-care', identityCards],
  // Server and access.
  'server-overseas': ['must-fix', conditions],
  'server-registrar': ['take-care', conditions],
  'server-home': ['must-fix', conditions],
  'server-none': ['must-fix', conditions],
  'service-code-missing': ['take-care', conditions],
  'server-term': ['must-fix', conditions],
  'app-debug-key': ['take-care', apps],
  // The right order, at the right time.
  'order-pending': ['must-fix', rejections],
  'order-pending-unsure': ['take-care', rejections],
  'filer-changed': ['must-fix', accessing],
  'filer-changed-unsure': ['take-care', accessing],
  'sites-unreachable': ['must-fix', rejections],
  'sites-unreachable-unsure': ['take-care', rejections],
  'filer-elsewhere': ['take-care', accessing],
  'several-sites': ['take-care', rules],
  'leader-mobile-lost': ['must-fix', messages],
  'leader-mobile-unsure': ['take-care', messages],
  'service-number-incomplete': ['must-fix', accessing],
  'access-same-provider': ['must-fix', accessing],
  'access-before-cancelling': ['take-care', accessing],
  'change-province': ['must-fix', changing],
  'change-filer': ['must-fix', rules],
  'change-certificate-number': ['take-care', changing],
  'change-domain-holder-first': ['take-care', changing],
  'change-service-leader-too': ['take-care', changing],
  'change-whole-filing': ['take-care', rules],
  'change-domain-removed': ['take-care', changing],
  'cancel-everything': ['take-care', cancelling],
  'cancel-leaves-shell': ['take-care', cancelling],
  'cancel-last-access': ['must-fix', cancelling],
  'cancel-by-form': ['take-care', rules],
  'cancel-unconfirmed': ['must-fix', cancelling],
  'service-at-platform': ['take-care', { title: '小程序备案平台说明', asOf: '2024-08' }],
  // Lost access.
  'recover-by-person': ['take-care', cancelling],
  'recover-no-password': ['take-care', help('接入商帮助（备案密码取消）', '2020-08')],
  // Licence.
  'license-company-only': ['must-fix', order42],
  'license-capital': ['must-fix', order42],
  'license-capital-provinces': ['must-fix', order42],
  'license-foreign': ['take-care', { title: '工信部通信函〔2024〕107号（公开转载）', asOf: '2024-04' }],
  'license-sanctions': ['must-fix', order42],
  'license-sanctions-unsure': ['take-care', order42],
  'license-site-empty': ['must-fix', { title: '电信业务经营许可办理指南', asOf: '2024' }],
  'license-filing-first': ['take-care', { title: '电信业务经营许可办理指南', asOf: '2024' }],
  'license-staff': ['take-care', { title: '电信业务经营许可办理指南', asOf: '2024' }],
  'license-transfer': ['must-fix', { title: '电信业务经营许可管理规定', asOf: '2017' }],
  'license-perhaps-not': ['take-care', order292],
} as const satisfies Record<string, readonly [Severity, FindingSource]>;

export type FindingCode = keyof typeof causes;
export const findingCodes = Object.keys(causes) as FindingCode[];

export function found(code: FindingCode, fields: FieldKey[], facts?: Record<string, string>, severity?: Severity): Finding {
  const [usual, source] = causes[code];
  return { code, severity: severity ?? usual, fields, ...(facts && { facts }), source };
}

/** A finding that rests on a rule of a province, told with its words: old or disputed rules are only to be taken care of. */
export function foundByRule(
  code: FindingCode,
  fields: FieldKey[],
  rule: ProvinceRule,
  facts: Record<string, string> = {},
  severity?: Severity,
): Finding {
  const [usual] = causes[code];
  return {
    code,
    severity: severity ?? (isFirm(rule) ? usual : 'take-care'),
    fields,
    facts: { ...facts, rule: rule.text, asOf: rule.asOf, disputed: rule.disputed ? 'yes' : 'no' },
    source: { title: `${rule.source.title}（${rule.source.issuer}）`, asOf: rule.asOf },
  };
}

/** The findings whose condition holds. */
export function only(...each: readonly (Finding | false | undefined)[]): Finding[] {
  return each.filter((finding) => finding !== false && finding !== undefined);
}
