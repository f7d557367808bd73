import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Mode } from './callback.ts';
import { open, seal, sign } from './crypto.ts';
import { agencyAccount } from './example-accounts.ts';
import { type Follower, type OfficialAccount, startWeChat, type WeChat } from './index.ts';
import { type Scripted, ScriptedCallback } from './scripted-callback.ts';
import { readXml, writeXml } from './xml.ts';

const errorLine = '该公众号提供的服务出现故障，请稍后再试';

let wx: WeChat;
let bot: ScriptedCallback;
let callback: URL;
let oa: OfficialAccount;
let user: Follower;

beforeEach(async () => {
  bot = new ScriptedCallback();
  callback = await bot.start();
  wx = await startWeChat({ spacingScale: 1 / 1000 });
  begin('plaintext');
});
afterEach(async () => {
  await wx.stop();
  await bot.stop();
});

function begin(mode: Mode): void {
  oa = wx.officialAccount({ ...agencyAccount, ghId: `gh_${mode}`, mode, callback });
  user = oa.user('oUser1');
}

/** Nothing, until WeChat gives up waiting: its five seconds are over as soon as the push is there. */
const tooLate = (): Scripted => {
  setImmediate(() => wx.advance(5000));
  return 'never';
};

const outcomes = () => wx.journal.pushes().map(({ outcome }) => outcome);

function reply(content: string, { to = 'oUser1', from = oa.account.toUserName, createTime = '1790000000' } = {}): string {
  const header = `<ToUserName><![CDATA[${to}]]></ToUserName><FromUserName><![CDATA[${from}]]></FromUserName>`;
  return `<xml>${header}<CreateTime>${createTime}</CreateTime>${content}</xml>`;
}
const text = (content: string) => `<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${content}]]></Content>`;

async function sealed(
  message: string,
  { timestamp = '1790000000', receiveId = agencyAccount.appId, signature = '', key = agencyAccount.aesKey } = {},
) {
  const encrypt = await seal(message, key, receiveId, Buffer.from('0123456789abcdef'));
  const right = await sign(agencyAccount.token, timestamp, '1', encrypt);
  const head = `<xml><Encrypt><![CDATA[${encrypt}]]></Encrypt><MsgSignature><![CDATA[${signature || right}]]></MsgSignature>`;
  return `${head}<TimeStamp>${timestamp}</TimeStamp><Nonce><![CDATA[1]]></Nonce></xml>`;
}

