import type { FilingCase } from '../knowledge/filing/filing-case.ts';
import type { FieldKey } from '../knowledge/filing/form.ts';
import { standsAlone } from './amend.ts';
import { changesOthers } from './case-wording.ts';
import { chinaDay } from './china-day.ts';
import { explainProblem } from './intake/explain.ts';
import { fields } from './intake/fields.ts';

export interface Typed {
  field: FieldKey;
  typed: string;
  /** It is meant as it was typed, whatever looks more likely. */
  sure: boolean;
}

/** The value as it is kept; why it is refused, in words for staff; or the value that was probably meant. */
export type Correction = { value: string } | { refused: string } | { meant: string };

/** A value that staff put into a case: read as the customer's is, and taken where nothing else hangs on it. */
export function correct(filed: FilingCase, { field, typed, sure }: Typed, now: number): Correction {
  const { values } = filed;
  const reading = fields[field].read(typed, { values, today: chinaDay(now) });
  if (!reading.ok) return { refused: explainProblem(reading.problem) };
  const { value, suggestion } = reading.value;
  if (suggestion !== undefined && !sure) return { meant: suggestion };
  return standsAlone(filed, field, { ...values, [field]: value }, { now }) ? { value } : { refused: changesOthers(fields[field].label) };
}
