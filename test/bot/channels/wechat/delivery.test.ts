import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { channelNotices } from '../../../../dialogs/channel-notices.ts';
import { startServerProcess } from '../../../support/server-process.ts';
import { startWeChat } from '../../../support/wechat/index.ts';
import { accountsFor, type BenchOptions, startWeChatBench, type WeChatBench, weChatEnvironment } from '../../../support/wechat-bot.ts';
import { Desk } from '../../../support/wechat-desk.ts';

const benches: WeChatBench[] = [];
const open = async (options: BenchOptions = {}) => {
  const bench = await startWeChatBench(options);
  benches.push(bench);
  return bench;
};
afterEach(async () => {
  await Promise.all(benches.splice(0).map((bench) => bench.stop()));
});

const calls = ({ wx }: WeChatBench, path: string) =>
  wx.journal.entries.flatMap((entry) => (entry.kind === 'call' && entry.path.endsWith(path) ? [entry] : []));
const tokenCalls = (bench: WeChatBench) => calls(bench, '/stable_token');

describe('the access token', () => {
  it('is asked for once, by however many need it', async () => {
    const bench = await open();
    const people = Array.from({ length: 20 }, () => bench.follower());
    await Promise.all(people.map((person) => person.says('备案要多久')));
    await Promise.all(people.map((person) => person.phone.seesItems(2)));
    expect(tokenCalls(bench)).toHaveLength(1);
  });

  it.each([
    ['has ended', (bench: WeChatBench) => bench.wx.tokens.expireNow(bench.oa.client), 1],
    ['was taken back, so that the platform still gives out the same', (bench: WeChatBench) => bench.wx.tokens.revoke(bench.oa.client), 2],
    ['was replaced by somebody else', (bench: WeChatBench) => bench.wx.tokens.rotateSilently(bench.oa.client), 1],
  ])('is renewed when it %s, and nobody notices', async (_, end, asked) => {
    const bench = await open();
    const someone = bench.follower();
    await someone.says('备案要多久');
    await someone.phone.seesItems(2);
    end(bench);
    const before = tokenCalls(bench).length;
    await someone.says('备案收费吗');
    await someone.phone.seesItems(4);
    expect(tokenCalls(bench).length - before).toBe(asked);
    expect(calls(bench, '/custom/send').filter(({ errcode }) => errcode === 0)).toHaveLength(2);
  });

  it('is not hammered for when the secret is wrong, and the answer still comes', async () => {
    const bench = await open({ environment: { WECHAT_OA_SECRET: 'wrong' } });
    const someone = bench.follower();
    await someone.says('备案要多久');
    expect((await someone.phone.sees('工作日')).via).toBe('passive');
    await pause(1_000);
    expect(tokenCalls(bench).length).toBeLessThanOrEqual(2);
  });

  it('stands nowhere in what is logged, nor does any secret, whatever goes wrong', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'filing-test-'));
    const wx = await startWeChat({ scale: 1 / 5 });
    const settings = weChatEnvironment(wx.origin);
    const server = await startServerProcess({ ...settings, PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'trace' });
    const logged: string[] = [];
    for (const stream of [server.process.stdout, server.process.stderr]) stream?.on('data', (chunk: Buffer) => logged.push(String(chunk)));
    try {
      const { oa, kf } = accountsFor(wx, server.url);
      for (const [at, action] of (['reset-after', 'error-500', 'token-expires', 'html-after', { errcode: 40003 }] as const).entries())
        wx.fault({ path: /custom\/send/, nth: at + 1, action });
      wx.fault({ path: /sync_msg/, action: 'truncated' });
      wx.fault({ path: /token/, action: 'reset-before' });
      const people = Array.from({ length: 4 }, (_, at) => oa.user(`oFollower-${at}`));
      await Promise.all(people.map((person) => person.says('备案要多久')));
      await kf.customer('wmCustomer').says('备案要多久');
      for (const { url, body } of await oa.forgeries('<xml><MsgType>text</MsgType></xml>'))
        await fetch(url, { method: 'POST', headers: { 'content-type': 'text/xml' }, body });
      await expect.poll(() => logged.join(''), { timeout: 20_000 }).toContain('message not sent');
    } finally {
      await server.kill('SIGTERM');
      await wx.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
    const given = wx.journal.entries.flatMap((entry) => (entry.kind === 'call' ? (entry.query.access_token ?? []) : []));
    const secrets = Object.entries(settings).flatMap(([name, value]) => (/SECRET|TOKEN|AES_KEY/.test(name) ? [value] : []));
    expect(given.length).toBeGreaterThan(0);
    expect(logged.join('')).toContain('callback refused');
    for (const secret of new Set([...given, ...secrets])) expect(logged.join('')).not.toContain(secret);
  });
});

