import type { Effect } from '../../dialogs/effect.ts';
import type { Message, Owner } from '../../dialogs/message.ts';
import { newSession, type Session, sessionSchema } from '../../dialogs/session.ts';
import { type Activity, withSecretsMasked } from '../activity.ts';
import { count, eventsOf } from '../figures/figure-event.ts';
import { deskTopic, endHandoff, enterQueue, eraseHandoff, type Handoff, handoffNames, leaveTask, putHandoff } from '../handoffs/handoff.ts';
import { findShared, type KeptShared, leaveErasure, stillShared } from '../handoffs/shared.ts';
import type { KeyedDigest } from '../keyed-digest.ts';
import type { Log } from '../log.ts';
import { consentAsked, consentWithdrawn } from '../privacy/consents.ts';
import {
  type Claim,
  type ClaimOptions,
  type CommitStep,
  type Committed,
  type Operation,
  partitionOf,
  type QueueName,
  type Store,
  type Work,
} from '../store/store.ts';
import {
  type Conversation,
  type Customer,
  decode,
  digest,
  encode,
  eraseNotes,
  fileScheme,
  names,
  note,
  type PushedChannels,
  rememberFor,
  say,
  sendOnErrand,
} from './conversation.ts';
import type { Conversations } from './conversations.ts';

/** A message as a channel delivers it: verified, decoded, and not yet acted upon. */
export interface Inbound {
  conversation: string;
  /** Identifies this message among those of the same sender, whenever it is delivered again; without it every delivery is new. */
  messageId?: string;
  sender: string;
  activity: Activity;
  /** What is to be written in the same step, in the conversation's partition. */
  along?: readonly Operation[];
  /** What the turn gets to see; left out for activities that are kept but ask for no reply. */
  message?: Message;
}

/** `turn`: opened with the message; `committed`: and what became of it. Without that it is the caller's to run. */
export type Accepted =
  | { outcome: 'accepted'; position: number; turn?: OpenTurn; committed?: TurnCommitted }
  | Exclude<Acceptance, { outcome: 'accepted' }>;

export type Acceptance =
  | { outcome: 'accepted'; position: number }
  | { outcome: 'repeated'; position: number }
  /** The same message id came with other content. */
  | { outcome: 'conflict' }
  | { outcome: 'unknown-conversation' }
  /** Too many messages of this conversation are waiting. */
  | { outcome: 'full' };

/** A message taken up for a turn, with all that the turn depends on. */
export interface OpenTurn {
  conversation: Conversation;
  claim: Claim;
  message: Message;
  session: Session;
  owner: Owner;
  /** Counts the changes of ownership; the turn's commit is refused when it has moved on. */
  ownerEpoch: number;
  handoff: Handoff | undefined;
  /** Counts the changes of the handoff; 0: there was none. */
  handoffVersion: number;
  /** The same in every attempt at this message. */
  turnId: string;
}

export interface TurnOutcome {
  session: Session;
  activities: Activity[];
  effects: Effect[];
}

export type TurnCommitted =
  /** `waiting`: messages behind this one; `errands`: the turn has left some to run. */
  | { outcome: 'committed'; waiting: number; errands: boolean }
  /** Another has taken the message over. */
  | { outcome: 'fenced' }
  /** A person took the conversation, or gave it back, since the turn was opened. */
  | { outcome: 'owner-changed' };

const anyTime = 100 * 365 * 24 * 3_600_000;
const mostWaiting = 50;
const leaseMs = 5_000; // a turn takes milliseconds; a stalled one is taken over after this, and its late commit refused

/**
 * The messages of conversations and their turns: accept, open, commit. A message is kept once however often it is delivered;
 * its turn is committed once however often it is run.
 */
export class Inbox {
  readonly #store: Store;
  readonly #conversations: Conversations;
  readonly #pushed: PushedChannels;
  readonly #log: Log;
  readonly #digest: KeyedDigest;

