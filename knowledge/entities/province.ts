import { z } from 'zod';
import provincesFile from '../provinces.json' with { type: 'json' };

/** What a rule of a province is about, the most asked first: a short overview takes them from the front. */
export const ruleSubjects = [
  'nonlocal-id',
  'age',
  'filer-leader',
  'phone-local',
  'per-order-limit',
  'site-limit',
  'access-provider',
  'party-building',
  'documents',
  'order-type',
  'combined-order',
  'cancel-site',
  'shell-subject',
  'cancel-shell',
  'change-subject',
  'footer-number',
  'site-name',
  'service-content',
  'site-remark',
  'certificate',
  'individual-business',
  'emergency-contact',
  'contact-unique',
  'domain-owner',
  'domain-suffix',
  'domain-registrar',
  'domain-validity',
  'one-domain-per-site',
  'foreign-leader',
  'id-document',
  'id-validity',
  'address',
  'prior-approval',
  'commitment-template',
  'gov-approval',
  'gov-domain',
  'site-content',
  'unfiled-site',
  'photo',
  'commercial-license',
  'annual-review',
] as const;

export type RuleSubject = (typeof ruleSubjects)[number];

const provinceCode = z.string().regex(/^\d{2}$/);
const date = z.string().regex(/^\d{4}(-\d{2})?(\/\d{4}(-\d{2})?)?$/, 'write 2023, 2024-04 or a span as 2021/2024-04');

const ruleSchema = z.strictObject({
  subject: z.enum(ruleSubjects),
  applies: z.enum(['all', 'organization', 'individual']),
  text: z.string().regex(/^[^\s].*。$/u, 'write whole sentences'),
  asOf: date,
  /** Where editors find it again: the key of a source, then the page. Never shown to customers. */
  ref: z.string(),
  disputed: z.boolean().optional(),
});

const provinceSchema = z.strictObject({
  code: provinceCode,
  name: z.string(),
  shortName: z.string(),
  prefix: z.string().length(1),
  otherPrefixes: z.array(z.string().length(1)),
  aliases: z.array(z.string().min(2)),
  administration: z.strictObject({
    name: z.string(),
    site: z.string().regex(/^[a-z.]+\.gov\.cn$/),
    siteInDoubt: z.boolean().optional(),
    phone: z.strictObject({ number: z.string(), asOf: date }).optional(),
    asOf: date,
    ref: z.string(),
  }),
  nonLocalId: z.enum(['accepted', 'proof', 'rejected', 'conflict']),
  rules: z.array(ruleSchema),
});

const fileSchema = z.strictObject({
  reviewed: z.iso.date(),
  sources: z.record(z.string(), z.strictObject({ title: z.string(), issuer: z.string() })),
  /** Rules that read the same in many provinces. */
  sharedRules: z.array(ruleSchema.extend({ provinces: z.array(provinceCode) })),
  provinces: z.array(provinceSchema).length(31),
});

const file = fileSchema.parse(provincesFile);

/** One of the 31 that give filing numbers; `code` is the first two digits of its administrative division (GB/T 2260). */
export interface Province {
  code: string;
  /** 浙江省 */
  name: string;
  /** 浙江 */
  shortName: string;
  /** The character that its filing numbers begin with: 浙, and 蜀, 黔, 滇, 陇 where the number plates have another. */
  prefix: string;
  /** Other characters that people write for it: 川 贵 云 甘 申 秦. No filing number begins with them. */
  otherPrefixes: readonly string[];
  /** Names of the province, its cities and districts. */
  aliases: readonly string[];
  administration: Administration;
  /** Whether an individual may file with the identity card of another province; `conflict`: the sources contradict each other. */
  nonLocalId: 'accepted' | 'proof' | 'rejected' | 'conflict';
}

/** The 通信管理局 of a province, as the sources of `asOf` name it. */
export interface Administration {
  name: string;
  /** Host of its public site. */
  site: string;
  /** The site's address does not look like the others' and may have changed. */
  siteInDoubt?: boolean | undefined;
  /** Only Guangdong's has a source (rules page of 2021 to 2023). */
  phone?: { number: string; asOf: string } | undefined;
  asOf: string;
}

/** A fact of one province, worded for customers. */
export interface ProvinceRule {
  subject: RuleSubject;
  applies: 'all' | 'organization' | 'individual';
  text: string;
  /** When the source was current: a year, a month, or a span of them as 2021/2024-04. */
  asOf: string;
  /** The sources contradict each other. */
  disputed: boolean;
  /** It reads the same in most provinces, so it is no peculiarity of this one. */
  common: boolean;
  source: { title: string; issuer: string };
}

/** What is known of a province's own rules. They change: whoever repeats them says from when they are and who decides. */
export interface ProvinceRules {
  rules: readonly ProvinceRule[];
  /** Some of `rules` contradict each other between sources. */
  disputed: boolean;
  /** The span that the rules come from, as 2021/2026-01; undefined without rules. */
  asOf: string | undefined;
  /** The day on which all of it was last compared with its sources. */
  reviewed: string;
}

export const provinces: readonly Province[] = file.provinces;

const byCode = new Map(file.provinces.map((province) => [province.code, province]));

/** The province with the code, as 33 for Zhejiang. Throws on a code that is none: codes come from this table. */
export function provinceOf(code: string): Province {
  const province = byCode.get(code);
  if (!province) throw new Error(`There is no province ${code}: use the code of one in knowledge/provinces.json.`);
  return province;
}

/**
 * The rules of a province about the subjects, or all of them, in the order of the subjects; its own before those that it
 * shares with others. Source: help pages of access providers from 2017 to 2026, compared in 2026-11.
 */
export function provinceRules(code: string, subjects: readonly RuleSubject[] = ruleSubjects): ProvinceRules {
  const own = file.provinces.find((province) => province.code === code)?.rules ?? [];
  const shared = file.sharedRules.filter((rule) => rule.provinces.includes(code));
  const rules = [...own.map((rule) => describe(rule, 1)), ...shared.map((rule) => describe(rule, rule.provinces.length))]
    .filter(({ subject }) => subjects.includes(subject))
    .sort((a, b) => subjects.indexOf(a.subject) - subjects.indexOf(b.subject));
  return { ...summary(rules), reviewed: file.reviewed };
}

/** Only those of the rules that are wanted, with what is said of all of them said of these. */
export function withRules(known: ProvinceRules, wanted: (rule: ProvinceRule) => boolean): ProvinceRules {
  return { ...summary(known.rules.filter(wanted)), reviewed: known.reviewed };
}

function summary(rules: readonly ProvinceRule[]): Omit<ProvinceRules, 'reviewed'> {
  return { rules, disputed: rules.some(({ disputed }) => disputed), asOf: spanOf(rules) };
}

/** The span that covers all the rules' dates. */
export function spanOf(rules: readonly Pick<ProvinceRule, 'asOf'>[]): string | undefined {
  const dates = rules.flatMap(({ asOf }) => asOf.split('/')).sort();
  const [first] = dates;
  const last = dates.at(-1);
  return first === last ? first : `${first}/${last}`;
}

function describe({ subject, applies, text, asOf, disputed = false, ref }: z.infer<typeof ruleSchema>, inProvinces: number): ProvinceRule {
  const source = file.sources[ref.split(' ')[0] ?? ''];
  if (!source) throw new Error(`knowledge/provinces.json: the source of "${ref}" is not described: add its key to sources.`);
  return { subject, applies, text, asOf, disputed, common: inProvinces > provinces.length / 2, source };
}
