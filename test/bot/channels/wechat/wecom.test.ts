import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memberRates } from '../../../../bot/channels/wechat/wecom.ts';
import { cannotRead } from '../../../../dialogs/messages.ts';
import { startWeChatBench, type WeChatBench } from '../../../support/wechat-bot.ts';
import { Desk } from '../../../support/wechat-desk.ts';

let bench: WeChatBench;
beforeAll(async () => {
  bench = await startWeChatBench();
});
afterAll(async () => {
  await bench.stop();
});

describe('an app in WeCom', () => {
  it('is recognised by the platform when its address is entered there, and by nobody else', async () => {
    expect(await bench.wecom.verifies()).toMatchObject({ accepted: true });
    const { answer } = await bench.wecom.verifies((url) => url.searchParams.set('msg_signature', '0'.repeat(40)));
    expect([answer.status, answer.body.length]).toEqual([403, 0]);
  });

  it('greets once who opens it, however often they do', async () => {
    const member = bench.member();
    await member.enters();
    await member.phone.sees('备案');
    const shown = member.phone.items.length;
    await member.enters();
    await member.says('备案要多久');
    await member.phone.sees('工作日', { from: shown });
    expect(member.phone.items.slice(shown).filter(({ kind }) => kind === 'text' && 'text' in member)).toEqual([]);
  });

  it('answers, lists the choices, and knows which number was typed', async () => {
    const member = bench.member();
    await member.says('备案密码忘了怎么办');
    await member.phone.sees(/1\. 有用/);
    const shown = member.phone.items.length;
    await member.says('1');
    await member.phone.sees('谢', { from: shown });
    expect(bench.wx.journal.entries.filter(({ kind }) => kind === 'complaint')).toEqual([]);
  });

  it('says what to do instead of sending a voice message', async () => {
    const member = bench.member();
    await member.sendsVoice(Buffer.from('#!AMR\n'));
    await member.phone.sees(cannotRead('voice'));
  });

  it('hands over to an agent, and tells them who cannot be reached', async () => {
    const member = bench.member();
    const desk = await Desk.open(bench.bot);
    await member.says('转人工');
    const conversation = await desk.claimsNext();
    await desk.says(conversation, '您好，请问您要备案哪个域名？');
    await member.phone.sees('请问您要备案哪个域名');
    expect(await desk.undelivered(conversation)).toEqual([]);
  });

  it.each([
    ['minute', memberRates.minute, 30],
    ['hour', memberRates.hour, 1_000],
  ])('sends no more in any %s than are shown, whenever it begins', (_, { most, minutes }, shown) => {
    const span = Math.max(minutes, 1);
    // As many as there can be: at the end of one of our times, in all between, and at the beginning of the last.
    expect(most * (Math.ceil(span / minutes) + 1)).toBeLessThanOrEqual(shown);
  });

  it('sends no more in a minute than are shown, and loses none', async () => {
    const member = bench.member();
    const desk = await Desk.open(bench.bot, { login: 'li' });
    await member.says('转人工');
    const conversation = await desk.claimsNext();
    for (let number = 1; number <= 30; number += 1) await desk.says(conversation, `第${number}条。`);
    await member.phone.sees('第7条');
    expect(bench.wx.journal.entries.filter(({ kind }) => kind === 'discarded')).toEqual([]);
  });
});
