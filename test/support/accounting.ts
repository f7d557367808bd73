import { EventEmitter, once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { testSecret } from './application.ts';

/** What became of the messages of visitors, in Jepsen's words. */
export interface Account {
  acknowledged: number;
  /** Acknowledged, and not in the transcript, or without a reply; an apology is none. */
  lost: number;
  /** Messages that are in the transcript again, and replies beyond the first. */
  doubled: number;
  /** Messages before one that was said earlier, and replies before that to an earlier message. */
  outOfOrder: number;
  /** Messages that nobody was told of, and replies to what nobody said. */
  unexpected: number;
}

export const nothing: Account = { acknowledged: 0, lost: 0, doubled: 0, outOfOrder: 0, unexpected: 0 };

export function total(accounts: readonly Account[]): Account {
  const sum = (name: keyof Account) => accounts.reduce((before, account) => before + account[name], 0);
  return {
    acknowledged: sum('acknowledged'),
    lost: sum('lost'),
    doubled: sum('doubled'),
    outOfOrder: sum('outOfOrder'),
    unexpected: sum('unexpected'),
  };
}

/**
 * How a request ended: it was served, or told to come again; it was `cut` off, so that nobody knows whether it had its effect; or there
 * was `nobody` to take it.
 */
export type Ending = 'served' | 'told' | 'cut' | 'nobody';

interface Body {
  id: string;
  conversationId: string;
  streamUrl: string;
  activities: Activity[];
  watermark: string;
}

interface Activity {
  id: string;
  from: { role?: string };
  replyToId?: string;
  channelData?: { clientActivityID?: string; filing?: { kind?: string } };
}

/** How long clients wait for an answer, and then until they try again, twice as long each time. */
export interface Manners {
  patienceMs: number;
  againMs: number;
  longestMs: number;
}

/** Worse than any client of ours: it tests harder where the fault is short. */
const impatient: Manners = { patienceMs: 8_000, againMs: 100, longestMs: 200 };
/** As our widget does (`bot/web/widget/direct-line.ts`). */
export const likeTheWidget: Manners = { patienceMs: 20_000, againMs: 500, longestMs: 15_000 };

/** The way of clients to the service, and what their requests met with on it. */
export class Line {
  readonly endings: Record<Ending, number> = { served: 0, told: 0, cut: 0, nobody: 0 };
  /** The longest that a request has waited for its answer, or for being cut off. */
  slowestMs = 0;
  /** An event for each request when it has ended, with the milliseconds that it took. */
  readonly ended = new EventEmitter<Record<Ending, [ms: number]>>();
  readonly #url: () => string;
  readonly #manners: Manners;

  /** `url`: where the next request goes. */
  constructor(url: () => string, manners = impatient) {
    this.#url = url;
    this.#manners = manners;
  }

  /** To be waited for after so many failures. */
  async pause(failures: number): Promise<void> {
    const { againMs, longestMs } = this.#manners;
    await pause(Math.min(longestMs, againMs * 2 ** failures) * (0.5 + Math.random() / 2));
  }

  /** Resolves when so many requests more have been served. */
  async serves(requests: number): Promise<void> {
    const enough = this.endings.served + requests;
    while (this.endings.served < enough) await once(this.ended, 'served');
  }

  /** As clients do: the same request again until the service has taken it. */
  async insist(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Body> {
    for (let failures = 0; ; failures += 1) {
      const served = await this.request(method, path, body);
      if (served) return served;
      await this.pause(failures);
    }
  }

  /** Once; undefined where it is to be sent again. Throws where the service refuses it for good, or does not say when to come again. */
  async request(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Body | undefined> {
    const started = performance.now();
    const { ending, served } = await this.#attempt(method, path, body);
    const ms = performance.now() - started;
    this.endings[ending] += 1;
    this.slowestMs = Math.max(this.slowestMs, ms);
    this.ended.emit(ending, ms);
    return served;
  }

  async #attempt(method: string, path: string, body: unknown): Promise<{ ending: Ending; served?: Body }> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${this.#url()}/v3/directline/conversations${path}`, {
        method,
        headers: { authorization: `Bearer ${testSecret}`, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(this.#manners.patienceMs),
      });
      text = await response.text();
    } catch (error) {
      return { ending: isRefusedConnection(error) ? 'nobody' : 'cut' };
    }
    if (response.ok) return { ending: 'served', served: JSON.parse(text) as Body };
    const comeAgain = [429, 503].includes(response.status) && /^[1-9]\d*$/.test(response.headers.get('retry-after') ?? '');
    if (!comeAgain) throw new Error(`${method} ${path} was refused with ${response.status}: ${text}`);
    return { ending: 'told' };
  }
}

function isRefusedConnection(error: unknown): boolean {
  return error instanceof Error && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'ECONNREFUSED';
}

const questions = ['备案审核要多长时间', '谢谢', '域名冲突怎么办', '有用', '量子计算机怎么修', '1'];

/** Somebody who says one thing after the other, each again under the same id until it is acknowledged. */
export class Visitor {
  readonly conversation: string;
  /** The ids that the service has given to what was said, in the order in which it was said. */
  readonly acknowledged: string[] = [];
  readonly #line: Line;

  private constructor(line: Line, conversation: string) {
    this.#line = line;
    this.conversation = conversation;
  }

  static async begin(line: Line): Promise<Visitor> {
    return new Visitor(line, (await line.insist('POST', '', { user: { id: `dl_${Math.random()}` } })).conversationId);
  }

  /** Says one thing; gives its id. */
  async say(): Promise<string> {
    const turn = this.acknowledged.length;
    const text = questions[turn % questions.length];
    const activity = { type: 'message', text, from: { id: 'visitor' }, channelData: { clientActivityID: String(turn) } };
    const { id } = await this.#line.insist('POST', `/${this.conversation}/activities`, activity);
    this.acknowledged.push(id);
    return id;
  }

  /** Says one thing after the other, for as long as it goes on. */
  async talk(goesOn: () => boolean, thinkMs = 0): Promise<void> {
    while (goesOn()) {
      await this.say();
      if (thinkMs > 0) await pause(Math.random() * 2 * thinkMs);
    }
  }

  async transcript(): Promise<Activity[]> {
    const activities: Activity[] = [];
    for (let watermark = ''; ; ) {
      const page = await this.#line.insist('GET', `/${this.conversation}/activities?watermark=${watermark}`);
      if (page.activities.length === 0) return activities;
      activities.push(...page.activities);
      watermark = page.watermark;
    }
  }

  async account(): Promise<Account> {
    return accountOf(this.acknowledged, await this.transcript());
  }
}

/** Begins so many visitors and lets each say one thing after the other for as long as it goes on. */
export async function visit(line: Line, visitors: number, goesOn: (visitor: Visitor) => boolean, thinkMs = 0): Promise<Visitor[]> {
  return Promise.all(
    Array.from({ length: visitors }, async () => {
      const visitor = await Visitor.begin(line);
      await visitor.talk(() => goesOn(visitor), thinkMs);
      return visitor;
    }),
  );
}

const settleMs = 30_000;
const quietMs = 1_500;

/** Waits until all that was acknowledged is answered, though not for ever, and then for what should not come; gives the account. */
export async function settle(visitors: readonly Visitor[]): Promise<Account> {
  const end = Date.now() + settleMs;
  for (let open = visitors; open.length > 0 && Date.now() < end; ) {
    const accounts = await Promise.all(open.map(async (visitor) => ({ visitor, lost: (await visitor.account()).lost })));
    open = accounts.filter(({ lost }) => lost > 0).map(({ visitor }) => visitor);
    if (open.length > 0) await pause(200);
  }
  await pause(quietMs);
  return total(await Promise.all(visitors.map((visitor) => visitor.account())));
}

/** `acknowledged`: the ids of what was said, in order; what was said as the n-th has n as its clientActivityID. */
export function accountOf(acknowledged: readonly string[], transcript: readonly Activity[]): Account {
  const said = transcript.filter(({ from }) => from.role === 'user');
  const replies = transcript.flatMap(({ from, replyToId, channelData }) =>
    from.role === 'bot' && replyToId && channelData?.filing?.kind !== 'apology' ? replyToId : [],
  );
  const [saidIds, turns] = [said.map(({ id }) => id), said.map(({ channelData }) => Number(channelData?.clientActivityID))];
  const [kept, answered] = [new Set(saidIds), new Set(replies)];
  return {
    acknowledged: acknowledged.length,
    lost: acknowledged.filter((id) => !kept.has(id) || !answered.has(id)).length,
    doubled: turns.length - new Set(turns).size + replies.length - answered.size,
    outOfOrder: disorder(turns) + disorder(replies.filter((id) => kept.has(id)).map((id) => saidIds.indexOf(id))),
    unexpected: turns.filter((turn) => !(turn < acknowledged.length)).length + replies.filter((id) => !kept.has(id)).length,
  };
}

function disorder(places: readonly number[]): number {
  return places.filter((place, at) => at > 0 && place < (places[at - 1] ?? 0)).length;
}
