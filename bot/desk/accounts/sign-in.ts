import { HttpError } from '../../http/http-error.ts';
import type { Limit } from '../../http/limits.ts';
import type { Audit, AuditEntry } from '../audit.ts';
import type { Deed } from '../desk-api.ts';
import type { Accounts } from './accounts.ts';
import { type Identity, type KeptAccount, known } from './kept-account.ts';
import type { KeptAccounts } from './kept-accounts.ts';
import { type PasswordProblem, type Passwords, passwordProblem } from './passwords.ts';
import { isRecoveryCode, withCodeUsed } from './second-factor.ts';
import { secondFactorWrong } from './second-factors.ts';
import type { Sessions } from './sessions.ts';

export interface SignInOptions {
  kept: KeptAccounts;
  accounts: Accounts;
  sessions: Sessions;
  passwords: Passwords;
  audit: Audit;
  /** Wrong tries for one login, and from one address. */
  limits: { account: Limit; address: Limit };
}

/** `ticket`: what the browser is to show from now on. */
export interface Begun {
  account: KeptAccount;
  ticket: string;
}

/** What somebody types who comes in. `code`: of their phone, or a recovery code. */
export interface Credentials {
  login: string;
  password: string;
  code?: string | undefined;
}

/** What somebody types who comes in by a link. */
export interface Acceptance {
  /** Of the link. */
  code: string;
  password: string;
  secondFactor?: string | undefined;
}

/** Whose session asks: the account, and the session. */
export interface Confirming {
  id: string;
  session: string;
}

/**
 * How people come in. Who fails is told the same, after the same time, whatever was wrong; tries are counted before they are looked at,
 * and only wrong ones stay counted.
 */
export class SignIn {
  readonly #options: SignInOptions;

  constructor(options: SignInOptions) {
    this.#options = options;
  }

  /** Throws 401 `SecondFactorNeeded` where the password is right and a code is asked for, too. */
  async byPassword({ login, password, code }: Credentials, address: string): Promise<Begun> {
    const { kept, passwords, audit, limits } = this.#options;
    await limits.address.take(address);
    await limits.account.take(login);
    const account = await kept.findByLogin(login);
    const isRight = await passwords.verify(password, account?.password);
    const own = account?.active && isRight ? account : undefined;
    const giveBack = () => Promise.all([limits.account.giveBack(login), limits.address.giveBack(address)]);
    if (own?.secondFactor && code === undefined) {
      await giveBack();
      throw secondFactorNeeded();
    }
    const begun = own && (await this.#begin(own, code, (now) => (now.password === own.password ? now : undefined)));
    if (begun) {
      await giveBack();
      return begun;
    }
    if (account) await audit.add(entry(account, 'sign-in-failed'));
    throw own?.secondFactor ? secondFactorWrong(401) : signInWrong();
  }

  /** Sets the first password of an account, or a new one in place of one that was lost. */
  async byInvitation({ code, password, secondFactor }: Acceptance, address: string): Promise<Begun> {
    const { accounts, passwords, limits, audit } = this.#options;
    await limits.address.take(address);
    const account = await accounts.invited(code);
    if (!account) throw invitationGone();
    requirePassword(password, account.login);
    // A link is for a lost password: what came with it in a message does not stand for the phone.
    if (account.secondFactor && secondFactor === undefined) throw secondFactorNeeded();
    if (account.secondFactor) await limits.account.take(account.login);
    const hash = await passwords.hash(password);
    const begun = await this.#begin(
      account,
      secondFactor,
      (now) => {
        const { invitation: _, ...rest } = now;
        return accounts.isInvited(now, code) ? { ...rest, password: hash, sessions: [] } : undefined;
      },
      'password-set',
    );
    if (!begun) {
      if (!account.secondFactor || !(await accounts.invited(code))) throw invitationGone();
      await audit.add(entry(account, 'sign-in-failed'));
      throw secondFactorWrong(401);
    }
    await limits.address.giveBack(address);
    if (account.secondFactor) await limits.account.giveBack(account.login);
    return begun;
  }

