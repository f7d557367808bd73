import { setTimeout as pause } from 'node:timers/promises';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { channelNotices } from '../../../../dialogs/channel-notices.ts';
import { cannotRead } from '../../../../dialogs/messages.ts';
import type { Follower } from '../../../support/wechat/index.ts';
import { startWeChatBench, type WeChatBench } from '../../../support/wechat-bot.ts';

let bench: WeChatBench;
let user: Follower;
beforeAll(async () => {
  bench = await startWeChatBench();
});
afterAll(async () => {
  await bench.stop();
});

const answersShown = (someone: Follower) => someone.phone.items.filter(({ via }) => via === 'passive');

describe('an official account', () => {
  it('is recognised by the platform when its address is entered there, and by nobody else', async () => {
    expect(await bench.oa.verifies()).toMatchObject({ accepted: true });
    const refused = await Promise.all([
      bench.oa.verifies((url) => url.searchParams.set('signature', '0'.repeat(40))),
      bench.oa.verifies((url) => url.searchParams.set('echostr', '<script>')),
      bench.oa.verifies((url) => url.searchParams.delete('timestamp')),
    ]);
    for (const { answer } of refused) expect([answer.status, answer.body.length]).toEqual([403, 0]);
  });

  it('greets who begins to follow, and answers a question at once, with its source', async () => {
    user = bench.follower();
    await user.follows();
    await user.phone.sees('备案');
    expect(await user.says('备案密码忘了怎么办')).toMatchObject({ attempts: 1, outcome: 'ok-reply' });
    const answer = await user.phone.sees(/短信.*依据/s);
    expect(answer.via).toBe('passive');
    expect(user.phone.errors).toEqual([]);
  });

  it('offers its choices to be tapped, and knows what was tapped', async () => {
    const line = await user.phone.sees(({ kind }) => kind === 'menu', { from: 2 });
    expect(line).toMatchObject({ kind: 'menu', via: 'api' });
    const shown = user.phone.items.length;
    await user.taps('有用');
    await user.phone.sees('谢', { from: shown });
  });

  it('takes what the account menu says for the words of the customer', async () => {
    const shown = user.phone.items.length;
    await user.clicks('备案需要什么材料');
    await user.phone.sees('材料', { from: shown });
  });

  it('asks for a case what it asks on the web, and takes a picture of the licence', async () => {
    const applicant = bench.follower();
    await applicant.says('我要办首次备案');
    await applicant.phone.sees('备案');
    await applicant.sendsPicture(tinyPng(), 'image/png');
    await applicant.phone.sees(/收到/);
    expect(bench.wx.journal.entries.some((entry) => entry.kind === 'call' && entry.path === '/cgi-bin/media/get')).toBe(true);
  });

  it.each([
    ['a voice message', (someone: Follower) => someone.sendsVoice(Buffer.from('#!AMR\n')), cannotRead('voice')],
    ['a video', (someone: Follower) => someone.sendsVideo(Buffer.from('video')), cannotRead('video')],
    ['a place', (someone: Follower) => someone.sendsLocation(23.1, 113.3, '广州塔'), cannotRead('location')],
    ['a link', (someone: Follower) => someone.sendsLink('备案', 'https://example.com'), cannotRead('link')],
    ['a sticker', (someone: Follower) => someone.sendsSticker(), cannotRead('sticker')],
    ['a picture that is none', (someone: Follower) => someone.sendsPicture(Buffer.from('not a picture')), cannotRead('picture')],
  ])('says what to do instead of sending %s', async (_, send, told) => {
    const someone = bench.follower();
    await send(someone);
    await someone.phone.sees(told);
  });

  it('says nothing to what asks for nothing', async () => {
    const someone = bench.follower();
    expect(await someone.views('https://example.com')).toMatchObject({ outcome: 'ok-empty' });
    expect(await someone.reportsLocation(23.1, 113.3)).toMatchObject({ outcome: 'ok-empty' });
    expect(await someone.triggers('something_new', { Whatever: '1' })).toMatchObject({ outcome: 'ok-empty' });
    expect(someone.phone.items).toEqual([]);
  });

  it('keeps apart what happens in one second', async () => {
    const someone = bench.follower();
    const createTime = Math.floor(Date.now() / 1000);
    await Promise.all([
      someone.reportsLocation(23.1, 113.3, { createTime }),
      someone.says('备案要多久', { createTime }),
      someone.clicks('备案收费吗', { createTime }),
    ]);
    await someone.phone.sees('工作日');
    await someone.phone.sees('费');
  });

  it('answers two people whose messages have the same number', async () => {
    const [one, other] = [bench.follower(), bench.follower()];
    await Promise.all([one.says('备案要多久', { msgId: '77777777777' }), other.says('备案要多久', { msgId: '77777777777' })]);
    await one.phone.sees('工作日');
    await other.phone.sees('工作日');
  });

  it('gives what is delivered again the same answer, once to be seen', async () => {
    const someone = bench.follower();
    const first = await someone.says('备案要多久', { firstAnswerLost: true });
    expect(first.attempts).toBe(2);
    await someone.phone.seesItems(2);
    const bodies = bench.wx.journal.entries.flatMap((entry) =>
      entry.kind === 'push' && entry.user === someone.id && entry.body ? [entry.body] : [],
    );
    await first.again();
    await pause(300);
    expect(someone.phone.items.filter(({ kind }) => kind === 'menu')).toHaveLength(1);
    expect(new Set(answersShown(someone).map((shown) => 'text' in shown && shown.text)).size).toBe(1);
    expect(bodies.length).toBeGreaterThan(0);
  });

  it('answers each of two questions with the push that brought it, though the choices of the first are still on their way', async () => {
    const someone = bench.follower();
    const reports = [await someone.says('备案要多久'), await someone.says('备案收费吗')];
    expect(reports.map(({ outcome }) => outcome)).toEqual(['ok-reply', 'ok-reply']);
    await someone.phone.seesItems(4);
  });

  it('answers once what comes twice at the same time', async () => {
    const someone = bench.follower();
    await someone.says('备案要多久', { twice: true });
    await someone.phone.seesItems(2);
    await pause(300);
    expect(someone.phone.items.filter(({ kind }) => kind === 'menu')).toHaveLength(1);
  });

  it.each(['a ]]> b', '备案😀要多久', 'a\u001db 备案要多久', '<!DOCTYPE html>', '&amp;<a href="http://evil">', ' ', '备'.repeat(700)])(
    'bears whatever is typed: %j',
    async (text) => {
      const someone = bench.follower();
      expect(await someone.says(text)).toMatchObject({ attempts: 1 });
      expect(someone.phone.errors).toEqual([]);
      expect(bench.wx.journal.entries.filter(({ kind }) => kind === 'complaint')).toEqual([]);
    },
  );

  it('tells who writes too fast, and keeps answering others', async () => {
    const fast = await startWeChatBench({ environment: { MESSAGES_PER_MINUTE: '2' } });
    try {
      const someone = fast.follower();
      for (const text of ['备案要多久', '备案收费吗', '个人能备案吗']) await someone.says(text);
      await someone.phone.sees(channelNotices.tooFast);
      const other = fast.follower();
      await other.says('备案要多久');
      await other.phone.sees('工作日');
    } finally {
      await fast.stop();
    }
  });
});

