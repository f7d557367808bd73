import { createHash } from 'node:crypto';
import type { Effect } from '../dialogs/effect.ts';
import type { Message, Owner } from '../dialogs/message.ts';
import { newSession, type Session, sessionSchema } from '../dialogs/session.ts';
import type { Activity } from './activity.ts';
import type { Log } from './log.ts';
import { maskPersonalData } from './mask.ts';
import { type Applied, type Claim, type Operation, partitionOf, type Store } from './store/store.ts';

/** How a conversation began and where its messages go; written once. */
export interface Conversation {
  id: string;
  channel: string;
  user: { id: string; name?: string };
  startedAt: number;
  /** What a channel that sends by itself needs to reach the customer (Bot Framework's conversation reference). */
  reference?: unknown;
}

/** A message as a channel delivers it: verified, decoded, and not yet acted upon. */
export interface Inbound {
  conversation: string;
  /** Identifies this message among those of the same sender, whenever it is delivered again; without it every delivery is new. */
  messageId?: string;
  sender: string;
  activity: Activity;
  /** What the turn gets to see; left out for activities that are kept but ask for no reply. */
  message?: Message;
}

export type Acceptance =
  | { outcome: 'accepted' | 'repeated'; position: number }
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
  /** The same in every attempt at this message. */
  turnId: string;
}

export interface TurnOutcome {
  session: Session;
  activities: Activity[];
  effects: Effect[];
}

/** Something for the agency's own people to read later. Words of customers are masked in it. */
export type Note =
  | { kind: 'miss'; at: number; question: string; nearest: { id: string; confidence: number }[] }
  | { kind: 'feedback'; at: number; question: string; topic: string; useful: boolean }
  | { kind: 'parked'; at: number; turnId: string; reason: string }
  | { kind: 'undelivered'; at: number; reason: string };

export interface TranscriptEntry {
  position: number;
  activity: Activity;
}

/** Work that follows from a commit and reaches outside the store; done at least once, in order, after the commit. */
export type Errand = { kind: 'send'; activity: Activity } | { kind: 'eraseFiles'; files: string[] };

const rememberFor = 72 * 3_600_000; // duplicates: Direct Line clients and WeChat resend within minutes, operators within days
const mostWaiting = 50;
const leaseMs = 30_000;

/** Everything kept about conversations, over the store's records, logs and queues. The only place that knows their names. */
export class Conversations {
  readonly #store: Store;
  readonly #log: Log;
  /** Channels whose messages are sent by us, rather than fetched from the transcript by the client. */
  readonly #pushed: { has(channel: string): boolean };

  constructor(store: Store, log: Log, pushed: { has(channel: string): boolean }) {
    this.#store = store;
    this.#log = log;
    this.#pushed = pushed;
  }