describe('what the platform refuses for a moment', () => {
  it.each([
    ['busy', { errcode: -1 }],
    ['too often in a minute', { errcode: 45011 }],
    ['the token', 'token-expires'],
  ] as const)('is sent again: %s', async (_, action) => {
    const bench = await open();
    bench.wx.fault({ path: /custom\/send/, action });
    const someone = bench.follower();
    await someone.says('备案要多久');
    await someone.phone.seesItems(2);
    expect(someone.phone.items.filter(({ kind }) => kind === 'menu')).toHaveLength(1);
  });

  it.each(['reset-after', 'html-after', 'truncated', 'hang-after', 'error-500', 'bad-gateway'] as const)(
    'is not sent again when it may have been shown: %s',
    async (action) => {
      const bench = await open({ scale: 1 / 50 });
      bench.wx.fault({ path: /custom\/send/, action });
      const someone = bench.follower();
      await someone.says('备案要多久');
      await pause(1_500);
      // Where the machine is slow, the text was called for, too.
      const sent = calls(bench, '/custom/send').map(({ body }) => body);
      expect(sent.length).toBeGreaterThan(0);
      expect(new Set(sent).size).toBe(sent.length);
      expect(someone.phone.items.filter(({ kind }) => kind === 'menu').length).toBeLessThanOrEqual(1);
    },
  );
});

describe('an agent who writes', () => {
  it('reaches the customer, is seen typing, and is told what could not be delivered until it is', async () => {
    const bench = await open();
    const someone = bench.follower();
    const desk = await Desk.open(bench.bot);
    await someone.says('转人工');
    const conversation = await desk.claimsNext();
    await someone.phone.sees('我是客服王芳');
    await desk.types(conversation);
    await expect.poll(() => someone.seesTyping).toBe(true);
    await desk.says(conversation, '您好，请问有什么可以帮您？');
    await someone.phone.sees('请问有什么可以帮您');

    await bench.wx.advance(49 * 3_600_000);
    await desk.says(conversation, '您的备案已经提交。');
    await expect
      .poll(() => desk.undelivered(conversation))
      .toEqual([{ text: '您的备案已经提交。', reason: 'window-closed', state: 'waits' }]);
    expect(someone.phone.words.join()).not.toContain('已经提交');

    await someone.says('在吗');
    await someone.phone.sees('已经提交');
    await expect
      .poll(() => desk.undelivered(conversation))
      .toEqual([{ text: '您的备案已经提交。', reason: 'window-closed', state: 'late' }]);
  });

  it('may send five messages for each of the customer, and the rest goes out with the next', async () => {
    const bench = await open();
    const someone = bench.follower();
    const desk = await Desk.open(bench.bot);
    await someone.says('转人工');
    const conversation = await desk.claimsNext();
    for (let number = 1; number <= 7; number += 1) await desk.says(conversation, `第${number}条`);
    await expect.poll(async () => (await desk.undelivered(conversation)).at(-1)?.text).toBe('第7条');
    expect(calls(bench, '/custom/send').filter(({ errcode }) => errcode !== 0)).toEqual([]);
    await someone.says('好的');
    await someone.phone.sees('第7条');
    // Several that waited may stand in one answer.
    const order = [...someone.phone.words.join('\n').matchAll(/第(\d)条/g)].map(([, number]) => number);
    expect(order).toEqual(['1', '2', '3', '4', '5', '6', '7']);
  });

  it('is told that the customer has left', async () => {
    const bench = await open();
    const someone = bench.follower();
    const desk = await Desk.open(bench.bot);
    await someone.says('转人工');
    const conversation = await desk.claimsNext();
    await someone.phone.sees('我是客服王芳');
    someone.refuses = true;
    await desk.says(conversation, '您好');
    await expect.poll(() => desk.undelivered(conversation)).toMatchObject([{ reason: 'unreachable', state: 'waits' }]);
  });
});

it('the hint that there is more is short enough to stand under a full message', () => {
  expect(Buffer.byteLength(`\n\n${channelNotices.more}`)).toBeLessThanOrEqual(48);
});
