import { useOfFiles } from '../../dialogs/use-of-files.ts';
import { isClosed } from '../cases/case-states.ts';
import type { Cases } from '../cases/cases.ts';
import type { Config } from '../config.ts';
import type { Inbox } from '../conversations/inbox.ts';
import type { Handoffs } from '../handoffs/handoffs.ts';
import { UploadRefused } from './upload-refused.ts';

/** Throws `UploadRefused` when a conversation may not send files now; before anything of them is read. */
export type AdmitUpload = (conversation: string) => Promise<void>;

export interface AdmissionParts {
  inbox: Pick<Inbox, 'session'>;
  handoffs: Pick<Handoffs, 'standing'>;
  cases: Pick<Cases, 'findHeld'>;
}

export function admissionBy(policy: Config['uploads'], parts: AdmissionParts): AdmitUpload {
  return async (conversation) => {
    if (policy === 'asked' && !(await isAsked(conversation, parts))) throw new UploadRefused('unasked');
  };
}

async function isAsked(conversation: string, { inbox, handoffs, cases }: AdmissionParts): Promise<boolean> {
  const [session, standing] = await Promise.all([inbox.session(conversation), handoffs.standing(conversation)]);
  const use = useOfFiles(session, standing?.owner ?? { kind: 'bot' });
  if (use.kind !== 'case') return use.kind !== 'none';
  const filed = await cases.findHeld(use.number, conversation);
  return filed !== undefined && !isClosed(filed.state);
}
