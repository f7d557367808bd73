import type { Cases } from '../cases/cases.ts';
import type { Chore } from '../conversations/chore.ts';
import { decode, names } from '../conversations/conversation.ts';
import type { Inbox } from '../conversations/inbox.ts';
import type { Log } from '../log.ts';
import { type Claim, partitionOf, type Store } from '../store/store.ts';
import { patience } from './patience.ts';

export interface ChoresOptions {
  store: Store;
  inbox: Pick<Inbox, 'tell'>;
  cases: Pick<Cases, 'find' | 'eraseFiles'>;
  log: Log;
}

const leaseMs = 30_000;

/** Does what steps have left to be done elsewhere, in order for each conversation or case, until it succeeds. */
export class Chores {
  readonly #options: ChoresOptions;
  readonly #running = new Map<string, Promise<void>>();
  #stopped = false;

  constructor(options: ChoresOptions) {
    this.#options = options;
  }

  wake(of: string): void {
    if (!this.#stopped) void this.workOff(of);
  }

  /** Resolves when the conversation or the case has no chores left that can be done now. Never rejects. */
  workOff(of: string): Promise<void> {
    const under = this.#running.get(of);
    if (under) return under;
    const work = this.#work(of).finally(() => this.#running.delete(of));
    this.#running.set(of, work);
    return work;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running.values());
  }

  async #work(of: string): Promise<void> {
    const { store, log } = this.#options;
    try {
      for (;;) {
        const claim = await store.claim(partitionOf(of), names.chores(of), { lease: leaseMs });
        if (!claim) return;
        await this.#do(of, claim);
      }
    } catch (err) {
      log.error({ err, of }, 'chores interrupted');
    }
  }

  async #do(of: string, claim: Claim): Promise<void> {
    const { store, log } = this.#options;
    try {
      await this.#carryOut(decode<Chore>(claim.value), `${of}|${claim.item}`);
      await store.commit(claim, { operations: [] });
    } catch (err) {
      log.warn({ err, of, attempt: claim.attempt }, 'chore failed');
      await store.release(claim, store.now() + patience(claim.attempt));
    }
  }

  async #carryOut(chore: Chore, onceKey: string): Promise<void> {
    const { inbox, cases } = this.#options;
    if (chore.kind === 'eraseFiles') return cases.eraseFiles(chore.files);
    const { conversation, message } = chore;
    const erased = (await cases.find(message.number))?.state === 'erased';
    const tellsOfErasure = message.event.kind === 'state' && message.event.state === 'erased';
    // What was to be told of a case is erased with it.
    if (!erased || tellsOfErasure) await inbox.tell(conversation, message, onceKey);
  }
}
