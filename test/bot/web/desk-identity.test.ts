import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Desk } from '../../../bot/desk/desk.ts';
import { type Bench, openBench } from '../../support/conversations.ts';
import { DeskBrowser, type DeskServer, goodPassword, invite, serveWholeDesk } from '../../support/desk.ts';
import { sampleCase, submitted } from '../../support/filing-case.ts';
import { agentAt, faults, shownText, tablet } from './agent.ts';
import { Browsing, eventually } from './visitor.ts';

const idNumber = '11010519491231002X';

const browsing = new Browsing();
let bench: Bench;
let desk: DeskServer & Desk;
beforeEach(async () => {
  bench = await openBench();
  desk = await serveWholeDesk(bench);
});
afterEach(async () => {
  desk.streams.close();
  await desk.close();
  await bench.close();
});

describe('a covered number', () => {
  it.each([
    ['a desktop', {}],
    ['a tablet', tablet],
  ])('is opened at %s by who types the password anew, with the keyboard alone', async (_, device) => {
    await DeskBrowser.invited(desk, await invite(desk.accounts, { login: 'wang', name: '王芳', role: 'supervisor' }));
    const number = await bench.cases.reserve('A', 'draft', '2026-11-27');
    await bench.cases.save({ conversation: 'A', order: [1, 1], case: submitted(sampleCase(number)) });
    const wang = await agentAt(browsing, desk.url, ['wang', goodPassword], device);
    const { page, dialog } = wang;
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