describe('a push', () => {
  it('carries a message in the order of its fields, signed', async () => {
    await user.says('备案密码忘了怎么办 ]]>');
    const [{ url, headers, body } = { url: callback, headers: {}, body: '' }] = bot.received;
    expect(headers['content-type']).toBe('text/xml');
    const [signature, timestamp, nonce] = ['signature', 'timestamp', 'nonce'].map((name) => url.searchParams.get(name) ?? '');
    expect(signature).toBe(await sign(agencyAccount.token, timestamp ?? '', nonce ?? ''));
    expect(Math.abs(Number(timestamp) - Date.now() / 1000)).toBeLessThan(5);
    expect(url.searchParams.get('openid')).toBe('oUser1');
    expect(readXml(body).children.map(({ name }) => name)).toEqual([
      'ToUserName',
      'FromUserName',
      'CreateTime',
      'MsgType',
      'Content',
      'MsgId',
    ]);
    expect(readXml(body).children[4]?.text).toBe('备案密码忘了怎么办 ]]>');
  });

  it('is encrypted for an account in secure mode, and has both copies in compatible mode', async () => {
    for (const mode of ['secure', 'compatible'] as const) {
      begin(mode);
      await user.says('在吗');
      const { url, body } = bot.received.at(-1) ?? { url: callback, body: '' };
      const fields = Object.fromEntries(readXml(body).children.map(({ name, text }) => [name, text]));
      expect(Object.keys(fields)).toHaveLength(mode === 'secure' ? 2 : 7);
      const { message, receiveId } = await open(fields.Encrypt ?? '', agencyAccount.aesKey);
      expect(receiveId).toBe(agencyAccount.appId);
      expect(message).toContain('<Content><![CDATA[在吗]]></Content>');
      const [timestamp = '', nonce = ''] = ['timestamp', 'nonce'].map((name) => url.searchParams.get(name) ?? '');
      expect(url.searchParams.get('msg_signature')).toBe(await sign(agencyAccount.token, timestamp, nonce, fields.Encrypt ?? ''));
      expect(url.searchParams.get('encrypt_type')).toBe('aes');
    }
  });

  it.each([['success'], ['']])('is done with the answer %j', async (body) => {
    bot.answer = () => ({ body });
    expect(await user.says('在吗')).toMatchObject({ outcome: 'ok-empty', attempts: 1 });
    expect(user.phone.items).toEqual([]);
  });

  it('is repeated twice while nobody answers, with the same id and a signature of its own', async () => {
    bot.answer = tooLate;
    expect(await user.says('在吗')).toMatchObject({ outcome: 'timeout', attempts: 3 });
    expect(user.phone.words).toEqual([errorLine]);
    expect(new Set(bot.received.map(({ body }) => body)).size).toBe(1);
    expect(new Set(bot.received.map(({ url }) => url.searchParams.get('signature'))).size).toBe(3);
  });

  it('is repeated a third time, all with one signature, where the switches say so', async () => {
    Object.assign(wx.pusher.switches, { attempts: 4, resign: false });
    bot.answer = () => 'reset';
    expect(await user.says('在吗')).toMatchObject({ outcome: 'refused', attempts: 4 });
    expect(new Set(bot.received.map(({ url }) => url.href)).size).toBe(1);
  });

  it('is answered by the first legal answer, and a failure before it is not seen', async () => {
    bot.answer = (_, nth) => (nth === 1 ? { status: 500 } : nth === 2 ? tooLate() : { body: reply(text('在')) });
    expect(await user.says('在吗')).toMatchObject({ outcome: 'ok-reply', attempts: 3 });
    expect(outcomes()).toEqual(['refused', 'timeout', 'ok-reply']);
    expect(user.phone.words).toEqual(['在']);
  });

  it('comes again where its answer was lost, or twice at once', async () => {
    await user.says('在吗', { firstAnswerLost: true });
    await user.says('在吗', { twice: true });
    expect(outcomes()).toEqual(['timeout', 'ok-empty', 'ok-empty', 'ok-empty']);
    expect(new Set(bot.received.slice(2).map(({ body }) => body)).size).toBe(1);
  });

  it('is answered once, however often it came', async () => {
    bot.answer = () => ({ body: reply(text('在')) });
    const said = await user.says('在吗', { twice: true });
    await said.again();
    expect(outcomes().toSorted()).toEqual(['late', 'late', 'ok-reply']);
    expect(user.phone.words).toEqual(['在']);
  });

  it('comes again long after, when a test wants it', async () => {
    const said = await user.says('在吗');
    await wx.advance(600_000);
    expect(await said.again()).toMatchObject({ outcome: 'ok-empty' });
    expect(bot.received[0]?.body).toBe(bot.received[1]?.body);
  });

  it('notes an answer that came late, and shows it only where the switch says so', async () => {
    for (const late of ['discard', 'show'] as const) {
      wx.pusher.switches.late = late;
      const first = bot.received.length + 1;
      const release = new AbortController();
      bot.answer = async (_, nth) => {
        if (nth === first) {
          setImmediate(() => wx.advance(5000));
          await once(release.signal, 'abort');
        }
        return { body: nth === first ? reply(text(late)) : 'success' };
      };
      expect(await user.says('在吗')).toMatchObject({ outcome: 'ok-empty', attempts: 2 });
      release.abort();
      await expect.poll(() => outcomes().filter((outcome) => outcome === 'late')).toHaveLength(late === 'discard' ? 1 : 2);
    }
    await user.phone.sees('show');
    expect(user.phone.words).toEqual(['show']);
  });

  it('stops for a minute after five failures in one', async () => {
    bot.answer = () => 'reset';
    for (const _ of [1, 2, 3, 4, 5]) await user.says('在吗');
    expect(wx.journal.markFails).toHaveLength(1);
    bot.answer = () => ({ body: 'success' });
    expect(await user.says('在吗')).toMatchObject({ outcome: 'dropped', attempts: 0 });
    await wx.advance(60_000);
    expect(await user.says('在吗')).toMatchObject({ outcome: 'ok-empty' });
  });
});

