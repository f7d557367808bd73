import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditLine, SignedIn } from '../../../bot/desk/desk-api.ts';
import { startTestApplication, type TestApplication } from '../../support/application.ts';
import { type Ran, runCommand, runHere } from '../../support/command.ts';
import { DeskBrowser, goodPassword } from '../../support/desk.ts';
import { setUpPhone } from '../../support/phone.ts';

const folder = mkdtempSync(join(tmpdir(), 'filing-desk-'));
const environment = { DATA_DIR: join(folder, 'data'), DATA_KEYS: randomBytes(32).toString('base64') };
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs `npm run desk`, as far as it is not a process that counts. */
const run = (parameters: string[], changed: Record<string, string> = {}): Promise<Ran> =>
  runHere('desk', parameters, { cwd: folder, env: { ...environment, ...changed } });
/** Runs it as a process, which is another than that of the bot. */
const runApart = (parameters: string[], changed: Record<string, string> = {}): Promise<Ran> =>
  runCommand('desk', parameters, { cwd: folder, env: { ...environment, ...changed } });

const codeIn = ({ said }: Ran) => /\/desk#invitation=(\S+)/.exec(said)?.[1] ?? '';

describe('npm run desk, beside a bot that serves', () => {
  let server: TestApplication;
  let boss: DeskBrowser;
  beforeAll(async () => {
    server = await startTestApplication(environment);
  });
  afterAll(() => server.stop());

  it('makes the first account, an administrator, who signs in by the link it prints', async () => {
    const { code, said } = await runApart(['invite', 'Boss', '--name', '王芳'], { PUBLIC_URL: 'https://bot.example.com' });
    expect([code, said]).toEqual([
      0,
      expect.stringMatching(
        /^Made the account boss {2}王芳 {2}administrator {2}no password yet\nOpen this link .*\nhttps:\/\/bot\.example\.com\/desk#invitation=\S+\n$/,
      ),
    ]);
    boss = await DeskBrowser.invited(server, codeIn({ code, said, complained: '' }));
    expect((await boss.get<SignedIn>('session')).body).toMatchObject({ name: '王芳', role: 'administrator' });
  });

  it('gives who is locked out a new link', async () => {
    const invited = await run(['invite', 'boss']);
    expect(invited.said).not.toContain('Made');
    expect((await boss.get('session')).status).toBe(401);
    expect((await boss.post('session', { login: 'boss', password: goodPassword })).status).toBe(401);
    boss = await DeskBrowser.invited(server, codeIn(invited));
    expect((await boss.get('session')).status).toBe(200);
  });

  it('makes others, lists them, and takes their access away at once', async () => {
    const agent = await DeskBrowser.invited(server, codeIn(await run(['invite', 'li', '--role', 'agent', '--skills', 'license,conflict'])));
    expect((await run(['accounts'])).said).toBe('boss  王芳  administrator\nli  li  agent  conflict  license\n2 account(s)\n');
    expect((await runApart(['deactivate', 'li'])).said).toBe('li is signed out everywhere and may not sign in\n');
    expect((await agent.get('session')).status).toBe(401);
    expect((await run(['activate', 'li'])).said).toBe('li may sign in\n');
    expect(await run(['deactivate', 'boss'])).toMatchObject({ code: 1, complained: expect.stringContaining('the last administrator') });
  });

  it('takes away the second factor of who has lost the phone', async () => {
    expect((await run(['reset-second-factor', 'boss'])).complained).toBe('boss has no second factor.\n');
    const { recoveryCodes } = await setUpPhone(boss, Date.now);
    expect((await run(['accounts'])).said).toContain('boss  王芳  administrator  second factor\n');
    expect((await run(['reset-second-factor', 'boss'])).said).toMatch(/^boss is signed out everywhere/);
    expect((await boss.get('session')).status).toBe(401);
    expect((await boss.post('session', { login: 'boss', password: goodPassword, code: recoveryCodes[0] })).status).toBe(200);
    await run(['activate', 'li']);
  });

  it('shows what was done, its own doings too, and that nothing of it was changed', async () => {
    const { said } = await run(['audit', '--limit', '3']);
    const [first, , , summary] = said.split('\n');
    expect(first).toMatch(/^ +\d+ {2}2\S+Z {2}command {2}account-changed {2}account:li {2}active$/);
    const lines = (await boss.get<AuditLine[]>('audit')).body;
    expect(summary).toMatch(new RegExp(`^${lines.length} record\\(s\\), none changed; they end with [0-9a-f]{64}$`));
  });
});

describe('npm run desk, by itself', () => {
  it('says what is wrong with the command, and how it goes', async () => {
    const mistakes: [parameters: string[], told: RegExp][] = [
      [[], /^Say what to do/],
      [['constructor'], /^There is no command constructor/],
      [['invite'], /^Whose account\?/],
      [['invite', 'x1', '--role', 'owner'], /^The account: role: /],
      [['invite', 'x1', '--limit', '3'], /^--limit does not go with invite/],
      [['accounts', 'x1'], /^x1 is too much here/],
      [['--frobnicate'], /--frobnicate/],
    ];
    const runs = await Promise.all(mistakes.map(([parameters]) => run(parameters)));
    for (const [at, ran] of runs.entries()) {
      expect(ran).toMatchObject({ code: 2, said: '' });
      expect(ran.complained).toMatch(mistakes[at]?.[1] as RegExp);
      expect(ran.complained).toContain('npm run desk -- …');
    }
    expect(await run(['--help'])).toMatchObject({ code: 0, said: expect.stringContaining('deactivate'), complained: '' });
  });

  it('makes no store where there is none', async () => {
    const elsewhere = join(folder, 'elsewhere');
    expect(await run(['accounts'], { DATA_DIR: elsewhere })).toMatchObject({
      code: 1,
      complained: expect.stringContaining('Is DATA_DIR that of the bot?'),
    });
    expect(existsSync(elsewhere)).toBe(false);
  });

  it('refuses what cannot be carried out', async () => {
    expect(await run(['deactivate', 'nobody'])).toMatchObject({ code: 1, complained: 'There is no account nobody.\n' });
    expect(await run(['invite', 'boss', '--role', 'agent'])).toMatchObject({ code: 1, complained: expect.stringContaining('already') });
  });
});