describe('somebody who follows no more', () => {
  it('is forgotten, and does not come back with what is delivered late', async () => {
    const someone = bench.follower();
    const said = await someone.says('备案密码忘了怎么办');
    await someone.phone.seesItems(2);
    await someone.unfollows();
    const shown = someone.phone.items.length;
    await said.again();
    await pause(200);
    expect(someone.phone.items).toHaveLength(shown);
    await pause(1_100); // a second later by the platform's clock, which counts in seconds
    await someone.follows();
    await someone.phone.sees('备案', { from: shown });
  });
});

describe('an account that is not verified', () => {
  it('answers in one message, and gives the rest when asked for more', async () => {
    const small = await startWeChatBench({ environment: { WECHAT_OA_VERIFIED: 'no' }, account: { certified: false } });
    try {
      const someone = small.follower();
      await someone.says('备案密码忘了怎么办');
      const answer = await someone.phone.sees('短信');
      expect(answer.via).toBe('passive');
      expect(small.wx.journal.entries.filter((entry) => entry.kind === 'call' && entry.path.includes('custom'))).toEqual([]);
      if ('text' in answer && answer.text.includes(channelNotices.more)) {
        await someone.says('更多');
        await someone.phone.seesItems(2);
      }
      expect(someone.phone.errors).toEqual([]);
    } finally {
      await small.stop();
    }
  });
});

/** One white pixel. */
function tinyPng(): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const crc = Buffer.alloc(4);
    crc.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, crc]);
  };
  const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0]);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.from([0, 255, 255, 255]))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
