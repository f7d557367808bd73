import { BotAdapter, type ConversationReference, type ResourceResponse, type Activity as SdkActivity, TurnContext } from 'botbuilder';
import type { Activity } from '../activity.ts';
import { activityId } from '../conversations/conversation.ts';
import type { Conversations } from '../conversations/conversations.ts';
import { botId } from '../turns/turns.ts';

const delivered: ReadonlySet<string> = new Set(['message', 'event', 'endOfConversation']);

/**
 * What the adapters of our own channels have in common: whatever the SDK is told to send goes into the transcript of its conversation, and
 * from there to the customer, by the way of the channel. What was said cannot be changed or taken back.
 */
export abstract class TranscriptAdapter extends BotAdapter {
  readonly #conversations: Conversations;

  constructor(conversations: Conversations) {
    super();
    this.#conversations = conversations;
  }

  /** Our name of the conversation that an activity of the SDK is for. */
  protected abstract nameOf(conversation: string): string;

  protected abstract showTyping(conversation: string): void;

  override async sendActivities(_context: TurnContext, activities: Partial<SdkActivity>[]): Promise<ResourceResponse[]> {
    const responses: ResourceResponse[] = [];
    for (const activity of activities) {
      const id = activity.conversation?.id;
      if (!id) throw new Error('An activity to send names no conversation.');
      const conversation = this.nameOf(id);
      if (activity.type === 'typing') {
        this.showTyping(conversation);
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

  override updateActivity(): Promise<never> {
    return Promise.reject(new Error('This channel has no way to change a message after it was sent.'));
  }

  override deleteActivity(): Promise<never> {
    return Promise.reject(new Error('This channel has no way to take back a message.'));
  }
}
