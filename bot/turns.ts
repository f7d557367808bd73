import type { Agency } from '../dialogs/messages.ts';
import { apology } from '../dialogs/messages.ts';
import { respond } from '../dialogs/respond.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';
import { type Acceptance, activityId, type Conversations, type Inbound, type OpenTurn } from './conversations.ts';
import type { Errands } from './errands.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { renderReply, type Speaker } from './render.ts';

export interface TurnsOptions {
  conversations: Conversations;
  errands: Pick<Errands, 'wake'>;
  /** The knowledge in force; a turn uses one version from beginning to end. */
  knowledge: () => Knowledge;
  agency: Agency;
  log: Log;
  metrics: Metrics;
}

const mostAttempts = 3;
const firstRetryMs = 200;

/**
 * Runs the turns: takes up the messages of a conversation one at a time, in order, and commits what `respond` says. A turn
 * that fails, or whose process dies, is run again; after three attempts the message is parked with an apology.
 */
export class Turns {
  readonly #options: TurnsOptions;
  /** Conversations being worked on; `true`: another message has come since. */
  readonly #running = new Map<string, { again: boolean; done: Promise<void> }>();
  #stopped = false;

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  /** Keeps a message and lets its turn run. Resolves when it is durable, not when it is answered. */
  async accept(inbound: Inbound): Promise<Acceptance> {
    const acceptance = await this.#options.conversations.accept(inbound);
    if (acceptance.outcome === 'accepted' && inbound.message) this.wake(inbound.conversation);
    return acceptance;
  }

  /** Works off what waits in a conversation, unless that is being done already. */
  wake(conversation: string): void {
    if (this.#stopped) return;
    const running = this.#running.get(conversation);
    if (running) {
      running.again = true;
      return;
    }
    const state = { again: false, done: Promise.resolve() };
    this.#running.set(conversation, state);
    state.done = this.#work(conversation, state).finally(() => this.#running.delete(conversation));
  }

  /** Takes up no new turns; resolves when those under way have ended. Messages that still wait are taken up at the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  async #work(conversation: string, state: { again: boolean }): Promise<void> {
    const { conversations, log } = this.#options;
    try {
      do {
        state.again = false;
        for (;;) {
          if (this.#stopped) return;
          const turn = await conversations.open(conversation);
          if (!turn) break;
          await this.#run(turn);
        }
      } while (state.again);
    } catch (err) {
      // The store failed. What waits is still due, and is found by the next look at what is due.
      log.error({ err, conversation }, 'turns of a conversation interrupted');
    }
  }

  async #run(turn: OpenTurn): Promise<void> {
    const { conversations, errands, log, metrics } = this.#options;
    const { conversation, claim, turnId } = turn;
    const started = performance.now();
    // Counted at the claim: an attempt that took the whole process down has counted too.
    if (claim.attempt > mostAttempts) return this.#park(turn, `given up after ${mostAttempts} attempts`);
    try {
      const outcome = this.#respond(turn);
      const committed = await conversations.commit(turn, outcome);
      if (committed === 'owner-changed') await conversations.postpone(turn, 0);
      if (committed === 'committed') errands.wake(conversation.id);
      const ms = Number((performance.now() - started).toFixed(1));
      const kinds = outcome.activities.map(({ channelData }) => channelData?.filing?.kind);
      log.info(
        { turnId, conversation: conversation.id, channel: conversation.channel, attempt: claim.attempt, committed, kinds, ms },
        'turn',
      );
      metrics.turn(conversation.channel, committed, ms / 1000);
    } catch (err) {
      log.error({ err, turnId, conversation: conversation.id, attempt: claim.attempt }, 'turn failed');
      metrics.turn(conversation.channel, 'failed', (performance.now() - started) / 1000);
      if (claim.attempt >= mostAttempts) return this.#park(turn, err instanceof Error ? err.message : String(err));
      await conversations.postpone(turn, firstRetryMs * 4 ** (claim.attempt - 1));
    }
  }

  #respond(turn: OpenTurn) {
    const { knowledge, agency } = this.#options;
    const { message, session, owner, claim, turnId } = turn;
    const {
      session: next,
      replies,
      effects,
    } = respond({
      message,
      session,
      owner,
      knowledge: knowledge(),
      agency,
      now: claim.firstClaimedAt,
      turnId,
    });
    return { session: next, effects, activities: replies.map((reply) => renderReply(reply, this.#speaker(), ...this.#context(turn))) };
  }

  async #park(turn: OpenTurn, reason: string): Promise<void> {
    const reply = { kind: 'apology' as const, text: apology(turn.turnId), choices: [] };
    await this.#options.conversations.park(turn, renderReply(reply, this.#speaker(), ...this.#context(turn)), reason);
    this.#options.log.error({ turnId: turn.turnId, conversation: turn.conversation.id }, 'message parked');
  }

  #speaker(): Speaker {
    return { id: botId, name: `${this.#options.agency.name}备案助手` };
  }

  /** Time of the reply, and the message it answers. */
  #context({ conversation, claim }: OpenTurn): [timestamp: string, replyToId?: string] {
    const timestamp = new Date(claim.firstClaimedAt).toISOString();
    return claim.position > 0 ? [timestamp, activityId(conversation.id, claim.position)] : [timestamp];
  }
}

/** The bot's account in every conversation. */
export const botId = 'filing-assistant';
