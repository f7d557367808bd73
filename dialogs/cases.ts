import { parseCaseNumber } from '../knowledge/filing/case-number.ts';
import type { FilingCase } from '../knowledge/filing/filing-case.ts';
import { maskTyped } from '../knowledge/text/mask.ts';
import { essence } from '../knowledge/text/normalize.ts';
import { amend, answerAmendment } from './amend.ts';
import { statusText } from './case-status.ts';
import * as wording from './case-wording.ts';
import { chinaDay } from './china-day.ts';
import { readCommand } from './commands.ts';
import * as handoffWording from './handoff-wording.ts';
import { choice } from './intake/act.ts';
import { proceed } from './intake/asking.ts';
import { documentChoices, documentTitle, filedAs } from './intake/document-choices.ts';
import { type Form, newForm } from './intake/form.ts';
import { asksSomething, readIntent } from './intake/intent.ts';
import { continueLabel } from './intake/wording.ts';
import type { CaseNews, ReceivedFile } from './message.ts';
import { askProof, readsAsProof } from './proof.ts';
import type { Choice, Reply } from './reply.ts';
import { offer, paragraphs, say } from './say.ts';
import type { Inquiry, Session } from './session.ts';
import { readSmallTalk } from './small-talk.ts';
import type { Response, Turn } from './turn.ts';

/** Whether the message asks how a case of theirs stands, or wants to go on with one: 我的备案到哪了, BA-20261127-4829153. */
export function asksForCase(text: string): boolean {
  return parseCaseNumber(text).ok || asksStatus.test(essence(text));
}

const asksStatus =
  /^(?:请|麻烦|帮我|我想|我要|想)*(?:查(?:一下|下|询|看)?|看(?:一下|下|看)?|问(?:一下|下)?)?(?:我|我们|我司|我公司)的?(?:备案|受理单|受理|申请|单子|案子|case)(?:办理|审核)?(?:到哪(?:一步|里|儿)?了?|怎么样了?|什么进度|进度(?:怎么样|如何)?|办得怎么样了?|办好了?没有?|好了没有?|状态|咋样了?|通过了?没有?|过了没有?)(?:呢|啊|呀)?$|^(?:查(?:一下|下|询|看)?|看(?:一下|下)?)(?:我的?)?(?:备案|受理|办理|申请)?(?:的)?(?:进度|状态)$|^(?:继续|接着)(?:填|办)?(?:上次|之前|原来)的?(?:备案|受理单|申请|单子)?$|^我?有?(?:一个)?受理编号$|^(?:办理|案件|受理|申请|备案|我的)(?:进度|状态|进展)$|^(?:查|看)(?:一下|下)?(?:我的?)?(?:案件|受理单|单子|申请)$|^我?(?:上次|之前|昨天|前天)(?:登记|提交|填|办)的(?:备案|那个|单子)?(?:怎么样了?|到哪了?|好了没有?|进度)?(?:呢|吗)?$|^chajindu$|^(?:wode)?beian(?:jindu|daonale)$/;

/** Tells how the case stands: at once for a case of this conversation, after a proof for any other. */
export function inquire(text: string, turn: Turn): Response {
  const { cases } = turn.session;
  const parsed = parseCaseNumber(text);
  const number = parsed.ok ? parsed.value.number : undefined;
  if (number !== undefined && !cases.includes(number)) return askProof({ kind: 'proof', number }, text, turn, tell);
  const own = number ?? cases.at(-1);
  if (own === undefined) return askProof({ kind: 'proof' }, text, turn, tell);
  return number === undefined && cases.length > 1 ? whichCase(turn) : tellCase(own, turn);
}

function whichCase(turn: Turn): Response {
  const choices = turn.session.cases.slice(-5).map((number) => choice(number, { do: 'status', number }));
  return offer(say(turn, 'notice', wording.whichCase), choices);
}

/** Tells about a case of this conversation. */
export function tellCase(number: string, turn: Turn): Response {
  if (!turn.session.cases.includes(number)) return askProof({ kind: 'proof', number }, '', turn, tell);
  if (turn.session.form?.number === number) return goOn(turn.session.form, turn);
  if (!turn.found) return { lookUp: { kind: 'readCase', number } };
  return turn.found.kind === 'case' ? tell(turn.found.case, turn) : say(turn, 'notice', wording.caseGone(number));
}

function goOn(form: Form, turn: Turn): Response {
  return proceed({ ...form, paused: false }, turn, { said: [wording.stillFilling(form.number)] });
}

function tell(filed: FilingCase, turn: Turn): Response {
  const { session } = turn;
  if (filed.state === 'drafting') return takeUp(filed, turn);
  const reply: Reply = { kind: 'status', caseNumber: filed.number, text: statusText(filed, chinaDay(turn.now)), choices: [] };
  const { inquiry: _, ...rest } = session;
  return { session: rest, replies: [reply], effects: [] };
}

/** A draft begun in another conversation goes on in this one, which holds it from now on. */
function takeUp(filed: FilingCase, turn: Turn): Response {
  const { inquiry: _, ...session } = turn.session;
  const form: Form = {
    ...newForm(turn.turnId, filed.startedAt),
    filingType: filed.filingType,
    number: filed.number,
    // A draft has a number only after the consent; the one for certificate numbers is asked for again where it is needed.
    consent: { general: 'given' },
    values: filed.values,
    documents: filed.documents,
  };
  const held = { ...session, cases: [...session.cases.filter((each) => each !== filed.number), filed.number] };
  return proceed(
    form,
    { ...turn, session: held },
    {
      said: [wording.takenUp(filed.number)],
      effects: [{ kind: 'saveCase', case: filed, takeOver: true }],
    },
  );
}

