import type { Skill } from '../../dialogs/handoff-request.ts';
import { decode, encode } from '../conversations/conversation.ts';
import type { Store } from '../store/store.ts';
import { deskPartition } from './handoff.ts';

/** Who of the agents is at the desk: kept alive by their open pages, on whatever instance, and forgotten soon after the last one closes. */
export interface OnDuty {
  id: string;
  name: string;
  skills: readonly Skill[];
  /** Takes new requests. */
  available: boolean;
}

/** How often an open page has to say that it is there, in milliseconds. */
export const dutyMs = 10_000;
const goneAfterMs = 3 * dutyMs;
const most = 500;

const index = 'on-duty';
const record = (agent: string) => `duty:${agent}`;
const away = (agent: string) => `away:${agent}`;
const acceptances = 'acceptances';
const keptAcceptances = 20;
/** Older ones say little about how long it takes now. */
const recentMs = 2 * 3_600_000;

export class Duty {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async show({ id, name, skills }: Omit<OnDuty, 'available'>): Promise<void> {
    const at = this.#store.now();
    const available = (await this.#store.get(deskPartition, away(id))) === undefined;
    const agent: OnDuty = { id, name, skills, available };
    await this.#store.apply(deskPartition, {
      operations: [
        { do: 'put', record: record(agent.id), value: encode(agent), expiresAt: at + goneAfterMs },
        { do: 'rank', index, member: agent.id, score: at },
      ],
    });
  }

  /** Whether the agent takes new requests while at the desk; kept until it is changed. */
  async setAvailable(agent: Omit<OnDuty, 'available'>, available: boolean): Promise<void> {
    const change = available
      ? { do: 'remove' as const, record: away(agent.id) }
      : { do: 'put' as const, record: away(agent.id), value: encode(this.#store.now()) };
    await this.#store.apply(deskPartition, { operations: [change] });
    await this.show(agent);
  }

  async leave(agent: string): Promise<void> {
    await this.#store.apply(deskPartition, {
      operations: [
        { do: 'remove', record: record(agent) },
        { do: 'unrank', index, member: agent },
      ],
    });
  }

  async agents(): Promise<OnDuty[]> {
    const shown = await this.#store.range(deskPartition, index, { from: this.#store.now() - goneAfterMs, limit: most });
    const records = await Promise.all(shown.map(({ member }) => this.#store.get(deskPartition, record(member))));
    return records.flatMap((found) => (found ? [decode<OnDuty>(found.value)] : []));
  }

  /** Notes that a request was taken; `waitMinutes` goes by it. */
  async tookRequest(): Promise<void> {
    const end = await this.#store.end(deskPartition, acceptances);
    await this.#store.apply(deskPartition, {
      operations: [
        { do: 'append', log: acceptances, value: encode(this.#store.now()) },
        { do: 'trim', log: acceptances, upTo: Math.max(0, end - keptAcceptances) },
      ],
    });
  }

  /**
   * How long it takes at the pace at which requests were taken lately, for a place in the queue from 1; undefined where too few were to go
   * by. In minutes, rounded.
   */
  async waitMinutes(position: number): Promise<number | undefined> {
    const end = await this.#store.end(deskPartition, acceptances);
    const entries = await this.#store.read(deskPartition, acceptances, Math.max(0, end - keptAcceptances), keptAcceptances);
    const now = this.#store.now();
    const recent = entries.map(({ value }) => decode<number>(value)).filter((at) => at > now - recentMs);
    const [first] = recent;
    if (first === undefined || recent.length < 3) return undefined;
    return Math.max(1, Math.round((position * (now - first)) / recent.length / 60_000));
  }
}