  /** Starts a conversation. Starting it again changes nothing. */
  async start(conversation: Omit<Conversation, 'startedAt'>): Promise<'started' | 'exists'> {
    const { id } = conversation;
    const at = this.#store.now();
    const applied = await this.#store.apply(partitionOf(id), {
      checks: [{ record: names.conversation(id), version: 0 }],
      operations: [
        { do: 'put', record: names.conversation(id), value: encode({ ...conversation, startedAt: at }) },
        { do: 'rank', index: names.active, member: id, score: at },
      ],
    });
    return applied.outcome === 'applied' ? 'started' : 'exists';
  }

  /** Queues the turn that greets a customer who has joined; joining again changes nothing. */
  async join(id: string): Promise<void> {
    await this.#store.apply(partitionOf(id), {
      once: { key: names.once(id, 'channel', 'join'), digest: '', expiresAt: this.#store.now() + rememberFor },
      checks: [{ record: names.conversation(id), exists: true }],
      operations: [{ do: 'enqueue', queue: names.inbox(id), value: encode({ kind: 'join' } satisfies Message) }],
    });
  }

  async find(id: string): Promise<Conversation | undefined> {
    const record = await this.#store.get(partitionOf(id), names.conversation(id));
    return record && decode<Conversation>(record.value);
  }

  /** Keeps the message and queues it for its turn, once. Resolves when both are durable: only then may the channel acknowledge. */
  async accept({ conversation: id, messageId, sender, activity, message }: Inbound): Promise<Acceptance> {
    const { timestamp: _, channelData: __, ...content } = activity;
    const applied = await this.#store.apply(partitionOf(id), {
      ...(messageId !== undefined && {
        once: {
          key: names.once(id, sender, messageId),
          digest: digest(JSON.stringify(content)),
          expiresAt: this.#store.now() + rememberFor,
        },
      }),
      checks: [{ record: names.conversation(id), exists: true }],
      bounds: [{ queue: names.inbox(id), most: mostWaiting }],
      operations: [
        { do: 'append', log: names.transcript(id), value: encode(activity) },
        ...(message ? [{ do: 'enqueue' as const, queue: names.inbox(id), value: encode(message) }] : []),
      ],
    });
    switch (applied.outcome) {
      case 'applied':
        this.#announce(id);
        return { outcome: 'accepted', position: applied.positions[0] ?? 0 };
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

  /** Takes up the oldest waiting message of a conversation, or gives undefined when there is none or another is at it. */
  async open(id: string): Promise<OpenTurn | undefined> {
    const records = [names.conversation(id), names.session(id), names.owner(id)] as const;
    const claim = await this.#store.claim(partitionOf(id), names.inbox(id), { lease: leaseMs, records: [...records] });
    if (!claim) return undefined;
    const [conversation, session, owner] = records.map((name) => claim.records[name]);
    if (!conversation) throw new Error(`Conversation ${id} has messages but no record.`);
    return {
      conversation: decode<Conversation>(conversation.value),
      claim,
      message: decode<Message>(claim.value),
      session: session ? this.#readSession(decode(session.value), id) : newSession,
      owner: owner ? decode<Owner>(owner.value) : { kind: 'bot' },
      ownerEpoch: owner?.version ?? 0,
      turnId: digest(`${id}|${claim.item}|${claim.firstClaimedAt}`).slice(0, 10).toUpperCase(),
    };
  }

  /**
   * Ends the turn: session, transcript, notes and errands together, once. `fenced`: another has taken the message over;
   * `owner-changed`: a person took the conversation, or gave it back, since the turn was opened.
   */
  async commit(turn: OpenTurn, { session, activities, effects }: TurnOutcome): Promise<'committed' | 'fenced' | 'owner-changed'> {
    const { conversation, claim, ownerEpoch } = turn;
    const { id } = conversation;
    const at = this.#store.now();
    const applied = await this.#store.commit(claim, {
      checks: [{ record: names.owner(id), version: ownerEpoch }],
      operations: [
        { do: 'put', record: names.session(id), value: encode(session) },
        ...(await Promise.all(effects.map((effect) => this.#carryOut(effect, turn, at)))).flat(),
        ...activities.flatMap((activity) => this.#say(activity, conversation)),
        { do: 'rank', index: names.active, member: id, score: at },
      ],
    });
    if (applied.outcome === 'fenced') return 'fenced';
    if (applied.outcome === 'refused') return 'owner-changed';
    this.#announce(id);
    return 'committed';
  }

  /** Gives the message back for another attempt after the delay. */
  async postpone({ claim }: OpenTurn, delayMs: number): Promise<void> {
    await this.#store.release(claim, this.#store.now() + delayMs);
  }

  /** Ends the turn of a message that could not be processed: it is noted, apologised for, and no longer in the way. */
  async park(turn: OpenTurn, apology: Activity, reason: string): Promise<void> {
    const { conversation, claim, turnId } = turn;
    const at = this.#store.now();
    await this.#store.commit(claim, {
      operations: [
        ...this.#note(conversation.id, { kind: 'parked', at, turnId, reason: maskPersonalData(reason) }),
        ...this.#say(apology, conversation),
      ],
    });
    this.#announce(conversation.id);
  }

  /** Conversations with a message that waits for its turn, and those with errands to run. */
  async due(limit: number): Promise<{ turns: string[]; errands: string[] }> {
    const queues = (await this.#store.due(limit)).map(({ queue }) => queue);
    const of = (prefix: string) => queues.filter((queue) => queue.startsWith(prefix)).map((queue) => queue.slice(prefix.length));
    return { turns: of(names.inbox('')), errands: of(names.errands('')) };
  }

  /** Adds a message outside any turn: what a channel's adapter is told to send by itself. */
  async append(id: string, activity: Activity): Promise<number> {
    const conversation = await this.find(id);
    if (!conversation) throw new Error(`There is no conversation ${id}.`);
    const applied = await this.#store.apply(partitionOf(id), { operations: this.#say(activity, conversation) });
    this.#announce(id);
    return positionsOf(applied)[0] ?? 0;
  }

  async transcript(id: string, after: number, limit: number): Promise<TranscriptEntry[]> {
    const entries = await this.#store.read(partitionOf(id), names.transcript(id), after, limit);
    return entries.map(({ position, value }) => ({ position, activity: decode<Activity>(value) }));
  }

  /** Position of the newest entry; 0 when nothing was said yet. */
  transcriptEnd(id: string): Promise<number> {
    return this.#store.end(partitionOf(id), names.transcript(id));
  }

  /** Calls back whenever the transcript may have grown, or was erased. */
  watch(id: string, listener: () => void): () => void {
    return this.#store.watch(names.transcript(id), listener);
  }

  /**
   * Hands the conversation to a person, or back to the bot. `epoch` is the one the caller last saw: of two who try at once,
   * one succeeds. From then on no turn computed for the former owner can be committed.
   */
  async handOver(id: string, owner: Owner, epoch: number): Promise<'done' | 'changed-meanwhile'> {
    const applied = await this.#store.apply(partitionOf(id), {
      checks: [{ record: names.owner(id), version: epoch }],
      operations: [{ do: 'put', record: names.owner(id), value: encode(owner) }],
    });
    return applied.outcome === 'applied' ? 'done' : 'changed-meanwhile';
  }

  async owner(id: string): Promise<{ owner: Owner; epoch: number }> {
    const record = await this.#store.get(partitionOf(id), names.owner(id));
    return record ? { owner: decode<Owner>(record.value), epoch: record.version } : { owner: { kind: 'bot' }, epoch: 0 };
  }

  /** Notes of all conversations, newest conversation first. */
  async notes(partitions: readonly string[], limit: number): Promise<Note[]> {
    const noted = await Promise.all(
      partitions.map(async (partition) =>
        (await this.#store.range(partition, names.noted, { limit })).map((ranked) => ({ ...ranked, partition })),
      ),
    );
    const newest = noted.flat().sort((a, b) => b.score - a.score);
    const notes: Note[] = [];
    for (const { partition, member } of newest) {
      if (notes.length >= limit) break;
      for (const { value } of await this.#store.read(partition, names.notes(member), 0, limit)) notes.push(decode<Note>(value));
    }
    return notes.slice(0, limit);
  }

  /** Conversations of a partition without a message since the moment. */
  async idleSince(partition: string, moment: number, limit: number): Promise<string[]> {
    return (await this.#store.range(partition, names.active, { to: moment, limit })).map(({ member }) => member);
  }

  /**
   * Erases a conversation with all that belongs to it; gives the files to delete, or undefined when a message has arrived
   * and waits for its turn.
   */
  async erase(id: string): Promise<string[] | undefined> {
    const files = await this.#filesOf(id, Number.MAX_SAFE_INTEGER);
    const applied = await this.#store.apply(partitionOf(id), {
      bounds: [
        { queue: names.inbox(id), most: 1 },
        { queue: names.errands(id), most: 1 },
      ],
      operations: [
        ...[names.conversation(id), names.session(id), names.owner(id), names.sending(id)].map((record) => ({
          do: 'remove' as const,
          record,
        })),
        { do: 'drop', log: names.transcript(id) },
        ...this.#eraseNotes(id),
        { do: 'clear', queue: names.inbox(id) },
        { do: 'clear', queue: names.errands(id) },
        { do: 'unrank', index: names.active, member: id },
      ],
    });
    if (applied.outcome !== 'applied') return undefined;
    this.#announce(id);
    return files;
  }

  /** The next errand of a conversation. `interrupted`: it was begun before and nobody knows how that ended. */
  async openErrand(id: string): Promise<{ claim: Claim; errand: Errand; conversation: Conversation; interrupted: boolean } | undefined> {
    const records = [names.conversation(id), names.sending(id)];
    const claim = await this.#store.claim(partitionOf(id), names.errands(id), { lease: leaseMs, records });
    if (!claim) return undefined;
    const [conversation, sending] = records.map((name) => claim.records[name]);
    if (!conversation) throw new Error(`Conversation ${id} has errands but no record.`);
    return {
      claim,
      errand: decode<Errand>(claim.value),
      conversation: decode<Conversation>(conversation.value),
      interrupted: sending !== undefined && decode<number>(sending.value) === claim.item,
    };
  }

  /** Remembers that the errand is about to reach outside, so that a crash in between is not mistaken for "not begun". */
  async beginErrand(id: string, { item }: Claim): Promise<void> {
    await this.#store.apply(partitionOf(id), { operations: [{ do: 'put', record: names.sending(id), value: encode(item) }] });
  }

  async finishErrand(id: string, claim: Claim, failure?: string): Promise<void> {
    await this.#store.commit(claim, {
      operations: [
        { do: 'remove', record: names.sending(id) },
        ...(failure === undefined ? [] : this.#note(id, { kind: 'undelivered', at: this.#store.now(), reason: maskPersonalData(failure) })),
      ],
    });
  }

  /** For an errand that surely did not reach outside: it is tried again. */
  async retryErrand(id: string, claim: Claim, delayMs: number): Promise<void> {
    await this.#store.apply(partitionOf(id), { operations: [{ do: 'remove', record: names.sending(id) }] });
    await this.#store.release(claim, this.#store.now() + delayMs);
  }

  #say(activity: Activity, { id, channel }: Conversation): Operation[] {
    const value = encode(activity);
    const errand = encode({ kind: 'send', activity } satisfies Errand);
    return [
      { do: 'append', log: names.transcript(id), value },
      ...(this.#pushed.has(channel) ? [{ do: 'enqueue' as const, queue: names.errands(id), value: errand }] : []),
    ];
  }

  async #carryOut(effect: Effect, { conversation: { id } }: OpenTurn, at: number): Promise<Operation[]> {
    switch (effect.kind) {
      case 'recordMiss':
        return this.#note(id, { kind: 'miss', at, question: maskPersonalData(effect.question), nearest: effect.nearest });
      case 'recordFeedback': {
        const { topic, useful, question } = effect;
        return this.#note(id, { kind: 'feedback', at, topic, useful, question: maskPersonalData(question) });
      }
      case 'eraseCustomer': {
        // To the very end: answers to messages sent in haste may stand after the request itself.
        const upTo = await this.transcriptEnd(id);
        const files = await this.#filesOf(id, upTo);
        return [
          { do: 'trim', log: names.transcript(id), upTo },
          ...this.#eraseNotes(id),
          ...(files.length > 0
            ? [{ do: 'enqueue' as const, queue: names.errands(id), value: encode({ kind: 'eraseFiles', files } satisfies Errand) }]
            : []),
        ];
      }
    }
  }

  #note(id: string, note: Note): Operation[] {
    return [
      { do: 'append', log: names.notes(id), value: encode(note) },
      { do: 'rank', index: names.noted, member: id, score: note.at },
    ];
  }

  #eraseNotes(id: string): Operation[] {
    return [
      { do: 'drop', log: names.notes(id) },
      { do: 'unrank', index: names.noted, member: id },
    ];
  }

  async #filesOf(id: string, upTo: number): Promise<string[]> {
    const files: string[] = [];
    for (let after = 0; ; ) {
      const entries = await this.transcript(id, after, 200);
      for (const { position, activity } of entries) {
        after = position;
        if (position > upTo) return files;
        for (const { contentUrl } of activity.attachments ?? [])
          if (contentUrl?.startsWith(fileScheme)) files.push(contentUrl.slice(fileScheme.length));
      }
      if (entries.length === 0) return files;
    }
  }

  #readSession(stored: unknown, id: string): Session {
    const parsed = sessionSchema.safeParse(stored);
    if (parsed.success) return parsed.data;
    this.#log.warn({ conversation: id, issues: parsed.error.issues.length }, 'session of another version: starting with a new one');
    return newSession;
  }

  #announce(id: string): void {
    this.#store.announce(names.transcript(id), '');
  }
}

/** The id under which channels know an entry of a transcript; ordered like its position. */
export function activityId(conversation: string, position: number): string {
  return `${conversation}|${String(position).padStart(7, '0')}`;
}

/** An attachment kept by us is named by this scheme in the transcript; channels turn it into an address of theirs. */
export const fileScheme = 'upload:';

const names = {
  conversation: (id: string) => `conversation:${id}`,
  session: (id: string) => `session:${id}`,
  owner: (id: string) => `owner:${id}`,
  transcript: (id: string) => `transcript:${id}`,
  inbox: (id: string) => `inbox:${id}`,
  errands: (id: string) => `errands:${id}`,
  sending: (id: string) => `sending:${id}`,
  notes: (id: string) => `notes:${id}`,
  once: (id: string, sender: string, messageId: string) => `${id}:${digest(`${sender}|${messageId}`)}`,
  /** Conversations of a partition by their last activity, and by their last note. */
  active: 'active',
  noted: 'noted',
};

function positionsOf(applied: Applied): number[] {
  return 'positions' in applied ? applied.positions : [];
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function encode(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

function decode<T>(value: Uint8Array): T {
  return JSON.parse(new TextDecoder().decode(value)) as T;
}
