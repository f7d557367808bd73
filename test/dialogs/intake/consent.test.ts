import { describe, expect, it } from 'vitest';
import { take } from '../../../dialogs/intake/change.ts';
import { consentNeeded } from '../../../dialogs/intake/consent.ts';
import { fields } from '../../../dialogs/intake/fields.ts';
import { type Form, newForm } from '../../../dialogs/intake/form.ts';
import type { Turn } from '../../../dialogs/turn.ts';
import { type FieldKey, fieldKeys } from '../../../knowledge/filing/form.ts';

const turn = { now: Date.UTC(2026, 10, 2) } as Turn;
const agreed = (consent: Form['consent']): Form => ({ ...newForm('draft', turn.now), filingType: 'initial', consent });
const keysOf = (privacy: 'personal' | 'certificate') => fieldKeys.filter((key) => fields[key].privacy === privacy);
const taken = (form: Form, key: FieldKey) => take(form, key, { value: 'anything' }, turn).form.values[key];

describe('what is taken without consent', () => {
  it('is nothing of a person', () => {
    const personal = [...keysOf('personal'), ...keysOf('certificate')];
    expect(personal.length).toBeGreaterThan(10);
    for (const key of personal) {
      for (const consent of [{}, { general: 'refused' }, { certificates: 'given' }] as const) {
        expect(() => taken(agreed(consent), key), key).toThrow(/must not be taken: the general consent/);
      }
    }
  });

  it('is no certificate number, whatever else was agreed to', () => {
    for (const key of keysOf('certificate')) {
      for (const consent of [{ general: 'given' }, { general: 'given', certificates: 'refused' }] as const) {
        expect(() => taken(agreed(consent), key), key).toThrow(/must not be taken: the certificates consent/);
      }
    }
  });

  it('is not what the same words said about somebody either', () => {
    const [plain] = fieldKeys.filter((key) => fields[key].privacy === undefined) as [FieldKey];
    const [personal] = keysOf('personal') as [FieldKey];
    expect(() => take(agreed({}), plain, { value: 'anything', also: { [personal]: 'somebody' } }, turn)).toThrow(/must not be taken/);
  });
});

it('with consent everything is taken, and without it what is about nobody', () => {
  for (const key of fieldKeys) {
    expect(taken(agreed({ general: 'given', certificates: 'given' }), key), key).toBe('anything');
    if (consentNeeded(agreed({}), key) === undefined) expect(taken(agreed({}), key), key).toBe('anything');
  }
});
