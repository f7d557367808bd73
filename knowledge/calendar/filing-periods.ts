import type { Source } from '../faq-entry.ts';

/** A period of filing or licensing as a topic of the knowledge base states it; the words for it stand in `dialogs/deadline.ts`. */
export interface FilingPeriod {
  /** Natural days or workdays from the day after the start; `days-before` counts back from a day that is to come. */
  unit: 'workdays' | 'days' | 'days-before';
  /** The longest that is allowed or usual. */
  most: number;
  /** What is usual, where that is less than the longest: from, to. */
  usual?: readonly [number, number];
  sources: readonly Source[];
  /** The day on which the figures were compared with their sources. */
  reviewed: string;
}

const reviewed = '2026-11-24';

const administrationReview: Source = {
  title: '《非经营性互联网信息服务备案管理办法》第12条',
  issuer: '原信息产业部',
  published: '2005-03-20',
};
const networkSecurity: Source = {
  title: '《计算机信息网络国际联网安全保护管理办法》第12、23条（2011年修订文本）',
  issuer: '公安部',
  published: '2011',
};
// The articles of order 42 on changes and renewal were not checked one by one, so none are cited.
const licenceOrder: Source = { title: '《电信业务经营许可管理办法》', issuer: '工业和信息化部', published: '2017' };

/** A provider's help pages; providers are not named to visitors. */
function help(title: string, published: string): Source {
  return { title, issuer: '云服务商公开帮助文档', published };
}

/** Order 33 of 2005 (33号令), article 12: an answer within 20 workdays, weekends and public holidays excepted. */
const twentyWorkdays = { unit: 'workdays', most: 20, sources: [administrationReview], reviewed } as const satisfies FilingPeriod;

/** The topics for which a date can be computed. */
export const filingPeriods = {
  'review-time': twentyWorkdays,
  'change-review-time': twentyWorkdays,
  'resubmit-requeue': twentyWorkdays,
  'app-filing-process': { unit: 'workdays', most: 20, sources: [help('App备案帮助文档', '2026-05')], reviewed },
  'cancel-time': {
    unit: 'workdays',
    usual: [1, 5],
    most: 20,
    sources: [help('备案注销帮助文档', '2025-12'), help('注销主体操作指引', '2026-02')],
    reviewed,
  },
  // One to two weeks when all goes well; at most 2 workdays at the provider, 1 for the SMS code and 20 at the administration.
  'timeline-total': {
    unit: 'workdays',
    usual: [5, 10],
    most: 23,
    sources: [help('备案操作指引与审核常见问题', '2026-02'), help('备案进度帮助文档', '2026-05')],
    reviewed,
  },
  'provider-precheck': { unit: 'workdays', usual: [1, 2], most: 5, sources: [help('备案进度帮助文档', '2026-05')], reviewed },
  'sms-verification': {
    unit: 'days', // 24 hours: the same time on the next day
    most: 1,
    sources: [help('短信核验操作指引', '2026-02'), help('备案短信核验帮助文档', '2026-07')],
    reviewed,
  },
  'domain-realname-wait': {
    unit: 'workdays',
    usual: [3, 5],
    most: 5,
    sources: [help('备案域名帮助文档', '2025-12'), help('备案常见问题（域名实名）', '2026-02')],
    reviewed,
  },
  'reject-domain-realname': {
    unit: 'workdays',
    usual: [3, 5],
    most: 5,
    sources: [help('域名与网站名称常见问题', '2026-02'), help('备案驳回常见问题帮助文档', '2026-07')],
    reviewed,
  },
  'info-check-notice': { unit: 'workdays', most: 10, sources: [help('备案核查与错误提示帮助文档', '2026-05')], reviewed },
  'change-deadline': {
    unit: 'days-before',
    most: 30,
    sources: [
      { title: '《非经营性互联网信息服务备案管理办法》第14条、第26条', issuer: '原信息产业部', published: '2005-03-20' },
      { title: '《互联网信息服务管理办法》第11条（2011年修订文本）', issuer: '国务院', published: '2011' },
    ],
    reviewed,
  },
  'ps-deadline': { unit: 'days', most: 30, sources: [networkSecurity], reviewed },
  'ps-app': { unit: 'days', most: 30, sources: [help('公安联网备案操作说明与指引', '2024-11')], reviewed },
  'ps-number-display': { unit: 'days', most: 30, sources: [help('公安联网备案操作说明', '2024-11')], reviewed },
  'license-time': {
    unit: 'days', // the articles say 60日, not 工作日
    most: 60,
    sources: [
      { title: '《互联网信息服务管理办法》第7条（2011年修订文本，2024年再次修订）', issuer: '国务院', published: '2011' },
      { title: '《中华人民共和国电信条例》第14条（2016年修订文本）', issuer: '国务院', published: '2016' },
    ],
    reviewed,
  },
  'license-change': {
    unit: 'days',
    most: 30,
    sources: [{ title: '《中华人民共和国电信条例》第15条（2016年修订文本）', issuer: '国务院', published: '2016' }, licenceOrder],
    reviewed,
  },
  'license-renewal': { unit: 'days-before', most: 90, sources: [licenceOrder], reviewed },
} as const satisfies Record<string, FilingPeriod>;

export type DatedTopic = keyof typeof filingPeriods;

/** Whether a date can be computed for a topic. */
export function hasPeriod(topic: string): topic is DatedTopic {
  return Object.hasOwn(filingPeriods, topic);
}
