import type { Activity } from '../activity.ts';
import type { Cases } from '../cases/cases.ts';
import type { Conversation, Errand } from '../conversations/conversation.ts';
import { type Failure, isResumed, type OpenErrand, type Outbox, positionOf } from '../conversations/outbox.ts';
import { Undeliverable } from '../conversations/undelivered.ts';
import type { Log } from '../log.ts';
import type { DeliveryResult, Metrics } from '../metrics.ts';
import { patience } from './patience.ts';

/** One of the platform's messages that an activity becomes. */
export interface Part {
  /**
   * Throws `NotSent` when it surely did not arrive and may be tried again, `Undeliverable` when that is of no use. `again`: it was tried before,
   * and may have arrived then.
   */
  send(again: boolean): Promise<void>;
  /** The platform shows a part that is sent again only once: it may be, whenever its fate is unknown. */
  shownOnce?: true;
}

/** A message of the transcript on its way: under a name that no other has, whenever it is sent, and its place. */
export interface Sending {
  key: string;
  position: number;
}

/** What is to be sent, one after the other, to a customer on a channel that does not fetch its messages: the same parts whenever it is asked. */
export type Deliver = (conversation: Conversation, activity: Activity, sending: Sending) => readonly Part[];

/** The message surely did not reach the platform: sending it again cannot show it twice. */
export class NotSent extends Error {
  override readonly name = 'NotSent';
}

export interface ErrandsOptions {
  outbox: Outbox;
  deliver: ReadonlyMap<string, Deliver>;
  cases: Pick<Cases, 'save' | 'eraseHeld' | 'eraseFiles'>;
  log: Log;
  /** Counts what becomes of messages; left out where nobody asks for figures. */
  metrics?: Pick<Metrics, 'delivery'>;
}

const mostSendings = 6;
const mostPatienceMs = 2_000; // within the lease of the turn that waits

/**
 * Does what follows from committed turns and reaches outside their conversation, in order per conversation. A message is sent again
 * only when it surely was not sent before; one whose fate is unknown is noted for the agency instead of risking a second copy. What
 * stays within our own store and files can be done twice without harm, and is tried until it succeeds.
 */
export class Errands {
  readonly #options: ErrandsOptions;
  readonly #running = new Map<string, Promise<void>>();
  /** Conversations to look at, or to look at once more: what came just after the last look would wait for the next hint otherwise. */
  readonly #woken = new Set<string>();
  #stopped = false;

  constructor(options: ErrandsOptions) {
    this.#options = options;
  }

