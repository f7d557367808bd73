import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agencyAccount } from './example-accounts.ts';
import { type Follower, type OfficialAccount, startWeChat, type WeChat } from './index.ts';
import { ScriptedCallback } from './scripted-callback.ts';

const hour = 3600_000;

let wx: WeChat;
let bot: ScriptedCallback;
let oa: OfficialAccount;
let user: Follower;

interface Body {
  errcode?: number;
  errmsg?: string;
  access_token?: string;
  expires_in?: number;
  media_id?: string;
}

beforeEach(async () => {
  bot = new ScriptedCallback();
  wx = await startWeChat();
  oa = wx.officialAccount({ ...agencyAccount, callback: await bot.start() });
  user = oa.user('oUser1');
});
afterEach(async () => {
  await wx.stop();
  await bot.stop();
});

async function get(path: string, query: Record<string, string>): Promise<Body> {
  return (await (await fetch(`${wx.origin}${path}?${new URLSearchParams(query)}`)).json()) as Body;
}

async function post(path: string, body: object, token?: string): Promise<Body> {
  const query = token === undefined ? '' : `?access_token=${token}`;
  return (await (await fetch(`${wx.origin}${path}${query}`, { method: 'POST', body: JSON.stringify(body) })).json()) as Body;
}

const stable = async (extra = {}) => {
  const { appId: appid, secret } = agencyAccount;
  return post('/cgi-bin/stable_token', { grant_type: 'client_credential', appid, secret, ...extra });
};
const plain = () => get('/cgi-bin/token', { grant_type: 'client_credential', appid: agencyAccount.appId, secret: agencyAccount.secret });
const isGood = async (token = '') => (await get('/cgi-bin/getcallbackip', { access_token: token })).errcode;

describe('tokens', () => {
  it('stable_token gives the same until five minutes before its end, with what is left of its time', async () => {
    const { access_token: first = '', expires_in } = await stable();
    expect([first.length, expires_in]).toEqual([512, 7200]);
    await wx.advance(hour);
    expect(await stable()).toMatchObject({ access_token: first, expires_in: 3600 });
    await wx.advance(hour - 299_000);
    const { access_token: second = '' } = await stable();
    expect(second).not.toBe(first);
    expect([await isGood(first), await isGood(second)]).toEqual([0, 0]);
    await wx.advance(300_000);
    expect(await isGood(first)).toBe(42001);
  });

  it('token gives another each time; the one before is good for five minutes', async () => {
    const first = await plain();
    const second = await plain();
    expect(await isGood(first.access_token)).toBe(0);
    await wx.advance(300_000);
    expect([await isGood(first.access_token), await isGood(second.access_token)]).toEqual([42001, 0]);
  });

  it('to ask both is complained of', async () => {
    await plain();
    await stable();
    expect(wx.journal.complaints).toEqual(['wxb11529c136998cb6 asks both token and stable_token for tokens']);
  });

  it('force_refresh kills the one before, once in 30 s and 20 times a day', async () => {
    const first = await stable();
    const second = await stable({ force_refresh: true });
    expect([await isGood(first.access_token), await isGood(second.access_token)]).toEqual([40001, 0]);
    expect(await stable({ force_refresh: true })).toMatchObject({ errcode: 45011 });
    for (let count = 2; count <= 20; count++) {
      await wx.advance(30_000);
      expect(await stable({ force_refresh: true })).toHaveProperty('access_token');
    }
    await wx.advance(30_000);
    expect(await stable({ force_refresh: true })).toMatchObject({ errcode: 45009 });
  });

  it('that expire, are revoked, or change silently', async () => {
    const first = await stable();
    wx.tokens.expireNow(oa.client);
    expect(await isGood(first.access_token)).toBe(42001);
    const second = await stable();
    wx.tokens.revoke(oa.client);
    expect([await isGood(second.access_token), (await stable()).access_token]).toEqual([40001, second.access_token]);
    const third = await stable({ force_refresh: true });
    wx.tokens.rotateSilently(oa.client);
    const fourth = await stable();
    expect([await isGood(third.access_token), await isGood(fourth.access_token)]).toEqual([40001, 0]);
  });

  it.each([
    ['an unknown account', { appid: 'wx0', grant_type: '' }, 40013],
    ['a wrong secret', { secret: 'x' }, 40125],
    ['a wrong grant', { grant_type: 'x' }, 40002],
    ['a field that does not exist', { appId: 'x' }, 47001],
  ])('are refused for %s', async (_, extra, errcode) => {
    const { errcode: code, errmsg } = await stable(extra);
    expect(code).toBe(errcode);
    expect(errmsg).toMatch(/ rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/);
  });

  it('are looked for in the query only', async () => {
    const { access_token = '' } = await stable();
    const response = await fetch(`${wx.origin}/cgi-bin/getcallbackip`, { headers: { authorization: `Bearer ${access_token}` } });
    expect(await response.json()).toMatchObject({ errcode: 41001 });
    expect(wx.journal.complaints).toHaveLength(1);
    expect(await isGood('x'.repeat(512))).toBe(40001);
    oa.client.trusted = false;
    expect(await isGood(access_token)).toBe(40164);
  });
});

