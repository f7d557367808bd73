import { type Answer, type ApiClient, ApiError, type Call, json } from './api-call.ts';
import { ApiServer } from './api-server.ts';
import { StandInClock } from './clock.ts';
import { Dice } from './dice.ts';
import { type FaultRule, Faults, type Weather } from './faults.ts';
import { Journal } from './journal.ts';
import { MediaStore } from './media.ts';
import { fileAnswer, getMedia, uploadMedia } from './media-api.ts';
import { OfficialAccount, type OfficialAccountOptions } from './official-account.ts';
import { officialAccountRoutes } from './official-account-api.ts';
import { Pusher, type PushSwitches } from './pusher.ts';
import { TokenService } from './tokens.ts';
import type { World } from './world.ts';

export type { Follower } from './follower.ts';
export type { OfficialAccount } from './official-account.ts';
export type { Shown } from './phone.ts';
export type { PushReport } from './pusher.ts';

export interface WeChatOptions {
  /** All chance comes from it; failures name it. */
  seed?: number;
  /** How much of real time the stand-in's own waits take: at 1/50 the five seconds for an answer are 100 ms. */
  scale?: number;
  switches?: Partial<PushSwitches>;
}

type Family = ApiClient['family'];

const tokenPaths: Record<string, Family> = {
  '/cgi-bin/token': 'official-account',
  '/cgi-bin/stable_token': 'official-account',
  '/cgi-bin/gettoken': 'wecom',
};

/**
 * All of WeChat that a bot can observe, on this machine: it pushes messages, takes calls and keeps what people see on their phones. It
 * encodes the protocol page, is as strict as the platform or stricter, and shares no code with the bot.
 */
export class WeChat implements World {
  readonly seed: number;
  readonly clock: StandInClock;
  readonly dice: Dice;
  readonly journal: Journal;
  readonly faults: Faults;
  readonly media: MediaStore;
  readonly tokens: TokenService;
  readonly pusher: Pusher;
  readonly #server: ApiServer;
  readonly #officialAccounts: OfficialAccount[] = [];
  #origin = '';

  constructor({ seed = 1, scale = 1 / 50, switches = {} }: WeChatOptions) {
    this.seed = seed;
    this.dice = new Dice(seed);
    this.clock = new StandInClock(scale);
    this.journal = new Journal(() => this.clock.now());
    // The weather has dice of its own: what it does shall not change the ids of everything else.
    this.faults = new Faults(new Dice(seed + 1));
    this.media = new MediaStore(this.clock, this.dice);
    this.tokens = new TokenService(this);
    this.pusher = new Pusher(this);
    Object.assign(this.pusher.switches, switches);
    this.#server = new ApiServer(
      {
        answer: (call) => this.#answer(call),
        refuse: (call, errcode) => this.#refuse(call, new ApiError(errcode)),
        aside: (call) => this.#aside(call),
      },
      this,
    );
  }

  get origin(): string {
    return this.#origin;
  }

  async start(): Promise<this> {
    this.#origin = await this.#server.start();
    return this;
  }

  async stop(): Promise<void> {
    this.pusher.stop();
    this.clock.stop();
    await this.#server.stop();
  }

  officialAccount(options: OfficialAccountOptions): OfficialAccount {
    const account = new OfficialAccount(options, this);
    this.#officialAccounts.push(account);
    return account;
  }

  /** Moves the stand-in's clock: windows close, tokens age, waits end. */
  advance(ms: number): Promise<void> {
    return this.clock.advance(ms);
  }

  fault(rule: FaultRule): void {
    this.faults.add(rule);
  }

  /** From now on something befalls a share of all calls and pushes. */
  weather(weather: Weather): void {
    this.faults.setWeather(weather);
  }

  async #answer(call: Call): Promise<Answer> {
    try {
      return await this.#route(call);
    } catch (error) {
      if (error instanceof ApiError) return this.#refuse(call, error);
      throw error;
    }
  }

  async #route(call: Call): Promise<Answer> {
    switch (call.path) {
      case '/cgi-bin/token':
        return this.tokens.token(call);
      case '/cgi-bin/stable_token':
        return this.tokens.stableToken(call);
      case '/cgi-bin/gettoken':
        return this.tokens.getToken(call);
    }
    const family = this.#familyOf(call);
    if (!family) return { status: 404, type: 'text/plain', body: '' };
    const client = this.tokens.clientOf(call, family);
    return this.#officialAccountAnswer(call, client);
  }

  async #officialAccountAnswer(call: Call, client: ApiClient): Promise<Answer> {
    const account = this.#officialAccounts.find((candidate) => candidate.client === client);
    if (!account) throw new ApiError(40001);
    if (call.path === '/cgi-bin/media/upload') {
      const { id, kind } = await uploadMedia(call, client.id, ['image', 'voice', 'video', 'thumb'], this);
      return json({ type: kind, media_id: id, created_at: this.clock.stamp() });
    }
    if (call.path === '/cgi-bin/media/get') return asAnswer(getMedia(call, client.id, this));
    const route = officialAccountRoutes[call.path];
    if (!route) throw new ApiError(40066);
    if (call.method !== (route.method ?? 'POST')) throw new ApiError(route.method === 'GET' ? 43001 : 43002);
    return asAnswer(route.run(call, account, this));
  }

  /** By the path where only one API has it, else by the token. */
  #familyOf({ path, query }: Call): Family | undefined {
    return (
      tokenPaths[path] ??
      this.tokens.ownerOf(query.get('access_token'))?.family ??
      (path in officialAccountRoutes ? 'official-account' : undefined)
    );
  }

  #refuse(call: Call, { errcode, message }: ApiError): Answer {
    const { dice } = this;
    if (this.#familyOf(call) === 'wecom') {
      const hint = `hint: [${this.clock.stamp()}_1_${dice.hex(32)}], from ip: 127.0.0.1`;
      const more = `more info at https://open.work.weixin.qq.com/devtool/query?e=${errcode}`;
      return json({ errcode, errmsg: `${message}, ${hint}, ${more}` }, 'charset=UTF-8');
    }
    return json({ errcode, errmsg: `${message} rid: ${dice.hex(8)}-${dice.hex(8)}-${dice.hex(8)}` });
  }

  #aside({ path }: Call): Promise<Answer> | undefined {
    const [, id] = /^\/mmbiz\/(.+)$/.exec(path) ?? [];
    if (id === undefined) return undefined;
    const picture = this.media.findAnybodys(id);
    return Promise.resolve(picture ? fileAnswer(picture) : { status: 404, type: 'text/plain', body: '' });
  }
}

function asAnswer(result: object | Answer): Answer {
  return 'status' in result && 'type' in result && 'body' in result ? (result as Answer) : json({ errcode: 0, errmsg: 'ok', ...result });
}

/** The stand-in of WeChat, started. */
export function startWeChat(options: WeChatOptions = {}): Promise<WeChat> {
  return new WeChat(options).start();
}
