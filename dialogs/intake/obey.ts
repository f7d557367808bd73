import type { FieldKey } from '../../knowledge/filing/form.ts';
import type { Choice } from '../reply.ts';
import { paragraphs } from '../say.ts';
import type { Response, Turn } from '../turn.ts';
import { choice, yesOrNo } from './act.ts';
import { answer, refuse } from './answer.ts';
import { askAgain, askConsent, askField, choose, proceed } from './asking.ts';
import { answeredLabels, fieldsNamed } from './change.ts';
import { withForm } from './commit.ts';
import { consentNeeded } from './consent.ts';
import { fields } from './fields.ts';
import type { Form } from './form.ts';
import type { FormCommand } from './form-commands.ts';
import { exampleOf } from './show.ts';
import { openFields, withheldFields } from './steps.ts';
import { submit, summarize } from './submit.ts';
import * as wording from './wording.ts';

/** Carries out what the customer says to the form. */
export function obey(say: Exclude<FormCommand['say'], 'change' | 'why-item'>, form: Form, turn: Turn): Response {
  switch (say) {
    case 'back':
      return goBack(form, turn);
    case 'skip':
      return skip(form, turn);
    case 'missing':
      return tellMissing(form, turn);
    case 'pause':
      return withForm(turn, { ...form, paused: true }, [{ kind: 'notice', text: wording.paused(form.number), choices: [] }]);
    case 'cancel':
      return ask({ kind: 'cancel' }, wording.confirmCancel, yesOrNo(wording.cancelLabel, wording.keepLabel), form, turn);
    case 'restart':
      return ask({ kind: 'restart' }, wording.confirmRestart, yesOrNo(wording.restartLabel, wording.keepFillingLabel), form, turn);
    case 'continue':
      return goOn(form, turn);
    case 'wait':
      return withForm(turn, form, [{ kind: 'notice', text: wording.waiting, choices: [] }]);
    case 'why':
      return explainField(form, turn, ({ why }) => why);
    case 'example':
      return explainField(form, turn, (field) => wording.exampleOf(exampleOf(field, form.values)));
    case 'summary':
      return form.filingType ? summarize(form, turn) : askAgain(form, turn);
    case 'submit':
      return form.filingType && openFields(form).length === 0 ? submit(form, turn, false) : tellMissing(form, turn);
  }
}

function ask(pending: NonNullable<Form['pending']>, text: string, choices: Choice[], form: Form, turn: Turn): Response {
  return withForm(turn, { ...form, pending }, [{ kind: 'ask', text, choices }]);
}

/** 继续: an item that was to be changed keeps its value. */
function goOn(form: Form, turn: Turn): Response {
  const resumed = { ...form, paused: false };
  if (form.asked === undefined || form.values[form.asked] === undefined) return askAgainQuietly(resumed, turn);
  const { asked: _, ...rest } = resumed;
  return proceed(rest, turn);
}

function askAgainQuietly(form: Form, turn: Turn): Response {
  const [next] = openFields(form);
  return form.filingType && form.asked && form.asked === next ? askField(form.asked, form, turn) : proceed(form, turn);
}

function goBack(form: Form, turn: Turn): Response {
  if (!form.filingType) {
    return form.chosen.length > 0
      ? choose({ ...form, chosen: form.chosen.slice(0, -1) }, turn)
      : choose(form, turn, { said: [wording.firstQuestion] });
  }
  const earlier = form.trail.at(-1);
  if (earlier === undefined) return askAgain(form, turn, { said: [wording.firstQuestion] });
  const { asked: _, ...rest } = form;
  return askField(earlier, { ...rest, trail: form.trail.slice(0, -1) }, turn);
}

function skip(form: Form, turn: Turn): Response {
  const { asked } = form;
  if (asked === undefined) return askAgain(form, turn);
  if (form.values[asked] !== undefined) return goOn(form, turn);
  if (!fields[asked].optional) return askField(asked, form, turn, { said: [wording.cannotSkip] });
  return proceed({ ...form, skipped: [...form.skipped, asked] }, turn, { said: [wording.skipped] });
}

function tellMissing(form: Form, turn: Turn): Response {
  const labels = openFields(form).map((key) => fields[key].label);
  const withheld = withheldFields(form).map((key) => fields[key].label);
  return askAgain(form, turn, { said: [form.filingType ? wording.missing(labels, withheld) : undefined] });
}

function explainField(form: Form, turn: Turn, word: (field: (typeof fields)[FieldKey]) => string): Response {
  const waited = turn.session.form?.pending;
  if (waited?.kind === 'consent') return askConsent(waited.to, form, turn, { said: [wording.whyConsent(waited.to)] });
  if (form.asked) return askField(form.asked, form, turn, { said: [word(fields[form.asked])] });
  return askAgain(form, turn);
}

/** 应急电话有什么用: what an item is for, whichever is asked; undefined when no item is called so. */
export function explainNamed({ named, plain }: Extract<FormCommand, { say: 'why-item' }>, form: Form, turn: Turn): Response | undefined {
  const keys = fieldsNamed(named, form);
  const key = keys.find((each) => each === form.asked) ?? keys[0];
  if (key === undefined || turn.session.form?.pending?.kind === 'consent') return plain ? obey('why', form, turn) : undefined;
  return askAgain(form, turn, { said: [fields[key].why] });
}

/** 改手机号: asks for it again, or takes what was said with it. */
export function change(named: readonly FieldKey[], typed: string | undefined, form: Form, turn: Turn): Response {
  const [key, second] = named;
  if (key === undefined) return unknownChange(form, turn);
  if (second !== undefined) {
    const choices = named.map((field) =>
      choice(`改${fields[field].label}`, { do: 'change', field, ...(typed !== undefined && { typed }) }),
    );
    const text = wording.whichToChange(named.map((field) => fields[field].label));
    return withForm(turn, { ...form, pending: { kind: 'which', fields: [...named], ...(typed !== undefined && { typed }) } }, [
      { kind: 'ask', text, choices },
    ]);
  }
  const consent = consentNeeded(form, key);
  if (consent) return askConsent(consent, form, turn);
  if (typed === undefined) return askField(key, form, turn);
  const answered = answer(key, typed, form, turn);
  return 'problem' in answered ? refuse(key, answered.problem, form, turn) : answered;
}

export function unknownChange(form: Form, turn: Turn): Response {
  return askAgain(form, turn, { said: [paragraphs(wording.whichToChange([]), wording.changeable(answeredLabels(form)))] });
}
