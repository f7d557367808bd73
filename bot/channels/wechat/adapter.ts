import { TurnContext } from 'botbuilder';
import type { Activity } from '../../activity.ts';
import type { Conversations } from '../../conversations/conversations.ts';
import type { Acceptance } from '../../conversations/inbox.ts';
import type { Operation } from '../../store/store.ts';
import { acceptanceOf, type FilingBot, keepAlong } from '../filing-bot.ts';
import { TranscriptAdapter } from '../transcript-adapter.ts';

export interface WeChatAdapterOptions {
  bot: FilingBot;
  conversations: Conversations;
  /** As the Bot Framework knows it, such as `wechat`. */
  channelId: string;
  /** The account that customers write to. */
  account: string;
  showTyping: (conversation: string) => void;
}

/** A message under its id, in which the platform may deliver it again. */
export type ReceivedMessage = { id: string } & Pick<Activity, 'text' | 'attachments' | 'channelData'>;

/** The Bot Framework adapter of an account in WeChat: one conversation for each person who writes to it. */
export class WeChatAdapter extends TranscriptAdapter {
  readonly #options: WeChatAdapterOptions;

  constructor(options: WeChatAdapterOptions) {
    super(options.conversations);
    this.#options = options;
  }

  /** Our name of somebody's conversation with the account. */
  conversationOf(person: string): string {
    return this.#options.bot.conversationOf(this.#contextOf(person, {}));
  }

  /** Hands a message to the bot and tells how it was kept; `along` is written in the same step. */
  async receive(person: string, message: ReceivedMessage, along: readonly Operation[] = []): Promise<Acceptance | undefined> {
    return acceptanceOf(await this.#run(person, { type: 'message', ...message }, along));
  }

  /** Somebody has begun to follow the account, or has opened it; `id`: of that event. */
  async join(person: string, id: string): Promise<void> {
    await this.#run(person, { type: 'conversationUpdate', id, membersAdded: [{ id: person, name: '' }] });
  }

  /** Somebody follows the account no more, and is to be forgotten. */
  async leave(person: string, id: string): Promise<void> {
    await this.#run(person, { type: 'conversationUpdate', id, membersRemoved: [{ id: person, name: '' }] });
  }

  protected override nameOf(conversation: string): string {
    return this.conversationOf(conversation.slice(this.#options.account.length + 1));
  }

  protected override showTyping(conversation: string): void {
    this.#options.showTyping(conversation);
  }

  async #run(person: string, activity: object, along: readonly Operation[] = []): Promise<TurnContext> {
    const context = this.#contextOf(person, activity);
    keepAlong(context, along);
    await this.runMiddleware(context, (turn) => this.#options.bot.run(turn));
    return context;
  }

  #contextOf(person: string, activity: object): TurnContext {
    const { channelId, account } = this.#options;
    return new TurnContext(this, {
      ...activity,
      channelId,
      // Nobody is called there: what is said leaves through the outbox.
      serviceUrl: `urn:botframework:${channelId}:${account}`,
      conversation: { id: `${account}|${person}`, isGroup: false, conversationType: '', name: '' },
      from: { id: person, name: '' },
      recipient: { id: account, name: '' },
      locale: 'zh-CN',
    });
  }
}
