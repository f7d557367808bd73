import { afterEach, describe, expect, it } from 'vitest';
import { busyDesk, passwords } from '../../support/desk-samples.ts';
import type { DeskStandIn } from '../../support/desk-stand-in.ts';
import { AgentAtDesk, agentAt, desktop, faults, shownText, tablet } from './agent.ts';
import { lowContrasts } from './measures.ts';
import { Browsing, eventually, type Visit } from './visitor.ts';

const browsing = new Browsing();
const desks: DeskStandIn[] = [];
afterEach(async () => {
  await Promise.all(desks.splice(0).map((desk) => desk.stop()));
});

const wang = ['wang', passwords.wang] as const;
const li = ['li', passwords.li] as const;
const zhao = ['zhao', passwords.zhao] as const;

async function opened(): Promise<DeskStandIn> {
  const desk = await busyDesk();
  desks.push(desk);
  return desk;
}

/** A desk, and 王芳 at it. */
async function atWork(who: readonly [string, string] = wang, visit?: Visit): Promise<{ desk: DeskStandIn; agent: AgentAtDesk }> {
  const desk = await opened();
  return { desk, agent: await agentAt(browsing, desk.url, who, visit) };
}

async function stranger(desk: DeskStandIn, fragment = ''): Promise<AgentAtDesk> {
  return new AgentAtDesk(await browsing.visitor(`${desk.url}/desk${fragment}`, { ...desktop, troubled: true }));
}

describe('coming in', () => {
  it('says what is wrong, and how long to wait after too many attempts', async () => {
    const agent = await stranger(await opened());
    for (const told of ['账号或密码不对', '账号或密码不对', '账号或密码不对', '操作太频繁，请30秒后再试']) {
      await agent.signsIn('wang', '不是这个密码');
      await eventually(async () => expect(await shownText(agent.page.getByRole('alert'))).toBe(told));
    }
    await agent.signsIn(...wang);
    await agent.waiting.waitFor();
  });

  it('sets the first password by an invitation, which opens the desk once', async () => {
    const desk = await opened();
    const administrator = await agentAt(browsing, desk.url, wang);
    await administrator.page.getByRole('link', { name: '账号' }).click();
    await administrator.button('新建账号').click();
    await administrator.dialog.getByLabel('账号', { exact: true }).fill('chen');
    await administrator.dialog.getByLabel('姓名（客户看得到）').fill('陈立');
    await administrator.button('建立并生成邀请链接').click();
    const link = await administrator.dialog.getByLabel('链接', { exact: true }).inputValue();

    const { hash } = new URL(link);
    const invited = await stranger(desk, hash);
    const [password, again] = [invited.page.getByLabel('新密码'), invited.page.getByLabel('再输入一次')];
    for (const [first, second, told] of [
      ['太短', '太短', '密码至少12个字符'],
      ['海边 椅子 收音机 38', '海边 椅子 收音机 39', '两次输入的密码不一样'],
    ] as const) {
      await password.fill(first);
      await again.fill(second);
      await again.press('Enter');
      await eventually(async () => expect(await shownText(invited.page.getByRole('alert'))).toBe(told));
    }
    await again.fill('海边 椅子 收音机 38');
    await again.press('Enter');
    await invited.waiting.waitFor();
    expect(new URL(invited.page.url()).hash).toBe('');

    const late = await stranger(desk, hash);
    await late.page.getByLabel('新密码').fill('另外 一个 很长的 密码');
    await late.page.getByLabel('再输入一次').fill('另外 一个 很长的 密码');
    await late.button('保存并登录').click();
    await eventually(async () => expect(await shownText(late.page.getByRole('alert'))).toBe('链接已失效或用过了，请让管理员再发一个'));
  });

  it('offers the accounts of the agency where there are such, and says why they led nowhere', async () => {
    const desk = await opened();
    desk.signOn = true;
    const agent = await stranger(desk, '#sign-on=no-account');
    expect(await shownText(agent.page.getByRole('alert'))).toBe('这个公司账号在工作台还没有开通，请联系管理员');
    expect(await agent.page.getByRole('link', { name: '用公司账号登录' }).getAttribute('href')).toBe('/desk/api/sign-on');
    await agent.signsIn(...wang);
    await agent.waiting.waitFor();
  });

  it('shows each role its pages', async () => {
    const desk = await opened();
    const pagesOf = async (who: readonly [string, string]) =>
      (await agentAt(browsing, desk.url, who)).page.getByRole('navigation', { name: '页面' }).getByRole('link').allInnerTexts();
    expect(await pagesOf(li)).toEqual(['会话', '受理单']);
    expect(await pagesOf(wang)).toEqual(['会话', '受理单', '数据', '知识', '完整导出', '交付台账', '账号', '操作记录']);
  });
});

