import type { ApiClient } from './api-call.ts';
import { type CallbackAccount, type Mode, requirePlatformId } from './callback.ts';
import { Follower } from './follower.ts';
import { forgeries } from './forgeries.ts';
import { defaultGrantSwitches, type GrantSwitches } from './grants.ts';
import type { World } from './world.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;

export interface OfficialAccountOptions {
  appId: string;
  ghId: string;
  secret: string;
  token: string;
  aesKey: string;
  mode?: Mode;
  /** Without it there are no custom messages (48001) at all. */
  certified?: boolean;
  /** A test account: custom messages, but no msgmenu (40200). */
  sandbox?: boolean;
  callback: URL;
  switches?: Partial<GrantSwitches>;
}

export interface Quotas {
  sendsPerDay: number;
  sendsPerMinute: number;
}

export interface SentTemplate {
  touser: string;
  templateId: string;
  msgId: number;
  /** The same one again is not sent a second time. */
  clientMsgId: string | undefined;
}

/** One Official Account 公众号, the people who know it, and what it did by its API. */
export class OfficialAccount {
  readonly account: CallbackAccount;
  readonly client: ApiClient;
  readonly certified: boolean;
  readonly sandbox: boolean;
  readonly switches: GrantSwitches;
  readonly quotas: Quotas = { sendsPerDay: 500_000, sendsPerMinute: 30_000 };
  /** Ids of approved templates. */
  readonly templates = new Set<string>();
  readonly sentTemplates: SentTemplate[] = [];
  menu: unknown;
  readonly #followers = new Map<string, Follower>();
  readonly #sentAt: number[] = [];
  readonly #world: World;

  constructor(options: OfficialAccountOptions, world: World) {
    const { appId, ghId, secret, token, aesKey, mode = 'secure', certified = true, sandbox = false, callback, switches } = options;
    this.account = {
      name: ghId,
      family: 'official-account',
      toUserName: ghId,
      receiveId: appId,
      token,
      aesKey,
      mode,
      callback,
    };
    this.client = world.tokens.register('official-account', appId, secret);
    this.certified = certified;
    this.sandbox = sandbox;
    this.switches = { ...defaultGrantSwitches, ...switches };
    this.#world = world;
  }

  /** Counts a call to send; gives the error where it is one too many for the minute or the day. */
  countSend(): 45009 | 45011 | undefined {
    const now = this.#world.clock.now();
    const since = (ms: number) => this.#sentAt.length - 1 - this.#sentAt.findLastIndex((at) => now - at >= ms);
    if (since(minuteMs) >= this.quotas.sendsPerMinute) return 45011;
    if (since(dayMs) >= this.quotas.sendsPerDay) return 45009;
    this.#sentAt.push(now);
    return undefined;
  }

  /** A person, by openid; follows already unless told otherwise. */
  user(openId: string, { following = true } = {}): Follower {
    requirePlatformId(openId);
    const known = this.#followers.get(openId);
    if (known) return known;
    const follower = new Follower(openId, this.account, this.#world, this.switches, following);
    this.#followers.set(openId, follower);
    return follower;
  }

  find(openId: string): Follower | undefined {
    return this.#followers.get(openId);
  }

  get users(): Follower[] {
    return [...this.#followers.values()];
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
