import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpenSession, SignedIn } from '../../../bot/desk/desk-api.ts';
import { onBothStores } from '../../support/both-stores.ts';
import { DeskBrowser, type DeskServer, type Failure, goodPassword, invite, serveDesk } from '../../support/desk.ts';

const hourMs = 3_600_000;
const wrong = { login: 'wang', password: 'not the password' };
const right = { login: 'wang', password: goodPassword };

onBothStores((views) => {
  let desk: DeskServer;
  /** Another instance on the same store. */
  let beside: DeskServer;
  let code: string;
  beforeEach(async () => {
    desk = await serveDesk(views().store);
    beside = await serveDesk(views().other);
    code = await invite(desk.accounts, { login: 'wang', name: '王芳', role: 'administrator' });
  });
  afterEach(async () => {
    await desk.close();
    await beside.close();
  });

  const signedIn = async (server = desk) => {
    const browser = new DeskBrowser(server.url);
    expect((await browser.post('session', right)).status).toBe(200);
    return browser;
  };

  describe('an invitation', () => {
    it('lets its account in, once, and from then on by password', async () => {
      const browser = new DeskBrowser(desk.url);
      expect((await browser.get<Failure>('session')).body.error.code).toBe('SignInNeeded');
      const entered = await browser.post<SignedIn>('invitation', { code, password: goodPassword });
      expect([entered.status, entered.body]).toEqual([
        200,
        { id: expect.any(String), login: 'wang', name: '王芳', role: 'administrator', skills: [], secondFactor: 'none' },
      ]);
      expect((await browser.get<SignedIn>('session')).body).toEqual(entered.body);

      const second = await new DeskBrowser(beside.url).post<Failure>('invitation', { code, password: goodPassword });
      expect([second.status, second.body.error.code]).toEqual([410, 'InvitationGone']);

      await browser.post('session/end');
      expect((await browser.get('session')).status).toBe(401);
      expect((await browser.post<SignedIn>('session', { login: ' ＷＡＮＧ ', password: goodPassword })).body).toEqual(entered.body);
    });

    it('is used once by however many at the same time', async () => {
      const browsers = Array.from({ length: 4 }, (_, at) => new DeskBrowser([desk, beside][at % 2]?.url ?? ''));
      const answers = await Promise.all(browsers.map((each, at) => each.post('invitation', { code, password: `${goodPassword} ${at}` })));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 410, 410, 410]);
    });

    it('holds for a day', async () => {
      views().advance(24 * hourMs);
      expect((await new DeskBrowser(desk.url).post('invitation', { code, password: goodPassword })).status).toBe(410);
    });

    it.each([
      ['shorter than twelve characters', '短密码', 'PasswordTooShort'],
      ['in everybody’s first guesses', '123456789012', 'PasswordTooEasy'],
      ['with the login in it', 'my name is Wang', 'PasswordTooEasy'],
    ])('takes no password %s, and can be used again', async (_, password, problem) => {
      const refused = await new DeskBrowser(desk.url).post<Failure>('invitation', { code, password });
      expect([refused.status, refused.body.error.code]).toEqual([422, problem]);
      expect((await new DeskBrowser(desk.url).post('invitation', { code, password: goodPassword })).status).toBe(200);
    });
  });

  describe('a session', () => {
    beforeEach(async () => {
      await DeskBrowser.invited(desk, code);
    });

    it('is a new one at every sign-in, whatever the browser had before', async () => {
      const browser = await signedIn();
      const [[name = '', first = ''] = []] = [...browser.cookies];
      await browser.post('session', right);
      expect(browser.cookies.get(name)).not.toBe(first);
      // What somebody else has put there, or has read before, is of no use.
      for (const planted of [first, `${first.split('.')[0]}.${'A'.repeat(43)}`, 'x', '']) {
        const other = new DeskBrowser(desk.url);
        other.cookies.set(name, planted);
        expect((await other.get('session')).status).toBe(401);
        await other.post('session', right);
        expect(other.cookies.get(name)).not.toBe(planted);
      }
    });

    it('ends after half an hour without use', async () => {
      const browser = await signedIn();
      for (let at = 0; at < 3; at += 1) {
        views().advance(29 * 60_000);
        expect((await browser.get('session')).status).toBe(200);
      }
      views().advance(30 * 60_000);
      expect((await browser.get('session')).status).toBe(401);
    });

    it('ends after ten hours, however it is used', async () => {
      const browser = await signedIn();
      for (let at = 0; at < 39; at += 1) {
        views().advance(15 * 60_000);
        expect((await browser.get('session')).status).toBe(200);
      }
      views().advance(15 * 60_000);
      expect((await browser.get('session')).status).toBe(401);
    });

    it('is listed with the others, and ended at any instance in all of them', async () => {
      const [one, two] = [await signedIn(), await signedIn(beside)];
      const listed = (await one.get<OpenSession[]>('sessions')).body;
      expect(listed.map(({ name, own }) => [name, own])).toContainEqual(['王芳', true]);
      const { session } = await desk.gate.admit({ method: 'GET', headers: { cookie: cookieOf(two) } } as never);
      expect(await beside.gate.stillIn(session)).toMatchObject({ name: '王芳' });
      expect((await one.post(`sessions/${session}/end`)).status).toBe(204);
      expect((await two.get('session')).status).toBe(401);
      expect(await beside.gate.stillIn(session)).toBeUndefined();
      expect((await one.post(`sessions/${session}/end`)).status).toBe(404);
      expect((await one.get('session')).status).toBe(200);
    });

    it('ends with the password that it was begun with; the browser that renews it goes on', async () => {
      const [one, two] = [await signedIn(), await signedIn(beside)];
      const password = 'another good one 42';
      expect((await one.post<Failure>('password', { password: 'wrong', renewed: password })).body.error.code).toBe('PasswordWrong');
      expect((await one.post('password', { password: goodPassword, renewed: password })).status).toBe(200);
      expect([(await one.get('session')).status, (await two.get('session')).status]).toEqual([200, 401]);
      expect((await two.post('session', right)).status).toBe(401);
      expect((await two.post('session', { ...right, password })).status).toBe(200);
    });
  });

  it('who fails is told the same, whatever was wrong', async () => {
    await DeskBrowser.invited(desk, code);
    await invite(desk.accounts, { login: 'without-password' });
    const tries = [wrong, { ...wrong, login: 'nobody' }, { ...wrong, login: 'without-password' }, { ...wrong, login: '王 芳' }];
    const answers = await Promise.all(tries.map((each) => new DeskBrowser(desk.url).post<Failure>('session', each)));
    for (const { status, body } of answers) expect([status, body]).toEqual([401, answers[0]?.body]);
  });
});

