import type { Knowledge } from '../knowledge/knowledge.ts';
import type { Effect } from './effect.ts';
import type { Found, Lookup } from './lookup.ts';
import type { Message, Owner } from './message.ts';
import type { Agency } from './messages.ts';
import type { Reply } from './reply.ts';
import type { Session } from './session.ts';

/** All that a turn may depend on. Time and chance come in here, so that the same turn run again says the same. */
export interface Turn {
  message: Message;
  session: Session;
  owner: Owner;
  knowledge: Knowledge;
  agency: Agency;
  /** Milliseconds since 1970, fixed when the turn was first taken up. */
  now: number;
  /** Unique to this turn and the same in every run of it; receipts and apologies carry it. */
  turnId: string;
  /** What the look-up that this turn asked for came to. */
  found?: Found;
}

export interface TurnResult {
  session: Session;
  replies: Reply[];
  effects: Effect[];
}

/** The turn's result, or what has to be looked up before there can be one. */
export type Response = TurnResult | { lookUp: Lookup };
