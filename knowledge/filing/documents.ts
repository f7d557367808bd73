import { type ProvinceRule, provinceOf } from '../entities/province.ts';
import { type DocumentKind, documentTitles } from './document-kinds.ts';
import type { FilingType } from './filing-case.ts';
import type { Values } from './form.ts';
import { filerKinds, preApprovalSectors } from './kinds.ts';
import { isFirm, isPublicBody, leaderRule, rulesFor } from './province-readings.ts';
import { type Sector, type Situation, situationOf } from './situation.ts';

/** A document to prepare for one case, worded for customers. */
export interface RequiredDocument {
  kind: DocumentKind;
  title: string;
  /** Who signs or seals it. */
  signedBy?: string;
  /** Why it is on the list. */
  when?: string;
  note?: string;
  /** Not certain: by some sources, some provinces or in some cases; the agency says whether it is needed. */
  certain: boolean;
  source: DocumentSource;
}

export interface DocumentSource {
  title: string;
  /** When it was current: 2026-05, or a span as 2021/2024-04. */
  asOf: string;
}

/** What to prepare for exactly this case, the most important first. Unknown values count as not given yet; it never throws. */
export function documentsFor(type: FilingType, values: Values): RequiredDocument[] {
  return documentsIn(situationOf(type, values));
}

/** The same from the codes alone, as the printable list knows them. */
export function documentsIn(situation: Situation): RequiredDocument[] {
  const all =
    situation.service === 'mini-program' && situation.type !== 'license' ? miniProgram(situation) : byType[situation.type](situation);
  return merged(all);
}

// Providers' help pages, in the dates of the snapshots compared in 2026-11; providers are not named to customers.
const materials: DocumentSource = { title: '备案材料帮助文档', asOf: '2026-05' };
const guide: DocumentSource = { title: '备案操作指引', asOf: '2026-02' };
const appGuide: DocumentSource = { title: 'App备案帮助文档', asOf: '2026-07' };
const approvals: DocumentSource = { title: '前置审批说明文档', asOf: '2026-01' };
const changes: DocumentSource = { title: '备案变更帮助文档', asOf: '2026-05' };
const cancelling: DocumentSource = { title: '备案注销帮助文档', asOf: '2025-12' };
const licensing: DocumentSource = { title: '电信业务经营许可办理指南', asOf: '2024' };
const platform: DocumentSource = { title: '小程序备案平台说明', asOf: '2024-08' };

type List = (situation: Situation) => RequiredDocument[];

const byType: Record<FilingType, List> = {
  initial: (situation) => [
    ...filerDocuments(situation),
    ...leaderDocuments(situation),
    ...serviceDocuments(situation),
    ...provincial(situation),
  ],
  'add-service': (situation) => [
    ...(situation.leader ? [...filerDocuments(situation), ...leaderDocuments(situation)] : serviceLeaderDocuments(situation)),
    ...serviceDocuments(situation),
    ...provincial(situation),
    ...constructionPlan(situation),
  ],
  'add-access': (situation) => [
    ...filerDocuments(situation),
    ...leaderDocuments(situation),
    domainCertificate(),
    ...commitmentLetter(situation),
    ...mobileLost(situation),
    mandate(),
  ],
  change: (situation) => [...situation.changes.flatMap((item) => changed[item](situation)), mandate()],
  'cancel-filer': (situation) => [...cancelled(situation), mandate()],
  'cancel-service': (situation) => [...cancelled(situation), mandate()],
  'cancel-access': (situation) => [...mobileLost(situation), mandate()],
  'recover-access': (situation) => (situation.lost === 'provider-account' ? [] : [...mobileLost(situation)]),
  license: licence,
};

function document(kind: DocumentKind, source: DocumentSource, rest: Partial<RequiredDocument> = {}): RequiredDocument {
  return { kind, title: documentTitles[kind], certain: true, source, ...rest };
}

/** A document that a rule of a province asks for. */
function ruled(kind: DocumentKind, rule: ProvinceRule, rest: Partial<RequiredDocument> = {}): RequiredDocument {
  return document(kind, sourceOf(rule), { certain: isFirm(rule), note: rule.text, ...rest });
}

function sourceOf({ source, asOf }: ProvinceRule): DocumentSource {
  return { title: source.title, asOf };
}

