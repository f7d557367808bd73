import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Locator, Page } from 'playwright-core';
import type { TestApplication } from '../../support/application.ts';
import { goodPassword, inviteTo } from '../../support/desk.ts';
import type { Browsing, Visit, Visitor } from './visitor.ts';

export const desktop = { viewport: { width: 1280, height: 800 } };
export const tablet = { viewport: { width: 820, height: 1180 }, hasTouch: true };

/** A person of the agency in front of the desk. */
export class AgentAtDesk {
  readonly page: Page;
  readonly visitor: Visitor;

  constructor(visitor: Visitor) {
    this.visitor = visitor;
    this.page = visitor.page;
  }

  get reply(): Locator {
    return this.page.getByRole('textbox', { name: '回复客户' });
  }

  get dialog(): Locator {
    return this.page.getByRole('dialog');
  }

  get notice(): Locator {
    return this.page.locator('.notice.shown');
  }

  get log(): Locator {
    return this.page.getByRole('log', { name: '聊天记录' });
  }

  get waiting(): Locator {
    return this.page.getByRole('region', { name: '等待接入' });
  }

  region(name: string): Locator {
    return this.page.getByRole('region', { name, exact: true });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, ...(typeof name === 'string' && { exact: true }) });
  }

  tab(customer: string): Locator {
    return this.page.getByRole('navigation', { name: '打开的会话' }).getByRole('button', { name: customer }).first();
  }

  async signsIn(login: string, password: string): Promise<void> {
    await this.page.getByLabel('账号').fill(login);
    await this.page.getByLabel('密码').fill(password);
    await this.page.keyboard.press('Enter');
  }

  async claims(customer: string): Promise<void> {
    await this.button(`接入${customer}`).click();
    await this.reply.waitFor();
  }

  async says(text: string): Promise<void> {
    await this.reply.fill(text);
    await this.reply.press('Enter');
  }

  /** What was said in the conversation in front, without names and times. */
  said(): Promise<string[]> {
    return this.log.locator('.message .text').allInnerTexts();
  }
}

/** Somebody who comes to the desk of the whole program by the link of their invitation. */
export async function invitedAgent(
  browsing: Browsing,
  { url, dataDir }: TestApplication,
  draft: Parameters<typeof inviteTo>[1],
): Promise<AgentAtDesk> {
  const code = await inviteTo({ DATA_DIR: dataDir }, draft);
  const agent = new AgentAtDesk(await browsing.visitor(`${url}/desk#invitation=${code}`, { ...desktop, troubled: true }));
  await agent.page.getByLabel('新密码').fill(goodPassword);
  await agent.page.getByLabel('再输入一次').fill(goodPassword);
  await agent.button('保存并登录').click();
  await agent.waiting.waitFor();
  return agent;
}

/** Somebody who has signed in. */
export async function agentAt(browsing: Browsing, url: string, [login, password]: readonly [string, string], visit: Visit = {}) {
  // Before anybody is signed in the first question to the server is refused, which browsers report on the console.
  const agent = new AgentAtDesk(await browsing.visitor(`${url}/desk`, { ...desktop, ...visit, troubled: true }));
  await agent.signsIn(login, password);
  await agent.page.getByRole('heading', { name: /等待接入/ }).waitFor();
  return agent;
}

/** What of an element is to be seen, once it is there. */
export async function shownText(element: Locator): Promise<string> {
  await element.waitFor();
  return (await element.allInnerTexts()).join('\n');
}

/** What keeps people with a disability from using the page as it is now, and the elements at fault; only what is serious. */
export async function faults({ page }: AgentAtDesk): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) {
    await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  }
  const { violations } = await page.evaluate(() => {
    const { axe } = window as unknown as { axe: { run: (options: RunOptions) => Promise<AxeResults> } };
    return axe.run({ resultTypes: ['violations'] });
  });
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  return serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
}
