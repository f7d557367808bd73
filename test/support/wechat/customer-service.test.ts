import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agencyCustomerService } from './example-accounts.ts';
import { type CustomerService, type KfCustomer, startWeChat, type WeChat } from './index.ts';
import type { KfItem } from './kf-log.ts';
import { ScriptedCallback } from './scripted-callback.ts';

const { corpId, secret, openKfId: open_kfid } = agencyCustomerService;
const hour = 3600_000;

let wx: WeChat;
let bot: ScriptedCallback;
let kf: CustomerService;
let wang: KfCustomer;

interface Body {
  errcode: number;
  access_token?: string;
  msg_list?: KfItem[];
  next_cursor?: string;
  has_more?: number;
  msgid?: string;
  msg_code?: string;
  service_state?: number;
  servicer_userid?: string;
}

beforeEach(async () => {
  bot = new ScriptedCallback();
  wx = await startWeChat();
  kf = wx.customerService({ ...agencyCustomerService, callback: await bot.start() });
  wang = kf.customer('wmWang');
});
afterEach(async () => {
  await wx.stop();
  await bot.stop();
});

async function post(path: string, body: object): Promise<Body> {
  const query = new URLSearchParams({ corpid: corpId, corpsecret: secret });
  const { access_token } = (await (await fetch(`${wx.origin}/cgi-bin/gettoken?${query}`)).json()) as Body;
  const response = await fetch(`${wx.origin}/cgi-bin/kf/${path}?access_token=${access_token}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  return (await response.json()) as Body;
}

const pulls = (more = {}) => post('sync_msg', { open_kfid, ...more });
const sends = (message: object) => post('send_msg', { touser: 'wmWang', open_kfid, ...message });
const text = (content: string) => ({ msgtype: 'text', text: { content } });
const moves = (service_state: number, more = {}) =>
  post('service_state/trans', { open_kfid, external_userid: 'wmWang', service_state, ...more });
const answers = (code: string | undefined, message: object) => post('send_msg_on_event', { code, ...message });

const bells = () => wx.journal.pushes().map(({ message }) => new Map(message));
const lastBellToken = () => bells().at(-1)?.get('Token');
const contents = ({ msg_list = [] }: Body) =>
  msg_list.map(({ text, event }) => (text as { content: string })?.content ?? (event as { event_type: string }).event_type);

/** The newest on the log, which is an event. */
async function lastEvent(): Promise<{ welcome_code?: string; msg_code?: string }> {
  const newest = (await pulls({ token: lastBellToken() })).msg_list?.at(-1);
  return newest?.event as { welcome_code?: string; msg_code?: string };
}

describe('the bell', () => {
  it('carries no message, and rings once for what happens at once', async () => {
    await Promise.all([wang.says('一'), wang.says('二')]);
    expect(bells().map((bell) => [bell.get('Event'), bell.get('OpenKfId'), bell.has('FromUserName')])).toEqual([
      ['kf_msg_or_event', open_kfid, false],
    ]);
    expect(contents(await pulls({ token: lastBellToken() }))).toEqual(['一', '二']);
  });

  it('gets lost, and rings twice', async () => {
    kf.lostBells = 1;
    kf.doubledBells = 1;
    expect((await wang.says('一')).bell).toBeUndefined();
    expect((await wang.says('二')).bell).toMatchObject({ outcome: 'ok-empty' });
    expect(bells()).toHaveLength(2);
    expect(contents(await pulls())).toEqual(['一', '二']);
  });
});

describe('the log', () => {
  it('goes on from a cursor, in pages', async () => {
    for (const content of ['一', '二', '三', '四', '五']) await wang.says(content);
    kf.log.pageSize = 2;
    const first = await pulls({ limit: 1000 });
    expect([contents(first), first.has_more]).toEqual([['一', '二'], 1]);
    const second = await pulls({ cursor: first.next_cursor });
    const third = await pulls({ cursor: second.next_cursor });
    expect([contents(second), contents(third), third.has_more]).toEqual([['三', '四'], ['五'], 0]);
    expect(contents(await pulls({ cursor: third.next_cursor, token: lastBellToken() }))).toEqual([]);
    expect(Buffer.byteLength(third.next_cursor ?? '')).toBeLessThanOrEqual(64);
    expect(await pulls({ cursor: 'x', token: lastBellToken() })).toMatchObject({ errcode: 40058 });
  });

  it('has empty pages before others, and old events again', async () => {
    await wang.enters();
    await wang.says('一');
    kf.log.emptyPages = 1;
    const empty = await pulls();
    expect([contents(empty), empty.has_more]).toEqual([[], 1]);
    const page = await pulls({ cursor: empty.next_cursor });
    expect(contents(page)).toEqual(['enter_session', '一']);
    kf.log.repeatsEvents = true;
    expect(contents(await pulls({ cursor: page.next_cursor }))).toEqual(['enter_session']);
  });

  it('without a cursor gives three days', async () => {
    await wang.says('一');
    await wx.advance(72 * hour);
    await wang.says('二');
    expect(contents(await pulls())).toEqual(['二']);
  });

  it('is given freely for the token of a bell for ten minutes, else five times in a minute', async () => {
    await wang.says('一');
    const token = lastBellToken();
    for (let count = 0; count < 8; count++) expect(await pulls({ token })).toMatchObject({ errcode: 0 });
    await wx.advance(600_000);
    for (let count = 0; count < 5; count++) expect(await pulls({ token })).toMatchObject({ errcode: 0 });
    expect(await pulls({ token })).toMatchObject({ errcode: 45009 });
    await wx.advance(60_000);
    expect(await pulls()).toMatchObject({ errcode: 0 });
  });

  it('wants to know the account', async () => {
    expect(await post('sync_msg', {})).toMatchObject({ errcode: 47001 });
    expect(await pulls({ open_kfid: 'x' })).toMatchObject({ errcode: 95000 });
    expect(await pulls({ open_kfid: 'wkOther' })).toMatchObject({ errcode: 95004 });
  });

  it('has what people write and what is taken back, but not what the API sent', async () => {
    const { msgid } = await wang.says('密码是 123');
    await wang.recalls(msgid);
    await sends(text('在'));
    await moves(3, { servicer_userid: 'zhang' });
    await kf.agent('zhang').writes(wang, '您好');
    const { msg_list = [] } = await pulls();
    expect(msg_list.map(({ origin, msgtype }) => [origin, msgtype])).toEqual([
      [3, 'text'],
      [4, 'event'],
      [5, 'text'],
    ]);
    expect(msg_list[1]).toMatchObject({ event: { event_type: 'user_recall_msg', recall_msgid: msgid, external_userid: 'wmWang' } });
    expect(msg_list[2]).toMatchObject({ servicer_userid: 'zhang', text: { content: '您好' } });
    expect(wang.phone.words).toEqual(['在', '您好']);
  });

  it('dates what was said before', async () => {
    await wang.saidBefore('昨天的', 86_400);
    const [{ send_time } = { send_time: 0 }] = (await pulls()).msg_list ?? [];
    expect(Date.now() / 1000 - send_time).toBeGreaterThan(86_390);
  });
});

describe('messages', () => {
  it('are five for each of the customer, within 48 hours', async () => {
    expect(await sends(text('0'))).toMatchObject({ errcode: 95002 });
    await wang.says('在吗');
    for (const content of ['1', '2', '3', '4', '5']) expect(await sends(text(content))).toMatchObject({ errcode: 0 });
    expect(await sends(text('6'))).toMatchObject({ errcode: 95001 });
    await wang.says('还在吗');
    expect(await sends(text('7'))).toMatchObject({ errcode: 0 });
    await wx.advance(48 * hour);
    expect(await sends(text('8'))).toMatchObject({ errcode: 95002 });
  });

  it('have ids that can be used once', async () => {
    await wang.says('在吗');
    expect(await sends({ msgid: 'turn-1_0', ...text('在') })).toMatchObject({ errcode: 0, msgid: 'turn-1_0' });
    expect(await sends({ msgid: 'turn-1_0', ...text('在') })).toMatchObject({ errcode: 40058 });
    expect(await sends({ msgid: '', ...text('在') })).toMatchObject({ errcode: 47001 });
    expect(wang.phone.words).toEqual(['在']);
  });

  it('keep an id free that was refused', async () => {
    expect(await sends({ msgid: 'a', ...text('在') })).toMatchObject({ errcode: 95002 });
    await wang.says('在吗');
    expect(await sends({ msgid: 'a', ...text('在') })).toMatchObject({ errcode: 0 });
  });

  it('are accepted and fail later', async () => {
    await wang.says('在吗');
    kf.failures.push(10);
    expect(await sends({ msgid: 'a', ...text('在') })).toMatchObject({ errcode: 0 });
    expect(wang.phone.items).toEqual([]);
    expect((await pulls()).msg_list?.at(-1)).toMatchObject({ event: { event_type: 'msg_send_fail', fail_msgid: 'a', fail_type: 10 } });
  });

  it('have lines to tap', async () => {
    await wang.says('怎么备案');
    const list = [
      { type: 'click', click: { id: 'm1', content: '首次备案' } },
      { type: 'view', view: { url: 'https://beian.miit.gov.cn', content: '官网' } },
    ];
    expect(await sends({ msgtype: 'msgmenu', msgmenu: { head_content: '办哪种?', list } })).toMatchObject({ errcode: 0 });
    await wang.taps('首次备案');
    expect((await pulls()).msg_list?.at(-1)).toMatchObject({ text: { content: '首次备案', menu_id: 'm1' } });
    expect(() => wang.taps('官网')).toThrow('no line');
  });

  it.each<[string, object, number]>([
    ['a text of 2,049 bytes', text('备'.repeat(683)), 45002],
    ['eleven lines', { msgtype: 'msgmenu', msgmenu: { list: Array(11).fill({ type: 'click', click: { id: 'a', content: 'b' } }) } }, 47001],
    [
      'a line of 129 bytes',
      { msgtype: 'msgmenu', msgmenu: { list: [{ type: 'click', click: { id: 'a', content: 'b'.repeat(129) } }] } },
      45002,
    ],
    [
      'an id of 65 characters',
      { msgtype: 'msgmenu', msgmenu: { list: [{ type: 'click', click: { id: 'a'.repeat(65), content: 'b' } }] } },
      47001,
    ],
    ['a page without a scheme', { msgtype: 'msgmenu', msgmenu: { list: [{ type: 'view', view: { url: 'x.cn', content: 'b' } }] } }, 40058],
    ['a link without a picture', { msgtype: 'link', link: { title: 'x', url: 'https://x', thumb_media_id: 'x' } }, 40007],
    ['an unknown customer', { touser: 'wmNobody', ...text('x') }, 40096],
  ])('are refused with %s', async (_, message, errcode) => {
    await wang.says('在吗');
    expect(await sends(message)).toMatchObject({ errcode });
    expect(wang.phone.items).toEqual([]);
  });
});

describe('a greeting', () => {
  const welcomeCode = async () => (await lastEvent()).welcome_code;

  it('is said once, within 20 s, and not to whom was greeted or wrote', async () => {
    await wang.enters({ scene: 'site' });
    const code = await welcomeCode();
    await wx.advance(19_000);
    expect(await answers(code, text('您好'))).toMatchObject({ errcode: 0 });
    expect(await answers(code, text('您好'))).toMatchObject({ errcode: 40058 });
    await wang.enters();
    expect(await welcomeCode()).toBeUndefined();
    await wx.advance(48 * hour);
    await wang.enters();
    const late = await welcomeCode();
    await wx.advance(21_000);
    expect(await answers(late, text('您好'))).toMatchObject({ errcode: 40058 });
    expect(wang.phone.words).toEqual(['您好']);
  });
});

describe('a session', () => {
  it('goes from the bot to the pool, to a person, to its end, and begins anew', async () => {
    const { session } = wang;
    await wang.says('转人工');
    expect(session.state).toBe(0);
    await sends(text('好的'));
    expect(session.state).toBe(1);
    const { msg_code } = await moves(2);
    expect(await answers(msg_code, { msgtype: 'msgmenu', msgmenu: { list: [{ type: 'text', text: { content: 'x' } }] } })).toMatchObject({
      errcode: 40058,
    });
    expect(await answers(msg_code, text('排队中'))).toMatchObject({ errcode: 0 });
    expect(await sends(text('还在'))).toMatchObject({ errcode: 95018 });
    await kf.agent('zhang').accepts(wang);
    expect(await lastEvent()).toMatchObject({ change_type: 1, new_servicer_userid: 'zhang' });
    await kf.agent('zhang').transfers(wang, kf.agent('li'));
    expect(await lastEvent()).toMatchObject({ change_type: 2, old_servicer_userid: 'zhang', new_servicer_userid: 'li' });
    expect(await post('service_state/get', { open_kfid, external_userid: 'wmWang' })).toMatchObject({
      service_state: 3,
      servicer_userid: 'li',
    });
    await kf.agent('li').ends(wang);
    const ended = await lastEvent();
    expect(ended).toMatchObject({ change_type: 3 });
    expect(await sends(text('还在'))).toMatchObject({ errcode: 95013 });
    expect(await answers(ended.msg_code, text('请评价'))).toMatchObject({ errcode: 0 });
    await wang.says('又来了');
    expect([session.state, (await sends(text('在'))).errcode, wang.phone.words]).toEqual([0, 0, ['好的', '排队中', '请评价', '在']]);
  });

  it('is resumed by a person who writes after its end', async () => {
    await wang.says('在吗');
    await moves(3, { servicer_userid: 'zhang' });
    await kf.agent('zhang').ends(wang);
    await kf.agent('zhang').writes(wang, '还有一事');
    expect(wang.session.state).toBe(3);
    expect((await pulls()).msg_list?.slice(-2)).toMatchObject([{ event: { change_type: 4 } }, { origin: 5 }]);
  });

  it.each([
    ['0 to 1', [], 1, 0],
    ['0 to the end', [], 4, 95016],
    ['1 back to 0', [1], 0, 95016],
    ['2 to 1', [2], 1, 95016],
    ['3 to the pool', [3], 2, 95016],
    ['3 to the end', [3], 4, 0],
  ])('moves by the table: %s', async (_, before, to, errcode) => {
    await wang.says('在吗');
    for (const state of before) await moves(state, { servicer_userid: 'zhang' });
    expect(await moves(to)).toMatchObject({ errcode });
  });

  it('may be ended at once where the switch says so', async () => {
    kf.switches.directEnd = true;
    await wang.says('再见');
    expect(await moves(4)).toMatchObject({ errcode: 0 });
  });

  it('goes only to people who are there', async () => {
    await wang.says('转人工');
    expect(await moves(3)).toMatchObject({ errcode: 40003 });
    await kf.agent('zhang').goesOff();
    kf.agent('li').activated = false;
    expect(await moves(3, { servicer_userid: 'zhang' })).toMatchObject({ errcode: 95014 });
    expect(await moves(3, { servicer_userid: 'li' })).toMatchObject({ errcode: 95014 });
    const query = new URLSearchParams({ corpid: corpId, corpsecret: secret });
    const { access_token } = (await (await fetch(`${wx.origin}/cgi-bin/gettoken?${query}`)).json()) as Body;
    const list = await fetch(`${wx.origin}/cgi-bin/kf/servicer/list?access_token=${access_token}&open_kfid=${open_kfid}`);
    expect(await list.json()).toMatchObject({
      servicer_list: [
        { userid: 'zhang', status: 1 },
        { userid: 'li', status: 0 },
      ],
    });
  });

  it('ends by itself after 48 hours', async () => {
    await wang.says('在吗');
    await moves(2);
    await wx.advance(48 * hour);
    expect(wang.session.state).toBe(4);
  });
});
