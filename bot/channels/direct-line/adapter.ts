import { TurnContext } from 'botbuilder';
import type { ActivityAttachment, ClientActivity } from '../../activity.ts';
import type { Customer } from '../../conversations/conversation.ts';
import type { Conversations } from '../../conversations/conversations.ts';
import type { Acceptance } from '../../conversations/inbox.ts';
import { botId } from '../../turns/turns.ts';
import { acceptanceOf, type FilingBot } from '../filing-bot.ts';
import { TranscriptAdapter } from '../transcript-adapter.ts';

export const directLineChannel = 'direct-line';

/** A client's activity after the server has set what a client may not: its conversation and its sender. */
export interface ReceivedActivity extends Omit<ClientActivity, 'attachments'> {
  attachments?: ActivityAttachment[] | undefined;
}

/**
 * The Bot Framework adapter of our own Direct Line service. A client's activity runs through the middleware to the bot, which
 * keeps it for its turn; what the bot says appears in the transcript, from which clients fetch it.
 */
export class DirectLineAdapter extends TranscriptAdapter {
  readonly #bot: FilingBot;
  readonly #showTyping: (conversation: string) => void;

  constructor(bot: FilingBot, conversations: Conversations, showTyping: (conversation: string) => void) {
    super(conversations);
    this.#bot = bot;
    this.#showTyping = showTyping;
  }

  /** Hands a client's activity to the bot and tells how it was kept. */
  async receive(conversation: string, visitor: Customer, activity: ReceivedActivity): Promise<Acceptance | undefined> {
    const context = await this.#run(conversation, visitor, activity);
    return acceptanceOf(context);
  }

  /** Tells the bot that the visitor has joined, as the channel does once when a conversation starts with a known user. */
  async join(conversation: string, visitor: Customer): Promise<void> {
    await this.#run(conversation, visitor, { type: 'conversationUpdate', membersAdded: [{ ...visitor, name: visitor.name ?? '' }] });
  }

  protected override nameOf(conversation: string): string {
    return conversation;
  }

  protected override showTyping(conversation: string): void {
    this.#showTyping(conversation);
  }

  async #run(conversation: string, visitor: Customer, activity: object): Promise<TurnContext> {
    const context = new TurnContext(this, {
      ...activity,
      channelId: 'directline',
      conversation: { id: conversation, isGroup: false, conversationType: '', name: '' },
      from: { id: visitor.id, name: visitor.name ?? '' },
      recipient: { id: botId, name: '' },
    });
    await this.runMiddleware(context, (turn) => this.#bot.run(turn));
    return context;
  }
}
