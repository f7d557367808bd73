import type { Effect } from '../../dialogs/effect.ts';
import type { Message, Owner } from '../../dialogs/message.ts';
import type { Agency } from '../../dialogs/messages.ts';
import type { Reply } from '../../dialogs/reply.ts';
import { respond } from '../../dialogs/respond.ts';
import { newSession, type Session } from '../../dialogs/session.ts';
import type { Knowledge } from '../../knowledge/knowledge.ts';
import { realKnowledge } from './knowledge.ts';

export interface Situation {
  knowledge?: Knowledge;
  agency?: Agency;
  owner?: Owner;
  session?: Session;
  now?: number;
}

/** A customer who talks to the pure core: says something, and gets all replies of that turn. */
export class Customer {
  readonly effects: Effect[] = [];
  session: Session;
  owner: Owner;
  readonly #situation: Situation;
  #turn = 0;

  constructor(situation: Situation = {}) {
    this.#situation = situation;
    this.session = situation.session ?? newSession;
    this.owner = situation.owner ?? { kind: 'bot' };
  }

  joins(): Reply[] {
    return this.#does({ kind: 'join' });
  }

  says(text: string): Reply[] {
    return this.#does({ kind: 'text', text });
  }

  sendsFiles(count: number, text?: string): Reply[] {
    return this.#does({ kind: 'files', count, ...(text && { text }) });
  }

  /** Effects since the last time this was asked. */
  takeEffects(): Effect[] {
    return this.effects.splice(0);
  }

  #does(message: Message): Reply[] {
    const { knowledge = realKnowledge(), agency = { name: '晴川备案' }, now = Date.UTC(2026, 10, 23, 4) } = this.#situation;
    this.#turn += 1;
    const turn = { message, session: this.session, owner: this.owner, knowledge, agency, now, turnId: `TURN${this.#turn}` };
    const { session, replies, effects } = respond(turn);
    this.session = session;
    this.effects.push(...effects);
    return replies;
  }
}
