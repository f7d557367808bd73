import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import type { Conversations } from '../conversations/conversations.ts';
import type { Duty } from '../handoffs/duty.ts';
import { dutyMs } from '../handoffs/duty.ts';
import { deskTopic } from '../handoffs/handoff.ts';
import { parseJson } from '../http/body.ts';
import { unavailable } from '../http/http-error.ts';
import type { UpgradeHandler } from '../http/web-server.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import type { Board } from './board.ts';
import type { Frame, SignedIn } from './desk-api.ts';
import type { DeskGate } from './desk-gate.ts';
import { entriesOf } from './transcript-view.ts';

export interface DeskStreamsOptions {
  gate: DeskGate;
  board: Board;
  conversations: Conversations;
  duty: Duty;
  store: Pick<Store, 'watch'>;
  log: Log;
}

const path = '/desk/stream';
/** Changes of the queue that come within so many milliseconds are shown together. */
const gatherMs = 300;
/** The net under hints that were lost. */
const netMs = 3_000;
const keepAliveMs = 20_000;
const pageSize = 200;
const mostStreams = 1_000;
const mostWatched = 50;
const mostUnsentBytes = 1024 * 1024;

const watchSchema = z.strictObject({
  watch: z.array(z.strictObject({ conversation: z.string().max(200), after: z.number().int().min(0) })).max(mostWatched),
});

/** The live news of the desk: the queue as it changes, and what is said in the conversations that an agent looks at. */
export class DeskStreams {
  readonly #options: DeskStreamsOptions;
  readonly #sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 64 * 1024 });
  readonly #open = new Set<DeskStream>();
  readonly #timers: NodeJS.Timeout[];
  readonly #stopWatching: () => void;
  #gathering: NodeJS.Timeout | undefined;

