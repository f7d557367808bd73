import { provinceOf, provinces } from './province.ts';
import { accepted, type Result, refused } from './result.ts';
import { plainText } from './typed-text.ts';

/**
 * A 备案号 taken apart: 沪ICP备12345678号 names a filer, 沪ICP备12345678号-1 one of its services. Formats: filing-number
 * survey of 2026-11 over access providers' pages (suffixes: 2025-12) and page footers of 2009 to 2026; no official rule was found.
 */
export interface FilingNumber {
  kind: 'filing';
  /** Code of the province that gave the number, see `provinceOf`. */
  province: string;
  /** 8 digits (two of the year, six running) or, since about 2020, 10 (four of the year). Only the length tells which. */
  serial: string;
  year: number;
  /** One count runs through all services of a filer, whatever their type. */
  service?: { number: number; type: ServiceType };
  remarks: readonly Remark[];
}

export type ServiceType = 'website' | 'app' | 'mini-program' | 'quick-app';

/** An ICP licence for paid services: 京ICP证030173号, 京B2-20202418, or A2.B1.B2-20202637 across provinces (no province). */
export interface LicenseNumber {
  kind: 'license';
  province?: string;
  /** Classes of telecom services, as A2.B1.B2; absent in the old form. */
  classes?: string;
  serial: string;
  /** Numbers a website or app of the licence holder, as in 黔B2-20090050-4: no other licence. */
  service?: string;
  remarks: readonly Remark[];
}

/** 京公网安备11010502030143号: given by the police, another register than that of the administrations. */
export interface PublicSecurityNumber {
  kind: 'public-security';
  /** By its first character or, without one, by its digits. */
  province?: string;
  digits: string;
  /** Whether the first two digits are the code of the province that the first character names. */
  provinceAgrees: boolean;
  remarks: readonly Remark[];
}

/** A certificate that is often sent instead: 京网文〔2020〕1234-567号, （京）-经营性-2017-0020. */
export interface OtherCertificate {
  kind: 'other';
  certificate: 'culture' | 'drug-information';
  remarks: readonly [];
}

export type OfficialNumber = FilingNumber | LicenseNumber | PublicSecurityNumber | OtherCertificate;

/** What is odd about a number that could be read. */
export type Remark =
  | { code: 'prefix-not-standard'; typed: string; standard: string }
  | { code: 'number-sign-misplaced' }
  | { code: 'service-ignored' }
  /** Placeholders are common in templates: ask for the real number before anything is done with it. */
  | { code: 'looks-like-example'; because: 'digits' | 'year' };

/** A number within a message; `start` and `end` are offsets into the text that was given. */
export type Found<Value> = Value & { start: number; end: number };

export type FilingNumberProblem =
  | { code: 'filing-number-format' }
  | { code: 'filing-number-is-license'; license: string }
  | { code: 'filing-number-is-public-security'; number: string }
  | { code: 'filing-number-is-other'; certificate: OtherCertificate['certificate'] }
  /** Neither 8 nor 10 digits; `letters` are those that may stand for digits (O, I, L …). Never completed by guessing. */
  | { code: 'filing-number-digits'; digits: number; letters: string }
  | { code: 'filing-number-no-province'; serial: string }
  | { code: 'filing-number-several'; numbers: string[] };

export interface ReadingOptions {
  /** The day in China, as 2026-11-24; without it years to come are not noticed. */
  today?: string;
}

/** Reads what was typed where one filing number is asked for; words around it do no harm. */
export function parseFilingNumber(text: string, options: ReadingOptions = {}): Result<FilingNumber, FilingNumberProblem> {
  const found = findFilingNumbers(text, options);
  const filings = new Map(found.flatMap((number) => (number.kind === 'filing' ? [[formatFilingNumber(number), number]] : [])));
  const [only] = filings.values();
  if (filings.size > 1) return refused({ code: 'filing-number-several', numbers: [...filings.keys()] });
  if (!only) return refused(problemOf(text, found));
  const { start: _start, end: _end, ...number } = only;
  return accepted(number);
}

/** All numbers in a message, in their order: filing numbers and those that are mistaken for them, told apart by `kind`. */
export function findFilingNumbers(text: string, options: ReadingOptions = {}): Found<OfficialNumber>[] {
  if (!mayHaveDigits.test(text)) return [];
  const found = numbersIn(text, options, false);
  // Only when nothing was found may 2021 033841 be one number: otherwise two numbers side by side would be joined.
  return found.length > 0 ? found : numbersIn(text, options, true);
}

/** The digits of a message about filing that has no number with a province: the province is to be asked for, not guessed. */
export function findSerialWithoutProvince(text: string): string | undefined {
  const { plain } = plainText(text);
  if (!/备案|ICP/.test(plain) || findFilingNumbers(text).length > 0) return undefined;
  return /(?<!\d)(?:\d{10}|\d{8})(?!\d)/.exec(plain)?.[0];
}

