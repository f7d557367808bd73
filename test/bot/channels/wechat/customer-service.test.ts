import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { channelNotices } from '../../../../dialogs/channel-notices.ts';
import { cannotRead } from '../../../../dialogs/messages.ts';
import { type BenchOptions, startWeChatBench, type WeChatBench } from '../../../support/wechat-bot.ts';
import { Desk } from '../../../support/wechat-desk.ts';

let bench: WeChatBench;
beforeAll(async () => {
  bench = await startWeChatBench();
});
afterAll(async () => {
  await bench.stop();
});

const own: WeChatBench[] = [];
const open = async (options: BenchOptions = {}) => {
  const opened = await startWeChatBench(options);
  own.push(opened);
  return opened;
};
afterEach(async () => {
  await Promise.all(own.splice(0).map((each) => each.stop()));
});

const calls = ({ wx }: WeChatBench, path: string) =>
  wx.journal.entries.flatMap((entry) => (entry.kind === 'call' && entry.path.endsWith(path) ? [entry] : []));

describe('customer service', () => {
  it('is recognised by the platform when its address is entered there', async () => {
    expect(await bench.kf.verifies()).toMatchObject({ accepted: true });
  });

  it('greets who opens it, by the code that came with it, and answers', async () => {
    const customer = bench.customer();
    await customer.enters();
    await customer.phone.sees('备案');
    expect(calls(bench, '/kf/send_msg_on_event').at(-1)).toMatchObject({ errcode: 0 });
    await customer.says('备案密码忘了怎么办');
    await customer.phone.sees('短信');
    await customer.phone.sees(({ kind }) => kind === 'menu', { from: 2 });
    const shown = customer.phone.items.length;
    await customer.taps('有用');
    await customer.phone.sees('谢', { from: shown });
  });

  it('answers each message once, though bells are lost or ring twice', async () => {
    const customer = bench.customer();
    bench.kf.doubledBells = 2;
    await customer.says('备案要多久');
    await customer.phone.sees('工作日');
    bench.kf.lostBells = 1;
    await customer.says('备案密码忘了怎么办');
    await customer.says('备案收费吗');
    const answers = () => customer.phone.words.filter((words) => words.includes('核对日期')).length;

    await expect.poll(answers, { timeout: 5_000 }).toBe(3);
    await pause(300);
    expect(answers()).toBe(3);
  });

  it('does not answer what was taken back before it was read', async () => {
    const customer = bench.customer();
    bench.kf.lostBells = 1;
    const { msgid } = await customer.says('备案要多久');
    await customer.recalls(msgid);
    await pause(300);
    expect(customer.phone.items).toEqual([]);
  });

  it('does not answer what was said long before it read for the first time', async () => {
    const fresh = await open();
    const customer = fresh.customer();
    fresh.kf.lostBells = 1;
    await customer.saidBefore('备案收费吗', 3_600);
    await customer.says('备案要多久');
    await customer.phone.sees('工作日');
    await pause(300);
    expect(customer.phone.words.join()).not.toContain('收费');
  });

  it('tells who writes too fast, once', async () => {
    const fast = await open({ environment: { MESSAGES_PER_MINUTE: '1' } });
    const customer = fast.customer();
    for (const text of ['备案要多久', '备案收费吗', '在吗']) await customer.says(text);
    await customer.phone.sees(channelNotices.tooFast);
    await pause(300);
    expect(customer.phone.words.filter((words) => words === channelNotices.tooFast)).toHaveLength(1);
  });

  it('says what to do instead of sending a file, and takes a picture', async () => {
    const customer = bench.customer();
    await customer.sendsFile(Buffer.from('x'), 'application/zip', 'a.zip');
    await customer.phone.sees(cannotRead('file'));
  });

  it('sends again under the same id what may or may not have arrived, and it is shown once', async () => {
    const fresh = await open();
    fresh.wx.fault({ path: /kf\/send_msg$/, action: 'reset-after' });
    const customer = fresh.customer();
    await customer.says('备案要多久');
    await customer.phone.sees('工作日');
    await expect.poll(() => calls(fresh, '/kf/send_msg').length, { timeout: 5_000 }).toBeGreaterThan(1);
    await pause(300);
    expect(customer.phone.words.filter((words) => words.includes('工作日') && words.includes('核对日期'))).toHaveLength(1);
  });

  it('tells the agent what the platform says afterwards has not arrived', async () => {
    const fresh = await open();
    const customer = fresh.customer();
    const desk = await Desk.open(fresh.bot);
    await customer.says('转人工');
    const conversation = await desk.claimsNext();
    await customer.phone.sees('我是客服王芳');
    fresh.kf.failures.push(10);
    await desk.says(conversation, '您好');
    await expect.poll(() => desk.undelivered(conversation)).toMatchObject([{ text: '您好', reason: 'unreachable', state: 'waits' }]);
    await customer.says('在');
    await customer.phone.sees('您好', { from: 2 });
  });
});

