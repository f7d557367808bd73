import type { Owner } from './message.ts';
import type { Session } from './session.ts';

/**
 * What a file sent now would be for, in the order of `readFiles` in `respond.ts`. `person`: somebody who is in charge or asked for, or for whom
 * a message is being left, looks at it; `form`: a document of the open form, once its data may be collected; `case`: one of a submitted case, as long as that takes any.
 */
export type UseOfFiles = { kind: 'person' | 'form' | 'none' } | { kind: 'case'; number: string };

export function useOfFiles({ form, cases, handoff, inquiry }: Session, owner: Owner): UseOfFiles {
  if (owner.kind === 'agent' || handoff || inquiry?.kind === 'contact') return { kind: 'person' };
  if (form && !form.paused) return { kind: form.consent.general === 'given' ? 'form' : 'none' };
  const latest = cases.at(-1);
  return latest !== undefined && latest !== form?.number ? { kind: 'case', number: latest } : { kind: 'none' };
}
