import { createHash } from 'node:crypto';
import { z } from 'zod';
import { channelNotices } from '../../../../dialogs/channel-notices.ts';
import type { Activity } from '../../../activity.ts';
import { type Conversation, decode, encode } from '../../../conversations/conversation.ts';
import { Undeliverable } from '../../../conversations/undelivered.ts';
import type { Handoffs } from '../../../handoffs/handoffs.ts';
import type { Route } from '../../../http/web-server.ts';
import { partitionOf } from '../../../store/store.ts';
import { type Deliver, NotSent, type Sending } from '../../../turns/errands.ts';
import { botId } from '../../../turns/turns.ts';
import { FilingBot } from '../../filing-bot.ts';
import { AccessTokens } from '../access-token.ts';
import { WeChatAdapter } from '../adapter.ts';
import { Api, ApiError, workToken } from '../api.ts';
import { callbackRoutes } from '../callback.ts';
import { sendThrough } from '../delivery.ts';
import { Grants } from '../grants.ts';
import { Intake } from '../intake.ts';
import { customerServiceChannel, customerServicePath } from '../names.ts';
import { dialects, type Part, partsOf } from '../rendering/parts.ts';
import type { Services } from '../services.ts';
import type { XmlContent, XmlFields } from '../xml.ts';
import { Codes } from './codes.ts';
import { LogReader } from './log-reader.ts';
import { failureOf, type Item, origins, recalledIn, wordsOf } from './page.ts';
import { PlatformAgents } from './platform-agents.ts';
import { Sessions, sessionStates, whoseOf } from './sessions.ts';

export interface CustomerServiceSettings {
  corpId: string;
  secret: string;
  tokens: string[];
  aesKeys: Buffer[];
  /** The accounts of customer service that are ours to answer, `wk…`. */
  accounts: string[];
  /** Who takes over when a person is asked for: the agents at our own desk, or those of the corporation in their own WeCom. */
  agents: 'desk' | 'wechat';
  origin: string;
}

const historyMs = 10 * 60_000;
const welcomeMs = 20_000;
const rememberMs = 4 * 24 * 3_600_000;

/** WeChat customer service (微信客服): people in WeChat write to an account of the corporation without following anything. */
export class CustomerService {
  readonly routes: Route[];
  readonly #settings: CustomerServiceSettings;
  readonly #services: Services;
  readonly #api: Api;
  readonly #grants: Grants;
  readonly #sessions: Sessions;
  readonly #codes: Codes;
  readonly #agents: PlatformAgents;
  readonly #accounts: ReadonlyMap<string, { adapter: WeChatAdapter; intake: Intake; reader: LogReader }>;

