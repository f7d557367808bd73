import { plusDays } from '../../calendar/days.ts';
import { isDay } from '../canonical.ts';
import { listed } from '../form.ts';
import { isPublicBody, rulesFor } from '../province-readings.ts';
import { type Check, type Finding, found, foundByRule, only, type Subject } from './finding.ts';

/** Who holds the domain, whether that is verified and for how long, and what it ends in. */
export const checkDomain: Check = (subject) => [...registrant(subject), ...verification(subject), ...expiry(subject), ...suffix(subject)];

function registrant({ type, values, individual, province, filer }: Subject): Finding[] {
  const fields = ['registrant', 'onlineService.domainName'] as const;
  switch (values.registrant) {
    case 'other':
      return [found('registrant-other', [...fields])];
    case 'unsure':
      return [found('registrant-unsure', [...fields])];
    case 'legal-representative': {
      if (individual) return [];
      // A licence takes the company's own domain only.
      if (type === 'license') return [found('registrant-other', [...fields])];
      const rule = rulesFor(province, 'domain-owner', filer).find(({ text }) => !text.includes('变更备案时'));
      const refused =
        rule && /法定代表人不行|须为单位全称|须?与单位名称?一致|须是单位本身/.test(rule.text) && !/单位或法定代表人/.test(rule.text);
      if (rule) return [foundByRule('registrant-legal-representative', [...fields], rule, {}, refused ? 'must-fix' : 'take-care')];
      return [found('registrant-legal-representative', [...fields])];
    }
    default:
      return [];
  }
}

function verification({ values: { registrantVerified } }: Subject): Finding[] {
  return only(
    registrantVerified === 'no' && found('registrant-unverified', ['registrantVerified']),
    registrantVerified === 'unsure' && found('registrant-verification-unsure', ['registrantVerified']),
  );
}

// Three months by most sources; in Shanghai 180 days by a provider's page of 2025-12.
const usualDaysLeft = 90;
const shanghaiDaysLeft = 180;

function expiry({ values, today, province, filer }: Subject): Finding[] {
  const { domainExpiry: day } = values;
  if (day === undefined || !isDay(day)) return [];
  if (day < today) return [found('domain-expired', ['domainExpiry'], { day })];
  if (day < plusDays(today, usualDaysLeft)) {
    const [rule] = rulesFor(province, 'domain-validity', filer);
    return [rule ? foundByRule('domain-expiring', ['domainExpiry'], rule, { day }) : found('domain-expiring', ['domainExpiry'], { day })];
  }
  return only(
    province === '31' &&
      day < plusDays(today, shanghaiDaysLeft) &&
      found('domain-expiring', ['domainExpiry'], { day, days: String(shanghaiDaysLeft) }),
  );
}

// Suffixes that most filings have; whether another one is approved is looked up at domain.miit.gov.cn. Intake survey of 2026-11, section 2.8.
const common = new Set(
  'com cn net org gov edu xyz top cc tv vip shop site online club wang ltd group pro info 中国 公司 网络 政务 公益 网址 在线 中文网 集团 商城 商标 信息'.split(
    ' ',
  ),
);

function suffix({ type, values, filer, individual }: Subject): Finding[] {
  const domains = listed(values['onlineService.domainName']).filter((domain) => domain !== 'none');
  const endings = [...new Set(domains.map((domain) => domain.split('.').at(-1) ?? ''))].filter(
    (ending) => ending !== '' && !common.has(ending),
  );
  const word = endings.join('、');
  const government = domains.some((domain) => /(?:^|\.)gov\.cn$|\.政务$/.test(domain));
  const cancelling = type === 'cancel-filer' || type === 'cancel-service' || type === 'cancel-access';
  const filing = type === 'initial' || type === 'add-service';
  return only(
    domains.length > 1 && filing && found('domain-several', ['onlineService.domainName'], { count: String(domains.length) }),
    word !== '' && !cancelling && type !== 'recover-access' && found('domain-suffix', ['onlineService.domainName'], { word }),
    word !== '' && cancelling && found('domain-suffix-lost', ['onlineService.domainName'], { word }),
    filing &&
      government &&
      filer !== undefined &&
      (individual || !isPublicBody(filer)) &&
      found('domain-government-only', ['onlineService.domainName']),
    filing &&
      filer === 'government' &&
      domains.length > 0 &&
      !government &&
      found('domain-government-wanted', ['onlineService.domainName']),
  );
}
