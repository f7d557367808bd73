import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { menuSchema, wordsOfMenu } from '../../../bot/channels/wechat/menu.ts';
import { projectRoot } from '../../../bot/paths.ts';
import { runCommand, runHere } from '../../support/command.ts';
import { Customer } from '../../support/customer.ts';
import { type OfficialAccount, startWeChat, type WeChat } from '../../support/wechat/index.ts';
import { accountsFor, weChatEnvironment } from '../../support/wechat-bot.ts';

const shipped = join(projectRoot, 'knowledge', 'wechat-menu.yaml');
const folder = mkdtempSync(join(tmpdir(), 'filing-wechat-'));
let wx: WeChat;
let oa: OfficialAccount;
beforeAll(async () => {
  wx = await startWeChat();
  ({ oa } = accountsFor(wx, 'http://127.0.0.1:9'));
});
afterAll(async () => {
  await wx.stop();
  rmSync(folder, { recursive: true });
});

const environment = () => ({ ...weChatEnvironment(wx.origin), PUBLIC_URL: 'https://bot.example.com' });
const run = (parameters: string[], changed: Record<string, string> = {}) =>
  runHere('wechat', parameters, { cwd: folder, env: { ...environment(), ...changed } });

describe('npm run wechat', () => {
  it('gives the official account its menu, shows it, and takes it away', async () => {
    expect((await run(['menu', 'apply', shipped, '--dry-run'])).said).toContain('Nothing was changed');
    expect(oa.menu).toBeUndefined();
    const applied = await runCommand('wechat', ['menu', 'apply', shipped], { cwd: folder, env: environment() });
    expect(applied).toMatchObject({ code: 0, complained: '' });
    expect(JSON.stringify(oa.menu)).toContain('办备案');
    expect((await run(['menu', 'show'])).said).toContain('找人工');
    expect(await run(['menu', 'remove'])).toMatchObject({ code: 0 });
    expect(oa.menu).toBeUndefined();
  });

  it.each([
    ['four buttons', 'buttons: [{name: 一, say: a}, {name: 二, say: a}, {name: 三, say: a}, {name: 四, say: a}]', /at most 3/],
    ['a name that is too long', 'buttons: [{name: 一二三四五六, say: a}]', /at most 16 bytes|give a name/],
    ['a button that does nothing', 'buttons: [{name: 一}]', /give a name, and one of/],
    ['an address in the clear', 'buttons: [{name: 一, open: "http://example.com"}]', /give a name|https/],
    ['nothing that can be read', 'buttons: [', /menu\.yaml/],
  ])('refuses a menu with %s', async (_, text, told) => {
    const file = join(folder, 'menu.yaml');
    writeFileSync(file, text);
    expect(await run(['menu', 'apply', file])).toMatchObject({ code: 1, complained: expect.stringMatching(told) });
  });

  it('says of each account that it works, or what is to be mended, and no secret', async () => {
    const good = await run(['check']);
    expect(good).toMatchObject({ code: 0 });
    expect(good.said).toMatch(/Official account wx\w+: works[\s\S]*bot\.example\.com\/wechat\/official-account/);
    expect(good.said).toMatch(/Customer service wk\w+: works; 2 agents in WeCom, 2 of them receiving/);
    // As a process, whose log is heard, too.
    const env = { ...environment(), WECHAT_OA_SECRET: 'not-the-secret-at-all', WECOM_SECRET: 'nor-this-one' };
    const wrong = await runCommand('wechat', ['check'], { cwd: folder, env });
    expect(wrong.code).toBe(1);
    expect(wrong.said).toMatch(/WECHAT_OA_SECRET, is wrong/);
    expect(wrong.said).toMatch(/The Secret is wrong/);
    expect(`${wrong.said}${wrong.complained}`).not.toMatch(/not-the-secret|nor-this-one/);
  });

  it('says how it goes to who asks for something else', async () => {
    expect(await run(['menus'])).toMatchObject({ code: 2, complained: expect.stringContaining('menu apply FILE') });
    expect(await run(['check'], { WECHAT_OA_APP_ID: '' })).toMatchObject({
      code: 1,
      complained: expect.stringContaining('WECHAT_OA_APP_ID: needed'),
    });
  });
});

describe('the menu that comes with the bot', () => {
  it.each(wordsOfMenu(menuSchema.parse(parse(readFileSync(shipped, 'utf8')))))('says what the bot understands: %s', (words) => {
    const [reply] = new Customer().says(words);
    expect(reply?.kind).not.toBe('unknown');
    expect(reply?.kind).not.toBe('suggest');
  });
});
