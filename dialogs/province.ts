import {
  type Administration,
  type Province,
  type ProvinceRule,
  type ProvinceRules,
  provinceOf,
  provinceRules,
  type RuleSubject,
  spanOf,
  withRules,
} from '../knowledge/entities/province.ts';
import { provinceSubjects, rulesOnTopic } from '../knowledge/entities/province-topics.ts';
import { administrationLink, restsOn } from './messages.ts';

/** What the bot says about one province. */
export interface ProvinceAnswer {
  /**
   * `rules`: the province's rules on the topic; `overview`: its most important rules; `none`: no rule of its own is known, and the
   * topic's general answer belongs after it.
   */
  basis: 'rules' | 'overview' | 'none';
  /** Markdown of the subset that `knowledge/faq` uses. */
  text: string;
  /** Issuers and dates, in the form that `messages.provenance` gives to a topic. */
  provenance: string;
}

/** Characters that the rules of one answer may take; what goes beyond is counted, not shown. */
const mostCharacters = 380;
const mostInOverview = 6;

/**
 * The answer for a province, by its code: to a topic of `knowledge/faq` (广东呢 after 未满18岁能备案吗), or what matters most when
 * there is no topic. Rules come with their dates and with whether sources disagree.
 */
export function aboutProvince(code: string, topic?: string): ProvinceAnswer {
  const province = provinceOf(code);
  if (topic === undefined || provinceSubjects(topic) === 'overview') return overview(province);
  const known = rulesOnTopic(code, topic);
  return known.rules.length > 0 ? onTopic(province, known) : noRule(province, known);
}

function onTopic(province: Province, known: ProvinceRules): ProvinceAnswer {
  const [first, ...rest] = known.rules;
  if (!first) return noRule(province, known);
  const { text, says } = conclusion(province, first);
  const lines = shorten(says ? rest : known.rules, text.length, (rule) => line(rule, first.subject));
  return {
    basis: 'rules',
    text: paragraphs(`**${text}**${says ? note(first) : ''}`, lines.join('\n'), caution(province, known)),
    provenance: provenance(known),
  };
}

function overview(province: Province): ProvinceAnswer {
  const known = provinceRules(province.code);
  const subjects = new Set<RuleSubject>();
  const important = known.rules
    .filter(({ subject, common }) => !common && !subjects.has(subject) && subjects.add(subject))
    .slice(0, mostInOverview);
  const shown = important.slice(
    0,
    fitting(important, 0, (rule) => line(rule)),
  );
  const told = withRules(known, (rule) => shown.includes(rule));
  return {
    basis: 'overview',
    text: paragraphs(
      `**在${province.shortName}备案，常遇到的当地要求有这几条。**`,
      shown.map((rule) => line(rule)).join('\n'),
      caution(province, told),
      contact(province.administration),
    ),
    provenance: provenance(told),
  };
}

function noRule(province: Province, { reviewed }: ProvinceRules): ProvinceAnswer {
  return {
    basis: 'none',
    text: paragraphs(
      `**关于这个问题，我手上没有${province.shortName}的单独规定，请先按通用要求准备。**`,
      `我的资料核对到${reviewed}，${province.shortName}也可能另有要求，请以${administrationLink(province.administration)}和接入商的当前要求为准。`,
    ),
    provenance: restsOn([], reviewed),
  };
}

/** The sentence in bold; `says` when it tells all that the first rule has to tell. */
function conclusion(province: Province, first: ProvinceRule): { text: string; says: boolean } {
  const { subject, applies, text, disputed, common } = first;
  if (subject === 'nonlocal-id') {
    return { text: nonLocalConclusion(province), says: /^(?:接受外省身份证|只收[^，；]+身份证)。$/.test(text) };
  }
  const title = titles[subject];
  const who = applies === 'all' || title.includes(appliesTo[applies]) ? '' : `（${appliesTo[applies]}）`;
  const about = `${province.shortName}关于${title}的要求`;
  if (disputed) return { text: `${about}，各份资料说法不一，请先确认再办。`, says: false };
  return { text: `${about}${common ? '和多数省一样' : ''}${who}：${text}`, says: true };
}

function nonLocalConclusion({ shortName, nonLocalId }: Province): string {
  switch (nonLocalId) {
    case 'accepted':
      return `在${shortName}，个人备案接受外省身份证。`;
    case 'proof':
      return `在${shortName}，外省身份证可以办个人备案，但要准备当地的居住证等证明。`;
    case 'rejected':
      return `在${shortName}，个人备案只收当地身份证，外省的不收。`;
    case 'conflict':
      return `外省身份证能不能在${shortName}办个人备案，各份资料说法不一，请先问接入商或管局再决定。`;
  }
}

const appliesTo = { organization: '单位', individual: '个人' } as const;

