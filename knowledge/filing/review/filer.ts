import { type CreditCode, parseCreditCode } from '../../entities/credit-code.ts';
import { parseIdNumber } from '../../entities/id-number.ts';
import { findPlaces, provinceNamed } from '../../entities/place.ts';
import { provinceOf } from '../../entities/province.ts';
import { normalize } from '../../text/normalize.ts';
import type { Values } from '../form.ts';
import type { FilerKind } from '../kinds.ts';
import { isPublicBody, rulesFor, sameCityProvinces } from '../province-readings.ts';
import { type Check, type Finding, found, foundByRule, only, type Subject } from './finding.ts';

/** Who files, where, and with which certificate. Intake survey of 2026-11, sections 2.3, 2.7, 2.12 and 3.2. */
export const checkFiler: Check = (subject) => {
  if (subject.type === 'license' || subject.type === 'recover-access') return [];
  return [...kind(subject), ...region(subject), ...addresses(subject), ...provincial(subject)];
};

function kind({ values, filer, individual }: Subject): Finding[] {
  const { filerName, creditCode } = values;
  const leader = values['filerLeader.name'];
  const company = individual && /公司|有限|工作室|商行|经营部|事务所|合作社|[店厂]$/.test(filerName ?? '');
  const read = creditCode === undefined ? undefined : parseCreditCode(creditCode);
  const codeKind = read?.ok ? read.value.filerKind : undefined;
  const mismatch = filer !== undefined && !individual && codeKind !== undefined && !kindsOfCode[codeKind].includes(filer);
  const differs = individual && !company && filerName !== undefined && leader !== undefined && leader !== filerName;
  const special = filer === 'military' || filer === 'other' || filer === 'foreign-representative';
  return only(
    company && found('filer-kind-company', ['filerKind', 'filerName']),
    mismatch && found('filer-kind-code', ['filerKind', 'creditCode'], { kind: codeKind }),
    differs && found('filer-name-individual', ['filerName', 'filerLeader.name']),
    special && found('special-filer', ['filerKind']),
  );
}

// What the beginning of a credit code speaks for; farmers' cooperatives (93) file as companies.
const kindsOfCode: Readonly<Record<NonNullable<CreditCode['filerKind']>, readonly FilerKind[]>> = {
  enterprise: ['enterprise', 'foreign-representative'],
  'individual-business': ['individual-business'],
  'public-body': ['government', 'public-institution', 'social-organization', 'other', 'military'],
  social: ['social-organization', 'private-non-enterprise', 'foundation', 'other'],
  'law-firm': ['law-firm', 'other'],
};

/** The certificate's province beside that of the filing. */
function region({ values, individual, province, today, filer }: Subject): Finding[] {
  if (province === undefined) return [];
  if (!individual) return unitRegion(values.creditCode, province);
  const home = homeOf(values, today);
  if (home === undefined || home === province) return [];
  const { nonLocalId } = provinceOf(province);
  if (nonLocalId === 'accepted') return [];
  const [rule] = rulesFor(province, 'nonlocal-id', filer);
  const code = nonLocalId === 'rejected' ? 'certificate-region-refused' : 'certificate-region';
  const fields = ['filerProvince', 'filerLeader.idNumber'] as const;
  return only(rule && foundByRule(code, [...fields], rule, { province }));
}

/** The province of an individual's card: by its number or, where that is not given here, by the address on it. Not of permits. */
function homeOf(values: Values, today: string): string | undefined {
  const number = values['filerLeader.idNumber'];
  const read = number === undefined ? undefined : parseIdNumber(number, today);
  if (read?.ok) return read.value.kind === 'id-card' ? read.value.region : undefined;
  return provinceAtFront(values.filerDocumentAddress);
}

function unitRegion(creditCode: string | undefined, province: string): Finding[] {
  const read = creditCode === undefined ? undefined : parseCreditCode(creditCode);
  const registered = read?.ok ? read.value.province : undefined;
  // Only to look at: a code stays when its company moves.
  const differs = registered !== undefined && registered !== province;
  return only(differs && found('certificate-region', ['filerProvince', 'creditCode'], { province, registered }, 'take-care'));
}

