import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { readJsonBody } from '../../http/body.ts';
import { HttpError, notFound, sendJson } from '../../http/http-error.ts';
import { networkOf } from '../../http/network.ts';
import type { Route, RoutedRequest } from '../../http/web-server.ts';
import type { Audit, AuditRecord } from '../audit.ts';
import type { AccountChange, AuditLine, Entrance, Invited, OpenSession, OwnAccount } from '../desk-api.ts';
import type { DeskGate } from '../desk-gate.ts';
import { beforeOf, get, noContent, post } from '../desk-route.ts';
import { accountDraftSchema, loginSchema, nameSchema, roleSchema, skillsSchema } from './account-fields.ts';
import type { Accounts, Invitation } from './accounts.ts';
import type { KeptAccounts } from './kept-accounts.ts';
import { loginsOf } from './logins.ts';
import { longestPassword } from './passwords.ts';
import { typedCode } from './second-factor-routes.ts';
import type { Sessions } from './sessions.ts';
import type { Begun, SignIn } from './sign-in.ts';

export interface AccountsApiOptions {
  gate: DeskGate;
  kept: KeptAccounts;
  accounts: Accounts;
  sessions: Sessions;
  signIn: SignIn;
  audit: Audit;
  publicUrl: () => string;
  addressOf: (request: IncomingMessage) => string;
  /** Whether people may also come in by the identity provider. */
  hasSignOn: boolean;
}

const mostBytes = 8 * 1024;
const auditPage = 100;

const typedPassword = z.string().max(longestPassword);
const signInSchema = z.object({ login: z.string().max(200), password: typedPassword, code: typedCode.optional() });
const confirmSchema = z.object({ password: typedPassword });
const invitationSchema = z.object({ code: z.string().max(100), password: typedPassword, secondFactor: typedCode.optional() });
const passwordSchema = z.object({ password: typedPassword, renewed: typedPassword });
const changeSchema = z
  .strictObject({ name: nameSchema, role: roleSchema, skills: skillsSchema, active: z.boolean() })
  .partial()
  .refine((change) => Object.keys(change).length > 0, 'nothing is to be changed');

