import type { FieldKey } from '../../knowledge/filing/form.ts';
import { decode, encode } from '../conversations/conversation.ts';
import { Audit } from '../desk/audit.ts';
import { deskPartition } from '../handoffs/handoff.ts';
import { readBefore } from '../store/read-before.ts';
import type { LogEntry, Ranked, Store } from '../store/store.ts';
import type { Agreement } from './consents.ts';

/**
 * That data of a case was handed to somebody outside: to whom, what for, and which items, without what stands in them. It names nobody but by
 * the number of the case, and outlives it: the law wants it kept for three years (网络数据安全管理条例, article 12).
 */
export interface Disclosure {
  /** Milliseconds since 1970. */
  at: number;
  /** The id of an account. */
  by: string;
  caseNumber: string;
  recipient: string;
  purpose: string;
  fields: FieldKey[];
  /** Kinds, as in `document-kinds.ts`; as many as there were. */
  documents: string[];
  /** What the customer had agreed to, by the register of consents; empty where that knows of nothing. */
  consents: Agreement[];
}

export interface KeptDisclosure extends Disclosure {
  position: number;
}

const log = 'desk:disclosures';
const batch = 500;

/** The ledger of what was handed out, beside the record of the desk, which has a line for each. */
export class Disclosures {
  readonly #store: Store;
  readonly #audit: Audit;

  constructor(store: Store) {
    this.#store = store;
    this.#audit = new Audit(store);
  }

  /** In the ledger and on the desk's record, both or none: before anything leaves, so that nothing leaves which could not be recorded. */
  async record(disclosure: Omit<Disclosure, 'at'>): Promise<void> {
    const { by, caseNumber, recipient, purpose, fields, documents } = disclosure;
    const why = `to ${recipient}: ${purpose}; ${fields.length} item(s), ${documents.length} document(s)`;
    const value = encode({ at: this.#store.now(), ...disclosure } satisfies Disclosure);
    const applied = await this.#audit.record(
      { by, did: 'case-disclosed', what: `case:${caseNumber}`, why },
      { operations: [{ do: 'append', log, value }] },
    );
    if (applied.outcome !== 'applied') throw new Error(`The disclosure of case ${caseNumber} was not recorded: ${applied.outcome}.`);
  }

  /** Those before a position, newest first. */
  async before(position: number | undefined, limit: number): Promise<KeptDisclosure[]> {
    return (await readBefore(this.#store, deskPartition, log, position, limit)).map(kept);
  }

  /** All of them, oldest first. */
  async all(): Promise<KeptDisclosure[]> {
    const found: KeptDisclosure[] = [];
    for (;;) {
      const entries = await this.#store.read(deskPartition, log, found.at(-1)?.position ?? 0, batch);
      if (entries.length === 0) return found;
      found.push(...entries.map(kept));
    }
  }

  /** Those of a case, oldest first. */
  async of(caseNumber: string): Promise<KeptDisclosure[]> {
    return (await this.all()).filter((each) => each.caseNumber === caseNumber);
  }

  /** What is from before a moment, by its position, oldest first: as much of it as nothing younger stands before. */
  async expired(partition: string, before: number, limit: number): Promise<Ranked[]> {
    if (partition !== deskPartition) return [];
    const entries = (await this.#store.read(deskPartition, log, 0, limit)).map(kept);
    const young = entries.findIndex(({ at }) => at >= before);
    return entries.slice(0, young === -1 ? limit : young).map(({ position, at }) => ({ member: String(position), score: at }));
  }

  /** Forgets what stands up to a position that `expired` gave. */
  async forget(position: string): Promise<void> {
    await this.#store.apply(deskPartition, { operations: [{ do: 'trim', log, upTo: Number(position) }] });
  }
}

function kept({ position, value }: LogEntry): KeptDisclosure {
  return { ...decode<Disclosure>(value), position };
}
