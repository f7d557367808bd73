import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApplication, type TestApplication } from '../../support/application.ts';
import { keepCase } from '../../support/kept-case.ts';
import { Visitor } from '../../support/visitor.ts';
import { faults, invitedAgent, shownText } from './agent.ts';
import { Browsing, eventually } from './visitor.ts';

const browsing = new Browsing();
let app: TestApplication;
beforeAll(async () => {
  app = await startTestApplication();
});
afterAll(() => app.stop());

const invited = (draft: Parameters<typeof invitedAgent>[2]) => invitedAgent(browsing, app, draft);

const spokenTo = async (visitor: Visitor) => (await visitor.transcript()).map(({ text = '' }) => text);

describe('the desk and the bot', () => {
  it('hand a customer over, through cuts, and back', async () => {
    const wang = await invited({ login: 'wang', name: '王芳', role: 'administrator' });
    const visitor = await Visitor.begin(app.url);
    await visitor.says('备案密码忘了怎么办');
    await visitor.says('转人工');

    await wang.waiting.getByText('客户要求人工').waitFor();
    expect(await shownText(wang.waiting.getByRole('listitem'))).toContain('备案密码忘了怎么办');
    await wang.page.keyboard.press('n');
    await wang.reply.waitFor();
    expect(await shownText(wang.region('问过机器人'))).toMatch(/备案密码忘了怎么办\s+答：.+ · 把握 \d+%/);
    await wang.log.getByText(/^答案把握 \d+%$/).waitFor();
    await wang.log.getByText(/^王芳已接入/).waitFor();

    await wang.says('您好，我帮您看一下');
    await eventually(async () => expect(await spokenTo(visitor)).toContain('您好，我帮您看一下'));
    await visitor.types();
    await wang.log.getByText('客户正在输入').waitFor({ state: 'attached' });

    await wang.page.context().setOffline(true);
    for (const text of ['第一句', '第二句', '第三句']) await visitor.says(text, { answered: false });
    await wang.says('断线时的回复');
    await wang.page.context().setOffline(false);
    await eventually(async () => expect(await spokenTo(visitor)).toContain('断线时的回复'));
    await eventually(async () =>
      expect((await wang.said()).slice(-5)).toEqual(['您好，我帮您看一下', '第一句', '第二句', '第三句', '断线时的回复']),
    );

    await wang.button('结束会话').click();
    await wang.button('结束并交回机器人').click();
    await eventually(async () => expect((await spokenTo(visitor)).at(-1)).toContain('这次人工服务您满意吗'));
  });

  it('pass a customer on with what is known of them', async () => {
    const [from, to] = [await invited({ login: 'li', name: '李明' }), await invited({ login: 'zhao', name: '赵倩' })];
    const visitor = await Visitor.begin(app.url);
    await visitor.says('转人工');
    await from.button(/^接入访客/).click();
    await from.reply.waitFor();
    await from.page.getByRole('textbox', { name: '写内部备注' }).fill('客户在江苏');
    await from.page.keyboard.press('Enter');
    await from.region('内部备注').getByText('客户在江苏').waitFor();
    await from.button('转接').click();
    const option = from.dialog.getByRole('option', { name: /赵倩/ });
    await option.waitFor({ state: 'attached' });
    await from.dialog.getByLabel('转给').selectOption((await option.getAttribute('value')) ?? '');
    await from.dialog.getByLabel('交接说明').fill('请看备注');
    await from.dialog.getByRole('button', { name: '转接' }).click();
    await to.waiting.getByText('李明转给您：请看备注').waitFor();
    await to.page.keyboard.press('n');
    await to.reply.waitFor();
    await to.region('内部备注').getByText('客户在江苏').waitFor();
    await from.page.getByText('赵倩在接待，您只能看').waitFor();
  });

  it('has canned replies and accounts kept', async () => {
    const chief = await invited({ login: 'chen', name: '陈立', role: 'administrator' });
    await chief.button(/^陈立/).click();
    await chief.button('快捷回复').click();
    await chief.button('新建').click();
    await chief.dialog.getByLabel('标题').fill('问好');
    await chief.dialog.getByLabel('内容').fill('{customer}好，我是{agent}。');
    await chief.button('保存').click();
    await chief.button('修改问好').waitFor();
    await chief.page.keyboard.press('Escape');
    await chief.page.getByRole('link', { name: '账号' }).click();
    await chief.button('新建账号').click();
    await chief.dialog.getByLabel('账号', { exact: true }).fill('chen');
    await chief.dialog.getByLabel('姓名（客户看得到）').fill('陈晨');
    await chief.button('建立并生成邀请链接').click();
    await eventually(async () => expect(await shownText(chief.dialog.getByRole('alert'))).toBe('这个账号已经有人用了'));
    await chief.dialog.getByLabel('账号', { exact: true }).fill('chenchen');
    await chief.button('建立并生成邀请链接').click();
    expect(await chief.dialog.getByLabel('链接', { exact: true }).inputValue()).toContain('/desk#invitation=');
    await chief.page.keyboard.press('Escape');
    await chief.page.getByRole('link', { name: '操作记录' }).click();
    await chief.page.getByRole('row', { name: /chen 新建账号 账号 chenchen/ }).waitFor();
    expect(await chief.button('更早的记录').count()).toBe(0);
  });

  it('find a case, give it to somebody, move it on and put it right', async () => {
    const chief = await invited({ login: 'sun', name: '孙悦', role: 'supervisor' });
    const visitor = await Visitor.begin(app.url);
    const number = await keepCase({ DATA_DIR: app.dataDir }, visitor.id);
    await keepCase({ DATA_DIR: app.dataDir }, 'another', { filingType: 'change', values: { filerName: '别家公司', filerProvince: '11' } });
    const { page } = chief;
    await page.getByRole('link', { name: '受理单' }).click();
    await eventually(async () => expect(await page.getByRole('row').count()).toBe(3));
    expect(await faults(chief)).toEqual([]);
    await page.getByRole('searchbox', { name: '找受理单' }).fill('明溪');
    await eventually(async () => expect(await page.getByRole('row').count()).toBe(2));
    await page.getByRole('link', { name: number }).click();

    await page.getByLabel('经办人').selectOption({ label: '孙悦（我）' });
    await chief.button('更新状态').click();
    expect(await faults(chief)).toEqual([]);
    await chief.dialog.getByLabel('改为').selectOption({ label: '已报给接入商' });
    await chief.dialog.getByLabel('给客户的说明（可不填）').fill('预计两天');
    await chief.button('保存并通知客户').click();
    await eventually(async () => expect(await shownText(chief.region('进度'))).toMatch(/已报给接入商[\s\S]*我们[\s\S]*预计两天/));
    await eventually(async () => expect((await spokenTo(visitor)).at(-1)).toContain('已报给接入商'));

    expect(await faults(chief)).toEqual([]);
    const items = chief.region('填写内容');
    expect(await shownText(items)).not.toContain('11010519491231002X');
    await items.getByRole('button', { name: /^查看.*证件号/ }).click();
    await chief.dialog.getByLabel('查看原因').fill('报接入商时核对');
    await chief.dialog.getByRole('button', { name: '查看' }).click();
    await chief.dialog.getByText('11010519491231002X').waitFor();
    await page.keyboard.press('Escape');
    await eventually(async () => expect(await shownText(chief.region('操作记录'))).toContain('查看证件号码'));

    await items.getByRole('button', { name: '更正联系手机' }).click();
    const mobile = chief.dialog.getByLabel('联系手机', { exact: true });
    await mobile.fill('12345');
    await chief.button('保存').click();
    await chief.dialog.getByRole('alert').waitFor();
    await mobile.fill('13711112222');
    await chief.button('保存').click();
    await items.getByText('137 1111 2222').or(items.getByText('13711112222')).waitFor();

    await chief.button('打开会话').click();
    await chief.log.waitFor();
    await page.getByRole('link', { name: '受理单' }).click();
    // What was looked for is still there.
    await eventually(async () => expect(await page.getByRole('row').count()).toBe(2));
    const [sheet] = await Promise.all([page.waitForEvent('download'), chief.button('导出表格').click()]);
    expect(sheet.suggestedFilename()).toBe('受理单.csv');
  });
});