describe('custom messages', () => {
  const path = '/cgi-bin/message/custom/send';
  const sends = async (message: object, touser = 'oUser1') =>
    (await post(path, { touser, ...message }, (await stable()).access_token)).errcode;
  const text = (content: string) => ({ msgtype: 'text', text: { content } });
  const menu = (lines: number, more = {}) => ({
    msgtype: 'msgmenu',
    msgmenu: { head_content: '办哪种?', list: Array.from({ length: lines }, (_, at) => ({ id: `m${at}`, content: `第${at}种` })), ...more },
  });
  const news = (more = {}, count = 1) => ({
    msgtype: 'news',
    news: { articles: Array(count).fill({ title: 'T', description: 'D', url: 'https://x/', picurl: 'https://x/p.jpg', ...more }) },
  });

  it('are five within 48 hours of a message, and a new message gives five again', async () => {
    expect(await sends(text('0'))).toBe(45015);
    await user.says('在吗');
    for (const content of ['1', '2', '3', '4', '5']) expect(await sends(text(content))).toBe(0);
    expect(await sends(text('6'))).toBe(45047);
    await user.says('还在吗');
    await wx.advance(48 * hour - 1000);
    expect(await sends(text('7'))).toBe(0);
    await wx.advance(1000);
    expect(await sends(text('8'))).toBe(45015);
    expect(user.phone.words).toEqual(['1', '2', '3', '4', '5', '7']);
  });

  it('are three within a minute of a follow, a tap on the own menu, or a scan', async () => {
    const stranger = oa.user('oStranger', { following: false });
    expect(await sends(text('0'), 'oStranger')).toBe(43004);
    for (const act of [() => stranger.follows(), () => stranger.clicks('HELP'), () => stranger.scans('7')]) {
      await act();
      for (const content of ['1', '2', '3']) expect(await sends(text(content), 'oStranger')).toBe(0);
      expect(await sends(text('4'), 'oStranger')).toBe(45047);
    }
    await stranger.clicks('HELP');
    await wx.advance(60_000);
    expect(await sends(text('5'), 'oStranger')).toBe(45015);
  });

  it('do not add up from a message and a tap', async () => {
    await user.says('在吗');
    await user.clicks('HELP');
    for (const content of ['1', '2', '3', '4', '5']) expect(await sends(text(content))).toBe(0);
    expect(await sends(text('6'))).toBe(45047);
  });

  it.each([
    ['menu', 3],
    ['message', 5],
  ] as const)('after a tap on a line count as after a %s where the switch says so', async (msgmenuTapGrant, count) => {
    oa.switches.msgmenuTapGrant = msgmenuTapGrant;
    await user.says('在吗');
    expect(await sends(menu(3))).toBe(0);
    await wx.advance(48 * hour);
    await user.taps('第1种');
    expect(user.grants.left).toBe(count);
    const message = wx.journal.pushes('oUser1').at(-1)?.message ?? [];
    expect(message.slice(-3).map(([name, value]) => (name === 'MsgId' ? name : value))).toEqual(['第1种', 'MsgId', 'm1']);
  });

  it('add up where the switch says so', async () => {
    oa.switches.grantsAdd = true;
    await user.says('1');
    await user.says('2');
    expect(user.grants.left).toBe(10);
  });

  it('reach nobody who is unknown, gone, or does not want them', async () => {
    expect(await sends(text('1'), 'oNobody')).toBe(40003);
    await user.says('在吗');
    user.refuses = true;
    expect(await sends(text('1'))).toBe(48002);
    user.refuses = false;
    user.blacklisted = true;
    expect(await sends(text('1'))).toBe(43019);
    user.blacklisted = false;
    await user.unfollows();
    expect(await sends(text('1'))).toBe(45015);
    expect(() => user.says('在吗')).toThrow('does not follow');
  });

  it.each<[string, object, number]>([
    ['an empty text', text(' '), 44004],
    ['a text of 2,049 bytes', text('备'.repeat(683)), 45002],
    ['a control character', text('a\u001d'), 40033],
    ['half an emoji', text('\ud83d'), 40033],
    ['two articles', news({}, 2), 45008],
    ['a long title', news({ title: 'x'.repeat(65) }), 45003],
    ['a long description', news({ description: 'x'.repeat(121) }), 45004],
    ['no address', news({ url: 'x' }), 45005],
    ['an unknown picture', { msgtype: 'image', image: { media_id: 'x' } }, 40007],
    ['eleven lines', menu(11), 47001],
    ['no head', menu(1, { head_content: '' }), 44004],
    [
      'two lines with one id',
      { msgtype: 'msgmenu', msgmenu: { head_content: 'x', list: Array(2).fill({ id: 'a', content: 'b' }) } },
      47001,
    ],
    ['an unknown type', { msgtype: 'markdown', markdown: { content: 'x' } }, 47001],
    ['an unknown field', { ...text('x'), msgid: 'x' }, 47001],
  ])('are refused with %s', async (_, message, errcode) => {
    await user.says('在吗');
    expect(await sends(message)).toBe(errcode);
    expect(user.phone.items).toEqual([]);
  });

  it('need a certified account, and menus more than a sandbox', async () => {
    const callback = oa.account.callback;
    const others = { ...agencyAccount, callback, ghId: 'gh_other' };
    const sandbox = wx.officialAccount({ ...others, appId: 'wxsandbox', sandbox: true, certified: false });
    wx.officialAccount({ ...others, appId: 'wxplain', certified: false });
    const tokenOf = async (appid: string) => (await stable({ appid })).access_token;
    await sandbox.user('oUser1').says('在吗');
    expect(await post(path, { touser: 'oUser1', ...menu(2) }, await tokenOf('wxsandbox'))).toMatchObject({ errcode: 40200 });
    expect(await post(path, { touser: 'oUser1', ...text('在') }, await tokenOf('wxsandbox'))).toMatchObject({ errcode: 0 });
    expect(await post(path, { touser: 'oUser1', ...text('在') }, await tokenOf('wxplain'))).toMatchObject({ errcode: 48001 });
  });

  it('have quotas by minute and by day', async () => {
    Object.assign(oa.quotas, { sendsPerMinute: 1, sendsPerDay: 2 });
    await user.says('在吗');
    expect([await sends(text('1')), await sends(text('2'))]).toEqual([0, 45011]);
    await wx.advance(60_000);
    expect(await sends(text('3'))).toBe(0);
    await wx.advance(60_000);
    expect(await sends(text('4'))).toBe(45009);
  });

  it('show the typing line for 15 s, once, and soon after the person did something', async () => {
    const types = async (command = 'Typing') =>
      (await post('/cgi-bin/message/custom/typing', { touser: 'oUser1', command }, (await stable()).access_token)).errcode;
    expect(await types()).toBe(45080);
    await user.says('在吗');
    expect([await types('typing'), await types(), await types(), user.seesTyping]).toEqual([45072, 0, 45081, true]);
    await sends(text('在'));
    expect(user.seesTyping).toBe(false);
    await wx.advance(31_000);
    expect(await types()).toBe(45080);
  });
});

