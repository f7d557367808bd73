import { join } from 'node:path';
import { readConfig } from '../../bot/config.ts';
import { Accounts } from '../../bot/desk/accounts/accounts.ts';
import { KeptAccounts } from '../../bot/desk/accounts/kept-accounts.ts';
import { type AccountsOptions, type OpenAccounts, openAccounts } from '../../bot/desk/accounts/open-accounts.ts';
import { Passwords } from '../../bot/desk/accounts/passwords.ts';
import type { IdentityProvider } from '../../bot/desk/accounts/single-sign-on.ts';
import { Audit } from '../../bot/desk/audit.ts';
import { type Desk, type DeskOptions, openDesk } from '../../bot/desk/desk.ts';
import type { AccountDraft, SignedIn } from '../../bot/desk/desk-api.ts';
import { Limit } from '../../bot/http/limits.ts';
import { Origins } from '../../bot/http/origins.ts';
import { type Route, WebServer } from '../../bot/http/web-server.ts';
import { Metrics } from '../../bot/metrics.ts';
import { pageRoutes } from '../../bot/pages.ts';
import { missesFiles, pagesFolder } from '../../bot/paths.ts';
import { Consents } from '../../bot/privacy/consents.ts';
import { Disclosures } from '../../bot/privacy/disclosures.ts';
import { secretsOf } from '../../bot/secrets.ts';
import { dataKeys } from '../../bot/store/data-keys.ts';
import { Files } from '../../bot/store/files.ts';
import { openStore } from '../../bot/store/open-store.ts';
import type { Store } from '../../bot/store/store.ts';
import { quickCost } from './application.ts';
import { type Bench, silentLog } from './conversations.ts';
import { testAgency } from './customer.ts';
import { realKnowledge } from './knowledge.ts';

export const goodPassword = '河边的青蛙 sings at 7';

/** The desk behind a web server of its own: one instance, on a store that others may share. */
export interface DeskServer extends OpenAccounts {
  url: string;
  close(): Promise<void>;
}

export interface Circumstances {
  publicUrl?: string;
  identityProvider?: IdentityProvider;
  secondFactor?: AccountsOptions['secondFactor'];
}

export async function serveDesk(store: Store, circumstances: Circumstances = {}): Promise<DeskServer> {
  return serve(store, circumstances, openAccounts);
}

/** The same with all that the desk has, and its page; by itself it reads the project's knowledge base. */
export async function serveWholeDesk(
  bench: Bench,
  { secondFactor = 'off', ...edited }: Partial<Pick<DeskOptions, 'knowledge' | 'missesFiles' | 'secondFactor' | 'studies'>> = {},
): Promise<DeskServer & Desk> {
  const files = new Files(join(bench.folder, 'files'), bench.keys);
  return serve(bench.store, { secondFactor }, (options) => {
    const agency = { ...testAgency, desk: {} };
    const privacy = { consents: new Consents(bench.store), disclosures: new Disclosures(bench.store) };
    const shared = { knowledge: realKnowledge, missesFiles, log: silentLog, wake: () => undefined, ...privacy };
    return openDesk({ ...options, ...bench, files, agency, ...shared, ...edited });
  });
}

async function serve<D extends { routes: Route[]; streams?: Desk['streams'] }>(
  store: Store,
  { publicUrl, identityProvider, secondFactor = 'off' }: Circumstances,
  open: (options: AccountsOptions) => D,
): Promise<D & { url: string; close(): Promise<void> }> {
  let port = 0;
  const url = () => `http://localhost:${port}`;
  const desk = open({
    store,
    origins: new Origins(() => [publicUrl ?? url()], ['https://www.example.com']),
    publicUrl: () => publicUrl ?? url(),
    addressOf: ({ headers }) => String(headers['x-test-address'] ?? '127.0.0.1'),
    limit: (name, rate) => new Limit({ name, ...rate }),
    identityProvider,
    secondFactor,
    log: silentLog,
    session: { hours: 10, idleMinutes: 30 },
    passwords: new Passwords(quickCost),
  });
  const pages = pageRoutes({ folder: pagesFolder, origins: new Origins(() => [url()], []), publicUrl: url });
  const upgrades = desk.streams ? [desk.streams.upgrade] : [];
  const server = new WebServer({ log: silentLog, metrics: new Metrics(), routes: [...pages, ...desk.routes], upgrades });
  port = await server.listen(0, '127.0.0.1');
  return { ...desk, url: url(), close: () => server.close() };
}

export interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
}

/** What every failure says. */
export interface Failure {
  error: { code: string; message: string };
}

/** Somebody at the desk's page: keeps cookies, and sends what a browser sends from there. */
export class DeskBrowser {
  readonly url: string;
  cookies = new Map<string, string>();
  /** Headers sent beside, or in place of, the usual ones; an empty one keeps it from being sent. */
  headers: Record<string, string> = {};

  constructor(url: string) {
    this.url = url;
  }

  /** Signs in by the link of an invitation. */
  static async invited({ url }: { url: string }, code: string, password = goodPassword): Promise<DeskBrowser> {
    const browser = new DeskBrowser(url);
    const { status } = await browser.post<SignedIn>('invitation', { code, password });
    if (status !== 200) throw new Error(`The invitation was answered with ${status}.`);
    return browser;
  }

  get<T>(path: string): Promise<Answer<T>> {
    return this.send<T>('GET', path);
  }

  post<T>(path: string, body?: unknown): Promise<Answer<T>> {
    return this.send<T>('POST', path, body);
  }

  async send<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const usual: Record<string, string> = {
      'sec-fetch-site': 'same-origin',
      ...(method !== 'GET' && { 'x-desk': '1', origin: this.url, 'content-type': 'application/json' }),
      ...(this.cookies.size > 0 && { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') }),
    };
    const response = await fetch(`${this.url}/desk/api/${path}`, {
      method,
      headers: Object.fromEntries(Object.entries({ ...usual, ...this.headers }).filter(([, value]) => value !== '')),
      ...(body !== undefined && { body: JSON.stringify(body) }),
      redirect: 'manual',
    });
    for (const cookie of response.headers.getSetCookie()) this.#take(cookie);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
    return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as T };
  }

  #take(cookie: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
    if (/max-age=0/i.test(cookie)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

/** The code of an invitation to an account made in the store of a whole program that runs, as `npm run desk -- invite` does it. */
export async function inviteTo(environment: Record<string, string>, draft: Partial<AccountDraft> & { login: string }): Promise<string> {
  const config = readConfig(environment);
  const store = await openStore(config, dataKeys(secretsOf(config, silentLog).dataKeys), 'look');
  try {
    return await invite(new Accounts(new KeptAccounts(store, new Audit(store))), draft);
  } finally {
    await store.close();
  }
}

/** The code of an invitation to a new account. */
export async function invite(accounts: Accounts, draft: Partial<AccountDraft> & { login: string }): Promise<string> {
  const created = await accounts.create({ name: draft.login, role: 'agent', skills: [], ...draft }, 'command');
  if (created.outcome !== 'created') throw new Error(`${draft.login}: ${created.outcome}`);
  return created.code;
}
