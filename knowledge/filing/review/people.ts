import { plusDays } from '../../calendar/days.ts';
import { ageOn, type IdNumber, parseIdNumber } from '../../entities/id-number.ts';
import { parseMobile } from '../../entities/phone.ts';
import { readValidity } from '../canonical.ts';
import type { FieldKey, Values } from '../form.ts';
import { ageRule } from '../least-age.ts';
import {
  emergencyRemarkProvinces,
  foreignLeaderProvinces,
  leaderRule,
  localMobileProvinces,
  oneLeaderOnly,
  rulesFor,
} from '../province-readings.ts';
import { type Check, type Finding, found, foundByRule, only, type Subject } from './finding.ts';

type Leader = 'filerLeader' | 'serviceLeader';
const leaders: readonly Leader[] = ['filerLeader', 'serviceLeader'];

/** The people who answer for a filing: who they are, how old, with which certificates and numbers. Intake survey, sections 3.3 and 3.5. */
export const checkPeople: Check = (subject) => [
  ...legalRepresentative(subject),
  ...together(subject),
  ...leaders.flatMap((leader) => [
    ...ages(leader, subject),
    ...validity(leader, subject),
    ...contacts(leader, subject),
    ...papers(leader, subject),
  ]),
  ...provincial(subject),
];

/** Who a finding is about; an individual is the only leader. */
function roleOf(leader: Leader, individual: boolean): string {
  return individual ? 'self' : leader;
}

function personOf(leader: Leader, { values, today }: Pick<Subject, 'values' | 'today'>): IdNumber | undefined {
  const read = parseIdNumber(values[`${leader}.idNumber`] ?? '', today);
  return read.ok ? read.value : undefined;
}

function legalRepresentative(subject: Subject): Finding[] {
  const { values, filer, province, individual, today } = subject;
  if (individual || values['filerLeader.isLegalRepresentative'] !== 'no') return [];
  const fields: FieldKey[] = ['filerLeader.isLegalRepresentative', 'filerLeader.name'];
  const name = values['legalRepresentative.name'];
  if (name !== undefined && name === values['filerLeader.name']) return [found('leader-letter', fields, { same: 'yes' })];
  if (province === undefined) return [found('leader-letter', fields)];
  const read = parseIdNumber(values['legalRepresentative.idNumber'] ?? '', today);
  const foreign = read.ok && read.value.kind !== 'id-card';
  const [abroad] = foreign && foreignLeaderProvinces.includes(province) ? rulesFor(province, 'foreign-leader', filer) : [];
  if (abroad) return [foundByRule('leader-foreign', fields, abroad)];
  const ruled = leaderRule(province, filer);
  const rule = rulesFor(province, 'filer-leader', filer).find(({ text }) => text.includes('主体负责人'));
  if (ruled === 'legal-representative') {
    return [
      rule
        ? foundByRule('leader-not-legal-representative', fields, rule, { province }, 'must-fix')
        : found('leader-not-legal-representative', fields, { province }),
    ];
  }
  const separate = oneLeaderOnly.includes(province) && values['serviceLeader.isFilerLeader'] === 'no';
  if (separate && rule) return [foundByRule('leaders-must-be-same', ['serviceLeader.isFilerLeader', ...fields], rule, { province })];
  return [rule ? foundByRule('leader-letter', fields, rule, { province }) : found('leader-letter', fields, { province })];
}

/** What two leaders may not share. */
function together(subject: Subject): Finding[] {
  const { values } = subject;
  if (values['serviceLeader.isFilerLeader'] === 'yes') return [];
  const shared = (item: 'mobile' | 'email' | 'emergencyMobile' | 'idNumber') => {
    const [one, other] = [values[`filerLeader.${item}`], values[`serviceLeader.${item}`]];
    return one !== undefined && one.toLowerCase() === other?.toLowerCase();
  };
  // The same person as both is asked for once.
  if (shared('idNumber')) return [found('leaders-same-person', ['serviceLeader.isFilerLeader', 'serviceLeader.idNumber'])];
  return only(
    shared('mobile') && found('leaders-share-mobile', ['serviceLeader.mobile', 'filerLeader.mobile']),
    shared('email') && found('leaders-share-email', ['serviceLeader.email', 'filerLeader.email']),
    shared('emergencyMobile') && found('leaders-share-emergency', ['serviceLeader.emergencyMobile', 'filerLeader.emergencyMobile']),
  );
}

function ages(leader: Leader, subject: Subject): Finding[] {
  const { filer, province, today, individual } = subject;
  const person = personOf(leader, subject);
  if (!person) return [];
  const age = ageOn(person.birthday, today);
  const { least, free } = ageRule(filer, province);
  const [rule] = rulesFor(province, 'age', filer);
  const facts = { leader: roleOf(leader, individual), age: String(age), least: String(least), free: String(free) };
  const fields: FieldKey[] = [`${leader}.idNumber`];
  const code = age < least ? 'too-young' : age < free ? 'age-proof' : undefined;
  if (code)
    return [rule ? foundByRule(code, fields, rule, facts, code === 'too-young' ? 'must-fix' : 'take-care') : found(code, fields, facts)];
  return leader === 'serviceLeader' || subject.values['serviceLeader.isFilerLeader'] === 'yes' ? tooOld(person, age, fields, subject) : [];
}

