import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Desk } from '../../../bot/desk/desk.ts';
import { consentAsked } from '../../../bot/privacy/consents.ts';
import { Files } from '../../../bot/store/files.ts';
import { partitionOf } from '../../../bot/store/store.ts';
import { type Bench, openBench } from '../../support/conversations.ts';
import { DeskBrowser, type DeskServer, goodPassword, invite, serveWholeDesk } from '../../support/desk.ts';
import { sampleCase, sampleDocument, sampleValues, submitted } from '../../support/filing-case.ts';
import { unzip } from '../../support/unzip.ts';
import { rowsIn } from '../../support/workbook.ts';
import { agentAt, faults, shownText, tablet } from './agent.ts';
import { Browsing, eventually } from './visitor.ts';

const photo = sharp({ create: { width: 60, height: 40, channels: 3, background: '#a40' } }).jpeg();
const browsing = new Browsing();
let bench: Bench;
let desk: DeskServer & Desk;
let number: string;
beforeEach(async () => {
  bench = await openBench();
  desk = await serveWholeDesk(bench);
  await DeskBrowser.invited(desk, await invite(desk.accounts, { login: 'wang', name: '王芳', role: 'supervisor' }));
  await DeskBrowser.invited(desk, await invite(desk.accounts, { login: 'li', name: '李明' }));
  const files = new Files(`${bench.folder}/files`, bench.keys);
  const { name } = await files.save(Readable.from([await photo.toBuffer()]));
  number = await bench.cases.reserve('A', 'draft', '2026-11-27');
  const values = { ...sampleValues, accessProvider: '某某云' };
  const filed = submitted(sampleCase(number, { values, documents: [{ ...sampleDocument(name), kind: 'filer-certificate' }] }));
  await bench.cases.save({ conversation: 'A', order: [1, 1], case: filed });
  const operations = consentAsked(
    { kind: 'recordConsent', purpose: 'general', given: true, text: '您同意吗？', version: 1, caseNumber: number },
    { id: 'A', channel: 'direct-line' },
    bench.store.now(),
  );
  await bench.store.apply(partitionOf('A'), { operations });
});
afterEach(async () => {
  desk.streams.close();
  await desk.close();
  await bench.close();
});

