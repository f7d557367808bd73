import { Agent, type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { buffer } from 'node:stream/consumers';
import {
  type CallbackAccount,
  type Envelope,
  envelop,
  envelopVerification,
  envelopXml,
  type Mode,
  newStamp,
  type Stamp,
} from './callback.ts';
import type { StandInClock } from './clock.ts';
import type { Dice } from './dice.ts';
import type { Faults } from './faults.ts';
import type { Journal, Outcome } from './journal.ts';
import type { MediaStore } from './media.ts';
import { judge, type RawAnswer, type Verdict } from './passive-reply.ts';
import type { Phone } from './phone.ts';
import type { Field } from './xml.ts';

const waitMs = 5000;
const verificationMs = 1000;
const markFailMs = 60_000;
const failureWindowMs = 60_000;
const errorLine = '该公众号提供的服务出现故障，请稍后再试';

/** Where the documents are silent there is a switch, and the bot has to pass with both positions. */
export interface PushSwitches {
  /** How often one message is pushed in all. */
  attempts: 3 | 4;
  /** Whether each attempt has a signature of its own, or all the same. */
  resign: boolean;
  /** Whether an answer that is none is asked for again. */
  retryIllegal: boolean;
  /**
   * What becomes of the connection after five seconds: it is cut, or kept to see what comes late, which is then thrown away (`discard`)
   * or shown all the same.
   */
  late: 'cut' | 'discard' | 'show';
  /** After so many failed messages in a minute the account gets no pushes for a minute. */
  failuresToMarkFail: number;
  /** Seconds by which WeChat's clock differs from the bot's. */
  skewSeconds: number;
}

const defaultSwitches: PushSwitches = {
  attempts: 3,
  resign: true,
  retryIllegal: false,
  late: 'cut',
  failuresToMarkFail: 5,
  skewSeconds: 0,
};

/** What a test may bend in one push. */
export interface PushOptions {
  /** In place of that of the switches. */
  skewSeconds?: number;
  /** In another form than that of the account. */
  mode?: Mode;
  /** Encrypted with this key in place of the account's. */
  aesKey?: string;
  /** The same message at once on two connections. */
  twice?: boolean;
  /** What the bot answers to the first attempt gets lost on the way. */
  firstAnswerLost?: boolean;
  /** Milliseconds of the stand-in before the first attempt: how pushes overtake each other. */
  delayMs?: number;
}

export interface Push {
  account: CallbackAccount;
  message: readonly Field[];
  /** Who sees the answer. Bells and events of the system have nobody. */
  phone?: Phone;
  /** Whether somebody looks at the chat: a failure is shown, and an answer is. */
  watched: boolean;
  /** Takes what came as an answer. */
  onReply?: (reply: Extract<Verdict, { outcome: 'ok-reply' }>) => void;
}

export interface PushReport {
  outcome: Outcome;
  attempts: number;
  /** What was wrong, unless it went well. */
  why: string;
  /** WeChat pushes the very same message once more, with all its attempts. */
  again(options?: PushOptions): Promise<PushReport>;
}

interface Ended {
  outcome: Outcome;
  why: string;
  verdict?: Verdict;
}

/** Pushes messages to callbacks as WeChat does: five seconds for an answer, three attempts, the first legal answer counts. */
export class Pusher {
  readonly switches: PushSwitches = { ...defaultSwitches };
  /** How much of real time it takes until WeChat pushes again what failed before its five seconds were over. */
  readonly #spacingScale: number;
  readonly #clock: StandInClock;
  readonly #dice: Dice;
  readonly #journal: Journal;
  readonly #media: MediaStore;
  readonly #faults: Faults;
  readonly #kept = new Agent({ keepAlive: true });
  readonly #closing = new Agent({ keepAlive: false });
  readonly #failures = new Map<CallbackAccount, number[]>();
  readonly #markedUntil = new Map<CallbackAccount, number>();
  readonly #answered = new WeakSet<Push>();
  #requests = 0;
  #stopped = false;

  constructor(world: { clock: StandInClock; dice: Dice; journal: Journal; media: MediaStore; faults: Faults }, spacingScale: number) {
    this.#clock = world.clock;
    this.#dice = world.dice;
    this.#journal = world.journal;
    this.#media = world.media;
    this.#faults = world.faults;
    this.#spacingScale = spacingScale;
  }

  async push(push: Push, options: PushOptions = {}): Promise<PushReport> {
    if (options.delayMs) await this.#clock.wait(options.delayMs);
    const fault = this.#faults.strikePush();
    const { twice = fault === 'duplicate', firstAnswerLost = fault === 'answer-lost' } = options;
    const twin = twice ? this.#attempts(push, options, false) : undefined;
    const report = await this.#attempts(push, options, firstAnswerLost);
    await twin;
    return report;
  }

  /** The request by which WeChat would push this inner XML, to be sent by hand: for what WeChat never says. */
  craft(
    account: CallbackAccount,
    inner: string,
    { mode = account.mode, ...options }: Pick<PushOptions, 'mode' | 'skewSeconds'> = {},
  ): Promise<Envelope> {
    return envelopXml(account, inner, undefined, this.#stamp(options), mode);
  }

  /** Asks the callback to prove itself, as the console does when its address is saved. */
  async verify(
    account: CallbackAccount,
    bend: (url: URL) => void = () => undefined,
  ): Promise<{ accepted: boolean; why: string; answer: RawAnswer }> {
    const stamp = newStamp(this.#dice, this.#clock.stamp());
    const { url, expected } = await envelopVerification(account, stamp, this.#dice.digits(19));
    bend(url);
    const patience = this.#clock.wait(account.family === 'wecom' ? verificationMs : waitMs);
    const answer = await Promise.race([this.#send('GET', url, '').answer, patience]);
    if (!answer) throw new Error('The callback did not answer in time.');
    const right = answer.status === 200 && answer.body.equals(Buffer.from(expected)) && answer.headers['content-encoding'] === undefined;
    const why = right ? '' : `status ${answer.status}, ${JSON.stringify(answer.body.subarray(0, 200).toString())}`;
    this.#journal.add({ kind: 'verify', account: account.name, accepted: right, why });
    return { accepted: right, why, answer };
  }

  /** Lets the account have pushes again, as a minute does. */
  forgetFailures(): void {
    this.#failures.clear();
    this.#markedUntil.clear();
  }

  stop(): void {
    this.#stopped = true;
    this.#kept.destroy();
    this.#closing.destroy();
  }

  async #attempts(push: Push, options: PushOptions, firstAnswerLost: boolean): Promise<PushReport> {
    const again = (next?: PushOptions) => this.push(push, { ...options, twice: false, firstAnswerLost: false, delayMs: 0, ...next });
    const stamp = this.#stamp(options);
    for (let attempt = 1; ; attempt++) {
      if (this.#isMarked(push.account)) {
        this.#note(push, attempt, { outcome: 'dropped', why: 'MarkFail' });
        return { outcome: 'dropped', attempts: attempt - 1, why: 'MarkFail', again };
      }
      const next = this.#clock.wait(waitMs);
      const sealed = await this.#envelop(push, options, this.switches.resign ? this.#stamp(options) : stamp);
      const ended = await this.#attempt(push, sealed, attempt, next, attempt === 1 && firstAnswerLost);
      if (ended.verdict) this.#deliver(push, ended.verdict);
      if (ended.verdict || this.#stopped) return { outcome: ended.outcome, attempts: attempt, why: ended.why, again };
      if (attempt >= this.switches.attempts || (ended.outcome === 'illegal' && !this.switches.retryIllegal)) {
        this.#fail(push);
        return { outcome: ended.outcome, attempts: attempt, why: ended.why, again };
      }
      await Promise.race([next, this.#clock.wait(waitMs, this.#spacingScale)]);
    }
  }

  #stamp({ skewSeconds = this.switches.skewSeconds }: PushOptions): Stamp {
    return newStamp(this.#dice, this.#clock.stamp() + skewSeconds);
  }

  #envelop({ account, message }: Push, { mode, aesKey }: PushOptions, stamp: Stamp): Promise<Envelope> {
    return envelop(aesKey ? { ...account, aesKey } : account, message, stamp, mode ?? account.mode);
  }

  /** One request; `verdict` only where it is a legal answer in time. */
  async #attempt(push: Push, { url, body, aesKey }: Envelope, attempt: number, deadline: Promise<void>, lost: boolean): Promise<Ended> {
    const { answer, cut } = this.#send('POST', url, body);
    const judged = answer.then(
      async (raw) => ({ raw, verdict: await judge(raw, { account: push.account, aesKey, from: senderOf(push.message) }, this.#media) }),
      (error: Error) => ({ raw: undefined, verdict: { outcome: 'refused', why: error.message } as const }),
    );
    const first = await Promise.race([judged, deadline]);
    if (!first) {
      if (this.switches.late === 'cut') cut();
      else void judged.then(({ verdict }) => this.#late(push, attempt, verdict));
      return this.#note(push, attempt, { outcome: 'timeout', why: 'no answer within 5 s' });
    }
    const { raw, verdict } = first;
    if (lost) return this.#note(push, attempt, { outcome: 'timeout', why: 'the answer was lost' }, raw);
    if (verdict.outcome === 'illegal' || verdict.outcome === 'refused') return this.#note(push, attempt, { ...verdict }, raw);
    if (verdict.outcome === 'ok-reply') {
      // The first answer that is shown is the only one, whichever attempt it belongs to.
      if (this.#answered.has(push)) {
        return this.#note(push, attempt, { outcome: 'late', why: 'answered before', verdict: { outcome: 'ok-empty' } }, raw);
      }
      this.#answered.add(push);
    }
    return this.#note(push, attempt, { outcome: verdict.outcome, why: '', verdict }, raw);
  }

  #late(push: Push, attempt: number, verdict: Verdict): void {
    if (this.#stopped) return;
    this.#note(push, attempt, { outcome: 'late', why: verdict.outcome });
    if (this.switches.late === 'show') this.#deliver(push, verdict);
  }

  #deliver({ phone, watched, onReply }: Push, verdict: Verdict): void {
    if (verdict.outcome !== 'ok-reply') return;
    onReply?.(verdict);
    if (watched && 'picture' in verdict) phone?.show({ ...verdict.picture, via: 'passive' });
  }

  #note({ account, message }: Push, attempt: number, ended: Ended, raw?: RawAnswer): Ended {
    const { outcome, why } = ended;
    const answered = raw && { status: raw.status, body: raw.body.toString() };
    this.#journal.add({
      kind: 'push',
      account: account.name,
      user: senderOf(message),
      message,
      attempt,
      outcome,
      ...(why && { why }),
      ...answered,
    });
    return ended;
  }

  #fail({ account, phone, watched }: Push): void {
    if (account.family === 'official-account' && watched) phone?.show({ kind: 'error', text: errorLine, via: 'platform' });
    const now = this.#clock.now();
    const failures = [...(this.#failures.get(account) ?? []).filter((at) => now - at < failureWindowMs), now];
    this.#failures.set(account, failures);
    if (failures.length < this.switches.failuresToMarkFail) return;
    this.#failures.delete(account);
    this.#markedUntil.set(account, now + markFailMs);
    this.#journal.add({ kind: 'markfail', account: account.name });
  }

  #isMarked(account: CallbackAccount): boolean {
    return this.#clock.now() < (this.#markedUntil.get(account) ?? 0);
  }

  #send(method: string, url: URL, body: string): { answer: Promise<RawAnswer>; cut: () => void } {
    // WeChat is seen with both kinds of connections.
    const agent = this.#requests++ % 2 === 0 ? this.#closing : this.#kept;
    const headers = { 'user-agent': 'Mozilla/4.0', accept: '*/*', ...(method === 'POST' && { 'content-type': 'text/xml' }) };
    let request: ClientRequest;
    const send = (by: Agent) =>
      new Promise<RawAnswer>((resolve, reject) => {
        request = requestHttp(url, { method, agent: by, headers });
        request.on('error', reject);
        request.on('response', (response: IncomingMessage) => {
          buffer(response).then((bytes) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: bytes }), reject);
        });
        request.end(body);
      });
    const answer = send(agent).catch((error: NodeJS.ErrnoException) => {
      // A kept connection that was closed in this very moment says nothing about the push.
      if (request.reusedSocket && error.code === 'ECONNRESET' && !request.destroyed) return send(this.#closing);
      throw error;
    });
    return { answer, cut: () => request.destroy() };
  }
}

function senderOf(message: readonly Field[]): string {
  const [, from] = message.find(([name]) => name === 'FromUserName') ?? [];
  return typeof from === 'string' ? from : '';
}
