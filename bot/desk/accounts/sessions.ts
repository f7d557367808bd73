import type { AuditEntry } from '../audit.ts';
import type { Entered, OpenSession } from '../desk-api.ts';
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
  by: Entered;
  /** Its owner has shown who they are just now: a desk that was left open is not enough for what takes this. */
  isConfirmed: boolean;
}

const mostPerAccount = 20;
/** That a session is used is written at most so often. */
const notedEveryMs = 60_000;
/** How long it counts that somebody showed who they are. */
export const confirmedForMs = 10 * 60_000;

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
  async begin(
    id: string,
    audit: AuditEntry,
    may: (account: KeptAccount) => KeptAccount | undefined,
    by: Entered = 'password',
  ): Promise<string | undefined> {
    const ticket = newTicket(id);
    return this.#kept.change<string | undefined>(id, (found) => {
      const account = found && may(found);
      if (!account?.active) return { result: undefined };
      const now = this.#kept.now();
      const session: KeptSession = { id: newId(), digest: ticket.digest, startedAt: now, usedAt: now, ...(by !== 'password' && { by }) };
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
    return this.#shown(account, session);
  }

  /** A session by its public id, as long as it lasts. */
  async find(id: string): Promise<Session | undefined> {
    const account = await this.#kept.find(id.split('.')[0] ?? '');
    const session = account && this.#living(account).find((each) => isSession(account, each, id));
    return session && this.#shown(account, session);
  }

  /**
   * Notes that the owner of a session has shown anew who they are. Gives false when it has ended, or `isStill` finds the account to be
   * another than the one that was looked at.
   */
  async confirm(id: string, audit: AuditEntry, isStill: (account: KeptAccount) => boolean): Promise<boolean> {
    return this.#kept.change<boolean>(id.split('.')[0] ?? '', (account) => {
      const living = account && isStill(account) ? this.#living(account) : [];
      const own = account && living.find((session) => isSession(account, session, id));
      if (!own) return { result: false };
      const sessions = living.map((each) => (each === own ? { ...each, confirmedAt: this.#kept.now() } : each));
      return { result: true, account: { ...account, sessions }, audit };
    });
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

  #shown(account: KeptAccount, session: KeptSession): Session {
    const { by = 'password', startedAt, confirmedAt } = session;
    // An identity provider may have let somebody through whom it had asked hours ago.
    const shownAt = confirmedAt ?? (by === 'password' ? startedAt : -Infinity);
    return { id: publicId(account, session), account, by, isConfirmed: this.#kept.now() - shownAt < confirmedForMs };
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

/** Whether a session is the one with this public id. */
export function isSession(account: Pick<KeptAccount, 'id'>, session: KeptSession, id: string): boolean {
  return publicId(account, session) === id;
}

function publicId({ id }: Pick<KeptAccount, 'id'>, session: KeptSession): string {
  return `${id}.${session.id}`;
}