describe('a customer who asks for a person', () => {
  it('is handed to our desk, where that is set', async () => {
    const customer = bench.customer();
    const desk = await Desk.open(bench.bot, { login: 'zhao' });
    await customer.says('转人工');
    const conversation = await desk.claimsNext();
    await desk.says(conversation, '您好，请讲。');
    await customer.phone.sees('请讲');
  });

  it('is handed to the agents in WeCom, where that is set; meanwhile the bot is silent', async () => {
    const there = await open({ environment: { WECHAT_KF_AGENTS: 'wechat' } });
    const customer = there.customer();
    const zhang = there.kf.agent('zhang');
    await customer.says('备案要多久');
    await customer.phone.sees('工作日');
    await customer.says('转人工');
    await expect.poll(() => customer.session.state, { timeout: 10_000 }).toBe(2);
    const shown = customer.phone.items.length;
    await customer.says('备案收费吗');
    await pause(500);
    expect(customer.phone.items).toHaveLength(shown);
    await zhang.accepts(customer);
    await zhang.writes(customer, '您好，我是小张。');
    await customer.says('好的');
    await pause(500);
    expect(customer.phone.items).toHaveLength(shown + 1);
    await zhang.ends(customer);
    await customer.phone.sees('满意', { from: shown });
    await customer.says('备案要什么材料');
    await customer.phone.sees('材料', { from: shown + 2 });
    expect(calls(there, '/kf/send_msg').filter(({ errcode }) => errcode === 95018)).toEqual([]);
  });

  describe('and is with an agent in WeCom', () => {
    const inWeCom = async () => {
      const there = await open({ environment: { WECHAT_KF_AGENTS: 'wechat' } });
      const customer = there.customer();
      const zhang = there.kf.agent('zhang');
      await customer.says('转人工');
      await expect.poll(() => customer.session.state, { timeout: 10_000 }).toBe(2);
      const chief = await Desk.open(there.bot, { login: 'chief', name: '陈晨', role: 'supervisor' });
      const held = async () => (await chief.queue()).held[0];
      await expect.poll(held, { timeout: 10_000 }).toMatchObject({ agent: { id: 'platform:pool' } });
      const conversation = (await held())?.conversation ?? '';
      return { there, customer, zhang, chief, held, conversation };
    };

    it('is taken from them by our desk: the platform ends their session, and what is said here arrives', async () => {
      const { there, customer, zhang, chief, held, conversation } = await inWeCom();
      await zhang.accepts(customer);
      await zhang.writes(customer, '您好，我是小张。');
      await expect.poll(held, { timeout: 10_000 }).toMatchObject({ agent: { id: 'platform:zhang' } });
      const shown = customer.phone.items.length;
      await chief.takesOver(conversation);
      await customer.phone.sees('陈晨', { from: shown });
      await customer.phone.sees(channelNotices.answerToGoOn, { from: shown });
      expect(customer.session.state).toBe(4);
      // Until the customer writes the platform takes nothing more, which the desk is told.
      await chief.says(conversation, '材料收到了。');
      await expect
        .poll(() => chief.undelivered(conversation))
        .toMatchObject([{ text: '材料收到了。', reason: 'window-closed', state: 'waits' }]);
      await customer.says('好的');
      await customer.phone.sees('材料收到了', { from: shown });
      await chief.says(conversation, '我再看一下。');
      await customer.phone.sees('我再看一下', { from: shown });
      expect([customer.session.state, (await held())?.agent.name]).toEqual([1, '陈晨']);
      expect(calls(there, '/kf/send_msg').filter(({ errcode }) => errcode === 95018)).toEqual([]);
    });

    it('is taken out of the pool by our desk, which they leave over one of them only', async () => {
      const { there, customer, chief, held, conversation } = await inWeCom();
      await chief.takesOver(conversation);
      await customer.phone.sees('陈晨');
      expect(customer.session.state).toBe(4);
      const states = calls(there, '/kf/service_state/trans').flatMap(({ errcode, body }) => (errcode === 0 ? [JSON.parse(body)] : []));
      expect(states.slice(-2)).toMatchObject([{ service_state: 3 }, { service_state: 4 }]);
      // What comes late of how they came to that one changes nothing.
      await there.kf.recordEvent({
        event_type: 'session_status_change',
        external_userid: customer.id,
        change_type: 1,
        new_servicer_userid: 'zhang',
      }).bell;
      await customer.says('在吗');
      await chief.says(conversation, '在的。');
      await customer.phone.sees('在的');
      expect((await held())?.agent.name).toBe('陈晨');
    });

    it('is taken again by one of them who goes on writing, and not taken back by what our desk says then', async () => {
      const { customer, zhang, chief, held, conversation } = await inWeCom();
      await zhang.accepts(customer);
      await expect.poll(held, { timeout: 10_000 }).toMatchObject({ agent: { id: 'platform:zhang' } });
      await chief.takesOver(conversation);
      await customer.phone.sees('陈晨');
      await zhang.writes(customer, '我来继续。');
      await expect.poll(held, { timeout: 10_000 }).toMatchObject({ agent: { id: 'platform:zhang' } });
      await expect(chief.says(conversation, '我也在')).rejects.toThrow('409');
      expect(customer.session.state).toBe(3);
    });

    it('is taken from them also when the platform is away at first', async () => {
      const { there, customer, zhang, chief, held, conversation } = await inWeCom();
      await zhang.accepts(customer);
      await expect.poll(held, { timeout: 10_000 }).toMatchObject({ agent: { id: 'platform:zhang' } });
      there.wx.fault({ path: /service_state\/trans$/, action: 'reset-before' });
      await chief.takesOver(conversation);
      await customer.phone.sees('陈晨');
      expect(customer.session.state).toBe(4);
    });
  });

  it('waits in our queue when none of the agents in WeCom is there', async () => {
    const there = await open({ environment: { WECHAT_KF_AGENTS: 'wechat' } });
    for (const agent of there.kf.agents) await agent.goesOff();
    const customer = there.customer();
    const desk = await Desk.open(there.bot);
    await customer.says('转人工');
    const conversation = await desk.claimsNext();
    await desk.says(conversation, '您好，请讲。');
    await customer.phone.sees('请讲');
    expect(customer.session.state).toBe(1);
  });

  it('whose agent in WeCom the bot did not know of is not talked over', async () => {
    const customer = bench.customer();
    await customer.says('备案要多久');
    await customer.phone.sees('工作日');
    customer.session.enter(3, 'zhang'); // somebody of the corporation has taken them, and the event has not come yet
    const shown = customer.phone.items.length;
    await customer.says('备案收费吗');
    await pause(500);
    expect(customer.phone.items).toHaveLength(shown);
  });
});
