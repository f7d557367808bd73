import type { IncomingMessage } from 'node:http';
import { parse } from 'node:querystring';
import { HttpError } from '../http/http-error.ts';
import type { Origins } from '../http/origins.ts';
import { type KeptAccount, signedIn } from './accounts/kept-account.ts';
import { isRequired, type SecondFactorPolicy } from './accounts/second-factor.ts';
import type { Session, Sessions } from './accounts/sessions.ts';
import { type ConfirmedBy, type Entered, type OwnAccount, type Role, roles, type SignedIn } from './desk-api.ts';

export interface DeskGateOptions {
  sessions: Sessions;
  origins: Pick<Origins, 'isOwn'>;
  publicUrl: () => string;
  secondFactor: SecondFactorPolicy;
}

/** Who asks, and by which session: how it was begun, and whether they have just shown who they are. */
export type Admitted = SignedIn & { session: string; by: Entered; isConfirmed: boolean };

/** Lets people of the agency in, from pages of the desk only, as far as their role goes. */
export class DeskGate {
  readonly #options: DeskGateOptions;

  constructor(options: DeskGateOptions) {
    this.#options = options;
  }

  /**
   * Throws 401 where nobody is signed in, and 403 where the role does not go so far, another site's page asks, or a second factor is still
   * to be set up.
   */
  async admit(request: IncomingMessage, atLeast: Role = 'agent'): Promise<Admitted> {
    this.requireOwnPage(request);
    return this.#admitted(await this.#options.sessions.use(this.shown(request)), atLeast);
  }

  /** The same for what takes part in setting it up. */
  async admitToSetUp(request: IncomingMessage): Promise<Admitted> {
    this.requireOwnPage(request);
    return admitted(signedInSession(await this.#options.sessions.use(this.shown(request))));
  }

  /** Who asks, as they see themselves. */
  async ownAccount(request: IncomingMessage): Promise<OwnAccount> {
    this.requireOwnPage(request);
    const { account, by } = signedInSession(await this.#options.sessions.use(this.shown(request)));
    return this.shownOwn(account, by);
  }

  shownOwn(account: KeptAccount, by: Entered): OwnAccount {
    const { login, secondFactor } = account;
    const own = { ...signedIn(account), login };
    if (secondFactor) return { ...own, secondFactor: 'set', recoveryCodesLeft: secondFactor.recoveryCodes.length };
    return { ...own, secondFactor: this.#lacksSecondFactor(account, by) ? 'required' : 'none' };
  }

  /** The same for a WebSocket, for which browsers send cookies from any page, but say from which. */
  async admitUpgrade(request: IncomingMessage): Promise<Admitted> {
    const { origin } = request.headers;
    if (origin === undefined || !this.#options.origins.isOwn(origin)) throw notOwnPage();
    return this.#admitted(await this.#options.sessions.use(this.shown(request)), 'agent');
  }

  /** Throws 403 where it takes more than a desk that is open: a password typed just now, or a sign-in at the identity provider. */
  requireConfirmed({ isConfirmed, by }: Admitted): void {
    if (isConfirmed) return;
    throw new HttpError(403, 'ConfirmationNeeded', 'Show anew who you are.', {}, { by } satisfies ConfirmedBy);
  }

  /** Who has the session now; undefined when it has ended. */
  async stillIn(session: string): Promise<SignedIn | undefined> {
    const found = await this.#options.sessions.find(session);
    return found && signedIn(found.account);
  }

  /**
   * Throws 403 unless a page of ours asks. What changes something takes a header that pages of other sites cannot send, and the browser's
   * word for where it comes from.
   */
  requireOwnPage({ method, headers }: IncomingMessage): void {
    const { 'sec-fetch-site': site, origin } = headers;
    if (method === 'GET' || method === 'HEAD') {
      // An address typed or kept by hand comes from no page.
      if (site !== undefined && site !== 'same-origin' && site !== 'none') throw notOwnPage();
      return;
    }
    if (headers['x-desk'] !== '1') throw new HttpError(403, 'DeskHeaderMissing', 'Send the header X-Desk: 1.');
    const isOwn = site === undefined ? origin !== undefined && this.#options.origins.isOwn(origin) : site === 'same-origin';
    if (!isOwn) throw notOwnPage();
  }

  /** Throws 403 where a password would travel readable for others: over http, to another machine than this one. */
  requireSafeWay(): void {
    const { protocol, hostname } = new URL(this.#options.publicUrl());
    if (protocol === 'https:' || localNames.has(hostname)) return;
    throw new HttpError(403, 'HttpsNeeded', 'People sign in over https only: set PUBLIC_URL to an https address.');
  }

  /** What the browser shows as its session. */
  shown({ headers }: IncomingMessage): string | undefined {
    const cookie = parse(headers.cookie ?? '', /* separated by */ '; ')[this.#cookieName];
    return typeof cookie === 'string' ? cookie : undefined;
  }

  /** The cookie that has the browser show a session until the browser is closed or, without one, nothing any more. */
  cookie(ticket: string | undefined): string {
    const scope = `Path=/; HttpOnly; SameSite=Strict${this.#isSecure ? '; Secure' : ''}`;
    return `${this.#cookieName}=${ticket ?? ''}; ${scope}${ticket === undefined ? '; Max-Age=0' : ''}`;
  }

  /** Other hosts of the same domain can neither read nor set a cookie of this prefix; browsers take it over https only. */
  get #cookieName(): string {
    return this.#isSecure ? '__Host-filing_desk' : 'filing_desk';
  }

  get #isSecure(): boolean {
    return this.#options.publicUrl().startsWith('https:');
  }

  #admitted(found: Session | undefined, atLeast: Role): Admitted {
    const session = signedInSession(found);
    const { account, by } = session;
    if (this.#lacksSecondFactor(account, by)) throw new HttpError(403, 'SecondFactorToSet', 'Set up a second factor first.');
    if (roles.indexOf(account.role) < roles.indexOf(atLeast)) {
      throw new HttpError(403, 'RoleNotSufficient', `This takes the role ${atLeast}.`);
    }
    return admitted(session);
  }

  /** Who came in by the identity provider was asked there for as much as the agency wants. */
  #lacksSecondFactor({ role, secondFactor }: KeptAccount, by: Entered): boolean {
    return by === 'password' && !secondFactor && isRequired(this.#options.secondFactor, role);
  }
}

function signedInSession(session: Session | undefined): Session {
  if (!session) throw new HttpError(401, 'SignInNeeded', 'Nobody is signed in, or the session has ended.');
  return session;
}

function admitted({ account, id, by, isConfirmed }: Session): Admitted {
  return { ...signedIn(account), session: id, by, isConfirmed };
}

const localNames = new Set(['localhost', '127.0.0.1', '[::1]']);

const notOwnPage = () => new HttpError(403, 'NotOwnPage', 'Only the pages of this desk may ask this.');
