import type { CallbackAccount } from './callback.ts';
import { type GrantSwitches, Grants } from './grants.ts';
import type { Media, MediaKind } from './media.ts';
import { type MenuLine, Phone } from './phone.ts';
import type { Push, PushOptions, PushReport } from './pusher.ts';
import type { World } from './world.ts';
import type { Field } from './xml.ts';

/** What a test may bend in one message of a person. */
export interface MessageOptions extends PushOptions {
  /** In place of a new one: ids of two people can be the same. */
  msgId?: string;
  /** Seconds since 1970, in place of now. */
  createTime?: number;
}

/** The notice that WeChat puts in place of a sticker and of all else that it does not hand on. */
export const unsupportedNotice = '【收到不支持的消息类型，暂无法显示】';

/** Events that nobody looks at: an answer to them is not shown, nor is a failure. */
const unwatched = new Set(['unsubscribe', 'LOCATION', 'VIEW', 'view_miniprogram', 'TEMPLATESENDJOBFINISH']);

/** Somebody on a phone who follows an Official Account, or did, or will. */
export class Follower {
  readonly id: string;
  readonly phone: Phone;
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
  readonly #account: CallbackAccount;
  readonly #world: World;
  readonly #switches: GrantSwitches;

  constructor(id: string, account: CallbackAccount, world: World, switches: GrantSwitches, following: boolean) {
    this.id = id;
    this.#account = account;
    this.#world = world;
    this.#switches = switches;
    this.phone = new Phone(world.seed);
    this.grants = new Grants(world.clock, switches);
    this.following = following;
    this.hasFollowed = following;
  }

  /** 对方正在输入 is on the screen. */
  get seesTyping(): boolean {
    return this.phone.showsTyping(this.#world.clock.now());
  }

  says(text: string, options: MessageOptions = {}): Promise<PushReport> {
    this.phone.did(text);
    return this.#message('text', [['Content', text]], options);
  }

  /** Taps a line of a menu that the account sent, by itself or by its words on the last menu. */
  taps(line: MenuLine | string, options: MessageOptions = {}): Promise<PushReport> {
    const { id, text } = this.phone.line(line);
    this.phone.did(`[${text}]`);
    return this.#message('text', [['Content', text]], options, [['bizmsgmenuid', id]]);
  }

  sendsPicture(bytes: Uint8Array, type = 'image/jpeg', options: MessageOptions = {}): Promise<PushReport> {
    const media = this.#upload('image', bytes, type);
    const PicUrl = `${this.#world.origin}/mmbiz/${media.id}`;
    return this.#message(
      'image',
      [
        ['PicUrl', PicUrl],
        ['MediaId', media.id],
      ],
      options,
    );
  }

