import type { CaseProof } from '../../dialogs/lookup.ts';
import { provesCase } from '../../knowledge/filing/case-proof.ts';
import type { FilingCase } from '../../knowledge/filing/filing-case.ts';
import { decode, encode } from '../conversations/conversation.ts';
import { partitionOf, type Step, type Store } from '../store/store.ts';
import { caseNames } from './kept-case.ts';

export type Proved =
  | { kind: 'case'; case: FilingCase }
  | { kind: 'nothing' }
  /** `until`: milliseconds since 1970. */
  | { kind: 'shut'; until: number };

interface WrongProofs {
  count: number;
  shutUntil?: number;
}

const mostWrong = 5;
const shutMs = 24 * 3_600_000;

/** Counts wrong proofs, for each number whether there is such a case or not: which there are can not be found out by trying. */
export class Proofs {
  readonly #store: Store;
  readonly #find: (number: string) => Promise<FilingCase | undefined>;

  constructor(store: Store, find: (number: string) => Promise<FilingCase | undefined>) {
    this.#store = store;
    this.#find = find;
  }

  /**
   * Shows a case to whoever proves that it is theirs; the fifth wrong proof shuts it for a day. `tryKey` names the try: the same counts
   * once, however often its turn is run.
   */
  async prove(number: string, proof: CaseProof, tryKey: string): Promise<Proved> {
    for (;;) {
      const { version, count, shutUntil } = await this.#wrongProofs(number);
      const now = this.#store.now();
      if (shutUntil !== undefined && shutUntil > now) return { kind: 'shut', until: shutUntil };
      const found = await this.#find(number);
      const shown = found && provesCase(found, proof) ? found : undefined;
      const wrong = { count: count + 1, ...(count + 1 >= mostWrong && { shutUntil: now + shutMs }) };
      // Written before anything is told, and refused when another try came between: however many try at once, five are wrong at most.
      const applied = await this.#store.apply(partitionOf(number), {
        checks: [{ record: caseNames.proofs(number), version }],
        ...(shown ? forget(number) : remember(number, wrong, tryKey, now + shutMs)),
      });
      if (applied.outcome === 'refused') continue;
      if (shown) return { kind: 'case', case: shown };
      return applied.outcome === 'applied' && wrong.shutUntil ? { kind: 'shut', until: wrong.shutUntil } : { kind: 'nothing' };
    }
  }

  async #wrongProofs(number: string): Promise<WrongProofs & { version: number }> {
    const record = await this.#store.get(partitionOf(number), caseNames.proofs(number));
    return record ? { ...decode<WrongProofs>(record.value), version: record.version } : { count: 0, version: 0 };
  }
}

function forget(number: string): Pick<Step, 'operations'> {
  return { operations: [{ do: 'remove', record: caseNames.proofs(number) }] };
}

function remember(number: string, wrong: WrongProofs, tryKey: string, expiresAt: number): Pick<Step, 'once' | 'operations'> {
  return {
    once: { key: `proof:${number}:${tryKey}`, digest: '', expiresAt },
    operations: [{ do: 'put', record: caseNames.proofs(number), value: encode(wrong), expiresAt }],
  };
}
