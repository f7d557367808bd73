import type { HandoffEvent, Skill } from '../../dialogs/handoff-request.ts';
import { accepted } from '../../dialogs/handoff-wording.ts';
import type { Message, Owner } from '../../dialogs/message.ts';
import type { Activity } from '../activity.ts';
import {
  type CallBack,
  type Conversation,
  decode,
  encode,
  names,
  type PushedChannels,
  say,
  type TranscriptEntry,
} from '../conversations/conversation.ts';
import type { Conversations } from '../conversations/conversations.ts';
import type { KeyedDigest } from '../keyed-digest.ts';
import { type Check, type Operation, partitionOf, rangeInAll, type Store } from '../store/store.ts';
import type { Duty } from './duty.ts';
import {
  type AgentNote,
  deskTopic,
  endHandoff,
  enterQueue,
  type Handoff,
  handoffNames,
  leaveTask,
  outsidePrefix,
  platformPrefix,
  putHandoff,
} from './handoff.ts';

export interface HandoffsOptions {
  store: Store;
  conversations: Conversations;
  pushed: PushedChannels;
  duty: Duty;
  /** After these, in milliseconds, a request that nobody took becomes a task, and one whose customer gets no answer goes to another. */
  waitMs: number;
  replyMs: number;
  /** Of what agents say, by which a message that is sent again is known to be the same. */
  digest: KeyedDigest;
  /** Whether somebody may be there for a conversation also when nobody is at our desk: at another one, or inside a platform. */
  isAnybodyElsewhere?: (conversation: string) => Promise<boolean>;
  /** Lets the turn run that tells the customer. */
  wake: (conversation: string) => void;
}

/** Who acts. */
export interface Agent {
  id: string;
  name: string;
}

export type Claimed = { outcome: 'claimed' } | { outcome: 'unknown' } | { outcome: 'taken'; by: string };
export type Said = { outcome: 'said' | 'repeated'; position: number } | { outcome: 'not-yours' } | { outcome: 'conflict' };
export type Given = 'done' | 'not-yours';

/** Where a conversation stands between the bot and a person. */
export interface Standing {
  conversation: Conversation;
  owner: Owner;
  epoch: number;
  handoff: Handoff | undefined;
  version: number;
}

export interface TransferOrder {
  to?: Agent | undefined;
  skill?: Skill | undefined;
  note: string;
}

/** A conversation with its handoff, in the queue or with an agent. */
export interface Queued {
  conversation: string;
  handoff: Handoff;
}

/** Times in milliseconds since 1970. */
export interface Exchange {
  /** Since when the customer waits for the agent's answer; undefined: the agent has spoken last. */
  unansweredSince?: number;
  /** The agent has said something since they took the conversation, as far as the last messages tell. */
  spoken: boolean;
  lastAt?: number;
  /** The customer's last words that wait for an answer. */
  said?: string;
  /** Position of the newest entry of the transcript. */
  end: number;
}

/** Nobody has said anything for so long: the conversation is the bot's again. */
const idleMs = 2 * 3_600_000;
const rememberFor = 72 * 3_600_000;
const mostListed = 1000;
const tail = 30;

/**
 * Conversations between the bot and the agents. Every change is one atomic step on the conversation, under the check that its owner and its
 * handoff are still those that were seen: of two who do something at once one succeeds, and no turn of the bot that was computed before
 * a person came in can be committed after it.
 */
export class Handoffs {
  readonly #store: Store;
  readonly #options: HandoffsOptions;
  /** Of the conversations that agents have: read again only when something was said. */
  readonly #exchanges = new Map<string, Exchange>();

  constructor(options: HandoffsOptions) {
    this.#store = options.store;
    this.#options = options;
  }

