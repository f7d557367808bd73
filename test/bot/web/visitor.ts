import type { Browser, BrowserContext, BrowserContextOptions, FrameLocator, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest';
import { launchChromium } from '../../support/chromium.ts';
import { isThorough } from '../../support/sample.ts';

export const devices = {
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  desktop: { viewport: { width: 1280, height: 800 } },
} as const;

export type Device = keyof typeof devices;

/**
 * What flows that go alike everywhere are tried on: the phone, which customers come with, and both when it is to be thorough. What differs
 * by the device names it, and a visitor of whom nothing is said is at a desktop.
 */
export const everyDevice: readonly Device[] = isThorough ? (Object.keys(devices) as Device[]) : ['phone'];

export interface Visit extends BrowserContextOptions {
  device?: Device;
  /** For tests that take something away: what the browser then reports is no fault. */
  troubled?: boolean;
  /** Runs in every page and frame before their own scripts. */
  before?: () => void;
}

/** One browser for all tests of a file. After each test its visitors leave, and what went wrong on their pages is reported. */
export class Browsing {
  #browser: Browser | undefined;
  #visitors: Visitor[] = [];

  constructor(browser: Parameters<typeof launchChromium>[0] = {}) {
    beforeAll(async () => {
      this.#browser = await launchChromium(browser);
    });
    afterEach(async () => {
      const visitors = this.#visitors.splice(0);
      await Promise.all(visitors.map(({ context }) => context.close()));
      expect(visitors.flatMap(({ troubles }) => troubles)).toEqual([]);
    });
    afterAll(() => this.#browser?.close());
  }

  /** Somebody who comes to a page with a browser of their own. */
  async visitor(url: string, { device = 'desktop', troubled = false, before, ...options }: Visit = {}): Promise<Visitor> {
    const context = await (this.#browser as Browser).newContext({ ...devices[device], locale: 'zh-CN', ...options });
    if (before) await context.addInitScript(before);
    const visitor = new Visitor(context, await context.newPage(), troubled);
    this.#visitors.push(visitor);
    await visitor.page.goto(url, { waitUntil: 'commit' });
    return visitor;
  }

  /** The same person with the same page in a second tab. */
  async secondTab({ context, page }: Visitor): Promise<Visitor> {
    const tab = new Visitor(context, await context.newPage(), false);
    this.#visitors.push(tab);
    await tab.page.goto(page.url(), { waitUntil: 'commit' });
    return tab;
  }
}

/** A person in front of a page with the widget. */
export class Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly chat: FrameLocator;
  /** Errors on the console, uncaught errors, and requests that failed or went to another host. */
  readonly troubles: string[] = [];
  readonly requested: string[] = [];

  constructor(context: BrowserContext, page: Page, troubled: boolean) {
    this.context = context;
    this.page = page;
    this.chat = page.frameLocator('iframe[title="备案助手"]');
    page.on('request', (request) => this.requested.push(request.url()));
    if (troubled) return;
    page.on('console', (message) => message.type() === 'error' && this.troubles.push(message.text()));
    page.on('pageerror', (error) => this.troubles.push(error.message));
    page.on('response', (response) => response.status() >= 400 && this.troubles.push(`${response.status()} ${response.url()}`));
    page.on('requestfailed', (request) => {
      // A page that is left takes back what it was still asking for.
      if (request.failure()?.errorText !== 'net::ERR_ABORTED') this.troubles.push(`${request.failure()?.errorText} ${request.url()}`);
    });
  }

  get button(): Locator {
    return this.page.getByRole('button', { name: /备案助手/ });
  }

  get field(): Locator {
    return this.chat.getByRole('textbox', { name: /^请输入/ });
  }

  get log(): Locator {
    return this.chat.getByRole('log', { name: '对话' });
  }

  get messages(): Locator {
    return this.chat.getByRole('article');
  }

  get ownMessages(): Locator {
    return this.chat.getByRole('article', { name: '我说' });
  }

  get answers(): Locator {
    return this.chat.getByRole('article', { name: '助手说' });
  }

  get lastAnswer(): Locator {
    return this.answers.last();
  }

  choice(label: string | RegExp): Locator {
    return this.chat.getByRole('log').getByRole('button', { name: label });
  }

  /** Opens the panel and waits for the conversation to be there. */
  async opens(): Promise<void> {
    // The browser draws only the tab in front, and what is not drawn cannot be pressed.
    await this.page.bringToFront();
    await press(this.button);
    await this.lastAnswer.waitFor();
  }

  /** Picks files as in the browser's own dialog. */
  async picks(...files: PickedFile[]): Promise<void> {
    await this.chat.locator('input[type=file]').setInputFiles(files);
  }

  async says(text: string): Promise<void> {
    await this.page.bringToFront();
    await this.field.fill(text);
    await this.field.press('Enter');
  }

  /** Says something and gives the answer to it. */
  async asks(text: string): Promise<Locator> {
    return this.answerAfter(() => this.says(text));
  }

  async answerAfter(act: () => Promise<void>): Promise<Locator> {
    const before = await this.answers.count();
    await act();
    const answer = this.answers.nth(before);
    await answer.waitFor();
    return answer;
  }

  /** Who said what, without the buttons below it. */
  transcript(): Promise<string[]> {
    return this.messages.evaluateAll((articles) =>
      articles.map((article) => {
        const bubble = article.querySelector('.bubble')?.cloneNode(true) as Element;
        bubble.querySelector('.feedback')?.remove();
        return `${article.ariaLabel}：${bubble.textContent}`;
      }),
    );
  }

  /** Runs inside the widget's frame. */
  inChat<T>(read: (body: HTMLElement) => T): Promise<T> {
    return this.chat.locator('body').evaluate(read as (body: SVGElement | HTMLElement) => T) as Promise<T>;
  }
}

export interface PickedFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** Touches where there is a touch screen, clicks where there is a mouse. */
export async function press(target: Locator): Promise<void> {
  const touch = await target.page().evaluate(() => matchMedia('(pointer: coarse)').matches);
  await (touch ? target.tap() : target.click());
}

/** Waits until what is expected has come about; playwright-core has no assertions of its own. */
export function eventually(check: () => Promise<void> | void): Promise<void> {
  return vi.waitFor(check, { timeout: 10_000, interval: 30 });
}

/** A word that the knowledge base, as it is now, answers with suggestions. */
export async function ambiguousQuestion(url: string): Promise<string> {
  for (const question of ['变更', '备案号', '材料', '网站要怎么弄', '备案']) {
    const found = await fetch(`${url}/api/faq/search?q=${encodeURIComponent(question)}`);
    const { decision } = (await found.json()) as { decision: string };
    if (decision === 'suggest') return question;
  }
  throw new Error('Every word of the list is answered or refused now: add one that the bot asks back about.');
}
