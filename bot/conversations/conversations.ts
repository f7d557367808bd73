import { setImmediate } from 'node:timers/promises';
import { newSession, type Session } from '../../dialogs/session.ts';
import type { Activity } from '../activity.ts';
import { count } from '../figures/figure-event.ts';
import { eraseHandoff } from '../handoffs/handoff.ts';
import { findShared, leaveErasure, stillShared } from '../handoffs/shared.ts';
import { allPartitions, type Operation, partitionOf, type Ranked, type Store } from '../store/store.ts';
import { chore } from './chore.ts';
import {
  type Conversation,
  decode,
  encode,
  eraseNotes,
  fileScheme,
  type Note,
  names,
  type PushedChannels,
  rememberFor,
  say,
  standingTopic,
  type TranscriptEntry,
} from './conversation.ts';
import type { Undelivered } from './undelivered.ts';

export type Typist = 'customer' | 'agent';

/** The index gives the lowest first, so all of a partition are looked at to find those noted last. */
const mostNoted = 50_000;
const mostIdle = 1_000_000;

const typingTopic = (id: string) => `typing:${id}`;

const erasedHint = 'erased';

/** Conversations as such: their beginning, transcript, notes and end. Messages and turns: see `Inbox`. */
export class Conversations {
  readonly #store: Store;
  readonly #pushed: PushedChannels;

