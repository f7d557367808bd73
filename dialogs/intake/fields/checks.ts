import { parseAddress } from '../../../knowledge/entities/address.ts';
import { parseCreditCode } from '../../../knowledge/entities/credit-code.ts';
import { ageOn, type IdNumber, parseIdNumber } from '../../../knowledge/entities/id-number.ts';
import { provinceOf } from '../../../knowledge/entities/province.ts';
import type { Values } from '../../../knowledge/filing/form.ts';
import { type FilerKind, filerKinds } from '../../../knowledge/filing/kinds.ts';
import { ageRule } from '../../../knowledge/filing/least-age.ts';
import type { Problem, Remark } from '../problems.ts';

// Checks between fields. Those that a customer may have good reasons for are remarks.

/** The code's first two characters speak for another kind of filer than the one that was picked. */
export function creditCodeKind(code: string | undefined, filerKind: string | undefined): Remark | undefined {
  if (code === undefined || filerKind === undefined || !isFilerKind(filerKind)) return undefined;
  const parsed = parseCreditCode(code);
  const usual = parsed.ok ? parsed.value.filerKind : undefined;
  if (usual === undefined || kindsOf[usual].includes(filerKind)) return undefined;
  return { code: 'credit-code-kind', usual, chosen: filerKind };
}

export function isFilerKind(kind: string): kind is FilerKind {
  return Object.hasOwn(filerKinds, kind);
}

// 93 (farmers' cooperatives) is not told apart by the parser. Source: intake survey of 2026-11, section 2.3.
const kindsOf: Record<NonNullable<ReturnType<typeof codeKind>>, readonly FilerKind[]> = {
  enterprise: ['enterprise', 'foreign-representative'],
  'individual-business': ['individual-business'],
  'public-body': ['government', 'public-institution', 'social-organization', 'military', 'other'],
  social: ['social-organization', 'private-non-enterprise', 'foundation', 'other'],
  'law-firm': ['law-firm', 'other'],
};

/** The kind of filer that a valid code speaks for, where it speaks for one alone. */
export function filerKindOf(code: string): FilerKind | undefined {
  const usual = codeKind(code);
  return usual === 'enterprise' || usual === 'individual-business' || usual === 'law-firm' ? usual : undefined;
}

function codeKind(code: string) {
  const parsed = parseCreditCode(code);
  return parsed.ok ? parsed.value.filerKind : undefined;
}

/** An individual's certificate is from another province than the one to file in, and that is not simply taken there. */
export function certificateProvince(values: Values, province: string): Remark | undefined {
  const number = values['filerLeader.idNumber'];
  if (values.filerKind !== 'individual' || number === undefined) return undefined;
  // The day does not matter: the number was checked when it was taken.
  const parsed = parseIdNumber(number, '9999-12-31');
  if (!parsed.ok || parsed.value.kind !== 'id-card' || parsed.value.region === province) return undefined;
  const rule = provinceOf(province).nonLocalId;
  return rule === 'accepted' ? undefined : { code: 'certificate-province', certificate: parsed.value.region, province, rule };
}

export function provinceOfAddress(address: string): string | undefined {
  const parsed = parseAddress(address);
  return parsed.ok ? parsed.value.province : undefined;
}

/** A unit's certificate has its seat in another province than the one to file in. */
export function addressProvince(address: string | undefined, province: string | undefined): Remark | undefined {
  const seat = address === undefined ? undefined : provinceOfAddress(address);
  return seat === undefined || province === undefined || seat === province
    ? undefined
    : { code: 'address-province', address: seat, province };
}

/** Whether somebody is old enough to be named in the filing. */
export function ageProblem({ birthday }: Pick<IdNumber, 'birthday'>, values: Values, today: string): Problem | undefined {
  const { filerKind, filerProvince: province } = values;
  const { least } = ageRule(filerKind !== undefined && isFilerKind(filerKind) ? filerKind : undefined, province);
  const age = ageOn(birthday, today);
  return age < least ? { code: 'leader-underage', age, least, ...(province !== undefined && { province }) } : undefined;
}

/** Old enough, but asked for a proof of work or the like. */
export function ageRemark({ birthday }: Pick<IdNumber, 'birthday'>, values: Values, today: string): Remark | undefined {
  const { filerKind, filerProvince: province } = values;
  const { free } = ageRule(filerKind !== undefined && isFilerKind(filerKind) ? filerKind : undefined, province);
  const age = ageOn(birthday, today);
  return age < free ? { code: 'leader-young', age, ...(province !== undefined && { province }) } : undefined;
}
