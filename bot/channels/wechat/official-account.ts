import { z } from 'zod';
import { channelNotices } from '../../../dialogs/channel-notices.ts';
import type { Conversation } from '../../conversations/conversation.ts';
import { Undeliverable } from '../../conversations/undelivered.ts';
import type { Route } from '../../http/web-server.ts';
import { type Deliver, NotSent } from '../../turns/errands.ts';
import { FilingBot } from '../filing-bot.ts';
import { AccessTokens } from './access-token.ts';
import { WeChatAdapter } from './adapter.ts';
import { Answers } from './answers.ts';
import { Api, stableToken } from './api.ts';
import { callbackRoutes, type EnvelopeMode } from './callback.ts';
import { sendThrough } from './delivery.ts';
import { Grants, grants } from './grants.ts';
import { type Incoming, readIncoming } from './incoming.ts';
import { Intake } from './intake.ts';
import { officialAccountChannel, officialAccountPath } from './names.ts';
import { dialects, type Part, partsOf } from './rendering/parts.ts';
import { ReplySlot, ReplySlots, textAnswer } from './reply-slots.ts';
import { personOf, type Services } from './services.ts';
import { Typing } from './typing.ts';
import type { XmlContent, XmlFields } from './xml.ts';

export interface OfficialAccountSettings {
  appId: string;
  /** The account's original id, `gh_…`: messages are addressed to it. */
  ghId: string;
  secret: string;
  /** The first signs, the others are still believed; and so with the keys. */
  tokens: string[];
  aesKeys: Buffer[];
  mode: EnvelopeMode;
  /** Whether it may send by itself, as verified accounts may; others can only answer. */
  verified: boolean;
  origin: string;
}

/** How long a callback is held for an answer: the platform waits five seconds. */
const holdMs = 4_200;

/**
 * An official account of WeChat (公众号, 服务号). What the bot says while the callback is open goes back as its answer; the rest, and all that comes
 * later, as customer-service messages, as far as the platform lets us.
 */
export class OfficialAccount {
  readonly routes: Route[];
  readonly #settings: OfficialAccountSettings;
  readonly #adapter: WeChatAdapter;
  readonly #api: Api;
  readonly #intake: Intake;
  readonly #grants: Grants;
  readonly #answers: Answers;
  readonly #slots = new ReplySlots();
  readonly #typing: Typing;

