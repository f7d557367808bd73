import { z } from 'zod';
import { channelNotices } from '../../../dialogs/channel-notices.ts';
import type { Conversation } from '../../conversations/conversation.ts';
import { Undeliverable } from '../../conversations/undelivered.ts';
import { HttpError } from '../../http/http-error.ts';
import type { Limit } from '../../http/limits.ts';
import type { Route } from '../../http/web-server.ts';
import { type Deliver, NotSent } from '../../turns/errands.ts';
import { FilingBot } from '../filing-bot.ts';
import { AccessTokens } from './access-token.ts';
import { WeChatAdapter } from './adapter.ts';
import { Api, workToken } from './api.ts';
import { callbackRoutes } from './callback.ts';
import { sendThrough } from './delivery.ts';
import { readIncoming } from './incoming.ts';
import { Intake } from './intake.ts';
import { wecomChannel, wecomPath } from './names.ts';
import { dialects, type Part, partsOf } from './rendering/parts.ts';
import { textAnswer } from './reply-slots.ts';
import { personOf, type Services } from './services.ts';
import type { XmlContent, XmlFields } from './xml.ts';

export interface WecomSettings {
  corpId: string;
  agentId: string;
  secret: string;
  tokens: string[];
  aesKeys: Buffer[];
  origin: string;
}

/**
 * The platform silently drops what goes to one member beyond 30 messages in a minute and 1,000 in an hour, and says that all went well
 * (page 90236, of 2025-09-24): we stay below, in whichever minute or hour it counts. Ours begin with the first message, so that parts of three of
 * our half minutes, or of two hours, lie in one of theirs.
 */
export const memberRates = { minute: { most: 9, minutes: 0.5 }, hour: { most: 480, minutes: 60 } };

export interface MemberLimits {
  minute: Limit;
  hour: Limit;
}

const sentSchema = z.object({ invaliduser: z.string().optional() });

/** An app of one's own in WeCom (企业微信自建应用), for members of the corporation. */
export class Wecom {
  readonly routes: Route[];
  readonly #settings: WecomSettings;
  readonly #api: Api;
  readonly #intake: Intake;
  readonly #limits: MemberLimits;

  constructor(settings: WecomSettings, services: Services, limits: MemberLimits) {
    const { corpId, agentId, secret, tokens, aesKeys, origin } = settings;
    const { store, conversations, turns, verifications, addressOf, log } = services;
    const account = `${corpId}:${agentId}`;
    this.#settings = settings;
    this.#limits = limits;
    const accessTokens = new AccessTokens({ account, store, issue: workToken(origin, corpId, secret), log });
    this.#api = new Api({ family: 'work', origin, tokens: accessTokens });
    const adapter = new WeChatAdapter({
      bot: new FilingBot({ channel: wecomChannel, conversations, turns, keepReference: true }),
      channelId: 'wecom',
      account,
    });
    this.#intake = new Intake({ adapter, services, api: this.#api });
    this.routes = callbackRoutes({
      path: wecomPath,
      account,
      keys: { tokens, aesKeys, receiveId: corpId },
      mode: 'secure',
      echo: 'sealed',
      recipient: corpId,
      receive: (fields) => this.#receive(fields),
      store,
      verifications,
      addressOf,
      log,
    });
  }

  readonly deliver: Deliver = (conversation, activity) =>
    partsOf(activity, dialects.wecom).map((part) => ({ send: () => this.#send(conversation, part) }));

  /** Nothing is said in the answer: the app may write whenever it wants to. */
  async #receive(fields: XmlFields): Promise<XmlContent | undefined> {
    if (fields.get('FromUserName') === 'sys') return undefined;
    const incoming = readIncoming(fields);
    if ((await this.#intake.take(incoming)) !== 'refused') return undefined;
    return textAnswer(incoming.person, this.#settings.corpId, channelNotices.tooFast, Date.now());
  }

  async #send(conversation: Conversation, part: Part): Promise<void> {
    if (part.kind !== 'text') throw new Error('A message for WeCom is text.');
    const person = personOf(conversation);
    await this.#keepPace(conversation.id);
    const body = { touser: person, msgtype: 'text', agentid: Number(this.#settings.agentId), text: { content: part.text }, safe: 0 };
    await sendThrough(async () => {
      const { invaliduser = '' } = await this.#api.call('/cgi-bin/message/send', body, sentSchema);
      if (invaliduser !== '') throw new Undeliverable('unreachable', 'The platform knows no such member, or the app is not for them.');
    });
  }

  async #keepPace(conversation: string): Promise<void> {
    try {
      await this.#limits.minute.take(conversation);
      await this.#limits.hour.take(conversation);
    } catch (error) {
      if (error instanceof HttpError)
        throw new NotSent('As many messages as are shown in a minute, or in an hour, were sent to this member.');
      throw error;
    }
  }
}
