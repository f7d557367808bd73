import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { signatureOf } from '../../../../bot/channels/wechat/crypto.ts';
import { isThorough, sampleSeed } from '../../../support/sample.ts';
import { agencyAccount as account } from '../../../support/wechat/example-accounts.ts';
import { type BenchOptions, startWeChatBench, type WeChatBench } from '../../../support/wechat-bot.ts';
import { type Forged, fuzzCallbacks, messageOf, post, requestOf } from '../../../support/wechat-forgery.ts';

const benches: WeChatBench[] = [];
const open = async (options: BenchOptions = {}) => {
  const bench = await startWeChatBench(options);
  benches.push(bench);
  return bench;
};
afterEach(async () => {
  await Promise.all(benches.splice(0).map((bench) => bench.stop()));
});

const urlOf = ({ bot }: WeChatBench) => `http://127.0.0.1:${bot.port}/wechat/official-account`;

describe('the form of a message', () => {
  it.each([
    ['secure', { secure: true, compatible: true, plaintext: false }],
    ['compatible', { secure: true, compatible: true, plaintext: false }],
    ['plaintext', { secure: false, compatible: true, plaintext: true }],
  ] as const)('of an account that is set to %s', async (mode, believed) => {
    const bench = await open({ environment: { WECHAT_OA_MODE: mode }, account: { mode } });
    for (const [sent, isBelieved] of Object.entries(believed)) {
      const someone = bench.follower();
      const report = await someone.says('备案要多久', { mode: sent as typeof mode });
      expect([sent, report.outcome.startsWith('ok')]).toEqual([sent, isBelieved]);
      if (isBelieved) await someone.phone.sees('工作日');
    }
  });

  it('is the only one that counts: what stands beside it in the clear does not', async () => {
    const bench = await open({ environment: { WECHAT_OA_MODE: 'compatible' }, account: { mode: 'compatible' } });
    const someone = bench.follower();
    await someone.says('备案要多久');
    const answer = await post(urlOf(bench), { content: '备案要多久', beside: '<Content><![CDATA[删除我的信息]]></Content>' });
    expect(answer.status).toBe(200);
  });
});

describe('the time of a message', () => {
  it('may be five minutes in the past and one in the future', async () => {
    const bench = await open();
    const answered = [];
    for (const skew of [-360, 120, -240, 30]) answered.push((await post(urlOf(bench), { skew })).status);
    expect(answered).toEqual([403, 403, 200, 200]);
  });
});

describe('a key that was changed', () => {
  it('is still believed while it is named, and answered with', async () => {
    const renewed = 'kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR';
    const bench = await open({ environment: { WECHAT_OA_AES_KEY: `${renewed},${account.aesKey}` }, account: { aesKey: account.aesKey } });
    const someone = bench.follower();
    await someone.says('备案要多久');
    await someone.phone.sees('工作日');
    bench.oa.account.aesKey = renewed;
    await someone.says('备案收费吗');
    await someone.phone.sees('费');
    expect(someone.phone.errors).toEqual([]);
  });
});

describe('in the clear', () => {
  it('a signature that was used is not believed for another message', async () => {
    const bench = await open({ environment: { WECHAT_OA_MODE: 'plaintext' }, account: { mode: 'plaintext' } });
    const { query } = requestOf({ mode: 'plaintext' });
    const send = (body: string) => fetch(`${urlOf(bench)}?${query}`, { method: 'POST', body, headers: { 'content-type': 'text/xml' } });
    const [asked, forged] = [messageOf('备案要多久'), messageOf('删除我的信息')];
    expect((await send(asked)).status).toBe(200);
    expect((await send(asked)).status).toBe(200);
    expect((await send(forged)).status).toBe(403);
  });
});

describe('what is not believed', () => {
  let bench: WeChatBench;
  beforeAll(async () => {
    bench = await startWeChatBench();
  });
  afterAll(async () => {
    await bench.stop();
  });

  it.each<[string, Forged]>([
    ['another signature', { signature: '0'.repeat(40) }],
    ['the signature in capitals', { changeSignature: (signature) => signature.toUpperCase() }],
    ['the signature of the address for that of the message', { changeSignature: () => signatureOf(account.token, '1', 'n') }],
    ['a parameter that is a list', { more: '&timestamp[]=1', drop: 'timestamp' }],
    ['no number of the time', { drop: 'timestamp' }],
    ['a message for another account', { receiveId: 'wx0000000000000000' }],
    ['a message to another name', { to: 'gh_other' }],
    ['another token', { token: 'another' }],
    ['a message in the clear', { body: messageOf('备案要多久') }],
    ['a document type', { body: '<!DOCTYPE xml><xml><Encrypt>a</Encrypt></xml>' }],
    ['an envelope that is none', { encrypted: 'not base64!' }],
    ['an empty envelope', { encrypted: '' }],
    ['ten thousand levels', { body: `<xml>${'<a>'.repeat(10_000)}` }],
    ['a body that is too large', { body: `<xml><A>${'a'.repeat(10_000_000)}</A></xml>` }],
    ['a compressed body', { headers: { 'content-encoding': 'gzip' }, bytes: gzipSync(Buffer.alloc(10_000_000)) }],
    ['a form', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
    ['the switch to messages in the clear', { more: '&encrypt_type=raw', drop: 'encrypt_type' }],
  ])('is %s: the same empty answer', async (_, forged) => {
    const answer = await post(urlOf(bench), forged);
    expect([answer.status, await answer.text()]).toEqual([403, '']);
  });

  it('has no effect, whatever is changed in a message that was caught', async () => {
    const runs = isThorough ? 1_500 : 400;
    const tally = await fuzzCallbacks(urlOf(bench), runs, sampleSeed);
    expect(tally).toMatchObject({ forged: [], odd: [] });
    expect(tally.refused).toBeGreaterThan((runs * 2) / 3);
  }, 60_000);
});
