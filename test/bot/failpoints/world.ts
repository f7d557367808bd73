import { Cases } from '../../../bot/cases/cases.ts';
import { Conversations } from '../../../bot/conversations/conversations.ts';
import { Inbox } from '../../../bot/conversations/inbox.ts';
import { Outbox } from '../../../bot/conversations/outbox.ts';
import { messageDigest } from '../../../bot/keyed-digest.ts';
import { Metrics } from '../../../bot/metrics.ts';
import { dataKeys } from '../../../bot/store/data-keys.ts';
import type { Entry } from '../../../bot/store/entry.ts';
import { openSealedStore } from '../../../bot/store/sealed-store.ts';
import type { Store } from '../../../bot/store/store.ts';
import { Chores } from '../../../bot/turns/chores.ts';
import { type Deliver, Errands } from '../../../bot/turns/errands.ts';
import { lookUpIn } from '../../../bot/turns/look-up.ts';
import { Turns } from '../../../bot/turns/turns.ts';
import { respond } from '../../../dialogs/respond.ts';
import { silentLog } from '../../support/conversations.ts';
import { testAgency } from '../../support/customer.ts';
import { realKnowledge } from '../../support/knowledge.ts';
import { Leases } from './leases.ts';
import type { Place } from './places.ts';
import { type Trap, trappedDecision, trappedDelivery, trappedStore } from './trap.ts';

export const pushedChannel = 'pushed';
export const pulledChannel = 'direct-line';

/** What a process has in it, without its web server. */
export interface Core {
  store: Store;
  conversations: Conversations;
  inbox: Inbox;
  cases: Cases;
  turns: Turns;
  errands: Errands;
  chores: Chores;
}

/** Puts something between the product and its store, in every process. */
export type Tamper = (store: Store) => Store;

const secrets = [Buffer.alloc(32, 7)];
const keys = dataKeys(secrets);
const metrics = new Metrics();
const noon = Date.UTC(2026, 10, 27, 4);

/** All that stays where processes come and go: the store, the platform, the folder of files, and the time. */
export class World {
  /** Texts that the platform has shown to the customer. */
  readonly shown: string[] = [];
  /** Names of the files in the folder. */
  readonly files = new Set<string>();
  readonly leases: Leases;
  readonly #place: Place;
  readonly #tamper: Tamper;
  readonly #opened: Store[] = [];
  #raw: Store;
  #now = noon;

  static async begin(place: Place, tamper: Tamper = (store) => store): Promise<World> {
    const world = new World(place, tamper);
    await world.#open(false);
    return world;
  }

  private constructor(place: Place, tamper: Tamper) {
    this.#place = place;
    this.#tamper = tamper;
    this.leases = new Leases(() => this.#now);
    this.#raw = undefined as never;
  }

  advance(ms: number): void {
    this.#now += ms;
  }

  /** The process that comes when another has died. */
  async succeed(): Promise<Core> {
    await this.#open(true);
    if (this.#place.freesLeases) this.leases.freeAll();
    return this.newCore();
  }

  /** A process beside those that there are. */
  async newCore(trap?: Trap): Promise<Core> {
    const sealed = await openSealedStore(this.#raw, keys);
    const store = this.leases.watch(this.#tamper(trap ? trappedStore(sealed, trap) : sealed));
    return this.#coreOn(store, trap);
  }

  /** Looks at what there is, past everything that tampers with it. */
  async newObserver(): Promise<Core> {
    return this.#coreOn(await openSealedStore(this.#raw, keys));
  }

  /** All that there is, to begin another world with. */
  async save(): Promise<{ entries: Entry[]; files: string[]; now: number }> {
    const entries: Entry[] = [];
    for await (const entry of this.#raw.export()) entries.push(entry);
    return { entries, files: [...this.files], now: this.#now };
  }

  async load({ entries, files, now }: Saved): Promise<void> {
    this.#now = now;
    for (const file of files) this.files.add(file);
    await this.#raw.import(each(entries));
  }

  async end(): Promise<void> {
    for (const store of this.#opened) await store.close();
    await this.#place.remove();
  }

  async #open(afterDeath: boolean): Promise<void> {
    this.#raw = await this.#place.open(() => this.#now, afterDeath);
    this.#opened.push(this.#raw);
  }

  #coreOn(store: Store, trap?: Trap): Core {
    const show: Deliver = (_, { text = '' }) => [
      {
        send: async () => {
          this.shown.push(text);
        },
      },
    ];
    const deliver = new Map<string, Deliver>([[pushedChannel, trap ? trappedDelivery(show, trap) : show]]);
    const files = {
      remove: async (names: readonly string[]) => {
        for (const name of names) this.files.delete(name);
      },
    };
    const conversations = new Conversations(store, deliver);
    const inbox = new Inbox(store, conversations, deliver, silentLog, messageDigest(secrets));
    const cases = new Cases({ store, files, secrets, draftDays: 90 });
    const errands = new Errands({ outbox: new Outbox(store), deliver, cases, log: silentLog });
    const chores = new Chores({ store, inbox, cases, log: silentLog });
    const turns = new Turns({
      inbox,
      errands,
      knowledge: realKnowledge,
      lookUp: lookUpIn(cases),
      agency: testAgency,
      log: silentLog,
      metrics,
      ...(trap && { respond: trappedDecision(respond, trap) }),
    });
    return { store, conversations, inbox, cases, turns, errands, chores };
  }
}

export type Saved = Awaited<ReturnType<World['save']>>;

async function* each<T>(items: readonly T[]): AsyncIterable<T> {
  yield* items;
}
