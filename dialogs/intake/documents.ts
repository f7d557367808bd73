import { documentsFor } from '../../knowledge/filing/documents.ts';
import type { ReceivedFile } from '../message.ts';
import type { Choice } from '../reply.ts';
import type { Response, Turn } from '../turn.ts';
import { choice } from './act.ts';
import { askAgain } from './asking.ts';
import { withForm } from './commit.ts';
import { type Form, settled } from './form.ts';
import * as wording from './wording.ts';

/** Files sent while a form is open: asks which document they are. */
export function receiveDocuments(files: readonly ReceivedFile[], form: Form, turn: Turn): Response {
  if (form.consent.general !== 'given') return askAgain(form, turn, { said: [wording.filesBeforeConsent] });
  const pending = { kind: 'document' as const, files: [...files] };
  const choices = documentChoices(form);
  return withForm(turn, { ...form, pending }, [{ kind: 'ask', text: wording.whichDocument(files.length), choices }]);
}

function documentChoices({ filingType, values }: Form): Choice[] {
  const documents = filingType ? documentsFor(filingType, values) : [];
  return [
    ...documents.map(({ kind, title }) => choice(title, { do: 'document', document: kind })),
    choice(wording.otherDocument, { do: 'document', document: 'other' }),
  ];
}

/** Keeps the files that wait as the document that the customer said. */
export function keepDocument(document: string, form: Form, turn: Turn): Response {
  if (form.pending?.kind !== 'document') return askAgain(form, turn);
  const { files } = form.pending;
  const title = documentChoices(form).find(
    ({ pick }) => pick.kind === 'act' && pick.act.do === 'document' && pick.act.document === document,
  )?.label;
  const documents = [...form.documents, ...files.map((file) => ({ ...file, kind: document, at: turn.now }))];
  const said = [wording.documentKept(title ?? wording.otherDocument, files.length)];
  return askAgain({ ...settled(form), documents }, turn, { said });
}
