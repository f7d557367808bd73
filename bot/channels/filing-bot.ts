import { createHash } from 'node:crypto';
import { ActivityHandler, type ConversationReference, type Activity as SdkActivity, TurnContext } from 'botbuilder';
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

const acceptanceKey = Symbol('acceptance');
const alongKey = Symbol('along');

/** Has something written in the same step with the message, for an adapter that keeps books on its customers. */
export function keepAlong(context: TurnContext, operations: readonly Operation[]): void {
  context.turnState.set(alongKey, operations);
}

/** The message as it was kept, for the adapter that has to answer its channel. */
export function acceptanceOf(context: TurnContext): Acceptance | undefined {
  return context.turnState.get<Acceptance>(acceptanceKey);
}

/**
 * The Bot Framework's side of the bot: turns activities, whatever adapter they come through, into messages for the turns. It
 * never answers by itself: replies leave with the commit of their turn.
 */
export class FilingBot extends ActivityHandler {
  readonly #options: FilingBotOptions;

  constructor(options: FilingBotOptions) {
    super();
    this.#options = options;
    this.onMessage(async (context, next) => {
      await this.#accept(context, 'turn');
      await next();
    });
    this.onEvent(async (context, next) => {
      await this.#accept(context, 'keep');
      await next();
    });
    this.onEndOfConversation(async (context, next) => {
      await this.#accept(context, 'keep');
      await next();
    });
    this.onMembersRemoved(async (context, next) => {
      const { membersRemoved = [], recipient, id = '' } = context.activity;
      if (membersRemoved.some((member) => member.id !== recipient?.id)) await this.#leave(context, id);
      await next();
    });
    this.onMembersAdded(async (context, next) => {
      const { membersAdded = [], recipient } = context.activity;
      if (membersAdded.some(({ id }) => id !== recipient?.id)) await this.#join(context);
      await next();
    });
  }

  /** Our own name of the conversation that the activity belongs to. */
  conversationOf({ activity }: TurnContext): string {
    const { id } = activity.conversation;
    return this.#options.keepReference ? conversationName(this.#options.channel, activity.channelId, id) : id;
  }

  async #accept(context: TurnContext, purpose: 'turn' | 'keep'): Promise<void> {
    const { turns } = this.#options;
    const { activity } = context;
    const kept = keptOf(activity);
    const messageId = kept.channelData?.clientActivityID ?? activity.id;
    const inbound = {
      conversation: this.conversationOf(context),
      sender: kept.from.id,
      activity: kept,
      along: context.turnState.get<readonly Operation[]>(alongKey) ?? [],
      ...(messageId && { messageId }),
      ...(purpose === 'turn' && { message: messageOf(kept) }),
    };
    let acceptance = await turns.accept(inbound);
    if (acceptance.outcome === 'unknown-conversation' && this.#options.keepReference) {
      // Azure channels need not announce a conversation before its first message.
      await this.#start(context);
      acceptance = await turns.accept(inbound);
    }
    context.turnState.set(acceptanceKey, acceptance);
  }

  async #join(context: TurnContext): Promise<void> {
    if (this.#options.keepReference) await this.#start(context);
    const { id } = context.activity;
    await this.#options.turns.join(this.conversationOf(context), customerOf(context), id && `join|${id}`);
  }

  async #leave(context: TurnContext, messageId: string): Promise<void> {
    await this.#options.turns.tell(this.conversationOf(context), { kind: 'leave' }, `leave|${messageId}`);
  }

  async #start(context: TurnContext): Promise<void> {
    const { channel, conversations } = this.#options;
    const reference: Partial<ConversationReference> = TurnContext.getConversationReference(context.activity);
    await conversations.start({ id: this.conversationOf(context), channel, user: customerOf(context), reference });
  }
}

function customerOf({ activity: { from } }: TurnContext): Customer {
  return { id: from.id, ...(from.name && { name: from.name }) };
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
function fileOf({ contentUrl, name = '', contentType }: ActivityAttachment): ReceivedFile[] {
  return contentUrl?.startsWith(fileScheme)
    ? [{ file: contentUrl.slice(fileScheme.length), name: maskCertificates(name), contentType }]
    : [];
}

/** The fields that are kept, of an activity that its adapter has checked. */
function keptOf(activity: SdkActivity): Activity {
  const { type, text, textFormat, locale, name, value, attachments, channelData, from } = activity;
  const fields = { text, textFormat, locale, name, value, attachments, channelData };
  return {
    ...Object.fromEntries(Object.entries(fields).filter(([, field]) => field !== undefined)),
    type: type as Activity['type'],
    timestamp: new Date().toISOString(),
    from: { id: from.id, ...(from.name && { name: from.name }), role: 'user' },
  };
}
