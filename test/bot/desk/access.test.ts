import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Desk } from '../../../bot/desk/desk.ts';
import { type Role, roles } from '../../../bot/desk/desk-api.ts';
import { type Bench, openBench } from '../../support/conversations.ts';
import { DeskBrowser, type DeskServer, type Failure, goodPassword, invite, serveDesk, serveWholeDesk } from '../../support/desk.ts';

/** The least role for each route; `anyone`: for who is not signed in, too. A route that does not stand here fails the test. */
const admitted: Record<string, Role | 'anyone'> = {
  'GET session': 'agent',
  'GET entrance': 'anyone',
  'POST session': 'anyone',
  'POST session/end': 'anyone',
  'POST session/confirm': 'agent',
  'POST invitation': 'anyone',
  'POST password': 'agent',
  'GET accounts': 'administrator',
  'POST accounts': 'administrator',
  'POST accounts/:id': 'administrator',
  'POST accounts/:id/invitation': 'administrator',
  'POST accounts/:id/second-factor/remove': 'administrator',
  'POST second-factor/begin': 'agent',
  'POST second-factor': 'agent',
  'POST second-factor/remove': 'agent',
  'GET sessions': 'agent',
  'POST sessions/:id/end': 'agent',
  'GET audit': 'administrator',
  'GET queue': 'agent',
  'POST presence': 'agent',
  'POST next': 'agent',
  'GET conversations/:id': 'agent',
  'GET conversations/:id/entries': 'agent',
  'GET conversations/:id/files/:file': 'agent',
  'GET conversations/:id/suggestions': 'agent',
  'POST conversations/:id/claim': 'agent',
  'POST conversations/:id/take-over': 'supervisor',
  'POST conversations/:id/messages': 'agent',
  'POST conversations/:id/typing': 'agent',
  'POST conversations/:id/notes': 'agent',
  'POST conversations/:id/transfer': 'agent',
  'POST conversations/:id/complete': 'agent',
  'POST conversations/:id/form': 'agent',
  'POST conversations/:id/case': 'agent',
  'GET replies': 'agent',
  'POST replies': 'agent',
  'POST replies/:id/remove': 'agent',
  'GET tasks': 'agent',
  'POST tasks/:id/done': 'agent',
  'GET colleagues': 'agent',
  'POST cases/search': 'agent',
  'POST cases/export': 'supervisor',
  'GET full-exports': 'supervisor',
  'POST full-exports': 'supervisor',
  'POST full-exports/:id/grant': 'supervisor',
  'POST full-exports/:id/refuse': 'supervisor',
  'POST full-exports/:id/withdraw': 'supervisor',
  'POST full-exports/:id/fetch': 'supervisor',
  'POST full-exports/:id/file': 'supervisor',
  'GET cases/:number': 'agent',
  'GET cases/:number/files/:file': 'agent',
  'POST cases/:number/state': 'agent',
  'POST cases/:number/value': 'agent',
  'POST cases/:number/agent': 'agent',
  'POST cases/:number/reveal': 'supervisor',
  'GET cases/:number/package': 'supervisor',
  'POST cases/:number/package': 'supervisor',
  'GET disclosures': 'supervisor',
  'GET figures': 'supervisor',
  'GET figures/sheet': 'supervisor',
  'GET misses': 'supervisor',
  'POST misses/preview': 'supervisor',
  'POST misses/accept': 'supervisor',
  'POST misses/draft': 'supervisor',
  'GET misses/drafts/:file': 'supervisor',
  'POST misses/dismiss': 'supervisor',
  'POST misses/undo': 'supervisor',
};

const posts = Object.keys(admitted).filter((route) => route.startsWith('POST'));
const gets = Object.keys(admitted).filter((route) => route.startsWith('GET'));

