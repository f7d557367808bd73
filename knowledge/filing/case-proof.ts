import { findDomainNames } from '../entities/domain-name.ts';
import { halfWidth, joined } from '../entities/half-width.ts';
import type { FilingCase } from './filing-case.ts';
import { listed, type Values } from './form.ts';

/**
 * Whether somebody knows a case well enough to see it: the last four digits of its contact mobile (or else of the filer's leader), and one
 * more item as they type it: the filer's whole name, a domain name, or at least the last four characters of the credit code or of a
 * certificate number. Case, width, brackets and spaces do not count. A case without a mobile is proved by nobody.
 */
export function provesCase({ values, state }: Pick<FilingCase, 'values' | 'state'>, proof: { mobileEnd: string; item: string }): boolean {
  if (state === 'erased') return false;
  const mobile = values.contactMobile ?? values['filerLeader.mobile'];
  const end = joined(halfWidth(proof.mobileEnd));
  if (!mobile || !/^\d{4}$/.test(end) || !mobile.endsWith(end)) return false;
  return isName(proof.item, values) || isDomainName(proof.item, values) || isEndOfNumber(proof.item, values);
}

function isName(item: string, { filerName }: Values): boolean {
  return filerName !== undefined && bare(filerName) !== '' && bare(item) === bare(filerName);
}

function bare(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{Cf}]/gu, '')
    .replace(/[[{〔【〈<]/g, '(')
    .replace(/[\]}〕】〉>]/g, ')');
}

function isDomainName(item: string, values: Values): boolean {
  const said = registeredIn(item);
  return registeredIn(listed(values['onlineService.domainName']).join(' ')).some((name) => said.includes(name));
}

function registeredIn(text: string): string[] {
  return findDomainNames(text).map(({ registered }) => registered.toLowerCase());
}

const numbered = ['creditCode', 'filerLeader.idNumber', 'legalRepresentative.idNumber', 'serviceLeader.idNumber'] as const;

function isEndOfNumber(item: string, values: Values): boolean {
  const end = joined(halfWidth(item)).replace(/[^0-9A-Z]/g, '');
  return end.length >= 4 && numbered.some((key) => halfWidth(values[key] ?? '').endsWith(end));
}