  /** `digest`: of messages, by which a message that is sent again is known to be the same. */
  constructor(store: Store, conversations: Conversations, pushed: PushedChannels, log: Log, digest: KeyedDigest) {
    this.#store = store;
    this.#conversations = conversations;
    this.#pushed = pushed;
    this.#log = log;
    this.#digest = digest;
  }

  /**
   * Keeps the message and queues it for its turn, once. The turn sees all that was said; in the transcript, which stays, certificate
   * numbers are masked. When nothing else waits in the conversation its turn is opened in the
   * same step and, where `run` gives an outcome, committed with it: one wait for the disk instead of three. Resolves when all
   * is durable: only then may the channel acknowledge.
   */
  async accept(inbound: Inbound, run?: (turn: OpenTurn) => TurnOutcome | undefined): Promise<Accepted> {
    const { conversation: id, messageId, sender, activity, message, along = [] } = inbound;
    const { timestamp: _, channelData: __, ...content } = activity;
    let turn: OpenTurn | undefined;
    let outcome: TurnOutcome | undefined;
    const work: Work = (claim) => {
      turn = this.#openTurn(id, claim);
      outcome = run?.(turn);
      return outcome && this.#stepOf(turn, outcome);
    };
    const applied = await this.#store.apply(partitionOf(id), {
      ...(messageId !== undefined && {
        once: {
          key: names.once(id, sender, messageId),
          // Keyed: a message that is hardly more than a certificate number could be found out from a plain hash of it.
          digest: this.#digest(JSON.stringify(content, content.attachments && withoutFileNames)),
          expiresAt: this.#store.now() + rememberFor,
        },
      }),
      checks: [{ record: names.conversation(id), exists: true }],
      bounds: [{ queue: names.inbox(id), most: mostWaiting }],
      operations: [
        { do: 'append', log: names.transcript(id), value: encode(withSecretsMasked(activity)) },
        ...(message ? [{ do: 'enqueue' as const, queue: names.inbox(id), value: encode(message) }] : []),
        ...along,
      ],
      ...(message && run && { claim: { queue: names.inbox(id), ...claimOf(id), work } }),
    });
    switch (applied.outcome) {
      case 'applied': {
        this.#announce(id, turn, outcome);
        const { claim, committed } = applied;
        return {
          outcome: 'accepted',
          position: applied.positions[0] ?? 0,
          ...(claim && { turn: turn ?? this.#openTurn(id, claim) }),
          ...(turn && committed && { committed: this.#committedOf(turn, committed, outcome) }),
        };
      }
      case 'repeated':
        return { outcome: 'repeated', position: applied.positions[0] ?? 0 };
      case 'conflict':
        return { outcome: 'conflict' };
      case 'refused':
        return { outcome: 'unknown-conversation' };
      case 'full':
        return { outcome: 'full' };
    }
  }

  /** Remembers who the customer is and queues the turn that greets them; joining again, by the same thing, changes nothing. */
  async join(id: string, user: Customer, onceKey = 'join'): Promise<void> {
    const conversation = await this.#conversations.find(id);
    if (!conversation) return;
    await this.#store.apply(partitionOf(id), {
      once: { key: names.once(id, 'channel', onceKey), digest: '', expiresAt: this.#store.now() + rememberFor },
      checks: [{ record: names.conversation(id), exists: true }],
      operations: [
        { do: 'put', record: names.conversation(id), value: encode({ ...conversation, user }) },
        { do: 'enqueue', queue: names.inbox(id), value: encode({ kind: 'join' } satisfies Message) },
      ],
    });
  }

  /** Queues a turn for something that the bot's own side has to tell, once for each `onceKey`. Gives false when the conversation is gone. */
  async tell(id: string, message: Message, onceKey: string): Promise<boolean> {
    const applied = await this.#store.apply(partitionOf(id), {
      once: { key: names.once(id, 'bot', onceKey), digest: '', expiresAt: this.#store.now() + rememberFor },
      checks: [{ record: names.conversation(id), exists: true }],
      operations: [{ do: 'enqueue', queue: names.inbox(id), value: encode(message) }],
    });
    return applied.outcome !== 'refused';
  }

  /** What the conversation remembers now. */
  async session(id: string): Promise<Session> {
    const record = await this.#store.get(partitionOf(id), names.session(id));
    return record ? this.#readSession(decode(record.value), id) : newSession;
  }

  /** Takes up the oldest waiting message of a conversation, or gives undefined when there is none or another is at it. */
  async open(id: string): Promise<OpenTurn | undefined> {
    const claim = await this.#store.claim(partitionOf(id), names.inbox(id), claimOf(id));
    return claim && this.#openTurn(id, claim);
  }

  /** Ends the turn: session, transcript, notes and errands together, once. */
  async commit(turn: OpenTurn, outcome: TurnOutcome): Promise<TurnCommitted> {
    const { id } = turn.conversation;
    const erasure = outcome.effects.some(isErasure)
      ? {
          files: await this.#conversations.filesOf(id),
          upTo: await this.#conversations.transcriptEnd(id),
          shared: await findShared(this.#store, id),
        }
      : undefined;
    const step = this.#stepOf(turn, outcome, erasure);
    if (!step) throw new Error('An erasure was to be committed without having been looked up.');
    const committed = this.#committedOf(turn, await this.#store.commit(turn.claim, step), outcome);
    this.#announce(id, turn, outcome);
    return committed;
  }

  #announce(id: string, turn: OpenTurn | undefined, outcome: TurnOutcome | undefined): void {
    this.#conversations.announce(id);
    if ((turn && isAgents(turn.message)) || outcome?.effects.some(changesHandoff)) this.#conversations.announceStanding(id);
    if (outcome?.effects.some(concernsDesk)) this.#store.announce(deskTopic, '');
  }

  /** Gives the message back for another attempt after the delay. */
  async postpone({ claim }: Pick<OpenTurn, 'claim'>, delayMs: number): Promise<void> {
    await this.#store.release(claim, this.#store.now() + delayMs);
  }

  /**
   * Ends the turn of a message that could not be processed: it is noted, apologised for unless a person is in charge, and no longer in
   * the way.
   */
  async park(turn: OpenTurn, apology: Activity, reason: string): Promise<TurnCommitted> {
    const { conversation, claim, turnId, owner, ownerEpoch } = turn;
    const { id } = conversation;
    const committed = await this.#store.commit(claim, {
      checks: [{ record: names.owner(id), version: ownerEpoch }],
      operations: [
        ...note(id, { kind: 'parked', at: this.#store.now(), turnId, reason }),
        ...(owner.kind === 'bot' ? say(apology, conversation, this.#pushed, turnId) : []),
      ],
    });
    this.#conversations.announce(id);
    return this.#committedOf(turn, committed);
  }

  /** Conversations with a message that waits for its turn, and those with errands to run; and whoever has chores. */
  async due(limit: number): Promise<{ turns: string[]; errands: string[]; chores: string[] }> {
    return this.#byWork(await this.#store.due(limit));
  }

  /** The same, and those whose work is under way, or put off for now. */
  async waiting(limit: number): Promise<{ turns: string[]; errands: string[]; chores: string[] }> {
    return this.#byWork(await this.#store.due(limit, anyTime));
  }

  #byWork(due: readonly QueueName[]): { turns: string[]; errands: string[]; chores: string[] } {
    const queues = due.map(({ queue }) => queue);
    const of = (prefix: string) => queues.filter((queue) => queue.startsWith(prefix)).map((queue) => queue.slice(prefix.length));
    return { turns: of(names.inbox('')), errands: of(names.errands('')), chores: of(names.chores('')) };
  }

  #openTurn(id: string, claim: Claim): OpenTurn {
    const [conversation, session, owner, handoff] = claimOf(id).records.map((name) => claim.records[name]);
    if (!conversation) throw new Error(`Conversation ${id} has messages but no record.`);
    return {
      conversation: decode<Conversation>(conversation.value),
      claim,
      message: decode<Message>(claim.value),
      session: session ? this.#readSession(decode(session.value), id) : newSession,
      owner: owner ? decode<Owner>(owner.value) : { kind: 'bot' },
      ownerEpoch: owner?.version ?? 0,
      handoff: handoff && decode<Handoff>(handoff.value),
      handoffVersion: handoff?.version ?? 0,
      turnId: digest(`${id}|${claim.item}|${claim.firstClaimedAt}`).slice(0, 10).toUpperCase(),
    };
  }

  /** What the commit of a turn writes; undefined when that depends on something that has to be looked up first. */
  #stepOf(turn: OpenTurn, { session, activities, effects }: TurnOutcome, erasure?: Erasure): CommitStep | undefined {
    const { conversation, ownerEpoch, handoffVersion } = turn;
    const { id } = conversation;
    const at = this.#store.now();
    if (effects.some(isErasure) && !erasure) return undefined;
    return {
      checks: [
        { record: names.owner(id), version: ownerEpoch },
        ...(effects.some(changesHandoff) ? [{ record: handoffNames.handoff(id), version: handoffVersion }] : []),
        ...(erasure ? [stillShared(id, erasure.shared)] : []),
      ],
      operations: [
        { do: 'put', record: names.session(id), value: encode(session) },
        ...effects.flatMap((effect) => operationsOf(effect, turn, at, erasure)),
        ...activities.flatMap((activity) => say(activity, conversation, this.#pushed, turn.turnId)),
        // Who is gone for good is erased by the next sweep, as if they had been away for ages.
        { do: 'rank', index: names.active, member: id, score: effects.some(isFarewell) ? 0 : at },
        ...eventsOf(activities, effects).map((event) => count(event, at)),
        ...effects.flatMap((effect) => consentsOf(effect, conversation, at)),
      ],
    };
  }

  #committedOf({ conversation }: OpenTurn, committed: Committed, outcome?: TurnOutcome): TurnCommitted {
    switch (committed.outcome) {
      case 'applied': {
        const errands = this.#pushed.has(conversation.channel) || (outcome?.effects.some(leavesErrand) ?? false);
        return { outcome: 'committed', waiting: committed.waiting, errands };
      }
      case 'refused':
        return { outcome: 'owner-changed' };
      case 'fenced':
        return { outcome: 'fenced' };
    }
  }

  #readSession(stored: unknown, id: string): Session {
    const parsed = sessionSchema.safeParse(stored);
    if (parsed.success) return parsed.data;
    this.#log.warn({ conversation: id, issues: parsed.error.issues.length }, 'session of another version: starting with a new one');
    return newSession;
  }
}

