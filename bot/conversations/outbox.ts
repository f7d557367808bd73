import { type Check, type Claim, type Operation, partitionOf, type Store } from '../store/store.ts';
import {
  type Conversation,
  decode,
  type Errand,
  encode,
  names,
  note,
  sendOnErrand,
  standingTopic,
  type TranscriptEntry,
} from './conversation.ts';
import { canWait, isAfterDue, resumable, type Undelivered, type UndeliveredReason, withoutDue, withUndelivered } from './undelivered.ts';

export interface OpenErrand {
  claim: Claim;
  errand: Errand;
  conversation: Conversation;
  /** The part of its message to begin with. */
  from: number;
  /** That part was begun before, and nobody knows how that ended. */
  interrupted: boolean;
  /** Of the record that says what was begun last: who finds another there has been taken over. */
  begun: number;
}

/** Why an errand was not done, for the agency's notes; `part`: which part of a message, and those after it, did not arrive. */
export interface Failure {
  reason: UndeliveredReason;
  part: number;
  told: string;
}

/** Which part of which errand was begun last, and under which claim; `underWay`: nothing is known of how that ended. */
interface Begun {
  item: number;
  token: string;
  /** Left out by versions that knew no parts. */
  part?: number;
  underWay?: boolean;
}

const leaseMs = 30_000; // longer than any platform is waited for

/** The errands of conversations, taken one at a time and in order. */
export class Outbox {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async open(id: string): Promise<OpenErrand | undefined> {
    const records = [names.conversation(id), names.sending(id), names.undelivered(id)];
    const claim = await this.#store.claim(partitionOf(id), names.errands(id), { lease: leaseMs, records });
    if (!claim) return undefined;
    const [conversation, sending, undelivered] = records.map((name) => claim.records[name]);
    if (!conversation) throw new Error(`Conversation ${id} has errands but no record.`);
    const errand = decode<Errand>(claim.value);
    const begun = sending && decode<Begun>(sending.value);
    const isOurs = begun?.item === claim.item;
    const open: OpenErrand = {
      claim,
      errand,
      conversation: decode<Conversation>(conversation.value),
      from: isOurs ? (begun.part ?? 0) : errand.kind === 'send' ? (errand.from ?? 0) : 0,
      interrupted: isOurs && begun.underWay !== false,
      begun: sending?.version ?? 0,
    };
    const behind = putBehind(open, undelivered ? decode<Undelivered[]>(undelivered.value) : []);
    if (!behind) return open;
    await this.#store.commit(claim, { operations: [behind] });
    return this.open(id);
  }

  /**
   * Remembers that a part of the message is about to reach outside, so that a crash in between is not mistaken for "not begun". Gives false
   * when another has begun it meanwhile: to whoever stalled so long, it does not belong any more.
   */
  begin(open: OpenErrand, part = open.from): Promise<boolean> {
    return this.#note(open, part, true);
  }

  /** `failure`: why it could not be done; the agency finds it among the notes, and beside the message. */
  async finish(open: OpenErrand, failure?: Failure): Promise<void> {
    const { claim, conversation } = open;
    if (!failure && !isResumed(open)) {
      await this.#store.commit(claim, { operations: [] });
      return;
    }
    const { id } = conversation;
    const position = positionOf(open);
    const { check, operations } = failure ? await this.#noting(id, position, failure) : await this.#settling(id, position);
    const { outcome } = await this.#store.commit(claim, { checks: [check], operations });
    if (outcome === 'refused') return this.finish(open, failure);
    if (failure) this.#store.announce(standingTopic(id), '');
  }

  /** Notes that nobody knows whether a part has arrived; the others are sent none the less. */
  report(open: OpenErrand, part: number, told: string): Promise<void> {
    return this.bounced(open.conversation.id, positionOf(open), { reason: 'unknown', part, told });
  }

