import type { FilingType } from '../../knowledge/filing/filing-case.ts';
import type { Response, Turn } from '../turn.ts';
import { yesOrNo } from './act.ts';
import { askAgain, proceed } from './asking.ts';
import { newService } from './choose.ts';
import { withForm } from './commit.ts';
import { type Form, newForm, settled } from './form.ts';
import type { Intent } from './intent.ts';
import * as wording from './wording.ts';

/** Begins a case, or goes on with the one that is open. */
export function start({ filingType, values }: Intent, turn: Turn): Response {
  const { form } = turn.session;
  if (form && (filingType === undefined || filingType === form.filingType)) {
    return askAgain({ ...settled(form), paused: false }, turn, { said: [wording.goOn(form.filingType)] });
  }
  if (form) return askSwitch(form, filingType, turn);
  const chosen = filingType === undefined && values.serviceKind !== undefined ? [newService] : [];
  const begun = { ...newForm(turn.turnId, turn.now), ...(filingType && { filingType }), chosen, values };
  return proceed(begun, turn, { said: [filingType && wording.opening(filingType)] });
}

function askSwitch(form: Form, filingType: FilingType | undefined, turn: Turn): Response {
  const choices = yesOrNo(wording.switchLabel, wording.staySameLabel);
  const pending = { kind: 'switch' as const, ...(filingType && { filingType }) };
  const text = wording.confirmSwitch(form.filingType, filingType);
  return withForm(turn, { ...form, pending }, [{ kind: 'ask', text, choices }]);
}
