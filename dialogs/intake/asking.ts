import type { FieldKey } from '../../knowledge/filing/form.ts';
import type { Choice, Progress, Reply, SeveralChoices } from '../reply.ts';
import { paragraphs } from '../say.ts';
import type { Response, Turn } from '../turn.ts';
import { choice } from './act.ts';
import { settle } from './choose.ts';
import { type Before, withForm } from './commit.ts';
import { consentNeeded } from './consent.ts';
import { optionsOf, questionOf, severalOf } from './field.ts';
import { fields } from './fields.ts';
import { asking, type Form, newForm } from './form.ts';
import { shown } from './show.ts';
import { openFields, stepsOf } from './steps.ts';
import { summarize } from './submit.ts';
import * as wording from './wording.ts';

/** Goes on with the form: the next thing that is open is asked, or the summary shown. */
export function proceed(form: Form, turn: Turn, before: Before = {}): Response {
  if (!form.filingType) return choose(form, turn, before);
  const [next] = openFields(form);
  if (next === undefined) return summarize(form, turn, before);
  const consent = consentNeeded(form, next);
  return consent ? askConsent(consent, form, turn, before) : askField(next, form, turn, before);
}

/** Asks for one item, which may have a value already: that one stays until another is accepted. */
export function askField(key: FieldKey, form: Form, turn: Turn, { said = [], replies = [], effects = [] }: Before = {}): Response {
  const field = fields[key];
  const value = form.values[key];
  const text = paragraphs(
    ...said,
    `**${questionOf(field, form.values)}**`,
    value === undefined ? undefined : wording.current(shown(key, form.values)),
  );
  const reply: Reply = { kind: 'ask', field: key, progress: progressOf(form), text, ...optionsToPick(key, form) };
  return withForm(turn, asking({ ...form, paused: false }, key), [...replies, reply], effects);
}

/** Asks whatever waits for an answer once more, after something else was said. */
export function askAgain(form: Form, turn: Turn, before: Before = {}): Response {
  const { said = [] } = before;
  const again = { ...before, said: said.length > 0 || before.replies?.length ? [...said, wording.askAgainPrefix] : said };
  const waits = form.asked !== undefined && form.filingType && openOrChanging(form, form.asked);
  return waits && form.asked ? askField(form.asked, form, turn, again) : proceed(form, turn, before);
}

function openOrChanging(form: Form, asked: FieldKey): boolean {
  return openFields(form)[0] === asked || form.values[asked] !== undefined;
}

/** The options of an item as choices, and whether several of them may be picked. */
export function optionsToPick(key: FieldKey, form: Form): { choices: Choice[]; several?: SeveralChoices; invitation?: string } {
  const several = severalOf(fields[key], form.values);
  return { choices: optionChoices(key, form), ...(several && { several, invitation: wording.severalHint }) };
}

export function optionChoices(key: FieldKey, { values }: Form): Choice[] {
  return optionsOf(fields[key], values).map(({ value, label }) => choice(label, { do: 'answer', field: key, value }));
}

export function progressOf(form: Form): Progress {
  if (!form.filingType) return { done: 0, total: 0 };
  const total = stepsOf(form.filingType, form.values).length;
  return { done: total - openFields(form).length, total };
}

/** Asks for consent: in full, or, while it is waited for, in one sentence. */
export function askConsent(
  to: 'general' | 'certificates',
  form: Form,
  turn: Turn,
  { said = [], replies = [], effects = [] }: Before = {},
): Response {
  const { agency, session } = turn;
  const waited = session.form?.pending;
  const isAgain = waited?.kind === 'consent' && waited.to === to;
  const [full, yes, no] =
    to === 'general'
      ? [wording.consentAsked(agency), wording.agree, wording.disagree]
      : [wording.certificateConsentAsked(), wording.agreeCertificates, wording.disagreeCertificates];
  const text = isAgain ? wording.consentAgain(to) : full;
  const choices = [choice(yes, { do: 'consent', to, given: true }), choice(no, { do: 'consent', to, given: false })];
  const { asked: _, ...waiting } = form;
  return withForm(
    turn,
    { ...waiting, pending: { kind: 'consent', to }, paused: false },
    [...replies, { kind: 'consent', text: paragraphs(...said, text), choices }],
    effects,
  );
}

/** Settles which case the customer needs, with the reason told. */
export function choose(form: Form, turn: Turn, { said = [], replies = [], effects = [] }: Before = {}): Response {
  const settled = settle(form.chosen);
  if (settled.kind === 'question') {
    const { question, answers } = settled.choosing;
    const choices = answers.map(({ label }) => choice(label, { do: 'choose', answer: label }));
    return withForm(
      turn,
      { ...form, paused: false },
      [...replies, { kind: 'ask', text: paragraphs(...said, `**${question}**`), choices }],
      effects,
    );
  }
  const { filingType, reason } = settled.outcome;
  if (filingType) return proceed({ ...form, filingType }, turn, { said: [...said, reason, wording.opening(filingType)], replies, effects });
  const choices = [choice(wording.callBackLabel, { do: 'call-back' })];
  return withForm(turn, undefined, [...replies, { kind: 'notice', text: paragraphs(...said, reason), choices }], effects);
}

/** A form begun anew with what was said about it, keeping its number and consent. */
export function emptied({ draft, startedAt, filingType, number, consent }: Form): Form {
  return { ...newForm(draft, startedAt), ...(filingType && { filingType }), ...(number && { number }), consent };
}
