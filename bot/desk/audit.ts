import { createHash } from 'node:crypto';
import { maskPersonalData } from '../../knowledge/text/mask.ts';
import { decode, encode } from '../conversations/conversation.ts';
import { deskPartition } from '../handoffs/handoff.ts';
import { readBefore } from '../store/read-before.ts';
import type { Applied, Step, Store } from '../store/store.ts';
import type { Deed } from './desk-api.ts';

/** Something that is to be recorded. Neither values of customers nor their names belong here: what was done, and to which object. */
export interface AuditEntry {
  /** The id of an account, or `command` for who has the machine. */
  by: string;
  did: Deed;
  /** The object, as its kind and its id: `account:…`, `case:…`, `conversation:…`. */
  what?: string;
  /** In the words of who did it. */
  why?: string;
}

export interface AuditRecord extends AuditEntry {
  position: number;
  at: number;
}

export type Verified =
  /** `head`: the digest of the newest line, which stands for all before it. */
  | { outcome: 'whole'; lines: number; head: string }
  /** The first line that is not what was written there. */
  | { outcome: 'broken'; position: number };

type Line = AuditRecord & { before: string };

interface Head {
  position: number;
  digest: string;
}

const names = { log: 'desk:audit', head: 'desk:audit-head' };
const batch = 500;

/**
 * Who of the agency did what, for ever: lines are only added, and each holds the digest of the one before it, so that none can be changed,
 * left out or put in without all after it being written anew.
 */
export class Audit {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Records something that is done elsewhere; before it is done, so that nothing is done which could not be recorded. */
  async add(entry: AuditEntry): Promise<void> {
    await this.record(entry, { operations: [] });
  }

  /** Does something in the desk's partition and records it, both or none. Is refused only by the checks of the step itself. */
  async record(entry: AuditEntry, { checks = [], operations }: Pick<Step, 'checks' | 'operations'>): Promise<Applied> {
    for (;;) {
      const { version, position, digest } = await this.#head();
      const line: Line = { position: position + 1, at: this.#store.now(), ...plain(entry), before: digest };
      const head: Head = { position: line.position, digest: digestOf(line) };
      const applied = await this.#store.apply(deskPartition, {
        checks: [...checks, { record: names.head, version }],
        operations: [
          ...operations,
          { do: 'append', log: names.log, value: encode(line) },
          { do: 'put', record: names.head, value: encode(head) },
        ],
      });
      const lostRace = applied.outcome === 'refused' && applied.record === names.head;
      if (!lostRace) return applied;
    }
  }

  /** Lines before a position, newest first. */
  async before(position: number | undefined, limit: number): Promise<AuditRecord[]> {
    const entries = await readBefore(this.#store, deskPartition, names.log, position, limit);
    return entries.map(({ value }) => {
      const { before: _, ...record } = decode<Line>(value);
      return record;
    });
  }

  /** Looks at every line. */
  async verify(): Promise<Verified> {
    // The head first: what is added meanwhile comes after it.
    const head = await this.#head();
    let digest = '';
    for (let position = 0; position < head.position; ) {
      const lines = await this.#read(position, Math.min(batch, head.position - position));
      if (lines.length === 0) return { outcome: 'broken', position: position + 1 };
      for (const line of lines) {
        position += 1;
        if (line.position !== position || line.before !== digest) return { outcome: 'broken', position };
        digest = digestOf(line);
      }
    }
    return digest === head.digest
      ? { outcome: 'whole', lines: head.position, head: digest }
      : { outcome: 'broken', position: head.position };
  }

  async #head(): Promise<Head & { version: number }> {
    const record = await this.#store.get(deskPartition, names.head);
    return record ? { ...decode<Head>(record.value), version: record.version } : { position: 0, digest: '', version: 0 };
  }

  async #read(after: number, limit: number): Promise<Line[]> {
    const entries = await this.#store.read(deskPartition, names.log, after, limit);
    return entries.map(({ value }) => decode<Line>(value));
  }
}

function plain({ by, did, what, why }: AuditEntry): AuditEntry {
  return { by, did, ...(what !== undefined && { what }), ...(why !== undefined && { why: maskPersonalData(why) }) };
}

function digestOf({ position, at, by, did, what, why, before }: Line): string {
  return createHash('sha256')
    .update(JSON.stringify([position, at, by, did, what ?? null, why ?? null, before]))
    .digest('hex');
}
