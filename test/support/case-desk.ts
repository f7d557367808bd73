import type { Effect } from '../../dialogs/effect.ts';
import type { Found, Lookup } from '../../dialogs/lookup.ts';
import { formatCaseNumber } from '../../knowledge/filing/case-number.ts';
import { provesCase } from '../../knowledge/filing/case-proof.ts';
import type { FilingCase } from '../../knowledge/filing/filing-case.ts';

/** The cases behind customers who talk to the pure core: what the bot floor keeps in the store, kept here in a map. */
export class CaseDesk {
  readonly cases = new Map<string, FilingCase>();
  /** Who is at the agents' desk. */
  desk: { agents: number; position: number; waitMinutes?: number } = { agents: 1, position: 1 };
  readonly #numbers = new Map<string, string>();

  lookUp(lookup: Lookup): Found {
    switch (lookup.kind) {
      case 'reserveNumber':
        return { kind: 'number', number: this.#reserve(lookup.draft, lookup.day) };
      case 'readDesk':
        return { kind: 'desk', ...this.desk };
      case 'readCase':
        return this.#found(lookup.number, () => true);
      case 'proveCase':
        return this.#found(lookup.number, (filed) => provesCase(filed, lookup.proof));
    }
  }

  carryOut(effect: Effect): void {
    if (effect.kind === 'saveCase') this.cases.set(effect.case.number, effect.case);
    if (effect.kind === 'eraseCustomer') for (const number of effect.cases) this.cases.delete(number);
  }

  #reserve(draft: string, day: string): string {
    const known = this.#numbers.get(draft);
    if (known) return known;
    const number = formatCaseNumber(day, String(100_000 + this.#numbers.size));
    this.#numbers.set(draft, number);
    return number;
  }

  #found(number: string, may: (filed: FilingCase) => boolean): Found {
    const filed = this.cases.get(number);
    return filed && may(filed) ? { kind: 'case', case: filed } : { kind: 'nothing' };
  }
}
