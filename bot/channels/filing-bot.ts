import { createHash } from 'node:crypto';
import type { Message, ReceivedFile } from '../../dialogs/message.ts';
import { maskCertificates } from '../../knowledge/text/mask.ts';
import { type Activity, type ActivityAttachment, wordsOf } from '../activity.ts';
import { type Customer, fileScheme } from '../conversations/conversation.ts';
import type { Conversations } from '../conversations/conversations.ts';
import type { Acceptance } from '../conversations/inbox.ts';
import type { Operation } from '../store/store.ts';
import type { Turns } from '../turns/turns.ts';

export interface FilingBotOptions {
  /** How conversations of this adapter are told apart from those of others, and sent to. */
  channel: string;
  conversations: Conversations;
  turns: Turns;
  /** For channels that send by themselves, whose conversations have names of their platform: keep what is needed to reach the customer later. */
  keepReference?: boolean;
}

export interface Account {
  id: string;
  name?: string | undefined;
}

/**
 * An activity on its way in, as the adapter of its channel has checked it: the part of the Bot Framework activity schema, version 3,
 * that the bot reads. No SDK's type, so that whichever receives it, or none, is the adapter's affair.
 */
export interface IncomingActivity extends Partial<Content> {
  type: string;
  id?: string | undefined;
  channelId: string;
  /** Where the channel takes what is sent; our own channels are not called. */
  serviceUrl?: string | undefined;
  conversation: { id: string };
  from: Account;
  recipient?: Account | undefined;
  membersAdded?: Account[] | undefined;
  membersRemoved?: Account[] | undefined;
}

type Content = { [field in (typeof contentFields)[number]]: Activity[field] | undefined };

const contentFields = ['text', 'textFormat', 'locale', 'name', 'value', 'attachments', 'channelData'] as const;

/**
 * What it takes to reach a customer later, kept with the conversation (Bot Framework's conversation reference). Its form is that of the
 * protocol, so that any SDK can send by what was kept under another.
 */
export interface ConversationReference {
  activityId?: string | undefined;
  channelId: string;
  serviceUrl?: string | undefined;
  locale?: string | undefined;
  conversation: { id: string };
  user: Account;
  bot?: Account | undefined;
}

/**
 * The bot as a channel sees it: turns activities, whatever adapter they come through, into messages for the turns. It
 * never answers by itself: replies leave with the commit of their turn.
 */
export class FilingBot {
  readonly #options: FilingBotOptions;

  constructor(options: FilingBotOptions) {
    this.#options = options;
  }

  /**
   * Takes an activity in. Tells how a message was kept, for the adapter that has to answer its channel; undefined for what is not kept.
   * `along` is written in the same step with the message, for an adapter that keeps books on its customers.
   */
  async receive(activity: IncomingActivity, along: readonly Operation[] = []): Promise<Acceptance | undefined> {
    switch (activity.type) {
      case 'message':
        return this.#accept(activity, 'turn', along);
      case 'event':
      case 'endOfConversation':
        return this.#accept(activity, 'keep', along);
      case 'conversationUpdate':
        await this.#updateMembers(activity);
    }
    return undefined;
  }

  /** Our own name of the conversation that the activity belongs to. */
  conversationOf({ channelId, conversation: { id } }: Pick<IncomingActivity, 'channelId' | 'conversation'>): string {
    return this.#options.keepReference ? conversationName(this.#options.channel, channelId, id) : id;
  }

  async #accept(activity: IncomingActivity, purpose: 'turn' | 'keep', along: readonly Operation[]): Promise<Acceptance> {
    const { turns } = this.#options;
    const kept = keptOf(activity);
    const messageId = kept.channelData?.clientActivityID ?? activity.id;
    const inbound = {
      conversation: this.conversationOf(activity),
      sender: kept.from.id,
      activity: kept,
      along,
      ...(messageId && { messageId }),
      ...(purpose === 'turn' && { message: messageOf(kept) }),
    };
    const acceptance = await turns.accept(inbound);
    if (acceptance.outcome !== 'unknown-conversation' || !this.#options.keepReference) return acceptance;
    // Azure channels need not announce a conversation before its first message.
    await this.#start(activity);
    return turns.accept(inbound);
  }

  async #updateMembers(activity: IncomingActivity): Promise<void> {
    const { membersAdded = [], membersRemoved = [], recipient, id = '' } = activity;
    const isCustomer = (member: Account) => member.id !== recipient?.id;
    if (membersAdded.some(isCustomer)) await this.#join(activity);
    if (membersRemoved.some(isCustomer)) await this.#leave(activity, id);
  }

  async #join(activity: IncomingActivity): Promise<void> {
    if (this.#options.keepReference) await this.#start(activity);
    const { id } = activity;
    await this.#options.turns.join(this.conversationOf(activity), customerOf(activity), id && `join|${id}`);
  }

  async #leave(activity: IncomingActivity, messageId: string): Promise<void> {
    await this.#options.turns.tell(this.conversationOf(activity), { kind: 'leave' }, `leave|${messageId}`);
  }

  async #start(activity: IncomingActivity): Promise<void> {
    const { channel, conversations } = this.#options;
    await conversations.start({
      id: this.conversationOf(activity),
      channel,
      user: customerOf(activity),
      reference: referenceOf(activity),
    });
  }
}

function customerOf({ from }: IncomingActivity): Customer {
  return { id: from.id, ...(from.name && { name: from.name }) };
}

function referenceOf({ id, from, recipient, conversation, channelId, serviceUrl, locale }: IncomingActivity): ConversationReference {
  return { activityId: id, user: from, bot: recipient, conversation, channelId, serviceUrl, locale };
}

/** Conversations of other platforms live beside our own; a digest keeps their long ids short and in one alphabet. */
function conversationName(channel: string, channelId: string, id: string): string {
  return `${channel}-${createHash('sha256').update(`${channelId}|${id}`).digest('base64url').slice(0, 32)}`;
}

function messageOf(activity: Activity): Message {
  const text = wordsOf(activity);
  const { attachments = [], channelData } = activity;
  if (channelData?.unread !== undefined) return { kind: 'unread', what: channelData.unread };
  return attachments.length > 0 ? { kind: 'files', files: attachments.flatMap(fileOf), ...(text && { text }) } : { kind: 'text', text };
}

/** An attachment that is kept by us; others stay where the channel has them. */
function fileOf({ contentUrl, name = '', contentType, unscanned }: ActivityAttachment): ReceivedFile[] {
  return contentUrl?.startsWith(fileScheme)
    ? [{ file: contentUrl.slice(fileScheme.length), name: maskCertificates(name), contentType, ...(unscanned && { unscanned }) }]
    : [];
}

/** The fields that are kept, of an activity that its adapter has checked. */
function keptOf(activity: IncomingActivity): Activity {
  const { type, from } = activity;
  return {
    ...Object.fromEntries(contentFields.flatMap((field) => (activity[field] === undefined ? [] : [[field, activity[field]]]))),
    type: type as Activity['type'],
    timestamp: new Date().toISOString(),
    from: { id: from.id, ...(from.name && { name: from.name }), role: 'user' },
  };
}