/** A house, floor or room: 100号, 三楼; no street like 文三路. */
const numbered = /[\d０-９]|[一二三四五六七八九十百]+(?:号|层|室|楼|栋|幢|座|单元|组|队)/u;

function addresses(subject: Subject): Finding[] {
  const { type, values, province, filer, individual } = subject;
  const { filerAddress, filerDocumentAddress } = values;
  const detailed = /最详细|无门牌|没有门牌/.test(values.filerRemark ?? '');
  const vague = filerAddress !== undefined && !detailed && ([...filerAddress].length < 8 || !numbered.test(filerAddress));
  // What an individual's card says is looked at with the rules on cards from elsewhere.
  const named = province === undefined || individual ? undefined : placedIn(filerDocumentAddress, province);
  const letters = province === undefined ? undefined : placedIn(filerAddress, province);
  const wanted = rulesFor(province, 'address', filer);
  const city = wanted.find(() => province !== undefined && sameCityProvinces.includes(province));
  const district = wanted.find(({ text }) => text.includes('市辖区'));
  const spelled = (['filerAddress', 'filerDocumentAddress'] as const).filter((key) => values[key]?.includes('市辖区'));
  return only(
    vague && found('address-vague', ['filerAddress', 'filerRemark']),
    named !== undefined &&
      (type === 'change'
        ? found('change-province', ['filerDocumentAddress', 'filerProvince'], { province: province ?? '' })
        : found('document-other-province', ['filerProvince', 'filerDocumentAddress'], { province: named })),
    letters !== undefined && found('address-other-province', ['filerAddress'], { province: letters }),
    city !== undefined && otherCity(filerAddress, filerDocumentAddress) && foundByRule('address-other-city', ['filerAddress'], city),
    district !== undefined && spelled.length > 0 && foundByRule('address-district-word', spelled, district),
  );
}

/** The province that an address begins with, if that is certain: later words may be roads and buildings named after places. */
function provinceAtFront(address: string | undefined): string | undefined {
  if (address === undefined) return undefined;
  const front = findPlaces(normalize(address).slice(0, 12)).filter(({ start, doubt }) => start === 0 && doubt === undefined);
  const named = provinceNamed(front);
  return named.kind === 'one' ? named.province : undefined;
}

function placedIn(address: string | undefined, province: string): string | undefined {
  const named = provinceAtFront(address);
  return named === province ? undefined : named;
}

function otherCity(one: string | undefined, other: string | undefined): boolean {
  const [a, b] = [one, other].map(cityOf);
  return a !== undefined && b !== undefined && a !== b;
}

function cityOf(address: string | undefined): string | undefined {
  return /^(?:\p{Script=Han}{2,5}(?:省|自治区))?(\p{Script=Han}{2,6}?)市/u.exec(address ?? '')?.[1];
}

function provincial({ type, values, province, filer }: Subject): Finding[] {
  const filing = type === 'initial' || type === 'add-service';
  if (!filing) return [];
  const [party] = rulesFor(province, 'party-building', filer);
  const [institution] = isPublicBody(filer) && filer !== 'social-organization' ? rulesFor(province, 'gov-approval', filer) : [];
  const [shop] = filer === 'individual-business' ? rulesFor(province, 'individual-business', filer) : [];
  const parent = filer !== 'individual' && rulesFor(province, 'documents', filer).find(({ text }) => text.includes('上级主管单位'));
  return only(
    party && foundByRule('party-building', ['filerProvince'], party),
    institution && foundByRule('institution-approval', ['filerKind'], institution),
    shop && foundByRule('individual-business-rules', ['filerKind'], shop, {}, 'take-care'),
    parent && values.parentOrganization === undefined && foundByRule('parent-organization', ['parentOrganization'], parent),
  );
}