/** The customary form: 沪ICP备12345678号-2A. */
export function formatFilingNumber({ province, serial, service }: Pick<FilingNumber, 'province' | 'serial' | 'service'>): string {
  const filer = `${provinceOf(province).prefix}ICP备${serial}号`;
  return service ? `${filer}-${service.number}${letterOf[service.type]}` : filer;
}

const letterOf: Record<ServiceType, string> = { website: '', app: 'A', 'mini-program': 'X', 'quick-app': 'K' };
const typeOf: Record<string, ServiceType> = { A: 'app', X: 'mini-program', K: 'quick-app' };

// Page footers write these for the police's numbers (survey of 2026-11); for filings they are mistakes.
const policePrefixes: Record<string, string> = { 川: '51', 贵: '52', 云: '53', 甘: '62' };

const byPrefix = new Map(provinces.map((province) => [province.prefix, province.code]));
const byOtherPrefix = new Map(provinces.flatMap(({ code, otherPrefixes }) => otherPrefixes.map((prefix) => [prefix, code] as const)));
const byName = new Map(provinces.flatMap(({ code, name, aliases }) => [name, ...aliases].map((alias) => [alias, code] as const)));
const longestName = Math.max(...[...byName.keys()].map((name) => name.length));
const prefixes = [...byPrefix.keys()].join('');

/** What digits may come of: numerals of every script, and signs such as ㏠, which is a 1 and a 日. Most messages have none of them. */
const mayHaveDigits = /[\p{N}\p{So}]/u;

type Read = (
  match: RegExpExecArray,
  plain: string,
  options: ReadingOptions,
) => { number: OfficialNumber; prefixLength: number } | undefined;

// I, l and 1 are mixed up on phones; ICP粤备 and 备案号 for 备 are frequent.
const icp = '(?:[I1L|]CP|IPC)';
const filer = `${icp}(?:备|(?<inner>[${prefixes}])备)案?号?:?`;
const service = '-(?<service>\\d{1,4})(?<letter>[AXK])?(?![A-Z0-9])';

const readers: readonly { pattern: RegExp; read: Read }[] = [
  {
    pattern: new RegExp(
      `${filer}(?:\\([^)]{0,80}\\))?(?<serial>\\d{10}|\\d{8})(?!\\d)(?:(?<sign>号)?${service}(?<late>号)?|号?(?<broken>-(?=[A-Z]))?)`,
      'g',
    ),
    read: readFiling,
  },
  { pattern: new RegExp(`${icp}证号?:?(?<serial>\\d{6,8})(?!\\d)号?(?:${service})?`, 'g'), read: readLicense },
  {
    pattern: new RegExp(`(?<![A-Z0-9.])(?<classes>(?:[AB][12][.、])*[AB][12])-(?<serial>\\d{8})(?!\\d)号?(?:${service})?`, 'g'),
    read: readLicense,
  },
  { pattern: /公网安备案?号?:?(?<serial>\d{14})(?!\d)号?/g, read: readPublicSecurity },
  { pattern: /[一-龥]?网文[〔([]\d{4}[〕)\]]\d+(?:-\d+)?号?/g, read: () => ({ number: other('culture'), prefixLength: 0 }) },
  { pattern: /\([^)]{1,3}\)-(?:非)?经营性-\d{4}-\d{4}/g, read: () => ({ number: other('drug-information'), prefixLength: 0 }) },
];

function numbersIn(text: string, options: ReadingOptions, joinDigits: boolean): Found<OfficialNumber>[] {
  const { plain, typedSpan } = plainText(text, { joinDigits });
  return readers
    .flatMap(({ pattern, read }) =>
      [...plain.matchAll(pattern)].flatMap((match) => {
        const result = read(match, plain, options);
        return result ? [{ ...result.number, ...typedSpan(match.index - result.prefixLength, match.index + match[0].length) }] : [];
      }),
    )
    .sort((a, b) => a.start - b.start);
}

function readFiling(match: RegExpExecArray, plain: string, options: ReadingOptions): ReturnType<Read> {
  const { inner, serial = '', sign, service: digits, letter, late, broken } = match.groups ?? {};
  const issuer = issuerBefore(plain, match.index) ?? innerIssuer(inner);
  if (!issuer) return undefined;
  const year = Number(serial.length === 8 ? `20${serial.slice(0, 2)}` : serial.slice(0, 4));
  const remarks: Remark[] = [...issuer.remarks, ...oddities(serial, year, options)];
  if (late && !sign) remarks.push({ code: 'number-sign-misplaced' });
  if (broken || Number(digits) === 0) remarks.push({ code: 'service-ignored' });
  const named = Number(digits) > 0 ? { service: { number: Number(digits), type: typeOf[letter ?? ''] ?? ('website' as const) } } : {};
  return { number: { kind: 'filing', province: issuer.province, serial, year, ...named, remarks }, prefixLength: issuer.length };
}

