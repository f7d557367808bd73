import { connect, type Socket } from 'node:net';

/** Where clamd listens: a socket of this machine, or a port of a host. */
export type ClamdAddress = { path: string } | { host: string; port: number };

/**
 * Why nothing is known of a file. `unreachable`: no connection; `silent`: no answer, or no room for more, within the time given; `cut-off`:
 * the connection ended before the answer; `too-large`: more than StreamMaxLength of clamd.conf; `not-understood`: any other answer.
 */
export const scanFaults = ['unreachable', 'silent', 'cut-off', 'too-large', 'not-understood'] as const;
export type ScanFault = (typeof scanFaults)[number];

/** `said`: the answer that was not understood, cut short; it names no file, for clamd is told none. */
export type Verdict =
  | { outcome: 'clean' }
  | { outcome: 'infected'; signature: string }
  | { outcome: 'unscanned'; why: ScanFault; said?: string };

/** How long clamd may take, in milliseconds, to be reached and to answer; what a slow client takes in between does not count. */
export interface Patience {
  reachMs: number;
  answerMs: number;
}

const usualPatience: Patience = { reachMs: 2_000, answerMs: 10_000 };
const mostAnswerLength = 4 * 1024;
const mostSaid = 200;

/**
 * A client of ClamAV's daemon. Of its protocol (clamd(8) of ClamAV 1.4, "COMMANDS"): PING, and INSTREAM, which takes a file in chunks, each
 * behind its length in four bytes in network order, and ends with one of no length. Commands begin with z and end with NUL, as do answers.
 * Whatever happens is a result; nothing here rejects.
 */
export class Clamd {
  readonly #address: ClamdAddress;
  readonly #patience: Patience;

  constructor(address: ClamdAddress, patience = usualPatience) {
    this.#address = address;
    this.#patience = patience;
  }

  /** Begins to scan one file, which is sent as it comes. Close it, however it ends. */
  scan(): Scan {
    return new Scan(new Call(this.#address, 'INSTREAM', this.#patience));
  }

  /** Whether it is there, asked for at most so many milliseconds. */
  async ping(ms: number): Promise<'pong' | ScanFault> {
    const call = new Call(this.#address, 'PING', { reachMs: ms, answerMs: ms });
    const { said, fault } = await call.answer();
    return fault ?? (said === 'PONG' ? 'pong' : 'not-understood');
  }
}

/** One file on its way through the scanner. */
export class Scan {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /** Resolves when there is room for more; once the scanner has failed, or has said something already, nothing is sent any more. */
  async push(chunk: Buffer): Promise<void> {
    // A chunk of no length would end the file.
    if (chunk.length > 0) await this.#call.send(lengthOf(chunk), chunk);
  }

  /** What the scanner says of the whole file. */
  async end(): Promise<Verdict> {
    const isHasty = this.#call.isOver;
    await this.#call.send(lengthOf(Buffer.alloc(0)));
    const { said, fault } = await this.#call.answer();
    const verdict: Verdict = fault ? { outcome: 'unscanned', why: fault } : verdictIn(said);
    // Of a file that it has not seen to its end nobody can say that it is clean.
    return isHasty && verdict.outcome === 'clean' ? { outcome: 'unscanned', why: 'not-understood' } : verdict;
  }

  close(): void {
    this.#call.close();
  }
}

function lengthOf({ length }: Buffer): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(length);
  return bytes;
}

function verdictIn(said: string): Verdict {
  if (said === 'stream: OK') return { outcome: 'clean' };
  const [, signature] = /^stream: (.+) FOUND$/.exec(said) ?? [];
  if (signature !== undefined) return { outcome: 'infected', signature: signature.slice(0, mostSaid) };
  if (said.startsWith('INSTREAM size limit exceeded')) return { outcome: 'unscanned', why: 'too-large' };
  return { outcome: 'unscanned', why: 'not-understood', said: said.slice(0, mostSaid) };
}

type Answer = { said: string; fault?: undefined } | { said?: undefined; fault: ScanFault };

/** One connection for one command and its answer. */
class Call {
  readonly #socket: Socket;
  readonly #answerMs: number;
  readonly #answered: Promise<Answer>;
  #settle: (answer: Answer) => void = () => undefined;
  #isOver = false;
  /** Whether it is clamd's turn: to take more, or to answer. */
  #isAwaited = false;
  #deadline: NodeJS.Timeout | undefined;

  constructor(address: ClamdAddress, command: string, { reachMs, answerMs }: Patience) {
    this.#answerMs = answerMs;
    this.#answered = new Promise((resolve) => {
      this.#settle = (answer) => {
        this.#isOver = true;
        clearTimeout(this.#deadline);
        this.#socket.destroy();
        resolve(answer);
      };
    });
    this.#socket = connect(address);
    // Else the length of each chunk waits for the acknowledgement of what went before.
    this.#socket.setNoDelay(true);
    this.#allow(reachMs, 'unreachable');
    this.#listen();
    this.#socket.write(`z${command}\0`);
  }

  /** It has been answered, or will not be. */
  get isOver(): boolean {
    return this.#isOver;
  }

  async send(...parts: Buffer[]): Promise<void> {
    if (this.#isOver) return;
    const hasRoom = parts.map((part) => this.#socket.write(part)).at(-1);
    if (hasRoom) return;
    const drained = new Promise<void>((resolve) => this.#socket.once('drain', resolve));
    this.#await();
    await Promise.race([drained, this.#answered]);
    this.#isAwaited = false;
    clearTimeout(this.#deadline);
  }

  answer(): Promise<Answer> {
    this.#await();
    return this.#answered;
  }

  close(): void {
    this.#settle({ fault: 'cut-off' });
  }

  #listen(): void {
    let said = '';
    let isReached = false;
    this.#socket.setEncoding('utf8');
    this.#socket.once('connect', () => {
      isReached = true;
      clearTimeout(this.#deadline);
      if (this.#isAwaited) this.#await();
    });
    this.#socket.on('data', (text: string) => {
      said += text;
      const end = said.indexOf('\0');
      if (end >= 0) this.#settle({ said: said.slice(0, end) });
      else if (said.length > mostAnswerLength) this.#settle({ fault: 'not-understood' });
    });
    const gone = () => this.#settle({ fault: isReached ? 'cut-off' : 'unreachable' });
    this.#socket.on('error', gone);
    this.#socket.once('close', gone);
  }

  #await(): void {
    this.#isAwaited = true;
    // Until then its time to be reached is running.
    if (!this.#isOver && !this.#socket.connecting) this.#allow(this.#answerMs, 'silent');
  }

  #allow(ms: number, fault: ScanFault): void {
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => this.#settle({ fault }), ms);
  }
}
