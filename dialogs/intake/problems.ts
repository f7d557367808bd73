import type { Address, AddressProblem } from '../../knowledge/entities/address.ts';
import type { AmountProblem } from '../../knowledge/entities/amount.ts';
import type { FingerprintProblem, PackageNameProblem, PublicKeyProblem } from '../../knowledge/entities/app-identifiers.ts';
import type { Certificate } from '../../knowledge/entities/certificate.ts';
import type { CreditCode, CreditCodeProblem } from '../../knowledge/entities/credit-code.ts';
import type { EmailProblem } from '../../knowledge/entities/email.ts';
import type { FilingDomain, FilingDomainProblem } from '../../knowledge/entities/filing-domain.ts';
import type { FilingNumberProblem } from '../../knowledge/entities/filing-number.ts';
import type { IdNumberProblem } from '../../knowledge/entities/id-number.ts';
import type { IpAddressProblem } from '../../knowledge/entities/ip-address.ts';
import type { OrganizationName, OrganizationNameProblem } from '../../knowledge/entities/organization-name.ts';
import type { PersonNameProblem } from '../../knowledge/entities/person-name.ts';
import type { Mobile, MobileProblem } from '../../knowledge/entities/phone.ts';
import type { Province } from '../../knowledge/entities/province.ts';
import type { SiteNameProblem, SiteNameRemark } from '../../knowledge/entities/site-name.ts';
import type { ValidityProblem } from '../../knowledge/entities/validity.ts';
import type { BusinessModel, FilerKind, preApprovalSectors } from '../../knowledge/filing/kinds.ts';

/** Why an answer is not taken: a code and its facts, worded in `explain.ts`. */
export type Problem =
  | AddressProblem
  | AmountProblem
  | { code: 'count-format' }
  | FingerprintProblem<'app-md5-format'>
  | FingerprintProblem<'app-sha1-format'>
  | PackageNameProblem
  | PublicKeyProblem
  | CreditCodeProblem
  | EmailProblem
  | FilingDomainProblem
  | FilingNumberProblem
  | IdNumberProblem
  | IpAddressProblem
  | MobileProblem
  | OrganizationNameProblem
  | PersonNameProblem
  | SiteNameProblem
  | ValidityProblem
  | FormProblem;

/** What only the form can find wrong: choices, and what does not go with other answers. */
export type FormProblem =
  | { code: 'choice-unknown'; labels: string[] }
  /** Several were said where one is asked for. */
  | { code: 'choice-several'; labels: string[] }
  /** 都不涉及 beside something. */
  | { code: 'choice-exclusive'; label: string }
  | { code: 'choice-too-many'; most: number; picked: number }
  /** Characters. */
  | { code: 'text-too-short'; length: number; least: number }
  | { code: 'text-too-long'; length: number; most: number }
  | { code: 'several-values'; count: number }
  | { code: 'date-unknown' }
  | { code: 'province-unknown' }
  /** Codes of provinces that the words may mean. */
  | { code: 'province-several'; provinces: string[] }
  /** Hong Kong, Macao, Taiwan or abroad. */
  | { code: 'province-outside' }
  | { code: 'emergency-same-as-mobile' }
  | { code: 'leaders-share-mobile' }
  | { code: 'leaders-share-emergency' }
  | { code: 'leaders-share-email' }
  /** Two people were said to be different and have one certificate. */
  | { code: 'leaders-same' }
  | { code: 'legal-representative-same' }
  /** Years of age. */
  | { code: 'leader-underage'; age: number; least: number; province?: string }
  | { code: 'filing-number-no-service'; number: string }
  | { code: 'license-number-is-filing' }
  /** What many take for a change of a filing. */
  | { code: 'change-not-possible'; what: 'domain' | 'province' }
  | { code: 'not-confirmed' }
  /** The words name no provider: 网站呗, 同意. */
  | { code: 'provider-unclear' }
  | { code: 'app-id-format' }
  /** 不知道叫什么: nothing that a service is called by. */
  | { code: 'service-name-unclear' }
  | { code: 'server-overseas' }
  /** `filed`: of a filing that exists, which names one. */
  | { code: 'domain-needed'; filed: boolean }
  /** 就上面那个, and there is none. */
  | { code: 'address-other-item' }
  | { code: 'secret-not-wanted'; secret: 'password' | 'sms-code' };

