import type { Frame, Watch } from '../../desk/desk-api.ts';
import { Pause } from '../shared/gate.ts';

export type Connection = 'connecting' | 'online' | 'asking' | 'cut';

export interface StreamEvents {
  /** `asking`: the socket cannot be had, and news are asked for every few seconds; `cut`: there is no way to the server. */
  connection(connection: Connection): void;
  frame(frame: Frame): void;
  /** What the page shows, and up to where it has each of it. */
  watched(): Watch['watch'];
  /** Reads by HTTP what the socket would have told. Throws when there is no way to the server. */
  ask(): Promise<void>;
}

const longestWaitMs = 15_000;
const silenceMs = 50_000; // the server speaks every 20 s
const openingMs = 10_000;
const askMs = 3_000;
/** With so many failures in a row a socket is not to be had in this network; whether that has changed is tried again after a while. */
const mostFailures = 2;
const asksBetweenTries = 20;

/** The live news of the desk. It is kept up over cuts: each connection begins by saying where the page stands. */
export class Stream {
  readonly #events: StreamEvents;
  readonly #pause = new Pause();
  #socket: WebSocket | undefined;
  #endConnection: () => void = () => undefined;
  #heardAt = 0;
  #running = false;
  #round = 0;

  constructor(events: StreamEvents) {
    this.#events = events;
    addEventListener('online', () => this.reconnect());
    addEventListener('offline', () => this.reconnect());
    document.addEventListener('visibilitychange', () => !document.hidden && this.#pause.cut());
    setInterval(() => this.#lookAlive(), silenceMs / 5);
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#round += 1;
    void this.#stayConnected(this.#round);
  }

  stop(): void {
    this.#running = false;
    this.reconnect();
  }

  /** Tries at once, without the rest of the wait. */
  reconnect(): void {
    this.#endConnection();
    this.#pause.cut();
  }

  /** Tells the server what the page shows now. */
  watch(): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify({ watch: this.#events.watched() } satisfies Watch));
  }

  async #stayConnected(round: number): Promise<void> {
    const goesOn = () => this.#running && this.#round === round;
    this.#events.connection('connecting');
    for (let failures = 0; goesOn(); ) {
      failures = (await this.#listen()) ? 0 : failures + 1;
      if (!goesOn()) return;
      if (failures >= mostFailures && (await this.#askForAWhile(goesOn))) failures = 0;
      if (!goesOn()) return;
      this.#events.connection('cut');
      // A random share of the wait, so that the desks of a restarted server do not all come at the same moment.
      await this.#pause.wait(Math.min(longestWaitMs, 500 * 2 ** failures) * (0.5 + Math.random() / 2));
    }
  }

  /** Resolves when the connection has ended; says whether there was one. */
  #listen(): Promise<boolean> {
    const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss:' : 'ws:'}//${location.host}/desk/stream`);
    this.#socket = socket;
    return new Promise((resolve) => {
      let opened = false;
      const opening = setTimeout(() => this.#endConnection(), openingMs);
      socket.onopen = () => {
        opened = true;
        clearTimeout(opening);
        this.#heardAt = Date.now();
        this.watch();
        this.#events.connection('online');
      };
      socket.onmessage = ({ data }: MessageEvent<string>) => {
        this.#heardAt = Date.now();
        if (data !== '') this.#events.frame(JSON.parse(data) as Frame);
      };
      const end = () => {
        clearTimeout(opening);
        socket.onopen = socket.onmessage = socket.onclose = null;
        socket.close();
        resolve(opened);
      };
      socket.onclose = end;
      // Where the network was cut without a word the socket's own close event comes minutes later, so it is not waited for.
      this.#endConnection = end;
    });
  }

  /** For networks that let no socket through. Says whether the server could be asked. */
  async #askForAWhile(goesOn: () => boolean): Promise<boolean> {
    for (let asked = 0; asked < asksBetweenTries && goesOn(); asked += 1) {
      try {
        await this.#events.ask();
      } catch {
        return false; // shown as cut, and tried again
      }
      if (!goesOn()) return true;
      this.#events.connection('asking');
      await this.#pause.wait(askMs);
    }
    return true;
  }

  /** A socket whose network has gone stays open for minutes: after a silence it is replaced. */
  #lookAlive(): void {
    if (this.#socket?.readyState === WebSocket.OPEN && Date.now() - this.#heardAt > silenceMs) this.reconnect();
  }
}
