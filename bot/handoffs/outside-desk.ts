import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { Activity } from '../activity.ts';
import { activityId, decode, encode, type TranscriptEntry } from '../conversations/conversation.ts';
import type { Conversations } from '../conversations/conversations.ts';
import { checked, parseJson, readBody } from '../http/body.ts';
import { HttpError, notFound, sendJson } from '../http/http-error.ts';
import type { Handler, Route } from '../http/web-server.ts';
import type { Log } from '../log.ts';
import { partitionOf, rangeInAll, type Store } from '../store/store.ts';
import { patience } from '../turns/patience.ts';
import { deskTopic, type Handoff, handoffNames, outsidePrefix } from './handoff.ts';
import type { Agent, Handoffs } from './handoffs.ts';
import { askedForMs, findShared, forgetShared, putErased, type Shared, stillShared } from './shared.ts';
import { isSigned, sign } from './signature.ts';

export interface OutsideDeskOptions {
  store: Store;
  conversations: Conversations;
  handoffs: Handoffs;
  /** Where its events are received, and what signs them both ways. */
  url: string;
  secret: string;
  log: Log;
}

/** What the other desk sends: that it has taken, ended or refused a conversation, and what its agent says. */
const inboundSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('event'),
    name: z.literal('handoff.status'),
    conversation: z.object({ id: z.string().max(200) }),
    from: z.object({ id: z.string().max(100), name: z.string().max(100).default('') }),
    value: z.object({ state: z.enum(['accepted', 'completed', 'failed']) }),
  }),
  z.object({
    type: z.literal('message'),
    id: z.string().min(1).max(100),
    conversation: z.object({ id: z.string().max(200) }),
    from: z.object({ id: z.string().max(100), name: z.string().max(100).default('') }),
    text: z.string().trim().min(1).max(4000),
  }),
]);
type InboundEvent = z.infer<typeof inboundSchema>;

/** How far a conversation has been told to the other desk. */
interface Told {
  position: number;
}

const path = '/desk/webhook';
const header = 'x-filing-signature';
const lookMs = 2_000;
const gatherMs = 50;
const sendMs = 10_000;
const pageSize = 100;
const mostBytes = 64 * 1024;
const mostTold = 1_000;

/**
 * Another desk that takes part, by one pair of webhooks. It is told of requests by `handoff.initiate`, with the transcript so far, and then of
 * everything that is said, in order and at least once, by activities with stable ids; how a handoff ends it is told by `handoff.status`. It says
 * the same way that it has taken a conversation or given it back, and what its agent says. Events as in Bot Framework's handoff protocol
 * (github.com/microsoft/botframework-sdk, specs/botframework-activity, handoff, read 2026-11). When a conversation of which it was told is
 * erased here, it is told that as well, by an event of our own, `conversation.erased`; see `shared.ts`.
 *
 * What was told is remembered as a position in the transcript, so that nothing is left out when a process ends.
 */
export class OutsideDesk {
  readonly #options: OutsideDeskOptions;
  readonly #telling = new Map<string, Promise<void>>();
  readonly #watched = new Map<string, () => void>();
  #timer: NodeJS.Timeout | undefined;
  #stopWatching: (() => void) | undefined;
  #looking: Promise<void> | undefined;
  #stopped = false;

  constructor(options: OutsideDeskOptions) {
    this.#options = options;
  }

