import type { Activity } from '../../activity.ts';
import type { Acceptance } from '../../conversations/inbox.ts';
import type { Operation } from '../../store/store.ts';
import type { FilingBot, IncomingActivity } from '../filing-bot.ts';

export interface WeChatAdapterOptions {
  bot: FilingBot;
  /** As the Bot Framework knows it, such as `wechat`. */
  channelId: string;
  /** The account that customers write to. */
  account: string;
}

/** A message under its id, in which the platform may deliver it again. */
export type ReceivedMessage = { id: string } & Pick<Activity, 'text' | 'attachments' | 'channelData'>;

/** The adapter of an account in WeChat: one conversation for each person who writes to it. */
export class WeChatAdapter {
  readonly #options: WeChatAdapterOptions;

  constructor(options: WeChatAdapterOptions) {
    this.#options = options;
  }

  /** Our name of somebody's conversation with the account. */
  conversationOf(person: string): string {
    return this.#options.bot.conversationOf(this.#sidesOf(person));
  }

  /** Hands a message to the bot and tells how it was kept; `along` is written in the same step. */
  receive(person: string, message: ReceivedMessage, along: readonly Operation[] = []): Promise<Acceptance | undefined> {
    return this.#options.bot.receive({ type: 'message', ...message, ...this.#sidesOf(person) }, along);
  }

  /** Somebody has begun to follow the account, or has opened it; `id`: of that event. */
  async join(person: string, id: string): Promise<void> {
    await this.#options.bot.receive({ type: 'conversationUpdate', id, membersAdded: [{ id: person }], ...this.#sidesOf(person) });
  }

  /** Somebody follows the account no more, and is to be forgotten. */
  async leave(person: string, id: string): Promise<void> {
    await this.#options.bot.receive({ type: 'conversationUpdate', id, membersRemoved: [{ id: person }], ...this.#sidesOf(person) });
  }

  #sidesOf(person: string): Omit<IncomingActivity, 'type'> {
    const { channelId, account } = this.#options;
    return {
      channelId,
      // Nobody is called there: what is said leaves through the outbox.
      serviceUrl: `urn:botframework:${channelId}:${account}`,
      conversation: { id: `${account}|${person}` },
      from: { id: person },
      recipient: { id: account },
      locale: 'zh-CN',
    };
  }
}
