import { describe, expect, it } from 'vitest';
import { briefOf } from '../../../bot/desk/brief.ts';
import { newForm } from '../../../dialogs/intake/form.ts';
import { newSession, type Session } from '../../../dialogs/session.ts';
import type { CaseState, FilingCase } from '../../../knowledge/filing/filing-case.ts';
import { sampleCase, sampleValues } from '../../support/filing-case.ts';
import { realKnowledge } from '../../support/knowledge.ts';

const today = '2026-11-28';
const at = (day: string) => Date.parse(`${day}T10:00:00+08:00`);

function caseIn(number: string, state: CaseState, since: string, note?: string): FilingCase {
  return sampleCase(number, { state, history: [{ at: at(since), state, by: 'agency', ...(note && { note }) }] });
}

function deadlineOf(cases: readonly FilingCase[], session: Session = newSession) {
  const conversation = { id: 'c', channel: 'direct-line', startedAt: at(today) };
  return briefOf({ conversation, session, handoff: undefined, entries: [], cases, knowledge: realKnowledge(), today }).deadline;
}

describe('the brief', () => {
  it('names the nearest deadline of several cases, with the days left', () => {
    const reviewed = caseIn('A', 'administration-review', '2026-11-26');
    const returned = caseIn('B', 'returned', '2026-11-26', '12月3日前补正');
    expect(deadlineOf([reviewed, returned])).toEqual({
      code: 'resubmission',
      day: '2026-12-03',
      daysLeft: 5,
      about: false,
      caseNumber: 'B',
    });
    expect(deadlineOf([reviewed, caseIn('C', 'sms-pending', '2026-11-24')])).toMatchObject({ caseNumber: 'C', daysLeft: -3 });
  });

  it('names that of a form without a number, and none where nothing is known', () => {
    const form = { ...newForm('t1', at(today)), filingType: 'initial' as const, values: { ...sampleValues, domainExpiry: '2026-12-20' } };
    expect(deadlineOf([], { ...newSession, form })).toEqual({ code: 'domain-expiry', day: '2026-12-20', daysLeft: 22, about: false });
    expect(deadlineOf([caseIn('A', 'cancelled', today)])).toBeUndefined();
  });
});
