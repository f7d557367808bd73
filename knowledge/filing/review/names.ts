import { checkSiteName, type SiteNameProblem, type SiteNameRemark } from '../../entities/site-name.ts';
import type { FieldKey } from '../form.ts';
import { unexplainedIndustryWords } from '../name-words.ts';
import { isFirm, rulesFor } from '../province-readings.ts';
import { situationOf } from '../situation.ts';
import { type Check, type Finding, found, foundByRule, only, type Subject } from './finding.ts';

const nameField = 'onlineService.name';

/** The name of a service: its form, its words, and what it has to do with its filer. Intake survey of 2026-11, section 2.13. */
export const checkNames: Check = (subject) => {
  const { type, values, individual, province } = subject;
  if (type === 'license' || type === 'recover-access') return [];
  const name = values[nameField];
  const trades = tradeWords(subject);
  if (name === undefined) return trades;
  const read = checkSiteName(name, { filerKind: individual ? 'individual' : 'organization', province, filerName: values.filerName });
  return [...(read.ok ? read.value.remarks.flatMap((remark) => remarked(remark, subject)) : [refusal(read.problem)]), ...trades];
};

/** The form refuses such names as well; a change of the filer's kind or province may leave one behind. */
function refusal(problem: SiteNameProblem): Finding {
  switch (problem.code) {
    case 'site-name-too-short':
      return found('name-too-short', [nameField]);
    case 'site-name-form':
      return found('name-form', [nameField]);
    case 'site-name-national':
      return found('name-national', [nameField], { word: problem.word });
    case 'site-name-banned':
      return found('name-banned', [nameField], { word: problem.word });
    case 'site-name-personal':
      // Findings hold nobody's name.
      return found('name-individual', [nameField], { word: problem.because === 'own-name' ? '本人姓名' : problem.word });
  }
}

function remarked(remark: SiteNameRemark, { province, filer }: Subject): Finding[] {
  switch (remark.code) {
    case 'site-name-sensitive':
      return [found('name-sensitive', [nameField], { word: remark.word })];
    case 'site-name-industry':
      return []; // Told with the sectors in view: tradeWords.
    case 'site-name-national':
      return [found('name-national', [nameField], { word: remark.word }, 'take-care')];
    case 'site-name-length':
      return [found('name-long', [nameField], { most: String(remark.most) })];
    case 'site-name-province': {
      const [code, words] = provincialRules[remark.rule];
      const rule = rulesFor(province, 'site-name', filer).find(({ text }) => words.test(text));
      const fields: FieldKey[] = remark.rule === 'like-filer' ? [nameField, 'filerName'] : [nameField];
      const severity = remark.rule === 'individual-form' ? 'must-fix' : 'take-care';
      return only(rule && foundByRule(code, fields, rule, { word: remark.word ?? '' }, severity));
    }
  }
}

const provincialRules = {
  'individual-form': ['name-individual-pattern', /个人(?:博客|主页)/],
  'like-filer': ['name-unlike-filer', /与主体(?:名一致|相关)/],
  unique: ['name-unique', /重名|重复/],
  'no-latin': ['name-latin', /英文/],
  'no-place': ['name-place', /行政区/],
} as const satisfies Record<Extract<SiteNameRemark, { code: 'site-name-province' }>['rule'], readonly [Finding['code'], RegExp]>;

/** Words of a trade in names, when the trade is not among what the service says it does. */
function tradeWords({ type, values, province, filer, individual }: Subject): Finding[] {
  if (values.preApproval === undefined) return [];
  const hits = unexplainedIndustryWords([values.filerName, values[nameField]], situationOf(type, values).sectors);
  const [first] = hits;
  if (!first) return [];
  const { word, finance } = hits.find((hit) => hit.finance) ?? first;
  const fields: FieldKey[] = values[nameField]?.includes(word) ? [nameField, 'preApproval'] : ['preApproval', 'filerName'];
  const wanted = finance ? /金融|前置审批词/ : /前置审批词/;
  const rule = individual ? undefined : rulesFor(province, 'prior-approval', filer).find(({ text }) => wanted.test(text));
  const code = finance ? 'name-finance' : 'name-industry';
  // In some provinces no declaration helps: without the licence the scope of business is cut down first.
  const refused = rule !== undefined && isFirm(rule) && /不认|不接入/.test(rule.text);
  return [rule ? foundByRule(code, fields, rule, { word }, refused ? 'must-fix' : 'take-care') : found(code, fields, { word })];
}
