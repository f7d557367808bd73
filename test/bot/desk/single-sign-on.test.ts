import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Entrance, OwnAccount, SignedIn } from '../../../bot/desk/desk-api.ts';
import { onBothStores } from '../../support/both-stores.ts';
import { openBench } from '../../support/conversations.ts';
import { DeskBrowser, type DeskServer, goodPassword, invite, serveDesk } from '../../support/desk.ts';
import { type Forgery, TestIdentityProvider } from '../../support/identity-provider.ts';

let provider: TestIdentityProvider;
beforeAll(async () => {
  provider = await TestIdentityProvider.start();
});
afterAll(() => provider.stop());

const locationOf = ({ headers }: { headers: Headers }) => headers.get('location') ?? '';

onBothStores((views) => {
  let desk: DeskServer;
  let beside: DeskServer;
  let browser: DeskBrowser;
  beforeEach(async () => {
    provider.person = { sub: 'wang' };
    provider.forgery = {};
    const { issuer, clientId, clientSecret } = provider;
    // Two instances behind one address: a browser may leave from one and come back to the other.
    desk = await serveDesk(views().store, { identityProvider: { issuer, clientId, clientSecret } });
    beside = await serveDesk(views().other, { publicUrl: desk.url, identityProvider: { issuer, clientId, clientSecret } });
    await invite(desk.accounts, { login: 'wang', name: '王芳', role: 'supervisor' });
    browser = new DeskBrowser(desk.url);
  });
  afterEach(async () => {
    await desk.close();
    await beside.close();
  });

  const depart = async (from = browser) => locationOf(await from.get('sign-on'));
  const comeBack = (address: URL, by = browser) => by.get(`sign-on/return${address.search}`);
  /** The whole way; gives where it ends. */
  const signOn = async (by = browser) => locationOf(await comeBack(provider.signIn(await depart(by)), by));
  const session = async (by = browser) => (await by.get<SignedIn>('session')).body;

  it('lets in whom the provider vouches for, at whichever instance', async () => {
    expect((await browser.get<Entrance>('entrance')).body).toEqual({ signOn: true });
    const back = provider.signIn(await depart());
    const other = new DeskBrowser(beside.url);
    other.cookies = browser.cookies;
    other.headers = { 'sec-fetch-site': 'cross-site' };
    expect(locationOf(await comeBack(back, other))).toBe(`${desk.url}/desk`);
    expect([...browser.cookies.keys()]).toEqual(['filing_desk']);
    expect(await session()).toMatchObject({ name: '王芳', role: 'supervisor' });
  });

  it.each<[who: string, person: Record<string, unknown>, end: string]>([
    ['whose verified address is a login', { sub: '8f1', email: 'Li@Example.com', email_verified: true }, ''],
    ['whose address is not verified', { sub: '8f1', email: 'li@example.com', email_verified: false }, '#sign-on=no-account'],
    ['whose address is not said to be verified', { sub: '8f1', email: 'li@example.com' }, '#sign-on=no-account'],
    ['whose address is called verified in words', { sub: '8f1', email: 'li@example.com', email_verified: 'true' }, '#sign-on=no-account'],
    ['who has no account', { sub: 'zhao' }, '#sign-on=no-account'],
  ])('%s comes to /desk%s', async (_, person, end) => {
    await invite(desk.accounts, { login: 'li@example.com' });
    provider.person = person;
    const statusAfter = end === '' ? 200 : 401;
    expect([await signOn(), (await browser.get('session')).status]).toEqual([`${desk.url}/desk${end}`, statusAfter]);
  });

  it('keeps an account for who came in by it first, until it is invited anew', async () => {
    const li = { sub: '8f1', email: 'li@example.com', email_verified: true };
    await invite(desk.accounts, { login: 'li@example.com' });
    provider.person = li;
    await signOn();
    // The address was given to somebody else since.
    provider.person = { ...li, sub: '9a2' };
    expect(await signOn(new DeskBrowser(desk.url))).toBe(`${desk.url}/desk#sign-on=no-account`);
    // The same person, under another address.
    provider.person = { ...li, email: 'lina@example.com' };
    expect(await signOn(new DeskBrowser(desk.url))).toBe(`${desk.url}/desk`);
    await desk.accounts.invite((await session()).id, 'command');
    provider.person = { ...li, sub: '9a2' };
    expect(await signOn(new DeskBrowser(desk.url))).toBe(`${desk.url}/desk`);
  });

  it('does not let in who may not sign in any more', async () => {
    const account = await desk.accounts.findByLogin('wang');
    await desk.accounts.change(account?.id ?? '', { active: false }, 'command');
    expect(await signOn()).toBe(`${desk.url}/desk#sign-on=no-account`);
  });

  it('puts a new session in the place of the one that the browser had', async () => {
    await invite(desk.accounts, { login: 'chief', role: 'administrator' });
    provider.person = { sub: 'chief' };
    await signOn();
    const before = new Map(browser.cookies);
    provider.person = { sub: 'wang' };
    await signOn();
    expect(await session()).toMatchObject({ name: '王芳' });
    browser.cookies = before;
    expect((await browser.get('session')).status).toBe(401);
  });

  it('asks for no code of ours: what is asked there is for the agency to say', async () => {
    const strict = await serveDesk(views().store, {
      identityProvider: provider,
      publicUrl: desk.url,
      secondFactor: 'all',
    });
    await signOn();
    const there = new DeskBrowser(strict.url);
    there.cookies = browser.cookies;
    there.headers = { origin: desk.url };
    expect((await there.get<OwnAccount>('session')).body.secondFactor).toBe('none');
    expect((await there.get('sessions')).status).toBe(200);
    await strict.close();
  });

  describe('who is to show anew who they are', () => {
    const confirm = async (page = 'cases/BA-20261127-4829153') => locationOf(await browser.get(`sign-on?confirm=${page}`));
    const isConfirmed = async () => (await desk.gate.admit({ method: 'GET', headers: { cookie: cookieOf(browser) } } as never)).isConfirmed;
    const deeds = async () => (await desk.audit.before(undefined, 10)).map(({ did }) => did);

    it('is asked by the provider, which may have let them in unasked before, and comes back to where they were', async () => {
      await signOn();
      expect(await isConfirmed()).toBe(false);
      const back = provider.signIn(await confirm());
      // Browsers that come from another site do not show the cookie of the session.
      const cookies = new Map(browser.cookies);
      browser.cookies.delete('filing_desk');
      expect(locationOf(await comeBack(back))).toBe(`${desk.url}/desk#/cases/BA-20261127-4829153`);
      browser.cookies = cookies;
      expect(await isConfirmed()).toBe(true);
      expect(await deeds()).toContain('identity-confirmed');
      views().advance(10 * 60_000);
      expect(await isConfirmed()).toBe(false);
    });

    it.each<[who: string, claims: Record<string, unknown>]>([
      ['was let through by a provider that remembered them', { auth_time: Math.floor(Date.now() / 1000) - 3600 }],
      ['comes from a provider that does not say when it asked', { auth_time: undefined }],
    ])('is not confirmed who %s', async (_, claims) => {
      await signOn();
      provider.forgery = { claims };
      expect(locationOf(await comeBack(provider.signIn(await confirm())))).toBe(`${desk.url}/desk#sign-on=failed`);
      expect(await isConfirmed()).toBe(false);
    });

    it('is not confirmed by a colleague, who is not signed in by it either', async () => {
      await invite(desk.accounts, { login: 'li', role: 'administrator' });
      await signOn();
      provider.person = { sub: 'li' };
      expect(locationOf(await comeBack(provider.signIn(await confirm())))).toBe(`${desk.url}/desk#sign-on=not-confirmed`);
      expect([await isConfirmed(), (await session()).name]).toEqual([false, '王芳']);
      expect(await deeds()).toContain('confirmation-failed');
    });

    it('is not confirmed once the session has ended', async () => {
      await signOn();
      const back = provider.signIn(await confirm());
      await browser.post('session/end');
      expect(locationOf(await comeBack(back))).toBe(`${desk.url}/desk#sign-on=not-confirmed`);
    });

    it('is signed in, and comes back to pages of the desk only', async () => {
      expect((await browser.get('sign-on?confirm=cases')).status).toBe(401);
      await signOn();
      for (const page of ['//evil.example', 'x%0d%0aSet-Cookie:a', '', 'a/b/c', 'x%23y']) {
        expect((await browser.get(`sign-on?confirm=${page}`)).status).toBe(400);
      }
    });
  });

  describe('refuses', () => {
    it.each<[what: string, forgery: Forgery]>([
      ['a token for another nonce', { claims: { nonce: 'another' } }],
      ['a token without a nonce', { claims: { nonce: undefined } }],
      ['a token of another issuer', { claims: { iss: 'https://evil.example' } }],
      ['a token for another client', { claims: { aud: 'other' } }],
      ['a token for several clients that was made for another', { claims: { aud: ['desk', 'other'], azp: 'other' } }],
      ['a token that has ended', { claims: { iat: 1_600_000_000, exp: 1_600_000_060 } }],
      ['a token without an end', { claims: { exp: undefined } }],
      ['a token about nobody', { claims: { sub: undefined } }],
      ['a token that nobody has signed', { signedBy: 'nobody' }],
      ['a token signed by another key', { signedBy: 'another key' }],
      ['a token signed by what is no key for it', { signedBy: 'the secret of the client' }],
    ])('%s', async (_, forgery) => {
      provider.forgery = forgery;
      expect(await signOn()).toBe(`${desk.url}/desk#sign-on=failed`);
      expect((await browser.get('session')).status).toBe(401);
      provider.forgery = {};
      expect(await signOn()).toBe(`${desk.url}/desk`);
    });

    it('two states', async () => {
      const back = provider.signIn(await depart());
      back.searchParams.append('state', back.searchParams.get('state') ?? '');
      expect((await comeBack(back)).status).toBe(400);
      expect((await browser.get('session')).status).toBe(401);
    });

    it.each<[what: string, change: (query: URLSearchParams) => void]>([
      ['another state', (query) => query.set('state', 'another')],
      ['no state', (query) => query.delete('state')],
      ['another code', (query) => query.set('code', 'another')],
      ['no code', (query) => query.delete('code')],
      ['the answer of another provider', (query) => query.set('iss', 'https://evil.example')],
      ['an answer of no provider', (query) => query.delete('iss')],
      ['who was refused there', (query) => query.set('error', 'access_denied')],
    ])('%s', async (_, change) => {
      const back = provider.signIn(await depart());
      change(back.searchParams);
      expect(locationOf(await comeBack(back))).toBe(`${desk.url}/desk#sign-on=failed`);
      expect((await browser.get('session')).status).toBe(401);
    });

    it('a return that was made before, by whoever has seen it', async () => {
      const address = await depart();
      const cookies = new Map(browser.cookies);
      const back = provider.signIn(address);
      expect(locationOf(await comeBack(back))).toBe(`${desk.url}/desk`);
      const thief = new DeskBrowser(desk.url);
      thief.cookies = cookies;
      expect(locationOf(await comeBack(back, thief))).toBe(`${desk.url}/desk#sign-on=failed`);
      // Nor a fresh code in the place of the one that was used.
      thief.cookies = new Map(cookies);
      expect(locationOf(await comeBack(provider.signIn(address), thief))).toBe(`${desk.url}/desk#sign-on=failed`);
    });

    it('a return that another browser was sent on: nobody is signed in as somebody else', async () => {
      const attacker = new DeskBrowser(desk.url);
      const back = provider.signIn(await depart(attacker));
      expect(locationOf(await comeBack(back))).toBe(`${desk.url}/desk#sign-on=failed`);
      await depart();
      expect(locationOf(await comeBack(back))).toBe(`${desk.url}/desk#sign-on=failed`);
    });

    it('a code that was got for another departure of the same browser', async () => {
      const first = provider.signIn(await depart());
      const second = provider.signIn(await depart());
      second.searchParams.set('code', first.searchParams.get('code') ?? '');
      expect(locationOf(await comeBack(second))).toBe(`${desk.url}/desk#sign-on=failed`);
    });

    it('who comes back after more than ten minutes', async () => {
      const back = provider.signIn(await depart());
      views().advance(10 * 60_000);
      expect(locationOf(await comeBack(back))).toBe(`${desk.url}/desk#sign-on=failed`);
    });

    it('a page of another site that sends the browser off', async () => {
      browser.headers = { 'sec-fetch-site': 'cross-site' };
      expect((await browser.get('sign-on')).status).toBe(403);
    });
  });
});

function cookieOf({ cookies }: DeskBrowser): string {
  return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
}

describe('without it', () => {
  it('there is no such way; and while the provider is away, passwords still work', async () => {
    const bench = await openBench();
    const plain = await serveDesk(bench.store);
    expect((await new DeskBrowser(plain.url).get<Entrance>('entrance')).body).toEqual({ signOn: false });
    for (const path of ['sign-on', 'sign-on/return']) expect((await new DeskBrowser(plain.url).get(path)).status).toBe(404);
    const gone = await TestIdentityProvider.start();
    await gone.stop();
    const { issuer, clientId, clientSecret } = gone;
    const desk = await serveDesk(bench.store, { identityProvider: { issuer, clientId, clientSecret } });
    expect(locationOf(await new DeskBrowser(desk.url).get('sign-on'))).toBe(`${desk.url}/desk#sign-on=unavailable`);
    const browser = await DeskBrowser.invited(desk, await invite(desk.accounts, { login: 'wang' }));
    expect((await browser.post('session', { login: 'wang', password: goodPassword })).status).toBe(200);
    await plain.close();
    await desk.close();
    await bench.close();
  });
});
