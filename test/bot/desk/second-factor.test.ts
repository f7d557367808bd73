import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Account, OwnAccount, SecondFactorDraft } from '../../../bot/desk/desk-api.ts';
import { onBothStores } from '../../support/both-stores.ts';
import { openBench } from '../../support/conversations.ts';
import { DeskBrowser, type DeskServer, type Failure, goodPassword, invite, serveDesk } from '../../support/desk.ts';
import { Phone, setUpPhone } from '../../support/phone.ts';

const right = { login: 'wang', password: goodPassword };
const nextCodeMs = 30_000;

onBothStores((views) => {
  let desk: DeskServer;
  /** Another instance on the same store. */
  let beside: DeskServer;
  let wang: DeskBrowser;
  beforeEach(async () => {
    desk = await serveDesk(views().store);
    beside = await serveDesk(views().other);
    wang = await DeskBrowser.invited(desk, await invite(desk.accounts, { login: 'wang', name: '王芳', role: 'administrator' }));
  });
  afterEach(async () => {
    await desk.close();
    await beside.close();
  });

  const now = () => views().store.now();
  const signIn = (typed: object, server = desk) => new DeskBrowser(server.url).post<OwnAccount & Failure>('session', typed);
  const said = ({ status, body }: { status: number; body: Partial<Failure> }) => [status, body.error?.code];
  const deeds = async () => (await desk.audit.before(undefined, 100)).map(({ did, why }) => (why === undefined ? did : `${did}: ${why}`));

  it('is asked for after the password, and neither is enough alone', async () => {
    const { phone } = await setUpPhone(wang, now);
    views().advance(nextCodeMs);
    expect(said(await signIn(right))).toEqual([401, 'SecondFactorNeeded']);
    expect(said(await signIn({ ...right, password: 'wrong' }))).toEqual([401, 'SignInWrong']);
    expect(said(await signIn({ ...right, password: 'wrong', code: phone.code() }))).toEqual([401, 'SignInWrong']);
    expect(said(await signIn({ ...right, code: '000000' }))).toEqual([401, 'SecondFactorWrong']);
    expect(said(await signIn({ ...right, code: '' }))).toEqual([401, 'SecondFactorWrong']);
    const entered = await signIn({ ...right, code: ` ${phone.code().slice(0, 3)} ${phone.code().slice(3)} ` }, beside);
    expect([entered.status, entered.body]).toEqual([200, expect.objectContaining({ secondFactor: 'set', recoveryCodesLeft: 10 })]);
  });

  it('is good for one sign-in, however many try at the same time', async () => {
    const { phone } = await setUpPhone(wang, now);
    // The code by which it was set up is used, too.
    expect(said(await signIn({ ...right, code: phone.code() }))).toEqual([401, 'SecondFactorWrong']);
    views().advance(nextCodeMs);
    const code = phone.code();
    const answers = await Promise.all([desk, beside, desk, beside].map((server) => signIn({ ...right, code }, server)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401, 401, 401]);
    // Nor is one of before, once a later one was used.
    expect(said(await signIn({ ...right, code: phone.code(-nextCodeMs) }))).toEqual([401, 'SecondFactorWrong']);
  });

  it('is replaced by a recovery code, each of which is good once, and on record', async () => {
    const { recoveryCodes } = await setUpPhone(wang, now);
    expect(new Set(recoveryCodes).size).toBe(10);
    const [first = '', second = ''] = recoveryCodes;
    expect(first).toMatch(/^([a-z2-7]{4}-){3}[a-z2-7]{4}$/);
    const answers = await Promise.all([desk, beside].map((server) => signIn({ ...right, code: first }, server)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401]);
    const typed = second.replaceAll('-', ' ').toUpperCase();
    expect((await signIn({ ...right, code: typed })).body).toMatchObject({ recoveryCodesLeft: 8 });
    expect((await deeds()).filter((did) => did === 'signed-in: by a recovery code')).toHaveLength(2);
  });

  it('is not guessed: five wrong codes shut the account, also for the right one', async () => {
    const { phone, recoveryCodes } = await setUpPhone(wang, now);
    views().advance(nextCodeMs);
    const wrong = String((Number(phone.code()) + 500_000) % 1_000_000).padStart(6, '0');
    const answers = [];
    for (let at = 0; at < 6; at += 1) answers.push(await signIn({ ...right, code: wrong }));
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429]);
    expect((await signIn({ ...right, code: phone.code() })).status).toBe(429);
    expect((await signIn({ ...right, code: recoveryCodes[0] })).status).toBe(429);
    expect((await deeds()).filter((did) => did === 'sign-in-failed')).toHaveLength(5);
  });

  it('is in force once a code shows that the phone has it; other sessions, begun without it, end', async () => {
    const other = new DeskBrowser(beside.url);
    await other.post('session', right);
    const { body } = await wang.post<SecondFactorDraft>('second-factor/begin');
    expect(body.address).toContain(`secret=${body.secret}&`);
    expect(said(await wang.post<Failure>('second-factor', { code: '000000' }))).toEqual([422, 'SecondFactorWrong']);
    expect((await signIn(right)).status).toBe(200);
    const set = await wang.post('second-factor', { code: new Phone(body.secret, now).code() });
    expect([set.status, (await wang.get('session')).status, (await other.get('session')).status]).toEqual([200, 200, 401]);
    expect(said(await signIn(right))).toEqual([401, 'SecondFactorNeeded']);
    expect(await deeds()).toContain('second-factor-set');
    // What was drafted is used up.
    expect(said(await wang.post<Failure>('second-factor', { code: new Phone(body.secret, now).code() }))).toEqual([
      410,
      'SecondFactorDraftGone',
    ]);
  });

  it('is set up within a quarter of an hour, by who has just shown who they are', async () => {
    const { body } = await wang.post<SecondFactorDraft>('second-factor/begin');
    views().advance(15 * 60_000);
    expect(said(await wang.post<Failure>('second-factor', { code: new Phone(body.secret, now).code() }))).toEqual([
      410,
      'SecondFactorDraftGone',
    ]);
    expect(said(await wang.post<Failure>('second-factor/begin'))).toEqual([403, 'ConfirmationNeeded']);
    await wang.post('session/confirm', { password: goodPassword });
    await setUpPhone(wang, now);
    views().advance(10 * 60_000);
    expect(said(await wang.post<Failure>('second-factor/remove'))).toEqual([403, 'ConfirmationNeeded']);
    await wang.post('session/confirm', { password: goodPassword });
    expect((await wang.post('second-factor/remove')).status).toBe(204);
    expect((await signIn(right)).status).toBe(200);
    expect(await deeds()).toContain('second-factor-removed');
  });

  it('set up anew takes the place of the one there was, with its recovery codes', async () => {
    const before = await setUpPhone(wang, now);
    const after = await setUpPhone(wang, now);
    views().advance(nextCodeMs);
    expect(said(await signIn({ ...right, code: before.phone.code() }))).toEqual([401, 'SecondFactorWrong']);
    expect(said(await signIn({ ...right, code: before.recoveryCodes[0] }))).toEqual([401, 'SecondFactorWrong']);
    expect((await signIn({ ...right, code: after.phone.code() })).status).toBe(200);
  });

  it('is asked for by an invitation, too, which is for a lost password alone', async () => {
    const { phone } = await setUpPhone(wang, now);
    const { id } = (await wang.get<OwnAccount>('session')).body;
    const code = (await desk.accounts.invite(id, 'command'))?.code ?? '';
    views().advance(nextCodeMs);
    const accept = (secondFactor?: string) =>
      new DeskBrowser(desk.url).post<OwnAccount & Failure>('invitation', { code, password: goodPassword, secondFactor });
    expect(said(await accept())).toEqual([401, 'SecondFactorNeeded']);
    expect(said(await accept('000000'))).toEqual([401, 'SecondFactorWrong']);
    expect((await signIn(right)).status).toBe(401);
    const entered = await accept(phone.code());
    expect([entered.status, entered.body.secondFactor]).toEqual([200, 'set']);
  });

  it('is reset by an administrator who has just shown who they are; all sessions of the account end', async () => {
    const li = await DeskBrowser.invited(desk, await invite(desk.accounts, { login: 'li' }));
    await setUpPhone(li, now);
    const { id } = (await li.get<OwnAccount>('session')).body;
    const reset = () => wang.post<Failure>(`accounts/${id}/second-factor/remove`);
    expect((await wang.get<Account[]>('accounts')).body.map(({ login, hasSecondFactor }) => [login, hasSecondFactor])).toEqual([
      ['li', true],
      ['wang', false],
    ]);
    views().advance(10 * 60_000);
    expect(said(await reset())).toEqual([403, 'ConfirmationNeeded']);
    await wang.post('session/confirm', { password: goodPassword });
    expect((await reset()).status).toBe(204);
    expect((await li.get('session')).status).toBe(401);
    expect((await signIn({ ...right, login: 'li' })).status).toBe(200);
    expect((await deeds())[1]).toBe('second-factor-reset');
    expect((await reset()).status).toBe(404);
  });
});