  constructor(options: DeskStreamsOptions) {
    this.#options = options;
    this.#stopWatching = options.store.watch(deskTopic, () => this.#gather());
    this.#timers = [
      setInterval(() => this.#all((stream) => stream.lookAgain()), netMs),
      setInterval(() => this.#all((stream) => stream.keepAlive()), keepAliveMs),
      setInterval(() => this.#all((stream) => stream.showOnDuty()), dutyMs),
    ];
    for (const timer of this.#timers) timer.unref();
  }

  get count(): number {
    return this.#open.size;
  }

  readonly upgrade: UpgradeHandler = async (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (new URL(request.url ?? '/', 'http://localhost').pathname !== path) return false;
    const { session, ...agent } = await this.#options.gate.admitUpgrade(request);
    if (this.#open.size >= mostStreams) throw unavailable();
    this.#sockets.handleUpgrade(request, socket, head, (opened) => this.#admit(opened, agent, session));
    return true;
  };

  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
    clearTimeout(this.#gathering);
    this.#stopWatching();
    this.#all((stream) => stream.close(1012, 'restart'));
  }

  #admit(socket: WebSocket, agent: SignedIn, session: string): void {
    const stream = new DeskStream(socket, agent, session, this.#options);
    this.#open.add(stream);
    socket.on('close', () => {
      this.#open.delete(stream);
      stream.closed();
      const elsewhere = [...this.#open].some((other) => other.agent.id === agent.id);
      if (!elsewhere)
        this.#options.duty.leave(agent.id).catch((err: unknown) => this.#options.log.warn({ err }, 'still shown at the desk'));
      this.#gather();
    });
    stream.showOnDuty();
    this.#gather();
  }

  #gather(): void {
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      this.#all((stream) => stream.showQueue());
    }, gatherMs);
  }

  #all(act: (stream: DeskStream) => void): void {
    for (const stream of this.#open) act(stream);
  }
}

interface Watched {
  /** The position up to which the page has the conversation. */
  after: number;
  stop: () => void;
}

/** One open page of an agent. Everything goes out in order, one thing after the other; a page that takes nothing in is ended. */
class DeskStream {
  agent: SignedIn;
  readonly #socket: WebSocket;
  readonly #session: string;
  readonly #options: DeskStreamsOptions;
  readonly #watched = new Map<string, Watched>();
  #work: Promise<void> = Promise.resolve();
  #queueShown = '';
  #queueWanted = false;
  #alive = true;

  constructor(socket: WebSocket, agent: SignedIn, session: string, options: DeskStreamsOptions) {
    this.agent = agent;
    this.#socket = socket;
    this.#session = session;
    this.#options = options;
    socket.on('message', (data: Buffer, isBinary) => this.#receive(data, isBinary));
    socket.on('pong', () => {
      this.#alive = true;
    });
    socket.on('error', () => socket.terminate());
  }

  showQueue(): void {
    if (this.#queueWanted) return;
    this.#queueWanted = true;
    this.#do(async () => {
      this.#queueWanted = false;
      const queue = await this.#options.board.shown(this.agent);
      // The time alone is no news.
      const shown = JSON.stringify({ ...queue, now: 0 });
      if (shown === this.#queueShown) return;
      this.#queueShown = shown;
      this.#send({ kind: 'queue', queue });
    });
  }

  lookAgain(): void {
    this.showQueue();
    for (const conversation of this.#watched.keys()) this.#showEntries(conversation);
  }

  keepAlive(): void {
    if (!this.#alive) {
      this.#socket.terminate();
      return;
    }
    this.#alive = false;
    this.#socket.ping();
    // Scripts in pages do not see pings.
    this.#send({ kind: 'alive' });
    this.#do(async () => {
      const agent = await this.#options.gate.stillIn(this.#session);
      if (agent) {
        this.agent = agent;
        return;
      }
      this.#send({ kind: 'signed-out' });
      this.close(1008, 'signed out');
    });
  }

  showOnDuty(): void {
    this.#do(() => this.#options.duty.show(this.agent));
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  closed(): void {
    for (const { stop } of this.#watched.values()) stop();
    this.#watched.clear();
  }

  #receive(data: Buffer, isBinary: boolean): void {
    const read = isBinary ? undefined : readWatch(data);
    if (!read) {
      this.close(1008, 'not understood');
      return;
    }
    this.#show(read);
  }

  #show(read: readonly { conversation: string; after: number }[]): void {
    const wanted = new Map(read.map(({ conversation, after }) => [conversation, after]));
    for (const [conversation, { stop }] of this.#watched) {
      if (wanted.has(conversation)) continue;
      stop();
      this.#watched.delete(conversation);
    }
    for (const [conversation, after] of wanted) {
      const known = this.#watched.get(conversation);
      if (known) known.after = Math.min(known.after, after);
      else this.#watched.set(conversation, { after, stop: this.#watch(conversation) });
      this.#showEntries(conversation);
    }
  }

  #watch(conversation: string): () => void {
    const { conversations } = this.#options;
    const stops = [
      conversations.watch(conversation, () => {
        this.#showEntries(conversation);
        this.showQueue();
      }),
      conversations.watchStanding(conversation, () => this.#send({ kind: 'changed', conversation })),
      conversations.watchTyping(conversation, (who) => {
        if (who === 'customer') this.#send({ kind: 'typing', conversation });
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }

  #showEntries(conversation: string): void {
    this.#do(async () => {
      for (;;) {
        const watched = this.#watched.get(conversation);
        if (!watched) return;
        const page = await this.#options.conversations.transcript(conversation, watched.after, pageSize);
        const end = page.at(-1)?.position;
        if (end === undefined) return;
        watched.after = end;
        this.#send({ kind: 'entries', conversation, entries: entriesOf(page), end });
      }
    });
  }

  #do(step: () => Promise<void>): void {
    this.#work = this.#work.then(step).catch((err: unknown) => {
      // The net looks again in a moment.
      this.#options.log.warn({ err, agent: this.agent.id }, 'news of the desk interrupted');
    });
  }

  #send(frame: Frame): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > mostUnsentBytes) this.#socket.terminate();
    else this.#socket.send(JSON.stringify(frame));
  }
}

function readWatch(data: Buffer): { conversation: string; after: number }[] | undefined {
  try {
    return watchSchema.safeParse(parseJson(data)).data?.watch;
  } catch {
    return undefined;
  }
}