describe('the queue', () => {
  it('shows who waits, why, and since when', async () => {
    const { agent } = await atWork();
    const cards = agent.waiting.getByRole('listitem');
    await eventually(async () => expect(await cards.count()).toBe(3));
    expect((await shownText(cards.nth(0))).replace(/\s+/g, ' ')).toMatch(/^陈女士 7分\d+秒 机器人多次没答上 老客户 网页 这是新的执照/);
    expect((await shownText(cards.nth(2))).replace(/\s+/g, ' ')).toMatch(/^周先生 \d+秒 转接 各省规则 网页 李明转来：四川要求先做公安备案/);
    expect(await agent.page.title()).toBe('(3) 有人等待 · 客服工作台');
  });

  it('says who was faster, where two take the same one', async () => {
    const { desk, agent } = await atWork(li);
    await agent.button('接入陈女士').waitFor();
    const talk = desk.talks.get('c-misses');
    // The page has not heard of it yet.
    if (talk) talk.agent = 'a1';
    await agent.button('接入陈女士').click();
    await eventually(async () => expect(await shownText(agent.notice)).toBe('已由王芳接入'));
    expect(await agent.reply.count()).toBe(0);
  });

  it('gives the next one by a key, and says when there is none', async () => {
    const { desk, agent } = await atWork();
    for (const customer of ['陈女士', '访客7f3a', '周先生']) {
      await agent.page.keyboard.press('Alt+n');
      await eventually(async () => expect(await agent.tab(customer).getAttribute('aria-current')).toBe('true'));
    }
    await agent.page.keyboard.press('Alt+n');
    await eventually(async () => expect(await shownText(agent.notice)).toBe('现在没有客户等待'));
    expect([...desk.talks.values()].map(({ agent: holder }) => holder)).toEqual(['a1', 'a1', 'a1', 'a1']);
  });

  it('gives a supervisor no conversation that somebody else was faster to take', async () => {
    const { desk, agent } = await atWork(zhao);
    await agent.button('接入陈女士').waitFor();
    const talk = desk.talks.get('c-misses');
    if (talk) talk.agent = 'a1';
    await agent.button('接入陈女士').click();
    await eventually(async () => expect(await shownText(agent.notice)).toBe('已由王芳接入'));
    expect(talk?.agent).toBe('a1');
  });

  it('lets a supervisor look on, and take over after a question that names who has it', async () => {
    const desk = await opened();
    const holder = await agentAt(browsing, desk.url, wang);
    await holder.claims('陈女士');
    const supervisor = await agentAt(browsing, desk.url, zhao);
    await supervisor
      .region('其他会话')
      .getByRole('button', { name: /陈女士/ })
      .click();
    await supervisor.page.getByText('王芳在接待，您只能看').waitFor();
    await supervisor.button('接管').click();
    expect(await shownText(supervisor.dialog)).toContain('王芳正在接待');
    expect(desk.talks.get('c-misses')?.agent).toBe('a1');
    await supervisor.dialog.getByRole('button', { name: '接管' }).click();
    await supervisor.reply.waitFor();
    await holder.page.getByText('赵倩在接待，您只能看').waitFor();
    expect(await shownText(holder.notice)).toBe('陈女士的会话已由赵倩接管');
  });

  it('ticks off what was left to do', async () => {
    const { desk, agent } = await atWork();
    const task = agent.region('待办').getByRole('listitem');
    expect((await shownText(task)).replace(/\s+/g, ' ')).toContain('联系：138****6120');
    await agent.button('完成陈女士的待办').click();
    await eventually(async () => expect(await task.count()).toBe(0));
    expect(desk.tasks).toEqual([]);
  });
});