let bench: Bench;
let desk: DeskServer & Desk;
beforeAll(async () => {
  bench = await openBench();
  desk = await serveWholeDesk(bench);
  for (const role of roles) await DeskBrowser.invited(desk, await invite(desk.accounts, { login: role, role }));
});
afterAll(async () => {
  desk.streams.close();
  await desk.close();
  await bench.close();
});

/** Somebody of a role, signed in for this one request. */
async function of(role: Role): Promise<DeskBrowser> {
  const browser = new DeskBrowser(desk.url);
  expect((await browser.post('session', { login: role, password: goodPassword })).status).toBe(200);
  return browser;
}

const sessions = new Map<Role, DeskBrowser>();

/** The same, in a session that goes on until a route is asked that may end it. */
async function forRoute(role: Role, route: string): Promise<DeskBrowser> {
  const session = sessions.get(role) ?? (await of(role));
  if (/^POST (session|password|second-factor|accounts)/.test(route)) sessions.delete(role);
  else sessions.set(role, session);
  const browser = new DeskBrowser(desk.url);
  browser.cookies = new Map(session.cookies);
  return browser;
}

/** Asks a route about nothing that is there. */
function ask(browser: DeskBrowser, route: string) {
  const [method = '', path = ''] = route.split(' ');
  return browser.send<Failure>(method, path.replace(/:\w+/g, 'nothing'), method === 'POST' ? {} : undefined);
}

it('every route of the desk has its role', () => {
  const routes = desk.routes.map(({ method, path }) => `${method.toUpperCase()} ${path.replace('/desk/api/', '')}`);
  expect(routes.toSorted()).toEqual(Object.keys(admitted).toSorted());
});

const closed = Object.keys(admitted).filter((route) => admitted[route] !== 'anyone');

it.each(closed)('%s is closed to who is not signed in, and to visitors of the widget', async (route) => {
  const visitor = new DeskBrowser(desk.url);
  visitor.cookies.set('filing_visitor', 'eyJhbGciOiJIUzI1NiJ9.e30.x');
  for (const browser of [new DeskBrowser(desk.url), visitor]) {
    const { status, body, headers } = await ask(browser, route);
    expect([status, body.error.code]).toEqual([401, 'SignInNeeded']);
    expect(headers.get('cache-control')).toBe('no-store');
  }
});

describe.each(Object.entries(admitted))('%s, for %s', (route, least) => {
  it.each(roles)('is open to %s only as far as the role goes', async (role) => {
    const { status, body } = await ask(await forRoute(role, route), route);
    const isOpen = least === 'anyone' || roles.indexOf(role) >= roles.indexOf(least);
    const isRefusedForRole = status === 403 && body.error.code === 'RoleNotSufficient';
    expect(isRefusedForRole).toBe(!isOpen);
    if (isOpen && route !== 'POST session' && route !== 'POST invitation') expect([401, 403]).not.toContain(status);
  });
});

const away = 'https://evil.example';
const widgetPage = 'https://www.example.com';

describe('what changes something', () => {
  it.each<[from: string, headers: Record<string, string>, code: string | undefined]>([
    ['the desk', {}, undefined],
    ['the desk, by a browser that does not say from which site', { 'sec-fetch-site': '' }, undefined],
    ['another site', { 'sec-fetch-site': 'cross-site', origin: away }, 'NotOwnPage'],
    ['another site that lies about its origin', { 'sec-fetch-site': 'cross-site' }, 'NotOwnPage'],
    ['another host of the domain', { 'sec-fetch-site': 'same-site' }, 'NotOwnPage'],
    ['no page', { 'sec-fetch-site': 'none' }, 'NotOwnPage'],
    ['another site, by an old browser', { 'sec-fetch-site': '', origin: away }, 'NotOwnPage'],
    ['a page with the widget', { 'sec-fetch-site': '', origin: widgetPage }, 'NotOwnPage'],
    ['a page without an origin', { 'sec-fetch-site': '', origin: 'null' }, 'NotOwnPage'],
    ['nowhere', { 'sec-fetch-site': '', origin: '' }, 'NotOwnPage'],
    ['a form', { 'x-desk': '' }, 'DeskHeaderMissing'],
    ['a script that sends the header otherwise', { 'x-desk': 'true' }, 'DeskHeaderMissing'],
  ])('is taken from %s as it should be', async (_, headers, code) => {
    for (const route of posts) {
      const browser = await forRoute('administrator', route);
      browser.headers = headers;
      const { status, body } = await ask(browser, route);
      if (code) expect([route, status, body.error.code]).toEqual([route, 403, code]);
      else expect([route, status]).not.toEqual([route, 403]);
    }
  });

  it('is never asked by GET', async () => {
    const browser = await of('administrator');
    for (const route of posts.filter((each) => !gets.includes(each.replace('POST', 'GET')))) {
      const { status } = await browser.get(route.replace('POST ', '').replace(/:\w+/g, 'nothing'));
      // Some are the address of something else that can be read, which is not there.
      expect([404, 405]).toContain(status);
    }
  });
});