describe('an answer', () => {
  it('is shown with its links', async () => {
    bot.answer = () => ({ body: reply(text('见 <a href="https://beian.miit.gov.cn">官网</a>')) });
    await user.says('在哪里备案');
    expect(user.phone.items[0]).toMatchObject({
      kind: 'text',
      links: [{ text: '官网', url: 'https://beian.miit.gov.cn' }],
      via: 'passive',
    });
  });

  it.each([
    [true, 4],
    [false, 5],
  ])('takes a message of the grant where the switch says so: %s', async (passiveCounts, left) => {
    oa.switches.passiveCounts = passiveCounts;
    bot.answer = () => ({ body: reply(text('在')) });
    await user.says('在吗');
    expect(user.grants.left).toBe(left);
  });

  it('may be news with one article, a picture, or the way to a person', async () => {
    const articles = `<ArticleCount>1</ArticleCount><Articles><item>${['Title', 'Description', 'PicUrl', 'Url'].map((name) => `<${name}>x</${name}>`).join('')}</item></Articles>`;
    const { id } = wx.media.add({ kind: 'image', name: 'a.png', type: 'image/png', bytes: Uint8Array.of(1), owner: agencyAccount.appId });
    bot.answer = () => ({ body: reply(`<MsgType>news</MsgType>${articles}`) });
    await user.says('1');
    bot.answer = () => ({ body: reply(`<MsgType>image</MsgType><Image><MediaId>${id}</MediaId></Image>`) });
    await user.says('2');
    bot.answer = () => ({ body: reply('<MsgType>transfer_customer_service</MsgType>') });
    await user.says('3');
    expect(user.phone.items.map(({ kind }) => kind)).toEqual(['news', 'image']);
    expect(user.transferred).toEqual({});
  });

  it.each<[string, (user: Follower) => { status?: number; headers?: Record<string, string>; body: string | Uint8Array }, string]>([
    ['success in quotes', () => ({ body: '"success"' }), 'neither empty'],
    ['a byte order mark', () => ({ body: `\ufeff${reply(text('a'))}` }), 'byte order mark'],
    ['white space before it', () => ({ body: ` ${reply(text('a'))}` }), 'white space'],
    ['white space behind it', () => ({ body: 'success\n' }), 'white space'],
    ['JSON', () => ({ body: '{"errcode":0}' }), 'neither empty'],
    ['HTML', () => ({ body: '<html></html>' }), 'the root is <html>'],
    ['names that are not swapped', () => ({ body: reply(text('a'), { to: 'gh_plaintext', from: 'oUser1' }) }), 'not the person'],
    ['milliseconds', () => ({ body: reply(text('a'), { createTime: '1790000000000' }) }), 'not in seconds'],
    ['an empty text', () => ({ body: reply(text('')) }), 'empty Content'],
    ['a text of 2,049 bytes', () => ({ body: reply(text(`${'备'.repeat(683)}`)) }), '2049 bytes'],
    ['an unknown type', () => ({ body: reply('<MsgType>markdown</MsgType>') }), 'unknown MsgType'],
    [
      'items without Articles',
      () => ({ body: reply('<MsgType>news</MsgType><ArticleCount>1</ArticleCount><item></item>') }),
      '<item> in <xml>',
    ],
    [
      'a wrong ArticleCount',
      () => ({ body: reply('<MsgType>news</MsgType><ArticleCount>2</ArticleCount><Articles><item></item></Articles>') }),
      'ArticleCount',
    ],
    [
      'a picture that nobody uploaded',
      () => ({ body: reply('<MsgType>image</MsgType><Image><MediaId>x</MediaId></Image>') }),
      'no media x',
    ],
    ['a MediaId outside of Image', () => ({ body: reply('<MsgType>image</MsgType><MediaId>x</MediaId>') }), '<MediaId> in <xml>'],
    ['two Contents', () => ({ body: reply(`${text('a')}<Content>b</Content>`) }), '<Content> twice'],
    ['a section that ends too early', () => ({ body: reply(text('a ]]> b')) }), 'ended too early'],
    ['a control character', () => ({ body: reply(text('\u001d')) }), 'U+001d'],
    ['bytes that are not UTF-8', () => ({ body: Uint8Array.of(0x3c, 0xff) }), 'not valid'],
    ['a redirect', () => ({ status: 302, headers: { location: '/' }, body: '' }), 'redirected'],
    ['a Content-Encoding', () => ({ headers: { 'content-encoding': 'identity' }, body: 'success' }), 'Content-Encoding'],
  ])('is none with %s', async (_, answer, why) => {
    bot.answer = () => answer(user);
    const report = await user.says('在吗');
    expect(report).toMatchObject({ outcome: 'illegal', attempts: 1 });
    expect(report.why).toContain(why);
    expect(user.phone.words).toEqual([errorLine]);
  });

  it('is asked for again where it is none and the switch says so', async () => {
    wx.pusher.switches.retryIllegal = true;
    bot.answer = (_, nth) => ({ body: nth === 1 ? '"success"' : 'success' });
    expect(await user.says('在吗')).toMatchObject({ outcome: 'ok-empty', attempts: 2 });
  });

  describe('in secure mode', () => {
    beforeEach(() => begin('secure'));

    it('is encrypted', async () => {
      bot.answer = async () => ({ body: await sealed(reply(text('在'))) });
      await user.says('在吗');
      expect(user.phone.words).toEqual(['在']);
    });

    it('is encrypted with the key of the request', async () => {
      const aesKey = 'kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR';
      bot.answer = async () => ({ body: await sealed(reply(text('在')), { key: aesKey }) });
      expect(await user.says('在吗')).toMatchObject({ outcome: 'illegal' });
      expect(await user.says('在吗', { aesKey })).toMatchObject({ outcome: 'ok-reply' });
    });

    it.each<[string, () => Promise<string> | string, string]>([
      ['plain', () => reply(text('a')), 'not encrypted'],
      ['with a wrong signature', () => sealed(reply(text('a')), { signature: '0'.repeat(40) }), 'MsgSignature'],
      ['with milliseconds', () => sealed(reply(text('a')), { timestamp: '1790000000000' }), 'TimeStamp'],
      ['for another account', () => sealed(reply(text('a')), { receiveId: 'wx0000000000000000' }), 'the answer is for'],
      ['a word that needs none', () => sealed('success'), '< expected'],
    ])('is none when it is %s', async (_, answer, why) => {
      bot.answer = async () => ({ body: await answer() });
      const report = await user.says('在吗');
      expect(report.outcome).toBe('illegal');
      expect(report.why).toContain(why);
    });
  });

  it('is encrypted or not in compatible mode', async () => {
    begin('compatible');
    bot.answer = async (_, nth) => ({ body: nth === 1 ? reply(text('一')) : await sealed(reply(text('二'))) });
    await user.says('1');
    await user.says('2');
    expect(user.phone.words).toEqual(['一', '二']);
  });
});