describe('a conversation', () => {
  it('is locked until it is claimed', async () => {
    const { agent } = await atWork();
    await agent.waiting.getByRole('button', { name: /^访客7f3a/ }).click();
    await agent.page.getByText('客户在等，接入后就能回复').waitFor();
    expect(await agent.reply.count()).toBe(0);
    await agent.button('接入').last().click();
    await agent.reply.waitFor();
  });

  it('shows what the bot answered, how sure it was, and pictures that open large', async () => {
    const { agent } = await atWork();
    await agent.claims('陈女士');
    expect(await agent.log.getByText('答案把握 92%').count()).toBe(1);
    expect(await shownText(agent.log.getByRole('list', { name: '给客户的选项' }).last())).toBe('转人工');
    const picture = agent.log.getByRole('img', { name: '图片：营业执照.png' });
    await eventually(async () => expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(720));
    await agent.log.getByRole('listitem').getByText('未查毒', { exact: true }).waitFor();
    await picture.click();
    expect(await agent.dialog.getByRole('link', { name: '下载' }).getAttribute('download')).toBe('营业执照.png');
  });

  it('sends by Enter, breaks lines by Shift+Enter, and leaves the keys of an input method alone', async () => {
    const { desk, agent } = await atWork();
    await agent.claims('陈女士');
    await agent.reply.fill('第一行');
    await agent.reply.press('Shift+Enter');
    await agent.reply.pressSequentially('第二行');
    await agent.reply.evaluate((field) =>
      field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true })),
    );
    expect(desk.received).toEqual([]);
    await agent.reply.press('Enter');
    await eventually(async () => expect((await agent.said()).at(-1)).toBe('第一行\n第二行'));
    expect(await agent.reply.inputValue()).toBe('');
  });

  it('sends each message once and in order, whatever the network loses', async () => {
    const { desk, agent } = await atWork();
    await agent.claims('陈女士');
    desk.mishaps.push('answer-lost', 'lost', 'answer-lost');
    for (const text of ['甲', '乙', '丙']) await agent.says(text);
    await eventually(async () => expect(new Set(desk.received).size).toBe(3));
    await eventually(() => expect(desk.received).toHaveLength(6));
    await eventually(async () => expect((await agent.said()).slice(-3)).toEqual(['甲', '乙', '丙']));
    expect(
      desk.talks
        .get('c-misses')
        ?.entries.filter(({ from }) => from === 'agent')
        .map(({ text }) => text),
    ).toEqual(['甲', '乙', '丙']);
  });

  it('says beside a message that it has not reached the customer, why, and when it has', async () => {
    const { desk, agent } = await atWork();
    await agent.claims('陈女士');
    await agent.says('您的备案已提交');
    const talk = desk.talks.get('c-misses');
    await eventually(() => expect(talk?.entries.at(-1)?.text).toBe('您的备案已提交'));
    if (!talk) throw new Error('There should be a conversation.');
    const position = talk.entries.at(-1)?.position ?? 0;
    talk.undelivered = [{ position, reason: 'window-closed', state: 'waits' }];
    desk.tellChanged('c-misses');
    await agent.log.getByText('未送达：客户太久没有发消息，平台不允许再发。客户再发消息时自动补发').waitFor();
    talk.undelivered = [{ position, reason: 'window-closed', state: 'late' }];
    desk.tellChanged('c-misses');
    await agent.log.getByText('补发：先前未送达').waitFor();
  });

  it('gives back what could not be sent, with the reason', async () => {
    const { desk, agent } = await atWork();
    await agent.claims('陈女士');
    desk.mishaps.push('not-yours');
    await agent.says('这句发不出去');
    await agent.log.getByText('没有发出：会话已不在您名下').waitFor();
    await agent.button('放回输入框').click();
    expect(await agent.reply.inputValue()).toBe('这句发不出去');
    expect(await agent.log.getByText('这句发不出去').count()).toBe(0);
  });

  it('keeps a draft over a reload and an ended session, and forgets it with the agent', async () => {
    const { desk, agent } = await atWork();
    await agent.claims('陈女士');
    await agent.reply.fill('写到一半');
    await agent.page.reload();
    await eventually(async () => expect(await agent.reply.inputValue()).toBe('写到一半'));
    desk.endSessions();
    await agent.page.getByText('登录已过期').waitFor();
    await agent.signsIn(...wang);
    await eventually(async () => expect(await agent.reply.inputValue()).toBe('写到一半'));
    await agent.button(/王芳/).click();
    await agent.button('退出登录').click();
    await agent.page.getByLabel('密码').waitFor();
    expect(await agent.page.evaluate(() => JSON.stringify({ ...sessionStorage }))).toBe('{}');
  });

  it('loads what was said earlier when the reader comes there, and keeps the place', async () => {
    const { agent } = await atWork();
    await agent
      .region('我的会话')
      .getByRole('button', { name: /刘先生/ })
      .click();
    await agent.reply.waitFor();
    const messages = agent.log.locator('.message');
    const before = await messages.count();
    const first = await shownText(agent.log.locator('.message.customer .text').first());
    await agent.log.evaluate((log) => log.scrollTo({ top: 0 }));
    await eventually(async () => expect(await messages.count()).toBeGreaterThan(before));
    const place = agent.log.getByText(first, { exact: true });
    expect(await place.evaluate((element) => element.getBoundingClientRect().top > 0)).toBe(true);
    for (let round = 0; round < 4; round += 1) {
      await agent.log.evaluate((log) => log.scrollTo({ top: 0 }));
      await agent.page.waitForTimeout(50);
    }
    await eventually(async () => expect(await agent.log.getByText('第1个问题', { exact: true }).count()).toBe(1));
    const said = await agent.said();
    expect(said.filter((line) => /^第\d+个问题$/.test(line))).toEqual(Array.from({ length: 65 }, (_, at) => `第${at + 1}个问题`));
  });

  it('shows that the customer types, and counts what was not seen', async () => {
    const { desk, agent } = await atWork();
    await agent.claims('陈女士');
    desk.types('c-misses');
    await agent.log.getByText('客户正在输入').waitFor({ state: 'attached' });
    await agent.waiting.getByRole('button', { name: /^访客7f3a/ }).click();
    desk.customerSays('c-misses', '在吗');
    desk.customerSays('c-misses', '还在吗');
    await eventually(async () => expect(await shownText(agent.tab('陈女士'))).toMatch(/陈女士\s*2/));
    await agent.tab('陈女士').click();
    await eventually(async () => expect(await shownText(agent.tab('陈女士'))).toBe('陈女士'));
  });

  it('is transferred with a note, and found by the one it is for', async () => {
    const desk = await opened();
    const [from, to] = [await agentAt(browsing, desk.url, wang), await agentAt(browsing, desk.url, li)];
    await to.page.getByRole('switch', { name: '接待状态' }).click();
    await from.claims('陈女士');
    await from.button('转接').click();
    await eventually(async () => expect(await from.dialog.getByRole('option').allInnerTexts()).toContain('李明（在线，空闲）'));
    await from.dialog.getByLabel('转给').selectOption({ label: '李明（在线，空闲）' });
    await from.dialog.getByLabel('交接说明').fill('要换负责人，手机号已核对');
    await from.dialog.getByRole('button', { name: '转接' }).click();
    await to.waiting.getByText('王芳转给您：要换负责人，手机号已核对').waitFor();
    await from.page.getByText('客户在等，接入后就能回复').waitFor();
    await to.claims('陈女士');
    expect(desk.talks.get('c-misses')?.agent).toBe('a2');
  });

  it('goes back to the bot after a confirmation', async () => {
    const { desk, agent } = await atWork();
    await agent.claims('陈女士');
    await agent.button('结束会话').click();
    await agent.dialog.getByRole('button', { name: '结束并交回机器人' }).click();
    await eventually(async () => expect(await agent.tab('陈女士').count()).toBe(0));
    expect(desk.talks.get('c-misses')?.agent).toBeUndefined();
  });
});

