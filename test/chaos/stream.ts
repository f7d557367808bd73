import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Line, Visitor } from '../support/accounting.ts';

/** As clients do: a stream that does not open is asked for anew, from the beginning of the conversation. */
export async function openSocket(line: Line, { conversation }: Visitor): Promise<WebSocket> {
  for (let failures = 0; ; failures += 1) {
    const { streamUrl } = await line.insist('GET', `/${conversation}?watermark=`);
    const socket = new WebSocket(streamUrl, { perMessageDeflate: false });
    const opened = await once(socket, 'open').then(
      () => true,
      () => false,
    );
    if (opened) return socket;
    line.endings.told += 1;
    await line.pause(failures);
  }
}

/** A visitor's open WebSocket, and the messages whose replies came over it. */
export class Stream {
  readonly #answered: string[] = [];
  readonly #socket: WebSocket;
  readonly #visitor: Visitor;

  private constructor(socket: WebSocket, visitor: Visitor) {
    this.#socket = socket;
    this.#visitor = visitor;
    socket.on('message', (data) => this.#take(String(data)));
  }

  static async open(line: Line, visitor: Visitor): Promise<Stream> {
    return new Stream(await openSocket(line, visitor), visitor);
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** Of what the visitor said: how much has no reply over this socket. */
  get unheard(): number {
    return this.#visitor.acknowledged.filter((id) => !this.#answered.includes(id)).length;
  }

  /** How many replies came over it once more. */
  get heardAgain(): number {
    return this.#answered.length - new Set(this.#answered).size;
  }

  close(): void {
    this.#socket.terminate();
  }

  #take(frame: string): void {
    if (frame === '') return;
    const { activities } = JSON.parse(frame) as { activities: { replyToId?: string }[] };
    this.#answered.push(...activities.flatMap(({ replyToId }) => replyToId ?? []));
  }
}
