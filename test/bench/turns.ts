import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Agent, createServer, type Server } from 'node:http';
import { WebSocket } from 'ws';
import { testSecret } from '../support/application.ts';
import { exchange } from './exchange.ts';
import { quantile } from './quantiles.ts';

/** Sends one message and resolves when its reply is there; the request that carried it may be acknowledged later. */
export type Turn = () => Promise<{ acknowledged: Promise<unknown> }>;

export interface Speed {
  perSecond: number;
  /** Milliseconds from sending a message until its reply has reached the client. */
  p50: number;
  p99: number;
  turns: number;
}

const question = '备案审核要多长时间';

/** All conversations at once, each one turn after the other. */
export async function measureTurns(turns: readonly Turn[], seconds: number): Promise<Speed> {
  const times: number[] = [];
  const started = performance.now();
  const until = started + seconds * 1000;
  await Promise.all(
    turns.map(async (turn) => {
      while (performance.now() < until) {
        const before = performance.now();
        const { acknowledged } = await turn();
        times.push(performance.now() - before);
        await acknowledged;
      }
    }),
  );
  const took = (performance.now() - started) / 1000;
  return { perSecond: times.length / took, p50: quantile(times, 0.5), p99: quantile(times, 0.99), turns: times.length };
}

/** Over a WebSocket; each conversation has its own connection and socket, as each visitor has. */
export async function streamedTurn(url: string): Promise<Turn> {
  const agent = newAgent();
  const { conversationId, streamUrl } = await begin(agent, url);
  const socket = new WebSocket(streamUrl, { perMessageDeflate: false });
  let arrived: () => void = () => {};
  socket.on('message', (data) => {
    if (String(data).includes('"replyToId"')) arrived();
  });
  await once(socket, 'open');
  const say = sayer(agent, url, conversationId);
  return async () => {
    const reply = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const acknowledged = say();
    await reply;
    return { acknowledged };
  };
}

/** Without a socket: asks for what is new as soon as the message is acknowledged, until the reply is among it. */
export async function polledTurn(url: string): Promise<Turn> {
  const agent = newAgent();
  const { conversationId } = await begin(agent, url);
  const say = sayer(agent, url, conversationId);
  const path = `${url}/v3/directline/conversations/${conversationId}/activities`;
  let watermark = '';
  return async () => {
    const acknowledged = say();
    await acknowledged;
    for (let text = ''; !text.includes('"replyToId"'); ) {
      text = await call(agent, 'GET', `${path}?watermark=${watermark}`, testSecret);
      ({ watermark } = JSON.parse(text) as { watermark: string });
    }
    return { acknowledged };
  };
}

/** The service's side of /api/messages: takes the replies that bots post to the `serviceUrl` of an activity. */
export class Connector {
  readonly #server: Server;
  /** Who waits for a reply, by conversation. */
  readonly #waiting = new Map<string, () => void>();

  private constructor(server: Server) {
    this.#server = server;
    server.keepAliveTimeout = 60_000;
    server.on('request', (incoming, response) => {
      incoming.resume();
      incoming.on('end', () => {
        response.setHeader('content-type', 'application/json');
        response.end('{"id":"1"}');
        const [, conversation = ''] = /conversations\/([^/]+)/.exec(incoming.url ?? '') ?? [];
        this.#waiting.get(conversation)?.();
      });
    });
  }

  static async start(): Promise<Connector> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Connector(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as { port: number }).port}`;
  }

  /** A conversation with the bot there; `token`: by which the service proves itself, where the bot asks for it. */
  turn(url: string, conversation: string, token?: string): Turn {
    const agent = newAgent();
    const begun = randomUUID(); // a conversation may be taken up again: the same message once more would get no reply
    let count = 0;
    return async () => {
      count += 1;
      const reply = new Promise<void>((resolve) => this.#waiting.set(conversation, resolve));
      const acknowledged = call(agent, 'POST', `${url}/api/messages`, token, {
        type: 'message',
        id: `${begun}-${count}`,
        channelId: 'test',
        serviceUrl: this.url,
        conversation: { id: conversation },
        from: { id: 'user' },
        recipient: { id: 'bot' },
        text: question,
      });
      await reply;
      return { acknowledged };
    };
  }
}

function newAgent(): Agent {
  return new Agent({ keepAlive: true, maxSockets: 1 });
}

async function begin(agent: Agent, url: string): Promise<{ conversationId: string; streamUrl: string }> {
  const user = { id: `dl_${Math.random()}` };
  return JSON.parse(await call(agent, 'POST', `${url}/v3/directline/conversations`, testSecret, { user }));
}

function sayer(agent: Agent, url: string, conversation: string): () => Promise<string> {
  let count = 0;
  return () => {
    count += 1;
    const activity = { type: 'message', text: question, from: { id: 'dl_bench' }, channelData: { clientActivityID: `${count}` } };
    return call(agent, 'POST', `${url}/v3/directline/conversations/${conversation}/activities`, testSecret, activity);
  };
}

async function call(agent: Agent, method: string, url: string, bearer?: string, body?: object): Promise<string> {
  const bytes = body && Buffer.from(JSON.stringify(body));
  const headers = {
    ...(bytes && { 'content-type': 'application/json' }),
    ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
  };
  const { status, text } = await exchange(agent, method, url, headers, bytes);
  if (status >= 300) throw new Error(`${url} answered ${status}: ${text}`);
  return text;
}
