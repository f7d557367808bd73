import type { Activity } from '../activity.ts';
import type { Conversation } from '../conversations/conversation.ts';
import type { Outbox } from '../conversations/outbox.ts';
import type { Log } from '../log.ts';

/** Sends a message to a customer on a channel that does not fetch its messages. Throws `NotSent` when it surely did not arrive. */
export type Deliver = (conversation: Conversation, activity: Activity) => Promise<void>;

/** The message surely did not reach the platform: sending it again cannot show it twice. */
export class NotSent extends Error {
  override readonly name = 'NotSent';
}

export interface ErrandsOptions {
  outbox: Outbox;
  deliver: ReadonlyMap<string, Deliver>;
  eraseFiles: (files: readonly string[]) => Promise<void>;
  log: Log;
}

const mostAttempts = 6;
const firstRetryMs = 500;

/**
 * Does what follows from committed turns and reaches outside the store, in order per conversation. A message is sent again
 * only when it surely was not sent before; one whose fate is unknown is noted for the agency instead of risking a second copy.
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
    const { outbox, log, eraseFiles } = this.#options;
    const open = await outbox.open(id);
    if (!open) return false;
    const { claim, errand, conversation, interrupted } = open;
    try {
      if (errand.kind === 'eraseFiles') {
        await eraseFiles(errand.files);
      } else if (interrupted) {
        await outbox.finish(open, 'interrupted while sending: the customer may or may not have it');
        return true;
      } else {
        await outbox.begin(open);
        await this.#deliver(conversation, errand.activity);
      }
      await outbox.finish(open);
    } catch (err) {
      const again = claim.attempt < mostAttempts && (errand.kind === 'eraseFiles' || err instanceof NotSent);
      log.warn({ err, conversation: id, attempt: claim.attempt, again }, 'errand failed');
      if (again) await outbox.retry(open, firstRetryMs * 4 ** (claim.attempt - 1));
      else await outbox.finish(open, err instanceof Error ? err.message : String(err));
    }
    return true;
  }

  async #deliver(conversation: Conversation, activity: Activity): Promise<void> {
    const deliver = this.#options.deliver.get(conversation.channel);
    if (!deliver) throw new Error(`No channel ${conversation.channel} is configured to send through.`);
    await deliver(conversation, activity);
  }
}
