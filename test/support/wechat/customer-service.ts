import { setImmediate as afterIo } from 'node:timers/promises';
import type { ApiClient } from './api-call.ts';
import { type CallbackAccount, requirePlatformId, wecomCallback } from './callback.ts';
import { forgeries } from './forgeries.ts';
import { type KfItem, KfLog } from './kf-log.ts';
import { KfSession } from './kf-session.ts';
import { type MenuLine, Phone, textPicture } from './phone.ts';
import type { PushReport } from './pusher.ts';
import type { World } from './world.ts';

export interface CustomerServiceOptions {
  corpId: string;
  secret: string;
  token: string;
  aesKey: string;
  openKfId: string;
  /** Userids of the people who answer. */
  agents?: readonly string[];
  callback: URL;
}

export interface KfSwitches {
  /** Whether the API may end a session that is not with a person. */
  directEnd: boolean;
  /** What a msgid that was used before is answered with: not documented. */
  repeatedMsgId: number;
  /** How often in a minute messages are handed out without the token of a bell: "strictly" limited. */
  pullsWithoutToken: number;
}

/** What a customer did, and the bell that rang for it; none where it was lost. */
export interface KfAct {
  msgid: string;
  bell: PushReport | undefined;
}

const bellTokenMs = 600_000;

/** One account of WeChat Customer Service 微信客服: a log of messages, a bell that carries none, people and their sessions. */
export class CustomerService {
  readonly openKfId: string;
  readonly account: CallbackAccount;
  readonly client: ApiClient;
  readonly log: KfLog;
  readonly switches: KfSwitches = { directEnd: false, repeatedMsgId: 40058, pullsWithoutToken: 5 };
  /** So many bells to come are lost, or ring twice. */
  lostBells = 0;
  doubledBells = 0;
  /** The next messages of the bot are accepted and then fail with these (`fail_type`). */
  readonly failures: number[] = [];
  readonly sentIds = new Set<string>();
  readonly #agents = new Map<string, KfAgent>();
  readonly #customers = new Map<string, KfCustomer>();
  readonly #bellTokens = new Map<string, number>();
  readonly #world: World;
  #ringing: Promise<PushReport | undefined> | undefined;

  constructor(options: CustomerServiceOptions, world: World) {
    const { openKfId, agents = [] } = options;
    this.openKfId = openKfId;
    this.account = wecomCallback(openKfId, options);
    this.client = world.tokens.register('wecom', options.corpId, options.secret);
    this.log = new KfLog(world.clock, world.dice);
    this.#world = world;
    for (const id of agents) this.#agents.set(id, new KfAgent(id, this));
  }

