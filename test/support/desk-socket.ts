import { WebSocket } from 'ws';
import type { Entry, Frame, Watch } from '../../bot/desk/desk-api.ts';
import type { DeskBrowser } from './desk.ts';

/** The live news of an open page of the desk. */
export class DeskSocket {
  readonly frames: Frame[] = [];
  /** The code with which it was closed. */
  readonly closed: Promise<number>;
  readonly #socket: WebSocket;
  readonly #waiting = new Set<() => void>();

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    this.closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('message', (data) => {
      this.frames.push(JSON.parse(data.toString()) as Frame);
      for (const look of this.#waiting) look();
    });
  }

  /** Rejects with the status when it is refused. */
  static open(url: string, browser: DeskBrowser): Promise<DeskSocket> {
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const socket = new WebSocket(`${url.replace('http', 'ws')}/desk/stream`, { headers: { origin: url, cookie } });
    const opened = new DeskSocket(socket);
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(opened));
      socket.once('unexpected-response', (_request, response) => reject(new Error(String(response.statusCode))));
      socket.on('error', reject);
    });
  }

  watch(watch: Watch['watch']): void {
    this.send(JSON.stringify({ watch } satisfies Watch));
  }

  send(data: string | Buffer): void {
    this.#socket.send(data);
  }

  /** The first frame, received already or still to come, that is wanted. */
  first(wanted: (frame: Frame) => boolean): Promise<Frame> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`No such frame came: ${JSON.stringify(this.frames.slice(-3))}`)), 15_000);
      const look = () => {
        const found = this.frames.find(wanted);
        if (!found) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }

  entriesOf(conversation: string): Entry[] {
    return this.frames.flatMap((frame) => (frame.kind === 'entries' && frame.conversation === conversation ? frame.entries : []));
  }

  async close(): Promise<void> {
    this.#socket.close();
    await this.closed;
  }
}
