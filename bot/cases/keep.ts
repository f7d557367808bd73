import { type CaseChange, type CaseEvent, type FilingCase, isWithAgency } from '../../knowledge/filing/filing-case.ts';
import { isClosed } from './case-states.ts';
import type { Kept, Open } from './kept-case.ts';

/** A case as a conversation has it, to be kept. */
export interface Snapshot {
  conversation: string;
  order: Order;
  case: FilingCase;
  takeOver?: true;
}

/** Grows with every turn of a conversation: when the conversation began, which counts its turns anew, and the turn. */
export type Order = readonly [began: number, turn: number];

export interface Decision {
  outcome: 'kept' | 'taken-over' | 'not-holder' | 'too-late' | 'erased';
  /** The case as it is now; left out when nothing changes. */
  open?: Omit<Open, 'blind'>;
}

/**
 * What becomes of a case when a conversation saves it. Saves are carried out at least once and may come late, so that each of them has to
 * change nothing when it comes again, nor when something newer was there before it.
 */
export function decide(kept: Kept | undefined, snapshot: Snapshot, now: number): Decision {
  if (kept?.kind === 'erased') return { outcome: 'erased' };
  const open = kept?.kind === 'open' ? kept : undefined;
  const { conversation, order, takeOver } = snapshot;
  if (open && !isLater(order, open.saved[conversation])) return { outcome: 'too-late' };
  if (kept && kept.holder !== conversation && !takeOver) return { outcome: 'not-holder' };
  const takenOver = open !== undefined && open.holder !== conversation;
  const saved = { ...open?.saved, [conversation]: order };
  return {
    outcome: takenOver ? 'taken-over' : 'kept',
    open: {
      kind: 'open',
      holder: conversation,
      saved,
      changedAt: now,
      ...(open?.agent !== undefined && { agent: open.agent }),
      case: open ? merged(open.case, snapshot.case, takenOver) : snapshot.case,
    },
  };
}

function isLater([began, turn]: Order, [beganBefore, turnBefore]: Order = [0, 0]): boolean {
  return began === beganBefore ? turn > turnBefore : began > beganBefore;
}

function merged(kept: FilingCase, said: FilingCase, takenOver: boolean): FilingCase {
  if (kept.state !== 'drafting') return withChanges(withMoreDocuments(kept, said), said);
  // What the former holder has saved since it was read counts: it is the newer.
  if (takenOver) return { ...kept, values: { ...said.values, ...kept.values } };
  return { ...said, startedAt: kept.startedAt, history: historyOf(kept.history, said.history) };
}

/**
 * What the customer wants otherwise, each once. A value is changed only while the case is with the agency: when it has just been passed
 * on, the wish is left for staff.
 */
function withChanges(kept: FilingCase, { changes = [] }: FilingCase): FilingCase {
  const before = kept.changes ?? [];
  const fresh = changes.filter((change) => !before.some(({ at, field }) => at === change.at && field === change.field));
  if (fresh.length === 0) return kept;
  const may = isWithAgency(kept.state);
  const values = { ...kept.values };
  for (const change of fresh) if (may && change.kind === 'value') values[change.field] = change.to;
  const noted = fresh.map((change) => (may || change.kind === 'note' ? change : noteOf(change)));
  return { ...kept, values, changes: [...before, ...noted] };
}

function noteOf({ at, field, to }: Extract<CaseChange, { kind: 'value' }>): CaseChange {
  return { kind: 'note', at, field, said: to };
}

/** Once submitted, a case is the agency's to change; documents may still be handed in until it is closed. */
function withMoreDocuments(kept: FilingCase, said: FilingCase): FilingCase {
  if (isClosed(kept.state)) return kept;
  const known = new Set(kept.documents.map(({ file }) => file));
  return { ...kept, documents: [...kept.documents, ...said.documents.filter(({ file }) => !known.has(file))] };
}

function historyOf(kept: readonly CaseEvent[], said: readonly CaseEvent[]): CaseEvent[] {
  const isKept = (event: CaseEvent) => kept.some(({ at, state, by }) => at === event.at && state === event.state && by === event.by);
  // Each save of a form begins its history again.
  const begun = (event: CaseEvent) => event.state === 'drafting' && kept.some(({ state }) => state === 'drafting');
  return [...kept, ...said.filter((event) => !isKept(event) && !begun(event))];
}
