import type { ApiClient } from './api-call.ts';
import { type CallbackAccount, wecomCallback } from './callback.ts';
import { forgeries } from './forgeries.ts';
import { Member } from './member.ts';
import type { World } from './world.ts';

export interface WecomAppOptions {
  corpId: string;
  agentId: number;
  secret: string;
  token: string;
  aesKey: string;
  callback: URL;
}

/** One self-built app of a company in WeCom 企业微信. */
export class WecomApp {
  readonly agentId: number;
  readonly account: CallbackAccount;
  readonly client: ApiClient;
  readonly #members = new Map<string, Member>();
  readonly #world: World;

  constructor(options: WecomAppOptions, world: World) {
    this.agentId = options.agentId;
    this.account = wecomCallback(`${options.corpId}:${options.agentId}`, options, String(options.agentId));
    this.client = world.tokens.register('wecom', options.corpId, options.secret);
    this.#world = world;
  }

  /** A member, by userid; made where there is none. */
  user(userId: string): Member {
    const known = this.#members.get(userId) ?? new Member(userId, this.account, this.#world);
    this.#members.set(userId, known);
    return known;
  }

  get users(): Member[] {
    return [...this.#members.values()];
  }

  /** WeCom takes ids in any case. */
  find(userId: string): Member | undefined {
    return this.users.find(({ id }) => id.toLowerCase() === userId.toLowerCase());
  }

  /** A request as WeChat's with any inner XML, to be sent by hand. */
  crafts(inner: string, options?: Parameters<World['pusher']['craft']>[2]) {
    return this.#world.pusher.craft(this.account, inner, options);
  }

  /** Requests that the bot has to refuse, all in the same way; made from an inner message that it would take. */
  forgeries(inner: string) {
    return forgeries(this.account, inner, this.#world.dice);
  }

  /** The console checks the callback; `bend` spoils the address first. */
  verifies(bend?: (url: URL) => void) {
    return this.#world.pusher.verify(this.account, bend);
  }
}
