import { type Fields, type MessageOptions, Person } from './person.ts';
import type { CardButton, Shown } from './phone.ts';
import type { PushReport } from './pusher.ts';

type Card = Extract<Shown, { kind: 'card' }>;

/** A member of the company, or of a client's, who has the app of the bot in WeCom. */
export class Member extends Person {
  /** Presses a button of a card, by itself or by its words on the last card. */
  taps(button: CardButton | string, options: MessageOptions = {}): Promise<PushReport> {
    const found = typeof button === 'string' ? this.phone.buttons.find(({ text }) => text === button) : button;
    const card = this.#cardWith(found);
    if (!found || !card)
      throw new Error(`There is no button ${JSON.stringify(button)}. Seed ${this.world.seed}.\n${this.phone.transcript}`);
    this.phone.did(`[${found.text}]`);
    const { taskId: TaskId = '', responseCode: ResponseCode = '' } = card;
    return this.event('template_card_event', { EventKey: found.key, TaskId, CardType: 'button_interaction', ResponseCode }, options);
  }

  /** Opens the app: every time an event. */
  enters(options: MessageOptions = {}): Promise<PushReport> {
    return this.event('enter_agent', { EventKey: '' }, options);
  }

  subscribes(options: MessageOptions = {}): Promise<PushReport> {
    return this.event('subscribe', { EventKey: '' }, options);
  }

  unsubscribes(options: MessageOptions = {}): Promise<PushReport> {
    return this.event('unsubscribe', { EventKey: '' }, options);
  }

  clicks(key: string, options: MessageOptions = {}): Promise<PushReport> {
    return this.event('click', { EventKey: key }, options);
  }

  protected override tail(): Fields {
    return { AgentID: Number(this.account.agentId) };
  }

  #cardWith(button: CardButton | undefined): Card | undefined {
    const cards = this.phone.items.filter((shown): shown is Card => shown.kind === 'card');
    return cards.findLast(({ buttons }) => buttons.some(({ key }) => key === button?.key));
  }
}
