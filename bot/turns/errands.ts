import type { Activity } from '../activity.ts';
import type { Cases } from '../cases/cases.ts';
import type { Conversation, Errand } from '../conversations/conversation.ts';
import type { OpenErrand, Outbox } from '../conversations/outbox.ts';
import type { Log } from '../log.ts';
import { patience } from './patience.ts';

/** Sends a message to a customer on a channel that does not fetch its messages. Throws `NotSent` when it surely did not arrive. */
export type Deliver = (conversation: Conversation, activity: Activity) => Promise<void>;

/** The message surely did not reach the platform: sending it again cannot show it twice. */
export class NotSent extends Error {
  override readonly name = 'NotSent';
}

export interface ErrandsOptions {
  outbox: Outbox;
  deliver: ReadonlyMap<string, Deliver>;
  cases: Pick<Cases, 'save' | 'eraseHeld' | 'eraseFiles'>;
  log: Log;
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
  #stopped = false;

  constructor(options: ErrandsOptions) {
    this.#options = options;
  }

  wake(conversation: string): void {
    if (this.#stopped || this.#running.has(conversation)) return;
    this.#running.set(
      conversation,
      this.#work(conversation).finally(() => this.#running.delete(conversation)),
    );
  }

  /** Resolves when the errands of a conversation that can be done now are done; when a platform keeps them waiting, after a while. */
  async caughtUp(conversation: string): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, mostPatienceMs);
    });
    await Promise.race([this.#catchUp(conversation), late]);
    clearTimeout(timer);
  }

  /** Twice, for work under way may have looked for errands just before the last one came. */
  async #catchUp(conversation: string): Promise<void> {
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
      while (!this.#stopped && (await this.#runNext(id)));
    } catch (err) {
      this.#options.log.error({ err, conversation: id }, 'errands of a conversation interrupted');
    }
  }

  /** Gives false when there was nothing to do. */
  async #runNext(id: string): Promise<boolean> {
    const { outbox, log } = this.#options;
    const open = await outbox.open(id);
    if (!open) return false;
    const { claim, errand } = open;
    let failure: string | undefined;
    try {
      failure = await this.#carryOut(open);
    } catch (err) {
      const again = errand.kind !== 'send' || (claim.attempt < mostSendings && err instanceof NotSent);
      log.warn({ err, conversation: id, errand: errand.kind, attempt: claim.attempt, again }, 'errand failed');
      if (again) {
        await outbox.retry(open, patience(claim.attempt));
        return true;
      }
      failure = err instanceof Error ? err.message : String(err);
    }
    await outbox.finish(open, failure);
    return true;
  }

  /** Gives what the agency should know of how it went. */
  async #carryOut(open: OpenErrand): Promise<string | undefined> {
    const { errand, conversation, interrupted } = open;
    if (errand.kind !== 'send') await this.#doWithin(errand, conversation);
    else if (interrupted) return 'interrupted while sending: the customer may or may not have it';
    else if (await this.#begin(open)) await this.#deliver(conversation, errand.activity);
    return undefined;
  }

  async #begin(open: OpenErrand): Promise<boolean> {
    return this.#options.outbox.begin(open).catch((cause: unknown) => {
      throw new NotSent('The store did not serve when it was to be noted that the message is being sent.', { cause });
    });
  }

  async #doWithin(errand: Exclude<Errand, { kind: 'send' }>, { id, startedAt }: Conversation): Promise<void> {
    const { cases } = this.#options;
    switch (errand.kind) {
      case 'saveCase': {
        const { kind: _, turn, ...saved } = errand;
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

  async #deliver(conversation: Conversation, activity: Activity): Promise<void> {
    const deliver = this.#options.deliver.get(conversation.channel);
    if (!deliver) throw new Error(`No channel ${conversation.channel} is configured to send through.`);
    await deliver(conversation, activity);
  }
}
