import { afterEach, describe, expect, it } from 'vitest';
import type { Desk } from '../../../bot/desk/desk.ts';
import { momentOf } from '../../../dialogs/china-day.ts';
import { type Bench, openBench } from '../../support/conversations.ts';
import { DeskBrowser, type DeskServer, goodPassword, invite, serveWholeDesk } from '../../support/desk.ts';
import { busyDesk, passwords } from '../../support/desk-samples.ts';
import { sampleCase, submitted } from '../../support/filing-case.ts';
import { type AgentAtDesk, agentAt, desktop, faults, tablet } from './agent.ts';
import { lowContrasts } from './measures.ts';
import { Browsing, eventually } from './visitor.ts';

const browsing = new Browsing();
const closings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});

const idNumber = '11010519491231002X';

/** The desk with a submitted case, and a supervisor who may reveal what is covered in it. */
async function withCase(): Promise<{ bench: Bench; desk: DeskServer & Desk; number: string }> {
  const bench = await openBench();
  closings.push(() => bench.close());
  const desk = await serveWholeDesk(bench);
  closings.push(() => desk.close());
  closings.push(async () => desk.streams.close());
  await DeskBrowser.invited(desk, await invite(desk.accounts, { login: 'wang.fang@example.com', name: '王芳', role: 'supervisor' }));
  const number = await bench.cases.reserve('A', 'draft', '2026-11-27');
  await bench.cases.save({ conversation: 'A', order: [1, 1], case: submitted(sampleCase(number)) });
  return { bench, desk, number };
}

/** Over all of what it is to mark, for cameras alone. */
async function marks({ page }: AgentAtDesk, marked: string): Promise<void> {
  const found = await page.locator(marked).evaluate((element) => {
    const mark = element.closest('.watermarked')?.querySelector('.watermark');
    if (!mark) return undefined;
    const [inner, outer] = [element.getBoundingClientRect(), mark.getBoundingClientRect()];
    const hit = document.elementFromPoint(inner.x + inner.width / 2, inner.y + inner.height / 2);
    return {
      covers: outer.left <= inner.left && outer.right >= inner.right && outer.top <= inner.top && outer.bottom >= inner.bottom,
      isHit: mark.contains(hit),
      hidden: mark.getAttribute('aria-hidden'),
    };
  });
  expect(found).toEqual({ covers: true, isHit: false, hidden: 'true' });
}

describe.each([
  ['a desktop', desktop],
  ['a tablet', tablet],
])('at %s a watermark', (_, visit) => {
  it('says over a revealed number who looks, and when in China', async () => {
    const { bench, desk, number } = await withCase();
    const wang = await agentAt(browsing, desk.url, ['wang.fang@example.com', goodPassword], visit);
    const { page, dialog } = wang;
    await page.goto(`${desk.url}/desk#/cases/${number}`);
    const items = wang.region('填写内容');
    await items.getByRole('button', { name: /^查看.*证件号/ }).click();
    await dialog.getByLabel('查看原因').fill('报接入商时核对');
    expect(await page.locator('.watermark').count()).toBe(0);
    await dialog.getByRole('button', { name: '查看' }).click();
    await dialog.getByText(idNumber).waitFor();
    const texts = dialog.locator('.watermark text');
    await eventually(async () =>
      expect(new Set(await texts.allTextContents())).toEqual(new Set(['wang.fang@example.com', `${momentOf(bench.store.now())} 查看`])),
    );
    await marks(wang, '.revealed');
    // It is neither copied nor read out.
    await dialog.getByText(idNumber).click({ clickCount: 3 });
    expect((await page.evaluate(() => String(getSelection()))).trim()).toBe(idNumber);
    expect(await dialog.ariaSnapshot()).not.toContain('wang.fang');
    expect(await faults(wang)).toEqual([]);
    expect(await page.evaluate(lowContrasts)).toEqual([]);
    await dialog.getByRole('button', { name: '关闭' }).last().click();
    expect(await page.locator('.watermark').count()).toBe(0);
  });

  it('lies over the pictures of a conversation, small and large', async () => {
    const desk = await busyDesk();
    closings.push(() => desk.stop());
    const wang = await agentAt(browsing, desk.url, ['wang', passwords.wang], visit);
    const { dialog } = wang;
    await wang.claims('陈女士');
    const small = wang.log.locator('.picture');
    await small.locator('img').scrollIntoViewIfNeeded();
    await eventually(async () => expect(await small.locator('.watermark').textContent()).toContain(`wang${momentOf(Date.now())} 查看`));
    await marks(wang, '.picture img');
    await wang.button('图片：营业执照.png').click();
    await dialog.getByRole('img').waitFor();
    await eventually(async () => expect(await dialog.getByRole('img').evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(720));
    await marks(wang, '.dialog img');
    expect(await dialog.locator('.watermark').textContent()).toContain('wang');
    expect(await faults(wang)).toEqual([]);
  });
});
