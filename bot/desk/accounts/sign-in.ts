import { HttpError } from '../../http/http-error.ts';
import type { Limit } from '../../http/limits.ts';
import type { Audit, AuditEntry } from '../audit.ts';
import type { Deed, SignedIn } from '../desk-api.ts';
import type { Accounts } from './accounts.ts';
import { type Identity, type KeptAccount, signedIn } from './kept-account.ts';
import type { KeptAccounts } from './kept-accounts.ts';
import { type PasswordProblem, type Passwords, passwordProblem } from './passwords.ts';
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
  signedIn: SignedIn;
  ticket: string;
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

  async byPassword(login: string, password: string, address: string): Promise<Begun> {
    const { kept, passwords, audit, limits } = this.#options;
    await limits.address.take(address);
    await limits.account.take(login);
    const account = await kept.findByLogin(login);
    const isRight = await passwords.verify(password, account?.password);
    const begun = account && isRight && (await this.#begin(account, (now) => now.password === account.password));
    if (begun) {
      await Promise.all([limits.account.giveBack(login), limits.address.giveBack(address)]);
      return begun;
    }
    if (account) await audit.add(entry(account, 'sign-in-failed'));
    throw new HttpError(401, 'SignInWrong', 'Login and password do not belong together, or the account may not sign in.');
  }

  /** Sets the first password of an account, or a new one in place of one that was lost. */
  async byInvitation(code: string, password: string, address: string): Promise<Begun> {
    const { accounts, passwords, limits, sessions } = this.#options;
    await limits.address.take(address);
    const account = await accounts.invited(code);
    if (!account) throw invitationGone();
    requirePassword(password, account.login);
    const hash = await passwords.hash(password);
    const ticket = await sessions.begin(account.id, entry(account, 'password-set'), (now) => {
      const { invitation: _, ...rest } = now;
      return accounts.isInvited(now, code) ? { ...rest, password: hash, sessions: [] } : undefined;
    });
    if (ticket === undefined) throw invitationGone();
    await limits.address.giveBack(address);
    return { signedIn: signedIn(account), ticket };
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
    return ticket === undefined ? undefined : { signedIn: signedIn(account), ticket };
  }

  /** Whoever sits at a desk that is open knows its owner's password: wrong ones count, and are recorded, as they are when signing in. */
  async confirmByPassword({ id, session }: Confirming, password: string, address: string): Promise<void> {
    const { passwords, audit, limits, sessions } = this.#options;
    const account = await this.#own(id);
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
    const account = await this.#own(id);
    await limits.account.take(account.login);
    if (!(await passwords.verify(password, account.password))) throw passwordWrong();
    await limits.account.giveBack(account.login);
    requirePassword(renewed, account.login);
    const hash = await passwords.hash(renewed);
    const ticket = await sessions.begin(id, entry(account, 'password-set'), (now) =>
      now.password === account.password ? { ...now, password: hash, sessions: [] } : undefined,
    );
    if (ticket === undefined) throw changedMeanwhile();
    return { signedIn: signedIn(account), ticket };
  }

  /** The account of who is signed in. */
  async #own(id: string): Promise<KeptAccount> {
    const account = await this.#options.kept.find(id);
    if (!account) throw new Error(`There is no account ${id}, which is signed in.`);
    return account;
  }

  /** `isStill`: what was found true of the account is, at the moment of writing. */
  async #begin(account: KeptAccount, isStill: (now: KeptAccount) => boolean): Promise<Begun | undefined> {
    const ticket = await this.#options.sessions.begin(account.id, entry(account, 'signed-in'), (now) => (isStill(now) ? now : undefined));
    return ticket === undefined ? undefined : { signedIn: signedIn(account), ticket };
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

const passwordWrong = () => new HttpError(422, 'PasswordWrong', 'The present password is another one.');
const changedMeanwhile = () => new HttpError(409, 'ChangedMeanwhile', 'The account was changed meanwhile: sign in again.');
const invitationGone = () => new HttpError(410, 'InvitationGone', 'This link was used, has ended or was replaced by another.');

function isSame(one: Identity, other: Identity): boolean {
  return one.issuer === other.issuer && one.subject === other.subject;
}

function entry({ id }: KeptAccount, did: Deed): AuditEntry {
  return { by: id, did, what: `account:${id}` };
}
