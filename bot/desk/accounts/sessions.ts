import type { AuditEntry } from '../audit.ts';
import type { OpenSession } from '../desk-api.ts';
import type { KeptAccount, KeptSession } from './kept-account.ts';
import type { KeptAccounts } from './kept-accounts.ts';
import { newId, newTicket, readTicket } from './tickets.ts';

export interface SessionLimits {
  /** Milliseconds after which a session ends, however it is used. */
  longest: number;
  /** Milliseconds after which one ends that is not used. */
  idle: number;
}

/** A session with whom it is of. */
export interface Session {
  id: string;
  account: KeptAccount;
}

const mostPerAccount = 20;
/** That a session is used is written at most so often. */
const notedEveryMs = 60_000;

/**
 * Who is signed in where. Each request looks at the account's record, which holds its sessions: what ends them there, ends them in all
 * instances at once.
 */
export class Sessions {
  readonly #kept: KeptAccounts;
  readonly #limits: SessionLimits;

  constructor(kept: KeptAccounts, limits: SessionLimits) {
    this.#kept = kept;
    this.#limits = limits;
  }

  /**
   * A session of its own for a sign-in; gives what the browser shows from then on. Undefined when `may` refuses the account as it is at
   * this moment; what `may` gives is written with the session.
   */
  async begin(id: string, audit: AuditEntry, may: (account: KeptAccount) => KeptAccount | undefined): Promise<string | undefined> {
    const ticket = newTicket(id);
    return this.#kept.change<string | undefined>(id, (found) => {
      const account = found && may(found);
      if (!account?.active) return { result: undefined };
      const now = this.#kept.now();
      const session: KeptSession = { id: newId(), digest: ticket.digest, startedAt: now, usedAt: now };
      const sessions = [...this.#living(account).slice(1 - mostPerAccount), session];
      return { result: ticket.text, account: { ...account, sessions }, audit };
    });
  }

  /** The session that a browser shows, and notes that it is used. */
  async use(text: string | undefined): Promise<Session | undefined> {
    const ticket = readTicket(text);
    const account = ticket && (await this.#kept.find(ticket.account));
    const session = account && this.#living(account).find(({ digest }) => digest === ticket?.digest);
    if (!session) return undefined;
    if (this.#kept.now() - session.usedAt >= notedEveryMs) await this.#note(account.id, session.id);
    return { id: publicId(account, session), account };
  }

  /** A session by its public id, as long as it lasts. */
  async find(id: string): Promise<Session | undefined> {
    const account = await this.#kept.find(id.split('.')[0] ?? '');
    return account && this.#living(account).some((session) => publicId(account, session) === id) ? { id, account } : undefined;
  }

  /** The session that a browser shows, when it signs out or is about to sign in anew. */
  async endShown(text: string | undefined): Promise<void> {
    const ticket = readTicket(text);
    if (ticket) await this.#endWhere(ticket.account, ({ digest }) => digest === ticket.digest);
  }

  /** Gives false when there is no such session. */
  async end(id: string, audit: AuditEntry): Promise<boolean> {
    const account = id.split('.')[0] ?? '';
    return this.#endWhere(account, (session) => `${account}.${session.id}` === id, audit);
  }

  /** `own`: the session that asks. */
  openOf(account: KeptAccount, own: string): OpenSession[] {
    return this.#living(account).map((session) => {
      const id = publicId(account, session);
      const { startedAt, usedAt } = session;
      return { id, account: account.id, name: account.name, startedAt, usedAt, own: id === own };
    });
  }

  #living({ active, sessions }: KeptAccount): KeptSession[] {
    const now = this.#kept.now();
    const { longest, idle } = this.#limits;
    return active ? sessions.filter(({ startedAt, usedAt }) => now - startedAt < longest && now - usedAt < idle) : [];
  }

  #note(account: string, session: string): Promise<void> {
    return this.#kept.change(account, (found) => {
      const living = found ? this.#living(found) : [];
      if (!found || !living.some(({ id }) => id === session)) return { result: undefined };
      const sessions = living.map((each) => (each.id === session ? { ...each, usedAt: this.#kept.now() } : each));
      return { result: undefined, account: { ...found, sessions } };
    });
  }

  #endWhere(id: string, ends: (session: KeptSession) => boolean, audit?: AuditEntry): Promise<boolean> {
    return this.#kept.change(id, (account) => {
      const sessions = account?.sessions.filter((session) => !ends(session)) ?? [];
      if (!account || sessions.length === account.sessions.length) return { result: false };
      return { result: true, account: { ...account, sessions }, ...(audit && { audit }) };
    });
  }
}

function publicId({ id }: KeptAccount, session: KeptSession): string {
  return `${id}.${session.id}`;
}
