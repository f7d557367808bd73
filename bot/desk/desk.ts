import type { IncomingMessage } from 'node:http';
import type { Config } from '../config.ts';
import type { Limit, Rate } from '../http/limits.ts';
import type { Origins } from '../http/origins.ts';
import type { Route } from '../http/web-server.ts';
import type { Store } from '../store/store.ts';
import { Accounts } from './accounts/accounts.ts';
import { accountRoutes } from './accounts/accounts-api.ts';
import { KeptAccounts } from './accounts/kept-accounts.ts';
import { Passwords } from './accounts/passwords.ts';
import { Sessions } from './accounts/sessions.ts';
import { SignIn } from './accounts/sign-in.ts';
import { Audit } from './audit.ts';
import { DeskGate } from './desk-gate.ts';

export interface DeskOptions {
  store: Store;
  origins: Pick<Origins, 'isOwn'>;
  publicUrl: () => string;
  addressOf: (request: IncomingMessage) => string;
  limit: (name: string, rate: Rate) => Limit;
  session: Config['deskSession'];
  passwords?: Passwords;
}

export interface Desk {
  gate: DeskGate;
  audit: Audit;
  accounts: Accounts;
  routes: Route[];
}

/** The agents' desk: who may do what at it, and its part of the HTTP interface. */
export function openDesk({ store, origins, publicUrl, addressOf, limit, session, passwords = new Passwords() }: DeskOptions): Desk {
  const audit = new Audit(store);
  const kept = new KeptAccounts(store, audit);
  const accounts = new Accounts(kept);
  const sessions = new Sessions(kept, { longest: session.hours * 3_600_000, idle: session.idleMinutes * 60_000 });
  const gate = new DeskGate({ sessions, origins, publicUrl });
  const limits = {
    account: limit('sign-in-account', { most: 5, minutes: 15 }),
    address: limit('sign-in-address', { most: 20, minutes: 15 }),
  };
  const signIn = new SignIn({ kept, accounts, sessions, passwords, audit, limits });
  const routes = accountRoutes({ gate, kept, accounts, sessions, signIn, audit, publicUrl, addressOf });
  return { gate, audit, accounts, routes };
}