/** What an erasure takes away: the files, and the transcript up to a position; and whether another desk has it, too. */
interface Erasure {
  files: string[];
  upTo: number;
  shared: KeptShared;
}

/** Something that the person in charge did with the form. */
function isAgents({ kind }: Message): boolean {
  return kind === 'fill' || kind === 'begin';
}

function isErasure({ kind }: Effect): boolean {
  return kind === 'eraseCustomer';
}

function isFarewell(effect: Effect): boolean {
  return effect.kind === 'eraseCustomer' && effect.gone === true;
}

function leavesErrand({ kind }: Effect): boolean {
  return kind === 'saveCase' || kind === 'eraseCustomer';
}

function operationsOf(effect: Effect, turn: OpenTurn, at: number, erasure?: Erasure): Operation[] {
  const { conversation, claim, handoff } = turn;
  const { id } = conversation;
  switch (effect.kind) {
    case 'recordMiss':
      return note(id, { kind: 'miss', at, question: effect.question, nearest: effect.nearest });
    case 'recordFeedback': {
      const { topic, useful, question } = effect;
      return note(id, { kind: 'feedback', at, topic, useful, question });
    }
    case 'requestCallBack':
      return callBack(effect, id, at);
    case 'saveCase':
      return [sendOnErrand(id, { ...effect, turn: claim.item, turnId: turn.turnId })];
    case 'requestHandoff': {
      const { kind: _, ...request } = effect;
      return enterQueue(id, { ...request, state: 'requested', requestedAt: at });
    }
    case 'leaveQueue':
      return handoff ? endHandoff(id, { ...handoff, state: 'failed', endedAt: at }) : [];
    case 'leaveAgent':
      return [
        { do: 'put', record: names.owner(id), value: encode({ kind: 'bot' } satisfies Owner) },
        ...(handoff ? endHandoff(id, { ...handoff, state: 'completed', endedAt: at }) : []),
      ];
    case 'rateHandoff':
      return handoff ? [putHandoff(id, { ...handoff, rating: effect.rating })] : [];
    case 'recordConsent':
      return []; // beside what the step counts: see `consentsOf`
    case 'eraseCustomer':
      return erasure ? erasureOf(effect, turn, erasure, at) : [];
  }
}