function filerDocuments({ filer, province }: Situation): RequiredDocument[] {
  if (filer === undefined || filer === 'individual') return [];
  const [rule] = rulesFor(province, 'certificate', filer);
  const copy = rule && isFirm(rule) ? rule.text : '';
  return [
    document('filer-certificate', materials, {
      title: filerKinds[filer].certificate,
      note: `原件彩色拍照或扫描，剩余有效期三个月以上。${copy}`,
    }),
  ];
}

function idPair(prefix: 'leader' | 'service-leader', title: string, source = materials): RequiredDocument[] {
  return [
    document(`${prefix}-id-front`, source, { title: `${title}（人像面）` }),
    document(`${prefix}-id-back`, source, { title: `${title}（国徽面）`, note: '有效期看这一面，剩余三个月以上。' }),
  ];
}

function leaderDocuments(situation: Situation): RequiredDocument[] {
  const { filer, leader, province } = situation;
  if (filer === 'individual') return [...idPair('leader', '本人身份证件'), ...residenceProof(situation)];
  const other = leader === 'other';
  return [
    ...idPair('leader', '主体负责人身份证件'),
    ...(other ? [document('legal-representative-id', materials, { when: '主体负责人不是法定代表人', certain: false })] : []),
    ...(other && province ? leaderLetter(situation, province) : []),
    ...serviceLeaderDocuments(situation),
    ...residenceProof(situation),
  ];
}

function leaderLetter({ filer }: Situation, province: string): RequiredDocument[] {
  const signedBy = '法定代表人签字、单位盖章';
  const rule = rulesFor(province, 'filer-leader', filer).find(({ text }) => text.includes('授权书') && !text.includes('不用授权书'));
  const when = '主体负责人不是法定代表人';
  // Where nobody else is taken a letter does not help: the review says so.
  if (leaderRule(province, filer) === 'legal-representative') return [];
  return [
    rule
      ? ruled('authorization-letter', rule, { signedBy, when })
      : document('authorization-letter', materials, { signedBy, when, certain: false }),
  ];
}

function serviceLeaderDocuments({ filer, serviceLeader, province }: Situation): RequiredDocument[] {
  if (serviceLeader !== 'other') return [];
  const when = '服务负责人不是法定代表人';
  const signedBy = '法定代表人签字、单位盖章';
  const rule = rulesFor(province, 'filer-leader', filer).find(({ text }) => /网站负责人.*授权书/.test(text));
  const letter = rule
    ? ruled('authorization-letter', rule, { when, signedBy })
    : document('authorization-letter', materials, { when, signedBy, certain: false, note: '多数省要交，版本以当地要求为准。' });
  return [...idPair('service-leader', '服务负责人身份证件'), letter];
}

/** Individuals with a card from elsewhere, and leaders of units in the few provinces that ask for it. */
function residenceProof({ filer, province, certificate }: Situation): RequiredDocument[] {
  if (province === undefined || certificate === 'local' || filer === undefined) return [];
  const [rule] = rulesFor(province, 'nonlocal-id', filer);
  const { nonLocalId } = provinceOf(province);
  const asked = filer === 'individual' ? nonLocalId === 'proof' || nonLocalId === 'conflict' : rule !== undefined;
  if (!rule || !asked) return [];
  const known = certificate === 'elsewhere' && (filer !== 'individual' || nonLocalId === 'proof');
  return [ruled('residence-proof', rule, { when: '身份证不是本省的', certain: known && isFirm(rule) })];
}

function serviceDocuments(situation: Situation): RequiredDocument[] {
  const { service, sectors } = situation;
  const app = service === 'app' || service === 'quick-app';
  return [
    domainCertificate(),
    ...(app ? [document('app-icon', appGuide, { note: '有的平台要求不大于100KB，尺寸按平台要求。' })] : []),
    ...sectors.map(approval),
    ...nonInvolvement(situation),
    mandate(),
  ];
}

function domainCertificate(): RequiredDocument {
  return document('domain-certificate', guide, { note: '要看得到域名、持有人、证件类型和证件号，并与主体一致。' });
}

function mandate(): RequiredDocument {
  return document('agency-mandate', materials, { when: '委托我们代办', signedBy: '备案主体签字或盖章' });
}

