import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Desk } from '../../../bot/desk/desk.ts';
import { type Bench, openBench } from '../../support/conversations.ts';
import { DeskBrowser, type DeskServer, goodPassword, invite, serveWholeDesk } from '../../support/desk.ts';
import { sampleCase, sampleValues, submitted } from '../../support/filing-case.ts';
import { isThorough } from '../../support/sample.ts';
import { decrypt } from '../../support/unzip.ts';
import { rowsIn } from '../../support/workbook.ts';
import { agentAt, desktop, faults, shownText } from './agent.ts';
import { Browsing, eventually } from './visitor.ts';

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };

const browsing = new Browsing();
let bench: Bench;
let desk: DeskServer & Desk;
let number: string;
beforeEach(async () => {
  bench = await openBench();
  desk = await serveWholeDesk(bench);
  await DeskBrowser.invited(desk, await invite(desk.accounts, { login: 'wang', name: '王芳', role: 'supervisor' }));
  await DeskBrowser.invited(desk, await invite(desk.accounts, { login: 'li', name: '李明' }));
  number = await kept('A', '44');
  await kept('B', '31');
});
afterEach(async () => {
  desk.streams.close();
  await desk.close();
  await bench.close();
});

async function kept(conversation: string, filerProvince: string): Promise<string> {
  const reserved = await bench.cases.reserve(conversation, 'draft', '2026-11-27');
  const filed = submitted(sampleCase(reserved, { values: { ...sampleValues, filerProvince } }));
  await bench.cases.save({ conversation, order: [1, 1], case: filed });
  return reserved;
}

const anotherSupervisor = async () =>
  DeskBrowser.invited(desk, await invite(desk.accounts, { login: 'zhao', name: '赵敏', role: 'supervisor' }));