describe('guessing', () => {
  onBothStores((views) => {
    let desk: DeskServer;
    beforeEach(async () => {
      desk = await serveDesk(views().store);
      await DeskBrowser.invited(desk, await invite(desk.accounts, { login: 'wang' }));
    });
    afterEach(() => desk.close());

    const attempt = async (login: string, password: string, address: string) => {
      const browser = new DeskBrowser(desk.url);
      browser.headers = { 'x-test-address': address };
      return browser.post<Failure>('session', { login, password });
    };

    it('ends after five wrong passwords for one account, from however many addresses, also with the right one', async () => {
      const answers = await Promise.all(Array.from({ length: 12 }, (_, at) => attempt('wang', `guess ${at}`, `192.0.2.${at}`)));
      expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
      const refused = answers.filter(({ status }) => status === 429);
      expect(refused).toHaveLength(7);
      for (const { headers } of refused) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await attempt('wang', goodPassword, '192.0.2.99')).status).toBe(429);
    });

    it('ends after twenty tries from one address, or one network of IPv6, at whatever accounts', async () => {
      for (const addresses of [['192.0.2.1'], ['2001:db8::1', '2001:db8:0:0:5::2']]) {
        const tries = Array.from({ length: 25 }, (_, at) => attempt(`nobody-${at}`, 'guess', addresses[at % addresses.length] ?? ''));
        const statuses = (await Promise.all(tries)).map(({ status }) => status);
        expect(statuses.filter((status) => status === 401)).toHaveLength(20);
        expect(statuses.filter((status) => status === 429)).toHaveLength(5);
      }
      expect((await attempt('wang', goodPassword, '2001:db8:0:1::1')).status).toBe(200);
    });

    it('is not what a day’s work looks like: right passwords do not count', async () => {
      const statuses = [];
      for (let at = 0; at < 7; at += 1) statuses.push((await attempt('wang', goodPassword, '192.0.2.1')).status);
      expect(new Set(statuses)).toEqual(new Set([200]));
    });
  });
});

function cookieOf({ cookies }: DeskBrowser): string {
  return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
}