describe('where DESK_TOTP asks for it', () => {
  it('is set up before anything else by whom it is required of', async () => {
    const bench = await openBench();
    const desk = await serveDesk(bench.store, { secondFactor: 'supervisors' });
    const [agent, chief] = [
      await DeskBrowser.invited(desk, await invite(desk.accounts, { login: 'li' })),
      await DeskBrowser.invited(desk, await invite(desk.accounts, { login: 'wang', role: 'administrator' })),
    ];
    expect((await agent.get<OwnAccount>('session')).body.secondFactor).toBe('none');
    expect((await agent.get('sessions')).status).toBe(200);
    expect((await chief.get<OwnAccount>('session')).body.secondFactor).toBe('required');
    for (const path of ['sessions', 'accounts', 'audit']) {
      expect((await chief.get<Failure>(path)).body.error.code).toBe('SecondFactorToSet');
    }
    expect((await chief.post<Failure>('password', {})).body.error.code).toBe('SecondFactorToSet');
    await setUpPhone(chief, () => bench.store.now());
    expect((await chief.get('accounts')).status).toBe(200);
    expect((await chief.post<Failure>('second-factor/remove')).body.error.code).toBe('SecondFactorRequired');
    await desk.close();
    await bench.close();
  });

  it.each([
    ['off', []],
    ['supervisors', ['supervisor', 'administrator']],
    ['all', ['agent', 'supervisor', 'administrator']],
  ] as const)('%s concerns %j', async (secondFactor, concerned) => {
    const bench = await openBench();
    const desk = await serveDesk(bench.store, { secondFactor });
    const required: string[] = [];
    for (const role of ['agent', 'supervisor', 'administrator'] as const) {
      const browser = await DeskBrowser.invited(desk, await invite(desk.accounts, { login: role, role }));
      if ((await browser.get<OwnAccount>('session')).body.secondFactor === 'required') required.push(role);
    }
    expect(required).toEqual(concerned);
    await desk.close();
    await bench.close();
  });
});