describe('a full export', () => {
  it.each([['a desktop', desktop] as const, ...(isThorough ? [['a phone', phone] as const] : [])])(
    'at %s is asked for by one supervisor, agreed to by another, fetched once, and stands at its cases',
    async (_, device) => {
      await anotherSupervisor();
      const wang = await agentAt(browsing, desk.url, ['wang', goodPassword], device);
      const zhao = await agentAt(browsing, desk.url, ['zhao', goodPassword], device);
      bench.advance(11 * 60_000);

      await wang.page.goto(`${desk.url}/desk#/cases`);
      await wang.page.getByLabel('省份').selectOption({ label: '省份：全部' });
      await wang.page.getByLabel('省份').selectOption('44');
      await wang.page.getByText('共1张').waitFor();
      await wang.button('完整导出…').click();
      await eventually(async () => expect(await shownText(wang.dialog)).toMatch(/范围（现在1张）\s*省份：广东/));
      expect(await faults(wang)).toEqual([]);
      // The field for the reason has the focus.
      await wang.page.keyboard.type('核对13812345678的资料');
      await wang.page.keyboard.press('Enter');
      await eventually(async () =>
        expect(await shownText(wang.dialog.getByRole('alert'))).toBe('理由会长期留存，请不要写手机号、证件号这类数字'),
      );
      await wang.dialog.getByLabel(/理由/).fill('迁移到新的系统');
      await wang.page.keyboard.press('Enter');
      await wang.dialog.getByLabel('登录密码').waitFor();
      await wang.page.keyboard.type(goodPassword);
      await wang.page.keyboard.press('Enter');
      await wang.notice.getByText('申请已提交，请另一位主管同意').waitFor();
      const own = wang.page.getByRole('listitem').filter({ hasText: '（我）申请导出1张' });
      expect(await shownText(own)).toMatch(/等待同意[\s\S]*省份：广东[\s\S]*迁移到新的系统[\s\S]*前没有人同意就失效/);
      expect(await own.getByRole('button').allInnerTexts()).toEqual(['撤回']);
      expect(await faults(wang)).toEqual([]);

      // The other has it shown beside the name of the page.
      await zhao.page.getByRole('link', { name: /^完整导出\s*1$/ }).click();
      const asked = zhao.page.getByRole('listitem').filter({ hasText: '王芳' });
      expect(await shownText(asked)).toMatch(/省份：广东[\s\S]*迁移到新的系统/);
      expect(await faults(zhao)).toEqual([]);
      await zhao.button('同意王芳的申请').click();
      expect(await shownText(zhao.dialog)).toMatch(/王芳将得到1张受理单的全部内容，证件号码不遮盖/);
      await zhao.dialog.getByRole('button', { name: '同意' }).click();
      await zhao.dialog.getByLabel('登录密码').waitFor();
      await zhao.page.keyboard.type(goodPassword);
      await zhao.page.keyboard.press('Enter');
      await zhao.notice.getByText('已同意，申请人可以下载了').waitFor();

      // It comes to the page of who asked by itself.
      await own.getByRole('button', { name: '下载' }).click();
      const [download] = await Promise.all([wang.page.waitForEvent('download'), wang.dialog.getByRole('button', { name: '下载' }).click()]);
      await wang.dialog.getByText('文件已下载').waitFor();
      expect(await faults(wang)).toEqual([]);
      const password = await shownText(wang.dialog.locator('.revealed'));
      expect(await shownText(wang.dialog)).toMatch(/文件里有1张受理单。\s*Windows自带的解压打不开/);
      expect(download.suggestedFilename()).toBe('受理单完整导出.zip');
      const archive = readFileSync(await download.path());
      await expect(decrypt(archive, 'another')).rejects.toThrow();
      const rows = rowsIn((await decrypt(archive, password))[0]?.content ?? Buffer.alloc(0));
      expect(rows.slice(1).map(([first]) => first)).toEqual([number]);
      expect(rows[1]).toContain('11010519491231002X');

      await wang.page.keyboard.press('Escape');
      expect(await own.getByRole('button').allInnerTexts()).toEqual(['再看一次密码']);
      await wang.button('再看一次密码').click();
      expect(await shownText(wang.dialog.locator('.revealed'))).toBe(password);
      await wang.page.goto(`${desk.url}/desk#/cases/${number}`);
      await eventually(async () => expect(await shownText(wang.region('操作记录'))).toMatch(/完整导出（未遮盖）[\s\S]*王芳/));
      await wang.page.goto(`${desk.url}/desk#/exports`);
      await eventually(async () => expect(await shownText(own)).toMatch(/已下载/));
      expect(await wang.button('再看一次密码').count()).toBe(0);
    },
  );

  it('that is refused says why, and can be asked for anew', async () => {
    const zhao = await anotherSupervisor();
    const wang = await agentAt(browsing, desk.url, ['wang', goodPassword]);
    await zhao.post('full-exports', { filter: {}, reason: '年度核对' });
    await wang.page.goto(`${desk.url}/desk#/exports`);
    await wang.button('拒绝赵敏的申请').click();
    await wang.dialog.getByLabel(/原因/).fill('范围太大');
    await wang.page.keyboard.press('Enter');
    const line = wang.page.getByRole('listitem').filter({ hasText: '赵敏' });
    await eventually(async () => expect(await shownText(line)).toMatch(/已拒绝[\s\S]*范围\s*全部受理单[\s\S]*范围太大[\s\S]*由王芳拒绝/));
    expect(await line.getByRole('button').count()).toBe(0);
    expect(await faults(wang)).toEqual([]);
  });

  it('that was asked for can be withdrawn, and until then there is no other', async () => {
    await anotherSupervisor();
    const wang = await agentAt(browsing, desk.url, ['wang', goodPassword]);
    await wang.page.goto(`${desk.url}/desk#/cases`);
    await wang.button('完整导出…').click();
    await wang.dialog.getByLabel(/理由/).fill('年度核对');
    await wang.page.keyboard.press('Enter');
    await wang.button('撤回').waitFor();
    await wang.page.getByRole('link', { name: '受理单' }).click();
    await wang.button('完整导出…').click();
    await wang.dialog.getByText('您已经有一个申请').waitFor();
    await wang.dialog.getByRole('link', { name: '去看我的申请' }).click();
    await wang.button('撤回').click();
    await wang.dialog.getByRole('button', { name: '撤回' }).click();
    await wang.page.getByText('现在没有申请').waitFor();
  });

  it('takes another supervisor, and the desk says so where there is none', async () => {
    const wang = await agentAt(browsing, desk.url, ['wang', goodPassword]);
    await wang.page.goto(`${desk.url}/desk#/exports`);
    await wang.page.getByText(/完整导出要由另一位主管同意，现在主管只有您一位/).waitFor();
    expect(await faults(wang)).toEqual([]);
    await wang.page.goto(`${desk.url}/desk#/cases`);
    await wang.button('完整导出…').click();
    await wang.dialog.getByText(/完整导出要由另一位主管同意，现在主管只有您一位/).waitFor();
    expect(await wang.dialog.getByRole('textbox').count()).toBe(0);
  });

  it('is not offered to agents', async () => {
    const li = await agentAt(browsing, desk.url, ['li', goodPassword]);
    await li.page.goto(`${desk.url}/desk#/cases`);
    await li.page.getByText('共2张').waitFor();
    expect(await li.button('完整导出…').count()).toBe(0);
    expect(await li.page.getByRole('link', { name: '完整导出' }).count()).toBe(0);
  });
});
