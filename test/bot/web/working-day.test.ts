import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ratingLabels } from '../../../dialogs/handoff-wording.ts';
import { startTestApplication, type TestApplication } from '../../support/application.ts';
import { type AgentAtDesk, invitedAgent, shownText } from './agent.ts';
import { Browsing, eventually, press, type Visitor } from './visitor.ts';

const browsing = new Browsing();
let app: TestApplication;
beforeEach(async () => {
  app = await startTestApplication({ AGENCY_NAME: '晴川备案' });
});
afterEach(() => app.stop());

async function customer(asking: string): Promise<Visitor> {
  const visitor = await browsing.visitor(app.url, { device: 'phone', troubled: true });
  await visitor.opens();
  await visitor.asks(asking);
  await visitor.asks('转人工');
  return visitor;
}

const spoken = ({ chat }: Visitor, name: string) => chat.getByRole('article', { name: `客服${name}说` });
const head = ({ chat }: Visitor) => chat.getByRole('heading').first();

const exactly = (label: string) => new RegExp(`^${label}$`);

/** Takes the one of the waiting customers who has said this last. */
async function takes(agent: AgentAtDesk, said: string): Promise<void> {
  await agent.waiting.getByRole('listitem').filter({ hasText: said }).getByRole('button', { name: /^接入/ }).click();
}

describe('a working day', () => {
  it('of two customers on their phones and two agents', { timeout: 180_000 }, async () => {
    const [wang, li] = [
      await invitedAgent(browsing, app, { login: 'wang', name: '王芳', role: 'supervisor' }),
      await invitedAgent(browsing, app, { login: 'li', name: '李明' }),
    ];
    const [shop, studio] = [await customer('域名冲突怎么办'), await customer('备案密码忘了怎么办')];
    expect(await shownText(shop.lastAnswer)).toContain('您排在最前面');
    expect(await shownText(studio.lastAnswer)).toContain('您排在第 2 位');

    // Both want the first customer: one gets them, and is the only one who can write.
    await Promise.allSettled([takes(wang, '域名冲突怎么办'), takes(li, '域名冲突怎么办')]);
    await spoken(shop, '').or(spoken(shop, '王芳')).or(spoken(shop, '李明')).first().waitFor();
    const [holder, other] = (await spoken(shop, '王芳').count()) > 0 ? [wang, li] : [li, wang];
    const [holding, looking] = holder === wang ? ['王芳', '李明'] : ['李明', '王芳'];
    await holder.reply.waitFor();
    await takes(other, '备案密码忘了怎么办');
    await spoken(studio, looking).first().waitFor();
    expect(await shownText(head(shop))).toBe(`客服 ${holding}`);

    await holder.says('您好，两个域名分别是什么？');
    await spoken(shop, holding).getByText('两个域名分别是什么').waitFor();
    await shop.field.pressSequentially('qing');
    await holder.log.getByText('客户正在输入').waitFor({ state: 'attached' });
    await shop.says('qingchuan.cn 和 qc.cn');
    await holder.log.getByText('qingchuan.cn 和 qc.cn').waitFor();
    // The bot says nothing beside the person, also to what it could answer.
    await shop.says('备案审核要多久');
    await holder.log.getByText('备案审核要多久').waitFor();

    // The phone goes through a tunnel, and the agent's network goes as well: nothing is missing and nothing comes twice.
    await shop.context.setOffline(true);
    await holder.says('隧道里发出的第一句');
    await shop.says('隧道里问的一句');
    await shop.context.setOffline(false);
    await holder.log.getByText('隧道里问的一句').waitFor();
    await holder.page.context().setOffline(true);
    await shop.says('客服断线时的一句');
    await holder.says('客服断线时的回复');
    await holder.page.context().setOffline(false);
    await spoken(shop, holding).getByText('客服断线时的回复').waitFor();
    await eventually(async () =>
      expect((await holder.said()).slice(-4)).toEqual(['隧道里发出的第一句', '隧道里问的一句', '客服断线时的一句', '客服断线时的回复']),
    );

    // Passed on, with a note that the customer never sees.
    await holder.button('转接').click();
    const option = holder.dialog.getByRole('option', { name: new RegExp(looking) });
    await option.waitFor({ state: 'attached' });
    await holder.dialog.getByLabel('转给').selectOption((await option.getAttribute('value')) ?? '');
    await holder.dialog.getByLabel('交接说明').fill('域名查过了，等客户定方案');
    await holder.dialog.getByRole('button', { name: '转接' }).click();
    await shop.answers.getByText(`正在为您转接${looking}`).waitFor();
    await other.waiting.getByText('域名查过了，等客户定方案').waitFor();
    await other.waiting.getByRole('button', { name: /^接入/ }).click();
    await spoken(shop, looking).first().waitFor();

    // Given back: rated, and the bot answers again.
    await other.button('结束会话').click();
    await other.button('结束并交回机器人').click();
    await shop.choice(exactly(ratingLabels.good)).waitFor();
    expect(await shownText(head(shop))).toBe('备案助手');
    await press(shop.choice(exactly(ratingLabels.good)));
    await shop.answers.getByText('谢谢您的评价').waitFor();
    expect(await shownText(await shop.asks('备案审核要多久'))).toContain('核对日期');

    // The studio ends it by itself.
    await studio.says('结束会话');
    await studio.choice(exactly(ratingLabels.fair)).waitFor();
    expect((await shop.transcript()).filter((line) => line.includes('域名查过了'))).toEqual([]);
    const own = (await shop.transcript()).filter((line) => line.startsWith('我说'));
    expect(new Set(own).size).toBe(own.length - 1); // only 备案审核要多久 was said twice
  });

  it('ends with a message when nobody is there', async () => {
    const agent = await invitedAgent(browsing, app, { login: 'zhao', name: '赵倩' });
    for (const each of await agent.page.context().pages()) await each.bringToFront();
    await agent.page.request.post(`${app.url}/desk/api/presence`, {
      data: { available: false },
      headers: { 'X-Desk': '1', origin: app.url },
    });
    const late = await browsing.visitor(app.url, { device: 'phone' });
    await late.opens();
    await late.asks('转人工');
    expect(await shownText(late.lastAnswer)).toContain('请留下手机号或微信号');
    await late.asks('13812345678，想办经营性许可证');
    await agent.page.getByText('13812345678，想办经营性许可证').waitFor();
  });
});
