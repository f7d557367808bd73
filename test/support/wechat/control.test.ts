import { afterEach, beforeEach, expect, it } from 'vitest';
import { startWeChat, type WeChat } from './index.ts';
import { ScriptedCallback } from './scripted-callback.ts';

const aesKey = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
const common = { secret: 'a secret, for tests', token: 'pamtest', aesKey };

let wx: WeChat;
let bot: ScriptedCallback;

beforeEach(async () => {
  bot = new ScriptedCallback();
  wx = await startWeChat();
  const callback = await bot.start();
  wx.officialAccount({ ...common, appId: 'wxa', ghId: 'gh_agency', mode: 'plaintext', callback });
  wx.wecomApp({ ...common, corpId: 'ww', agentId: 7, callback });
  wx.customerService({ ...common, corpId: 'ww', secret: 'another', openKfId: 'wkAgency', agents: ['zhang'], callback });
});
afterEach(async () => {
  await wx.stop();
  await bot.stop();
});

const does = async (verb: string, order: object) => {
  const response = await fetch(`${wx.origin}/__ctl/${verb}`, { method: 'POST', body: JSON.stringify(order) });
  return response.status === 200 ? response.json() : response.text();
};
const looks = async (what: string) => (await fetch(`${wx.origin}/__ctl/${what}`)).json();

it('acts for people of all accounts, and shows their phones', async () => {
  const follower = { account: 'gh_agency', user: 'oUser1' };
  bot.answer = () => ({
    body: '<xml><ToUserName>oUser1</ToUserName><FromUserName>gh_agency</FromUserName><CreateTime>1790000000</CreateTime><MsgType>text</MsgType><Content>在</Content></xml>',
  });
  expect(await does('push', { ...follower, text: '在吗' })).toMatchObject({ outcome: 'ok-reply', attempts: 1 });
  expect(await looks('inbox/oUser1')).toMatchObject([{ kind: 'text', text: '在' }]);
  bot.answer = () => ({ body: '' });
  expect(await does('unfollow', follower)).toMatchObject({ outcome: 'ok-empty' });
  expect(await does('push', { account: 'ww:7', user: 'li', text: '在吗' })).toMatchObject({ outcome: 'ok-empty' });
  expect(await does('push', { account: 'wkAgency', user: 'wmWang', text: '在吗' })).toMatchObject({ bell: { outcome: 'ok-empty' } });
  expect(await looks('metrics')).toMatchObject({ pushes: { 'ok-reply': 1, 'ok-empty': 3 }, markFails: 0 });
  expect(await looks('journal')).toHaveLength(4);
});

it('moves the clock and orders faults', async () => {
  await does('advance', { ms: 1000 });
  expect(wx.clock.now() - Date.now()).toBeGreaterThan(900);
  await does('fault', { path: '/cgi-bin/token', action: { errcode: -1 } });
  expect(await (await fetch(`${wx.origin}/cgi-bin/token`)).json()).toMatchObject({ errcode: -1 });
});

it('acts for the people of customer service', async () => {
  const customer = { account: 'wkAgency', user: 'wmWang', agent: 'zhang' };
  await does('push', { ...customer, text: '转人工' });
  expect(await does('agent/accept', customer)).toContain('does not wait in the pool');
});

it('says what it does not understand', async () => {
  expect(await does('push', { account: 'gh_other', user: 'oUser1', text: '在吗' })).toBe('There is no account gh_other.');
  expect(await does('fault', { path: '/x', action: 'explode' })).toContain('Invalid');
  expect((await fetch(`${wx.origin}/__ctl/push`, { method: 'POST', body: '{' })).status).toBe(400);
  expect(await does('dance', {})).toBe('There is nothing to do under dance.');
});
