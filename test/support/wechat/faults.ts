import type { Dice } from './dice.ts';

/**
 * What befalls a call of the API. `reset-after`, `truncated`, `html-after` and `hang-after` strike when the call has been carried out: its
 * answer is lost, what it did stays done. All others strike before.
 */
export type FaultAction =
  | (typeof namedFaults)[number]
  /** So many real milliseconds later than usual. */
  | { delayMs: number }
  | { errcode: number };

export const namedFaults = [
  'hang',
  'hang-after',
  'reset-before',
  'reset-after',
  'error-500',
  'bad-gateway',
  'html-after',
  'truncated',
  'wrong-content-type',
  'drip',
  /** The token of the call is not good any more, from now on. */
  'token-expires',
] as const;

/** A bad line towards the bot: the same message twice at once, or an answer that WeChat never sees. */
export type PushFault = 'duplicate' | 'answer-lost';

export interface FaultRule {
  /** The path of the API, or a pattern of it. */
  path: string | RegExp;
  /** The first call that is struck, counted from 1 since the rule was made. */
  nth?: number;
  /** How many calls in a row are struck; by itself one. */
  times?: number;
  action: FaultAction;
}

export interface Weather {
  /** The share of calls and pushes that something befalls. */
  share: number;
  actions?: readonly [FaultAction, ...FaultAction[]];
  pushes?: readonly [PushFault, ...PushFault[]];
}

const usualActions: readonly [FaultAction, ...FaultAction[]] = [
  'hang',
  'hang-after',
  'reset-before',
  'reset-after',
  'error-500',
  'bad-gateway',
  'html-after',
  'truncated',
  'token-expires',
  { errcode: -1 },
  { errcode: 45011 },
];

/** Which calls something befalls: by rules of a test, or by seeded chance. */
export class Faults {
  readonly #dice: Dice;
  #rules: (FaultRule & { seen: number })[] = [];
  #weather: Weather = { share: 0 };

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  add(rule: FaultRule): void {
    this.#rules.push({ ...rule, seen: 0 });
  }

  setWeather(weather: Weather): void {
    this.#weather = weather;
  }

  /** All is well again. */
  clear(): void {
    this.#rules = [];
    this.#weather = { share: 0 };
  }

  /** What befalls the next call to this path, if anything; counts the call. */
  strike(path: string): FaultAction | undefined {
    let action: FaultAction | undefined;
    for (const rule of this.#rules) {
      if (typeof rule.path === 'string' ? rule.path !== path : !rule.path.test(path)) continue;
      rule.seen++;
      const { nth = 1, times = 1 } = rule;
      if (rule.seen >= nth && rule.seen < nth + times) action ??= rule.action;
    }
    if (action || !this.#dice.falls(this.#weather.share)) return action;
    return this.#dice.pick(this.#weather.actions ?? usualActions);
  }

  strikePush(): PushFault | undefined {
    if (!this.#dice.falls(this.#weather.share)) return undefined;
    return this.#dice.pick(this.#weather.pushes ?? ['duplicate', 'answer-lost']);
  }
}