/** What a customer should know or look at again; the answer stands. Worded in `explain.ts`. */
export type Remark =
  | { code: NonNullable<Address['remark']> }
  | { code: 'domain-subdomain'; subdomain: string; domain: string }
  | { code: `domain-${NonNullable<FilingDomain['remark']>}` }
  | { code: `name-${NonNullable<OrganizationName['remark']>}` }
  | SiteNameRemark
  | { code: 'document-expiring' }
  | { code: `mobile-${NonNullable<Mobile['remark']>}` }
  | { code: 'long-term-too-young'; age: number }
  /** Sources differ on whether people may file with it. */
  | { code: 'document-ask-provider'; document: Certificate['kind'] }
  | { code: 'credit-code-cooperative' }
  | { code: 'credit-code-kind'; usual: NonNullable<CreditCode['filerKind']>; chosen: FilerKind }
  /** Somebody who files in person gave the name of a company. */
  | { code: 'name-of-company' }
  /** Codes of provinces. */
  | { code: 'certificate-province'; certificate: string; province: string; rule: Exclude<Province['nonLocalId'], 'accepted'> }
  | { code: 'address-province'; address: string; province: string }
  | { code: 'leader-young'; age: number; province?: string }
  | { code: 'leader-not-legal-representative'; province?: string }
  | { code: 'filing-number-province'; number: string; province: string }
  | { code: 'filing-number-prefix'; typed: string; standard: string }
  | { code: 'filing-number-example' }
  | { code: 'filing-numbers-differ'; filerNumber: string }
  | { code: 'no-server' }
  /** 空壳: filed, and with no provider any more. */
  | { code: 'filing-without-provider' }
  | { code: 'provider-unknown' }
  | { code: 'registrar-not-provider' }
  | { code: 'service-code-needed' }
  | { code: 'server-not-prepaid' }
  | { code: 'server-ends-soon'; day: string }
  | { code: 'registrant-not-filer'; registrant: 'legal-representative' | 'other' }
  | { code: 'registrant-unsure' }
  | { code: 'registrant-not-verified' }
  | { code: 'registrant-verification-unsure' }
  | { code: 'domain-expired'; day: string }
  | { code: 'domain-expiring'; day: string }
  /** Individuals' sites are taken there in one category only. */
  | { code: 'category-province'; province: string; wanted: 'blog' | 'other' }
  | { code: 'remark-sounds-commercial'; word: string }
  | { code: 'pre-approval'; sector: keyof typeof preApprovalSectors }
  | { code: 'license-likely'; model: Exclude<BusinessModel, 'none' | 'own-shop'> }
  | { code: 'developer-provides' }
  | { code: 'app-public-key-length'; length: number }
  | { code: 'filer-changed' }
  | { code: 'sites-not-reachable' }
  | { code: 'cancel-previous-later' }
  | { code: 'leader-mobile-unreachable' }
  | { code: 'other-services' }
  | { code: 'only-service' }
  | { code: 'order-pending' }
  | { code: 'password-abolished' }
  | { code: 'provider-account' }
  | { code: 'license-needs-company' }
  /** In 10,000 yuan. */
  | { code: 'capital-too-low'; least: number }
  | { code: 'foreign-investment-unsure' }
  | { code: 'site-not-ready' }
  | { code: 'sanctioned' }
  | { code: 'staff-few' }
  | { code: 'license-number-unusual' }
  /** A person of the agency has to take over. */
  | { code: 'needs-person'; because: PersonNeeded };

export type PersonNeeded =
  | 'mini-program'
  | 'military'
  | 'other-filer'
  | 'overseas-server'
  | 'pre-approval'
  | 'change-filer'
  | 'old-process'
  | 'foreign-investment'
  | 'license-transfer';