/** The answer to a question about a case or a contact; undefined when the customer turns to something else. */
export function answerInquiry(text: string, inquiry: Inquiry, turn: Turn): Response | undefined {
  if (leaves.test(essence(text)) || readCommand(text) === 'nothing-to-stop') return leave(turn);
  switch (inquiry.kind) {
    case 'proof':
      return readsAsProof(text, inquiry) ? askProof(inquiry, text, turn, provedFor(inquiry.wants)) : undefined;
    case 'contact':
      return takeContact(text, inquiry, turn);
    case 'amend':
      return answerAmendment(text, inquiry, turn);
    case 'document':
      return undefined;
  }
}

/** What goes on once it is proved whose the case is: the change they wanted, or else how it stands. */
function provedFor(wants: string | undefined): (filed: FilingCase, turn: Turn) => Response {
  return wants === undefined ? tell : (filed, turn) => (filed.state === 'drafting' ? takeUp(filed, turn) : amend(filed, wants, turn));
}

const leaves = /^(?:取消|算了|不用了|不查了|退出|返回|不需要了?|没有了?|不留了?)$/;

function leave(turn: Turn): Response {
  const { inquiry: _, ...session } = turn.session;
  const { form } = session;
  if (form && !form.paused) return proceed(form, { ...turn, session }, { said: [wording.leftForForm] });
  return say({ ...turn, session }, 'notice', wording.left);
}

/** Asks how staff can reach the customer, unless that is known. `why`: nobody is there to speak with now, and until when. */
export function askCallBack(
  about: 'consent-refused' | 'unknown-notice' | 'needs-person',
  turn: Turn,
  { said, why }: { said?: string; why?: string } = {},
): Response {
  const { session } = turn;
  const { form } = session;
  const caseNumber = form?.number ?? session.cases.at(-1);
  const inquiry = { kind: 'contact' as const, about, ...(said && { said: maskTyped(said) }), ...(caseNumber && { caseNumber }) };
  const contact = form?.values.contactMobile;
  if (contact !== undefined) return requestCallBack(contact, inquiry, turn, why);
  const asking = { ...turn, session: { ...session, inquiry } };
  if (why === undefined) return say(asking, 'notice', wording.askContact);
  return offer(say(asking, { kind: 'handoff', handoff: 'failed' }, paragraphs(why, handoffWording.leaveMessage)), wayBack(turn));
}

type Contact = Extract<Inquiry, { kind: 'contact' }>;

function requestCallBack(contact: string, { about, said, caseNumber }: Contact, turn: Turn, why?: string): Response {
  const request = { kind: 'requestCallBack' as const, contact, about, ...(caseNumber && { caseNumber }), ...(said && { said }) };
  return offer(say(turn, { kind: 'handoff', handoff: 'requested' }, paragraphs(why, wording.willCallBack), [request]), wayBack(turn));
}

const mostContact = 500; // what it is about may stand beside it

function takeContact(text: string, inquiry: Contact, turn: Turn): Response | undefined {
  const contact = text.trim();
  if (asksSomething(contact) || readIntent(contact) || readSmallTalk(contact) || contact.length > mostContact) return undefined;
  if (!/\d{5,}|[a-z][\w-]{4,}|[零一二三四五六七八九〇]{7,}/i.test(contact.normalize('NFKC').replace(/[\s-]/g, ''))) {
    return say(turn, 'notice', wording.contactUnclear);
  }
  const { inquiry: _, ...session } = turn.session;
  return requestCallBack(contact, inquiry, { ...turn, session });
}

/** Back to the form that is open, if one is. */
export function wayBack({ session: { form } }: Turn): Choice[] {
  return form ? [choice(continueLabel, { do: 'continue' })] : [];
}

/** Files for a case that was submitted: asks which document they are. */
export function receiveFiles(files: readonly ReceivedFile[], number: string, turn: Turn): Response {
  if (!turn.found) return { lookUp: { kind: 'readCase', number } };
  if (turn.found.kind !== 'case') return say(turn, 'notice', wording.caseGone(number));
  const filed = turn.found.case;
  const inquiry: Inquiry = { kind: 'document', number, files: [...files] };
  const asked = say(
    { ...turn, session: { ...turn.session, inquiry } },
    { kind: 'status', caseNumber: number },
    wording.whichDocumentOf(number),
  );
  return offer(asked, documentChoices(filed));
}

/** Puts the files into the submitted case as the document that the customer said. */
export function fileDocument(document: string, { number, files }: Extract<Inquiry, { kind: 'document' }>, turn: Turn): Response {
  if (!turn.found) return { lookUp: { kind: 'readCase', number } };
  const { inquiry: _, ...session } = turn.session;
  const after = { ...turn, session };
  if (turn.found.kind !== 'case') return say(after, 'notice', wording.caseGone(number));
  const filed = turn.found.case;
  const documents = [...filed.documents, ...filedAs(document, files, turn.now)];
  return say(after, { kind: 'status', caseNumber: number }, wording.documentFiled(documentTitle(document, filed), number), [
    { kind: 'saveCase', case: { ...filed, documents } },
  ]);
}

/** What became of a case, told to the customer; kept while a person is in charge. */
export function tellNews(number: string, event: CaseNews, session: Session): { session: Session; reply: Reply } {
  const text = event.kind === 'moved' ? wording.moved(number) : wording.stateChanged(number, event.state, event.note);
  const { form, ...rest } = session;
  const left = form?.number === number && event.kind === 'moved' ? rest : session;
  const cases = event.kind === 'moved' ? session.cases.filter((each) => each !== number) : session.cases;
  return { session: { ...left, cases }, reply: { kind: 'status', caseNumber: number, text, choices: [] } };
}
