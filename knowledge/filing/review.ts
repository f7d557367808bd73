import type { FilingType } from './filing-case.ts';
import type { Values } from './form.ts';
import { filerKinds } from './kinds.ts';
import { checkContent } from './review/content.ts';
import { checkDomain } from './review/domain.ts';
import { checkFiler } from './review/filer.ts';
import type { Check, Finding, Severity, Subject } from './review/finding.ts';
import { checkLicense } from './review/license.ts';
import { checkNames } from './review/names.ts';
import { checkOrder } from './review/order.ts';
import { checkNewMobile, checkPeople } from './review/people.ts';
import { checkServer } from './review/server.ts';
import { codeOf, provinceOfCase } from './situation.ts';

export { type Finding, type FindingCode, type FindingSource, findingCodes, type Severity } from './review/finding.ts';

/**
 * What would make this case fail or be returned, as far as the data show it, the worst first; each cause once for each person.
 * `today`: day in China, inside the work calendar's years or not. Values that are no canonical ones say nothing; it never throws.
 */
export function reviewFiling(type: FilingType, values: Values, today: string): Finding[] {
  const filer = codeOf(values.filerKind, filerKinds);
  const subject: Subject = { type, values, today, filer, individual: filer === 'individual', province: provinceOfCase(values) };
  const findings = checks.flatMap((check) => check(subject));
  return [...findings].sort((a, b) => rank[a.severity] - rank[b.severity]);
}

const checks: readonly Check[] = [
  checkOrder,
  checkFiler,
  checkPeople,
  checkNames,
  checkDomain,
  checkContent,
  checkServer,
  checkLicense,
  checkNewMobile,
];

const rank: Record<Severity, number> = { 'must-fix': 0, 'take-care': 1 };