/** Signing in and out, the accounts, and what was recorded; see the table in `desk-api.ts`. */
export function accountRoutes(options: AccountsApiOptions): Route[] {
  const { gate, accounts, sessions, signIn, addressOf } = options;

  /** The ticket that the browser had before is of no use from here on. */
  async function enter(request: IncomingMessage, response: ServerResponse, { account, ticket }: Begun): Promise<void> {
    await sessions.endShown(gate.shown(request));
    response.setHeader('Set-Cookie', gate.cookie(ticket));
    sendJson(response, 200, gate.shownOwn(account, 'password') satisfies OwnAccount);
  }

  return [
    get('session', async (request, response) => {
      sendJson(response, 200, (await gate.ownAccount(request)) satisfies OwnAccount);
    }),
    get('entrance', async (request, response) => {
      gate.requireOwnPage(request);
      sendJson(response, 200, { signOn: options.hasSignOn } satisfies Entrance);
    }),
    post('session', async (request, response) => {
      gate.requireOwnPage(request);
      gate.requireSafeWay();
      const typed = await readJsonBody(request, signInSchema, mostBytes);
      // What cannot be a login is not found, like any other that is wrong.
      const { data: login = typed.login } = loginSchema.safeParse(typed.login);
      await enter(request, response, await signIn.byPassword({ ...typed, login }, networkOf(addressOf(request))));
    }),
    post('session/end', async (request, response) => {
      gate.requireOwnPage(request);
      await sessions.endShown(gate.shown(request));
      response.setHeader('Set-Cookie', gate.cookie(undefined));
      noContent(response);
    }),
    post('session/confirm', async (request, response) => {
      const confirming = await gate.admitToSetUp(request);
      gate.requireSafeWay();
      const { password } = await readJsonBody(request, confirmSchema, mostBytes);
      await signIn.confirmByPassword(confirming, password, networkOf(addressOf(request)));
      noContent(response);
    }),
    post('invitation', async (request, response) => {
      gate.requireOwnPage(request);
      gate.requireSafeWay();
      const acceptance = await readJsonBody(request, invitationSchema, mostBytes);
      await enter(request, response, await signIn.byInvitation(acceptance, networkOf(addressOf(request))));
    }),
    post('password', async (request, response) => {
      const { id } = await gate.admit(request);
      const passwords = await readJsonBody(request, passwordSchema, mostBytes);
      const { account, ticket } = await signIn.renewPassword(id, passwords);
      response.setHeader('Set-Cookie', gate.cookie(ticket));
      sendJson(response, 200, gate.shownOwn(account, 'password') satisfies OwnAccount);
    }),
    get('accounts', async (request, response) => {
      await gate.admit(request, 'administrator');
      sendJson(response, 200, await accounts.all());
    }),
    post('accounts', async (request, response) => {
      const { id: by } = await gate.admit(request, 'administrator');
      const created = await accounts.create(await readJsonBody(request, accountDraftSchema, mostBytes), by);
      switch (created.outcome) {
        case 'created':
          return sendJson(response, 201, invited(created, options));
        case 'login-taken':
          throw new HttpError(409, 'LoginTaken', 'Another account has this login.');
        case 'full':
          throw new HttpError(409, 'TooManyAccounts', 'There are as many accounts as there can be.');
      }
    }),
    post('accounts/:id', async (request, response) => {
      const { id: by } = await gate.admit(request, 'administrator');
      const change: AccountChange = defined(await readJsonBody(request, changeSchema, mostBytes));
      const changed = await accounts.change(idOf(request), change, by);
      if (changed.outcome === 'unknown') throw notFound();
      if (changed.outcome === 'last-administrator') {
        throw new HttpError(409, 'LastAdministrator', 'Nobody would be left who may make accounts.');
      }
      sendJson(response, 200, changed.account);
    }),
    post('accounts/:id/invitation', async (request, response) => {
      const { id: by } = await gate.admit(request, 'administrator');
      const invitation = await accounts.invite(idOf(request), by);
      if (!invitation) throw notFound();
      sendJson(response, 200, invited(invitation, options));
    }),
    get('sessions', async (request, response) => {
      const { session, id, role } = await gate.admit(request);
      sendJson(response, 200, await openSessions(options, session, role === 'administrator' ? undefined : id));
    }),
    post('sessions/:id/end', async (request, response) => {
      const { id: by, role } = await gate.admit(request);
      const session = idOf(request);
      const isOwn = session.startsWith(`${by}.`);
      // Whether others have such a session is not told.
      if (!isOwn && role !== 'administrator') throw notFound();
      const what = `account:${session.split('.')[0] ?? ''}`;
      if (!(await sessions.end(session, { by, did: 'session-ended', what }))) throw notFound();
      noContent(response);
    }),
    get('audit', async (request, response) => {
      await gate.admit(request, 'administrator');
      sendJson(response, 200, await auditLines(options, beforeOf(request)));
    }),
  ];
}

/** The link stands behind the #, which browsers send nowhere. */
export function invitationLink(publicUrl: string, code: string): string {
  return `${publicUrl}/desk#invitation=${code}`;
}

/** Records as people read them: logins in place of ids. */
export function readable(records: readonly AuditRecord[], accounts: readonly { id: string; login: string }[]): AuditLine[] {
  const loginOf = loginsOf(accounts);
  return records.map(({ by, what, ...record }) => {
    const [, id] = /^account:(.+)$/.exec(what ?? '') ?? [];
    const named = id === undefined ? what : `account:${loginOf(id)}`;
    return { ...record, by: loginOf(by), ...(named !== undefined && { what: named }) };
  });
}

function invited({ account, code }: Invitation, { publicUrl }: AccountsApiOptions): Invited {
  return { account, link: invitationLink(publicUrl(), code) };
}

async function openSessions({ kept, sessions }: AccountsApiOptions, own: string, of: string | undefined): Promise<OpenSession[]> {
  const accounts = (await kept.all()).filter(({ id }) => of === undefined || id === of);
  return accounts.flatMap((account) => sessions.openOf(account, own)).sort((a, b) => b.usedAt - a.usedAt);
}

async function auditLines({ audit, accounts }: AccountsApiOptions, before: number | undefined): Promise<AuditLine[]> {
  return readable(await audit.before(before, auditPage), await accounts.all());
}

function idOf({ params }: RoutedRequest): string {
  return params.id ?? '';
}

/** Leaves out what was not said, so that it does not take away what is there. */
function defined<T extends object>(change: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
