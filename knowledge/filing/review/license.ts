import { parseCreditCode } from '../../entities/credit-code.ts';
import { listed } from '../form.ts';
import { type Check, found, only } from './finding.ts';

/** Least registered capital in units of 10,000 yuan: in one province, and beyond. Order 42 of 2017, article 6. */
export const leastCapital = { oneProvince: 100, several: 1000 } as const;

/** What most windows ask for; no law has a number of staff. */
const usualStaff = 3;

/** The conditions of a licence as far as an enquiry shows them. Intake survey of 2026-11, section 10. */
export const checkLicense: Check = ({ type, values }) => {
  if (type !== 'license') return [];
  const { licenseTask, provincesCovered = '', foreignInvestment, sanctions } = values;
  if (licenseTask === 'transfer') return [found('license-transfer', ['licenseTask'])];
  const asksNew = licenseTask === undefined || licenseTask === 'new' || licenseTask === 'ask' || licenseTask === 'add';
  const code = values.creditCode === undefined ? undefined : parseCreditCode(values.creditCode);
  const company = !code?.ok || code.value.filerKind === undefined || code.value.filerKind === 'enterprise';
  const capital = amountOf(values.registeredCapital);
  const several = provincesCovered === 'all' || listed(provincesCovered).length > 1;
  const models = listed(values.businessModel);
  const modest = models.length > 0 && models.every((model) => model === 'none' || model === 'own-shop');
  const staff = amountOf(values.staff);
  const short = capital !== undefined && capital < leastCapital.oneProvince;
  return only(
    !company && found('license-company-only', ['creditCode', 'filerName']),
    short && found('license-capital', ['registeredCapital'], { least: String(leastCapital.oneProvince) }),
    !short &&
      several &&
      capital !== undefined &&
      capital < leastCapital.several &&
      found('license-capital-provinces', ['registeredCapital', 'provincesCovered'], { least: String(leastCapital.several) }),
    (foreignInvestment === 'yes' || foreignInvestment === 'unsure') && found('license-foreign', ['foreignInvestment']),
    sanctions === 'yes' && found('license-sanctions', ['sanctions']),
    sanctions === 'unsure' && found('license-sanctions-unsure', ['sanctions']),
    values.siteReady === 'no' && found('license-site-empty', ['siteReady']),
    asksNew && !/备\d|备案?号?\d|ICP备/i.test(values.filerNumber ?? '') && found('license-filing-first', ['filerNumber']),
    staff !== undefined && staff < usualStaff && found('license-staff', ['staff']),
    asksNew && modest && found('license-perhaps-not', ['businessModel']),
  );
};

function amountOf(text: string | undefined): number | undefined {
  const amount = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(amount) ? amount : undefined;
}
