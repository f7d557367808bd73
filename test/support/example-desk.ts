import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isSigned, sign } from '../../bot/handoffs/signature.ts';

/** What the bot sends to another desk. */
export interface DeskEvent {
  id: string;
  type: string;
  name?: string;
  text?: string;
  from: { id?: string; role?: string };
  conversation: { id: string };
  value?: { state?: string; reason?: string };
  attachments?: { name: string; content: { activities: DeskEvent[] } }[];
}

/**
 * A small desk of another make, as one would write it: it receives signed events, keeps each once by its id, and has one agent who takes
 * conversations, answers and gives them back.
 */
export class ExampleDesk {
  readonly secret: string;
  /** Each event once, in the order of arrival. */
  events: DeskEvent[] = [];
  /** Of which conversations it was told that they were erased, as often as it was told anew. */
  readonly erased: string[] = [];
  /** How many came, repetitions included. */
  received = 0;
  /** As if it were being restarted: everything is refused. */
  down = false;
  /** What arrives is looked at only when this has passed. */
  busy: (event: DeskEvent) => Promise<void> = async () => {};
  readonly #server: Server;
  readonly #erasures = new Set<string>();
  #bot = '';

  private constructor(secret: string) {
    this.secret = secret;
    this.#server = createServer(async (request, response) => {
      const body = Buffer.concat(await request.toArray());
      const trusted = isSigned(String(request.headers['x-filing-signature']), body, secret, Date.now());
      const event = JSON.parse(body.toString()) as DeskEvent;
      await this.busy(event);
      response.statusCode = this.down ? 503 : trusted ? 200 : 401;
      response.end();
      if (this.down || !trusted) return;
      this.received += 1;
      if (event.name === 'conversation.erased') this.#erase(event);
      else if (!this.events.some(({ id }) => id === event.id)) this.events.push(event);
    });
  }

  static async open(secret: string): Promise<ExampleDesk> {
    const desk = new ExampleDesk(secret);
    await new Promise<void>((resolve) => desk.#server.listen(0, '127.0.0.1', resolve));
    return desk;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/events`;
  }

  /** Where the bot is. */
  talksTo(url: string): void {
    this.#bot = `${url}/desk/webhook`;
  }

  of(conversation: string): DeskEvent[] {
    return this.events.filter((event) => event.conversation.id === conversation);
  }

  /** All of it that came before; what is said since is somebody's new request. */
  #erase({ id, conversation }: DeskEvent): void {
    if (this.#erasures.has(id)) return;
    this.#erasures.add(id);
    this.events = this.events.filter((event) => event.conversation.id !== conversation.id);
    this.erased.push(conversation.id);
  }

  says(conversation: string, state: 'accepted' | 'completed' | 'failed'): Promise<number> {
    return this.send({ type: 'event', name: 'handoff.status', conversation: { id: conversation }, from: agent, value: { state } });
  }

  answers(conversation: string, id: string, text: string): Promise<number> {
    return this.send({ type: 'message', id, conversation: { id: conversation }, from: agent, text });
  }

  /** Gives the status that the bot answers with. */
  async send(event: object, { secret = this.secret, at = Date.now() } = {}): Promise<number> {
    const body = JSON.stringify(event);
    const headers = { 'content-type': 'application/json', 'x-filing-signature': sign(body, secret, at) };
    return (await fetch(this.#bot, { method: 'POST', headers, body })).status;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

const agent = { id: 'zhao', name: '小赵' };
