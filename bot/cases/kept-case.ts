import type { CaseState, FilingCase, FilingType } from '../../knowledge/filing/filing-case.ts';
import type { FieldKey } from '../../knowledge/filing/form.ts';
import type { Order } from './keep.ts';

/** What stands in the store under a case number. */
export type Kept = Reserved | Open | Erased;

/** A number that was given out; what is to be kept under it comes with the next turns. */
export interface Reserved {
  kind: 'reserved';
  holder: string;
  draft: string;
}

export interface Open {
  kind: 'open';
  case: FilingCase;
  /** The conversation that may change it, and hears of it. */
  holder: string;
  /** For each conversation that has saved the case, the `order` of its latest save: what is older comes too late. */
  saved: Record<string, Order>;
  /** Names of the phone and certificate numbers in the blind index. */
  blind: string[];
  /** Milliseconds since 1970. */
  changedAt: number;
  /** The id of who works on it. */
  agent?: string;
}

/** A case as the agency sees it. */
export interface AgencyCase extends FilingCase {
  /** The id of who works on it. */
  agent?: string;
  /** The conversation of its customer. */
  holder?: string;
}

/** What remains of a case: that there was one, and when and under which receipt it was erased. Nothing of a person. */
export interface Erased {
  kind: 'erased';
  number: string;
  filingType?: FilingType;
  startedAt?: number;
  openedAt?: number;
  erasedAt: number;
  receipt: string;
}

/** Who of the agency did what with a case. Holds nothing of the case itself, and outlives it. */
export interface AuditEntry {
  at: number;
  by: string;
  did: 'set-state' | 'correct' | 'assign' | 'reveal' | 'read-documents' | 'disclose' | 'export' | 'erase';
  state?: CaseState;
  /** The item that was corrected or revealed. */
  field?: FieldKey;
  /** To whom it was given, as `by` names people; to whom outside it was handed. */
  to?: string;
}

/** Under which names a case's things stand in its partition. */
export const caseNames = {
  kept: (number: string) => `case:${number}`,
  proofs: (number: string) => `proofs:${number}`,
  audit: (number: string) => `audit:${number}`,
  /** To which case a file belongs; in the partition of the file. */
  file: (file: string) => `file:${file}`,
  /** Numbers of a partition: all by when they began, drafts by their last change, closed ones by when they were closed. */
  all: 'cases',
  drafts: 'cases:drafts',
  closed: 'cases:closed',
  /** All by when they were submitted or, before that, begun. What else they are found by: see `facets.ts`. */
  since: 'cases:since',
  /** Numbers by a phone or certificate number in them, which the name does not show. */
  blind: (digest: string) => `cases:blind:${digest}`,
};

/** The same with what concerns the agency alone. */
export function agencyCase(kept: Kept | undefined): AgencyCase | undefined {
  const shown = shownCase(kept);
  if (!shown || kept?.kind !== 'open') return shown;
  const { agent, holder } = kept;
  return { ...shown, holder, ...(agent !== undefined && { agent }) };
}

/** The case as it can be shown; undefined when there is nothing but its number. */
export function shownCase(kept: Kept | undefined): FilingCase | undefined {
  if (kept?.kind === 'open') return kept.case;
  if (kept?.kind !== 'erased') return undefined;
  const { number, filingType = 'initial', startedAt = kept.erasedAt, openedAt, erasedAt } = kept;
  return {
    version: 1,
    number,
    filingType,
    state: 'erased',
    values: {},
    withheld: [],
    documents: [],
    startedAt,
    ...(openedAt !== undefined && { openedAt }),
    history: [{ at: erasedAt, state: 'erased', by: 'agency', note: `receipt ${kept.receipt}` }],
  };
}