  get agents(): KfAgent[] {
    return [...this.#agents.values()];
  }

  get customers(): KfCustomer[] {
    return [...this.#customers.values()];
  }

  agent(id: string): KfAgent {
    const agent = this.#agents.get(id);
    if (!agent) throw new Error(`There is no agent ${id}.`);
    return agent;
  }

  /** A customer, by external_userid; made where there is none. */
  customer(id: string): KfCustomer {
    requirePlatformId(id);
    const known = this.#customers.get(id) ?? new KfCustomer(id, this, this.#world);
    this.#customers.set(id, known);
    return known;
  }

  findCustomer(id: string): KfCustomer | undefined {
    return this.#customers.get(id);
  }

  findAgent(id: string): KfAgent | undefined {
    return this.#agents.get(id);
  }

  /** Puts something on the log. What happens at the same moment rings one bell. */
  record(
    item: Omit<KfItem, 'msgid' | 'send_time'> & { send_time?: number },
    { silently = false } = {},
  ): { msgid: string; bell: Promise<PushReport | undefined> } {
    const msgid = this.#world.dice.name(28);
    this.log.add({ msgid, send_time: this.#world.clock.stamp(), ...item } as KfItem);
    return { msgid, bell: silently ? Promise.resolve(undefined) : this.ring() };
  }

  recordEvent(event: { event_type: string; [field: string]: unknown }) {
    return this.record({ origin: 4, msgtype: 'event', event: { open_kfid: this.openKfId, ...event } });
  }

  ring(): Promise<PushReport | undefined> {
    this.#ringing ??= afterIo().then(() => {
      this.#ringing = undefined;
      return this.#ringNow();
    });
    return this.#ringing;
  }

  isBellToken(token: string): boolean {
    return this.#world.clock.now() < (this.#bellTokens.get(token) ?? 0);
  }

  /** A request as WeChat's with any inner XML, to be sent by hand. */
  crafts(inner: string, options?: Parameters<World['pusher']['craft']>[2]) {
    return this.#world.pusher.craft(this.account, inner, options);
  }

  /** Requests that the bot has to refuse, all in the same way; made from an inner message that it would take. */
  forgeries(inner: string) {
    return forgeries(this.account, inner, this.#world.dice);
  }

  /** The console checks the callback; `bend` spoils the address first. */
  verifies(bend?: (url: URL) => void) {
    return this.#world.pusher.verify(this.account, bend);
  }

  async #ringNow(): Promise<PushReport | undefined> {
    if (this.lostBells > 0) {
      this.lostBells--;
      return undefined;
    }
    const token = this.#world.dice.name(43);
    this.#bellTokens.set(token, this.#world.clock.now() + bellTokenMs);
    const twice = this.doubledBells > 0;
    if (twice) this.doubledBells--;
    return this.#world.pusher.push(
      {
        account: this.account,
        message: [
          ['ToUserName', this.account.toUserName],
          ['CreateTime', this.#world.clock.stamp()],
          ['MsgType', 'event'],
          ['Event', 'kf_msg_or_event'],
          ['Token', token],
          ['OpenKfId', this.openKfId],
        ],
        watched: false,
      },
      { twice },
    );
  }
}

/** Somebody who opened the link of the account in WeChat. */
export class KfCustomer {
  readonly id: string;
  readonly phone: Phone;
  readonly session: KfSession;
  readonly #kf: CustomerService;
  readonly #world: World;

  constructor(id: string, kf: CustomerService, world: World) {
    this.id = id;
    this.#kf = kf;
    this.#world = world;
    this.phone = new Phone(world.seed);
    this.session = new KfSession(world.clock, world.dice);
  }

  /** Opens the chat, by the link of a scene. */
  async enters({ scene = '', sceneParam = '' } = {}): Promise<KfAct> {
    const welcome_code = this.session.welcome();
    const fields = { external_userid: this.id, scene, scene_param: sceneParam, ...(welcome_code && { welcome_code }) };
    return this.#done(this.#kf.recordEvent({ event_type: 'enter_session', ...fields }));
  }

  says(text: string): Promise<KfAct> {
    this.phone.did(text);
    return this.#message('text', { content: text });
  }

  /** What was said so many seconds ago, and is only now to be pulled. */
  saidBefore(text: string, seconds: number): Promise<KfAct> {
    this.phone.did(text);
    return this.#message('text', { content: text }, this.#world.clock.stamp() - seconds);
  }

  /** Taps a line of a menu, by itself or by its words on the last menu. */
  taps(line: MenuLine | string): Promise<KfAct> {
    const { id, text } = this.phone.line(line);
    this.phone.did(`[${text}]`);
    return this.#message('text', { content: text, menu_id: id });
  }

  sendsPicture(bytes: Uint8Array, type = 'image/jpeg'): Promise<KfAct> {
    return this.#sendsFile('image', bytes, type, 'image.jpg');
  }

  sendsFile(bytes: Uint8Array, type: string, name: string): Promise<KfAct> {
    return this.#sendsFile('file', bytes, type, name);
  }

  sendsLocation(latitude: number, longitude: number, name: string): Promise<KfAct> {
    this.phone.did(`(${name})`);
    return this.#message('location', { latitude, longitude, name, address: name });
  }

  /** Anything else, with its object. */
  sends(msgtype: string, content: object): Promise<KfAct> {
    this.phone.did(`(${msgtype})`);
    return this.#message(msgtype, content);
  }

  /** Takes back what was said. */
  async recalls(msgid: string): Promise<KfAct> {
    return this.#done(this.#kf.recordEvent({ event_type: 'user_recall_msg', external_userid: this.id, recall_msgid: msgid }));
  }

  #sendsFile(kind: 'image' | 'file', bytes: Uint8Array, type: string, name: string): Promise<KfAct> {
    this.phone.did(`(${kind})`);
    const { id } = this.#world.media.add({ kind, bytes: Uint8Array.from(bytes), type, name, owner: this.#kf.account.receiveId });
    return this.#message(kind, { media_id: id });
  }

  #message(msgtype: string, content: object, send_time = this.#world.clock.stamp()): Promise<KfAct> {
    this.session.written();
    return this.#done(
      this.#kf.record({ open_kfid: this.#kf.openKfId, external_userid: this.id, origin: 3, msgtype, send_time, [msgtype]: content }),
    );
  }

  async #done({ msgid, bell }: { msgid: string; bell: Promise<PushReport | undefined> }): Promise<KfAct> {
    return { msgid, bell: await bell };
  }
}

