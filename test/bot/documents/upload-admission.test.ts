import { describe, expect, it } from 'vitest';
import { type AdmissionParts, admissionBy } from '../../../bot/documents/upload-admission.ts';
import type { Standing } from '../../../bot/handoffs/handoffs.ts';
import { newSession, type Session } from '../../../dialogs/session.ts';
import { caseStates } from '../../../knowledge/filing/filing-case.ts';
import { sampleCase } from '../../support/filing-case.ts';

const number = 'BA-20261123-1234560';

/** A conversation as its records stand; `held` is its case. */
function world({ session = newSession, held }: { session?: Session; held?: AdmissionParts['cases']['findHeld'] }): AdmissionParts {
  return {
    inbox: { session: async () => session },
    handoffs: { standing: async (): Promise<Standing | undefined> => undefined },
    cases: { findHeld: held ?? (async () => undefined) },
  };
}

const isAdmitted = (policy: 'any' | 'asked', parts: AdmissionParts) =>
  admissionBy(
    policy,
    parts,
  )('c1').then(
    () => true,
    (error: { why?: string }) => (error.why === 'unasked' ? false : Promise.reject(error)),
  );

describe('an upload', () => {
  it('is admitted at any time unless it has to be asked for', async () => {
    expect(await isAdmitted('any', world({}))).toBe(true);
    expect(await isAdmitted('asked', world({}))).toBe(false);
  });

  it.each(caseStates.map((state) => [state, state !== 'approved' && state !== 'cancelled']))(
    'for a case that is %s is admitted: %s',
    async (state, admitted) => {
      const held = async () => sampleCase(number, { state });
      expect(await isAdmitted('asked', world({ session: { ...newSession, cases: [number] }, held }))).toBe(admitted);
    },
  );

  it('for a case that is gone, or is with another conversation now, is not admitted', async () => {
    expect(await isAdmitted('asked', world({ session: { ...newSession, cases: [number] } }))).toBe(false);
  });

  it('about which nothing can be found out is not admitted by that', async () => {
    const parts = world({});
    parts.inbox = { session: async () => Promise.reject(new Error('The store is away.')) };
    await expect(admissionBy('asked', parts)('c1')).rejects.toThrow('The store is away.');
  });
});
