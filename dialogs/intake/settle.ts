import type { FilingType } from '../../knowledge/filing/filing-case.ts';
import type { FieldKey } from '../../knowledge/filing/form.ts';
import { chinaDay } from '../china-day.ts';
import type { Effect } from '../effect.ts';
import { andThen } from '../say.ts';
import type { Response, Turn } from '../turn.ts';
import { choice } from './act.ts';
import { read } from './answer.ts';
import { askAgain, askField, emptied, proceed } from './asking.ts';
import { take } from './change.ts';
import { caseOf, withForm } from './commit.ts';
import { type Form, pastQuestion, settled } from './form.ts';
import { start } from './start.ts';
import * as wording from './wording.ts';

/** Settles the pending question of the form. */
export function settlePending(yes: boolean, form: Form, turn: Turn): Response {
  const { pending } = form;
  const open = settled(form);
  switch (pending?.kind) {
    case 'cancel':
      return yes ? cancel(open, turn) : askAgain(open, turn);
    case 'restart':
      return yes ? proceed(emptied(open), turn, { said: [wording.restarted] }) : askAgain(open, turn);
    case 'switch':
      return yes ? switchTo(pending.filingType, open, turn) : askAgain(open, turn);
    case 'confirm':
      if (!yes && pending.typed === '') return askField(pending.field, open, turn);
      return accepted(pending.field, yes ? pending.value : pending.typed, open, turn);
    default:
      return askAgain(open, turn);
  }
}

/** A value that the customer has confirmed. */
function accepted(key: FieldKey, value: string, form: Form, turn: Turn): Response {
  const reading = read(key, value, form, turn);
  const also = reading.ok ? reading.value : { value };
  const { form: next, remarks } = take(form, key, { ...also, value }, turn);
  return proceed(pastQuestion(next, key), turn, { said: remarks });
}

function switchTo(filingType: FilingType | undefined, form: Form, turn: Turn): Response {
  const { form: _, ...session } = turn.session;
  return andThen(start({ ...(filingType && { filingType }), values: {} }, { ...turn, session }), (result) => ({
    ...result,
    effects: [...givenUp(form, turn), ...result.effects],
  }));
}

function cancel(form: Form, turn: Turn): Response {
  return withForm(turn, undefined, [{ kind: 'notice', text: wording.cancelled, choices: [] }], givenUp(form, turn));
}

/** A case that has its number is kept as given up, without what was filled in. */
function givenUp(form: Form, { now }: Turn): Effect[] {
  return form.number ? [{ kind: 'saveCase', case: caseOf(form, form.number, now, 'cancelled') }] : [];
}

/** Notes the consent, or its refusal; with it the case gets its number. */
export function takeConsent(to: 'general' | 'certificates', given: boolean, asked: Form, turn: Turn): Response {
  const form = settled(asked);
  const consent = { ...form.consent, [to]: given ? ('given' as const) : ('refused' as const) };
  const register = (caseNumber: string | undefined) => [consentRecorded(to, given, caseNumber, turn)];
  if (to === 'certificates') {
    return proceed({ ...form, consent }, turn, {
      said: [given ? undefined : wording.certificatesLeftOut()],
      effects: register(form.number),
    });
  }
  if (!given) {
    const choices = [choice(wording.callBackLabel, { do: 'call-back' })];
    return withForm(turn, undefined, [{ kind: 'notice', text: wording.consentRefused(), choices }], register(form.number));
  }
  if (form.number) return proceed({ ...form, consent }, turn, { effects: register(form.number) });
  if (turn.found?.kind !== 'number') return { lookUp: { kind: 'reserveNumber', draft: form.draft, day: chinaDay(turn.now) } };
  const { number } = turn.found;
  const session = { ...turn.session, cases: [...turn.session.cases.filter((each) => each !== number), number] };
  const said = [wording.numberGiven(number)];
  return proceed({ ...form, consent, number }, { ...turn, session }, { said, effects: register(number) });
}

function consentRecorded(to: 'general' | 'certificates', given: boolean, caseNumber: string | undefined, { agency }: Turn): Effect {
  const text = to === 'general' ? wording.consentAsked(agency) : wording.certificateConsentAsked();
  const about = caseNumber === undefined ? {} : { caseNumber };
  return { kind: 'recordConsent', purpose: to, given, text, version: wording.consentVersion, ...about };
}