function readLicense(match: RegExpExecArray, plain: string): ReturnType<Read> {
  const { classes, serial = '', service: digits, letter = '' } = match.groups ?? {};
  // 京ICP备B2-20202418 is a licence whose number was put into the shape of a filing's.
  const lead = classes ? (/ICP[备证]$/.exec(plain.slice(0, match.index))?.[0].length ?? 0) : 0;
  const issuer = issuerBefore(plain, match.index - lead);
  const number: LicenseNumber = {
    kind: 'license',
    ...(issuer && { province: issuer.province }),
    ...(classes && { classes: classes.replaceAll('、', '.') }),
    serial,
    ...(digits && { service: `${digits}${letter}` }),
    remarks: issuer?.remarks.filter(({ code }) => code !== 'prefix-not-standard') ?? [],
  };
  return { number, prefixLength: lead + (issuer?.length ?? 0) };
}

function readPublicSecurity(match: RegExpExecArray, plain: string): ReturnType<Read> {
  const { serial: digits = '' } = match.groups ?? {};
  const before = plain.charAt(match.index - 1);
  const police = policePrefixes[before];
  const issuer = police ? { province: police, remarks: [], length: 1 } : issuerBefore(plain, match.index);
  const coded = provinces.find(({ code }) => digits.startsWith(code))?.code;
  const province = issuer?.province ?? coded;
  return {
    number: {
      kind: 'public-security',
      ...(province && { province }),
      digits,
      provinceAgrees: province !== undefined && province === coded,
      remarks: issuer?.remarks ?? [],
    },
    prefixLength: issuer?.length ?? 0,
  };
}

function other(certificate: OtherCertificate['certificate']): OtherCertificate {
  return { kind: 'other', certificate, remarks: [] };
}

interface Issuer {
  province: string;
  remarks: readonly Remark[];
  /** How many characters before the number name it. */
  length: number;
}

/** Who gave the number, by what stands right before it: 沪, a mistaken 川, or a name as in 南京ICP备 (no number of 京). */
function issuerBefore(plain: string, index: number): Issuer | undefined {
  for (let length = Math.min(longestName, index); length > 1; length -= 1) {
    const name = plain.slice(index - length, index);
    const province = byName.get(name);
    if (province) return { province, remarks: [notStandard(name, province)], length };
  }
  const character = plain.charAt(index - 1);
  const standard = byPrefix.get(character);
  if (standard) return { province: standard, remarks: [], length: 1 };
  const province = byOtherPrefix.get(character);
  // 阿里云ICP备案号 and its like end in one of these characters; before a prefix stand at most words that lead in.
  if (!province || /[一-龥]/.test(plain.charAt(index - 2).replace(/[号是为]/, ''))) return undefined;
  return { province, remarks: [notStandard(character, province)], length: 1 };
}

function innerIssuer(prefix: string | undefined): Issuer | undefined {
  const province = byPrefix.get(prefix ?? '');
  return prefix && province ? { province, remarks: [], length: 0 } : undefined;
}

function notStandard(typed: string, province: string): Remark {
  return { code: 'prefix-not-standard', typed, standard: provinceOf(province).prefix };
}

/** The first filings are of 2005. */
function oddities(serial: string, year: number, { today }: ReadingOptions): Remark[] {
  if (/^(\d)\1+$/.test(serial) || '1234567890'.startsWith(serial)) return [{ code: 'looks-like-example', because: 'digits' }];
  if (year < 2005 || (today !== undefined && year > Number(today.slice(0, 4)))) return [{ code: 'looks-like-example', because: 'year' }];
  return [];
}

function problemOf(text: string, found: readonly Found<OfficialNumber>[]): FilingNumberProblem {
  const [first] = found;
  const typed = first ? text.slice(first.start, first.end) : '';
  if (first?.kind === 'license') return { code: 'filing-number-is-license', license: typed };
  if (first?.kind === 'public-security') return { code: 'filing-number-is-public-security', number: typed };
  if (first?.kind === 'other') return { code: 'filing-number-is-other', certificate: first.certificate };
  const { plain } = plainText(text, { joinDigits: true });
  if (/公网安备/.test(plain)) return { code: 'filing-number-is-public-security', number: text.trim() };
  if (/ICP证/.test(plain)) return { code: 'filing-number-is-license', license: text.trim() };
  const digits = /(?:备案?号?:?(?:\([^)]*\))?|(?<![\dA-Z]))([\dOILSZB]{4,30})/.exec(plain)?.[1];
  if (!digits || !/\d/.test(digits)) return { code: 'filing-number-format' };
  const letters = digits.replace(/\d/g, '');
  if (letters !== '' || (digits.length !== 8 && digits.length !== 10)) {
    return { code: 'filing-number-digits', digits: digits.length - letters.length, letters };
  }
  return { code: 'filing-number-no-province', serial: digits };
}