describe('help for answering', () => {
  it('finds canned replies by /, fills in what is known, and does not send what is not', async () => {
    const { desk, agent } = await atWork();
    await agent.claims('陈女士');
    await agent.reply.press('/');
    await agent.page.keyboard.type('补材');
    // The replies are read when they are first looked for.
    await agent.page.getByRole('option', { name: /补材料/, selected: true }).waitFor();
    await agent.page.keyboard.press('Enter');
    await eventually(async () =>
      expect(await agent.reply.inputValue()).toBe('受理单BA-20261120-4410276还缺材料，请直接把照片发在这里，四角拍全、字要清楚。'),
    );
    await agent.button('接入访客7f3a').click();
    await eventually(async () => expect(await agent.reply.inputValue()).toBe(''));
    await agent.reply.press('Control+k');
    await agent.page.keyboard.type('补材');
    await agent.page.keyboard.press('Enter');
    await agent.page.getByText('还要填：受理编号').waitFor();
    await agent.reply.press('Enter');
    expect(desk.received).toEqual([]);
  });

  it('has canned replies added, changed and removed', async () => {
    const { desk, agent } = await atWork();
    await agent.button(/王芳/).click();
    await agent.button('快捷回复').click();
    await agent.button('新建').click();
    await agent.dialog.getByLabel('标题').fill('节假日');
    await agent.dialog.getByLabel('内容').fill('管局节假日不审核，节后第一天恢复。');
    await agent.button('保存').click();
    await agent.button('修改节假日').click();
    await agent.dialog.getByLabel('内容').fill('管局节假日不审核，节后恢复。');
    await agent.button('保存').click();
    await eventually(() => expect(desk.replies.at(-1)).toMatchObject({ title: '节假日', text: '管局节假日不审核，节后恢复。' }));
    await agent.button('修改节假日').click();
    await agent.button('删除').click();
    await agent.button('确定删除').click();
    await eventually(async () => expect(await agent.button('修改节假日').count()).toBe(0));
    expect(desk.replies).toHaveLength(5);
  });

  it('suggests answers to the last question, to be sent as they are or after a change', async () => {
    const { desk, agent } = await atWork();
    await agent
      .region('我的会话')
      .getByRole('button', { name: /刘先生/ })
      .click();
    const suggestion = agent.region('推荐回答').getByRole('listitem');
    await suggestion.getByRole('button', { name: '填入修改' }).click();
    expect(await agent.reply.inputValue()).toMatch(/^授权书要盖单位公章/);
    await agent.reply.fill('');
    await suggestion.getByRole('button', { name: '直接发送' }).click();
    await eventually(() => expect(desk.talks.get('c-returned')?.entries.at(-1)?.text).toMatch(/^授权书要盖单位公章/));
  });

  it('fills in an item of the form, under its rules', async () => {
    const { agent } = await atWork();
    await agent.claims('陈女士');
    await agent.button('修改负责人手机').click();
    // What is covered is not put into the field.
    expect(await agent.dialog.getByLabel('负责人手机', { exact: true }).inputValue()).toBe('');
    await agent.dialog.getByLabel('负责人手机', { exact: true }).fill('1380013');
    await agent.button('保存').last().click();
    await eventually(async () => expect(await shownText(agent.dialog.getByRole('alert'))).toBe('手机号应是11位数字，请核对'));
    await agent.dialog.getByLabel('负责人手机', { exact: true }).fill('13800138000');
    await agent.button('保存').last().click();
    await eventually(async () => expect(await agent.dialog.count()).toBe(0));
    await agent.region('变更备案').getByText('13800138000').waitFor();
  });

  it('begins a form for a customer who has none', async () => {
    const { desk, agent } = await atWork();
    await agent.claims('访客7f3a');
    await agent.button('代开受理单').click();
    await agent.dialog.getByLabel('业务').selectOption({ label: '变更备案' });
    await agent.dialog.getByLabel('省份').selectOption({ label: '四川' });
    await agent.dialog.getByRole('button', { name: '开受理单' }).click();
    await agent.region('变更备案').getByText('四川').waitFor();
    expect(await agent.button('代开受理单').count()).toBe(0);
    expect(desk.talks.get('c-complaint')?.brief.form?.title).toBe('变更备案');
  });

  it('shows notes to all agents', async () => {
    const desk = await opened();
    const [writer, reader] = [await agentAt(browsing, desk.url, wang), await agentAt(browsing, desk.url, zhao)];
    await writer.claims('陈女士');
    await reader
      .region('其他会话')
      .getByRole('button', { name: /陈女士/ })
      .click();
    await writer.page.getByRole('textbox', { name: '写内部备注' }).fill('老客户，去年办过首次备案');
    await writer.page.keyboard.press('Enter');
    await reader.region('内部备注').getByText('老客户，去年办过首次备案').waitFor();
  });
});

