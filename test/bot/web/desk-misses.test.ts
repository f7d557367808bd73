import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { note } from '../../../bot/conversations/conversation.ts';
import type { Desk } from '../../../bot/desk/desk.ts';
import { partitionOf } from '../../../bot/store/store.ts';
import { type Bench, openBench } from '../../support/conversations.ts';
import { type DeskServer, goodPassword, invite, serveWholeDesk } from '../../support/desk.ts';
import { copyKnowledge, type KnowledgeCopy } from '../../support/knowledge-copy.ts';
import { AgentAtDesk, desktop, faults, shownText, tablet } from './agent.ts';
import { lowContrasts } from './measures.ts';
import { Browsing, eventually, type Visit } from './visitor.ts';

// Each look at the whole knowledge base is a process of its own.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const browsing = new Browsing();
let bench: Bench;
let copy: KnowledgeCopy;
let desk: DeskServer & Desk;

beforeAll(async () => {
  bench = await openBench();
  copy = copyKnowledge();
  desk = await serveWholeDesk(bench, { knowledge: () => copy.live.current, missesFiles: copy.files });
  for (const question of ['更新备案会扣我余额不', '云平台上做变更会不会扣我余额', '改备案扣余额不', '狗粮哪个牌子好']) {
    const operations = note(question, { kind: 'miss', at: bench.store.now(), question, nearest: [] });
    await bench.store.apply(partitionOf(question), { operations });
  }
});
afterAll(async () => {
  desk.streams.close();
  await desk.close();
  await bench.close();
  copy.close();
});

const changeText = () => readFileSync(join(copy.files.knowledge.faq, 'change.yaml'), 'utf8');

/** A supervisor at the page about what was not answered. */
async function supervisor(login: string, visit: Visit = desktop): Promise<AgentAtDesk> {
  const code = await invite(desk.accounts, { login, name: '陈主管', role: 'supervisor' });
  const agent = new AgentAtDesk(await browsing.visitor(`${desk.url}/desk#invitation=${code}`, { ...visit, troubled: true }));
  await agent.page.getByLabel('新密码').fill(goodPassword);
  await agent.page.getByLabel('再输入一次').fill(goodPassword);
  await agent.button('保存并登录').click();
  await agent.page.getByRole('link', { name: '知识' }).click();
  await agent.page.getByText('2组待处理').waitFor({ timeout: 100_000 });
  return agent;
}

describe.each([
  ['a screen', desktop],
  ['a tablet', tablet],
])('for everybody, on %s', (size, visit) => {
  it('are the pages of knowledge and of figures', async () => {
    const chief = await supervisor(size === 'a screen' ? 'sun' : 'qian', visit);
    for (const name of ['知识', '数据']) {
      await chief.page.getByRole('link', { name, exact: true }).click();
      await chief.page.getByRole('heading').first().waitFor();
      await chief.page.getByText('正在读取…').waitFor({ state: 'detached', timeout: 100_000 });
      expect(await faults(chief), name).toEqual([]);
      expect(await chief.page.evaluate(lowContrasts), name).toEqual([]);
      expect(await chief.page.evaluate(() => document.documentElement.scrollWidth - innerWidth), name).toBeLessThanOrEqual(0);
    }
  });
});

describe('the page of questions without an answer', () => {
  it('tries phrasings, takes a yes, and takes it back', async () => {
    const chief = await supervisor('chen');
    const { page } = chief;
    const proposal = chief.region('处理这组问题');
    expect(await shownText(page.getByRole('list', { name: '问题分组' }))).toMatch(/3次[\s\S]*狗粮哪个牌子好/);
    expect(await page.getByLabel('归到哪个主题').locator('option:checked').textContent()).toMatch(/（\d+%）$/);
    await page.getByLabel(/^要补充的问法/).fill('更新备案扣不扣余额\n变更会不会扣我余额');
    expect(await chief.button('确认生效').count()).toBe(0);
    await chief.button('试一试').press('Enter');
    await chief.region('试的结果').getByText('首选主题正确').waitFor({ timeout: 100_000 });
    expect(await shownText(proposal)).toMatch(/[23] \/ 3 个会由这个主题直接回答/);
    await chief.button('确认生效').press('Enter');
    await page.getByText('1组待处理').waitFor({ timeout: 100_000 });
    expect(changeText()).toContain('- 变更会不会扣我余额\n');
    expect(await shownText(page.getByRole('row', { name: /补充问法/ }))).toContain('陈主管');
    await chief.button(/^撤销：/).press('Enter');
    await page.getByText('2组待处理').waitFor({ timeout: 100_000 });
    expect(changeText()).not.toContain('变更会不会扣我余额');
  });

  it('asks again before a yes when anything was changed after the trial, and says why nothing takes effect', async () => {
    const chief = await supervisor('zhang');
    await chief.page.getByLabel(/^要补充的问法/).fill('ICP备案是什么意思');
    await chief.button('试一试').click();
    await chief.region('试的结果').getByText('检查不通过').waitFor({ timeout: 100_000 });
    expect(await chief.button('确认生效').isDisabled()).toBe(true);
    await chief.page.getByLabel(/^要补充的问法/).fill('变更要钱不要钱呀');
    expect(await chief.button('确认生效').count()).toBe(0);
  });

  it('makes drafts and sets aside', async () => {
    const chief = await supervisor('li');
    const { page } = chief;
    await chief.button(/^狗粮哪个牌子好/).click();
    await chief.button('不处理').click();
    await chief.dialog.getByLabel('原因（可不填）').fill('与备案无关');
    await chief.dialog.getByRole('button', { name: '不再列出' }).click();
    await page.getByRole('row', { name: /狗粮.*不处理.*与备案无关/ }).waitFor({ timeout: 100_000 });
    await chief.button('起草新主题').click();
    await chief.dialog.getByLabel(/^标准问题/).fill('变更备案收费吗');
    await chief.dialog.getByRole('button', { name: '生成草稿' }).click();
    await eventually(async () => expect(await page.getByRole('link', { name: '下载表格' }).count()).toBe(1));
    await page.getByText('没有待处理的问题').waitFor({ timeout: 100_000 });
  });
});
