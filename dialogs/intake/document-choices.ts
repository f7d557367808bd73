import { documentTitles, isDocumentKind } from '../../knowledge/filing/document-kinds.ts';
import { documentsFor } from '../../knowledge/filing/documents.ts';
import type { CaseDocument, FilingType } from '../../knowledge/filing/filing-case.ts';
import type { Values } from '../../knowledge/filing/form.ts';
import type { ReceivedFile } from '../message.ts';
import type { Choice } from '../reply.ts';
import { choice } from './act.ts';
import { otherDocument } from './wording.ts';

/** The case that documents are for; without a type it is not settled yet which. */
export interface Documented {
  filingType?: FilingType | undefined;
  values: Values;
}

/** The documents that files can be: those the case needs, and any other. */
export function documentChoices({ filingType, values }: Documented): Choice[] {
  const documents = filingType ? documentsFor(filingType, values) : [];
  return [
    ...documents.map(({ kind, title }) => choice(title, { do: 'document', document: kind })),
    choice(otherDocument, { do: 'document', document: 'other' }),
  ];
}

/** What a document is called in its case. */
export function documentTitle(document: string, { filingType, values }: Documented): string {
  const needed = filingType && documentsFor(filingType, values).find(({ kind }) => kind === document)?.title;
  return needed ?? (isDocumentKind(document) ? documentTitles[document] : otherDocument);
}

/** Files as documents of a case, received at a moment in milliseconds since 1970. */
export function filedAs(document: string, files: readonly ReceivedFile[], at: number): CaseDocument[] {
  return files.map((file) => ({ ...file, kind: document, at }));
}
