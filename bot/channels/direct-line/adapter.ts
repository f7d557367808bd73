import type { ActivityAttachment, ClientActivity } from '../../activity.ts';
import type { Customer } from '../../conversations/conversation.ts';
import type { Acceptance } from '../../conversations/inbox.ts';
import { botId } from '../../turns/turns.ts';
import type { FilingBot, IncomingActivity } from '../filing-bot.ts';

export const directLineChannel = 'direct-line';

/** A client's activity after the server has set what a client may not: its conversation and its sender. */
export interface ReceivedActivity extends Omit<ClientActivity, 'attachments'> {
  attachments?: ActivityAttachment[] | undefined;
}

/**
 * The adapter of our own Direct Line service. A client's activity goes to the bot, which keeps it for its turn; what the bot says
 * appears in the transcript, from which clients fetch it.
 */
export class DirectLineAdapter {
  readonly #bot: FilingBot;

  constructor(bot: FilingBot) {
    this.#bot = bot;
  }

  /** Hands a client's activity to the bot and tells how it was kept. */
  receive(conversation: string, visitor: Customer, activity: ReceivedActivity): Promise<Acceptance | undefined> {
    return this.#bot.receive({ ...activity, ...sidesOf(conversation, visitor) });
  }

  /** Tells the bot that the visitor has joined, as the channel does once when a conversation starts with a known user. */
  async join(conversation: string, visitor: Customer): Promise<void> {
    await this.#bot.receive({ type: 'conversationUpdate', membersAdded: [visitor], ...sidesOf(conversation, visitor) });
  }
}

function sidesOf(conversation: string, visitor: Customer): Pick<IncomingActivity, 'channelId' | 'conversation' | 'from' | 'recipient'> {
  return { channelId: 'directline', conversation: { id: conversation }, from: visitor, recipient: { id: botId } };
}
