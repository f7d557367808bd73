import { refused } from '../../knowledge/entities/result.ts';
import { type FieldKey, fieldKeys } from '../../knowledge/filing/form.ts';
import type { Field } from './field.ts';
import { accessFields } from './fields/access.ts';
import { appFields } from './fields/app.ts';
import { caseFields } from './fields/case.ts';
import { filerFields } from './fields/filer.ts';
import { formerFilingFields } from './fields/former-filing.ts';
import { leaderFields } from './fields/leaders.ts';
import { licenseFields } from './fields/license.ts';
import { lostAccessFields } from './fields/lost-access.ts';
import type { FieldEntry } from './fields/reading.ts';
import { serviceFields } from './fields/service.ts';

const tables: Record<FieldKey, FieldEntry> = {
  ...caseFields,
  ...filerFields,
  ...leaderFields,
  ...serviceFields,
  ...appFields,
  ...accessFields,
  ...formerFilingFields,
  ...lostAccessFields,
  ...licenseFields,
};

/** Every item of a case by its key: how it is asked for, read and shown. */
export const fields = Object.fromEntries(fieldKeys.map((key) => [key, withoutSecrets({ key, ...tables[key] })])) as Record<FieldKey, Field>;

/** Passwords and codes are never kept, whatever was asked. */
function withoutSecrets(field: Field): Field {
  return {
    ...field,
    read: (typed, context) => {
      const secret = secretIn(typed);
      return secret ? refused({ code: 'secret-not-wanted', secret }) : field.read(typed, context);
    },
  };
}

/** What a message gives away that nobody should: 密码是…, 验证码 123456. */
export function secretIn(typed: string): 'password' | 'sms-code' | undefined {
  const plain = typed.normalize('NFKC');
  if (/(?:密码|口令|password|passwd|pwd)\s*(?:是|为|就是|[:=])+\s*[!-~]{4,}/i.test(plain) || /密码\s*[!-~]{6,}/.test(plain))
    return 'password';
  return /(?:验证码|校验码|动态码|短信码)\s*(?:是|为|[:=])*\s*\d{4,8}(?!\d)/.test(plain) ? 'sms-code' : undefined;
}