describe('the check of the address', () => {
  it('wants the text itself', async () => {
    bot.answer = ({ url }) => ({ body: url.searchParams.get('echostr') ?? '' });
    expect(await oa.verifies()).toMatchObject({ accepted: true });
    bot.answer = ({ url }) => ({ body: JSON.stringify(url.searchParams.get('echostr')) });
    expect(await oa.verifies()).toMatchObject({ accepted: false });
  });

  it('can be spoiled', async () => {
    bot.answer = ({ url }) => ({ status: url.searchParams.getAll('signature').length === 1 ? 200 : 403 });
    const { answer } = await oa.verifies((url) => url.searchParams.append('signature', 'x'));
    expect(answer.status).toBe(403);
  });
});

it('writes events in the order of their fields', async () => {
  const stranger = oa.user('oStranger', { following: false });
  await stranger.follows({ scene: 'desk-7' });
  await stranger.clicks('HELP');
  await stranger.reportsLocation(31.2, 121.4);
  await stranger.unfollows();
  const events = bot.received.map(({ body }) =>
    readXml(body)
      .children.slice(4)
      .map(({ name, text }) => (name === 'Ticket' ? name : text)),
  );
  expect(events).toEqual([
    ['subscribe', 'qrscene_desk-7', 'Ticket'],
    ['CLICK', 'HELP'],
    ['LOCATION', '31.2', '121.4', '65'],
    ['unsubscribe', ''],
  ]);
  expect(writeXml([['A', 1]])).toBe('<xml><A>1</A></xml>');
});
