import type { Effect } from '../../dialogs/effect.ts';
import type { HandoffEvent } from '../../dialogs/handoff-request.ts';
import type { CaseNews, Message, Owner, ReceivedFile } from '../../dialogs/message.ts';
import type { Agency } from '../../dialogs/messages.ts';
import type { Reply } from '../../dialogs/reply.ts';
import { respond } from '../../dialogs/respond.ts';
import { newSession, type Session } from '../../dialogs/session.ts';
import type { Turn, TurnResult } from '../../dialogs/turn.ts';
import type { Knowledge } from '../../knowledge/knowledge.ts';
import { CaseDesk } from './case-desk.ts';
import { realKnowledge } from './knowledge.ts';

export interface Situation {
  knowledge?: Knowledge;
  agency?: Agency;
  owner?: Owner;
  session?: Session;
  now?: number;
  desk?: CaseDesk;
}

export const testAgency: Agency = { name: '晴川备案', kept: { draftDays: 90, caseDays: 365 } };

/** A customer who talks to the pure core: says something, and gets all replies of that turn. */
export class Customer {
  readonly effects: Effect[] = [];
  readonly desk: CaseDesk;
  session: Session;
  owner: Owner;
  now: number;
  readonly #situation: Situation;
  #turn = 0;

  constructor(situation: Situation = {}) {
    this.#situation = situation;
    this.desk = situation.desk ?? new CaseDesk();
    this.session = situation.session ?? newSession;
    this.owner = situation.owner ?? { kind: 'bot' };
    this.now = situation.now ?? Date.UTC(2026, 10, 23, 4);
  }

  joins(): Reply[] {
    return this.#does({ kind: 'join' });
  }

  says(text: string): Reply[] {
    return this.#does({ kind: 'text', text });
  }

  sendsFiles(count: number, text?: string): Reply[] {
    const files: ReceivedFile[] = Array.from({ length: count }, (_, at) => ({
      file: `${this.#turn}${at}`.padEnd(32, 'f'),
      name: `照片${at + 1}.jpg`,
      contentType: 'image/jpeg',
    }));
    return this.#does({ kind: 'files', files, ...(text && { text }) });
  }

  hearsOf(number: string, event: CaseNews): Reply[] {
    return this.#does({ kind: 'case', number, event });
  }

  hearsOfHandoff(event: HandoffEvent, agent?: string): Reply[] {
    return this.#does({ kind: 'handoff', event, ...(agent && { agent }) });
  }

  /** Effects since the last time this was asked. */
  takeEffects(): Effect[] {
    return this.effects.splice(0);
  }

  #does(message: Message): Reply[] {
    const { knowledge = realKnowledge(), agency = testAgency } = this.#situation;
    this.#turn += 1;
    const turn = { message, session: this.session, owner: this.owner, knowledge, agency, now: this.now, turnId: `TURN${this.#turn}` };
    const { session, replies, effects } = this.#respond(turn);
    this.session = session;
    this.effects.push(...effects);
    for (const effect of effects) this.desk.carryOut(effect);
    return replies;
  }

  #respond(turn: Turn): TurnResult {
    const response = respond(turn);
    return 'lookUp' in response ? this.#respond({ ...turn, found: this.desk.lookUp(response.lookUp) }) : response;
  }
}
