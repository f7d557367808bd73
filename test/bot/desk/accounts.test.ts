import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Account, AuditLine, Invited, OpenSession, SignedIn } from '../../../bot/desk/desk-api.ts';
import { onBothStores } from '../../support/both-stores.ts';
import { openBench } from '../../support/conversations.ts';
import { DeskBrowser, type DeskServer, type Failure, goodPassword, invite, serveDesk } from '../../support/desk.ts';
import { dumpStore } from '../../support/dump-store.ts';

const draft = { login: 'li.na@example.com', name: '李娜', role: 'agent', skills: ['license'] } as const;
const codeOf = ({ link }: Invited) => link.split('#invitation=')[1] ?? '';

onBothStores((views) => {
  let desk: DeskServer;
  let beside: DeskServer;
  let boss: DeskBrowser;
  beforeEach(async () => {
    desk = await serveDesk(views().store);
    beside = await serveDesk(views().other);
    boss = await DeskBrowser.invited(desk, await invite(desk.accounts, { login: 'boss', role: 'administrator' }));
  });
  afterEach(async () => {
    await desk.close();
    await beside.close();
  });

  const made = async () => (await boss.post<Invited>('accounts', draft)).body;
  const change = (id: string, what: object) => boss.post<Account & Failure>(`accounts/${id}`, what);
  const accountOf = async (login: string) => (await boss.get<Account[]>('accounts')).body.find((each) => each.login === login);
  const idOf = async (login: string) => (await accountOf(login))?.id ?? '';

  it('an administrator makes an account, and its owner signs in by the link', async () => {
    const { account, link } = await made();
    expect(account).toEqual({
      ...draft,
      id: account.id,
      active: true,
      hasPassword: false,
      hasSecondFactor: false,
      createdAt: expect.any(Number),
    });
    expect(link).toMatch(new RegExp(`^${desk.url}/desk#invitation=${account.id}\\.[\\w-]{43}$`));
    const agent = await DeskBrowser.invited(beside, codeOf({ account, link }));
    expect((await agent.get<SignedIn>('session')).body).toEqual({
      id: account.id,
      login: 'li.na@example.com',
      name: '李娜',
      role: 'agent',
      skills: ['license'],
      secondFactor: 'none',
    });
    expect(await accountOf(draft.login)).toMatchObject({ hasPassword: true });
  });

  it('of many who make an account of one login at once, one does', async () => {
    const other = await DeskBrowser.invited(beside, await invite(desk.accounts, { login: 'other', role: 'administrator' }));
    const all = await Promise.all(Array.from({ length: 8 }, (_, at) => (at % 2 ? other : boss).post<Failure>('accounts', draft)));
    expect(all.map(({ status }) => status).sort()).toEqual([201, ...Array(7).fill(409)]);
    expect(all.find(({ status }) => status === 409)?.body.error.code).toBe('LoginTaken');
    expect((await boss.get<Account[]>('accounts')).body.map(({ login }) => login)).toEqual(['boss', draft.login, 'other']);
  });

  it.each<[what: string, change: object, goesOn: boolean]>([
    ['another role', { role: 'supervisor' }, false],
    ['its deactivation', { active: false }, false],
    ['another name', { name: '李 娜' }, true],
    ['another skill', { skills: ['conflict', 'province'] }, true],
    ['the role it has', { role: 'agent' }, true],
  ])('%s ends its sessions in all instances at once, where they must end', async (_, what, goesOn) => {
    const invited = await made();
    const agent = await DeskBrowser.invited(beside, codeOf(invited));
    const { session } = await beside.gate.admit({ method: 'GET', headers: { cookie: [...agent.cookies][0]?.join('=') } } as never);
    expect((await change(invited.account.id, what)).body).toMatchObject(what);
    expect((await agent.get('session')).status).toBe(goesOn ? 200 : 401);
    expect(await beside.gate.stillIn(session)).toEqual(goesOn ? expect.objectContaining({ id: invited.account.id }) : undefined);
    const again = await agent.post('session', { login: draft.login, password: goodPassword });
    expect(again.status).toBe('active' in what ? 401 : 200);
  });

  it('a new link takes the place of the password, of the link before, and of all sessions', async () => {
    const first = await made();
    const second = (await boss.post<Invited>(`accounts/${first.account.id}/invitation`)).body;
    expect((await new DeskBrowser(desk.url).post('invitation', { code: codeOf(first), password: goodPassword })).status).toBe(410);
    const agent = await DeskBrowser.invited(desk, codeOf(second));
    await boss.post(`accounts/${first.account.id}/invitation`);
    expect((await agent.get('session')).status).toBe(401);
    expect((await agent.post('session', { login: draft.login, password: goodPassword })).status).toBe(401);
  });

  it('an account that is not active has no use of its link', async () => {
    const { account, link } = await made();
    await change(account.id, { active: false });
    expect((await new DeskBrowser(desk.url).post('invitation', { code: codeOf({ account, link }), password: goodPassword })).status).toBe(
      410,
    );
  });

  it.each([{ active: false }, { role: 'supervisor' }])('the last administrator stays one: %o', async (what) => {
    const refused = await change(await idOf('boss'), what);
    expect([refused.status, refused.body.error.code]).toEqual([409, 'LastAdministrator']);
    const second = (await boss.post<Invited>('accounts', { ...draft, role: 'administrator' })).body.account;
    expect((await change(second.id, { active: false })).status).toBe(200);
    expect((await change(await idOf('boss'), what)).status).toBe(409);
    await change(second.id, { active: true });
    expect((await change(await idOf('boss'), what)).status).toBe(200);
  });

  it('of two administrators who take each other’s role at once, one stays', async () => {
    const invited = (await boss.post<Invited>('accounts', { ...draft, role: 'administrator' })).body;
    const other = await DeskBrowser.invited(beside, codeOf(invited));
    const bossId = await idOf('boss');
    const done = await Promise.all([change(invited.account.id, { role: 'agent' }), other.post(`accounts/${bossId}`, { role: 'agent' })]);
    expect(done.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await desk.accounts.all()).filter(({ role }) => role === 'administrator')).toHaveLength(1);
  });

  it('sees the sessions of all and ends them, while others see and end their own', async () => {
    const agent = await DeskBrowser.invited(desk, codeOf(await made()));
    const all = (await boss.get<OpenSession[]>('sessions')).body;
    expect(all.map(({ name, own }) => [name, own]).sort()).toEqual([
      ['boss', true],
      ['李娜', false],
    ]);
    const [bosses = '', agents = ''] = ['boss', '李娜'].map((name) => all.find((session) => session.name === name)?.id);
    expect((await agent.get<OpenSession[]>('sessions')).body.map(({ id }) => id)).toEqual([agents]);
    expect((await agent.post(`sessions/${bosses}/end`)).status).toBe(404);
    expect((await boss.post(`sessions/${agents}/end`)).status).toBe(204);
    expect((await agent.get('session')).status).toBe(401);
    expect((await boss.get('session')).status).toBe(200);
  });

  it('has on record who did what, to whom, without anybody’s name', async () => {
    const { account, link } = await made();
    const agent = await DeskBrowser.invited(desk, codeOf({ account, link }));
    await agent.post('session', { login: draft.login, password: 'no, not that' });
    await agent.post('session', { login: draft.login, password: goodPassword });
    await change(account.id, { name: '李 娜', role: 'supervisor' });
    const lines = (await boss.get<AuditLine[]>('audit')).body;
    const what = `account:${draft.login}`;
    expect(lines.slice(0, 6).map(({ by, did, what: object, why }) => [by, did, object, why])).toEqual([
      ['boss', 'account-changed', what, 'role supervisor, name'],
      [draft.login, 'signed-in', what, undefined],
      [draft.login, 'sign-in-failed', what, undefined],
      [draft.login, 'password-set', what, undefined],
      ['boss', 'account-created', what, 'agent'],
      ['boss', 'password-set', 'account:boss', undefined],
    ]);
    expect((await boss.get<AuditLine[]>(`audit?before=${lines[4]?.position}`)).body).toEqual(lines.slice(5));
    expect((await boss.get<Failure>('audit?before=x')).status).toBe(400);
    expect(JSON.stringify(await desk.audit.before(undefined, 100))).not.toMatch(/李|li\.na/);
  });

  it.each<[what: string, body: object]>([
    ['a login that is none', { ...draft, login: '李娜' }],
    ['a login of one letter', { ...draft, login: 'l' }],
    ['no name', { ...draft, name: '  ' }],
    ['a name that turns the line around', { ...draft, name: '李\u202e娜' }],
    ['a role that there is not', { ...draft, role: 'owner' }],
    ['a skill that there is not', { ...draft, skills: ['law'] }],
  ])('refuses %s', async (_, body) => {
    expect((await boss.post('accounts', body)).status).toBe(400);
    expect(await desk.accounts.all()).toHaveLength(1);
  });

  it('refuses a change of what cannot be changed, and of an account that there is not', async () => {
    const id = await idOf('boss');
    for (const what of [{}, { login: 'other' }, { hasPassword: true }, { role: 'owner' }, { sessions: [] }]) {
      expect((await change(id, what)).status).toBe(400);
    }
    for (const unknown of ['nothing', '__proto__', '0123456789abcdef']) expect((await change(unknown, { name: 'x' })).status).toBe(404);
  });
});

describe('at rest', () => {
  it('nobody’s password, link or session can be read, nor who has an account from the names of things', async () => {
    const bench = await openBench();
    const desk = await serveDesk(bench.store);
    const code = await invite(desk.accounts, { ...draft, skills: [], role: 'administrator' });
    const browser = await DeskBrowser.invited(desk, code);
    const unused = (await browser.post<Invited>('accounts', { ...draft, login: 'other' })).body;
    const rows = await dumpStore(bench.folder, bench.keys);
    const secrets = [code, codeOf(unused), ...browser.cookies.values()].map((ticket) => ticket.split('.')[1] ?? '');
    expect(secrets.map((secret) => secret.length)).toEqual([43, 43, 43]);
    for (const secret of [...secrets, goodPassword]) expect(rows.filter((row) => row.includes(secret))).toEqual([]);
    expect(rows.filter((row) => row.includes(draft.login)).length).toBeGreaterThan(0);
    expect(rows.map((row) => row.split(' = ')[0]).filter((name) => name?.includes(draft.login) || name?.includes('李娜'))).toEqual([]);
    await desk.close();
    await bench.close();
  });
});
