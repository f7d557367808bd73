import { BotAdapter, type ResourceResponse, type Activity as SdkActivity, TurnContext } from 'botbuilder';
import type { TranscriptEntry } from '../conversations/conversation.ts';
import type { Conversations } from '../conversations/conversations.ts';
import { botId } from '../turns/turns.ts';
import type { FilingBot } from './filing-bot.ts';

export const terminalChannel = 'terminal';

const conversation = 'terminal';
const customer = { id: 'terminal-user', name: '' };

/** One conversation with whoever sits at the terminal, through the same turns as every other channel. */
export class TerminalAdapter extends BotAdapter {
  readonly #bot: FilingBot;
  readonly #conversations: Conversations;
  readonly #print: (text: string) => void;
  #said = 0;
  #printed = 0;
  #showing = Promise.resolve();

  constructor(bot: FilingBot, conversations: Conversations, print: (text: string) => void) {
    super();
    this.#bot = bot;
    this.#conversations = conversations;
    this.#print = print;
  }

  async start(): Promise<void> {
    await this.#conversations.start({ id: conversation, channel: terminalChannel, user: customer });
    this.#conversations.watch(conversation, () => {
      this.#showing = this.#showing.then(() => this.#show());
    });
    await this.#run({ type: 'conversationUpdate', membersAdded: [customer] });
  }

  /** Resolves when the message is kept. */
  async say(text: string): Promise<void> {
    this.#said += 1;
    await this.#run({ type: 'message', text, id: `line-${this.#said}` });
  }

  /** Resolves when all that was said so far is printed. */
  async shown(): Promise<void> {
    await this.#showing;
  }

  override async sendActivities(_context: TurnContext, activities: Partial<SdkActivity>[]): Promise<ResourceResponse[]> {
    for (const { text } of activities) if (text) this.#print(text);
    return activities.map(() => ({ id: '' }));
  }

  override async continueConversation(): Promise<void> {
    throw new Error('A terminal cannot be reached later.');
  }

  override updateActivity(): Promise<never> {
    return Promise.reject(new Error('What was printed cannot be changed.'));
  }

  override deleteActivity(): Promise<never> {
    return Promise.reject(new Error('What was printed cannot be taken back.'));
  }

  async #run(activity: Partial<SdkActivity>): Promise<void> {
    const context = new TurnContext(this, {
      ...activity,
      channelId: 'terminal',
      conversation: { id: conversation, isGroup: false, conversationType: '', name: '' },
      from: customer,
      recipient: { id: botId, name: '' },
    });
    await this.runMiddleware(context, (turn) => this.#bot.run(turn));
  }

  async #show(): Promise<void> {
    const entries: TranscriptEntry[] = await this.#conversations.transcript(conversation, this.#printed, 100);
    for (const { position, activity } of entries) {
      this.#printed = position;
      if (activity.from.role === 'bot' && activity.text) this.#print(activity.text);
    }
  }
}