it('sends a template once for each id of the client', async () => {
  oa.templates.add('T1');
  const { access_token } = await stable();
  const template = { touser: 'oUser1', template_id: 'T1', client_msg_id: 'a', data: { 订单: { value: '已通过' } } };
  const sent = await post('/cgi-bin/message/template/send', template, access_token);
  expect(await post('/cgi-bin/message/template/send', template, access_token)).toEqual(sent);
  expect(user.phone.words).toEqual(['订单: 已通过']);
  expect(await post('/cgi-bin/message/template/send', { ...template, template_id: 'T2' }, access_token)).toMatchObject({ errcode: 40037 });
});

describe('media', () => {
  async function uploads(name: string, bytes: Uint8Array<ArrayBuffer>, type = 'image'): Promise<Body> {
    const form = new FormData();
    form.set('media', new Blob([bytes]), name);
    const { access_token } = await stable();
    const response = await fetch(`${wx.origin}/cgi-bin/media/upload?type=${type}&access_token=${access_token}`, {
      method: 'POST',
      body: form,
    });
    return (await response.json()) as Body;
  }
  const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 1, 2, 3);

  it('are kept for three days and shown', async () => {
    const { media_id = '' } = await uploads('a.png', png);
    const { access_token = '' } = await stable();
    const download = async () => fetch(`${wx.origin}/cgi-bin/media/get?media_id=${media_id}&access_token=${(await stable()).access_token}`);
    const response = await download();
    expect([response.headers.get('content-type'), await response.bytes()]).toEqual(['image/png', png]);
    await user.says('图');
    await post('/cgi-bin/message/custom/send', { touser: 'oUser1', msgtype: 'image', image: { media_id } }, access_token);
    expect(user.phone.items).toMatchObject([{ kind: 'image', bytes: png }]);
    await wx.advance(72 * hour);
    expect(await (await download()).json()).toMatchObject({ errcode: 40007 });
  });

  it('of people are to be had by their id and by the address of the picture', async () => {
    await user.sendsPicture(png, 'image/png');
    const fields = new Map(wx.journal.pushes()[0]?.message.map(([name, value]) => [name, String(value)]));
    expect(await (await fetch(fields.get('PicUrl') ?? '')).bytes()).toEqual(png);
  });

  it.each<[string, string, Uint8Array<ArrayBuffer>, string, number]>([
    ['nothing', 'a.png', new Uint8Array(), 'image', 44001],
    ['a name without a type', 'a', png, 'image', 40005],
    ['something else than a picture', 'a.png', Uint8Array.of(1), 'image', 40009],
    ['an unknown kind', 'a.pdf', png, 'file', 40004],
    ['a thumb of more than 64 KB', 'a.jpg', new Uint8Array(65_537), 'thumb', 40006],
  ])('are refused: %s', async (_, name, bytes, type, errcode) => {
    expect(await uploads(name, bytes, type)).toMatchObject({ errcode });
  });
});

