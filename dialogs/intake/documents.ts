import type { DocumentKind } from '../../knowledge/filing/document-kinds.ts';
import { essence } from '../../knowledge/text/normalize.ts';
import type { ReceivedFile } from '../message.ts';
import type { Response, Turn } from '../turn.ts';
import { askAgain } from './asking.ts';
import { withForm } from './commit.ts';
import { documentChoices, documentTitle, filedAs } from './document-choices.ts';
import { saysUnsure } from './fields/reading.ts';
import { type Form, settled } from './form.ts';
import * as wording from './wording.ts';

/** Files sent while a form is open: kept as what was said with them, or asked which document they are. */
export function receiveDocuments(files: readonly ReceivedFile[], said: string | undefined, form: Form, turn: Turn): Response {
  if (form.consent.general !== 'given') return askAgain(form, turn, { said: [wording.filesBeforeConsent] });
  // Files that still wait are of the same kind as those that follow them.
  const waiting = form.pending?.kind === 'document' ? form.pending.files : [];
  const pending = { kind: 'document' as const, files: [...waiting, ...files] };
  const named = said === undefined ? undefined : documentNamed(said, form);
  if (named) return keepDocument(named, { ...form, pending }, turn);
  const choices = documentChoices(form);
  return withForm(turn, { ...form, pending }, [{ kind: 'ask', text: wording.whichDocument(pending.files.length), choices }]);
}

/** What is said to the question which document the files are; undefined for words about something else. */
export function readDocument(said: string, form: Form, turn: Turn): Response | undefined {
  if (/^(?:算了|不发了?|不用了?|发错了?|取消|不要了?)+(?:不?发了?)?$/.test(essence(said)))
    return askAgain(settled(form), turn, { said: [wording.filesDropped] });
  const named = documentNamed(said, form);
  return named ? keepDocument(named, form, turn) : undefined;
}

/** The files that wait, kept as other documents: the customer has gone on to something else. */
export function keepAside(form: Form, turn: Turn): Form {
  if (form.pending?.kind !== 'document') return form;
  return { ...settled(form), documents: [...form.documents, ...filedAs('other', form.pending.files, turn.now)] };
}

/** The document that words name: by its title, or as people call it. */
function documentNamed(said: string, form: Form): string | undefined {
  const plain = essence(said);
  if (plain.length < 2 || plain.length > 20) return undefined;
  if (saysUnsure(said) || /^其他|^其它|^别的/.test(plain)) return 'other';
  const offered = documentChoices(form).flatMap(({ label, pick }) =>
    pick.kind === 'act' && pick.act.do === 'document' ? [{ kind: pick.act.document, title: essence(label) }] : [],
  );
  const called = calls.find(([words]) => words.test(plain))?.[1];
  return (
    (
      offered.find(({ title }) => title === plain) ??
      offered.find(({ kind }) => kind === called) ??
      offered.find(({ title }) => plain.length > 2 && title.includes(plain))
    )?.kind ?? called
  );
}

/** What people call documents, the more special words first. */
const calls: readonly [RegExp, DocumentKind][] = [
  [/执照|法人证书|登记证/, 'filer-certificate'],
  [/(?:身份证|证件).*(?:反|背|国徽)|^(?:反面|背面|国徽面)/, 'leader-id-back'],
  [/(?:身份证|证件).*(?:正|人像)|^(?:正面|人像面|身份证)/, 'leader-id-front'],
  [/授权书/, 'authorization-letter'],
  [/委托书/, 'agency-mandate'],
  [/域名证书|域名.*(?:截图|实名)/, 'domain-certificate'],
  [/承诺书/, 'commitment-letter'],
  [/居住证|暂住证/, 'residence-proof'],
];

/** Keeps the files that wait as the document that the customer said. */
export function keepDocument(document: string, form: Form, turn: Turn): Response {
  if (form.pending?.kind !== 'document') return askAgain(form, turn);
  const { files } = form.pending;
  const documents = [...form.documents, ...filedAs(document, files, turn.now)];
  const said = [wording.documentKept(documentTitle(document, form), files.length)];
  return askAgain({ ...settled(form), documents }, turn, { said });
}
