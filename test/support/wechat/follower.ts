import type { CallbackAccount } from './callback.ts';
import { type GrantSwitches, Grants } from './grants.ts';
import type { Verdict } from './passive-reply.ts';
import { type Fields, type MessageOptions, Person } from './person.ts';
import type { MenuLine } from './phone.ts';
import type { PushReport } from './pusher.ts';
import type { World } from './world.ts';

/** The notice that WeChat puts in place of a sticker and of all else that it does not hand on. */
export const unsupportedNotice = '【收到不支持的消息类型，暂无法显示】';

/** Somebody who follows an Official Account, or did, or will. */
export class Follower extends Person {
  readonly grants: Grants;
  following: boolean;
  /** Followed at some time: whoever left since gets other errors than a stranger. */
  hasFollowed: boolean;
  /** Refuses messages of the account (48002). */
  refuses = false;
  /** Put on the account's blacklist (43019). */
  blacklisted = false;
  /** Handed to the people of the account by `transfer_customer_service`. */
  transferred: { to?: string } | undefined;
  /** When the person last did something, for the typing line. */
  lastActedAt = 0;
  readonly #switches: GrantSwitches;

  constructor(id: string, account: CallbackAccount, world: World, switches: GrantSwitches, following: boolean) {
    super(id, account, world);
    this.#switches = switches;
    this.grants = new Grants(world.clock, switches);
    this.following = following;
    this.hasFollowed = following;
  }

  /** 对方正在输入 is on the screen. */
  get seesTyping(): boolean {
    return this.phone.showsTyping(this.world.clock.now());
  }

  /** Taps a line of a menu that the account sent, by itself or by its words on the last menu. */
  taps(line: MenuLine | string, options: MessageOptions = {}): Promise<PushReport> {
    const { id, text } = this.phone.line(line);
    this.phone.did(`[${text}]`);
    return this.message('text', { Content: text }, options, { bizmsgmenuid: id });
  }

  sendsSticker(options: MessageOptions = {}): Promise<PushReport> {
    return this.says(unsupportedNotice, options);
  }

  /** Follows, by the QR code of a scene where one is named. */
  follows({ scene, ...options }: MessageOptions & { scene?: string } = {}): Promise<PushReport> {
    this.following = true;
    this.hasFollowed = true;
    this.grants.give('menu');
    this.phone.did('(follows)');
    return this.event('subscribe', scene === undefined ? {} : { EventKey: `qrscene_${scene}`, Ticket: this.world.dice.name(96) }, options);
  }

  unfollows(options: MessageOptions = {}): Promise<PushReport> {
    this.following = false;
    this.grants.end();
    this.phone.did('(unfollows)');
    return this.event('unsubscribe', { EventKey: '' }, options);
  }

  /** Taps an item of the account's own menu. */
  clicks(key: string, options: MessageOptions = {}): Promise<PushReport> {
    this.grants.give('menu');
    this.phone.did(`(menu ${key})`);
    return this.event('CLICK', { EventKey: key }, options);
  }

  /** Opens a page from the account's own menu. */
  views(url: string, options: MessageOptions = {}): Promise<PushReport> {
    return this.event('VIEW', { EventKey: url, MenuId: this.world.dice.digits(9) }, options);
  }

  scans(scene: string, options: MessageOptions = {}): Promise<PushReport> {
    this.grants.give('menu');
    return this.event('SCAN', { EventKey: scene, Ticket: this.world.dice.name(96) }, options);
  }

  protected override message(type: string, fields: Fields, options: MessageOptions, behind: Fields = {}): Promise<PushReport> {
    if (!this.following) throw new Error(`${this.id} does not follow the account and cannot write to it.`);
    const isTap = 'bizmsgmenuid' in behind;
    this.grants.give(isTap ? this.#switches.msgmenuTapGrant : 'message');
    this.lastActedAt = this.world.clock.now();
    return super.message(type, fields, options, behind);
  }

  protected override event(event: string, fields: Fields, options: MessageOptions): Promise<PushReport> {
    this.lastActedAt = this.world.clock.now();
    return super.event(event, fields, options);
  }

  protected override onReply(reply: Extract<Verdict, { outcome: 'ok-reply' }>): void {
    if (this.#switches.passiveCounts) this.grants.take();
    if ('transfer' in reply) this.transferred = reply.transfer;
  }
}