describe('a package for the access provider', () => {
  it.each([
    ['a desktop', {}],
    ['a tablet', tablet],
  ])('is made at %s by who has seen what goes out, and stands in the ledger', async (_, device) => {
    const wang = await agentAt(browsing, desk.url, ['wang', goodPassword], device);
    const { page, dialog } = wang;
    await page.goto(`${desk.url}/desk#/cases/${number}`);
    bench.advance(11 * 60_000);

    await wang.button('生成备案资料包').click();
    const contents = dialog.locator('.contents');
    const shown = await shownText(contents);
    expect(shown).toMatch(/主体负责人证件号（不遮盖）/);
    expect(shown).toMatch(/交出的材料（1份）\s*营业执照\.jpg/);
    expect(shown).toMatch(/个人信息：.*（第1版）\s*没有证件号码的同意记录，请先征得客户同意。/);
    expect(shown).not.toMatch(/11010519491231002X|以前交出过/);
    const recipient = dialog.getByLabel('接收方（接入服务商名称）');
    expect(await recipient.inputValue()).toBe('某某云');
    expect(await dialog.getByLabel('用途').inputValue()).toBe('代为提交ICP备案');
    expect(await faults(wang)).toEqual([]);

    // The field has the focus; another provider than the customer has chosen is worth a word.
    await page.keyboard.type('北京');
    expect(await recipient.inputValue()).toContain('北京');
    await recipient.fill('另一家云');
    await dialog.getByText('客户填的接入商是“某某云”').waitFor();
    await recipient.fill('某某云计算有限公司');
    expect(await dialog.getByText('客户填的接入商是“某某云”').count()).toBe(0);
    await dialog.getByLabel('用途').fill('核对13812345678');
    await page.keyboard.press('Enter');
    await eventually(async () => expect(await shownText(dialog.getByRole('alert'))).toBe('接收方和用途里不要写手机号、证件号这类数字'));
    await dialog.getByLabel('用途').fill('代为提交ICP备案');
    await page.keyboard.press('Enter');
    await dialog.getByLabel('登录密码').waitFor();
    expect(await faults(wang)).toEqual([]);
    await page.keyboard.type(goodPassword);
    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
    expect(download.suggestedFilename()).toBe(`备案资料包-${number}.zip`);
    const entries = unzip(readFileSync(await download.path()));
    expect(entries.map(({ name }) => name)).toEqual(['备案资料.xlsx', '营业执照.jpg']);
    expect(rowsIn(entries[0]?.content ?? Buffer.alloc(0))).toContainEqual(['主体负责人', '主体负责人证件号', '11010519491231002X']);

    await wang.notice.getByText('资料包已下载，并记入交付台账').waitFor();
    await eventually(async () => expect(await shownText(wang.region('操作记录'))).toMatch(/交出备案资料包[\s\S]*某某云计算有限公司/));
    await wang.button('生成备案资料包').click();
    await dialog.getByText('以前交出过').waitFor();
    await page.keyboard.press('Escape');

    await page.getByRole('link', { name: '交付台账' }).click();
    const row = page.getByRole('row').last();
    await eventually(async () =>
      expect(await shownText(row)).toMatch(new RegExp(`wang\\s+${number}\\s+某某云计算有限公司\\s+代为提交ICP备案\\s+13项，1份材料`)),
    );
    await row.getByText('13项，1份材料').click();
    await row.getByText(/主体名称、.*主体证件/).waitFor();
    // All lines are there.
    expect(await wang.button('更早的记录').count()).toBe(0);
    expect(await faults(wang)).toEqual([]);
    await page.getByRole('link', { name: number }).click();
    await wang.region('操作记录').waitFor();
  });

  it('is not offered to agents, who have no ledger either', async () => {
    const li = await agentAt(browsing, desk.url, ['li', goodPassword]);
    await li.page.goto(`${desk.url}/desk#/cases/${number}`);
    await li.button('更新状态').waitFor();
    expect(await li.button('生成备案资料包').count()).toBe(0);
    expect(await li.page.getByRole('link', { name: '交付台账' }).count()).toBe(0);
  });

  it('is not made of a case that is not complete, and the desk says why', async () => {
    await bench.cases.setState(number, 'cancelled', { by: '王芳 (wang)' });
    const wang = await agentAt(browsing, desk.url, ['wang', goodPassword]);
    await wang.page.goto(`${desk.url}/desk#/cases/${number}`);
    await wang.button('生成备案资料包').click();
    expect(await shownText(wang.dialog.getByRole('alert'))).toBe('客户还没提交、已经办结，或证件号码还没收齐，现在不能生成');
    expect(await faults(wang)).toEqual([]);
  });
});

describe('a document of a case', () => {
  it('is downloaded as what it is given out as, and the desk says why where it is not', async () => {
    const files = new Files(`${bench.folder}/files`, bench.keys);
    const saved = async (content: Buffer) => (await files.save(Readable.from([content]))).name;
    const picture = sharp({ create: { width: 60, height: 40, channels: 3, background: '#a40' } });
    const webp = { ...sampleDocument(await saved(await picture.webp().toBuffer())), name: '执照.webp', contentType: 'image/webp' };
    const broken = { ...sampleDocument(await saved((await photo.toBuffer()).subarray(0, 200))), name: '坏的.jpg' };
    number = await bench.cases.reserve('B', 'draft', '2026-11-27');
    await bench.cases.save({ conversation: 'B', order: [1, 1], case: submitted(sampleCase(number, { documents: [webp, broken] })) });
    const li = await agentAt(browsing, desk.url, ['li', goodPassword]);
    await li.page.goto(`${desk.url}/desk#/cases/${number}`);
    const documents = li.region('材料');
    const [download] = await Promise.all([li.page.waitForEvent('download'), documents.getByRole('link', { name: '执照.webp' }).click()]);
    expect(download.suggestedFilename()).toBe('执照.jpg');
    expect((await sharp(await download.path()).metadata()).format).toBe('jpeg');
    await documents.getByRole('link', { name: '坏的.jpg' }).click();
    await eventually(async () =>
      expect(await shownText(documents.getByRole('alert'))).toBe('这张图片打不开，可能已损坏，请让客户重新发一张'),
    );
    expect(await faults(li)).toEqual([]);
  });
});
