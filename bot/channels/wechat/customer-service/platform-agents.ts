import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { Activity } from '../../../activity.ts';
import type { Conversation } from '../../../conversations/conversation.ts';
import { deskTopic, platformPrefix } from '../../../handoffs/handoff.ts';
import type { Agent, Handoffs } from '../../../handoffs/handoffs.ts';
import { type Api, ApiError } from '../api.ts';
import { customerServiceChannel } from '../names.ts';
import type { Services } from '../services.ts';
import type { Codes } from './codes.ts';
import { type Item, type KfEvent, wordsOf } from './page.ts';
import { type Sessions, sessionStates, type Whose, whoseOf } from './sessions.ts';

export interface PlatformAgentsOptions extends Pick<Services, 'store' | 'conversations' | 'errands' | 'outbox' | 'log'> {
  handoffs: Handoffs;
  api: Api;
  sessions: Sessions;
  codes: Codes;
  accounts: readonly string[];
}

/** What a change of the session's state means: taken from the pool, given to another, ended, taken up again. */
const changes = { taken: 1, transferred: 2, ended: 3, resumed: 4 };
const closingMs = 20_000;
const queuedMs = 48 * 3_600_000;
const lookMs = 5_000;
/** A turn waits for the answer. */
const mostPatienceMs = 2_000;
const gatherMs = 50;
/** Whoever waits in the pool is nobody's yet, and no longer the bot's. */
const pool: Agent = { id: `${platformPrefix}pool`, name: '人工客服' };

const agentsSchema = z.object({
  servicer_list: z.array(z.looseObject({ userid: z.string().optional(), status: z.number().optional() })).default([]),
});
const receiving = 0;

/**
 * The corporation's own agents, who answer customers of customer service in their WeCom. While one of them has a customer, or the customer waits
 * for one there, the bot is silent; what they say is kept with the rest.
 */
export class PlatformAgents {
  readonly #options: PlatformAgentsOptions;
  #timer: NodeJS.Timeout | undefined;
  #stopWatching: (() => void) | undefined;
  #looking: Promise<void> | undefined;
  #stopped = false;

  constructor(options: PlatformAgentsOptions) {
    this.#options = options;
  }

  /** From now on, whoever asks for a person is handed to them, if one of them is there. */
  start(): void {
    this.#timer = setInterval(() => this.#look(), lookMs).unref();
    this.#stopWatching = this.#options.store.watch(deskTopic, () => setTimeout(() => this.#look(), gatherMs).unref());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    this.#stopWatching?.();
    await this.#looking;
  }

