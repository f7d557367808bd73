import type { Found } from '../../dialogs/lookup.ts';
import type { Message } from '../../dialogs/message.ts';
import type { Agency } from '../../dialogs/messages.ts';
import { apology } from '../../dialogs/messages.ts';
import { respond } from '../../dialogs/respond.ts';
import type { Response, Turn, TurnResult } from '../../dialogs/turn.ts';
import type { Knowledge } from '../../knowledge/knowledge.ts';
import { activityId, type Customer } from '../conversations/conversation.ts';
import type { Acceptance, Inbound, Inbox, OpenTurn, TurnCommitted, TurnOutcome } from '../conversations/inbox.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Errands } from './errands.ts';
import type { LookUp } from './look-up.ts';
import { renderReply, type Speaker } from './render.ts';

export interface TurnsOptions {
  inbox: Inbox;
  errands: Pick<Errands, 'wake' | 'caughtUp'>;
  /** The knowledge in force; a turn uses one version from beginning to end. */
  knowledge: () => Knowledge;
  /** Finds out what a turn asks for before it can be decided. */
  lookUp: LookUp;
  /** Who decides; the dialogs, unless given. */
  respond?: (turn: Turn) => Response;
  agency: Agency;
  log: Log;
  metrics: Metrics;
}

const mostAttempts = 3;
const firstRetryMs = 200;
const mostLookUps = 3;

/** The work in one conversation: turns already opened, and whether there may be more. */
interface Work {
  opened: OpenTurn[];
  more: boolean;
  done: Promise<void>;
}

interface Attempt {
  outcome?: TurnOutcome;
  failure?: Error;
}

/**
 * Runs the turns: takes up the messages of a conversation one at a time, in order, and commits what `respond` says. A turn
 * that fails, or whose process dies, is run again; after three attempts the message is parked with an apology.
 */
