import type { FieldKey } from '../../knowledge/filing/form.ts';
import { fields } from './fields.ts';
import type { Form } from './form.ts';

/** Consent that has to be asked for before an item, if any. */
export function consentNeeded({ consent }: Form, key: FieldKey): 'general' | 'certificates' | undefined {
  const { privacy } = fields[key];
  if (privacy === undefined) return undefined;
  if (consent.general !== 'given') return 'general';
  return privacy === 'certificate' && consent.certificates !== 'given' ? 'certificates' : undefined;
}

/**
 * Throws when an item is about to be taken for which the customer has not agreed: personal information is collected with consent, and
 * certificate numbers with one of their own (Personal Information Protection Law, in force since 2021-11-01, articles 13, 29 and 30). The
 * dialog asks first; this holds the line where it should not have come to reading.
 */
export function requireConsent(form: Form, keys: readonly string[]): void {
  for (const key of keys as readonly FieldKey[]) {
    const needed = consentNeeded(form, key);
    if (needed) throw new Error(`The item ${key} must not be taken: the ${needed} consent is not given.`);
  }
}