  constructor(settings: OfficialAccountSettings, services: Services) {
    const { appId, ghId, secret, tokens, aesKeys, mode, origin } = settings;
    const { store, conversations, turns, verifications, addressOf, log } = services;
    this.#settings = settings;
    const accessTokens = new AccessTokens({ account: appId, store, issue: stableToken(origin, appId, secret), log });
    this.#api = new Api({ family: 'official-account', origin, tokens: accessTokens });
    this.#grants = new Grants(store);
    this.#answers = new Answers(store);
    this.#typing = new Typing(conversations, (person) => this.#showTyping(person), log);
    this.#adapter = new WeChatAdapter({
      bot: new FilingBot({ channel: officialAccountChannel, conversations, turns, keepReference: true }),
      channelId: 'wechat',
      account: ghId,
    });
    this.#intake = new Intake({
      adapter: this.#adapter,
      services,
      api: this.#api,
      opened: (...opened) => this.#opened(...opened),
      noted: (conversation, { kind }) => (isEvent(kind) ? [] : [this.#grants.forMessage(conversation)]),
    });
    this.routes = callbackRoutes({
      path: officialAccountPath,
      account: appId,
      keys: { tokens, aesKeys, receiveId: appId },
      mode,
      echo: 'plain',
      recipient: ghId,
      receive: (...received) => this.#receive(...received),
      store,
      verifications,
      addressOf,
      log,
    });
  }

  close(): void {
    this.#typing.close();
  }

  readonly deliver: Deliver = (conversation, activity) => {
    const { verified } = this.#settings;
    const parts = partsOf(activity, verified ? dialects.officialAccount : dialects.officialAccountUnverified);
    return parts.map((part, at) => ({ send: () => this.#send(conversation, part, parts[at + 1], Date.parse(activity.timestamp)) }));
  };

  async #receive(fields: XmlFields, answered: Promise<void>): Promise<XmlContent | undefined> {
    const incoming = readIncoming(fields);
    const text = await this.#answerTo(incoming, answered);
    if (text === '') return undefined;
    return textAnswer(incoming.person, this.#settings.ghId, text, Date.now());
  }

  /** What the callback is answered with: nothing, where everything is said another way. */
  async #answerTo(incoming: Incoming, answered: Promise<void>): Promise<string> {
    const { person, id } = incoming;
    const until = performance.now() + holdMs;
    const conversation = this.#adapter.conversationOf(person);
    const before = await this.#answers.find(conversation, id);
    if (before !== undefined) return before;
    const keep = (text: string) => this.#answers.keep(conversation, id, text);
    const slot = new ReplySlot(keep, answered);
    let taken = 'ignored';
    const take = async () => {
      taken = await this.#intake.take(incoming);
    };
    const isDone = await this.#slots.during(conversation, slot, until, take, () => this.#intake.followed(person));
    if (taken === 'refused') return channelNotices.tooFast;
    if (slot.text !== '') return slot.isCut ? this.#withHint(slot.text, keep) : slot.text;
    // Another callback has brought the same message, and the words went there.
    if (taken === 'repeated') return (await this.#answers.find(conversation, id)) ?? '';
    return isDone || this.#settings.verified ? '' : channelNotices.stillWorking;
  }

  async #withHint(text: string, keep: (text: string) => Promise<void>): Promise<string> {
    const hinted = withHint(text);
    await keep(hinted);
    return hinted;
  }

  async #opened(conversation: string, { kind, person }: Incoming): Promise<void> {
    if (isEvent(kind)) await this.#grants.give(conversation, grants.event);
    if (this.#settings.verified) this.#typing.attend(conversation, person);
  }

  /** `next`: the part of the same message that follows; `saidAt`: when the message was said, in milliseconds since 1970. */
  async #send(conversation: Conversation, part: Part, next: Part | undefined, saidAt: number): Promise<void> {
    const slot = this.#slots.find(conversation.id);
    // Whether an answer counts among the messages we may send is not documented: where it does, the platform says so at the last one.
    if (slot && part.kind === 'text' && (await slot.add(part.text))) {
      // Nothing else can go with it, and what follows is to arrive after it.
      if (next?.kind === 'menu') await slot.letGo();
      return;
    }
    if (!this.#settings.verified) {
      if (slot) slot.isCut = true;
      throw new Undeliverable('quota-used', 'The account may only answer, once for each message of the customer.');
    }
    // What was said before it is to arrive before it. A callback that came since is for other words.
    if (slot && slot.openedAt <= saidAt) await slot.letGo();
    const left = await this.#grants.take(conversation.id);
    try {
      const body = messageBody(part, next !== undefined && left === 0);
      await sendThrough(() => this.#api.call('/cgi-bin/message/custom/send', { touser: personOf(conversation), ...body }, z.unknown()));
    } catch (error) {
      if (error instanceof NotSent || error instanceof Undeliverable) await this.#grants.giveBack(conversation.id);
      throw error;
    }
  }

  #showTyping(person: string): Promise<unknown> {
    return this.#api.call('/cgi-bin/message/custom/typing', { touser: person, command: 'Typing' }, z.unknown());
  }
}

function isEvent(kind: Incoming['kind']): boolean {
  return kind === 'join' || kind === 'menu';
}

function messageBody(part: Part, isCut: boolean): object {
  switch (part.kind) {
    case 'text':
      return { msgtype: 'text', text: { content: isCut ? withHint(part.text) : part.text } };
    case 'menu':
      return {
        msgtype: 'msgmenu',
        msgmenu: {
          head_content: part.head,
          list: part.items.map(({ title }, at) => ({ id: String(at + 1), content: title })),
          tail_content: '',
        },
      };
  }
}

function withHint(text: string): string {
  return `${text}\n\n${channelNotices.more}`;
}
