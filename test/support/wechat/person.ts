import type { CallbackAccount } from './callback.ts';
import type { Media, MediaKind } from './media.ts';
import { Phone } from './phone.ts';
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

/** The fields of a message, in the order in which WeChat writes them. */
export type Fields = Readonly<Record<string, string | number | bigint | readonly Field[]>>;

/** Somebody with a phone whose messages are pushed: a follower of an Official Account, or a member in WeCom. */
export abstract class Person {
  readonly id: string;
  readonly phone: Phone;
  protected readonly account: CallbackAccount;
  protected readonly world: World;

  constructor(id: string, account: CallbackAccount, world: World) {
    this.id = id;
    this.account = account;
    this.world = world;
    this.phone = new Phone(world.seed);
  }

  says(text: string, options: MessageOptions = {}): Promise<PushReport> {
    this.phone.did(text);
    return this.message('text', { Content: text }, options);
  }

  sendsPicture(bytes: Uint8Array, type = 'image/jpeg', options: MessageOptions = {}): Promise<PushReport> {
    const { id } = this.#upload('image', bytes, type);
    return this.message('image', { PicUrl: `${this.world.origin}/mmbiz/${id}`, MediaId: id }, options);
  }

  sendsVoice(bytes: Uint8Array, options: MessageOptions = {}): Promise<PushReport> {
    const { id } = this.#upload('voice', bytes, 'audio/amr');
    return this.message('voice', { MediaId: id, Format: 'amr' }, options);
  }

  sendsVideo(bytes: Uint8Array, options: MessageOptions = {}): Promise<PushReport> {
    const { id } = this.#upload('video', bytes, 'video/mp4');
    return this.message('video', { MediaId: id, ThumbMediaId: this.#upload('thumb', bytes, 'image/jpeg').id }, options);
  }

  sendsLocation(latitude: number, longitude: number, label: string, options: MessageOptions = {}): Promise<PushReport> {
    this.phone.did(`(${label})`);
    return this.message('location', { Location_X: latitude, Location_Y: longitude, Scale: 15, Label: label }, options);
  }

  sendsLink(title: string, url: string, options: MessageOptions = {}): Promise<PushReport> {
    this.phone.did(title);
    return this.message('link', { Title: title, Description: '', Url: url }, options);
  }

  /** WeChat tells where the person is, unasked and often. */
  reportsLocation(latitude: number, longitude: number, options: MessageOptions = {}): Promise<PushReport> {
    return this.event('LOCATION', { Latitude: latitude, Longitude: longitude, Precision: 65 }, options);
  }

  /** Any event that has no method of its own. */
  triggers(event: string, fields: Fields, options: MessageOptions = {}): Promise<PushReport> {
    return this.event(event, fields, options);
  }

  protected message(type: string, fields: Fields, options: MessageOptions, behind: Fields = {}): Promise<PushReport> {
    // A number of 64 bits, which no number of JavaScript holds.
    const MsgId = BigInt(options.msgId ?? this.world.dice.digits(17));
    return this.#push(type, { ...fields, MsgId, ...behind }, options, true);
  }

  protected event(event: string, fields: Fields, options: MessageOptions): Promise<PushReport> {
    return this.#push('event', { Event: event, ...fields }, options, !unwatched.has(event));
  }

  /** Behind all other fields. */
  protected tail(): Fields {
    return {};
  }

  protected onReply(_reply: Parameters<NonNullable<Push['onReply']>>[0]): void {}

  #upload(kind: MediaKind, bytes: Uint8Array, type: string): Media {
    this.phone.did(`(${kind})`);
    return this.world.media.add({ kind, bytes: Uint8Array.from(bytes), type, name: kind, owner: this.account.receiveId });
  }

  #push(type: string, fields: Fields, options: MessageOptions, watched: boolean): Promise<PushReport> {
    const { createTime = this.world.clock.stamp() } = options;
    const header = { ToUserName: this.account.toUserName, FromUserName: this.id, CreateTime: createTime, MsgType: type };
    const message = Object.entries<Field[1]>({ ...header, ...fields, ...this.tail() });
    const onReply: Push['onReply'] = (reply) => this.onReply(reply);
    return this.world.pusher.push({ account: this.account, message, phone: this.phone, watched, onReply }, options);
  }
}

/** Events that nobody looks at: an answer to them is not shown, nor is a failure. */
const unwatched = new Set(['unsubscribe', 'LOCATION', 'VIEW', 'view_miniprogram', 'TEMPLATESENDJOBFINISH']);