  async standing(id: string): Promise<Standing | undefined> {
    const [conversation, owner, handoff] = await Promise.all(
      [names.conversation(id), names.owner(id), handoffNames.handoff(id)].map((record) => this.#store.get(partitionOf(id), record)),
    );
    if (!conversation) return undefined;
    return {
      conversation: decode<Conversation>(conversation.value),
      owner: owner ? decode<Owner>(owner.value) : { kind: 'bot' },
      epoch: owner?.version ?? 0,
      handoff: handoff && decode<Handoff>(handoff.value),
      version: handoff?.version ?? 0,
    };
  }

  /**
   * Takes a conversation that waits, or that the bot has. `from`: also from this one agent, as supervisors may; from no other, who may have
   * come to it since.
   */
  async claim(id: string, { id: agentId, name }: Agent, from?: string): Promise<Claimed> {
    const agent: Agent = { id: agentId, name };
    for (;;) {
      const standing = await this.standing(id);
      if (!standing) return { outcome: 'unknown' };
      const { owner, handoff, conversation } = standing;
      if (owner.kind === 'agent' && owner.id === agent.id) return { outcome: 'claimed' };
      if (owner.kind === 'agent' && owner.id !== from) return { outcome: 'taken', by: owner.name };
      const at = this.#store.now();
      // What has ended is over: who takes the conversation later begins anew.
      const isOpen = handoff?.state === 'requested' || handoff?.state === 'accepted';
      const { transferredFrom: _, for: __, note: ___, ...request } = isOpen ? handoff : newRequest(at);
      const done = await this.#step(standing, [
        this.#own(id, { kind: 'agent', ...agent }),
        putHandoff(id, { ...request, ...takenFrom(owner), state: 'accepted', agent, acceptedAt: at }),
        { do: 'unrank', index: handoffNames.waiting, member: id },
        { do: 'rank', index: handoffNames.held, member: id, score: at },
        ...say(this.#joined(agent), conversation, this.#options.pushed),
      ]);
      if (!done) continue;
      if (handoff?.state === 'requested') await this.#options.duty.tookRequest();
      return { outcome: 'claimed' };
    }
  }

