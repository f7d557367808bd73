import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { pages, pdfOf } from './pdf.ts';

/** What every scanner is to report; no scanner should report this file of ours. */
export const eicar = `X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-${'ANTIVIRUS'}-TEST-FILE!$H+H*`;

/** A PDF document that has it in it. */
export const infectedPdf = pdfOf(pages(1), { comment: eicar });

/**
 * How a scanner behaves towards a file. `honest`: finds the EICAR string; `says`: these bytes and no others, one by one with `slowly`, before
 * the file has ended with `hastily`; `silent`: takes everything and never answers; `deaf`: takes nothing; `hangs-up`: at the end of the file, or in its midst.
 */
export type Manner =
  | { kind: 'honest' | 'silent' | 'deaf' }
  | { kind: 'says'; bytes: string; slowly?: true; hastily?: true }
  | { kind: 'hangs-up'; at: 'end' | 'midst' };

/** Speaks clamd's protocol byte by byte, and can be told to do it badly. Its behaviour is the real one's, see `clamd-itself.test.ts`. */
export class ScriptedScanner {
  /** As CLAMAV_ADDRESS takes it. */
  readonly address: string;
  readonly files: Buffer[] = [];
  /** How often it has said something, or hung up. */
  answers = 0;
  manner: Manner = { kind: 'honest' };
  /** StreamMaxLength. */
  mostBytes = Number.POSITIVE_INFINITY;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server, address: string) {
    this.#server = server;
    this.address = address;
    server.on('connection', (socket) => this.#serve(socket));
  }

  /** On a free port of this machine, or at the path of a socket. */
  static async start(path?: string): Promise<ScriptedScanner> {
    const server = path === undefined ? createServer().listen(0, '127.0.0.1') : createServer().listen(path);
    await once(server, 'listening');
    return new ScriptedScanner(server, path ?? `127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  get connections(): number {
    return this.#sockets.size;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    if (this.manner.kind === 'deaf') return;
    const sent = new SentToClamd();
    let file: Buffer = Buffer.alloc(0);
    socket.on('data', (data: Buffer) => {
      for (const part of sent.add(data)) {
        if (part.kind === 'command') this.#obey(socket, part.command);
        else if (part.kind === 'end') this.#judge(socket, file);
        else {
          file = Buffer.concat([file, part.chunk]);
          this.#interrupt(socket, file.length);
        }
      }
    });
  }

  #obey(socket: Socket, command: string): void {
    if (command === 'zPING') this.#answer(socket, { kind: 'says', bytes: 'PONG\0' });
    else if (command !== 'zINSTREAM') this.#answer(socket, { kind: 'says', bytes: 'UNKNOWN COMMAND\0' });
  }

  /** In the midst of a file. */
  #interrupt(socket: Socket, size: number): void {
    const { manner } = this;
    if (size > this.mostBytes) this.#answer(socket, { kind: 'says', bytes: 'INSTREAM size limit exceeded. ERROR\0' });
    if (manner.kind === 'says' && manner.hastily) this.#answer(socket, manner);
    if (manner.kind === 'hangs-up' && manner.at === 'midst') socket.destroy();
  }

  #judge(socket: Socket, file: Buffer): void {
    this.files.push(file);
    this.#answer(socket, this.manner, file);
  }

  #answer(socket: Socket, manner: Manner, file: Buffer = Buffer.alloc(0)): void {
    this.answers += 1;
    switch (manner.kind) {
      case 'honest':
        socket.end(file.includes(eicar) ? 'stream: Eicar-Signature FOUND\0' : 'stream: OK\0');
        return;
      case 'says':
        if (manner.slowly) void drip(socket, manner.bytes);
        else socket.end(Buffer.from(manner.bytes, 'latin1'));
        return;
      case 'hangs-up':
        socket.destroy();
        return;
      case 'silent':
      case 'deaf':
    }
  }
}

type Part = { kind: 'command'; command: string } | { kind: 'chunk'; chunk: Buffer } | { kind: 'end' };

/** Takes apart what a client sends over one connection: a command, and the chunks of a file. */
class SentToClamd {
  #held: Buffer = Buffer.alloc(0);
  #hasCommand = false;

  *add(data: Buffer): Generator<Part> {
    this.#held = Buffer.concat([this.#held, data]);
    if (!this.#hasCommand) {
      const end = this.#held.indexOf(0);
      if (end < 0) return;
      this.#hasCommand = true;
      yield { kind: 'command', command: this.#take(end + 1).toString('latin1', 0, end) };
    }
    while (this.#held.length >= 4 && this.#held.length >= 4 + this.#held.readUInt32BE()) {
      const chunk = this.#take(4 + this.#held.readUInt32BE()).subarray(4);
      yield chunk.length > 0 ? { kind: 'chunk', chunk } : { kind: 'end' };
    }
  }

  #take(length: number): Buffer {
    const taken = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(length);
    return taken;
  }
}

async function drip(socket: Socket, text: string): Promise<void> {
  for (const letter of text) {
    socket.write(letter);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  socket.end();
}
