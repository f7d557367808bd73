import type { Correction } from '../../dialogs/correction.ts';
import type { CaseProof } from '../../dialogs/lookup.ts';
import { formatCaseNumber } from '../../knowledge/filing/case-number.ts';
import type { CaseState, FilingCase } from '../../knowledge/filing/filing-case.ts';
import type { FieldKey } from '../../knowledge/filing/form.ts';
import { decode, encode } from '../conversations/conversation.ts';
import { type KeyedDigest, keyedDigest } from '../keyed-digest.ts';
import type { Files } from '../store/files.ts';
import { allPartitions, type Operation, partitionOf, type Ranked, rangeInAll, type Store } from '../store/store.ts';
import { BlindIndex } from './blind-index.ts';
import { CaseFiles } from './case-files.ts';
import { isClosed, nextStates } from './case-states.ts';
import { type Facets, facetIndex } from './facets.ts';
import { type Decision, decide, type Snapshot } from './keep.ts';
import { type AgencyCase, type AuditEntry, agencyCase, caseNames, type Kept, type Open, shownCase } from './kept-case.ts';
import { Proofs, type Proved } from './proofs.ts';
import { audit, putCase, removeCase, tell, tombstoneOf } from './steps.ts';

export interface CasesOptions {
  store: Store;
  files: Pick<Files, 'remove'>;
  /** The secrets of the data keys, the current one first. */
  secrets: readonly Buffer[];
  /** Days after which a number without a case is forgotten. */
  draftDays: number;
}

export type StateSet =
  | { outcome: 'done' | 'unchanged' | 'unknown' }
  /** The state that the case is in does not lead there; `allowed` are those it leads to. */
  | { outcome: 'not-allowed'; from: CaseState; allowed: readonly CaseState[] };

export type Corrected = { outcome: 'done' | 'unchanged' | 'unknown' | 'not-open' } | { outcome: 'not-accepted'; correction: Correction };

/** What a step under a case number comes to. Without operations nothing is written. */
interface Change<R> {
  result: R;
  operations?: Operation[];
}

const dayMs = 24 * 3_600_000;
const mostCases = 1_000_000;

/**
 * The filing cases of all customers. Each lives in the partition of its number, apart from the conversation that fills it in; what one has
 * to tell the other goes as an errand or a chore.
 */
export class Cases {
  readonly #store: Store;
  readonly #options: CasesOptions;
  readonly #blind: BlindIndex;
  readonly #proofs: Proofs;
  readonly #files: CaseFiles;
  readonly #candidate: KeyedDigest;

  constructor(options: CasesOptions) {
    const { store, files, secrets } = options;
    const [secret] = secrets;
    if (!secret) throw new Error('At least one data key is needed.');
    const find = (number: string) => this.find(number);
    this.#store = store;
    this.#options = options;
    this.#blind = new BlindIndex(secrets);
    this.#proofs = new Proofs(store, find);
    this.#files = new CaseFiles(store, files, find);
    // Nobody without the key can tell which numbers there are.
    this.#candidate = keyedDigest(secret, 'case-number');
  }

  /** A number of its own for a draft of a conversation; the same draft gets the same again. `day`: 2026-11-27. */
  async reserve(conversation: string, draft: string, day: string): Promise<string> {
    const reserved: Kept = { kind: 'reserved', holder: conversation, draft };
    const expiresAt = this.#store.now() + this.#options.draftDays * dayMs;
    for (let attempt = 0; attempt < 1000; attempt += 1) {
      const digest = this.#candidate(`${conversation}|${draft}|${day}|${attempt}`);
      const number = formatCaseNumber(day, String(Number.parseInt(digest.slice(0, 12), 16) % 1_000_000).padStart(6, '0'));
      const applied = await this.#store.apply(partitionOf(number), {
        checks: [{ record: caseNames.kept(number), version: 0 }],
        operations: [{ do: 'put', record: caseNames.kept(number), value: encode(reserved), expiresAt }],
      });
      if (applied.outcome === 'applied' || (await this.#isReserved(number, reserved))) return number;
    }
    throw new Error(`No free case number was found for ${day}.`);
  }

