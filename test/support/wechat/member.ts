import type { CallbackAccount } from './callback.ts';
import type { MessageOptions } from './follower.ts';
import { type CardButton, Phone, type Shown } from './phone.ts';
import type { PushReport } from './pusher.ts';
import type { World } from './world.ts';
import type { Field } from './xml.ts';

/** A member of the company, or of a client's, who has the app of the bot in WeCom. */
export class Member {
  readonly id: string;
  readonly phone: Phone;
  readonly #account: CallbackAccount;
  readonly #world: World;

  constructor(id: string, account: CallbackAccount, world: World) {
    this.id = id;
    this.#account = account;
    this.#world = world;
    this.phone = new Phone(world.seed);
  }

  says(text: string, options: MessageOptions = {}): Promise<PushReport> {
    this.phone.did(text);
    return this.#message('text', [['Content', text]], options);
  }

  sendsPicture(bytes: Uint8Array, type = 'image/jpeg', options: MessageOptions = {}): Promise<PushReport> {
    this.phone.did('(image)');
    const content = Uint8Array.from(bytes);
    const { id } = this.#world.media.add({ kind: 'image', bytes: content, type, name: 'image', owner: this.#account.receiveId });
    return this.#message(
      'image',
      [
        ['PicUrl', `${this.#world.origin}/mmbiz/${id}`],
        ['MediaId', id],
      ],
      options,
    );
  }

  sendsLocation(latitude: number, longitude: number, label: string, options: MessageOptions = {}): Promise<PushReport> {
    this.phone.did(`(${label})`);
    const place: Field[] = [
      ['Location_X', latitude],
      ['Location_Y', longitude],
      ['Scale', 15],
      ['Label', label],
    ];
    return this.#message('location', [...place, ['AppType', 'wxwork']], options);
  }

  /** Presses a button of a card, by itself or by its words on the last card. */
  taps(button: CardButton | string, options: MessageOptions = {}): Promise<PushReport> {
    const found = typeof button === 'string' ? this.phone.buttons.find(({ text }) => text === button) : button;
    const card = this.#cardWith(found);
    if (!found || !card)
      throw new Error(`There is no button ${JSON.stringify(button)}. Seed ${this.#world.seed}.\n${this.phone.transcript}`);
    this.phone.did(`[${found.text}]`);
    const { taskId = '', responseCode = '' } = card;
    const fields: Field[] = [
      ['EventKey', found.key],
      ['TaskId', taskId],
      ['CardType', 'button_interaction'],
      ['ResponseCode', responseCode],
    ];
    return this.#event('template_card_event', fields, options);
  }

  /** Opens the app: every time an event. */
  enters(options: MessageOptions = {}): Promise<PushReport> {
    return this.#event('enter_agent', [['EventKey', '']], options);
  }

  subscribes(options: MessageOptions = {}): Promise<PushReport> {
    return this.#event('subscribe', [['EventKey', '']], options);
  }

  unsubscribes(options: MessageOptions = {}): Promise<PushReport> {
    return this.#event('unsubscribe', [['EventKey', '']], options);
  }

  clicks(key: string, options: MessageOptions = {}): Promise<PushReport> {
    return this.#event('click', [['EventKey', key]], options);
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

  #cardWith(button: CardButton | undefined): Extract<Shown, { kind: 'card' }> | undefined {
    const cards = this.phone.items.filter((shown): shown is Extract<Shown, { kind: 'card' }> => shown.kind === 'card');
    return cards.findLast(({ buttons }) => buttons.some(({ key }) => key === button?.key));
  }

  #message(type: string, fields: readonly Field[], options: MessageOptions): Promise<PushReport> {
    const msgId = BigInt(options.msgId ?? this.#world.dice.digits(19));
    return this.#push(type, [...fields, ['MsgId', msgId]], options);
  }

  #event(event: string, fields: readonly Field[], options: MessageOptions): Promise<PushReport> {
    return this.#push('event', [['Event', event], ...fields], options);
  }

  #push(type: string, fields: readonly Field[], options: MessageOptions): Promise<PushReport> {
    const message: Field[] = [
      ['ToUserName', this.#account.toUserName],
      ['FromUserName', this.id],
      ['CreateTime', options.createTime ?? this.#world.clock.stamp()],
      ['MsgType', type],
      ...fields,
      ['AgentID', Number(this.#account.agentId)],
    ];
    return this.#world.pusher.push({ account: this.#account, message, phone: this.phone, watched: true }, options);
  }
}
