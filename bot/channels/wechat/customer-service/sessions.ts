import { z } from 'zod';
import { type Conversation, decode, encode } from '../../../conversations/conversation.ts';
import { partitionOf, type Store } from '../../../store/store.ts';
import type { Api } from '../api.ts';

/**
 * In whose hands a customer is, as customer service counts it: 0 new, 1 with us, 2 waiting for a person, 3 with a person, 4 ended
 * (pages 94669 and 94698, read 2026-11). In 0 and 1 we may write.
 */
export const sessionStates = { fresh: 0, ours: 1, pool: 2, person: 3, ended: 4 };

export interface Whose {
  account: string;
  person: string;
}

const stateSchema = z.object({ service_state: z.number() });
const movedSchema = z.object({ msg_code: z.string().optional() });
const keptMs = 48 * 3_600_000; // a session lasts no longer

/** Our copy of the states of sessions, which is corrected by events and asked for anew when the platform contradicts it. */
export class Sessions {
  readonly #store: Store;
  readonly #api: Api;

  constructor(store: Store, api: Api) {
    this.#store = store;
    this.#api = api;
  }

  /** Whether a person has the customer, inside the platform, so that we must be silent. */
  async isWithPerson(conversation: string): Promise<boolean> {
    const record = await this.#store.get(partitionOf(conversation), nameOf(conversation));
    const state = record && decode<number>(record.value);
    return state === sessionStates.pool || state === sessionStates.person;
  }

  async note(conversation: string, state: number): Promise<void> {
    await this.#store.apply(partitionOf(conversation), {
      operations: [{ do: 'put', record: nameOf(conversation), value: encode(state), expiresAt: this.#store.now() + keptMs }],
    });
  }

  /** Asks the platform, and remembers. */
  async refresh(conversation: string, { account, person }: Whose): Promise<number> {
    const asked = { open_kfid: account, external_userid: person };
    const { service_state: state } = await this.#api.call('/cgi-bin/kf/service_state/get', asked, stateSchema);
    await this.note(conversation, state);
    return state;
  }

  /**
   * Moves a customer on, to an agent by name where they go to one; gives the code by which they may be told of it once. Throws `ApiError` when
   * that is not allowed from where they are.
   */
  async move(conversation: string, { account, person }: Whose, state: number, agent?: string): Promise<string | undefined> {
    const order = { open_kfid: account, external_userid: person, service_state: state, ...(agent && { servicer_userid: agent }) };
    const { msg_code: code } = await this.#api.call('/cgi-bin/kf/service_state/trans', order, movedSchema);
    await this.note(conversation, state);
    return code;
  }
}

function nameOf(conversation: string): string {
  return `wechat-session:${conversation}`;
}

const referenceSchema = z.object({ bot: z.object({ id: z.string() }) });

/** Whose customer somebody is, and who they are, to the platform. */
export function whoseOf({ id, user, reference }: Conversation): Whose {
  const parsed = referenceSchema.safeParse(reference);
  if (!user || !parsed.success) throw new Error(`It is not known whose customer is in conversation ${id}.`);
  return { account: parsed.data.bot.id, person: user.id };
}
