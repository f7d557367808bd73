import { afterEach, beforeEach, expect, it } from 'vitest';
import { open } from './crypto.ts';
import { agencyApp } from './example-accounts.ts';
import { type Member, startWeChat, type WeChat, type WecomApp } from './index.ts';
import { ScriptedCallback } from './scripted-callback.ts';
import { readXml } from './xml.ts';

const { corpId, secret, aesKey } = agencyApp;

let wx: WeChat;
let bot: ScriptedCallback;
let app: WecomApp;
let zhang: Member;

interface Body {
  errcode: number;
  errmsg: string;
  access_token?: string;
  invaliduser?: string;
  msgid?: string;
  response_code?: string;
}

beforeEach(async () => {
  bot = new ScriptedCallback();
  wx = await startWeChat();
  app = wx.wecomApp({ ...agencyApp, callback: await bot.start() });
  zhang = app.user('ZhangSan');
});
afterEach(async () => {
  await wx.stop();
  await bot.stop();
});

async function getToken(corpsecret = secret): Promise<Body> {
  const query = new URLSearchParams({ corpid: corpId, corpsecret });
  return (await (await fetch(`${wx.origin}/cgi-bin/gettoken?${query}`)).json()) as Body;
}

async function post(path: string, body: object): Promise<Body> {
  const { access_token } = await getToken();
  const response = await fetch(`${wx.origin}${path}?access_token=${access_token}`, { method: 'POST', body: JSON.stringify(body) });
  return (await response.json()) as Body;
}

const sends = (message: object, touser = 'ZhangSan') => post('/cgi-bin/message/send', { touser, agentid: 1000002, ...message });
const text = (content: string) => ({ msgtype: 'text', text: { content } });
const card = (more = {}) => ({
  msgtype: 'template_card',
  template_card: {
    card_type: 'button_interaction',
    main_title: { title: '办哪种?' },
    task_id: 'turn-1',
    button_list: [
      { text: '首次备案', key: 'm1' },
      { text: '变更', key: 'm2' },
    ],
    ...more,
  },
});

it('gives one token for a secret while it is good, and bans who guesses', async () => {
  const { access_token } = await getToken();
  expect((await getToken()).access_token).toBe(access_token);
  wx.tokens.rotateSilently(app.client);
  const { errcode, errmsg } = await (
    await fetch(`${wx.origin}/cgi-bin/message/send?access_token=${access_token}`, { method: 'POST' })
  ).json();
  expect(errcode).toBe(40014);
  expect(errmsg).toMatch(/hint: \[.*\], from ip: .*, more info at https:\/\/open\.work\.weixin\.qq\.com\/devtool\/query\?e=40014$/);
  await wx.advance(7200_000);
  expect((await getToken()).access_token).not.toBe(access_token);
  for (const _ of [1, 2, 3, 4, 5]) expect(await getToken('x')).toMatchObject({ errcode: 40001 });
  expect(await getToken()).toMatchObject({ errcode: 45009 });
  await wx.advance(3600_000);
  expect(await getToken()).toMatchObject({ errcode: 0 });
});

it('answers an unknown path with an empty 404', async () => {
  const response = await fetch(`${wx.origin}/cgi-bin/unknown?access_token=${(await getToken()).access_token}`, { method: 'POST' });
  expect([response.status, await response.text()]).toEqual([404, '']);
});

it('pushes encrypted, with the number of the app', async () => {
  await zhang.says('在吗');
  const { children } = readXml(bot.received[0]?.body ?? '');
  expect(children.slice(0, 2).map(({ name, text }) => [name, text])).toEqual([
    ['ToUserName', corpId],
    ['AgentID', '1000002'],
  ]);
  const { message, receiveId } = await open(children[2]?.text ?? '', aesKey);
  expect(receiveId).toBe(corpId);
  const fields = readXml(message).children.map(({ name }) => name);
  expect(fields).toEqual(['ToUserName', 'FromUserName', 'CreateTime', 'MsgType', 'Content', 'MsgId', 'AgentID']);
});

it('checks the address by an encrypted text', async () => {
  bot.answer = async ({ url }) => ({ body: (await open(url.searchParams.get('echostr') ?? '', aesKey)).message });
  expect(await app.verifies()).toMatchObject({ accepted: true });
  bot.answer = ({ url }) => ({ body: url.searchParams.get('echostr') ?? '' });
  expect(await app.verifies()).toMatchObject({ accepted: false });
});

