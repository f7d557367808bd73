/** The files that a case may need: `kind` of what a customer uploads. The names are those that customers know the documents by. */
export const documentTitles = {
  'filer-certificate': '主体证件（营业执照、法人证书等）',
  'leader-id-front': '主体负责人身份证件（人像面）',
  'leader-id-back': '主体负责人身份证件（国徽面）',
  'legal-representative-id': '法定代表人身份证件（正反面）',
  'service-leader-id-front': '服务负责人身份证件（人像面）',
  'service-leader-id-back': '服务负责人身份证件（国徽面）',
  'authorization-letter': '负责人授权书',
  'agency-mandate': '代办委托书',
  'domain-certificate': '域名证书或实名截图',
  'commitment-letter': '互联网信息服务备案承诺书',
  'truth-statement': '真实性责任告知书和承诺书',
  'authenticity-form': '个人备案核验单',
  'non-involvement-commitment': '不涉及前置审批承诺书',
  'pre-approval-document': '前置审批文件',
  'residence-proof': '居住证或其他居住证明',
  'construction-plan': '网站建设方案书',
  'name-explanation': '网站名称情况说明',
  'institution-approval': '编办或主管部门的审核文件',
  'party-building-letter': '网站党建备案信息确认函',
  'rename-proof': '更名函或变更核准通知',
  'other-filer-certificate': '新主体的证件和负责人证件',
  'identity-statement': '身份证明和盖章声明函',
  'cancel-application': '注销申请表',
  'company-charter': '公司章程和股权结构',
  'staff-proof': '管理、技术人员身份材料和社保证明',
  'business-plan': '业务发展计划和技术方案',
  'hosting-contract': '服务器接入协议和接入商资质',
  'security-policy': '网络与信息安全管理制度',
  'current-license': '现有许可证',
  'app-icon': 'App图标',
} as const satisfies Record<string, string>;

export type DocumentKind = keyof typeof documentTitles;
export const documentKinds = Object.keys(documentTitles) as DocumentKind[];

export function isDocumentKind(kind: string): kind is DocumentKind {
  return Object.hasOwn(documentTitles, kind);
}