  /** For who has proved elsewhere to be the owner of an account, which is theirs alone from then on. Undefined when it may not sign in. */
  async byIdentity(account: KeptAccount, identity: Identity): Promise<Begun | undefined> {
    const ticket = await this.#options.sessions.begin(
      account.id,
      entry(account, 'signed-in'),
      (now) => {
        return isSame(now.identity ?? identity, identity) ? { ...now, identity } : undefined;
      },
      'identity-provider',
    );
    return ticket === undefined ? undefined : { account, ticket };
  }

  /** Whoever sits at a desk that is open knows its owner's password: wrong ones count, and are recorded, as they are when signing in. */
  async confirmByPassword({ id, session }: Confirming, password: string, address: string): Promise<void> {
    const { passwords, audit, limits, sessions } = this.#options;
    const account = known(id, await this.#options.kept.find(id));
    await limits.address.take(address);
    await limits.account.take(account.login);
    const isRight = await passwords.verify(password, account.password);
    if (!isRight) {
      await audit.add(entry(account, 'confirmation-failed'));
      throw passwordWrong();
    }
    const isConfirmed = await sessions.confirm(session, entry(account, 'identity-confirmed'), (now) => now.password === account.password);
    if (!isConfirmed) throw changedMeanwhile();
    await Promise.all([limits.account.giveBack(account.login), limits.address.giveBack(address)]);
  }

  /** The same for who was asked anew by the identity provider. Gives false when it was not the owner of the session, or it has ended. */
  async confirmByIdentity(session: string, identity: Identity): Promise<boolean> {
    const { audit, sessions } = this.#options;
    const found = await sessions.find(session);
    if (!found) return false;
    const { account } = found;
    const isOwner = (now: KeptAccount) => now.identity !== undefined && isSame(now.identity, identity);
    if (await sessions.confirm(session, entry(account, 'identity-confirmed'), isOwner)) return true;
    await audit.add(entry(account, 'confirmation-failed'));
    return false;
  }

  /** A new password in place of the present one; all sessions end, and the browser gets a new one. */
  async renewPassword(id: string, { password, renewed }: { password: string; renewed: string }): Promise<Begun> {
    const { passwords, limits, sessions } = this.#options;
    const account = known(id, await this.#options.kept.find(id));
    await limits.account.take(account.login);
    if (!(await passwords.verify(password, account.password))) throw passwordWrong();
    await limits.account.giveBack(account.login);
    requirePassword(renewed, account.login);
    const hash = await passwords.hash(renewed);
    const ticket = await sessions.begin(id, entry(account, 'password-set'), (now) =>
      now.password === account.password ? { ...now, password: hash, sessions: [] } : undefined,
    );
    if (ticket === undefined) throw changedMeanwhile();
    return { account, ticket };
  }

  /** `may`: gives the account as it is to be written, when what was found true of it is, at that moment. The code is used up with it. */
  async #begin(
    account: KeptAccount,
    code: string | undefined,
    may: (now: KeptAccount) => KeptAccount | undefined,
    did: Deed = 'signed-in',
  ): Promise<Begun | undefined> {
    const { sessions, kept } = this.#options;
    const isRecovery = account.secondFactor !== undefined && code !== undefined && isRecoveryCode(code);
    let written = account;
    const ticket = await sessions.begin(account.id, entry(account, did, isRecovery ? 'by a recovery code' : undefined), (now) => {
      const allowed = may(now);
      const used = allowed && withCodeUsed(allowed, code, kept.now());
      written = used ?? account;
      return used;
    });
    return ticket === undefined ? undefined : { account: written, ticket };
  }
}

function requirePassword(password: string, login: string): void {
  const problem = passwordProblem(password, login);
  if (problem)
    throw new HttpError(422, problemCodes[problem], 'Choose another password: at least 12 characters, and not one of the usual.');
}

const problemCodes: Record<PasswordProblem, string> = {
  'too-short': 'PasswordTooShort',
  'too-long': 'PasswordTooLong',
  'too-easy': 'PasswordTooEasy',
};

const signInWrong = () => new HttpError(401, 'SignInWrong', 'Login and password do not belong together, or the account may not sign in.');
const secondFactorNeeded = () => new HttpError(401, 'SecondFactorNeeded', 'Send a code of the second factor, too.');
const passwordWrong = () => new HttpError(422, 'PasswordWrong', 'The present password is another one.');
const changedMeanwhile = () => new HttpError(409, 'ChangedMeanwhile', 'The account was changed meanwhile: sign in again.');
const invitationGone = () => new HttpError(410, 'InvitationGone', 'This link was used, has ended or was replaced by another.');

function isSame(one: Identity, other: Identity): boolean {
  return one.issuer === other.issuer && one.subject === other.subject;
}

function entry({ id }: KeptAccount, did: Deed, why?: string): AuditEntry {
  return { by: id, did, what: `account:${id}`, ...(why !== undefined && { why }) };
}