export class Turns {
  readonly #options: TurnsOptions;
  readonly #working = new Map<string, Work>();
  #stopped = false;

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  /**
   * Keeps a message and lets its turn run, at once where nothing stands in the way. Resolves when the message is durable; its
   * reply may, or may not yet, be there.
   */
  async accept(inbound: Inbound): Promise<Acceptance> {
    const { inbox } = this.#options;
    if (this.#stopped) return inbox.accept(inbound);
    const started = performance.now();
    let attempt: Attempt | undefined;
    const accepted = await inbox.accept(inbound, (turn) => {
      attempt = turn.claim.attempt === 1 ? this.#attempt(turn) : undefined;
      return attempt?.outcome;
    });
    if (accepted.outcome !== 'accepted') return accepted;
    const { turn, committed, ...acceptance } = accepted;
    if (turn && attempt?.outcome && committed) {
      if ((await this.#ended(turn, attempt.outcome, committed, started)) > 0) this.wake(inbound.conversation);
    } else if (turn && attempt?.failure) await this.#failed(turn, attempt.failure, started);
    else if (turn) this.#work(inbound.conversation, turn);
    else if (inbound.message) this.wake(inbound.conversation);
    return acceptance;
  }

  /** `onceKey`: of what they have joined by; the same again changes nothing. */
  async join(conversation: string, customer: Customer, onceKey?: string): Promise<void> {
    await this.#options.inbox.join(conversation, customer, onceKey);
    this.wake(conversation);
  }

  /** Lets a turn run for something that the bot's own side has to tell, once for each `onceKey`. */
  async tell(conversation: string, message: Message, onceKey: string): Promise<void> {
    if (await this.#options.inbox.tell(conversation, message, onceKey)) this.wake(conversation);
  }

  /** Works off what waits in a conversation, unless that is being done already. */
  wake(conversation: string): void {
    if (!this.#stopped) this.#work(conversation);
  }

  /** Takes up no new turns; resolves when those under way have ended. Messages that still wait are taken up at the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.settled();
  }

  /** Resolves when nothing of this conversation is being worked on here. */
  async rested(conversation: string): Promise<void> {
    await this.#working.get(conversation)?.done;
  }

  /** Resolves when the conversations that are being worked on have nothing left to do for now. */
  async settled(): Promise<void> {
    await Promise.all([...this.#working.values()].map(({ done }) => done));
  }

  #work(conversation: string, opened?: OpenTurn): void {
    const under = this.#working.get(conversation);
    const work: Work = under ?? { opened: [], more: false, done: Promise.resolve() };
    if (opened) work.opened.push(opened);
    else work.more = true;
    if (under) return;
    this.#working.set(conversation, work);
    work.done = this.#workOff(conversation, work);
  }

  async #workOff(conversation: string, work: Work): Promise<void> {
    const { inbox, log } = this.#options;
    try {
      for (;;) {
        let turn = work.opened.shift();
        if (!turn) {
          if (!work.more || this.#stopped) return;
          work.more = false;
          turn = await inbox.open(conversation);
          if (!turn) continue;
        }
        if ((await this.#run(turn)) > 0) work.more = true;
      }
    } catch (err) {
      // The store failed. What waits is still due, and is found by the next look at what is due.
      log.error({ err, conversation }, 'turns of a conversation interrupted');
    } finally {
      // At this very moment, not when the promise is seen to have ended: a turn handed over in between would be forgotten.
      this.#working.delete(conversation);
    }
  }

  /** Gives the number of messages that wait behind this one, as far as known. */
  async #run(turn: OpenTurn): Promise<number> {
    const { inbox } = this.#options;
    const { claim } = turn;
    const started = performance.now();
    // Counted at the claim: an attempt that took the whole process down has counted too.
    if (claim.attempt > mostAttempts) return this.#park(turn, `given up after ${mostAttempts} attempts`, started);
    try {
      const outcome = await this.#decide(turn);
      return await this.#ended(turn, outcome, await inbox.commit(turn, outcome), started);
    } catch (err) {
      return this.#failed(turn, err, started);
    }
  }

  async #failed(turn: OpenTurn, err: unknown, started: number): Promise<number> {
    const { inbox, log, metrics } = this.#options;
    const { conversation, claim, turnId } = turn;
    log.error({ err, turnId, conversation: conversation.id, attempt: claim.attempt }, 'turn failed');
    metrics.turn(conversation.channel, 'failed', (performance.now() - started) / 1000);
    if (claim.attempt >= mostAttempts) return this.#park(turn, err instanceof Error ? err.message : String(err), started);
    await inbox.postpone(turn, firstRetryMs * 4 ** (claim.attempt - 1));
    return 0;
  }

  /** Records how a turn ended, and sees to what follows; gives the number of messages known to wait behind it. */
  async #ended(
    { conversation, claim, turnId }: OpenTurn,
    outcome: TurnOutcome,
    committed: TurnCommitted,
    started: number,
  ): Promise<number> {
    const { inbox, errands, log, metrics } = this.#options;
    const { id, channel } = conversation;
    const ms = Number((performance.now() - started).toFixed(1));
    const kinds = outcome.activities.map(({ channelData }) => channelData?.filing?.kind);
    log.info({ turnId, conversation: id, channel, attempt: claim.attempt, result: committed.outcome, kinds, ms }, 'turn');
    metrics.turn(channel, committed.outcome, ms / 1000);
    switch (committed.outcome) {
      case 'committed':
        metrics.said(channel, outcome.activities, outcome.effects);
        if (committed.errands) errands.wake(id);
        return committed.waiting;
      case 'owner-changed':
        await inbox.postpone({ claim }, 0);
        return 1;
      case 'fenced':
        return 0;
    }
  }

  /** For a turn inside the acceptance of its message, where nothing may be thrown, nor waited for: a look-up leaves it without outcome. */
  #attempt(turn: OpenTurn): Attempt {
    try {
      const response = this.#respond(turn, this.#options.knowledge());
      return 'lookUp' in response ? {} : { outcome: this.#outcomeOf(turn, response) };
    } catch (cause) {
      return { failure: cause instanceof Error ? cause : new Error(String(cause)) };
    }
  }

  async #decide(turn: OpenTurn): Promise<TurnOutcome> {
    const knowledge = this.#options.knowledge();
    let found: Found | undefined;
    for (let lookUps = 0; ; lookUps += 1) {
      const response = this.#respond(turn, knowledge, found);
      if (!('lookUp' in response)) return this.#outcomeOf(turn, response);
      if (lookUps === mostLookUps)
        throw new Error(`The turn asked for more than ${mostLookUps} look-ups, the last one ${response.lookUp.kind}.`);
      // What earlier turns of the conversation have saved is to be found.
      await this.#options.errands.caughtUp(turn.conversation.id);
      found = await this.#options.lookUp(response.lookUp, turn.conversation.id, `${turn.turnId}|${lookUps}`);
    }
  }

  #respond({ message, session, owner, claim, turnId }: OpenTurn, knowledge: Knowledge, found?: Found): Response {
    const { agency, respond: decide = respond } = this.#options;
    return decide({ message, session, owner, knowledge, agency, now: claim.firstClaimedAt, turnId, ...(found && { found }) });
  }

  #outcomeOf(turn: OpenTurn, { session, replies, effects }: TurnResult): TurnOutcome {
    return { session, effects, activities: replies.map((reply) => renderReply(reply, this.#speaker(), ...this.#context(turn))) };
  }

  async #park(turn: OpenTurn, reason: string, started: number): Promise<number> {
    const reply = { kind: 'apology' as const, text: apology(turn.turnId), choices: [] };
    const { outcome } = await this.#options.inbox.park(turn, renderReply(reply, this.#speaker(), ...this.#context(turn)), reason);
    if (outcome === 'owner-changed') await this.#options.inbox.postpone(turn, 0);
    else {
      this.#options.metrics.turn(turn.conversation.channel, 'parked', (performance.now() - started) / 1000);
      this.#options.log.error({ turnId: turn.turnId, conversation: turn.conversation.id, outcome }, 'message parked');
    }
    return 1;
  }

  #speaker(): Speaker {
    return { id: botId, name: `${this.#options.agency.name}备案助手` };
  }

  /** Time of the reply, and the message it answers. */
  #context({ conversation, claim }: OpenTurn): [timestamp: string, replyToId?: string] {
    // Not the time that the turn went by, which may lie before that of messages received since: the transcript is in order of time.
    const timestamp = new Date().toISOString();
    return claim.position > 0 ? [timestamp, activityId(conversation.id, claim.position)] : [timestamp];
  }
}

/** The bot's account in every conversation. */
export const botId = 'filing-assistant';
