import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Desk } from '../../../bot/desk/desk.ts';
import { type Bench, openBench } from '../../support/conversations.ts';
import { DeskBrowser, type DeskServer, goodPassword, invite, serveWholeDesk } from '../../support/desk.ts';
import { sampleCase, submitted } from '../../support/filing-case.ts';
import { Phone, setUpPhone } from '../../support/phone.ts';
import { AgentAtDesk, agentAt, desktop, faults, shownText, tablet } from './agent.ts';
import { Browsing, eventually } from './visitor.ts';

const nextCodeMs = 30_000;
const idNumber = '11010519491231002X';

const browsing = new Browsing();
let bench: Bench;
let desk: DeskServer & Desk;
beforeEach(async () => {
  bench = await openBench();
  desk = await serveWholeDesk(bench, { secondFactor: 'supervisors' });
});
afterEach(async () => {
  desk.streams.close();
  await desk.close();
  await bench.close();
});

const atEntrance = async (device = {}, hash = '') =>
  new AgentAtDesk(await browsing.visitor(`${desk.url}/desk${hash}`, { ...desktop, ...device, troubled: true }));

describe('a second factor', () => {
  it.each([
    ['a desktop', {}],
    ['a tablet', tablet],
  ])('is set up at %s by whom it is required of, and then asked for, until it is reset', async (_, device) => {
    const code = await invite(desk.accounts, { login: 'wang', name: '王芳', role: 'administrator' });
    const wang = await atEntrance(device, `#invitation=${code}`);
    const { page, dialog } = wang;
    await page.getByLabel('新密码').fill(goodPassword);
    await page.getByLabel('再输入一次').fill(goodPassword);
    await page.keyboard.press('Enter');
    await page.getByRole('img', { name: '两步验证二维码' }).waitFor();
    expect(await faults(wang)).toEqual([]);
    const phone = new Phone(await shownText(page.locator('.secret')), () => bench.store.now());
    // The field for the code has the focus.
    await page.keyboard.type('000000');
    await page.keyboard.press('Enter');
    expect(await shownText(page.getByRole('alert'))).toBe('验证码不对或已用过，请填最新的一个');
    await page.getByLabel('验证码').fill(phone.code());
    await page.keyboard.press('Enter');
    await page.getByRole('list', { name: '恢复码' }).waitFor();
    const codes = await page.getByRole('list', { name: '恢复码' }).getByRole('listitem').allInnerTexts();
    expect(codes).toHaveLength(10);
    expect(await faults(wang)).toEqual([]);
    await wang.button('已保存好，进入工作台').press('Enter');
    await wang.waiting.waitFor();

    // The next day, the phone is at home.
    await page.getByRole('button', { name: '王芳' }).click();
    await wang.button('退出登录').click();
    await wang.signsIn('wang', goodPassword);
    await page.getByLabel('验证码').waitFor();
    expect(await faults(wang)).toEqual([]);
    await page.keyboard.type(codes[0] ?? '');
    await page.keyboard.press('Enter');
    await wang.waiting.waitFor();
    await page.getByRole('button', { name: '王芳' }).click();
    await wang.button('两步验证').click();
    await dialog.getByText('恢复码还剩9个').waitFor();
    await dialog.getByRole('button', { name: '关闭两步验证' }).click();
    await dialog.getByRole('button', { name: '关闭', exact: true }).last().click();
    expect(await shownText(dialog.getByRole('alert'))).toBe('您的角色必须开启两步验证，不能关闭');
    await page.keyboard.press('Escape');

    const li = await DeskBrowser.invited(desk, await invite(desk.accounts, { login: 'li', name: '李明' }));
    await setUpPhone(li, () => bench.store.now());
    bench.advance(11 * 60_000);
    await page.getByRole('link', { name: '账号' }).click();
    await wang.button('重置两步验证：李明').click();
    await dialog.getByRole('button', { name: '重置' }).click();
    await dialog.getByLabel('登录密码').fill(goodPassword);
    expect(await faults(wang)).toEqual([]);
    await page.keyboard.press('Enter');
    await wang.button('重置两步验证：李明').waitFor({ state: 'detached' });
    expect((await li.get('session')).status).toBe(401);
  });

  it('is set up by who wants one', async () => {
    await DeskBrowser.invited(desk, await invite(desk.accounts, { login: 'li', name: '李明' }));
    const li = await agentAt(browsing, desk.url, ['li', goodPassword]);
    const { page, dialog } = li;
    await page.getByRole('button', { name: '李明' }).click();
    await li.button('两步验证').click();
    await dialog.getByRole('button', { name: '开启' }).click();
    await dialog.getByLabel('验证码').fill(new Phone(await shownText(dialog.locator('.secret')), () => bench.store.now()).code());
    await page.keyboard.press('Enter');
    await dialog.getByRole('list', { name: '恢复码' }).waitFor();
    expect(await faults(li)).toEqual([]);
    await li.button('已保存好').click();
    await page.getByRole('button', { name: '李明' }).click();
    await li.button('两步验证').click();
    await dialog.getByRole('button', { name: '关闭两步验证' }).click();
    await dialog.getByRole('button', { name: '关闭', exact: true }).last().click();
    await li.notice.getByText('两步验证已关闭').waitFor();
  });
});

describe('a covered number', () => {
  it.each([
    ['a desktop', {}],
    ['a tablet', tablet],
  ])('is opened at %s by who types the password anew, with the keyboard alone', async (_, device) => {
    const { phone } = await setUpPhone(
      await DeskBrowser.invited(desk, await invite(desk.accounts, { login: 'wang', name: '王芳', role: 'supervisor' })),
      () => bench.store.now(),
    );
    bench.advance(nextCodeMs);
    const number = await bench.cases.reserve('A', 'draft', '2026-11-27');
    await bench.cases.save({ conversation: 'A', order: [1, 1], case: submitted(sampleCase(number)) });
    const wang = await atEntrance(device);
    await wang.signsIn('wang', goodPassword);
    const { page, dialog } = wang;
    await page.getByLabel('验证码').waitFor();
    await page.keyboard.type(phone.code());
    await page.keyboard.press('Enter');
    await wang.waiting.waitFor();
    await page.goto(`${desk.url}/desk#/cases/${number}`);
    bench.advance(11 * 60_000);

    await page.getByRole('button', { name: /^查看.*证件号/ }).press('Enter');
    await page.keyboard.type('报接入商时核对');
    await page.keyboard.press('Enter');
    await dialog.getByLabel('登录密码').waitFor();
    expect(await shownText(dialog.getByRole('alert'))).toBe('离上次验证身份超过10分钟了，请先确认是您本人');
    expect(await faults(wang)).toEqual([]);

    // The password has the focus, and what was written stays.
    await page.keyboard.type('不是这个密码');
    await page.keyboard.press('Enter');
    await eventually(async () => expect(await shownText(dialog.getByRole('alert'))).toBe('现在的密码不对'));
    expect(await dialog.getByLabel('查看原因').inputValue()).toBe('报接入商时核对');
    await dialog.getByLabel('登录密码').fill(goodPassword);
    await page.keyboard.press('Enter');
    await dialog.getByText(idNumber).waitFor();
    await page.keyboard.press('Escape');
    await eventually(async () => expect(await shownText(wang.region('操作记录'))).toContain('查看证件号码'));
  });
});
