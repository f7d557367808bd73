import { ApiRouter } from './api-router.ts';
import { ApiServer } from './api-server.ts';
import { StandInClock } from './clock.ts';
import { CustomerService, type CustomerServiceOptions } from './customer-service.ts';
import { Dice } from './dice.ts';
import { type FaultRule, Faults, type Weather } from './faults.ts';
import { Journal } from './journal.ts';
import { MediaStore } from './media.ts';
import { OfficialAccount, type OfficialAccountOptions } from './official-account.ts';
import { Pusher, type PushSwitches } from './pusher.ts';
import { TokenService } from './tokens.ts';
import { WecomApp, type WecomAppOptions } from './wecom.ts';
import type { World } from './world.ts';

export type { CustomerService, KfAct, KfAgent, KfCustomer } from './customer-service.ts';
export type { Follower } from './follower.ts';
export type { Forgery } from './forgeries.ts';
export type { Member } from './member.ts';
export type { OfficialAccount } from './official-account.ts';
export type { Shown } from './phone.ts';
export type { PushReport } from './pusher.ts';
export type { WecomApp } from './wecom.ts';

export interface WeChatOptions {
  /** All chance comes from it; failures name it. */
  seed?: number;
  /**
   * How much of real time WeChat's five seconds for an answer take. By itself all: a busy machine shall not fail a push, and `advance` ends
   * the wait at once where a test wants it to be over.
   */
  scale?: number;
  /** The same for the time until what failed earlier is pushed again. */
  spacingScale?: number;
  switches?: Partial<PushSwitches>;
}

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
  readonly #router: ApiRouter;
  readonly #server: ApiServer;
  #origin = '';

  constructor({ seed = 1, scale = 1, spacingScale = 1 / 50, switches = {} }: WeChatOptions) {
    this.seed = seed;
    this.dice = new Dice(seed);
    this.clock = new StandInClock(scale);
    this.journal = new Journal(() => this.clock.now());
    // The weather has dice of its own: what it does shall not change the ids of everything else.
    this.faults = new Faults(new Dice(seed + 1));
    this.media = new MediaStore(this.clock, this.dice);
    this.tokens = new TokenService(this);
    this.pusher = new Pusher(this, spacingScale);
    Object.assign(this.pusher.switches, switches);
    this.#router = new ApiRouter(this);
    this.#server = new ApiServer(this.#router, this);
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
    this.#router.addOfficialAccount(account);
    return account;
  }

  wecomApp(options: WecomAppOptions): WecomApp {
    const app = new WecomApp(options, this);
    this.#router.addWecomApp(app);
    return app;
  }

  /** Accounts of one company with one secret share their tokens. */
  customerService(options: CustomerServiceOptions): CustomerService {
    const kf = new CustomerService(options, this);
    this.#router.customerServices.push(kf);
    return kf;
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
}

/** The stand-in of WeChat, started. */
export function startWeChat(options: WeChatOptions = {}): Promise<WeChat> {
  return new WeChat(options).start();
}
