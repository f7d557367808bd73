import { z } from 'zod';

/** Every item that a filing case may ask for. Source: intake survey of 2026-11, sections 3 to 7 and 10. */
export const fieldKeys = [
  // What the case is about.
  'serviceKind',
  'filerKind',
  'filerProvince',
  'accessProvider',
  'contactName',
  'contactMobile',
  // The filer (主体).
  'filerName',
  'creditCode',
  'filerDocumentAddress',
  'filerAddress',
  'parentOrganization',
  'filerRemark',
  // The filer's leader (主体负责人); for an individual the filer in person.
  'filerLeader.isLegalRepresentative',
  'filerLeader.name',
  'filerLeader.idNumber',
  'filerLeader.validity',
  'filerLeader.mobile',
  'filerLeader.emergencyMobile',
  'filerLeader.email',
  'legalRepresentative.name',
  'legalRepresentative.idNumber',
  // The service (网站、App、小程序).
  'onlineService.name',
  'onlineService.domainName',
  'registrant',
  'registrantVerified',
  'domainExpiry',
  'contentCategories',
  'serviceRemark',
  'languages',
  'preApproval',
  'businessModel',
  'app.platforms',
  'app.packageName',
  'app.bundleId',
  'app.certificateMd5',
  'app.certificateSha1',
  'app.publicKey',
  'miniProgram.platform',
  'miniProgram.appId',
  // The service's leader (服务负责人).
  'serviceLeader.isFilerLeader',
  'serviceLeader.name',
  'serviceLeader.idNumber',
  'serviceLeader.validity',
  'serviceLeader.mobile',
  'serviceLeader.emergencyMobile',
  'serviceLeader.email',
  // Access (接入信息).
  'serviceCode',
  'serverTerm',
  'ips',
  'serverLocation',
  // An earlier filing, and what is to become of it.
  'filerNumber',
  'serviceNumber',
  'filerUnchanged',
  'filedWithProvider',
  'sitesReachable',
  'previousProvider',
  'keepPrevious',
  'leaderMobileReachable',
  'changeItems',
  'changeReason',
  'newValue',
  'otherServices',
  'orderPending',
  'irrevocable',
  // Lost access (密码与手机号找回).
  'lostAccess',
  'leaderEmployed',
  'newMobile',
  'canLogIn',
  // An ICP or EDI licence.
  'licenseTask',
  'registeredCapital',
  'provincesCovered',
  'businessScope',
  'foreignInvestment',
  'siteReady',
  'staff',
  'sanctions',
  'currentLicense',
] as const;

export type FieldKey = (typeof fieldKeys)[number];

/**
 * What has been accepted, by field, each in one canonical form: codes for choices (`yes`, `no`, `unsure`, an id of `kinds.ts`), lists of
 * codes joined with commas, provinces by code (`44`), days as `2030-01-02`, a validity as `2020-01-02/2030-01-02` or `2020-01-02/long`
 * (the start may be missing: `/2030-01-02`), numbers and domain names in their standard spelling, names and texts as typed.
 */
export const valuesSchema = z.partialRecord(z.enum(fieldKeys), z.string());
export type Values = z.infer<typeof valuesSchema>;

/** The codes of a field that holds several. */
export function listed(value: string | undefined): string[] {
  return value ? value.split(',') : [];
}
