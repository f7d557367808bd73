import type { AuditEntry } from '../audit.ts';
import type { Account, AccountChange, AccountDraft, Deed } from '../desk-api.ts';
import { type KeptAccount, shownAccount } from './kept-account.ts';
import type { KeptAccounts } from './kept-accounts.ts';
import { newId, newTicket, readTicket } from './tickets.ts';

/** `code`: of the one-time link, to be told once. */
export interface Invitation {
  account: Account;
  code: string;
}

export type Created = ({ outcome: 'created' } & Invitation) | { outcome: 'login-taken' | 'full' };

export type Changed =
  | { outcome: 'done'; account: Account }
  | { outcome: 'unknown' }
  /** Nobody would be left who can make accounts. */
  | { outcome: 'last-administrator' };

const invitationMs = 24 * 3_600_000;

/** The people who work at the desk. `by`: who changes something, as the audit names them. */
export class Accounts {
  readonly #kept: KeptAccounts;

  constructor(kept: KeptAccounts) {
    this.#kept = kept;
  }

  async all(): Promise<Account[]> {
    return (await this.#kept.all()).map(shownAccount);
  }

  async find(id: string): Promise<Account | undefined> {
    const account = await this.#kept.find(id);
    return account && shownAccount(account);
  }

  async findByLogin(login: string): Promise<Account | undefined> {
    const account = await this.#kept.findByLogin(login);
    return account && shownAccount(account);
  }

  /** An account that waits for its invitation to be used. */
  async create(draft: AccountDraft, by: string): Promise<Created> {
    const id = newId();
    const { invitation, code } = this.#invitation(id);
    const account: KeptAccount = { ...draft, id, active: true, createdAt: this.#kept.now(), invitation, sessions: [] };
    const outcome = await this.#kept.add(account, entry(by, 'account-created', account, draft.role));
    return outcome === 'added' ? { outcome: 'created', account: shownAccount(account), code } : { outcome };
  }

  /** A new link for an account; what it had of a password, links and sessions is gone, and who it was at the identity provider. */
  async invite(id: string, by: string): Promise<Invitation | undefined> {
    const { invitation, code } = this.#invitation(id);
    return this.#kept.change<Invitation | undefined>(id, (found) => {
      if (!found) return { result: undefined };
      const { password: _password, identity: _identity, ...rest } = found;
      const account = { ...rest, invitation, sessions: [] };
      return { result: { account: shownAccount(account), code }, account, audit: entry(by, 'account-invited', account) };
    });
  }

  /** The account for which a link still holds. */
  async invited(code: string): Promise<KeptAccount | undefined> {
    const ticket = readTicket(code);
    const account = ticket && (await this.#kept.find(ticket.account));
    return account && this.isInvited(account, code) ? account : undefined;
  }

  isInvited({ active, invitation }: KeptAccount, code: string): boolean {
    const isCode = invitation !== undefined && invitation.digest === readTicket(code)?.digest;
    return active && isCode && invitation.until > this.#kept.now();
  }

  /** Sessions end with the role or the right to sign in that they were begun with. */
  change(id: string, change: AccountChange, by: string): Promise<Changed> {
    return this.#kept.changeAmong<Changed>(id, (found, all) => {
      if (!found) return { result: { outcome: 'unknown' } };
      const account = { ...found, ...change };
      const isLast = isAdministrator(found) && !all.some((other) => other.id !== id && isAdministrator(other));
      if (isLast && !isAdministrator(account)) return { result: { outcome: 'last-administrator' } };
      const loses = account.role !== found.role || !account.active;
      const kept = loses ? { ...account, sessions: [] } : account;
      return {
        result: { outcome: 'done', account: shownAccount(kept) },
        account: kept,
        audit: entry(by, 'account-changed', kept, described(change)),
      };
    });
  }

  #invitation(id: string) {
    const { text: code, digest } = newTicket(id);
    return { code, invitation: { digest, until: this.#kept.now() + invitationMs } };
  }
}

function isAdministrator({ role, active }: KeptAccount): boolean {
  return role === 'administrator' && active;
}

/** Which of an account's things were changed, and the role: names are personal. */
function described({ role, active, name, skills }: AccountChange): string {
  return [
    role && `role ${role}`,
    active !== undefined && (active ? 'active' : 'not active'),
    name !== undefined && 'name',
    skills && `skills ${skills.join(' ')}`,
  ]
    .filter(Boolean)
    .join(', ');
}

function entry(by: string, did: Deed, { id }: KeptAccount, why?: string): AuditEntry {
  return { by, did, what: `account:${id}`, ...(why !== undefined && { why }) };
}
