import { parseFilingNumber } from '../../entities/filing-number.ts';
import { essence } from '../../text/normalize.ts';
import { type FieldKey, listed } from '../form.ts';
import { rulesFor } from '../province-readings.ts';
import { provinceOfNumber } from '../situation.ts';
import { type Check, type Finding, found, foundByRule, only, type Subject } from './finding.ts';

/** Whether this is the right kind of order, and whether it can be made now. Intake survey of 2026-11, sections 1 and 3.7 to 7. */
export const checkOrder: Check = (subject) => [...pending(subject), ...byType(subject)];

function pending({ values: { orderPending, leaderMobileReachable } }: Subject): Finding[] {
  return only(
    orderPending === 'yes' && found('order-pending', ['orderPending']),
    orderPending === 'unsure' && found('order-pending-unsure', ['orderPending']),
    leaderMobileReachable === 'no' && found('leader-mobile-lost', ['leaderMobileReachable']),
    leaderMobileReachable === 'unsure' && found('leader-mobile-unsure', ['leaderMobileReachable']),
  );
}

function byType(subject: Subject): Finding[] {
  switch (subject.type) {
    case 'initial':
      return atPlatform(subject);
    case 'add-service':
      return [...atPlatform(subject), ...addService(subject)];
    case 'add-access':
      return addAccess(subject);
    case 'change':
      return change(subject);
    case 'cancel-filer':
    case 'cancel-service':
    case 'cancel-access':
      return cancel(subject);
    case 'recover-access':
      return recover(subject);
    case 'license':
      return [];
  }
}

function atPlatform({ values: { serviceKind } }: Subject): Finding[] {
  return only(serviceKind === 'mini-program' && found('service-at-platform', ['serviceKind']));
}

function addService({ values, province, filer }: Subject): Finding[] {
  const { filerUnchanged, sitesReachable, filedWithProvider } = values;
  const limits = rulesFor(province, 'site-limit', filer);
  const [limit] = limits.length > 0 ? limits : rulesFor(province, 'per-order-limit', filer);
  return only(
    filerUnchanged === 'no' && found('filer-changed', ['filerUnchanged']),
    filerUnchanged === 'unsure' && found('filer-changed-unsure', ['filerUnchanged']),
    sitesReachable === 'no' && found('sites-unreachable', ['sitesReachable']),
    sitesReachable === 'unsure' && found('sites-unreachable-unsure', ['sitesReachable']),
    filedWithProvider === 'no' && found('filer-elsewhere', ['filedWithProvider']),
    limit && foundByRule('several-sites', ['filerNumber'], limit, {}, 'take-care'),
  );
}

function addAccess({ values }: Subject): Finding[] {
  const { accessProvider, previousProvider, keepPrevious } = values;
  const same = previousProvider !== undefined && accessProvider !== undefined && essence(previousProvider) === essence(accessProvider);
  return only(
    lacksService(values.serviceNumber) && found('service-number-incomplete', ['serviceNumber']),
    same && essence(accessProvider) !== '' && found('access-same-provider', ['previousProvider', 'accessProvider']),
    keepPrevious === 'no' && found('access-before-cancelling', ['keepPrevious']),
  );
}

/** A number of the filer alone, where one of its services is wanted: 沪ICP备12345678号. */
function lacksService(number: string | undefined): boolean {
  const read = number === undefined ? undefined : parseFilingNumber(number);
  return read?.ok === true && read.value.service === undefined;
}

function change({ values, province, filer }: Subject): Finding[] {
  const items = listed(values.changeItems);
  const has = (...each: string[]) => each.some((item) => items.includes(item));
  const filed = provinceOfNumber(values.filerNumber);
  const moved = filed !== undefined && values.filerProvince !== undefined && filed !== values.filerProvince;
  const transfer = has('filer') ? rulesFor(province, 'change-subject', filer)[0] : undefined;
  const wholeOnly = rulesFor(province, 'order-type', filer)[0];
  const renamed = has('name') && filer !== 'individual';
  return only(
    moved && found('change-province', ['filerProvince', 'filerAddress'], { province: filed }),
    has('filer') &&
      (transfer
        ? foundByRule('change-filer', ['changeItems'], transfer, {}, allows(transfer.text) ? 'take-care' : 'must-fix')
        : found('change-filer', ['changeItems'])),
    has('certificate') && found('change-certificate-number', ['changeItems']),
    renamed && found('change-domain-holder-first', ['changeItems']),
    has('legal-representative') && !has('service-leader') && found('change-service-leader-too', ['changeItems']),
    has('remove-domain') && found('change-domain-removed', ['onlineService.domainName']),
    wholeOnly &&
      has('legal-representative', 'service-leader', 'service-name', 'service-content') &&
      foundByRule('change-whole-filing', ['changeItems'], wholeOnly, {}, 'take-care'),
  );
}

/** Whether a rule on changing the filer leaves a way that a person should look at. */
function allows(rule: string): boolean {
  return /允许变更|可以变更|可改|可以改|改成该企业|有关联|可变更/.test(rule) && !/不支持|不能(?:改成|换成|换主体)/.test(rule);
}

function cancel({ type, values, province, filer }: Subject): Finding[] {
  const { otherServices, irrevocable } = values;
  const open = otherServices === 'unsure' ? 'take-care' : undefined;
  const byForm = type === 'cancel-service' ? rulesFor(province, 'cancel-site', filer)[0] : undefined;
  const fields: FieldKey[] = ['otherServices'];
  return only(
    irrevocable === 'no' && found('cancel-unconfirmed', ['irrevocable']),
    type !== 'cancel-filer' && lacksService(values.serviceNumber) && found('service-number-incomplete', ['serviceNumber']),
    type === 'cancel-filer' &&
      (otherServices === 'yes' || otherServices === 'unsure') &&
      found('cancel-everything', fields, undefined, open),
    type === 'cancel-service' &&
      (otherServices === 'no' || otherServices === 'unsure') &&
      found('cancel-leaves-shell', fields, undefined, open),
    type === 'cancel-access' &&
      (otherServices === 'no' || otherServices === 'unsure') &&
      found('cancel-last-access', fields, undefined, open),
    byForm && foundByRule('cancel-by-form', ['serviceNumber'], byForm, {}, 'take-care'),
  );
}

function recover({ values: { lostAccess, canLogIn, leaderEmployed } }: Subject): Finding[] {
  const person =
    (lostAccess === 'leader-mobile' && canLogIn !== undefined && canLogIn !== 'yes') ||
    lostAccess === 'provider-unknown' ||
    leaderEmployed === 'no';
  return only(
    (lostAccess === 'filing-password' || lostAccess === 'old-process') && found('recover-no-password', ['lostAccess']),
    person && found('recover-by-person', ['lostAccess', 'canLogIn']),
  );
}
