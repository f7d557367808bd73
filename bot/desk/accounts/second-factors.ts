import { HttpError } from '../../http/http-error.ts';
import type { AuditEntry } from '../audit.ts';
import type { Deed, SecondFactorDraft } from '../desk-api.ts';
import { known } from './kept-account.ts';
import type { KeptAccounts } from './kept-accounts.ts';
import { base32, setUpAddress } from './one-time-code.ts';
import { isRequired, newSecret, type SecondFactorPolicy, setUp } from './second-factor.ts';
import { isSession } from './sessions.ts';

const draftMs = 15 * 60_000;

/** Setting up what is asked for besides a password, and doing without it again. */
export class SecondFactors {
  readonly #kept: KeptAccounts;

  constructor(kept: KeptAccounts) {
    this.#kept = kept;
  }

  /** A secret for the phone of who is signed in, in place of one that was drafted before. `issuer`: which desk it is, for the app to show. */
  async draft(id: string, issuer: string): Promise<SecondFactorDraft> {
    const secret = newSecret();
    const until = this.#kept.now() + draftMs;
    return this.#kept.change(id, (found) => {
      const account = known(id, found);
      const draft = { secret: base32(secret), address: setUpAddress(secret, { login: account.login, issuer }) };
      return { result: draft, account: { ...account, secondFactorDraft: { secret: secret.toString('base64'), until } } };
    });
  }

  /**
   * Puts the drafted one in force, once a code shows that the phone has it, and gives the recovery codes. Other sessions of the account end:
   * they were begun without it, or with another. Throws 410 when the draft has ended and 422 when the code is wrong.
   */
  async set(id: string, session: string, code: string): Promise<string[]> {
    const done = await this.#kept.change<string[] | 'gone' | 'wrong'>(id, (found) => {
      const { secondFactorDraft: draft, ...account } = known(id, found);
      const now = this.#kept.now();
      if (!draft || draft.until <= now) return { result: 'gone' };
      const ready = setUp(draft.secret, code, now);
      if (!ready) return { result: 'wrong' };
      const sessions = account.sessions.filter((each) => isSession(account, each, session));
      return {
        result: ready.recoveryCodes,
        account: { ...account, secondFactor: ready.kept, sessions },
        audit: entry(id, 'second-factor-set', id),
      };
    });
    if (done === 'gone') throw new HttpError(410, 'SecondFactorDraftGone', 'What was to be set up has ended: begin anew.');
    if (done === 'wrong') throw secondFactorWrong(422);
    return done;
  }

  /** By its owner. Throws 409 where the role needs one. */
  async remove(id: string, policy: SecondFactorPolicy): Promise<void> {
    const done = await this.#kept.change(id, (found) => {
      const { secondFactor, secondFactorDraft: _, ...account } = known(id, found);
      if (isRequired(policy, account.role)) return { result: false };
      return secondFactor ? { result: true, account, audit: entry(id, 'second-factor-removed', id) } : { result: true };
    });
    if (!done) throw new HttpError(409, 'SecondFactorRequired', 'This role does not sign in without one.');
  }

  /** For who has lost the phone and the recovery codes; the sessions end. Gives false when there is no such account, or it has none. */
  reset(id: string, by: string): Promise<boolean> {
    return this.#kept.change(id, (found) => {
      if (!found?.secondFactor) return { result: false };
      const { secondFactor: _factor, secondFactorDraft: _draft, ...account } = found;
      return { result: true, account: { ...account, sessions: [] }, audit: entry(by, 'second-factor-reset', id) };
    });
  }
}

/** `status`: 401 where somebody wants to come in, 422 where they are in. */
export function secondFactorWrong(status: 401 | 422): HttpError {
  return new HttpError(status, 'SecondFactorWrong', 'The code is another one, or was used before.');
}

function entry(by: string, did: Deed, id: string): AuditEntry {
  return { by, did, what: `account:${id}` };
}