  sendsVoice(bytes: Uint8Array, options: MessageOptions = {}): Promise<PushReport> {
    const { id } = this.#upload('voice', bytes, 'audio/amr');
    return this.#message(
      'voice',
      [
        ['MediaId', id],
        ['Format', 'amr'],
        ['Recognition', ''],
      ],
      options,
    );
  }

  sendsVideo(bytes: Uint8Array, options: MessageOptions = {}): Promise<PushReport> {
    const { id } = this.#upload('video', bytes, 'video/mp4');
    return this.#message(
      'video',
      [
        ['MediaId', id],
        ['ThumbMediaId', this.#upload('thumb', bytes, 'image/jpeg').id],
      ],
      options,
    );
  }

  sendsLocation(latitude: number, longitude: number, label: string, options: MessageOptions = {}): Promise<PushReport> {
    this.phone.did(`(${label})`);
    return this.#message(
      'location',
      [
        ['Location_X', latitude],
        ['Location_Y', longitude],
        ['Scale', 15],
        ['Label', label],
      ],
      options,
    );
  }

  sendsLink(title: string, url: string, options: MessageOptions = {}): Promise<PushReport> {
    this.phone.did(title);
    return this.#message(
      'link',
      [
        ['Title', title],
        ['Description', ''],
        ['Url', url],
      ],
      options,
    );
  }

  sendsSticker(options: MessageOptions = {}): Promise<PushReport> {
    this.phone.did('(sticker)');
    return this.#message('text', [['Content', unsupportedNotice]], options);
  }

  /** Follows, by the QR code of a scene where one is named. */
  follows({ scene, ...options }: MessageOptions & { scene?: string } = {}): Promise<PushReport> {
    this.following = true;
    this.hasFollowed = true;
    this.grants.give('menu');
    this.phone.did('(follows)');
    return this.#event(
      'subscribe',
      scene === undefined
        ? []
        : [
            ['EventKey', `qrscene_${scene}`],
            ['Ticket', this.#world.dice.name(96)],
          ],
      options,
    );
  }

  unfollows(options: MessageOptions = {}): Promise<PushReport> {
    this.following = false;
    this.grants.end();
    this.phone.did('(unfollows)');
    return this.#event('unsubscribe', [['EventKey', '']], options);
  }

  /** Taps an item of the account's own menu. */
  clicks(key: string, options: MessageOptions = {}): Promise<PushReport> {
    this.grants.give('menu');
    this.phone.did(`(menu ${key})`);
    return this.#event('CLICK', [['EventKey', key]], options);
  }

  /** Opens a page from the account's own menu. */
  views(url: string, options: MessageOptions = {}): Promise<PushReport> {
    return this.#event(
      'VIEW',
      [
        ['EventKey', url],
        ['MenuId', this.#world.dice.digits(9)],
      ],
      options,
    );
  }

  scans(scene: string, options: MessageOptions = {}): Promise<PushReport> {
    this.grants.give('menu');
    return this.#event(
      'SCAN',
      [
        ['EventKey', scene],
        ['Ticket', this.#world.dice.name(96)],
      ],
      options,
    );
  }

  reportsLocation(latitude: number, longitude: number, options: MessageOptions = {}): Promise<PushReport> {
    return this.#event(
      'LOCATION',
      [
        ['Latitude', latitude],
        ['Longitude', longitude],
        ['Precision', 65],
      ],
      options,
    );
  }

  /** Any other event, with its fields in their order. */
  triggers(event: string, fields: readonly Field[], options: MessageOptions = {}): Promise<PushReport> {
    return this.#event(event, fields, options);
  }

  #upload(kind: MediaKind, bytes: Uint8Array, type: string): Media {
    this.phone.did(`(${kind})`);
    const content = Uint8Array.from(bytes);
    return this.#world.media.add({ kind, bytes: content, type, name: kind, owner: this.#account.receiveId });
  }

  #message(type: string, fields: readonly Field[], options: MessageOptions, after: readonly Field[] = []): Promise<PushReport> {
    if (!this.following) throw new Error(`${this.id} does not follow the account and cannot write to it.`);
    const isTap = after.length > 0;
    this.grants.give(isTap && this.#switches.msgmenuTapGrant === 'menu' ? 'menu' : 'message');
    const msgId = options.msgId ?? this.#world.dice.digits(17);
    // Written as a number of 64 bits, which no number of JavaScript holds.
    return this.#push([...this.#header(type, options), ...fields, ['MsgId', BigInt(msgId)], ...after], true, options);
  }

  #event(event: string, fields: readonly Field[], options: MessageOptions): Promise<PushReport> {
    const watched = !unwatched.has(event);
    return this.#push([...this.#header('event', options), ['Event', event], ...fields], watched, options);
  }

  #header(type: string, { createTime = this.#world.clock.stamp() }: MessageOptions): Field[] {
    return [
      ['ToUserName', this.#account.toUserName],
      ['FromUserName', this.id],
      ['CreateTime', createTime],
      ['MsgType', type],
    ];
  }

  #push(message: readonly Field[], watched: boolean, options: PushOptions): Promise<PushReport> {
    this.lastActedAt = this.#world.clock.now();
    const onReply: Push['onReply'] = (reply) => {
      if (this.#switches.passiveCounts) this.grants.take();
      if ('transfer' in reply) this.transferred = reply.transfer;
    };
    return this.#world.pusher.push({ account: this.#account, message, phone: this.phone, watched, onReply }, options);
  }
}