/** One of the agency's people, in the WeCom client. */
export class KfAgent {
  readonly id: string;
  onDuty = true;
  /** Never logged in to WeCom: 95014. */
  activated = true;
  readonly #kf: CustomerService;

  constructor(id: string, kf: CustomerService) {
    this.id = id;
    this.#kf = kf;
  }

  /** Takes a customer out of the pool. */
  async accepts({ id, session }: KfCustomer): Promise<PushReport | undefined> {
    if (session.state !== 2) throw new Error(`${id} does not wait in the pool but is in state ${session.state}.`);
    session.enter(3, this.id);
    return this.#changed(id, { change_type: 1, new_servicer_userid: this.id, msg_code: session.codeFor(3) });
  }

  /** Writes; in a session that has ended, it goes on with that. */
  async writes(customer: KfCustomer, text: string): Promise<KfAct> {
    const { id, session, phone } = customer;
    const resumes = session.state === 4;
    if (!resumes && session.servicer !== this.id) throw new Error(`${id} is not with ${this.id}.`);
    if (resumes) {
      session.enter(3, this.id);
      this.#kf.recordEvent({ event_type: 'session_status_change', external_userid: id, change_type: 4, new_servicer_userid: this.id });
    }
    const { openKfId } = this.#kf;
    const { msgid, bell } = this.#kf.record({
      open_kfid: openKfId,
      external_userid: id,
      origin: 5,
      servicer_userid: this.id,
      msgtype: 'text',
      text: { content: text },
    });
    phone.show({ ...textPicture(text), via: 'agent', by: this.id, id: msgid });
    return { msgid, bell: await bell };
  }

  async transfers({ id, session }: KfCustomer, to: KfAgent): Promise<PushReport | undefined> {
    if (session.servicer !== this.id) throw new Error(`${id} is not with ${this.id}.`);
    session.enter(3, to.id);
    return this.#changed(id, { change_type: 2, old_servicer_userid: this.id, new_servicer_userid: to.id });
  }

  async ends({ id, session }: KfCustomer): Promise<PushReport | undefined> {
    if (session.servicer !== this.id) throw new Error(`${id} is not with ${this.id}.`);
    session.enter(4);
    return this.#changed(id, { change_type: 3, old_servicer_userid: this.id, msg_code: session.codeFor(4) });
  }

  /** Takes back what was written. */
  async recalls({ id, phone }: KfCustomer, msgid: string): Promise<PushReport | undefined> {
    phone.withdraw(msgid);
    return this.#kf.recordEvent({ event_type: 'servicer_recall_msg', external_userid: id, servicer_userid: this.id, recall_msgid: msgid })
      .bell;
  }

  async goesOn(): Promise<PushReport | undefined> {
    return this.#duty(true);
  }

  async goesOff(): Promise<PushReport | undefined> {
    return this.#duty(false);
  }

  #duty(onDuty: boolean): Promise<PushReport | undefined> {
    this.onDuty = onDuty;
    return this.#kf.recordEvent({ event_type: 'servicer_status_change', servicer_userid: this.id, status: onDuty ? 1 : 2 }).bell;
  }

  #changed(external_userid: string, change: object): Promise<PushReport | undefined> {
    return this.#kf.recordEvent({ event_type: 'session_status_change', external_userid, ...change }).bell;
  }
}