function approval(sector: Sector): RequiredDocument {
  const { label, ...rest }: { label: string; document?: string; office?: string } = preApprovalSectors[sector];
  const when = `涉及${label}`;
  if (!rest.document)
    return document('pre-approval-document', approvals, {
      title: `${label}内容的说明`,
      when,
      certain: false,
      note: '专项审批已取消，有的省仍要说明。',
    });
  return document('pre-approval-document', approvals, {
    title: rest.document,
    when,
    // Medical care is examined by some provinces only; for drugs the procedure changed in 2025-12.
    certain: sector !== 'medical' && sector !== 'drugs',
    note: `由${rest.office ?? '主管部门'}出具，持证单位要与备案主体一致，且在有效期内。`,
  });
}

function nonInvolvement({ industry, province, filer }: Situation): RequiredDocument[] {
  if (!industry) return [];
  const [rule] = filer === 'individual' ? [] : rulesFor(province, 'commitment-template', filer);
  const rest = { when: '名称里有行业词、但不做这块业务', signedBy: '法定代表人签字、单位盖章', certain: false };
  return [rule ? ruled('non-involvement-commitment', rule, rest) : document('non-involvement-commitment', approvals, rest)];
}

/** What the province itself asks for. */
function provincial(situation: Situation): RequiredDocument[] {
  const { province, filer } = situation;
  const first = (subject: Parameters<typeof rulesFor>[1]) => rulesFor(province, subject, filer)[0];
  const approvalRule = isPublicBody(filer) && filer !== 'social-organization' ? first('gov-approval') : undefined;
  const party = first('party-building');
  const form = rulesFor(province, 'documents', filer).find(({ text }) => text.includes('核验单'));
  const explanation =
    filer === 'individual' ? undefined : rulesFor(province, 'site-name', filer).find(({ text }) => text.includes('情况说明'));
  return [
    ...commitmentLetter(situation),
    ...(form ? [ruled('authenticity-form', form, { signedBy: '本人签字' })] : []),
    ...(approvalRule ? [ruled('institution-approval', approvalRule, { signedBy: '主管部门' })] : []),
    ...(party ? [ruled('party-building-letter', party)] : []),
    ...(explanation
      ? [ruled('name-explanation', explanation, { signedBy: '法定代表人签字、单位盖章', certain: false, when: '网站名称不含单位简称' })]
      : []),
  ];
}

function commitmentLetter({ province, filer }: Situation): RequiredDocument[] {
  const rules = rulesFor(province, 'documents', filer).filter(({ text }) => text.includes('承诺书') && !text.includes('核验单'));
  // The newest that is firm; a template that was replaced is named in its note.
  const [rule] = [...rules].sort((a, b) => Number(isFirm(b)) - Number(isFirm(a)));
  const [individualTemplate] =
    filer === 'individual'
      ? rulesFor(province, 'commitment-template', filer).filter(({ text }) => text.includes('个人网站备案承诺书'))
      : [];
  if (individualTemplate)
    return [
      ruled('commitment-letter', individualTemplate, { title: '个人网站备案承诺书', signedBy: '本人签字', note: '用本省的专用模板。' }),
    ];
  if (!rule) return [];
  if (rule.text.includes('真实性')) return [ruled('truth-statement', rule, { signedBy: '服务负责人本人签字' })];
  return [ruled('commitment-letter', rule, { signedBy: filer === 'individual' ? '本人签字' : '法定代表人签字、单位盖章' })];
}

function constructionPlan({ province, filer }: Situation): RequiredDocument[] {
  const rule = rulesFor(province, 'site-limit', filer).find(({ text }) => text.includes('方案'));
  return rule ? [ruled('construction-plan', rule, { certain: false, when: '名下网站较多', signedBy: '单位盖章或本人签字' })] : [];
}

function mobileLost({ mobileLost: lost, filer }: Situation): RequiredDocument[] {
  if (!lost) return [];
  return [
    ...(filer === undefined || filer === 'individual'
      ? []
      : [document('filer-certificate', cancelling, { title: filerKinds[filer].certificate })]),
    ...idPair('leader', '负责人身份证件', cancelling),
    document('identity-statement', cancelling, {
      when: '备案手机收不到短信',
      certain: false,
      note: '由接入商人工核实；有的还要手持证件照。',
    }),
  ];
}

function cancelled(situation: Situation): RequiredDocument[] {
  const [rule] = situation.type === 'cancel-service' ? rulesFor(situation.province, 'cancel-site', situation.filer) : [];
  return [
    ...(rule
      ? [ruled('cancel-application', rule)]
      : [
          document('cancel-application', cancelling, {
            certain: false,
            when: '找不到接入商、要直接向管局申请',
            note: '表格在管局网站下载，附证件并盖章。',
          }),
        ]),
    ...mobileLost(situation),
  ];
}

