import type { CaseFilter } from '../../cases/filter.ts';
import { decode, encode } from '../../conversations/conversation.ts';
import { deskPartition, deskTopic } from '../../handoffs/handoff.ts';
import type { Operation, Store } from '../../store/store.ts';
import { newId, newTicket, readTicket } from '../accounts/tickets.ts';
import type { Audit, AuditEntry } from '../audit.ts';
import type { FullExportState } from '../desk-api.ts';

/** Somebody's wish to have cases with nothing covered, and what became of it. */
export interface FullExport {
  id: string;
  /** The id of the account that asked. */
  by: string;
  at: number;
  reason: string;
  filter: CaseFilter;
  /** The cases that fitted the filter at that moment: what is granted is these, and no others. */
  numbers: string[];
  state: FullExportState;
  /** It ends, and is forgotten; milliseconds since 1970. */
  until: number;
  /** Who said yes or no. */
  decided?: { by: string; at: number; why?: string };
}

/** What a ticket gives out, once. */
export interface ExportFile {
  /** The session that it was given to. */
  session: string;
  by: string;
  numbers: string[];
  password: string;
}

export type Decision = { state: 'granted' } | { state: 'refused'; why?: string };

/**
 * Of a step: `gone`, there is none, or not any longer; `own`, who asked does not decide; `others`, only who asked may; `decided`, it is not
 * open any longer; `not-granted`, nobody has said yes, or the file was fetched.
 */
export type Outcome = 'done' | 'gone' | 'own' | 'others' | 'decided' | 'not-granted';

/** That there is one of an account, and how far it is. */
export interface Standing {
  by: string;
  state: FullExportState;
}

interface KeptStanding extends Standing {
  until: number;
}

/** A step from what is kept to what is to be kept; `undefined`: nothing is. */
interface Change<R> {
  result: R;
  kept?: FullExport | undefined;
  audit?: AuditEntry;
  operations?: Operation[];
}

const hourMs = 3_600_000;
const openMs = 24 * hourMs;
const grantedMs = 30 * 60_000;
/** Who asked, and the others, see for a day what became of it. */
const shownMs = 24 * hourMs;
const ticketMs = 60_000;

const standings = 'desk:full-exports';
const record = (by: string) => `desk:full-export:${by}`;
const file = (digest: string) => `desk:full-export-file:${digest}`;

/**
 * The full exports that were asked for: one at a time for each account, under its id. Each step is written if nobody was faster, together with
 * its line on the desk's record; all of it ends by itself.
 */
export class FullExports {
  readonly #store: Store;
  readonly #audit: Audit;

  constructor(store: Store, audit: Audit) {
    this.#store = store;
    this.#audit = audit;
  }

