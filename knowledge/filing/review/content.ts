import { listed } from '../form.ts';
import { commercialWords, wordsIn } from '../name-words.ts';
import { declarationProvinces, isFirm, rulesFor } from '../province-readings.ts';
import { type Check, type Finding, found, foundByRule, only, type Subject } from './finding.ts';

/** What the service offers, and how it is described. Intake survey of 2026-11, sections 2.14 and 8. */
export const checkContent: Check = (subject) => [
  ...remark(subject),
  ...declaration(subject),
  ...categories(subject),
  ...business(subject),
  ...approvals(subject),
];

function remark({ values: { serviceRemark: text }, individual, province }: Subject): Finding[] {
  if (text === undefined) return [];
  const length = [...text.trim()].length;
  const least = individual && province === '15' ? 30 : 20;
  // 不涉及公司和产品 says the opposite.
  const affirmed = text.replace(/(?:不|没有|无|非)[^，。；;,.！!]*/g, '');
  const [word] = individual ? wordsIn(affirmed, commercialWords) : [];
  const [vague] = wordsIn(text, ['测试', '学习用', '自用']);
  return only(
    length < least && found('remark-short', ['serviceRemark'], { least: String(least), length: String(length) }),
    length > 200 && found('remark-long', ['serviceRemark'], { most: '200', length: String(length) }),
    vague !== undefined && found('remark-vague', ['serviceRemark'], { word: vague }),
    word !== undefined && found('remark-commercial', ['serviceRemark'], { word }),
  );
}

function declaration({ values: { serviceRemark: text }, individual, province, filer }: Subject): Finding[] {
  if (text === undefined) return [];
  const declared = /不(?:含|涉及|包含)[^，。；]*(?:单位|企业|公司)/.test(text);
  if (individual && province !== undefined && declarationProvinces.includes(province) && !declared) {
    const rule = rulesFor(province, 'site-remark', filer).find(({ text: words }) => words.includes('声明'));
    return only(rule && foundByRule('remark-declaration', ['serviceRemark'], rule, {}, 'take-care'));
  }
  const trade = individual ? undefined : rulesFor(province, 'site-remark', filer).find(({ text: words }) => words.includes('不含在线交易'));
  return only(
    trade && !/不(?:含|涉及|包含)[^。；]*交易/.test(text) && foundByRule('remark-declaration', ['serviceRemark'], trade, {}, 'take-care'),
  );
}

// An individual's list has these two only; providers' pages of 2026-05.
const individualCategories = ['blog', 'other'];

function categories({ values, individual, province, filer }: Subject): Finding[] {
  const chosen = listed(values.contentCategories);
  if (chosen.length === 0) return [];
  const beyond = individual ? chosen.filter((each) => !individualCategories.includes(each)) : [];
  if (beyond.length > 0) return [found('content-individual', ['contentCategories', 'filerKind'], { categories: beyond.join(',') })];
  const broken = rulesFor(province, 'service-content', filer).find(({ text }) => breaks(text, chosen));
  return only(broken && foundByRule('content-province', ['contentCategories'], broken, {}, isFirm(broken) ? 'must-fix' : 'take-care'));
}

/** Whether a choice goes against a rule of a province on what may be chosen. */
function breaks(rule: string, chosen: readonly string[]): boolean {
  if (/不能选(?:[^；。]*)(?:空间|博客)/.test(rule)) return chosen.includes('blog');
  if (/只能选博客/.test(rule)) return chosen.some((each) => each !== 'blog');
  if (rule.includes('不能选“其他”')) return chosen.includes('other');
  return rule.includes('选单位门户网站') && !chosen.includes('portal');
}

/** Trade, which an individual's filing may not serve. */
const trade = ['own-shop', 'paid-content', 'third-party', 'matchmaking', 'ads', 'community', 'messaging', 'search', 'app-store', 'live'];
/** What may need a telecoms licence (B25 or B21) as well; a person looks at it. */
const licensed = ['paid-content', 'third-party', 'matchmaking', 'ads', 'community', 'messaging', 'search', 'app-store', 'live'];

function business({ type, values, individual }: Subject): Finding[] {
  if (type === 'license') return [];
  const models = listed(values.businessModel);
  const traded = models.filter((each) => trade.includes(each));
  if (individual)
    return only(traded.length > 0 && found('individual-commercial', ['businessModel', 'filerKind'], { models: traded.join(',') }));
  const maybe = models.filter((each) => licensed.includes(each));
  return only(maybe.length > 0 && found('license-maybe', ['businessModel'], { models: maybe.join(',') }));
}

function approvals({ values, individual }: Subject): Finding[] {
  const sectors = listed(values.preApproval).filter((each) => each !== 'none');
  const named = sectors.filter((each) => each !== 'unsure');
  return only(
    sectors.includes('unsure') && found('pre-approval-unsure', ['preApproval']),
    named.length > 0 &&
      found(individual ? 'pre-approval-individual' : 'pre-approval-needed', ['preApproval'], { sectors: named.join(',') }),
  );
}