  get route(): Route {
    return { method: 'post', path, handle: this.#receive };
  }

  start(): void {
    this.#timer = setInterval(() => this.#look(), lookMs);
    this.#stopWatching = this.#options.store.watch(deskTopic, () => setTimeout(() => this.#look(), gatherMs).unref());
    this.#look();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    this.#stopWatching?.();
    for (const stop of this.#watched.values()) stop();
    await this.#looking;
    await Promise.all(this.#telling.values());
  }

  readonly #receive: Handler = async (request, response) => {
    const { secret, store } = this.#options;
    const body = await readBody(request, mostBytes);
    const signature = request.headers[header];
    if (!isSigned(typeof signature === 'string' ? signature : undefined, body, secret, store.now())) {
      throw new HttpError(401, 'SignatureInvalid', 'The signature is missing, wrong or too old.');
    }
    await this.#obey(checked(inboundSchema, parseJson(body)));
    sendJson(response, 200, {});
  };

  async #obey(event: InboundEvent): Promise<void> {
    const { handoffs } = this.#options;
    const { id } = event.conversation;
    const agent: Agent = { id: `${outsidePrefix}${event.from.id}`, name: event.from.name };
    if (event.type === 'message') {
      const { outcome } = await handoffs.say(id, agent, event.id, event.text);
      if (outcome === 'not-yours') throw notYours();
      if (outcome === 'conflict') throw new HttpError(409, 'Conflict', 'This id was used for another message.');
      return;
    }
    switch (event.value.state) {
      case 'accepted': {
        const claimed = await handoffs.claim(id, agent);
        if (claimed.outcome === 'unknown') throw notFound();
        if (claimed.outcome === 'taken') throw new HttpError(409, 'Taken', 'Somebody else has this conversation.');
        return;
      }
      case 'completed':
        if ((await handoffs.complete(id, agent)) !== 'done') throw notYours();
        return;
      case 'failed':
        await handoffs.giveUp(id);
    }
  }

  #look(): void {
    this.#looking ??= this.#lookOnce()
      .catch((err: unknown) => this.#options.log.warn({ err }, 'looking for what the other desk is to be told fails'))
      .finally(() => {
        this.#looking = undefined;
      });
  }

  async #lookOnce(): Promise<void> {
    const { handoffs } = this.#options;
    const waiting = await handoffs.waiting();
    const told = await this.#ranked(handoffNames.outside);
    for (const id of await this.#ranked(handoffNames.erasures, this.#options.store.now())) this.#inTurn(id, () => this.#tellErasure(id));
    for (const id of new Set([...waiting.map(({ conversation }) => conversation), ...told])) {
      if (!this.#watched.has(id))
        this.#watched.set(
          id,
          this.#options.conversations.watch(id, () => this.#tell(id)),
        );
      this.#tell(id);
    }
  }

  async #ranked(index: string, to = Infinity): Promise<string[]> {
    return (await rangeInAll(this.#options.store, index, { to, limit: mostTold })).map(({ member }) => member);
  }

  #tell(id: string): void {
    this.#inTurn(id, () => this.#tellAll(id));
  }

  /** One after the other for each conversation, so that the order is kept. */
  #inTurn(id: string, tell: () => Promise<void>): void {
    if (this.#stopped) return;
    const before = this.#telling.get(id) ?? Promise.resolve();
    const telling = before.then(tell).catch((err: unknown) => this.#failed(id, err));
    this.#telling.set(id, telling);
    void telling.then(() => {
      if (this.#telling.get(id) === telling) this.#telling.delete(id);
    });
  }

  /** The next look tries again, from where it stands. */
  async #failed(id: string, err: unknown): Promise<void> {
    this.#options.log.warn({ err, conversation: id }, 'the other desk was not told');
    await pause(lookMs / 2);
  }

  async #tellAll(id: string): Promise<void> {
    const { handoffs, conversations } = this.#options;
    let told = await this.#told(id);
    if (!told) {
      const standing = await handoffs.standing(id);
      if (standing?.handoff?.state !== 'requested') return this.#forget(id);
      const position = await conversations.transcriptEnd(id);
      if (!(await this.#share(id))) return;
      await this.#send(await this.#initiate(id, standing.handoff, position));
      if (!(await this.#note(id, { position }))) return;
      told = { position };
    }
    for (;;) {
      const page = await conversations.transcript(id, told.position, pageSize);
      if (page.length === 0) return;
      for (const entry of page) {
        const ends = await this.#tellEntry(id, entry);
        if (ends) return this.#end(id);
        told = { position: entry.position };
        if (!(await this.#note(id, told))) return;
      }
    }
  }

  /** Gives true when the handoff has ended with it. */
  async #tellEntry(id: string, { position, activity }: TranscriptEntry): Promise<boolean> {
    const { kind, handoff } = activity.channelData?.filing ?? {};
    // What its own agent says, it knows; and who of ours has come in, is told as that.
    if (kind === 'agent') return false;
    if (kind === 'handoff' && handoff !== 'requested') {
      const { owner } = (await this.#options.handoffs.standing(id)) ?? {};
      const taken = handoff === 'accepted' && owner?.kind === 'agent' && owner.id.startsWith(outsidePrefix);
      if (taken) return false;
      await this.#send(this.#event(id, position, 'handoff.status', { state: handoff === 'accepted' ? 'failed' : handoff }));
      return true;
    }
    if (activity.type === 'message') await this.#send(presented(id, position, activity));
    return false;
  }

  async #initiate(id: string, { reason, skill, returning }: Handoff, end: number): Promise<object> {
    const { conversations } = this.#options;
    const transcript = await conversations.transcript(id, Math.max(0, end - pageSize), pageSize);
    const activities = transcript
      .filter(({ position }) => position <= end)
      .map(({ position, activity }) => presented(id, position, activity));
    return {
      ...this.#event(id, end, 'handoff.initiate', { reason, returning, ...(skill && { skill }) }),
      attachments: [{ contentType: 'application/json', name: 'Transcript', content: { activities } }],
    };
  }

  #event(id: string, position: number, name: string, value: object): object {
    const timestamp = new Date(this.#options.store.now()).toISOString();
    return {
      type: 'event',
      name,
      id: `${activityId(id, position)}:${name}`,
      timestamp,
      conversation: { id },
      from: { role: 'bot' },
      value,
    };
  }

  async #send(activity: object): Promise<void> {
    const { url, secret, store } = this.#options;
    const body = JSON.stringify(activity);
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', [header]: sign(body, secret, store.now()) },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(sendMs),
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`The other desk answered ${response.status}.`);
  }

  async #told(id: string): Promise<Told | undefined> {
    const record = await this.#options.store.get(partitionOf(id), handoffNames.told(id));
    return record && decode<Told>(record.value);
  }

  /**
   * Before anything goes there. Gives false when the conversation was erased meanwhile, or the other desk is still to be told of an earlier
   * erasure: what is said since comes after that.
   */
  async #share(id: string): Promise<boolean> {
    const { store } = this.#options;
    const kept = await findShared(store, id);
    if (kept.shared?.state === 'shared') return true;
    if (kept.shared?.state === 'erased') return false;
    const applied = await store.apply(partitionOf(id), {
      checks: [{ record: handoffNames.handoff(id), exists: true }, stillShared(id, kept)],
      operations: [{ do: 'put', record: handoffNames.shared(id), value: encode({ state: 'shared' } satisfies Shared) }],
    });
    return applied.outcome === 'applied';
  }

  /** Tells that a conversation was erased, at least once; longer pauses each time, and after thirty days no more. */
  async #tellErasure(id: string): Promise<void> {
    const { store, log } = this.#options;
    const kept = await findShared(store, id);
    const { shared: erased } = kept;
    if (erased?.state !== 'erased') return;
    const leave = () => store.apply(partitionOf(id), { checks: [stillShared(id, kept)], operations: forgetShared(id) });
    if (store.now() - erased.at > askedForMs) {
      log.error({ conversation: id, erasedAt: erased.at }, 'the other desk was never told of an erasure: have it erase this conversation');
      await leave();
      return;
    }
    try {
      await this.#send(this.#event(id, erased.at, 'conversation.erased', { at: new Date(erased.at).toISOString() }));
    } catch (err) {
      const attempts = erased.attempts + 1;
      log.warn({ err, conversation: id, attempts }, 'the other desk was not told of an erasure');
      const operations = putErased(id, { ...erased, attempts }, store.now() + patience(attempts));
      await store.apply(partitionOf(id), { checks: [stillShared(id, kept)], operations });
      return;
    }
    await leave();
  }

  /** Gives false when the conversation was erased meanwhile. */
  async #note(id: string, told: Told): Promise<boolean> {
    const { store } = this.#options;
    const applied = await store.apply(partitionOf(id), {
      checks: [{ record: handoffNames.handoff(id), exists: true }],
      operations: [
        { do: 'put', record: handoffNames.told(id), value: encode(told) },
        { do: 'rank', index: handoffNames.outside, member: id, score: store.now() },
      ],
    });
    if (applied.outcome === 'applied') return true;
    await this.#eraseAgain(id);
    return false;
  }