  constructor(settings: CustomerServiceSettings, services: Services, handoffs: Handoffs) {
    const { corpId, secret, tokens, aesKeys, origin, accounts } = settings;
    const { store, verifications, addressOf, log } = services;
    this.#settings = settings;
    this.#services = services;
    const accessTokens = new AccessTokens({ account: `${corpId}:customer-service`, store, issue: workToken(origin, corpId, secret), log });
    this.#api = new Api({ family: 'work', origin, tokens: accessTokens });
    this.#grants = new Grants(store);
    this.#sessions = new Sessions(store, this.#api);
    this.#codes = new Codes(() => store.now());
    this.#agents = new PlatformAgents({ ...services, handoffs, api: this.#api, sessions: this.#sessions, codes: this.#codes, accounts });
    this.#accounts = new Map(accounts.map((account) => [account, this.#open(account)]));
    this.routes = callbackRoutes({
      path: customerServicePath,
      account: `${corpId}:customer-service`,
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

  start(): void {
    for (const { reader } of this.#accounts.values()) reader.start();
    if (this.#settings.agents === 'wechat') this.#agents.start();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#accounts.values()].map(({ reader }) => reader.stop()));
    await this.#agents.stop();
  }

  /** Whether one of the corporation's own agents is there for a customer, where they take over. */
  async isAnybodyThere(conversation: string): Promise<boolean> {
    return this.#settings.agents === 'wechat' && conversation.startsWith(`${customerServiceChannel}-`) && this.#agents.areThere();
  }

  readonly deliver: Deliver = (conversation, activity, sending) => {
    const parts = partsOf(activity, dialects.customerService);
    return parts.map((part, at) => ({
      shownOnce: true,
      send: (again) => this.#send(conversation, part, { sending, at, isMore: at + 1 < parts.length }, again),
    }));
  };

  #open(account: string) {
    const { conversations, turns, store, log } = this.#services;
    const adapter = new WeChatAdapter({
      bot: new FilingBot({ channel: customerServiceChannel, conversations, turns, keepReference: true }),
      channelId: 'wechatkf',
      account,
    });
    const intake = new Intake({
      adapter,
      services: this.#services,
      api: this.#api,
      noted: (conversation) => [this.#grants.forMessage(conversation)],
      givesUpPictures: true,
    });
    const take = (items: readonly Item[], isHistory: boolean) => this.#take(account, items, isHistory);
    return { adapter, intake, reader: new LogReader({ account, api: this.#api, store, log, take }) };
  }

  /** A bell: what was said is fetched. */
  async #receive(fields: XmlFields): Promise<XmlContent | undefined> {
    const account = fields.get('OpenKfId');
    const token = fields.get('Token');
    const known = typeof account === 'string' ? this.#accounts.get(account) : undefined;
    if (!known) this.#services.log.info({ event: fields.get('Event') }, 'callback of customer service for no account of ours');
    else if (typeof token === 'string') known.reader.ring(token);
    return undefined;
  }

  async #take(account: string, items: readonly Item[], isHistory: boolean): Promise<void> {
    const recalled = recalledIn(items);
    const since = this.#services.store.now() - historyMs;
    for (const item of items) {
      if (recalled.has(item.msgid) || (isHistory && item.send_time * 1000 < since)) continue;
      await this.#takeItem(account, item);
    }
  }

  async #takeItem(account: string, item: Item): Promise<void> {
    const known = this.#accounts.get(account);
    const person = item.external_userid ?? item.event?.external_userid;
    if (!known || person === undefined) return;
    const conversation = known.adapter.conversationOf(person);
    switch (item.origin) {
      case origins.customer:
        if ((await known.intake.take({ person, id: item.msgid, at: item.send_time * 1000, ...wordsOf(item) })) === 'refused')
          await this.#sayTooFast(conversation);
        return;
      case origins.agent:
        return this.#agents.said(conversation, item);
      case origins.system:
        return this.#takeEvent(conversation, { account, person }, item);
    }
  }

  /** Once in a minute: it is to be read, and not to be counted. */
  async #sayTooFast(conversation: string): Promise<void> {
    const { conversations, errands, store } = this.#services;
    const at = store.now();
    const notice: Activity = {
      type: 'message',
      timestamp: new Date(at).toISOString(),
      from: { id: botId, name: '', role: 'bot' },
      text: channelNotices.tooFast,
      textFormat: 'plain',
      locale: 'zh-CN',
      channelData: { filing: { kind: 'notice' } },
    };
    await conversations.append(conversation, notice, `too-fast|${Math.floor(at / 60_000)}`);
    errands.wake(conversation);
  }

  async #takeEvent(
    conversation: string,
    { account, person }: { account: string; person: string },
    { msgid, send_time, event }: Item,
  ): Promise<void> {
    switch (event?.event_type) {
      case 'enter_session': {
        // Without a code they were greeted, or have written, in the last two days.
        const until = send_time * 1000 + welcomeMs;
        if (!event.welcome_code || until <= this.#services.store.now()) return;
        this.#codes.put(conversation, event.welcome_code, until);
        await this.#accounts.get(account)?.intake.take({ kind: 'join', person, id: msgid, at: send_time * 1000 });
        return;
      }
      case 'msg_send_fail':
        return this.#bounced(conversation, event.fail_msgid ?? '', event.fail_type);
      case 'session_status_change':
        return this.#agents.changed(conversation, event, send_time * 1000);
    }
  }

  async #send(
    conversation: Conversation,
    part: Part,
    { sending, at, isMore }: { sending: Sending; at: number; isMore: boolean },
    again: boolean,
  ): Promise<void> {
    const { id } = conversation;
    const isTakenBack = (await this.#sessions.isWithPerson(id)) && (await this.#takeBack(conversation));
    const code = this.#codes.take(id);
    const content = contentOf(part, isTakenBack ? channelNotices.answerToGoOn : undefined);
    if (code !== undefined && (await this.#sendByCode(code, content))) return;
    if (await this.#sessions.isWithPerson(id)) throw withPerson();
    const left = await this.#grants.take(id);
    const msgid = await this.#idFor(id, `${sending.key}/${at}`);
    await this.#remember(id, msgid, { position: sending.position, part: at });
    try {
      await this.#call(conversation, msgid, contentOf(part, isMore && left === 0 ? channelNotices.more : undefined), again);
    } catch (error) {
      if (error instanceof NotSent || error instanceof Undeliverable) await this.#grants.giveBack(id);
      throw error;
    }
  }

  /** Also where it is not known whether the platform has heard it: to end a session again changes nothing. */
  async #takeBack(conversation: Conversation): Promise<boolean> {
    try {
      return await this.#agents.takeBack(conversation);
    } catch (cause) {
      throw new NotSent('The customer could not be taken from the agents in WeChat.', { cause });
    }
  }

  /** The platform refuses an id that it has seen: whatever went wrong on the way, sending again shows nothing twice. */
  async #call(conversation: Conversation, msgid: string, content: object, again: boolean): Promise<void> {
    const whose = whoseOf(conversation);
    const body = { touser: whose.person, open_kfid: whose.account, msgid, ...content };
    try {
      await sendThrough(() => this.#api.call('/cgi-bin/kf/send_msg', body, z.unknown()));
    } catch (error) {
      if (error instanceof Undeliverable && error.reason === 'with-person') throw await this.#contradicted(conversation);
      if (error instanceof Undeliverable && error.reason === 'refused' && again)
        return this.#services.log.warn({ err: error }, 'taken for sent before');
      if (error instanceof Undeliverable || error instanceof NotSent) throw error;
      throw new NotSent('Nobody knows whether the platform has it.', { cause: error });
    }
  }

  /** The session is in another state than we thought. */
  async #contradicted(conversation: Conversation): Promise<Error> {
    const state = await this.#sessions.refresh(conversation.id, whoseOf(conversation)).catch(() => undefined);
    if (state === sessionStates.fresh || state === sessionStates.ours) return new NotSent('The state of the session was known wrongly.');
    return state === sessionStates.ended ? new Undeliverable('window-closed', 'The session has ended.') : withPerson();
  }

  /** Gives false when the code is of no use any more. */
  async #sendByCode(code: string, content: object): Promise<boolean> {
    try {
      await this.#api.call('/cgi-bin/kf/send_msg_on_event', { code, ...content }, z.unknown());
      return true;
    } catch (err) {
      if (!(err instanceof ApiError)) throw err;
      this.#services.log.info({ err }, 'code of customer service not taken');
      return false;
    }
  }

  /** The same whenever a part is sent, so that it is shown once; another when the platform has said that under the last one it did not arrive. */
  async #idFor(conversation: string, key: string): Promise<string> {
    for (let bounced = 0; ; bounced += 1) {
      const msgid = idOf(bounced === 0 ? key : `${key}/${bounced}`);
      if (!(await this.#sent(conversation, msgid))?.bounced) return msgid;
    }
  }

  async #sent(conversation: string, msgid: string): Promise<Sent | undefined> {
    const record = await this.#services.store.get(partitionOf(conversation), sentRecord(conversation, msgid));
    return record && decode<Sent>(record.value);
  }

  /** Where it stands what was sent under an id, for the platform may tell later that it has not arrived. */
  async #remember(conversation: string, msgid: string, sent: Sent): Promise<void> {
    const { store } = this.#services;
    await store.apply(partitionOf(conversation), {
      operations: [{ do: 'put', record: sentRecord(conversation, msgid), value: encode(sent), expiresAt: store.now() + rememberMs }],
    });
  }

  async #bounced(conversation: string, msgid: string, failType: number | undefined): Promise<void> {
    const sent = await this.#sent(conversation, msgid);
    // The log may be read twice.
    if (!sent || sent.bounced) return;
    const { position, part } = sent;
    await this.#services.outbox.bounced(conversation, position, {
      reason: failureOf(failType),
      part,
      told: `the platform says afterwards: fail_type ${failType}`,
    });
    await this.#remember(conversation, msgid, { ...sent, bounced: true });
  }
}

/** A part, and its message in the transcript. */
interface Sent {
  position: number;
  part: number;
  bounced?: true;
}

/** `notice`: stands under a text, for the platform takes no more after it. */
function contentOf(part: Part, notice: string | undefined): object {
  switch (part.kind) {
    case 'text':
      return { msgtype: 'text', text: { content: notice === undefined ? part.text : `${part.text}\n\n${notice}` } };
    case 'menu': {
      const list = part.items.map(({ title }, at) => ({ type: 'click', click: { id: String(at + 1), content: title } }));
      return { msgtype: 'msgmenu', msgmenu: { head_content: part.head, list } };
    }
  }
}

/** At most 32 of the letters that the platform takes. */
function idOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, 32);
}

function sentRecord(conversation: string, msgid: string): string {
  return `wechat-sent:${conversation}:${msgid}`;
}

function withPerson(): Undeliverable {
  return new Undeliverable('with-person', 'A person has the customer, in WeChat.');
}