function tooOld({ number }: IdNumber, age: number, fields: FieldKey[], { filer, province }: Subject): Finding[] {
  const rules = rulesFor(province, 'age', filer);
  const retired = rules.find(({ text }) => text.includes('退休年龄'));
  const most = rules.find(({ text }) => text.includes('不超过65'));
  const man = Number(number.charAt(16)) % 2 === 1;
  return only(
    retired && age > (man ? 60 : 55) && foundByRule('too-old', fields, retired),
    most && age > 65 && foundByRule('too-old', fields, most),
  );
}

/** Months before its end that a certificate counts as expiring: three by nearly every province. */
const expiringDays = 90;
/** Identity cards without an end are given from this age on; article 5 of the law on them. */
const longTermAge = 46;

function validity(leader: Leader, subject: Subject): Finding[] {
  const { values, today, province, filer, individual } = subject;
  const field = `${leader}.validity` as const;
  const term = readValidity(values[field]);
  if (!term) return [];
  const person = personOf(leader, subject);
  const facts = { leader: roleOf(leader, individual) };
  if (term.from !== undefined && term.from > today) return [found('certificate-not-yet-valid', [field], facts)];
  if (term.to === 'long') {
    const day = term.from ?? today;
    const young = person?.kind === 'id-card' && ageOn(person.birthday, day) < longTermAge;
    return only(young && found('certificate-long-term', [field, `${leader}.idNumber`], facts));
  }
  if (term.to < today) return [found('certificate-expired', [field], { ...facts, day: term.to })];
  if (term.to >= plusDays(today, expiringDays)) return [];
  const [rule] = rulesFor(province, 'id-validity', filer);
  return [
    rule
      ? foundByRule('certificate-expiring', [field], rule, { ...facts, day: term.to })
      : found('certificate-expiring', [field], { ...facts, day: term.to }),
  ];
}

function contacts(leader: Leader, { values, individual }: Subject): Finding[] {
  const mobile = values[`${leader}.mobile`];
  const same = mobile !== undefined && mobile === values[`${leader}.emergencyMobile`];
  return [
    ...only(same && found('emergency-same', [`${leader}.emergencyMobile`, `${leader}.mobile`], { leader: roleOf(leader, individual) })),
    ...reachable(`${leader}.mobile`, values),
  ];
}

/** Ranges whose numbers may not get the SMS of the verification. */
function reachable(field: FieldKey, values: Values): Finding[] {
  const read = values[field] === undefined ? undefined : parseMobile(values[field]);
  const remark = read?.ok ? read.value.remark : undefined;
  return only(
    remark === 'virtual-operator' && found('mobile-virtual', [field]),
    remark === 'data-card' && found('mobile-data-card', [field]),
  );
}

/**
 * Documents other than the identity card. Newer sources take residence permits and permanent residence cards, so that only a
 * province with a rule of its own is told about.
 */
function papers(leader: Leader, subject: Subject): Finding[] {
  const { province, filer, individual } = subject;
  const person = personOf(leader, subject);
  if (!person || person.kind === 'id-card') return [];
  const field: FieldKey = `${leader}.idNumber`;
  if (!individual) {
    // Fujian takes only holders of identity cards as leaders of a service.
    const cardOnly =
      leader === 'serviceLeader' ? rulesFor(province, 'filer-leader', filer).find(({ text }) => text.includes('须用身份证')) : undefined;
    const [rule] = cardOnly ? [cardOnly] : rulesFor(province, 'foreign-leader', filer);
    return only(
      rule && foundByRule('leader-document', [field], rule, { leader: roleOf(leader, individual) }, cardOnly ? 'must-fix' : 'take-care'),
    );
  }
  const [rule] = rulesFor(province, 'id-document', filer);
  const refused =
    rule !== undefined && (/只能用/.test(rule.text) || (person.kind === 'permanent-residence' && /不予个人备案|不受理/.test(rule.text)));
  return only(
    rule && foundByRule('leader-document', [field], rule, { leader: roleOf(leader, individual) }, refused ? 'must-fix' : 'take-care'),
  );
}

function provincial({ values, province, filer, individual }: Subject): Finding[] {
  const mobile = values['filerLeader.mobile'];
  if (province === undefined || mobile === undefined) return [];
  const local =
    individual && localMobileProvinces.includes(province)
      ? rulesFor(province, 'phone-local', filer).find(({ common }) => !common)
      : undefined;
  const emergency =
    emergencyRemarkProvinces.includes(province) && values['filerLeader.emergencyMobile'] !== undefined
      ? rulesFor(province, 'emergency-contact', filer)[0]
      : undefined;
  return only(
    local && foundByRule('mobile-local', ['filerLeader.mobile'], local, { province }, 'take-care'),
    emergency && foundByRule('emergency-rule', ['filerLeader.emergencyMobile', 'filerRemark'], emergency, { province }, 'take-care'),
  );
}

/** The number that is to be put in place of a lost one. */
export const checkNewMobile: Check = ({ values }) => reachable('newMobile', values);