  /** What was on its way when the conversation was erased may have come after the news of it, which another instance tells. */
  async #eraseAgain(id: string): Promise<void> {
    const { store } = this.#options;
    const kept = await findShared(store, id);
    const at = store.now();
    await store.apply(partitionOf(id), {
      checks: [stillShared(id, kept)],
      operations: putErased(id, { state: 'erased', at, attempts: 0 }, at),
    });
  }

  async #end(id: string): Promise<void> {
    await this.#options.store.apply(partitionOf(id), {
      operations: [
        { do: 'remove', record: handoffNames.told(id) },
        { do: 'unrank', index: handoffNames.outside, member: id },
      ],
    });
    this.#forget(id);
  }

  #forget(id: string): void {
    this.#watched.get(id)?.();
    this.#watched.delete(id);
  }
}

function presented(id: string, position: number, { type, timestamp, from, text, attachments, channelData }: Activity): object {
  return {
    type,
    id: activityId(id, position),
    timestamp,
    from,
    conversation: { id },
    ...(text !== undefined && { text }),
    ...(attachments && { attachments: attachments.map(({ name, contentType }) => ({ name, contentType })) }),
    ...(channelData?.filing && { channelData: { filing: { kind: channelData.filing.kind, topic: channelData.filing.topic } } }),
  };
}

const notYours = () => new HttpError(409, 'NotYours', 'This agent does not hold the conversation.');