  /** The case; of one that was erased, that it was. */
  async find(number: string): Promise<FilingCase | undefined> {
    return shownCase((await this.#look(number)).kept);
  }

  /** The case, if the conversation holds it. */
  async findHeld(number: string, conversation: string): Promise<FilingCase | undefined> {
    const { kept } = await this.#look(number);
    return kept?.kind === 'open' && kept.holder === conversation ? kept.case : undefined;
  }

  /** See `Proofs`. */
  prove(number: string, proof: CaseProof, tryKey: string): Promise<Proved> {
    return this.#proofs.prove(number, proof, tryKey);
  }

  /** Keeps the case as the conversation has it; see `decide`. A former holder is told that it is one no longer. */
  async save(snapshot: Snapshot): Promise<Decision['outcome']> {
    const { number } = snapshot.case;
    await this.#files.adopt(snapshot.case);
    return this.#change(number, (kept) => {
      const { outcome, open } = decide(kept, snapshot, this.#store.now());
      if (!open) return { result: outcome };
      const before = kept?.kind === 'open' ? kept : undefined;
      const moved = outcome === 'taken-over' && before ? [tell(before.holder, number, { kind: 'moved' })] : [];
      return { result: outcome, operations: [...this.#put(open, before), ...moved] };
    });
  }

  /** Notes how far the agency is; the conversation that holds the case hears of it. Saying the same again changes nothing. */
  async setState(number: string, state: CaseState, { note, by }: { note?: string | undefined; by: string }): Promise<StateSet> {
    return this.#change<StateSet>(number, (kept) => {
      if (kept?.kind !== 'open') return { result: { outcome: 'unknown' } };
      const { case: before, holder } = kept;
      const last = before.history.at(-1);
      if (before.state === state && last?.by === 'agency' && last.note === note) return { result: { outcome: 'unchanged' } };
      const allowed = nextStates(before.state);
      if (!allowed.includes(state) && before.state !== state) return { result: { outcome: 'not-allowed', from: before.state, allowed } };
      const at = this.#store.now();
      const told = note === undefined ? {} : { note };
      const history = [...before.history, { at, state, by: 'agency' as const, ...told }];
      return {
        result: { outcome: 'done' },
        operations: [
          ...this.#put({ ...kept, changedAt: at, case: { ...before, state, history } }, kept),
          audit(number, { at, by, did: 'set-state', state }),
          tell(holder, number, { kind: 'state', state, ...told }),
        ],
      };
    });
  }

  /**
   * Puts a value right in a case that the customer has submitted; `read` says what becomes of it in the case as it is then. A certificate
   * number that was withheld is not any longer.
   */
  correct(number: string, field: FieldKey, read: (filed: FilingCase) => Correction, by: string): Promise<Corrected> {
    return this.#change<Corrected>(number, (kept) => {
      if (!kept || kept.kind === 'reserved') return { result: { outcome: 'unknown' } };
      if (kept.kind === 'erased' || kept.case.state === 'drafting' || isClosed(kept.case.state)) return { result: { outcome: 'not-open' } };
      const correction = read(kept.case);
      if (!('value' in correction)) return { result: { outcome: 'not-accepted', correction } };
      const { value: to } = correction;
      const { values, withheld, changes = [] } = kept.case;
      const from = values[field];
      if (from === to) return { result: { outcome: 'unchanged' } };
      const at = this.#store.now();
      const change = { kind: 'value' as const, at, field, ...(from !== undefined && { from }), to, by: 'agency' as const };
      const corrected: FilingCase = {
        ...kept.case,
        values: { ...values, [field]: to },
        withheld: withheld.filter((key) => key !== field),
        changes: [...changes, change],
      };
      return {
        result: { outcome: 'done' },
        operations: [...this.#put({ ...kept, changedAt: at, case: corrected }, kept), audit(number, { at, by, did: 'correct', field })],
      };
    });
  }

  /** Notes who works on a case; undefined: nobody. `to`: the same person as `by` names people. Gives false when there is no case. */
  assign(number: string, agent: string | undefined, { by, to }: { by: string; to?: string }): Promise<boolean> {
    return this.#change(number, (kept) => {
      if (kept?.kind !== 'open') return { result: false };
      if (kept.agent === agent) return { result: true };
      const { agent: _, ...rest } = kept;
      const entry: AuditEntry = { at: this.#store.now(), by, did: 'assign', ...(to !== undefined && { to }) };
      return {
        result: true,
        operations: [...this.#put({ ...rest, ...(agent !== undefined && { agent }) }, kept), audit(number, entry)],
      };
    });
  }