  constructor(store: Store, pushed: PushedChannels) {
    this.#store = store;
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
        count({ kind: 'conversation' }, at),
      ],
    });
    return applied.outcome === 'applied' ? 'started' : 'exists';
  }

  async find(id: string): Promise<Conversation | undefined> {
    const record = await this.#store.get(partitionOf(id), names.conversation(id));
    return record && decode<Conversation>(record.value);
  }

  /**
   * Adds a message outside any turn: what a channel's adapter is told to send by itself. With `messageId` it is added once, however often
   * whoever got no answer asks again.
   */
  async append(id: string, activity: Activity, messageId?: string): Promise<number> {
    const conversation = await this.find(id);
    if (!conversation) throw new Error(`There is no conversation ${id}.`);
    return this.#add(id, say(activity, conversation, this.#pushed), messageId);
  }

  /** Keeps, once, what was said without us: the customer has it already. */
  async record(id: string, activity: Activity, messageId: string): Promise<void> {
    const active: Operation = { do: 'rank', index: names.active, member: id, score: this.#store.now() };
    await this.#add(id, [{ do: 'append', log: names.transcript(id), value: encode(activity) }, active], messageId);
  }

  async #add(id: string, operations: Operation[], messageId?: string): Promise<number> {
    const applied = await this.#store.apply(partitionOf(id), {
      ...(messageId !== undefined && {
        once: { key: names.once(id, 'own', messageId), digest: '', expiresAt: this.#store.now() + rememberFor },
      }),
      checks: [{ record: names.conversation(id), exists: true }],
      operations,
    });
    this.announce(id);
    return 'positions' in applied ? (applied.positions[0] ?? 0) : 0;
  }

  async transcript(id: string, after: number, limit: number): Promise<TranscriptEntry[]> {
    const entries = await this.#store.read(partitionOf(id), names.transcript(id), after, limit);
    return entries.map(({ position, value }) => ({ position, activity: decode<Activity>(value) }));
  }

  /** Messages that did not reach the customer, or only later. */
  async undelivered(id: string): Promise<Undelivered[]> {
    const record = await this.#store.get(partitionOf(id), names.undelivered(id));
    return record ? decode<Undelivered[]>(record.value) : [];
  }

  /** Position of the newest entry; 0 when nothing was said yet. */
  transcriptEnd(id: string): Promise<number> {
    return this.#store.end(partitionOf(id), names.transcript(id));
  }

  /** Calls back whenever the transcript may have grown; `erased`: the conversation is gone, with all that was said. */
  watch(id: string, listener: (hint: { erased: boolean }) => void): () => void {
    return this.#store.watch(names.transcript(id), (payload) => listener({ erased: payload === erasedHint }));
  }

  announce(id: string): void {
    this.#store.announce(names.transcript(id), '');
  }

  /** Calls back whenever who has the conversation, or what agents know of it besides the transcript, may have changed. */
  watchStanding(id: string, listener: () => void): () => void {
    return this.#store.watch(standingTopic(id), listener);
  }

  announceStanding(id: string): void {
    this.#store.announce(standingTopic(id), '');
  }

  /** Shows that somebody is typing, to who looks at the conversation now; kept nowhere. */
  showTyping(id: string, who: Typist): void {
    this.#store.announce(typingTopic(id), who);
  }

  watchTyping(id: string, listener: (who: Typist) => void): () => void {
    return this.#store.watch(typingTopic(id), (who) => listener(who === 'agent' ? 'agent' : 'customer'));
  }

  /** Notes of all conversations, newest conversation first. */
  async notes(partitions: readonly string[], limit: number): Promise<Note[]> {
    return this.#notesSince(0, partitions, limit);
  }

  /** Notes made since a moment, those of the conversations that were noted last first. */
  async notesSince(moment: number, limit: number): Promise<Note[]> {
    return this.#notesSince(moment, allPartitions, limit);
  }

  async #notesSince(moment: number, partitions: readonly string[], limit: number): Promise<Note[]> {
    const noted = await Promise.all(
      partitions.map(async (partition) =>
        (await this.#store.range(partition, names.noted, { from: moment, limit: mostNoted })).map((ranked) => ({ ...ranked, partition })),
      ),
    );
    const notes: Note[] = [];
    for (const { partition, member } of noted.flat().sort((a, b) => b.score - a.score)) {
      if (notes.length >= limit) break;
      const entries = await this.#store.read(partition, names.notes(member), 0, limit);
      notes.push(...entries.map(({ value }) => decode<Note>(value)).filter(({ at }) => at >= moment));
      // The embedded store answers at once: turns of customers come in between.
      await setImmediate();
    }
    return notes.slice(0, limit);
  }

  /** Conversations of a partition without a message since the moment, longest idle first. */
  idleSince(partition: string, moment: number, limit: number): Promise<Ranked[]> {
    return this.#store.range(partition, names.active, { to: moment, limit });
  }

  /** Those of them in which a form was left unfinished. */
  async idleForms(partition: string, moment: number, limit: number): Promise<Ranked[]> {
    const found: Ranked[] = [];
    for (const idle of await this.idleSince(partition, moment, limit)) {
      const { session } = await this.#idleSession(idle.member);
      if (session.form || session.inquiry) found.push(idle);
    }
    return found;
  }

  /** Forgets the form of a conversation in which nothing was said since the moment; gives false when there is none, or it is in use. */
  async forgetForm(id: string, before: number): Promise<boolean> {
    const { session, version } = await this.#idleSession(id);
    if (!(session.form || session.inquiry) || !(await this.#isIdle(id, before))) return false;
    const { form: _, inquiry: __, ...rest } = session;
    const applied = await this.#store.apply(partitionOf(id), {
      // Every turn changes the session.
      checks: [{ record: names.session(id), version }],
      operations: [{ do: 'put', record: names.session(id), value: encode({ ...rest, choices: [] }) }],
    });
    return applied.outcome === 'applied';
  }

  /** Conversations of a partition with notes from before the moment, by their oldest. */
  async oldNotes(partition: string, moment: number, limit: number): Promise<Ranked[]> {
    const found: Ranked[] = [];
    for (const { member } of await this.#store.range(partition, names.noted, { limit })) {
      const [oldest] = await this.#store.read(partition, names.notes(member), 0, 1);
      const at = oldest && decode<Note>(oldest.value).at;
      if (at !== undefined && at < moment) found.push({ member, score: at });
    }
    return found;
  }

  /** Forgets the notes of a conversation from before the moment; gives false when there were none. */
  async forgetNotes(id: string, before: number): Promise<boolean> {
    const entries = await this.#store.read(partitionOf(id), names.notes(id), 0, mostNoted);
    const old = entries.filter(({ value }) => decode<Note>(value).at < before);
    const last = old.at(-1);
    if (!last) return false;
    const all = old.length === entries.length;
    await this.#store.apply(partitionOf(id), {
      operations: [
        { do: 'trim', log: names.notes(id), upTo: last.position },
        ...(all ? [{ do: 'unrank' as const, index: names.noted, member: id }] : []),
      ],
    });
    return true;
  }

  async #idleSession(id: string): Promise<{ session: Session; version: number }> {
    const record = await this.#store.get(partitionOf(id), names.session(id));
    return { session: record ? decode<Session>(record.value) : newSession, version: record?.version ?? 0 };
  }

  /** Nothing was said since the moment. */
  async #isIdle(id: string, moment: number): Promise<boolean> {
    return (await this.idleSince(partitionOf(id), moment, mostIdle)).some(({ member }) => member === id);
  }

  /** Files that the transcript mentions. */
  async filesOf(id: string): Promise<string[]> {
    const files: string[] = [];
    for (let after = 0; ; ) {
      const entries = await this.transcript(id, after, 200);
      const last = entries.at(-1);
      if (!last) return files;
      after = last.position;
      for (const { activity } of entries) {
        for (const { contentUrl } of activity.attachments ?? []) {
          if (contentUrl?.startsWith(fileScheme)) files.push(contentUrl.slice(fileScheme.length));
        }
      }
    }
  }

  /**
   * Erases a conversation with all that belongs to it, and leaves the chore of erasing the files that no case needs. Gives false when
   * something waits: a message for its turn, or an errand; or another desk is being told of it at this moment. With `idleSince`, also when
   * something was said since that moment: a customer may have come back, or another process been faster.
   */
  async erase(id: string, idleSince?: number): Promise<boolean> {
    // The session first: every turn changes it, so that one since then fails the check.
    const session = idleSince === undefined ? undefined : await this.#store.get(partitionOf(id), names.session(id));
    if (idleSince !== undefined && !(await this.#isIdle(id, idleSince))) return false;
    const files = await this.filesOf(id);
    const shared = await findShared(this.#store, id);
    const records = [
      names.conversation(id),
      names.session(id),
      names.owner(id),
      names.sending(id),
      names.undelivered(id),
      names.answered(id),
      names.grant(id),
    ];
    const applied = await this.#store.apply(partitionOf(id), {
      checks: [
        stillShared(id, shared),
        ...(idleSince !== undefined
          ? [
              { record: names.conversation(id), exists: true as const },
              { record: names.session(id), version: session?.version ?? 0 },
            ]
          : []),
      ],
      bounds: [
        { queue: names.inbox(id), most: 1 },
        { queue: names.errands(id), most: 1 },
      ],
      operations: [
        ...records.map((record) => ({ do: 'remove' as const, record })),
        { do: 'drop', log: names.transcript(id) },
        ...eraseNotes(id),
        ...eraseHandoff(id),
        ...leaveErasure(id, shared, this.#store.now()),
        { do: 'clear', queue: names.inbox(id) },
        { do: 'clear', queue: names.errands(id) },
        ...(files.length > 0 ? [chore(id, { kind: 'eraseFiles', files })] : []),
        { do: 'unrank', index: names.active, member: id },
      ],
    });
    if (applied.outcome !== 'applied') return false;
    this.#store.announce(names.transcript(id), erasedHint);
    return true;
  }
}
