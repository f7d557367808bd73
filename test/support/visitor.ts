import { setTimeout as pause } from 'node:timers/promises';
import { type Activity, type Body, Stream } from '../bot/channels/direct-line/client.ts';
import { testSecret } from './application.ts';

const headers = { authorization: `Bearer ${testSecret}`, 'content-type': 'application/json' };
const patienceMs = 15_000;

/** A customer on the website, through Direct Line. */
export class Visitor {
  readonly id: string;
  readonly #url: string;

  private constructor(url: string, id: string) {
    this.#url = `${url}/v3/directline/conversations/${id}`;
    this.id = id;
  }

  static async begin(url: string): Promise<Visitor> {
    const body = JSON.stringify({ user: { id: `dl_${Math.random()}` } });
    const response = await fetch(`${url}/v3/directline/conversations`, { method: 'POST', headers, body });
    const visitor = new Visitor(url, ((await response.json()) as Body).conversationId);
    await visitor.#when(({ from }) => from.role === 'bot');
    return visitor;
  }

  /** Says something and, unless told otherwise, waits for the bot's answer. */
  async says(text: string, { answered = true } = {}): Promise<void> {
    const { id } = await this.#post({ type: 'message', text });
    if (answered) await this.#when(({ replyToId }) => replyToId === id);
  }

  async types(): Promise<void> {
    await this.#post({ type: 'typing' });
  }

  async transcript(): Promise<Activity[]> {
    const activities: Activity[] = [];
    for (let watermark = ''; ; ) {
      const response = await fetch(`${this.#url}/activities?watermark=${watermark}`, { headers });
      const page = (await response.json()) as Body;
      if (page.activities.length === 0) return activities;
      activities.push(...page.activities);
      watermark = page.watermark;
    }
  }

  async stream(): Promise<Stream> {
    return Stream.open(((await (await fetch(this.#url, { headers })).json()) as Body).streamUrl);
  }

  async #post(activity: object): Promise<Body> {
    const body = JSON.stringify({ from: { id: 'x' }, ...activity });
    const response = await fetch(`${this.#url}/activities`, { method: 'POST', headers, body });
    if (response.status !== 200) throw new Error(`refused with ${response.status}`);
    return (await response.json()) as Body;
  }

  async #when(fits: (activity: Activity) => boolean): Promise<void> {
    for (const end = Date.now() + patienceMs; Date.now() < end; await pause(20)) {
      if ((await this.transcript()).some(fits)) return;
    }
    throw new Error('What was awaited did not come.');
  }
}