  /** A message that was taken for sent has not arrived: platforms may tell so later. */
  async bounced(id: string, position: number, failure: Failure): Promise<void> {
    const { check, operations } = await this.#noting(id, position, failure);
    const applied = await this.#store.apply(partitionOf(id), {
      checks: [{ record: names.conversation(id), exists: true }, check],
      operations,
    });
    if (applied.outcome === 'refused' && applied.record === names.undelivered(id)) return this.bounced(id, position, failure);
    this.#store.announce(standingTopic(id), '');
  }

  /** For an errand whose part surely did not reach outside: it is tried again, from that part on. */
  async retry(open: OpenErrand, delayMs: number, part = open.from): Promise<void> {
    if (!(await this.#note(open, part, false))) await this.#takeBack(open, part);
    await this.#store.release(open.claim, this.#store.now() + delayMs);
  }

  /**
   * The customer can be reached again: what could not be sent before is put before what will be said next, if it is still wanted. Gives whether
   * there is something to send. `along` is written in the same step, where there is.
   */
  async resume(id: string, along: readonly Operation[] = []): Promise<boolean> {
    const { all, check } = await this.#undelivered(id);
    const waiting = all.filter(({ state }) => state === 'waits');
    if (waiting.length === 0) return false;
    const { wanted, left } = resumable(all, await this.#entriesAt(id, waiting), this.#store.now());
    const applied = await this.#store.apply(partitionOf(id), {
      checks: [check],
      operations: [
        ...along,
        putUndelivered(id, left),
        ...wanted.map(({ activity, position, part }) => sendOnErrand(id, { kind: 'send', activity, position, from: part })),
      ],
    });
    this.#store.announce(standingTopic(id), '');
    return applied.outcome === 'applied' && wanted.length > 0;
  }

  async #noting(id: string, position: number, { reason, part, told }: Failure): Promise<{ check: Check; operations: Operation[] }> {
    const { all, check } = await this.#undelivered(id);
    const at = this.#store.now();
    const one: Undelivered = { position, part, reason, at, state: canWait(reason) ? 'waits' : 'lost' };
    return {
      check,
      operations: [...note(id, { kind: 'undelivered', at, reason: told }), putUndelivered(id, withUndelivered(all, one))],
    };
  }

  async #settling(id: string, position: number): Promise<{ check: Check; operations: Operation[] }> {
    const { all, check } = await this.#undelivered(id);
    return { check, operations: [putUndelivered(id, withoutDue(all, position))] };
  }

  /** `check`: that they are still these. */
  async #undelivered(id: string): Promise<{ all: Undelivered[]; check: Check }> {
    const record = names.undelivered(id);
    const stored = await this.#store.get(partitionOf(id), record);
    return { all: stored ? decode<Undelivered[]>(stored.value) : [], check: { record, version: stored?.version ?? 0 } };
  }

  async #entriesAt(id: string, waiting: readonly Undelivered[]): Promise<TranscriptEntry[]> {
    const entries: TranscriptEntry[] = [];
    for (const { position } of waiting) {
      const [entry] = await this.#store.read(partitionOf(id), names.transcript(id), position - 1, 1);
      if (entry?.position === position) entries.push({ position, activity: decode(entry.value) });
    }
    return entries;
  }

  /** The record is never removed, for its versions would begin anew and be taken for those of before. */
  async #note(open: OpenErrand, part: number, underWay: boolean): Promise<boolean> {
    const { id } = open.conversation;
    const record = names.sending(id);
    const { token, item } = open.claim;
    const applied = await this.#store.apply(partitionOf(id), {
      checks: [{ record, version: open.begun }],
      operations: [{ do: 'put', record, value: encode({ item, token, part, underWay } satisfies Begun) }],
    });
    if (applied.outcome !== 'applied') return false;
    open.begun += 1;
    return true;
  }

  /** For an errand of which nobody knew whether its beginning was noted, as the store did not answer: it was, if that is ours. */
  async #takeBack(open: OpenErrand, part: number): Promise<void> {
    const { id } = open.conversation;
    const record = await this.#store.get(partitionOf(id), names.sending(id));
    if (!record || decode<Begun>(record.value).token !== open.claim.token) return;
    open.begun = record.version;
    await this.#note(open, part, false);
  }
}

function putUndelivered(id: string, all: readonly Undelivered[]): Operation {
  return { do: 'put', record: names.undelivered(id), value: encode(all) };
}

/** It goes out once more, after the customer could not be reached. */
export function isResumed({ errand }: OpenErrand): boolean {
  return errand.kind === 'send' && errand.from !== undefined;
}

/**
 * For a message before which others have to go out once more, since the customer came back while it was waiting its turn: what puts it behind
 * them. What was begun goes on.
 */
function putBehind(open: OpenErrand, undelivered: readonly Undelivered[]): Operation | undefined {
  const { errand, conversation, from } = open;
  const position = positionOf(open);
  if (errand.kind !== 'send' || isResumed(open) || open.interrupted || !isAfterDue(undelivered, position)) return undefined;
  return sendOnErrand(conversation.id, { ...errand, position, from });
}

/** Of its message in the transcript. */
export function positionOf({ errand, claim }: OpenErrand): number {
  return errand.kind === 'send' && errand.position !== undefined ? errand.position : claim.position;
}
