import { type ProvinceRule, provinceRules, type RuleSubject } from '../entities/province.ts';
import type { FilerKind } from './kinds.ts';

// What the rules of `knowledge/provinces.json` come to where a program has to act on them; a test holds both together. Source: rules
// of provinces as of the dates given there, compared in 2026-11.

/** Whether somebody other than the legal representative may be a unit's filerLeader; `disputed`: the sources contradict each other. */
export function leaderRule(province: string, filer: FilerKind | undefined): 'legal-representative' | 'other-with-letter' | 'disputed' {
  if (othersAllowed.includes(province)) return 'other-with-letter';
  if (othersAllowedForPublicBodies.includes(province) && isPublicBody(filer)) return 'other-with-letter';
  return othersDisputed.includes(province) ? 'disputed' : 'legal-representative';
}

export const othersAllowed: readonly string[] = ['23', '32', '51'];
export const othersAllowedForPublicBodies: readonly string[] = ['44', '63'];
// Beijing has no rule in the table: the facts of 2026-11 on subject-person-must-legal-rep name it among those in doubt.
export const othersDisputed: readonly string[] = ['11', '22', '34', '45', '46', '62'];
/** Where a filerLeader who is not the legal representative has to be the serviceLeader too. */
export const oneLeaderOnly: readonly string[] = ['23', '32', '34', '46', '51'];
/** Where a legal representative from abroad names a Chinese citizen as both leaders instead. */
export const foreignLeaderProvinces: readonly string[] = ['13', '14', '21', '35', '36', '37', '45', '52'];
/** Where a mobile number of the province is asked of individuals, by sources that no later one contradicts, and Hunan. */
export const localMobileProvinces: readonly string[] = ['13', '42', '43'];
/** Where the emergency number has to be another person's of a certain kind, and the remark says whose. */
export const emergencyRemarkProvinces: readonly string[] = ['12', '50', '62'];
/** Where the address for letters has to be in the city of the certificate's. */
export const sameCityProvinces: readonly string[] = ['13', '41', '44', '52'];
/** Where the remark of an individual's site has to hold a declaration. */
export const declarationProvinces: readonly string[] = ['15', '37', '45', '62'];

/** Government bodies, institutions and associations: some provinces treat them apart. */
export function isPublicBody(filer: FilerKind | undefined): boolean {
  return filer === 'government' || filer === 'public-institution' || filer === 'social-organization';
}

/** A province's rules on a subject that concern this kind of filer, its own before those it shares; none for an unknown province. */
export function rulesFor(province: string | undefined, subject: RuleSubject, filer: FilerKind | undefined): readonly ProvinceRule[] {
  if (province === undefined) return [];
  const concerned = filer === 'individual' ? 'individual' : 'organization';
  return provinceRules(province, [subject]).rules.filter(({ applies }) => applies === 'all' || applies === concerned);
}

/** A rule that later sources still have: undisputed, of 2024 or after. Older ones are told as something to ask about. */
export function isFirm({ asOf, disputed }: Pick<ProvinceRule, 'asOf' | 'disputed'>): boolean {
  return !disputed && Number((asOf.split('/').at(-1) ?? '').slice(0, 4)) >= firmSince;
}

const firmSince = 2024;