describe('live news', () => {
  it('miss nothing and double nothing over cuts of any length', async () => {
    const { desk, agent } = await atWork();
    await agent.claims('陈女士');
    const said = Array.from({ length: 120 }, (_, at) => `断线消息${at + 1}`);
    for (const [at, text] of said.entries()) {
      if (at % 40 === 5) desk.cut();
      desk.customerSays('c-misses', text);
      if (at % 40 === 35) await agent.log.getByText(text, { exact: true }).waitFor({ state: 'attached' });
    }
    await agent.log.getByText('断线消息120', { exact: true }).waitFor({ state: 'attached' });
    expect((await agent.said()).filter((line) => line.startsWith('断线消息'))).toEqual(said);
  });

  it('are asked for where no socket can be had, and say so', async () => {
    const { desk, agent } = await atWork();
    await agent.claims('陈女士');
    desk.refuseSockets = true;
    desk.cut();
    desk.customerSays('c-misses', '没有长连接也要收到');
    await agent.log.getByText('没有长连接也要收到').waitFor();
    await agent.page.getByText('网络受限，每3秒刷新').waitFor();
  });

  it('tell when there is no way to the server, while writing goes on', async () => {
    const { desk, agent } = await atWork();
    await agent.claims('陈女士');
    await agent.page.context().setOffline(true);
    desk.cut();
    await agent.page.getByText('连接断了，正在重新连接').waitFor();
    await agent.says('断线时写的');
    await agent.log.getByText('恢复连接后自动发送').waitFor();
    await agent.page.context().setOffline(false);
    await eventually(() => expect(desk.talks.get('c-misses')?.entries.at(-1)?.text).toBe('断线时写的'));
    await eventually(async () => expect((await agent.said()).filter((line) => line === '断线时写的')).toHaveLength(1));
    await eventually(async () => expect(await agent.page.getByText('连接断了').count()).toBe(0));
  });
});

