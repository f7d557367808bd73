import type { CaseState, FilingCase } from '../../knowledge/filing/filing-case.ts';
import type { FieldKey, Values } from '../../knowledge/filing/form.ts';
import type { Effect } from '../effect.ts';
import type { Reply } from '../reply.ts';
import type { Turn, TurnResult } from '../turn.ts';
import type { Form } from './form.ts';
import { stepsOf, withheldFields } from './steps.ts';

/** What is said before the next question, and what else the turn does. */
export interface Before {
  said?: readonly (string | undefined)[];
  replies?: readonly Reply[];
  effects?: Effect[];
}

/** Ends a turn of the form: the conversation remembers it, and the case that it fills in is kept whenever there is something new. */
export function withForm(turn: Turn, form: Form | undefined, replies: Reply[], effects: Effect[] = []): TurnResult {
  const { form: before, inquiry: _, ...session } = turn.session;
  const saved = effects.some(({ kind }) => kind === 'saveCase');
  const save: Effect[] =
    form?.number && !saved && changed(before, form) ? [{ kind: 'saveCase', case: caseOf(form, form.number, turn.now) }] : [];
  return { session: { ...session, ...(form && { form }) }, replies, effects: [...effects, ...save] };
}

/** The case as the form has it; `state` other than `drafting` when the customer submits it or gives it up. */
export function caseOf(form: Form, number: string, now: number, state: CaseState = 'drafting'): FilingCase {
  const { filingType = 'initial', startedAt, documents } = form;
  const ended = state !== 'drafting';
  return {
    version: 1,
    number,
    filingType,
    state,
    values: state === 'cancelled' ? {} : valuesOf(form),
    withheld: state === 'cancelled' ? [] : withheldFields(form),
    documents: state === 'cancelled' ? [] : documents,
    startedAt,
    ...(state === 'ready' && { openedAt: now }),
    history: [{ at: startedAt, state: 'drafting', by: 'customer' }, ...(ended ? [{ at: now, state, by: 'customer' as const }] : [])],
  };
}

/** The values that count for the case: what was answered for another kind of filer or service stays out. */
export function valuesOf({ filingType, values }: Form): Values {
  if (!filingType) return values;
  const applicable = new Set<string>([...stepsOf(filingType, values), ...alwaysTaken]);
  return Object.fromEntries(Object.entries(values).filter(([key]) => applicable.has(key)));
}

/** Items that no step asks for: taken when they are said, or known from others. */
const alwaysTaken: FieldKey[] = [
  'filerKind',
  'filerProvince',
  'contactName',
  'filerRemark',
  'domainExpiry',
  'languages',
  'serverTerm',
  'serverLocation',
  'changeReason',
  'businessScope',
  'staff',
];

function changed(before: Form | undefined, after: Form): boolean {
  if (!before) return true;
  const same = substance.every((part) => before[part] === after[part]);
  return !same && substance.some((part) => JSON.stringify(before[part]) !== JSON.stringify(after[part]));
}

/** What a case is made of; the rest of a form is about the talk. */
const substance = ['number', 'filingType', 'values', 'documents', 'consent'] as const;
