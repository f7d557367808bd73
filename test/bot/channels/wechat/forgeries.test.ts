import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Forgery } from '../../../support/wechat/index.ts';
import { startWeChatBench, type WeChatBench } from '../../../support/wechat-bot.ts';

const inner = (id: string) =>
  `<xml><ToUserName><![CDATA[gh_agency]]></ToUserName><FromUserName><![CDATA[oForger]]></FromUserName><CreateTime>${Math.floor(Date.now() / 1000)}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[备案要多久]]></Content><MsgId>${id}</MsgId></xml>`;

let bench: WeChatBench;
beforeAll(async () => {
  bench = await startWeChatBench();
});
afterAll(async () => {
  await bench.stop();
});

async function send({ url, body, headers }: Omit<Forgery, 'name'>): Promise<{ status: number; body: string }> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'text/xml', ...headers }, body });
  return { status: response.status, body: await response.text() };
}

it('takes the message from which they are made', async () => {
  const answer = await send(await bench.oa.crafts(inner('23456789012345678')));
  expect(answer.status).toBe(200);
});

it('refuses every forgery, and tells none from another', async () => {
  const taken = [];
  for (const forgery of await bench.oa.forgeries(inner('23456789012345679'))) {
    const { status, body } = await send(forgery);
    // Refused for every address of the bot, before anything that is secret is looked at.
    if (forgery.name === 'msg_signature twice') expect(status).toBe(400);
    else if (status !== 403 || body !== '') taken.push(`${forgery.name}: ${status} ${body.slice(0, 80)}`);
  }
  expect(taken).toEqual([]);
});