  /**
   * Erases cases with their documents, as their customer wants it, and gives the numbers; of each, a record without personal data stays.
   * Only those that the conversation holds are erased. Erasing again changes nothing.
   */
  async eraseHeld(numbers: readonly string[], conversation: string, receipt: string): Promise<string[]> {
    const erased: string[] = [];
    for (const number of numbers) {
      if (await this.#erase(number, receipt, ({ holder }) => holder === conversation)) erased.push(number);
    }
    return erased;
  }

  /** Erases a case from the agency's side; the customer is told. Gives false when there is none. */
  erase(number: string, receipt: string, by: string): Promise<boolean> {
    return this.#erase(
      number,
      receipt,
      () => true,
      ({ holder }) => [
        tell(holder, number, { kind: 'state', state: 'erased' }),
        audit(number, { at: this.#store.now(), by, did: 'erase', state: 'erased' }),
      ],
    );
  }

  /** Cases of a partition whose time was over before the moment: drafts by their last change, closed ones and erased ones by their end. */
  async expired(kind: Expiring, partition: string, before: number, limit: number): Promise<Ranked[]> {
    if (kind !== 'erasedCase') {
      return this.#store.range(partition, kind === 'draft' ? caseNames.drafts : caseNames.closed, { to: before, limit });
    }
    const found: Ranked[] = [];
    // They stand by when they were begun, which was before they were erased.
    for (const { member } of await this.#store.range(partition, caseNames.all, { to: before, limit })) {
      const { kept } = await this.#look(member);
      if (kept?.kind === 'erased' && kept.erasedAt <= before) found.push({ member, score: kept.erasedAt });
    }
    return found;
  }

  /** Erases a case whose time is over; gives false when it is not, or not any longer. */
  eraseExpired(kind: Expiring, number: string, before: number): Promise<boolean> {
    switch (kind) {
      case 'draft':
        return this.#forgetDraft(number, before);
      case 'closedCase':
        return this.#erase(number, 'retention', (kept) => kept.kind === 'open' && isClosed(kept.case.state));
      case 'erasedCase':
        return this.#forgetErased(number, before);
    }
  }

  /** Erases files, except those that a case needs. */
  eraseFiles(files: readonly string[]): Promise<void> {
    return this.#files.erase(files);
  }

  /** Records that somebody looks at what is otherwise covered, or hands it out; `field`: at which item alone. `to`: to whom. */
  async record(number: string, by: string, did: AuditEntry['did'], about: Pick<AuditEntry, 'field' | 'to'> = {}): Promise<void> {
    const entry: AuditEntry = { at: this.#store.now(), by, did, ...about };
    await this.#store.apply(partitionOf(number), { operations: [audit(number, entry)] });
  }

  /** Who of the agency did what with a case, oldest first. */
  async audit(number: string): Promise<AuditEntry[]> {
    const entries = await this.#store.read(partitionOf(number), caseNames.audit(number), 0, 1000);
    return entries.map(({ value }) => decode<AuditEntry>(value));
  }

  /** Brings the index of numbers to the current key, for the cases of a partition; gives how many were under an older one. */
  async reindex(partition: string): Promise<number> {
    let changed = 0;
    for (const { member } of await this.#store.range(partition, caseNames.all, { limit: mostCases })) {
      const isChanged = await this.#change(member, (kept) => {
        if (kept?.kind !== 'open') return { result: false };
        const blind = this.#blind.namesOf(kept.case.values);
        const isCurrent = blind.length === kept.blind.length && blind.every((digest) => kept.blind.includes(digest));
        return isCurrent ? { result: false } : { result: true, operations: this.#put(kept, kept) };
      });
      if (isChanged) changed += 1;
    }
    return changed;
  }

  /** The numbers of all cases, newest first. */
  numbers(): Promise<string[]> {
    return this.numbersOf({});
  }

  /**
   * The numbers of the cases with all of these, newest first; no case is opened for it. `since`: submitted or, before that, begun between these
   * moments (ms since 1970).
   */
  async numbersOf(facets: Facets, since: { from?: number; to?: number } = {}): Promise<string[]> {
    const wanted = Object.entries(facets).filter(([, value]) => value !== undefined) as [keyof Facets, string][];
    const hasTime = since.from !== undefined || since.to !== undefined;
    // In the first of them, too, cases stand by when they began.
    const [first = caseNames.all, ...others] = wanted.map(([facet, value]) => facetIndex(facet, value));
    const [candidates, ...among] = await Promise.all([
      this.#ranked(first),
      ...others.map((index) => this.#ranked(index)),
      ...(hasTime ? [this.#ranked(caseNames.since, since)] : []),
    ]);
    const sets = among.map((ranked) => new Set(ranked.map(({ member }) => member)));
    const found = candidates.filter(({ member }) => sets.every((set) => set.has(member)));
    return found.sort((a, b) => b.score - a.score).map(({ member }) => member);
  }

  /** How many cases are in a state. */
  async count(state: CaseState): Promise<number> {
    return (await this.#ranked(facetIndex('state', state))).length;
  }

  #ranked(index: string, between: { from?: number; to?: number } = {}): Promise<Ranked[]> {
    return rangeInAll(this.#store, index, { ...between, limit: mostCases });
  }

  /** Every case, newest first. */
  async all(): Promise<AgencyCase[]> {
    return this.findAll(await this.numbers());
  }

  /** The cases with a phone or certificate number, which has to be given whole. */
  async withNumber(number: string): Promise<AgencyCase[]> {
    const indexes = this.#blind.namesFor(number).map(caseNames.blind);
    const ranked = await Promise.all(
      allPartitions.flatMap((partition) => indexes.map((index) => this.#store.range(partition, index, { limit: mostCases }))),
    );
    return this.findAll([...new Set(ranked.flat().map(({ member }) => member))]);
  }

  /** The cases with these numbers, in their order; what is gone meanwhile is left out. */
  async findAll(numbers: readonly string[]): Promise<AgencyCase[]> {
    return (await Promise.all(numbers.map((number) => this.findForAgency(number)))).filter((found) => found !== undefined);
  }

  /** The case with what concerns the agency alone. */
  async findForAgency(number: string): Promise<AgencyCase | undefined> {
    return agencyCase((await this.#look(number)).kept);
  }

  async #look(number: string): Promise<{ kept: Kept | undefined; version: number }> {
    const record = await this.#store.get(partitionOf(number), caseNames.kept(number));
    return record ? { kept: decode<Kept>(record.value), version: record.version } : { kept: undefined, version: 0 };
  }

  /** Changes what is kept under a number from what it is; when another was faster, from what it is then. */
  async #change<R>(number: string, from: (kept: Kept | undefined) => Change<R>): Promise<R> {
    for (;;) {
      const { kept, version } = await this.#look(number);
      const { result, operations } = from(kept);
      if (!operations) return result;
      const checks = [{ record: caseNames.kept(number), version }];
      const applied = await this.#store.apply(partitionOf(number), { checks, operations });
      if (applied.outcome === 'applied') return result;
    }
  }

  #put(open: Omit<Open, 'blind'>, before: Open | undefined): Operation[] {
    return putCase({ ...open, blind: this.#blind.namesOf(open.case.values) }, before);
  }

  async #isReserved(number: string, { holder, draft }: Extract<Kept, { kind: 'reserved' }>): Promise<boolean> {
    const { kept } = await this.#look(number);
    return kept?.kind === 'reserved' && kept.holder === holder && kept.draft === draft;
  }

  #erase(
    number: string,
    receipt: string,
    may: (kept: Holding) => boolean,
    more: (kept: Holding) => Operation[] = () => [],
  ): Promise<boolean> {
    return this.#change(number, (kept) => {
      if (!kept || kept.kind === 'erased' || !may(kept)) return { result: false };
      const tombstone = tombstoneOf(number, kept, this.#store.now(), receipt);
      return { result: true, operations: [...removeCase(number, kept, tombstone), ...more(kept)] };
    });
  }

  /** After that nobody can tell that there was such a case. */
  #forgetErased(number: string, before: number): Promise<boolean> {
    return this.#change(number, (kept) => {
      if (kept?.kind !== 'erased' || kept.erasedAt > before) return { result: false };
      return { result: true, operations: [...removeCase(number, kept), { do: 'drop', log: caseNames.audit(number) }] };
    });
  }

  /** The conversations that have filled it in, the one that holds it first; of an erased case none. */
  async conversationsOf(number: string): Promise<string[]> {
    const { kept } = await this.#look(number);
    if (kept?.kind === 'reserved') return [kept.holder];
    return kept?.kind === 'open' ? [...new Set([kept.holder, ...Object.keys(kept.saved)])] : [];
  }

  /** A draft leaves nothing behind: its conversation may be alive and go on with it, and then it is a case again. */
  #forgetDraft(number: string, before: number): Promise<boolean> {
    return this.#change(number, (kept) => {
      if (kept?.kind !== 'open' || kept.case.state !== 'drafting' || kept.changedAt > before) return { result: false };
      return { result: true, operations: removeCase(number, kept) };
    });
  }
}

/** What becomes old: drafts, closed cases, and the records that others were erased. */
export type Expiring = 'draft' | 'closedCase' | 'erasedCase';

type Holding = Exclude<Kept, { kind: 'erased' }>;