const changed: Record<Situation['changes'][number], List> = {
  name: (situation) => [...filerDocuments(situation), ...ownIds(situation), ...renameProof(situation), domainCertificate()],
  certificate: (situation) => [...filerDocuments(situation), ...ownIds(situation)],
  address: filerDocuments,
  'legal-representative': (situation) => [...filerDocuments(situation), ...leaderDocuments(situation), ...newLetter(situation)],
  'leader-contact': () => [],
  'service-leader': (situation) => serviceLeaderDocuments({ ...situation, serviceLeader: 'other' }),
  'service-name': (situation) => situation.sectors.map(approval),
  'service-content': (situation) => situation.sectors.map(approval),
  'remove-domain': () => [],
  ip: () => [],
  filer: (situation) => [
    ...filerDocuments(situation),
    document('other-filer-certificate', changes, { certain: false }),
    domainCertificate(),
    ...renameProof(situation),
  ],
};

function ownIds({ filer }: Situation): RequiredDocument[] {
  return filer === 'individual' ? idPair('leader', '本人身份证件', changes) : [];
}

function renameProof({ province, filer }: Situation): RequiredDocument[] {
  if (filer === 'individual') return [];
  const rule = rulesFor(province, 'change-subject', filer).find(({ text }) => /更名|工商.*证明|附证明/.test(text));
  return [
    rule
      ? ruled('rename-proof', rule, { when: '单位更名' })
      : document('rename-proof', changes, { when: '单位更名', certain: false, note: '由登记机关出具，部分省要交。' }),
  ];
}

/** Hunan and Guizhou ask for a new letter whenever the filerLeader changes. */
function newLetter({ province, filer }: Situation): RequiredDocument[] {
  const rule = [...rulesFor(province, 'change-subject', filer), ...rulesFor(province, 'order-type', filer)].find(
    ({ text }) => text.includes('新的授权书') || text.includes('新授权书'),
  );
  return rule ? [ruled('authorization-letter', rule, { when: '更换主体负责人', signedBy: '法定代表人签字、单位盖章' })] : [];
}

function licence({ task, sectors }: Situation): RequiredDocument[] {
  if (task === 'transfer') return [];
  const held = task === 'renew' || task === 'change' || task === 'add' || task === 'annual-report' || task === 'cancel';
  const existing = held ? [document('current-license', licensing, { title: '现有许可证' })] : [];
  const base = document('filer-certificate', licensing, { title: '营业执照' });
  if (task === 'cancel' || task === 'annual-report' || task === 'change') return [...existing, base];
  return [
    ...existing,
    base,
    document('legal-representative-id', licensing),
    document('company-charter', licensing),
    document('staff-proof', licensing, { certain: false, note: '法规没有写人数；窗口常见要3人近一个月社保，各地不同。' }),
    document('business-plan', licensing),
    document('hosting-contract', licensing),
    document('domain-certificate', licensing, { note: '持有人要是公司本身，并已备案。' }),
    document('security-policy', licensing),
    ...sectors.map(approval),
  ];
}

/** Filed in the back office of the platform, which asks for its own selection. */
function miniProgram(situation: Situation): RequiredDocument[] {
  const { filer, sectors } = situation;
  if (situation.type !== 'initial' && situation.type !== 'add-service') return [];
  return [
    ...(filer === undefined || filer === 'individual'
      ? []
      : [document('filer-certificate', platform, { title: filerKinds[filer].certificate })]),
    ...idPair('leader', filer === 'individual' ? '本人身份证件' : '负责人身份证件', platform),
    ...sectors.map(approval),
    ...provincial(situation),
  ].map((each) => ({ ...each, note: [each.note, '在小程序平台后台上传。'].filter(Boolean).join('') }));
}

/** One entry for each document: the same letter may be needed for two leaders. */
function merged(all: readonly RequiredDocument[]): RequiredDocument[] {
  const byKey = new Map<string, RequiredDocument>();
  for (const each of all) {
    const key = `${each.kind} ${each.kind === 'pre-approval-document' ? each.title : ''}`;
    const before = byKey.get(key);
    const when = [...new Set([before?.when, each.when])].filter((reason) => reason !== undefined).join('；');
    const certain = each.certain || before?.certain === true;
    byKey.set(key, { ...(before?.certain && !each.certain ? before : each), certain, ...(when && { when }) });
  }
  return [...byKey.values()];
}
