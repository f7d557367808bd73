import { expect, it } from 'vitest';
import { agencyAccount } from './example-accounts.ts';
import { startWeChat } from './index.ts';
import { ScriptedCallback } from './scripted-callback.ts';

it('is talked to as a phone is', async () => {
  const wx = await startWeChat();
  const bot = new ScriptedCallback();
  const oa = wx.officialAccount({ ...agencyAccount, callback: await bot.start() });
  const { access_token } = await tokenFrom(wx.origin);
  const sends = (message: object) => {
    const body = JSON.stringify({ touser: 'oWangfang', ...message });
    return fetch(`${wx.origin}/cgi-bin/message/custom/send?access_token=${access_token}`, { method: 'POST', body });
  };

  const wang = oa.user('oWangfang', { following: false });
  await wang.follows();
  await sends({ msgtype: 'text', text: { content: '您好，请问您想办什么？' } });
  await wang.says('帮我备案');
  await sends({ msgtype: 'msgmenu', msgmenu: { head_content: '办哪种？', list: [{ id: 'm1', content: '首次备案' }] } });
  await wang.taps('首次备案');
  await wx.advance(61_000);
  await sends({ msgtype: 'text', text: { content: '还在吗' } });

  expect(wang.phone.transcript.split('\n')).toEqual([
    '> (follows)',
    '您好，请问您想办什么？',
    '> 帮我备案',
    '办哪种？',
    '[首次备案]',
    '> [首次备案]',
    '还在吗',
  ]);
  await expect(wang.phone.sees('不会来的', { patienceMs: 0 })).rejects.toThrow('Seed 1. The screen:\n> (follows)');
  await bot.stop();
  await wx.stop();
});

it('ends while it waits for an answer', async () => {
  const wx = await startWeChat();
  const bot = new ScriptedCallback();
  bot.answer = () => 'never';
  const oa = wx.officialAccount({ ...agencyAccount, callback: await bot.start() });
  const said = oa.user('oWangfang').says('在吗');
  await expect.poll(() => bot.received).toHaveLength(1);
  await wx.stop();
  expect(await said).toMatchObject({ outcome: 'timeout', attempts: 1 });
  await bot.stop();
});

async function tokenFrom(origin: string): Promise<{ access_token: string }> {
  const { appId: appid, secret } = agencyAccount;
  const query = new URLSearchParams({ grant_type: 'client_credential', appid, secret });
  return (await (await fetch(`${origin}/cgi-bin/token?${query}`)).json()) as { access_token: string };
}
