import type { TranscriptEntry } from '../conversations/conversation.ts';
import type { Conversations } from '../conversations/conversations.ts';
import { botId } from '../turns/turns.ts';
import type { FilingBot, IncomingActivity } from './filing-bot.ts';

export const terminalChannel = 'terminal';

const conversation = 'terminal';
const customer = { id: 'terminal-user', name: '' };

/** One conversation with whoever sits at the terminal, through the same turns as every other channel. */
export class TerminalAdapter {
  readonly #bot: FilingBot;
  readonly #conversations: Conversations;
  readonly #print: (text: string) => void;
  #said = 0;
  #printed = 0;
  #showing = Promise.resolve();

  constructor(bot: FilingBot, conversations: Conversations, print: (text: string) => void) {
    this.#bot = bot;
    this.#conversations = conversations;
    this.#print = print;
  }

  async start(): Promise<void> {
    await this.#conversations.start({ id: conversation, channel: terminalChannel, user: customer });
    this.#conversations.watch(conversation, () => {
      this.#showing = this.#showing.then(() => this.#show());
    });
    await this.#receive({ type: 'conversationUpdate', membersAdded: [customer] });
  }

  /** Resolves when the message is kept. */
  async say(text: string): Promise<void> {
    this.#said += 1;
    await this.#receive({ type: 'message', text, id: `line-${this.#said}` });
  }

  /** Resolves when all that was said so far is printed. */
  async shown(): Promise<void> {
    await this.#showing;
  }

  async #receive(activity: Pick<IncomingActivity, 'type' | 'id' | 'text' | 'membersAdded'>): Promise<void> {
    const sides = { conversation: { id: conversation }, from: customer, recipient: { id: botId } };
    await this.#bot.receive({ ...activity, channelId: 'terminal', ...sides });
  }

  async #show(): Promise<void> {
    const entries: TranscriptEntry[] = await this.#conversations.transcript(conversation, this.#printed, 100);
    for (const { position, activity } of entries) {
      this.#printed = position;
      if (activity.from.role === 'bot' && activity.text) this.#print(activity.text);
    }
  }
}
