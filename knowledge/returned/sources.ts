/** What the causes rest on: public help pages and rules, compared in the survey of 2026-11. `asOf`: when they were current. */
export interface NoticeSource {
  title: string;
  issuer: string;
  asOf: string;
}

const helpPages = '云服务商公开帮助文档';

export const sources = {
  returns: { title: '备案驳回常见问题帮助文档', issuer: helpPages, asOf: '2026-07' },
  materials: { title: '备案驳回与备案材料帮助文档', issuer: helpPages, asOf: '2026-07' },
  review: { title: '备案审核常见问题', issuer: helpPages, asOf: '2026-02' },
  names: { title: '网站名称命名要求', issuer: helpPages, asOf: '2026-02' },
  sms: { title: '备案短信核验帮助文档', issuer: helpPages, asOf: '2026-07' },
  domains: { title: '备案域名帮助文档', issuer: helpPages, asOf: '2025-12' },
  oneDomain: { title: '工信管函〔2019〕633号（公开转载文本）', issuer: '工业和信息化部', asOf: '2019-04' },
  provinces: { title: '各省备案要求汇总', issuer: helpPages, asOf: '2024-04' },
  templates: { title: '备案承诺书与授权书模板（分省）', issuer: helpPages, asOf: '2026-01' },
  offices: { title: '各省管局备案要求问答', issuer: helpPages, asOf: '2025-12' },
  orders: { title: '备案流程与进度查询帮助文档', issuer: helpPages, asOf: '2026-05' },
  changes: { title: '备案变更帮助文档', issuer: helpPages, asOf: '2026-05' },
  cancelling: { title: '备案注销帮助文档（含各省空壳主体处理）', issuer: helpPages, asOf: '2025-12' },
  checks: { title: '备案核查与错误提示帮助文档', issuer: helpPages, asOf: '2026-05' },
  servers: { title: '备案服务器与名额常见问题', issuer: helpPages, asOf: '2026-02' },
  preApproval: { title: '前置审批说明', issuer: helpPages, asOf: '2026-02' },
  apps: { title: 'App备案帮助文档', issuer: helpPages, asOf: '2026-05' },
  miniPrograms: { title: '小程序备案接口说明', issuer: '小程序平台公开文档', asOf: '2024-08' },
  archive: { title: '常见驳回原因（存档）', issuer: helpPages, asOf: '2022' },
  order33: { title: '《非经营性互联网信息服务备案管理办法》', issuer: '原信息产业部', asOf: '2005-03-20' },
  licenses: { title: '《电信业务经营许可管理办法》', issuer: '工业和信息化部', asOf: '2017' },
} as const satisfies Record<string, NoticeSource>;

export type SourceKey = keyof typeof sources;

/** The day on which the table was last compared with its sources. */
export const reviewed = '2026-11-24';
