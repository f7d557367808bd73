import { parseFilingNumber } from '../entities/filing-number.ts';
import { parseIdNumber } from '../entities/id-number.ts';
import { provinces } from '../entities/province.ts';
import type { FilingType } from './filing-case.ts';
import { type FieldKey, listed, type Values } from './form.ts';
import {
  type ChangeItem,
  changeItems,
  type FilerKind,
  filerKinds,
  type LicenseTask,
  type LostAccess,
  licenseTasks,
  lostAccessKinds,
  preApprovalSectors,
  type ServiceKind,
  serviceKinds,
} from './kinds.ts';
import { unexplainedIndustryWords } from './name-words.ts';

export type Sector = keyof typeof preApprovalSectors;

/** What decides which documents a case needs. Codes only: nothing in it tells who the customer is. */
export interface Situation {
  type: FilingType;
  filer?: FilerKind;
  province?: string;
  service?: ServiceKind;
  sectors: readonly Sector[];
  changes: readonly ChangeItem[];
  /** Who the filerLeader of a unit is. */
  leader?: 'legal-representative' | 'other';
  /** Who the serviceLeader is. */
  serviceLeader?: 'same' | 'other';
  /** Where the leader's identity card is from, beside the province of the filing; residence permits count as local. */
  certificate?: 'local' | 'elsewhere';
  /** A name holds a word of a trade that the service has nothing to do with. */
  industry: boolean;
  /** No SMS reaches the number of the filing. */
  mobileLost: boolean;
  lost?: LostAccess;
  task?: LicenseTask;
}

export function situationOf(type: FilingType, values: Values): Situation {
  const code = <Code extends string>(key: FieldKey, table: Readonly<Record<Code, unknown>>): Code | undefined => codeOf(values[key], table);
  const province = provinceOfCase(values);
  const certificate = certificateOf(values, province);
  const sectors = listed(values.preApproval).flatMap((each) => codeOf<Sector>(each, preApprovalSectors) ?? []);
  const names = [values.filerName, values['onlineService.name']];
  return {
    type,
    ...some('filer', code('filerKind', filerKinds)),
    ...some('province', province),
    ...some('service', code('serviceKind', serviceKinds)),
    sectors,
    changes: listed(values.changeItems).flatMap((each) => codeOf<ChangeItem>(each, changeItems) ?? []),
    ...some('leader', yesOrNo(values['filerLeader.isLegalRepresentative'], 'legal-representative', 'other')),
    ...some('serviceLeader', yesOrNo(values['serviceLeader.isFilerLeader'], 'same', 'other')),
    ...some('certificate', certificate),
    industry: unexplainedIndustryWords(names, sectors).length > 0,
    mobileLost: values.leaderMobileReachable === 'no' || (values.lostAccess === 'leader-mobile' && values.canLogIn !== 'yes'),
    ...some('lost', code('lostAccess', lostAccessKinds)),
    ...some('task', code('licenseTask', licenseTasks)),
  };
}

/** The province that a case is filed in: as said, or the one that gave its number. */
export function provinceOfCase(values: Values): string | undefined {
  const said = values.filerProvince;
  if (said !== undefined) return isProvince(said) ? said : undefined;
  return provinceOfNumber(values.filerNumber) ?? provinceOfNumber(values.serviceNumber);
}

export function provinceOfNumber(number: string | undefined): string | undefined {
  const read = number === undefined ? undefined : parseFilingNumber(number);
  return read?.ok ? read.value.province : undefined;
}

export function isProvince(code: string): boolean {
  return provinces.some((province) => province.code === code);
}

/** The code if the table has it. */
export function codeOf<Code extends string>(value: string | undefined, table: Readonly<Record<Code, unknown>>): Code | undefined {
  return value !== undefined && Object.hasOwn(table, value) ? (value as Code) : undefined;
}

/** After every birthday there is: the day only matters to numbers of the unborn, which no form accepts. */
const anyDay = '2199-12-31';

function certificateOf(values: Values, province: string | undefined): Situation['certificate'] {
  const typed = values['filerLeader.idNumber'];
  const read = typed === undefined ? undefined : parseIdNumber(typed, anyDay);
  if (!read?.ok || province === undefined) return undefined;
  return read.value.kind !== 'id-card' || read.value.region === province ? 'local' : 'elsewhere';
}

function yesOrNo<Yes extends string, No extends string>(value: string | undefined, yes: Yes, no: No): Yes | No | undefined {
  if (value === 'yes') return yes;
  return value === 'no' ? no : undefined;
}

function some<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  return (value === undefined ? {} : { [key]: value }) as { [K in Key]?: Value };
}