/** What the register of consents is told. */
function consentsOf(effect: Effect, conversation: Conversation, at: number): Operation[] {
  if (effect.kind === 'recordConsent') return consentAsked(effect, conversation, at);
  return effect.kind === 'eraseCustomer' ? [consentWithdrawn(conversation, effect.receipt, at)] : [];
}

function concernsDesk(effect: Effect): boolean {
  return changesHandoff(effect) || effect.kind === 'requestCallBack' || effect.kind === 'eraseCustomer';
}

function changesHandoff({ kind }: Effect): boolean {
  return kind === 'requestHandoff' || kind === 'leaveQueue' || kind === 'leaveAgent' || kind === 'rateHandoff';
}

function callBack({ kind: _, ...request }: Extract<Effect, { kind: 'requestCallBack' }>, id: string, at: number): Operation[] {
  return [...note(id, { ...request, kind: 'call-back', at }), ...leaveTask(id, { ...request, at })];
}

function erasureOf({ cases, receipt }: EraseCustomer, turn: OpenTurn, erasure: Erasure, at: number): Operation[] {
  const { user, ...conversation } = turn.conversation;
  const { turnId } = turn;
  const { id } = conversation;
  const { files, upTo, shared } = erasure;
  // The conversation goes on, with somebody who has no name in it.
  const nameless = { ...conversation, ...(user && { user: { id: user.id } }) };
  return [
    { do: 'put', record: names.conversation(id), value: encode(nameless) },
    // To the very end: answers to messages sent in haste may stand after the request itself.
    { do: 'trim', log: names.transcript(id), upTo },
    { do: 'remove', record: names.undelivered(id) },
    { do: 'remove', record: names.answered(id) },
    ...eraseNotes(id),
    ...eraseHandoff(id),
    ...leaveErasure(id, shared, at),
    // In this order: the files of a case that goes go with it, and those of one that stays are left.
    ...(cases.length > 0 ? [sendOnErrand(id, { kind: 'eraseCases', cases, receipt, turnId })] : []),
    ...(files.length > 0 ? [sendOnErrand(id, { kind: 'eraseFiles', files, turnId })] : []),
  ];
}

type EraseCustomer = Extract<Effect, { kind: 'eraseCustomer' }>;

/** A turn is claimed together with all that it depends on. */
function claimOf(id: string): ClaimOptions & { records: string[] } {
  return { lease: leaseMs, records: [names.conversation(id), names.session(id), names.owner(id), handoffNames.handoff(id)] };
}

/** A resent file is stored under another name, and the scanner may have come or gone; it is the same file when its digest is. */
function withoutFileNames(key: string, value: unknown): unknown {
  if (key === 'unscanned') return undefined;
  return key === 'contentUrl' && typeof value === 'string' && value.startsWith(fileScheme) ? fileScheme : value;
}
