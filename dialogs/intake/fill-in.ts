import type { FieldKey } from '../../knowledge/filing/form.ts';
import type { Turn, TurnResult } from '../turn.ts';
import { read } from './answer.ts';
import { consentNeeded } from './asking.ts';
import { take } from './change.ts';
import { withForm } from './commit.ts';
import { explainProblem } from './explain.ts';
import { pastQuestion } from './form.ts';
import * as wording from './wording.ts';

/** The turn that takes the value, which says nothing to the customer; or why it cannot be taken, for the person who entered it. */
export type FilledIn = { result: TurnResult } | { reason: string };

/** A value that the person in charge enters into the customer's form, under the rules that hold for the customer too. */
export function fillIn(field: FieldKey, typed: string, turn: Turn): FilledIn {
  const { form } = turn.session;
  if (!form?.filingType) return { reason: wording.noFormToFill };
  if (consentNeeded(form, field)) return { reason: wording.noConsentToFill };
  const reading = read(field, typed, form, turn);
  if (!reading.ok) return { reason: explainProblem(reading.problem) };
  const taken = take(form, field, reading.value, turn);
  return { result: withForm(turn, pastQuestion(taken.form, field), []) };
}