describe('the keyboard alone', () => {
  it('signs in, takes a customer, answers, notes, and passes on', async () => {
    const desk = await opened();
    const agent = await stranger(desk);
    const { keyboard } = agent.page;
    await agent.page.getByLabel('账号').waitFor();
    await keyboard.type('wang');
    await keyboard.press('Tab');
    await keyboard.type(passwords.wang);
    await keyboard.press('Enter');
    await agent.waiting.waitFor();
    await keyboard.press('n');
    await agent.reply.waitFor();
    await eventually(async () => expect(await agent.reply.evaluate((field) => field === document.activeElement)).toBe(true));
    await keyboard.type('您好，我来处理');
    await keyboard.press('Enter');
    await eventually(async () => expect((await agent.said()).at(-1)).toBe('您好，我来处理'));
    await keyboard.press('Escape');
    await keyboard.press('b');
    await keyboard.type('要回访');
    await keyboard.press('Enter');
    await agent.region('内部备注').getByText('要回访').waitFor();
    await keyboard.press('Escape');
    await keyboard.press('t');
    await agent.dialog.waitFor();
    await keyboard.press('Tab');
    await keyboard.type('请接手');
    await keyboard.press('Tab');
    await keyboard.press('Tab');
    await keyboard.press('Enter');
    await eventually(() => expect(desk.talks.get('c-misses')?.waiting?.note).toBe('请接手'));
  });
});

describe('a wide screen', () => {
  it('has two conversations side by side, and beside them what is known of the one that is worked in', async () => {
    const { agent } = await atWork(wang, { viewport: { width: 1600, height: 900 } });
    await agent.claims('陈女士');
    await agent.page.getByText('客户短信核验（24小时内）：2030年12月4日，还有1天').waitFor();
    await agent
      .region('我的会话')
      .getByRole('button', { name: /刘先生/ })
      .click();
    await agent.button('并排显示陈女士').click();
    await eventually(async () => expect(await agent.log.count()).toBe(2));
    const known = agent.page.getByRole('complementary', { name: '客户资料' });
    for (const [at, province] of [
      [1, '广东'],
      [0, '江苏'],
    ] as const) {
      await agent.reply.nth(at).click();
      await eventually(async () => expect(await shownText(known)).toContain(province));
    }
    await agent.reply.first().press('Escape');
    await agent.page.keyboard.press('j');
    await agent.page.keyboard.press('k');
    await eventually(async () => expect(await agent.tab('刘先生').getAttribute('aria-current')).toBe('true'));
    expect(await agent.reply.first().inputValue()).toBe('');
  });
});

