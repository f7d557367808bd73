import type { FilingType } from '../../knowledge/filing/filing-case.ts';
import type { FieldKey } from '../../knowledge/filing/form.ts';
import type { Turn, TurnResult } from '../turn.ts';
import { read } from './answer.ts';
import { take } from './change.ts';
import { withForm } from './commit.ts';
import { consentNeeded } from './consent.ts';
import { explainProblem } from './explain.ts';
import { type Form, newForm, pastQuestion } from './form.ts';
import * as wording from './wording.ts';

/** The turn that takes it, which says nothing to the customer; or why it cannot be taken, for the person who entered it. */
export type FilledIn = { result: TurnResult } | { reason: string };

/** A case that the person in charge begins for the customer. */
export interface Beginning {
  filingType: FilingType;
  /** As it is typed: 广东. */
  province?: string | undefined;
}

/**
 * Begins a form in the customer's place. It has no number yet, and nothing personal can be entered: that takes the customer's own consent,
 * which the bot asks for when it goes on with the form.
 */
export function beginFor({ filingType, province }: Beginning, turn: Turn): FilledIn {
  if (turn.session.form) return { reason: wording.formToFillFirst };
  const form = { ...newForm(turn.turnId, turn.now), filingType };
  if (province === undefined) return { result: withForm(turn, form, []) };
  return entered('filerProvince', province, form, turn);
}

/** A value that the person in charge enters into the customer's form, under the rules that hold for the customer too. */
export function fillIn(field: FieldKey, typed: string, turn: Turn): FilledIn {
  const { form } = turn.session;
  if (!form?.filingType) return { reason: wording.noFormToFill };
  if (consentNeeded(form, field)) return { reason: wording.noConsentToFill };
  return entered(field, typed, form, turn);
}

function entered(field: FieldKey, typed: string, form: Form, turn: Turn): FilledIn {
  const reading = read(field, typed, form, turn);
  if (!reading.ok) return { reason: explainProblem(reading.problem) };
  const taken = take(form, field, reading.value, turn);
  return { result: withForm(turn, pastQuestion(taken.form, field), []) };
}
