import type { Message } from '../../dialogs/message.ts';
import { chore } from '../conversations/chore.ts';
import { encode } from '../conversations/conversation.ts';
import type { Operation } from '../store/store.ts';
import { isClosed } from './case-states.ts';
import { moveFacets } from './facets.ts';
import { type AuditEntry, caseNames, type Erased, type Kept, type Open } from './kept-case.ts';

/** Writes a case with all its index entries; documents that it has no longer are erased. */
export function putCase(open: Open, before: Open | undefined): Operation[] {
  const { number, state, documents, startedAt, history } = open.case;
  const files = new Set(documents.map(({ file }) => file));
  const dropped = filesOf(before).filter((file) => !files.has(file));
  return [
    { do: 'put', record: caseNames.kept(number), value: encode(open) },
    { do: 'rank', index: caseNames.all, member: number, score: startedAt },
    ranked(caseNames.drafts, number, state === 'drafting' ? open.changedAt : undefined),
    ranked(caseNames.closed, number, isClosed(state) ? (history.at(-1)?.at ?? open.changedAt) : undefined),
    ...unblind(
      number,
      before?.blind.filter((digest) => !open.blind.includes(digest)),
    ),
    ...moveFacets(number, before, open),
    ...open.blind.map((digest): Operation => ({ do: 'rank', index: caseNames.blind(digest), member: number, score: startedAt })),
    ...eraseFiles(number, dropped),
  ];
}

/** Takes away all that a case has, and leaves the tombstone in its place, if any. */
export function removeCase(number: string, kept: Kept, tombstone?: Erased): Operation[] {
  const open = kept.kind === 'open' ? kept : undefined;
  const record = caseNames.kept(number);
  return [
    tombstone ? { do: 'put', record, value: encode(tombstone) } : { do: 'remove', record },
    { do: 'remove', record: caseNames.proofs(number) },
    ranked(caseNames.all, number, tombstone && (tombstone.startedAt ?? tombstone.erasedAt)),
    ranked(caseNames.drafts, number, undefined),
    ranked(caseNames.closed, number, undefined),
    ...moveFacets(number, kept, tombstone),
    ...unblind(number, open?.blind),
    ...eraseFiles(number, filesOf(open)),
  ];
}

export function tombstoneOf(number: string, kept: Exclude<Kept, Erased>, erasedAt: number, receipt: string): Erased {
  if (kept.kind === 'reserved') return { kind: 'erased', number, erasedAt, receipt };
  const { filingType, startedAt, openedAt } = kept.case;
  return { kind: 'erased', number, filingType, startedAt, ...(openedAt !== undefined && { openedAt }), erasedAt, receipt };
}

type News = Extract<Message, { kind: 'case' }>['event'];

export function tell(conversation: string, number: string, event: News): Operation {
  return chore(number, { kind: 'tell', conversation, message: { kind: 'case', number, event } });
}

export function audit(number: string, entry: AuditEntry): Operation {
  return { do: 'append', log: caseNames.audit(number), value: encode(entry) };
}

function eraseFiles(number: string, files: string[]): Operation[] {
  return files.length > 0 ? [chore(number, { kind: 'eraseFiles', files })] : [];
}

function filesOf(open: Open | undefined): string[] {
  return open?.case.documents.map(({ file }) => file) ?? [];
}

function unblind(number: string, digests: readonly string[] = []): Operation[] {
  return digests.map((digest) => ranked(caseNames.blind(digest), number, undefined));
}

function ranked(index: string, member: string, score: number | undefined): Operation {
  return score === undefined ? { do: 'unrank', index, member } : { do: 'rank', index, member, score };
}