  wake(conversation: string): void {
    if (this.#stopped) return;
    this.#woken.add(conversation);
    if (!this.#running.has(conversation)) this.#running.set(conversation, this.#work(conversation));
  }

  /** Resolves when the errands of a conversation that can be done now are done; when a platform keeps them waiting, after a while. */
  async caughtUp(conversation: string): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, mostPatienceMs);
    });
    await Promise.race([this.rested(conversation), late]);
    clearTimeout(timer);
  }

  /**
   * Resolves when the errands of a conversation that can be done now and here are done, however long that takes. Looked at twice, for work
   * under way may have looked for errands just before the last one came.
   */
  async rested(conversation: string): Promise<void> {
    await this.#running.get(conversation);
    this.wake(conversation);
    await this.#running.get(conversation);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running.values());
  }

  async #work(id: string): Promise<void> {
    try {
      while (this.#woken.delete(id)) while (!this.#stopped && (await this.#runNext(id)));
    } catch (err) {
      this.#options.log.error({ err, conversation: id }, 'errands of a conversation interrupted');
    } finally {
      // At this very moment, not when the promise is seen to have ended: who wakes in between would be forgotten.
      this.#running.delete(id);
    }
  }

  /** Gives false when there was nothing to do. */
  async #runNext(id: string): Promise<boolean> {
    const open = await this.#options.outbox.open(id);
    if (!open) return false;
    const { errand } = open;
    if (errand.kind === 'send') await this.#send(open, errand.activity);
    else await this.#doWithin(open, errand);
    return true;
  }

  /** Sends the parts of a message that have not arrived. One whose fate is unknown is passed over, and the agency told. */
  async #send(open: OpenErrand, activity: Activity): Promise<void> {
    const { outbox, log } = this.#options;
    const { claim, conversation, errand } = open;
    const { turnId } = errand;
    let part = open.from;
    try {
      const parts = this.#partsOf(open, activity);
      for (; part < parts.length; part += 1) if (!(await this.#sendPart(open, parts[part], part))) return;
    } catch (err) {
      const again = err instanceof NotSent && claim.attempt < mostSendings;
      log.warn({ err, turnId, conversation: conversation.id, part, attempt: claim.attempt, again }, 'message not sent');
      this.#count(open, again ? 'retried' : 'failed');
      if (again) return outbox.retry(open, patience(claim.attempt), part);
      return outbox.finish(open, failureOf(err, part));
    }
    this.#count(open, 'sent');
    await outbox.finish(open);
  }

  #count({ conversation }: OpenErrand, result: DeliveryResult): void {
    this.#options.metrics?.delivery(conversation.channel, result);
  }

  /** Gives false when the message is somebody else's to send by now. */
  async #sendPart(open: OpenErrand, part: Part | undefined, at: number): Promise<boolean> {
    const { outbox, log } = this.#options;
    const isFirst = at === open.from;
    if (open.interrupted && isFirst && !part?.shownOnce) {
      this.#count(open, 'unknown');
      await outbox.report(open, at, 'interrupted while sending: the customer may or may not have it');
      return true;
    }
    if (!(await this.#begin(open, at))) return false;
    try {
      await part?.send(isFirst && wasTried(open));
    } catch (err) {
      if (err instanceof NotSent || err instanceof Undeliverable) throw err;
      this.#count(open, 'unknown');
      log.warn({ err, turnId: open.errand.turnId, conversation: open.conversation.id, part: at }, 'message may or may not have been sent');
      await outbox.report(open, at, err instanceof Error ? err.message : String(err));
    }
    return true;
  }

  #partsOf(open: OpenErrand, activity: Activity): readonly Part[] {
    const { conversation } = open;
    const position = positionOf(open);
    const deliver = this.#options.deliver.get(conversation.channel);
    if (!deliver) throw new Undeliverable('account', `No channel ${conversation.channel} is configured to send through.`);
    // Somebody who was forgotten and comes back has the same conversation, and its places anew.
    return deliver(conversation, activity, { key: `${conversation.id}|${conversation.startedAt}|${position}`, position });
  }

  async #begin(open: OpenErrand, part: number): Promise<boolean> {
    return this.#options.outbox.begin(open, part).catch((cause: unknown) => {
      throw new NotSent('The store did not serve when it was to be noted that the message is being sent.', { cause });
    });
  }

  /** What stays within our own store and files: tried until it succeeds. */
  async #doWithin(open: OpenErrand, errand: Exclude<Errand, { kind: 'send' }>): Promise<void> {
    const { outbox, log } = this.#options;
    const { claim, conversation } = open;
    try {
      await this.#carryOut(errand, conversation);
    } catch (err) {
      log.warn({ err, turnId: errand.turnId, conversation: conversation.id, errand: errand.kind, attempt: claim.attempt }, 'errand failed');
      return outbox.retry(open, patience(claim.attempt));
    }
    await outbox.finish(open);
  }

  async #carryOut(errand: Exclude<Errand, { kind: 'send' }>, { id, startedAt }: Conversation): Promise<void> {
    const { cases } = this.#options;
    switch (errand.kind) {
      case 'saveCase': {
        const { kind: _, turn, turnId: __, ...saved } = errand;
        await cases.save({ ...saved, conversation: id, order: [startedAt, turn] });
        return;
      }
      case 'eraseCases':
        await cases.eraseHeld(errand.cases, id, errand.receipt);
        return;
      case 'eraseFiles':
        return cases.eraseFiles(errand.files);
    }
  }
}

/** Whether the part to begin with may have arrived before. */
function wasTried(open: OpenErrand): boolean {
  return open.interrupted || open.claim.attempt > 1 || isResumed(open);
}

function failureOf(err: unknown, part: number): Failure {
  if (err instanceof Undeliverable) return { reason: err.reason, part, told: err.message };
  if (err instanceof NotSent) return { reason: 'platform-away', part, told: err.message };
  throw err; // not of the platform, but of our store: the errand is taken up again
}
