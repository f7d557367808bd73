import { BotAdapter, type ConversationReference, type ResourceResponse, type Activity as SdkActivity, TurnContext } from 'botbuilder';
import type { Activity, ActivityAttachment, ClientActivity } from '../../activity.ts';
import { activityId, type Customer } from '../../conversations/conversation.ts';
import type { Conversations } from '../../conversations/conversations.ts';
import type { Acceptance } from '../../conversations/inbox.ts';
import { botId } from '../../turns/turns.ts';
import { acceptanceOf, type FilingBot } from '../filing-bot.ts';

export const directLineChannel = 'direct-line';

const delivered: ReadonlySet<string> = new Set(['message', 'event', 'endOfConversation']);

/** A client's activity after the server has set what a client may not: its conversation and its sender. */
export interface ReceivedActivity extends Omit<ClientActivity, 'attachments'> {
  attachments?: ActivityAttachment[] | undefined;
}

/**
 * The Bot Framework adapter of our own Direct Line service. A client's activity runs through the middleware to the bot, which
 * keeps it for its turn; what the bot says appears in the transcript, from which clients fetch it.
 */
export class DirectLineAdapter extends BotAdapter {
  readonly #bot: FilingBot;
  readonly #conversations: Conversations;
  readonly #showTyping: (conversation: string) => void;

  constructor(bot: FilingBot, conversations: Conversations, showTyping: (conversation: string) => void) {
    super();
    this.#bot = bot;
    this.#conversations = conversations;
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

  override async sendActivities(_context: TurnContext, activities: Partial<SdkActivity>[]): Promise<ResourceResponse[]> {
    const responses: ResourceResponse[] = [];
    for (const activity of activities) {
      const conversation = activity.conversation?.id;
      if (!conversation) throw new Error('An activity to send names no conversation.');
      if (activity.type === 'typing') {
        this.#showTyping(conversation);
        responses.push({ id: '' });
        continue;
      }
      const {
        type = 'message',
        from,
        text,
        textFormat,
        locale,
        inputHint,
        suggestedActions,
        name,
        value,
        attachments,
        channelData,
        replyToId,
      } = activity;
      // Traces and bare handoffs are for the inside of a bot; channels drop them (Bot Framework activity schema).
      if (!delivered.has(type)) {
        responses.push({ id: '' });
        continue;
      }
      const fields = { text, textFormat, locale, inputHint, suggestedActions, name, value, attachments, channelData, replyToId };
      const position = await this.#conversations.append(conversation, {
        ...Object.fromEntries(Object.entries(fields).filter(([, field]) => field !== undefined)),
        type: type as Activity['type'],
        timestamp: new Date().toISOString(),
        from: { id: from?.id ?? botId, name: from?.name ?? '', role: 'bot' },
      });
      responses.push({ id: activityId(conversation, position) });
    }
    return responses;
  }

  override async continueConversation(
    reference: Partial<ConversationReference>,
    logic: (context: TurnContext) => Promise<void>,
  ): Promise<void> {
    const activity = TurnContext.applyConversationReference({ type: 'event', name: 'ContinueConversation' }, reference, true);
    await this.runMiddleware(new TurnContext(this, activity), logic);
  }

  /** Direct Line clients keep what they have shown: there is no way to change or take back a message. */
  override updateActivity(): Promise<never> {
    return Promise.reject(new Error('Direct Line has no way to change a message after it was sent.'));
  }

  override deleteActivity(): Promise<never> {
    return Promise.reject(new Error('Direct Line has no way to take back a message.'));
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