describe('what customers send', () => {
  const hostile = '<img src=x onerror="window.taken=1"><script>window.taken=1</script>{{7*7}}';
  const turned = '发票\u202Egnp.exe';

  it('does nothing on the desk but stand there', async () => {
    const desk = await opened();
    const talk = desk.talks.get('c-complaint');
    if (!talk) throw new Error('The sample is gone.');
    talk.brief.customer = hostile;
    talk.brief.asked = [{ question: hostile, title: hostile }];
    talk.notes.push({ at: 0, by: hostile, text: hostile });
    const at = Date.now();
    desk.say('c-complaint', { at, from: 'customer', name: hostile, text: `${hostile}\u0007\u202E` });
    desk.say('c-complaint', { at, from: 'customer', name: hostile, text: '啊'.repeat(500) + 'x'.repeat(3000) });
    desk.say('c-complaint', {
      at,
      from: 'customer',
      name: hostile,
      text: '',
      files: [{ file: 'f1', name: turned, contentType: 'application/pdf' }],
    });
    desk.say('c-complaint', {
      at,
      from: 'bot',
      name: '备案助手',
      text: '[点我](javascript:window.taken=1) [也点我](data:text/html,x) [官网](https://beian.miit.gov.cn)',
      choices: [hostile],
    });
    const agent = await agentAt(browsing, desk.url, wang);
    await agent.waiting
      .getByRole('button', { name: /onerror/ })
      .first()
      .click();
    await agent.log.getByText('点我', { exact: false }).first().waitFor();
    await agent.button(/^接入/).last().click();
    await agent.reply.waitFor();
    const links = agent.log.getByRole('link');
    expect(await links.evaluateAll((found) => found.map((link) => link.getAttribute('href')?.split('/files')[0]))).toEqual([
      '/desk/api/conversations/c-complaint',
      'https://beian.miit.gov.cn',
    ]);
    expect(await links.last().getAttribute('rel')).toBe('noopener noreferrer');
    expect(await shownText(links.first())).toBe('发票gnp.exe');
    expect(await agent.page.evaluate(() => 'taken' in window)).toBe(false);
    expect(await agent.page.locator('img[src=x], body script').count()).toBe(0);
    const words = await agent.page.evaluate(() => document.body.textContent);
    for (const sign of ['\u0007', '\u202E']) expect(words).not.toContain(sign);
    for (const part of ['html', '.log', '.side', '.queue']) {
      expect(await agent.page.locator(part).evaluate((element) => element.scrollWidth - element.clientWidth), part).toBeLessThan(2);
    }
  });
});

describe.each([
  ['a screen', desktop],
  ['a tablet', tablet],
])('for everybody, on %s', (_, visit) => {
  it('is the desk, and every dialog of it', async () => {
    const desk = await opened();
    const agent = new AgentAtDesk(await browsing.visitor(`${desk.url}/desk`, { ...visit, troubled: true }));
    await agent.page.getByLabel('密码').waitFor();
    expect(await faults(agent)).toEqual([]);
    await agent.signsIn(...wang);
    await agent.claims('陈女士');
    expect(await faults(agent)).toEqual([]);
    expect(await agent.page.evaluate(lowContrasts)).toEqual([]);
    await agent.reply.press('/');
    await agent.page.getByRole('option').first().waitFor();
    expect(await faults(agent)).toEqual([]);
    await agent.page.keyboard.press('Escape');
    for (const name of ['转接', '结束会话', '图片：营业执照.png'] as const) {
      await agent.button(name).click();
      await agent.dialog.waitFor();
      expect(await faults(agent), name).toEqual([]);
      await agent.page.keyboard.press('Escape');
    }
    for (const name of ['快捷回复', '键盘快捷键', '登录设备']) {
      await agent.button(/^王芳/).click();
      await agent.page.locator('.menu-list').getByRole('button', { name }).click();
      await agent.dialog.waitFor();
      expect(await faults(agent), name).toEqual([]);
      await agent.page.keyboard.press('Escape');
    }
    for (const name of ['账号', '操作记录']) {
      await agent.page.getByRole('link', { name, exact: true }).click();
      await agent.page.getByRole('cell').first().waitFor();
      expect(await faults(agent), name).toEqual([]);
      expect(await agent.page.evaluate(lowContrasts)).toEqual([]);
    }
  });
});