/** One rule as a list item; its subject is named unless it is the one that the answer is about. */
function line(rule: ProvinceRule, about?: RuleSubject): string {
  const title = rule.subject === about ? '' : titles[rule.subject];
  const who = rule.applies === 'all' || title.includes(appliesTo[rule.applies]) ? '' : appliesTo[rule.applies];
  const head = title && who ? `**${title}（${who}）**：` : title || who ? `**${title || who}**：` : '';
  return `- ${head}${rule.text}${note(rule)}`;
}

/** When a rule is from, and that it is disputed, unless its own words say so. */
function note({ text, asOf, disputed }: ProvinceRule): string {
  const parts = [...(/\d{4}年.*资料|资料.*\d{4}年/.test(text) ? [] : [period(asOf)]), ...(disputed ? ['说法不一'] : [])];
  return parts.length > 0 ? `（${parts.join('，')}）` : '';
}

/** The rules worded, as many as fit, and how many were left out. */
function shorten(rules: readonly ProvinceRule[], used: number, word: (rule: ProvinceRule) => string): string[] {
  const count = fitting(rules, used, word);
  const left = rules.length - count;
  const lines = rules.slice(0, count).map(word);
  if (left > 0) lines.push(`- 另有${left}条较细的要求没有列出，请问接入商。`);
  return lines;
}

/** How many rules fit from the front, at least one. */
function fitting(rules: readonly ProvinceRule[], used: number, word: (rule: ProvinceRule) => string): number {
  let characters = used;
  const over = rules.findIndex((rule) => {
    characters += word(rule).length;
    return characters > mostCharacters;
  });
  return over < 0 ? rules.length : Math.max(over, 1);
}

// The only two provinces whose names sound the same.
const soundsLike: Record<string, string> = { 山西: '陕西', 陕西: '山西' };

function caution({ shortName, administration }: Province, { asOf, disputed }: ProvinceRules): string {
  const other = soundsLike[shortName];
  const which = other ? `这里说的是${shortName}，不是${other}。` : '';
  const dated = asOf ? `以上是${period(asOf)}的资料，${disputed ? '有的说法不一，' : ''}当地要求会调整，` : '';
  return `${which}${dated}请以${administrationLink(administration)}和接入商的当前要求为准。`;
}

function contact({ phone }: Administration): string {
  return phone ? `管局电话：${phone.number}（${period(phone.asOf)}的资料，请先到官网核实）。` : '';
}

function provenance({ rules, reviewed }: ProvinceRules): string {
  const sources = [...new Map(rules.map(({ source }) => [source.title, source])).values()];
  const cited = sources.map(({ title, issuer }) => {
    const asOf = spanOf(rules.filter(({ source }) => source.title === title)) ?? '';
    return `${title}（${issuer}，${asOf.replace('/', '至')}）`;
  });
  return restsOn(cited, reviewed);
}

/** 2021/2023 as 2021至2023年, 2021/2024-04 as 2021年至2024年4月. */
function period(asOf: string): string {
  const [from = '', to] = asOf.split('/');
  if (to === undefined) return moment(from);
  return from.length === 4 && to.length === 4 ? `${from}至${to}年` : `${moment(from)}至${moment(to)}`;
}

function moment(date: string): string {
  const [year, month] = date.split('-');
  return month === undefined ? `${year}年` : `${year}年${Number(month)}月`;
}

function paragraphs(...texts: readonly string[]): string {
  return texts.filter((text) => text !== '').join('\n\n');
}

const titles: Record<RuleSubject, string> = {
  'nonlocal-id': '外省身份证',
  age: '年龄',
  'filer-leader': '负责人',
  'phone-local': '手机号归属地',
  'per-order-limit': '一次提交的数量',
  'site-limit': '网站数量',
  'access-provider': '接入商',
  'party-building': '党建证明',
  documents: '材料',
  'order-type': '变更方式',
  'combined-order': '变更与新增一起办',
  'cancel-site': '注销网站',
  'cancel-shell': '注销空壳主体',
  'shell-subject': '空壳主体',
  'change-subject': '变更主体',
  'footer-number': '底部挂号',
  'site-name': '网站名称',
  'service-content': '服务内容',
  'site-remark': '网站备注',
  certificate: '单位证件',
  'individual-business': '个体工商户',
  'emergency-contact': '应急电话',
  'contact-unique': '联系方式',
  'domain-owner': '域名持有人',
  'domain-suffix': '域名后缀',
  'domain-registrar': '域名注册商',
  'domain-validity': '域名有效期',
  'one-domain-per-site': '网站与域名对应',
  'foreign-leader': '外籍负责人',
  'id-document': '个人证件',
  'id-validity': '证件有效期',
  address: '地址填写',
  'prior-approval': '前置审批',
  'commitment-template': '不涉及承诺书',
  'gov-approval': '党政机关、事业单位审批',
  'gov-domain': '党政机关、事业单位域名',
  'site-content': '网站内容',
  'unfiled-site': '备案前的网站',
  photo: '照片',
  'commercial-license': '经营许可证',
  'annual-review': '年审',
};