it.each(gets)('%s is not shown to other sites, whatever cookies come along', async (route) => {
  for (const site of ['cross-site', 'same-site']) {
    const browser = await forRoute('administrator', route);
    browser.headers = { 'sec-fetch-site': site };
    const { status, headers } = await ask(browser, route);
    expect([status, headers.get('access-control-allow-origin')]).toEqual([403, null]);
  }
});

describe('a WebSocket', () => {
  const upgrade = (browser: DeskBrowser, origin: string | undefined) => ({
    method: 'GET',
    headers: { cookie: [...browser.cookies].map((pair) => pair.join('=')).join('; '), ...(origin !== undefined && { origin }) },
  });

  it('is let in from the desk, with a session', async () => {
    const browser = await of('agent');
    const admittedAgent = await desk.gate.admitUpgrade(upgrade(browser, desk.url) as never);
    expect(admittedAgent).toMatchObject({ name: 'agent', role: 'agent', session: expect.stringContaining('.') });
    for (const origin of [undefined, away, widgetPage, 'null', `${desk.url}.evil.example`]) {
      await expect(desk.gate.admitUpgrade(upgrade(browser, origin) as never)).rejects.toMatchObject({ status: 403 });
    }
    await expect(desk.gate.admitUpgrade(upgrade(new DeskBrowser(desk.url), desk.url) as never)).rejects.toMatchObject({ status: 401 });
  });
});

describe('the cookie', () => {
  it('is for this host alone, over https, and out of reach of scripts and other sites', async () => {
    const behindTls = await serveDesk(bench.store, { publicUrl: 'https://bot.example.com' });
    const browser = new DeskBrowser(behindTls.url);
    const { status, headers } = await browser.post('session', { login: 'agent', password: goodPassword });
    expect([status, headers.getSetCookie()]).toEqual([
      200,
      [expect.stringMatching(/^__Host-filing_desk=[0-9a-f]{16}\.[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Secure$/)],
    ]);
    expect((await browser.get('session')).status).toBe(200);
    const { headers: after } = await browser.post('session/end');
    expect(after.getSetCookie()).toEqual([expect.stringMatching(/^__Host-filing_desk=; .*; Max-Age=0$/)]);
    // One that another host of the domain could have set has no such prefix.
    browser.cookies = new Map([['filing_desk', [...(await of('agent')).cookies.values()][0] ?? '']]);
    expect((await browser.get('session')).status).toBe(401);
    await behindTls.close();
  });

  it('is not given where the password would travel readable', async () => {
    const readable = await serveDesk(bench.store, { publicUrl: 'http://bot.example.com' });
    const answer = await new DeskBrowser(readable.url).post<Failure>('session', { login: 'agent', password: goodPassword });
    expect([answer.status, answer.body.error.code, answer.headers.getSetCookie()]).toEqual([403, 'HttpsNeeded', []]);
    await readable.close();
  });
});