it('shows no line of failure to a member', async () => {
  bot.answer = () => ({ body: '"success"' });
  expect(await zhang.says('在吗')).toMatchObject({ outcome: 'illegal' });
  expect(zhang.phone.items).toEqual([]);
});

it('delivers to those it knows, in any case, and names the others', async () => {
  app.user('li');
  expect(await sends(text('在'), 'zhangsan|LI|Nobody')).toMatchObject({ errcode: 0, invaliduser: 'nobody' });
  expect([zhang.phone.words, app.user('li').phone.words]).toEqual([['在'], ['在']]);
  expect(await sends(text('在'), 'nobody')).toMatchObject({ errcode: 81013 });
});

it('cuts a text that is too long, without a word', async () => {
  await sends(text('备'.repeat(700)));
  expect(zhang.phone.words[0]).toBe(`${'备'.repeat(682)}\ufffd`);
});

it('throws away what is more than 30 in a minute, and says that all is well', async () => {
  for (let count = 1; count <= 31; count++) expect(await sends(text(String(count)))).toMatchObject({ errcode: 0 });
  expect(zhang.phone.items).toHaveLength(30);
  expect(wx.journal.discarded).toMatchObject([{ user: 'ZhangSan', why: 'more than WeCom delivers to one member' }]);
  await wx.advance(60_000);
  await sends(text('32'));
  expect(zhang.phone.words.at(-1)).toBe('32');
});

it('does not deliver the same twice where that is asked for', async () => {
  const once = { ...text('在'), enable_duplicate_check: 1, duplicate_check_interval: 60 };
  expect([(await sends(once)).errcode, (await sends(once)).errcode]).toEqual([0, 0]);
  expect(zhang.phone.items).toHaveLength(1);
  await wx.advance(60_000);
  await sends(once);
  expect(zhang.phone.items).toHaveLength(2);
});

it('shows cards whose buttons can be pressed, and changes them once', async () => {
  const { response_code } = await sends(card());
  await zhang.taps('首次备案');
  const message = new Map(wx.journal.pushes('ZhangSan')[0]?.message.map(([name, value]) => [name, value]));
  expect(message.get('Event')).toBe('template_card_event');
  expect([message.get('EventKey'), message.get('TaskId'), message.get('ResponseCode')]).toEqual(['m1', 'turn-1', response_code]);
  const update = () => post('/cgi-bin/message/update_template_card', { agentid: 1000002, response_code, button: { replace_name: '已选' } });
  expect([(await update()).errcode, (await update()).errcode]).toEqual([0, 40058]);
  expect(zhang.phone.buttons.map(({ text }) => text)).toEqual(['已选']);
});

it('takes a message back', async () => {
  const { msgid } = await sends(text('在'));
  expect(await post('/cgi-bin/message/recall', { msgid })).toMatchObject({ errcode: 0 });
  expect(zhang.phone.items).toEqual([]);
});

it.each<[string, object, number]>([
  ['a list of people', { ...text('x'), touser: ['ZhangSan'] }, 47001],
  ['the number of another app', { ...text('x'), agentid: 1 }, 40056],
  ['an empty text', text(''), 44004],
  ['nine articles', { msgtype: 'news', news: { articles: Array(9).fill({ title: 'x', url: 'https://x' }) } }, 45008],
  ['seven buttons', card({ button_list: Array(7).fill({ text: 'x', key: 'x' }) }), 47001],
  ['two buttons with one key', card({ button_list: Array(2).fill({ text: 'x', key: 'x' }) }), 40058],
  ['buttons without task_id', card({ task_id: undefined }), 40058],
  ['a task_id with a space', card({ task_id: 'a b' }), 47001],
  [
    'a title of more than 128 bytes',
    { msgtype: 'textcard', textcard: { title: 'x'.repeat(129), description: 'x', url: 'https://x' } },
    45002,
  ],
  ['a file that nobody uploaded', { msgtype: 'file', file: { media_id: 'x' } }, 40007],
])('refuses %s', async (_, message, errcode) => {
  expect(await sends(message)).toMatchObject({ errcode });
  expect(zhang.phone.items).toEqual([]);
});

it('refuses a task_id that was used before, and an address that is not on its list', async () => {
  await sends(card());
  expect(await sends(card())).toMatchObject({ errcode: 40058 });
  app.client.trusted = false;
  expect(await sends(text('x'))).toMatchObject({ errcode: 60020 });
});
