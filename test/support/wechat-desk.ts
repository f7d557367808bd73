import type { ConversationView, Queue, Role } from '../../bot/desk/desk-api.ts';
import type { TestApplication } from './application.ts';
import { DeskBrowser, inviteTo } from './desk.ts';

/** An agent at the desk of a whole program, over its API. */
export class Desk {
  readonly #browser: DeskBrowser;
  #messages = 0;

  private constructor(browser: DeskBrowser) {
    this.#browser = browser;
  }

  static async open(
    bot: TestApplication,
    { login = 'wang', name = '王芳', role = 'agent' as Role } = {},
    environment: Record<string, string> = {},
  ): Promise<Desk> {
    const code = await inviteTo({ DATA_DIR: bot.dataDir, ...environment }, { login, name, role });
    const desk = new Desk(await DeskBrowser.invited({ url: bot.url }, code));
    await desk.#browser.post('presence', { available: true });
    return desk;
  }

  async queue(): Promise<Queue> {
    return (await this.#browser.get<Queue>('queue')).body;
  }

  /** Takes who waits longest, and gives the conversation; waits until there is somebody. */
  async claimsNext(): Promise<string> {
    for (;;) {
      const { body } = await this.#browser.post<{ conversation?: string }>('next', {});
      if (body.conversation !== undefined) return body.conversation;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** As supervisors may: from the agent who has it. */
  async takesOver(conversation: string): Promise<void> {
    const held = (await this.queue()).held.find((each) => each.conversation === conversation);
    const { status } = await this.#browser.post(`conversations/${conversation}/take-over`, { from: held?.agent.id });
    if (status !== 204) throw new Error(`The desk answered ${status}.`);
  }

  async says(conversation: string, text: string): Promise<void> {
    this.#messages += 1;
    const { status } = await this.#browser.post(`conversations/${conversation}/messages`, { id: `m${this.#messages}`, text });
    if (status !== 200) throw new Error(`The desk answered ${status}.`);
  }

  async types(conversation: string): Promise<void> {
    await this.#browser.post(`conversations/${conversation}/typing`, {});
  }

  async completes(conversation: string): Promise<void> {
    await this.#browser.post(`conversations/${conversation}/complete`, {});
  }

  async view(conversation: string): Promise<ConversationView> {
    return (await this.#browser.get<ConversationView>(`conversations/${conversation}`)).body;
  }

  /** What the agent is told has not reached the customer, with its words. */
  async undelivered(conversation: string): Promise<{ text: string; reason: string; state: string }[]> {
    const { undelivered, entries } = await this.view(conversation);
    return undelivered.map(({ position, reason, state }) => ({
      text: entries.find((entry) => entry.position === position)?.text ?? '',
      reason,
      state,
    }));
  }
}
