import { findEmails } from '../../knowledge/entities/email.ts';
import { findMobiles } from '../../knowledge/entities/phone.ts';
import { provinces } from '../../knowledge/entities/province.ts';
import { type FieldKey, listed, type Values } from '../../knowledge/filing/form.ts';
import { exampleFor, type Field, optionsOf } from './field.ts';
import { fields } from './fields.ts';

/** A value as customers see it: labels for codes, personal data masked. Empty when there is none. */
export function shown(key: FieldKey, values: Values): string {
  const value = values[key];
  if (value === undefined) return '';
  const mask = maskOf(key, values);
  return mask ? mask(value) : readable(fields[key], value, values);
}

function readable(field: Field, value: string, values: Values): string {
  const options = optionsOf(field, values);
  if (options.length > 0)
    return listed(value)
      .map((code) => labelOf(field, code, values))
      .join('、');
  const text = field.show ? field.show(value) : value;
  // A certificate number may have been typed for anything, an AppID as well; a credit code looks like one and is public.
  return field.key === 'creditCode' ? text : withoutNumbers(text);
}

/** Options may have become fewer by another answer; a code that is none any more is shown as it is. */
function labelOf(field: Field, code: string, values: Values): string {
  const all = [...optionsOf(field, values), ...optionsOf(field, {})];
  return all.find(({ value }) => value === code)?.label ?? code;
}

function maskOf(key: FieldKey, { filerKind }: Values): ((value: string) => string) | undefined {
  // A company is public, a person is not; as long as it is not known which, the name is taken for a person's.
  if (key === 'filerName') return filerKind === 'individual' || filerKind === undefined ? maskName : undefined;
  return masks[key];
}

const masks: Partial<Record<FieldKey, (value: string) => string>> = {
  contactName: maskName,
  contactMobile: maskMobile,
  filerDocumentAddress: maskAddress,
  filerAddress: maskAddress,
  'filerLeader.name': maskName,
  'filerLeader.idNumber': maskCertificate,
  'filerLeader.mobile': maskMobile,
  'filerLeader.emergencyMobile': maskMobile,
  'filerLeader.email': maskEmail,
  'legalRepresentative.name': maskName,
  'legalRepresentative.idNumber': maskCertificate,
  'serviceLeader.name': maskName,
  'serviceLeader.idNumber': maskCertificate,
  'serviceLeader.mobile': maskMobile,
  'serviceLeader.emergencyMobile': maskMobile,
  'serviceLeader.email': maskEmail,
  newMobile: maskMobile,
};

/** 张** */
export function maskName(name: string): string {
  return `${[...name][0] ?? ''}**`;
}

/** 110***********002X: the first three and the last four; of a short number the last two alone. */
export function maskCertificate(number: string): string {
  if (number.length < 12) return '*'.repeat(Math.max(0, number.length - 2)) + number.slice(-2);
  return number.slice(0, 3) + '*'.repeat(number.length - 7) + number.slice(-4);
}

/** 138****8000 */
export function maskMobile(number: string): string {
  return `${number.slice(0, 3)}****${number.slice(-4)}`;
}

/** What a good answer to an item looks like; of a certificate number, which nobody shall see in full, no more than its form. */
export function exampleOf(field: Field, values: Values): string | undefined {
  const example = exampleFor(field, values);
  return example !== undefined && field.privacy === 'certificate' ? maskCertificate(example) : example;
}

/** z***@example.com */
export function maskEmail(address: string): string {
  const [name = '', domain = ''] = address.split('@');
  return `${[...name][0] ?? ''}***@${domain}`;
}

/** Province, city and district as far as the address names them: 广东省深圳市南山区***. */
export function maskAddress(address: string): string {
  const province =
    provinces
      .map(({ name, shortName }) => (address.startsWith(name) ? name : address.startsWith(shortName) ? shortName : ''))
      .find(Boolean) ?? '';
  const [district = ''] =
    /^(?:[^\d\s路街巷弄道村号]{1,12}?(?:自治州|地区|盟|市|自治县|县|区|旗)){1,3}/u.exec(address.slice(province.length)) ?? [];
  return province + district === '' ? '已填（不显示）' : `${province}${district}***`;
}

/** Free text, with whatever looks like a number of a person masked. */
function withoutNumbers(text: string): string {
  const spans = [...findMobiles(text), ...findEmails(text)].sort((a, b) => b.start - a.start);
  const masked = spans.reduce((rest, { start, end }) => `${rest.slice(0, start)}***${rest.slice(end)}`, text);
  return masked.replace(/(?<![0-9A-Za-z])\d{6,16}(?:[ -]?\d){0,10}[0-9Xx](?![0-9A-Za-z])/g, (number) =>
    number.length >= 15 ? maskCertificate(number) : number,
  );
}