  /** Whether any of them takes customers now, as far as that can be found out quickly. */
  async areThere(): Promise<boolean> {
    const { accounts } = this.#options;
    const late = pause(mostPatienceMs, false, { ref: false });
    const any = Promise.all(accounts.map((account) => this.#isAnybodyThere(account))).then((there) => there.includes(true));
    return Promise.race([any, late]).catch((err: unknown) => {
      this.#options.log.warn({ err }, 'not known whether agents in WeChat are there');
      return false;
    });
  }

  /** Something that one of them has said, in their WeCom: the customer has it already. */
  async said(conversation: string, item: Item): Promise<void> {
    const { conversations, store } = this.#options;
    const words = wordsOf(item);
    const text = words.kind === 'picture' ? '[图片]' : words.text;
    await conversations.record(conversation, spoken(agentOf(item.servicer_userid), text, store.now()), item.msgid);
  }

  /** The platform has moved the customer. `at`: when, in milliseconds since 1970. */
  async changed(
    conversation: string,
    { change_type: change, new_servicer_userid: userid, msg_code: code }: KfEvent,
    at: number,
  ): Promise<void> {
    const { sessions, codes, handoffs } = this.#options;
    if (change === changes.ended) {
      await sessions.note(conversation, sessionStates.ended);
      // The last word may be said by this code, and not otherwise.
      if (code) codes.put(conversation, code, at + closingMs);
      const standing = await handoffs.standing(conversation);
      if (standing?.owner.kind === 'agent' && standing.owner.id.startsWith(platformPrefix))
        await handoffs.complete(conversation, standing.owner);
      return;
    }
    if (change !== changes.taken && change !== changes.transferred && change !== changes.resumed) return;
    if (await this.#isOvertaken(conversation)) return;
    await sessions.note(conversation, sessionStates.person);
    await handoffs.takeInPlatform(conversation, agentOf(userid));
  }

  /**
   * Ends the session inside the platform of whom somebody at our desk has taken a customer from: else the platform would take nothing that is
   * said here. From there the only way leads over the end (page 94669, read 2026-11): one message may be said by its code, the rest once the
   * customer writes again. Gives false when a person inside the platform has the customer still, or rightly. Throws where nobody answers.
   */
  async takeBack(conversation: Conversation): Promise<boolean> {
    const { handoffs } = this.#options;
    const { id } = conversation;
    if (!(await handoffs.isTakenFromPlatform(id))) return false;
    if (!(await this.#end(conversation))) return false;
    await handoffs.leftPlatform(id);
    return true;
  }

  async #end(conversation: Conversation): Promise<boolean> {
    const { sessions, codes, store, log } = this.#options;
    const { id } = conversation;
    const whose = whoseOf(conversation);
    try {
      // Who waits in the pool is nobody's, and cannot be taken out of it but by giving them to somebody.
      if ((await sessions.refresh(id, whose)) === sessionStates.pool) await this.#giveToAnybody(id, whose);
      const code = await sessions.move(id, whose, sessionStates.ended);
      if (code) codes.put(id, code, store.now() + closingMs);
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // Somebody else was faster, or has ended it.
      const state = await sessions.refresh(id, whose);
      const isWithPerson = state === sessionStates.pool || state === sessionStates.person;
      if (isWithPerson) log.warn({ err: error, conversation: id }, 'customer not taken from the agents in WeChat');
      return !isWithPerson;
    }
  }

  async #giveToAnybody(id: string, whose: Whose): Promise<void> {
    const agent = (await this.#agentsOf(whose.account)).find(({ status }) => status === receiving);
    if (agent) await this.#options.sessions.move(id, whose, sessionStates.person, agent.userid);
  }

  /** News of what was before somebody at our desk took the customer must not take them away again: the platform says what is. */
  async #isOvertaken(id: string): Promise<boolean> {
    const { handoffs, sessions } = this.#options;
    const { owner, conversation } = (await handoffs.standing(id)) ?? {};
    if (!conversation || owner?.kind !== 'agent' || owner.id.startsWith(platformPrefix)) return false;
    const state = await sessions.refresh(id, whoseOf(conversation));
    return state !== sessionStates.pool && state !== sessionStates.person;
  }

  #look(): void {
    if (this.#stopped) return;
    this.#looking ??= this.#handOver()
      .catch((err: unknown) => this.#options.log.warn({ err }, 'customers not handed to the agents in WeChat'))
      .finally(() => {
        this.#looking = undefined;
      });
  }

  async #handOver(): Promise<void> {
    const { handoffs, conversations, log } = this.#options;
    for (const { conversation: id } of await handoffs.waiting()) {
      const conversation = id.startsWith(`${customerServiceChannel}-`) ? await conversations.find(id) : undefined;
      if (!conversation) continue;
      try {
        await this.#moveToPool(conversation);
      } catch (err) {
        // They wait in our own queue, whose promises hold.
        log.warn({ err, conversation: id }, 'customer not handed to the agents in WeChat');
      }
    }
  }

  async #moveToPool(conversation: Conversation): Promise<void> {
    const { errands, sessions, handoffs, codes, store } = this.#options;
    const { id } = conversation;
    const whose = whoseOf(conversation);
    if (!(await this.#isAnybodyThere(whose.account))) return;
    // What the bot has said before must be out: from the pool on, it may not write.
    await errands.caughtUp(id);
    try {
      const code = await sessions.move(id, whose, sessionStates.pool);
      if (code) codes.put(id, code, store.now() + queuedMs);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // Another instance was faster, or somebody of the corporation.
      const state = await sessions.refresh(id, whose);
      if (state !== sessionStates.pool && state !== sessionStates.person) throw error;
    }
    await handoffs.takeInPlatform(id, pool);
  }

  async #isAnybodyThere(account: string): Promise<boolean> {
    return (await this.#agentsOf(account)).some(({ status }) => status === receiving);
  }

  async #agentsOf(account: string): Promise<z.infer<typeof agentsSchema>['servicer_list']> {
    return (await this.#options.api.get('/cgi-bin/kf/servicer/list', { open_kfid: account }, agentsSchema)).servicer_list;
  }
}

function agentOf(userid = ''): Agent {
  return { id: `${platformPrefix}${userid}`, name: '人工客服' };
}

function spoken({ name }: Agent, text: string, at: number): Activity {
  return {
    type: 'message',
    timestamp: new Date(at).toISOString(),
    from: { id: 'agent', name, role: 'bot' },
    text,
    textFormat: 'plain',
    locale: 'zh-CN',
    channelData: { filing: { kind: 'agent' } },
  };
}
