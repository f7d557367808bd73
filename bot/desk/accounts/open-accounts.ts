import type { IncomingMessage } from 'node:http';
import type { Config } from '../../config.ts';
import type { Limit, Rate } from '../../http/limits.ts';
import type { Origins } from '../../http/origins.ts';
import type { Route } from '../../http/web-server.ts';
import type { Log } from '../../log.ts';
import type { Store } from '../../store/store.ts';
import { Audit } from '../audit.ts';
import { DeskGate } from '../desk-gate.ts';
import { Accounts } from './accounts.ts';
import { accountRoutes } from './accounts-api.ts';
import { KeptAccounts } from './kept-accounts.ts';
import { Passwords } from './passwords.ts';
import type { SecondFactorPolicy } from './second-factor.ts';
import { secondFactorRoutes } from './second-factor-routes.ts';
import { SecondFactors } from './second-factors.ts';
import { Sessions } from './sessions.ts';
import { SignIn } from './sign-in.ts';
import { signOnRoutes } from './sign-on-routes.ts';
import { type IdentityProvider, SingleSignOn } from './single-sign-on.ts';

export interface AccountsOptions {
  store: Store;
  origins: Pick<Origins, 'isOwn'>;
  publicUrl: () => string;
  addressOf: (request: IncomingMessage) => string;
  limit: (name: string, rate: Rate) => Limit;
  session: Config['deskSession'];
  passwords?: Passwords;
  identityProvider: IdentityProvider | undefined;
  /** Whose passwords are not enough. */
  secondFactor: SecondFactorPolicy;
  log: Log;
}

export interface OpenAccounts {
  gate: DeskGate;
  audit: Audit;
  accounts: Accounts;
  routes: Route[];
}

/** Who may do what at the desk: accounts, sessions, the gate that looks at them, and their part of the HTTP interface. */
export function openAccounts(options: AccountsOptions): OpenAccounts {
  const {
    store,
    origins,
    publicUrl,
    addressOf,
    limit,
    session,
    passwords = new Passwords(),
    identityProvider,
    secondFactor,
    log,
  } = options;
  const audit = new Audit(store);
  const kept = new KeptAccounts(store, audit);
  const accounts = new Accounts(kept);
  const sessions = new Sessions(kept, { longest: session.hours * 3_600_000, idle: session.idleMinutes * 60_000 });
  const gate = new DeskGate({ sessions, origins, publicUrl, secondFactor });
  const limits = {
    account: limit('sign-in-account', { most: 5, minutes: 15 }),
    address: limit('sign-in-address', { most: 20, minutes: 15 }),
  };
  const signIn = new SignIn({ kept, accounts, sessions, passwords, audit, limits });
  const singleSignOn = identityProvider && new SingleSignOn({ ...identityProvider, store, kept, publicUrl });
  const routes = accountRoutes({
    gate,
    kept,
    accounts,
    sessions,
    signIn,
    audit,
    publicUrl,
    addressOf,
    hasSignOn: singleSignOn !== undefined,
  });
  const signOnLimit = limit('sign-on', { most: 60, minutes: 15 });
  const signOn = singleSignOn ? signOnRoutes({ gate, sessions, signIn, singleSignOn, addressOf, publicUrl, limit: signOnLimit, log }) : [];
  const secondFactors = new SecondFactors(kept);
  const own = secondFactorRoutes({ gate, secondFactors, policy: secondFactor, publicUrl });
  return { gate, audit, accounts, routes: [...routes, ...own, ...signOn] };
}
