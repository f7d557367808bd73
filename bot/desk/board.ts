import { readCommand } from '../../dialogs/commands.ts';
import type { Conversations } from '../conversations/conversations.ts';
import type { Duty, OnDuty } from '../handoffs/duty.ts';
import type { Handoffs, Queued } from '../handoffs/handoffs.ts';
import { customerName } from './brief.ts';
import type { FullExportStanding, Held, Queue, SignedIn, Waiting } from './desk-api.ts';
import type { FullExports, Standing } from './full-export/full-exports.ts';

/** A request that needs a skill is first for those at the desk who have it; after this others are to take it too. */
const skillFirstMs = 2 * 60_000;
/** What was read is shown to all who ask within so many milliseconds. */
const freshMs = 250;

/** All that waits and is held, as it was at a moment. */
interface Snapshot {
  waiting: Waiting[];
  held: Held[];
  onDuty: OnDuty[];
  tasks: number;
  fullExports: Standing[];
  now: number;
}

interface Customer {
  name: string;
  channel: string;
}

/** The queue as the desk shows it. */
export class Board {
  readonly #handoffs: Handoffs;
  readonly #conversations: Conversations;
  readonly #duty: Duty;
  readonly #fullExports: Pick<FullExports, 'standing'>;
  readonly #now: () => number;
  /** Who the customers are does not change while they are in the queue. */
  readonly #customers = new Map<string, Customer>();
  /** Last words of those who wait: read again only when something was said. */
  readonly #said = new Map<string, { end: number; words: string }>();
  #snapshot: { at: number; read: Promise<Snapshot> } | undefined;

  constructor(handoffs: Handoffs, conversations: Conversations, duty: Duty, fullExports: Pick<FullExports, 'standing'>, now: () => number) {
    this.#handoffs = handoffs;
    this.#conversations = conversations;
    this.#duty = duty;
    this.#fullExports = fullExports;
    this.#now = now;
  }

  /** As it is now. */
  async queue(agent: SignedIn): Promise<Queue> {
    return queueFor(agent, await this.#read());
  }

  /** As it was a moment ago at most: the same reading for all who look at it. */
  async shown(agent: SignedIn): Promise<Queue> {
    return queueFor(agent, await this.#fresh());
  }

  /** The request that the agent is to take next: theirs by a transfer or a skill first, then the oldest of those they may take. */
  async next(agent: SignedIn, except: ReadonlySet<string>): Promise<string | undefined> {
    const { waiting, onDuty, now } = await this.#read();
    const open = waiting.filter(({ conversation }) => !except.has(conversation));
    return open.find((request) => isFor(request, agent, onDuty, now))?.conversation;
  }

  #fresh(): Promise<Snapshot> {
    const at = performance.now();
    if (!this.#snapshot || at - this.#snapshot.at > freshMs) {
      const read = this.#read();
      this.#snapshot = { at, read };
      // What failed is not shown to anybody else.
      read.catch(() => {
        this.#snapshot = undefined;
      });
    }
    return this.#snapshot.read;
  }

  async #read(): Promise<Snapshot> {
    const [waiting, held, onDuty, tasks, fullExports] = await Promise.all([
      this.#handoffs.waiting(),
      this.#handoffs.held(),
      this.#duty.agents(),
      this.#handoffs.countTasks(),
      this.#fullExports.standing(),
    ]);
    const listed = new Set([...waiting, ...held].map(({ conversation }) => conversation));
    for (const known of [this.#customers, this.#said]) {
      for (const id of known.keys()) if (!listed.has(id)) known.delete(id);
    }
    return {
      waiting: await Promise.all(waiting.map((each) => this.#waiting(each))),
      held: (await Promise.all(held.map((each) => this.#held(each)))).flat(),
      onDuty,
      tasks,
      fullExports,
      now: this.#now(),
    };
  }

  async #waiting({ conversation, handoff }: Queued): Promise<Waiting> {
    const { name, channel } = await this.#customer(conversation);
    const { requestedAt, reason, skill, returning, transferredFrom, note } = handoff;
    return {
      conversation,
      customer: name,
      channel,
      since: requestedAt,
      reason,
      returning,
      said: await this.#lastWords(conversation),
      ...(skill && { skill }),
      ...(transferredFrom && { transferredFrom }),
      ...(handoff.for && { for: handoff.for }),
      ...(note && { note }),
    };
  }

  async #held({ conversation, handoff: { agent, acceptedAt = 0 } }: Queued): Promise<Held[]> {
    if (!agent) return [];
    const { name, channel } = await this.#customer(conversation);
    const { unansweredSince, said = '', end } = await this.#handoffs.exchange(conversation);
    return [
      {
        conversation,
        customer: name,
        channel,
        agent,
        since: acceptedAt,
        said,
        end,
        ...(unansweredSince !== undefined && { unansweredSince }),
      },
    ];
  }

  async #customer(id: string): Promise<Customer> {
    const known = this.#customers.get(id);
    if (known) return known;
    const found = await this.#conversations.find(id);
    const customer = { name: customerName(found ?? { id }), channel: found?.channel ?? '' };
    this.#customers.set(id, customer);
    return customer;
  }

  /** What the customer said last, besides asking for a person. */
  async #lastWords(id: string): Promise<string> {
    const end = await this.#conversations.transcriptEnd(id);
    const known = this.#said.get(id);
    if (known?.end === end) return known.words;
    const last = await this.#conversations.transcript(id, Math.max(0, end - 12), 12);
    const said = last.filter(({ activity: { from, type } }) => from.role === 'user' && type === 'message');
    const words = said.findLast(({ activity: { text = '' } }) => text !== '' && readCommand(text) !== 'person')?.activity.text ?? '';
    this.#said.set(id, { end, words });
    return words;
  }
}

function queueFor(agent: SignedIn, { waiting, held, onDuty, tasks, fullExports, now }: Snapshot): Queue {
  const mine = waiting.filter((request) => isFor(request, agent, onDuty, now));
  return {
    waiting: [...mine, ...waiting.filter((request) => !mine.includes(request))],
    held: agent.role === 'agent' ? held.filter((each) => each.agent.id === agent.id) : held,
    agents: onDuty.map(({ skills: _, ...each }) => ({
      ...each,
      conversations: held.filter(({ agent: holder }) => holder.id === each.id).length,
    })),
    tasks,
    ...(agent.role !== 'agent' && { fullExports: standingFor(agent, fullExports) }),
    now,
  };
}

function standingFor({ id }: SignedIn, all: readonly Standing[]): FullExportStanding {
  const own = all.find(({ by }) => by === id)?.state;
  return { toDecide: all.filter(({ by, state }) => by !== id && state === 'asked').length, ...(own && { own }) };
}

function isFor({ for: to, skill, since }: Waiting, { id, skills }: SignedIn, onDuty: readonly OnDuty[], now: number): boolean {
  const waitedEnough = now - since > skillFirstMs;
  if (to !== undefined) return to === id || (waitedEnough && !onDuty.some((agent) => agent.id === to && agent.available));
  const known = onDuty.some((agent) => agent.available && skill !== undefined && agent.skills.includes(skill));
  return skill === undefined || skills.includes(skill) || waitedEnough || !known;
}