describe('faults', () => {
  const path = '/cgi-bin/message/custom/send';
  const message = { touser: 'oUser1', msgtype: 'text', text: { content: '在' } };

  it.each([
    ['reset-before', 0],
    ['reset-after', 1],
    ['truncated', 1],
    ['bad-gateway', 0],
    ['html-after', 1],
    ['error-500', 0],
  ] as const)('%s: the second call only, and the message is shown %d times', async (action, shown) => {
    const { access_token } = await stable();
    await user.says('在吗');
    await post(path, message, access_token);
    wx.fault({ path, nth: 1, action });
    await expect(post(path, message, access_token)).rejects.toThrow();
    expect(user.phone.items).toHaveLength(1 + shown);
    expect(await post(path, message, access_token)).toMatchObject({ errcode: 0 });
    expect(wx.journal.calls(path).map(({ fault }) => fault)).toEqual([undefined, action, undefined]);
  });

  it('answer with codes, and let tokens expire', async () => {
    const { access_token } = await stable();
    await user.says('在吗');
    wx.fault({ path, nth: 2, times: 2, action: { errcode: -1 } });
    const codes = [];
    for (const _ of [1, 2, 3, 4]) codes.push((await post(path, message, access_token)).errcode);
    expect(codes).toEqual([0, -1, -1, 0]);
    wx.fault({ path, action: 'token-expires' });
    expect(await post(path, message, access_token)).toMatchObject({ errcode: 42001 });
  });

  it('are the same weather for the same seed', async () => {
    const walk = async () => {
      const world = await startWeChat({ seed: 7 });
      world.weather({ share: 0.3 });
      const struck = Array.from({ length: 40 }, () => world.faults.strike('/x'));
      await world.stop();
      return struck;
    };
    const struck = await walk();
    expect(await walk()).toEqual(struck);
    expect(struck.filter(Boolean).length).toBeGreaterThan(5);
  });
});