  /** A platform has given the conversation to an agent of its own, and tells the customer itself; whoever had it here has it no more. */
  async takeInPlatform(id: string, agent: Agent): Promise<void> {
    for (;;) {
      const standing = await this.standing(id);
      if (!standing) return;
      const { owner, handoff } = standing;
      if (owner.kind === 'agent' && owner.id === agent.id) return;
      const at = this.#store.now();
      const isOpen = handoff?.state === 'requested' || handoff?.state === 'accepted';
      const { takenFrom: _, ...request } = isOpen ? handoff : newRequest(at);
      const done = await this.#step(standing, [
        this.#own(id, { kind: 'agent', ...agent }),
        putHandoff(id, { ...request, state: 'accepted', agent, acceptedAt: at }),
        { do: 'unrank', index: handoffNames.waiting, member: id },
        { do: 'rank', index: handoffNames.held, member: id, score: at },
      ]);
      if (done) return;
    }
  }

  /** Whether somebody here has taken a conversation from an agent inside a platform, which still counts it as theirs. */
  async isTakenFromPlatform(id: string): Promise<boolean> {
    const standing = await this.standing(id);
    return standing?.owner.kind === 'agent' && standing.handoff?.state === 'accepted' && standing.handoff.takenFrom !== undefined;
  }

  /** The platform has been told. No effect when something has become of the conversation meanwhile. */
  async leftPlatform(id: string): Promise<void> {
    const standing = await this.standing(id);
    if (standing?.handoff?.takenFrom === undefined) return;
    const { takenFrom: _, ...handoff } = standing.handoff;
    await this.#step(standing, [putHandoff(id, handoff)]);
  }

  /** Something an agent says to the customer, once for each `messageId`. */
  async say(id: string, agent: Agent, messageId: string, text: string): Promise<Said> {
    const standing = await this.standing(id);
    if (!standing || !isHeldBy(standing, agent)) return { outcome: 'not-yours' };
    const { handoff } = standing;
    const at = this.#store.now();
    // The first answer is noted with the handoff, as it was seen.
    const first = handoff?.state === 'accepted' && handoff.answeredAt === undefined ? { ...handoff, answeredAt: at } : undefined;
    const applied = await this.#store.apply(partitionOf(id), {
      once: {
        key: names.once(id, `agent:${agent.id}`, messageId),
        digest: this.#options.digest(text),
        expiresAt: this.#store.now() + rememberFor,
      },
      checks: [sameOwner(standing), ...(first ? [sameHandoff(standing)] : [])],
      operations: [
        ...say(spoken(agent, text, 'agent'), standing.conversation, this.#options.pushed),
        { do: 'rank', index: names.active, member: id, score: at },
        ...(first ? [putHandoff(id, first)] : []),
      ],
    });
    // Two first answers at once: one of them is the second.
    if (applied.outcome === 'refused' && applied.record === handoffNames.handoff(id)) return this.say(id, agent, messageId, text);
    switch (applied.outcome) {
      case 'applied':
        this.#options.conversations.announce(id);
        return { outcome: 'said', position: applied.positions[0] ?? 0 };
      case 'repeated':
        return { outcome: 'repeated', position: applied.positions[0] ?? 0 };
      case 'conflict':
        return { outcome: 'conflict' };
      default:
        return { outcome: 'not-yours' };
    }
  }

  /** Gives the conversation back to the bot, which tells the customer and asks how it was. */
  complete(id: string, agent: Agent): Promise<Given> {
    return this.#give(id, agent, ({ handoff }, at) => ({
      operations: endHandoff(id, { ...(handoff ?? newRequest(at)), state: 'completed', endedAt: at }),
      event: { event: 'completed' },
    }));
  }

  /** Puts the conversation back into the queue, at its head, for another agent or for whoever is free. */
  transfer(id: string, agent: Agent, { to, skill, note }: TransferOrder): Promise<Given> {
    return this.#give(id, agent, (standing, at) => ({
      operations: enterQueue(id, {
        ...requeued(standing, agent, at),
        note,
        ...(skill && { skill }),
        ...(to && { for: to.id }),
      }),
      event: { event: 'transferred', ...(to && { agent: to.name }) },
    }));
  }

  async addNote(id: string, note: Omit<AgentNote, 'at'>): Promise<boolean> {
    const applied = await this.#store.apply(partitionOf(id), {
      checks: [{ record: names.conversation(id), exists: true }],
      operations: [{ do: 'append', log: handoffNames.notes(id), value: encode({ at: this.#store.now(), ...note }) }],
    });
    this.#announce(id);
    return applied.outcome === 'applied';
  }

  async notes(id: string): Promise<AgentNote[]> {
    return (await this.#store.read(partitionOf(id), handoffNames.notes(id), 0, mostListed)).map(({ value }) => decode<AgentNote>(value));
  }

  /** Those who wait, in the order in which they are to be taken. */
  waiting(): Promise<Queued[]> {
    return this.#list(handoffNames.waiting, 'requested');
  }

  async held(): Promise<Queued[]> {
    const held = await this.#list(handoffNames.held, 'accepted');
    const listed = new Set(held.map(({ conversation }) => conversation));
    for (const known of this.#exchanges.keys()) if (!listed.has(known)) this.#exchanges.delete(known);
    return held;
  }

  /** The place in the queue that a conversation has, or would have, from 1. */
  async position(id: string): Promise<number> {
    const ranked = await this.#ranked(handoffNames.waiting);
    const at = ranked.findIndex(({ member }) => member === id);
    return at === -1 ? ranked.length + 1 : at + 1;
  }

  /** For a customer who asks for a person: how many are there for them, and the place in the queue. */
  async status(id: string): Promise<{ agents: number; position: number; waitMinutes?: number }> {
    const { duty } = this.#options;
    const elsewhere = this.#options.isAnybodyElsewhere?.(id) ?? Promise.resolve(false);
    const [agents, position, isElsewhere] = await Promise.all([duty.agents(), this.position(id), elsewhere]);
    const waitMinutes = await duty.waitMinutes(position);
    const available = agents.filter((agent) => agent.available).length + (isElsewhere ? 1 : 0);
    return { agents: available, position, ...(waitMinutes !== undefined && { waitMinutes }) };
  }

  /** How many conversations have left something to be done. */
  async countTasks(): Promise<number> {
    return (await this.#ranked(handoffNames.toDo)).length;
  }

  /** What is to be done without a customer waiting, oldest first. */
  async tasks(): Promise<{ conversation: string; left: number; tasks: CallBack[] }[]> {
    const ranked = await this.#ranked(handoffNames.toDo);
    return Promise.all(
      ranked.map(async ({ member }) => {
        const [left, entries] = await Promise.all([
          this.#store.get(partitionOf(member), handoffNames.left(member)),
          this.#store.read(partitionOf(member), handoffNames.tasks(member), 0, mostListed),
        ]);
        return { conversation: member, left: left?.version ?? 0, tasks: entries.map(({ value }) => decode<CallBack>(value)) };
      }),
    );
  }

  /** Ticks off what a conversation has left to do; gives false when more was left since `left` was read. */
  async finishTasks(id: string, left: number): Promise<boolean> {
    const applied = await this.#store.apply(partitionOf(id), {
      checks: [{ record: handoffNames.left(id), version: left }],
      operations: [
        { do: 'trim', log: handoffNames.tasks(id), upTo: await this.#store.end(partitionOf(id), handoffNames.tasks(id)) },
        { do: 'unrank', index: handoffNames.toDo, member: id },
      ],
    });
    this.#store.announce(deskTopic, '');
    return applied.outcome === 'applied';
  }

  /** What happens by the clock: requests that nobody has taken, and customers whom nobody answers. */
  async keepPromises(): Promise<void> {
    const now = this.#store.now();
    for (const { conversation, handoff } of await this.waiting()) {
      if (handoff.requestedAt + this.#options.waitMs <= now) await this.giveUp(conversation);
    }
    const here = new Set((await this.#options.duty.agents()).map(({ id }) => id));
    for (const { conversation, handoff } of await this.held()) {
      // A platform keeps its own promises, and says when it has done with a customer.
      if (handoff.agent?.id.startsWith(platformPrefix)) continue;
      const { unansweredSince, spoken, lastAt } = await this.exchange(conversation);
      const outside = handoff.agent?.id.startsWith(outsidePrefix) ?? false;
      const waited = unansweredSince !== undefined && unansweredSince + this.#options.replyMs <= now;
      // Thanks at the end need no answer: who has answered before is only replaced when they have left the desk.
      if (waited && (!spoken || !(outside || here.has(handoff.agent?.id ?? '')))) await this.#takeAway(conversation);
      else if ((lastAt ?? handoff.acceptedAt ?? now) + idleMs <= now && handoff.agent) await this.complete(conversation, handoff.agent);
    }
  }

  /** How the talk between the customer and the agent goes, by its last messages. */
  async exchange(id: string): Promise<Exchange> {
    const end = await this.#options.conversations.transcriptEnd(id);
    const known = this.#exchanges.get(id);
    if (known?.end === end) return known;
    const exchange = { ...exchangeIn(await this.#options.conversations.transcript(id, Math.max(0, end - tail), tail)), end };
    this.#exchanges.set(id, exchange);
    return exchange;
  }

  /** Ends a request that nobody takes: it becomes a task, and the customer is told. */
  async giveUp(id: string): Promise<void> {
    const standing = await this.standing(id);
    const { handoff, owner } = standing ?? {};
    if (!standing || handoff?.state !== 'requested' || owner?.kind !== 'bot') return;
    const at = this.#store.now();
    await this.#step(standing, [
      tellCustomer(id, { event: 'timed-out' }),
      ...endHandoff(id, { ...handoff, state: 'failed', endedAt: at }),
      ...leaveTask(id, { at, about: 'needs-person' }),
    ]);
    this.#options.wake(id);
  }

  async #takeAway(id: string): Promise<void> {
    const standing = await this.standing(id);
    if (standing?.owner.kind !== 'agent' || (await this.exchange(id)).unansweredSince === undefined) return;
    const at = this.#store.now();
    await this.#step(standing, [
      this.#own(id, { kind: 'bot' }),
      ...enterQueue(id, requeued(standing, standing.owner, at)),
      tellCustomer(id, { event: 'unanswered' }),
    ]);
    this.#options.wake(id);
  }

  async #give(
    id: string,
    agent: Agent,
    change: (standing: Standing, at: number) => { operations: Operation[]; event: { event: HandoffEvent; agent?: string } },
  ): Promise<Given> {
    for (;;) {
      const standing = await this.standing(id);
      if (!standing || !isHeldBy(standing, agent)) return 'not-yours';
      const { operations, event } = change(standing, this.#store.now());
      if (!(await this.#step(standing, [this.#own(id, { kind: 'bot' }), tellCustomer(id, event), ...operations]))) continue;
      this.#options.wake(id);
      return 'done';
    }
  }

  /** Gives false when the owner or the handoff has changed since it was looked at. */
  async #step(standing: Standing, operations: Operation[]): Promise<boolean> {
    const { id } = standing.conversation;
    const checks: Check[] = [sameOwner(standing), sameHandoff(standing), { record: names.conversation(id), exists: true }];
    const applied = await this.#store.apply(partitionOf(id), { checks, operations });
    if (applied.outcome !== 'applied') return false;
    this.#announce(id);
    return true;
  }

  #own(id: string, owner: Owner): Operation {
    return { do: 'put', record: names.owner(id), value: encode(owner) };
  }

  #announce(id: string): void {
    this.#options.conversations.announce(id);
    this.#options.conversations.announceStanding(id);
    this.#store.announce(deskTopic, '');
  }

  #joined(agent: Agent): Activity {
    return spoken(agent, accepted(agent.name), 'handoff');
  }

  async #list(index: string, state: Handoff['state']): Promise<Queued[]> {
    const ranked = await this.#ranked(index);
    const found = await Promise.all(
      ranked.map(async ({ member }) => {
        const record = await this.#store.get(partitionOf(member), handoffNames.handoff(member));
        return record && { conversation: member, handoff: decode<Handoff>(record.value) };
      }),
    );
    return found.filter((each) => each?.handoff.state === state).filter((each) => each !== undefined);
  }

  async #ranked(index: string): Promise<{ member: string; score: number }[]> {
    return (await rangeInAll(this.#store, index, { limit: mostListed })).sort((a, b) => a.score - b.score);
  }
}

/** Nobody has taken the conversation or given it back since. */
function sameOwner({ conversation, epoch }: Standing): Check {
  return { record: names.owner(conversation.id), version: epoch };
}

/** Nothing has become of the handoff since. */
function sameHandoff({ conversation, version }: Standing): Check {
  return { record: handoffNames.handoff(conversation.id), version };
}

/** For a conversation that an agent takes without having been asked to. */
function newRequest(at: number): Handoff {
  return { state: 'requested', reason: 'asked', returning: false, requestedAt: at };
}

function takenFrom(owner: Owner): Pick<Handoff, 'takenFrom'> {
  return owner.kind === 'agent' && owner.id.startsWith(platformPrefix) ? { takenFrom: owner.id } : {};
}

function requeued({ handoff }: Standing, from: Agent, at: number): Handoff {
  const { agent: _, acceptedAt: __, answeredAt: ___, ...request } = handoff ?? newRequest(at);
  return { ...request, state: 'requested', requestedAt: at, returning: true, transferredFrom: from.name };
}

function isHeldBy({ owner }: Standing, agent: Agent): boolean {
  return owner.kind === 'agent' && owner.id === agent.id;
}

/** First of its step: the message remembers what was appended before it, and answers nothing that was. */
function tellCustomer(id: string, event: { event: HandoffEvent; agent?: string }): Operation {
  return { do: 'enqueue', queue: names.inbox(id), value: encode({ kind: 'handoff', ...event } satisfies Message) };
}

/** What a person says. `kind`: their own words, or that they are there. */
function spoken({ name }: Agent, text: string, kind: 'agent' | 'handoff'): Activity {
  return {
    type: 'message',
    timestamp: new Date().toISOString(),
    from: { id: 'agent', name, role: 'bot' },
    text,
    textFormat: 'plain',
    locale: 'zh-CN',
    inputHint: 'acceptingInput',
    channelData: { filing: { kind, ...(kind === 'handoff' && { handoff: 'accepted' }) } },
  };
}

function exchangeIn(entries: readonly TranscriptEntry[]): Omit<Exchange, 'end'> {
  let exchange: Omit<Exchange, 'end'> = { spoken: false };
  for (const { activity } of entries) {
    const at = Date.parse(activity.timestamp ?? '');
    const { kind, handoff } = activity.channelData?.filing ?? {};
    if (kind === 'agent') exchange = { spoken: true, lastAt: at };
    else if (kind === 'handoff' && handoff === 'accepted') exchange = { spoken: false, unansweredSince: at, lastAt: at };
    else if (activity.from.role === 'user' && activity.type === 'message')
      exchange = { ...exchange, unansweredSince: exchange.unansweredSince ?? at, lastAt: at, said: activity.text ?? '' };
  }
  return exchange;
}