  /** Undefined where the account has another that is open, or granted and not fetched. */
  async ask(asked: Pick<FullExport, 'by' | 'reason' | 'filter' | 'numbers'>, audit: AuditEntry): Promise<FullExport | undefined> {
    const at = this.#store.now();
    const kept: FullExport = { ...asked, id: `${asked.by}-${newId()}`, at, state: 'asked', until: at + openMs };
    return this.#change<FullExport | undefined>(asked.by, (found) =>
      found?.state === 'asked' || found?.state === 'granted' ? { result: undefined } : { result: kept, kept, audit },
    );
  }

  /** Those of accounts, newest first. */
  async of(accounts: readonly string[]): Promise<FullExport[]> {
    const found = await Promise.all(accounts.map(async (by) => (await this.#look(by)).found));
    return found.filter((each) => each !== undefined).sort((a, b) => b.at - a.at);
  }

  async find(id: string): Promise<FullExport | undefined> {
    const { found } = await this.#look(askerOf(id));
    return found?.id === id ? found : undefined;
  }

  /** Of two who decide at the same moment one does. */
  decide(id: string, by: string, { state, ...more }: Decision, audit: AuditEntry): Promise<Outcome> {
    return this.#changeOf(id, (found) => {
      if (found.by === by) return { result: 'own' };
      if (found.state !== 'asked') return { result: 'decided' };
      const at = this.#store.now();
      const until = at + (state === 'granted' ? grantedMs : shownMs);
      return { result: 'done', kept: { ...found, state, until, decided: { by, at, ...more } }, audit };
    });
  }

  /** By who asked, as long as nothing was fetched. */
  withdraw(id: string, by: string, audit: AuditEntry): Promise<Outcome> {
    return this.#changeOf(id, (found) => {
      if (found.by !== by) return { result: 'others' };
      if (found.state !== 'asked' && found.state !== 'granted') return { result: 'decided' };
      return { result: 'done', kept: undefined, audit };
    });
  }

  /**
   * Takes up what was granted, once: gives a ticket for the file, good for a minute and for the session that is named in it. `decidedBy`: who
   * granted it, as the caller has looked at them.
   */
  async fetch(
    id: string,
    prepared: ExportFile,
    decidedBy: string,
    audit: AuditEntry,
  ): Promise<{ outcome: 'done'; ticket: string } | { outcome: Exclude<Outcome, 'done'> }> {
    const { text, digest } = newTicket(prepared.by);
    const outcome = await this.#changeOf(id, (found) => {
      if (found.by !== prepared.by) return { result: 'others' };
      if (found.state !== 'granted' || found.decided?.by !== decidedBy) return { result: 'not-granted' };
      const at = this.#store.now();
      return {
        result: 'done',
        kept: { ...found, state: 'fetched', until: at + shownMs },
        audit,
        operations: [{ do: 'put', record: file(digest), value: encode(prepared), expiresAt: at + ticketMs }],
      };
    });
    return outcome === 'done' ? { outcome, ticket: text } : { outcome };
  }

  /** What the ticket is for; undefined where it was used before, has ended, or belongs to another session. */
  async redeem(ticket: string, session: string): Promise<ExportFile | undefined> {
    const name = file(readTicket(ticket)?.digest ?? '');
    const found = await this.#store.get(deskPartition, name);
    const kept = found && decode<ExportFile>(found.value);
    if (kept?.session !== session) return undefined;
    const applied = await this.#store.apply(deskPartition, {
      checks: [{ record: name, version: found?.version ?? 0 }],
      operations: [{ do: 'remove', record: name }],
    });
    return applied.outcome === 'applied' ? kept : undefined;
  }

  /** Whose are in which state, by one look. */
  async standing(): Promise<Standing[]> {
    const { all } = await this.#standings();
    return all.map(({ by, state }) => ({ by, state }));
  }

  async #look(by: string): Promise<{ found: FullExport | undefined; version: number }> {
    const kept = await this.#store.get(deskPartition, record(by));
    return kept ? { found: decode<FullExport>(kept.value), version: kept.version } : { found: undefined, version: 0 };
  }

  async #standings(): Promise<{ all: KeptStanding[]; version: number }> {
    const kept = await this.#store.get(deskPartition, standings);
    const all = kept ? decode<KeptStanding[]>(kept.value) : [];
    return { all: all.filter(({ until }) => until > this.#store.now()), version: kept?.version ?? 0 };
  }

  #changeOf(id: string, from: (found: FullExport) => Change<Outcome>): Promise<Outcome> {
    return this.#change<Outcome>(askerOf(id), (found) => (found?.id === id ? from(found) : { result: 'gone' }));
  }

  /** Nothing is written where `from` has nothing for the record. When another was faster, it is asked again with what there is then. */
  async #change<R>(by: string, from: (found: FullExport | undefined) => Change<R>): Promise<R> {
    for (;;) {
      const { found, version } = await this.#look(by);
      const { result, kept, audit, operations = [] } = from(found);
      if (!audit) return result;
      const { all, version: seen } = await this.#standings();
      const others = all.filter((each) => each.by !== by);
      const applied = await this.#audit.record(audit, {
        checks: [
          { record: record(by), version },
          { record: standings, version: seen },
        ],
        operations: [...operations, ...put(record(by), kept), ...putStandings(kept ? [...others, standingOf(kept)] : others)],
      });
      if (applied.outcome !== 'applied') continue;
      this.#store.announce(deskTopic, '');
      return result;
    }
  }
}

function put(name: string, kept: FullExport | undefined): Operation[] {
  return [kept ? { do: 'put', record: name, value: encode(kept), expiresAt: kept.until } : { do: 'remove', record: name }];
}

/** It ends with the last of them. */
function putStandings(all: readonly KeptStanding[]): Operation[] {
  const expiresAt = Math.max(...all.map(({ until }) => until));
  return [all.length > 0 ? { do: 'put', record: standings, value: encode(all), expiresAt } : { do: 'remove', record: standings }];
}

function standingOf({ by, state, until }: FullExport): KeptStanding {
  return { by, state, until };
}

/** Ids begin with the account that asked. */
function askerOf(id: string): string {
  return id.split('-')[0] ?? '';
}
