import { essence } from '../knowledge/text/normalize.ts';
import { amend, amendHeld, answerFor, startAmendment, wantedAmendment } from './amend.ts';
import { answerInquiry, askCallBack, asksForCase, fileDocument, inquire, receiveFiles, tellCase, tellNews } from './cases.ts';
import { readLabel, readNumber } from './choices.ts';
import { type Command, readCommand, readExactCommand } from './commands.ts';
import { answerQuestion, giveAnswer, neighboursOf, topicChoices } from './faq.ts';
import { answerInQueue, askForPerson, leaveAgent, leaveQueue, leavesAgent, takeRating, tellHandoff } from './handoff.ts';
import { offerPerson } from './handoff-offer.ts';
import { type Act, choice } from './intake/act.ts';
import { askAgain, choose } from './intake/asking.ts';
import { keepDocument, receiveDocuments } from './intake/documents.ts';
import { fields } from './intake/fields.ts';
import { beginFor, fillIn } from './intake/fill-in.ts';
import { type Form, settled } from './intake/form.ts';
import { readFormCommand } from './intake/form-commands.ts';
import { answerByChoice, readForForm } from './intake/intake.ts';
import { asksSomething, readIntent, readWish } from './intake/intent.ts';
import { change, obey as obeyForm } from './intake/obey.ts';
import { startTopic } from './intake/offers.ts';
import { settlePending, takeConsent } from './intake/settle.ts';
import { start } from './intake/start.ts';
import { submit } from './intake/submit.ts';
import { callBackLabel } from './intake/wording.ts';
import type { Message, Unread } from './message.ts';
import * as messages from './messages.ts';
import type { Choice, Pick, Reply } from './reply.ts';
import { answerNotice } from './returned-notice.ts';
import { andThen, offer, say, withoutChoices } from './say.ts';
import { type Inquiry, newSession } from './session.ts';
import { readSmallTalk } from './small-talk.ts';
import type { Response, Turn, TurnResult } from './turn.ts';

/** Decides who answers: a person, a command, a choice offered before, a form, a case, small talk, or the knowledge base. */
export function respond(turn: Turn): Response {
  if (turn.owner.kind === 'agent') return besidePerson(turn);
  return andThen(read(turn), (result) => {
    const ended = concluded(result);
    return { ...ended, session: { ...ended.session, greeted: true } };
  });
}

/** With the news that had to wait, and with what numbers and labels pick from now on. */
function concluded(result: TurnResult): TurnResult {
  const told = tellUntold(result);
  return { ...told, session: { ...told.session, choices: choicesAfter(told) } };
}

/**
 * While a person is in charge the bot says nothing: the person reads the message in the transcript. News of cases wait. Only the customer
 * can call the bot back, in its very words.
 */
function besidePerson(turn: Turn): TurnResult {
  const { message, session } = turn;
  if (message.kind === 'leave') return forget(turn);
  if (message.kind === 'text' && leavesAgent(message.text)) return concluded(leaveAgent(turn));
  if (message.kind === 'fill' || message.kind === 'begin') return fill(message, turn);
  if (message.kind !== 'case') return { session, replies: [], effects: [] };
  const { number, event } = message;
  return { session: { ...session, untold: [...session.untold, { number, event }] }, replies: [], effects: [] };
}

function tellUntold(result: TurnResult): TurnResult {
  const { untold } = result.session;
  if (untold.length === 0) return result;
  let session = { ...result.session, untold: [] as typeof untold };
  const news: Reply[] = [];
  for (const { number, event } of untold) {
    const told = tellNews(number, event, session);
    session = told.session;
    news.push(told.reply);
  }
  return { ...result, session, replies: [...news, ...result.replies] };
}

/** What a number or a label picks from now on. Small talk leaves earlier choices open, except those that settle something. */
function choicesAfter({ replies, session }: TurnResult): Choice[] {
  const last = replies.at(-1);
  const offered = last?.choices ?? [];
  if (offered.length > 0) return offered;
  return session.choices.some(settles) || last?.kind === 'ask' || last?.kind === 'refuse' || last?.kind === 'status' ? [] : session.choices;
}

/** Choices that hold for one moment only: a number typed later is not meant for them. */
function settles({ pick }: Choice): boolean {
  return (
    pick.kind === 'erasure' ||
    (pick.kind === 'act' && !['start', 'status', 'inquire', 'call-back', 'person', 'leave-queue'].includes(pick.act.do))
  );
}

function read(turn: Turn): Response {
  const { message, session } = turn;
  switch (message.kind) {
    case 'join':
      return session.greeted ? { session, replies: [], effects: [] } : greet(turn);
    case 'files':
      return readFiles(message, turn);
    case 'text':
      return readText(message.text, turn);
    case 'unread':
      return refuseUnread(message.what, turn);
    case 'leave':
      return forget(turn);
    case 'case': {
      const told = tellNews(message.number, message.event, session);
      return { session: told.session, replies: [told.reply], effects: [] };
    }
    case 'begin':
    case 'fill':
      return fill(message, turn);
    case 'handoff':
      return tellHandoff(message, turn);
  }
}

/** What cannot be taken any more, as the form has changed meanwhile, is left. */
function fill(message: Extract<Message, { kind: 'begin' | 'fill' }>, turn: Turn): TurnResult {
  const filled = message.kind === 'begin' ? beginFor(message, turn) : fillIn(message.field, message.typed, turn);
  return 'result' in filled ? filled.result : { session: turn.session, replies: [], effects: [] };
}

function readFiles({ files, text }: Extract<Message, { kind: 'files' }>, turn: Turn): Response {
  const { form, cases } = turn.session;
  // Attachments of other platforms are not fetched: what they name is not ours to open.
  if (files.length === 0) return text ? readText(text, turn) : say(turn, 'notice', messages.filesNotReceived());
  if (form && !form.paused) return receiveDocuments(files, text, form, turn);
  const latest = cases.at(-1);
  if (latest !== undefined && latest !== form?.number) return receiveFiles(files, latest, turn);
  return text ? readText(text, turn) : say(turn, 'notice', messages.filesReceived(files.length));
}

function readText(text: string, turn: Turn): Response {
  const { session } = turn;
  const form = session.form && !session.form.paused ? session.form : undefined;
  const labelled = readLabel(text, session.choices);
  if (labelled) return follow(labelled, text, turn);
  const erasing = readErasure(text, turn);
  if (erasing) return erasing;
  const inQueue = answerInQueue(text, turn);
  if (inQueue) return inQueue;
  const woken = form || session.inquiry ? undefined : wakeForm(text, turn);
  if (woken) return woken;
  const command = commandIn(text, form, session.inquiry);
  if (command) return obey(command, turn);
  const pick = readNumber(text, session.choices);
  if (pick) return follow(pick, text, turn);
  const inquired = session.inquiry && answerInquiry(text, session.inquiry, turn);
  if (inquired) return inquired;
  const amending = form ? undefined : wantedAmendment(text, turn);
  if (amending !== undefined) return startAmendment(amending, turn);
  const intent = readIntent(text);
  if (form)
    return intent?.filingType && intent.filingType !== form.filingType && !waitsForWords(form)
      ? start(intent, turn)
      : readForForm(text, form, turn);
  if (intent) return start(intent, turn);
  if (asksForCase(text)) return inquire(text, turn);
  return (
    readNotice(text, turn) ?? readTalk(text, turn) ?? (wishesToStart(text, turn) ? start(readWish(text), turn) : answerQuestion(text, turn))
  );
}

/** 我想备案, 开个单: said as a wish, and known for one by the phrasings of its topic. */
function wishesToStart(text: string, { knowledge }: Turn): boolean {
  if (asksSomething(text)) return false;
  const { decision, results } = knowledge.match(text);
  return decision === 'answer' && results[0]?.id === startTopic;
}

/** What is said to a form that rests: it goes on, or is given up. */
function wakeForm(text: string, turn: Turn): Response | undefined {
  const { form } = turn.session;
  const command = form && readFormCommand(text);
  if (command?.say !== 'continue' && command?.say !== 'cancel') return undefined;
  return form && obeyForm(command.say, { ...form, paused: false }, turn);
}

/**
 * The command that the message is. While a form is open, 取消 and 重新开始 are the form's own, and 取消 is a question's that waits; in a free text, such as the name of a
 * company, only the very words of a command are one.
 */
function commandIn(text: string, form: Form | undefined, inquiry: Inquiry | undefined): Command | undefined {
  const command = form && waitsForWords(form) && looksLikeName.test(text.trim()) ? readExactCommand(text) : readCommand(text);
  if (command === 'nothing-to-stop') return form || inquiry ? undefined : command;
  return form && command === 'restart' ? undefined : command;
}

const looksLikeName = /(?:公司|厂|店|中心|工作室|事务所|协会|学会|学校|医院|合作社|基金会|商行|服务部|经营部|路|街|号|室|楼|层|村|镇|区)$/;

function waitsForWords({ asked }: Form): boolean {
  return asked !== undefined && fields[asked].freeText === true;
}

/** Small talk, or nothing that can be read. */
function readTalk(text: string, turn: Turn): Response | undefined {
  const smallTalk = readSmallTalk(text);
  if (smallTalk === 'hello') {
    return turn.session.greeted ? withMenu(say(turn, 'smalltalk', messages.smallTalk('hello', turn.agency)), turn) : greet(turn);
  }
  if (smallTalk === 'complaint')
    return offer(say(turn, 'smalltalk', messages.smallTalk(smallTalk, turn.agency)), offerPerson('complaint', turn));
  if (smallTalk) return say(turn, 'smalltalk', messages.smallTalk(smallTalk, turn.agency));
  return essence(text) === '' ? withMenu(say(turn, 'unknown', messages.unreadable()), turn) : undefined;
}

const shortestNotice = 12;

/** A rejection notice that the customer has pasted is decoded; an unknown one goes to a person. */
function readNotice(text: string, turn: Turn): Response | undefined {
  const read = answerNotice(text);
  // A few words that a topic of ours has an answer to are keywords, not what somebody was sent.
  if (!read || (essence(text).length <= shortestNotice && turn.knowledge.match(text).decision === 'answer')) return undefined;
  if (read.causes === 0)
    return andThen(askCallBack('unknown-notice', turn, { said: text }), (result) => {
      const asked = offer(result, [...(result.replies.at(-1)?.choices ?? []), ...offerPerson('unknown-notice', turn)]);
      return { ...asked, replies: [{ kind: 'notice', text: read.text, choices: [] }, ...asked.replies] };
    });
  const reply: Reply = {
    kind: 'notice',
    text: read.text,
    provenance: read.provenance,
    choices: [
      ...topicChoices(read.topics, turn.knowledge),
      choice(callBackLabel, { do: 'call-back' }),
      ...offerPerson('unknown-notice', turn),
    ],
    invitation: messages.noticeInvitation,
  };
  return { session: turn.session, replies: [reply], effects: [] };
}

function obey(command: Command, turn: Turn): Response {
  switch (command) {
    case 'help':
      return withMenu(say(turn, 'notice', messages.help()), turn);
    case 'person':
      return askForPerson('asked', turn);
    case 'restart':
      return withMenu({ ...say(turn, 'notice', messages.restarted()), session: forgetting(turn) }, turn);
    case 'nothing-to-stop':
      return turn.session.form ? obeyForm('continue', turn.session.form, turn) : say(turn, 'notice', messages.nothingToStop());
    case 'erase': {
      const cases = turn.session.cases.length + (turn.session.form ? 1 : 0);
      return offer(say(turn, 'notice', messages.confirmErasure(cases > 0)), [
        { label: messages.eraseLabel, pick: { kind: 'erasure', confirmed: true } },
        { label: messages.keepLabel, pick: { kind: 'erasure', confirmed: false } },
      ]);
    }
  }
}

/** A conversation begun anew: what was asked is forgotten, cases and an open form are not. */
function forgetting({ session: { cases, form } }: Turn) {
  return { ...newSession, cases, ...(form && { form }) };
}

function follow(pick: Pick, said: string, turn: Turn): Response {
  switch (pick.kind) {
    case 'topic':
      return followTopic(pick.topic, said, turn);
    case 'feedback':
      return takeFeedback(pick.useful, turn);
    case 'erasure':
      return pick.confirmed ? erase(turn) : keep(turn);
    case 'rating':
      return takeRating(pick.rating, turn);
    case 'act':
      return act(pick.act, turn);
  }
}

function followTopic(topic: string, said: string, turn: Turn): Response {
  // A topic offered days ago may be gone from the knowledge base since.
  const answered = turn.knowledge.entry(topic) ? giveAnswer({ id: topic, confidence: 1 }, said, turn) : answerQuestion(said, turn);
  const { form } = turn.session;
  if (!form || form.paused) return answered;
  const here = { ...turn, session: answered.session };
  return askAgain(form, here, { replies: answered.replies.map(withoutChoices), effects: answered.effects });
}

function refuseUnread(what: Unread, turn: Turn): Response {
  const { form } = turn.session;
  const told = messages.cannotRead(what);
  return form && !form.paused ? askAgain(form, turn, { said: [told] }) : say(turn, 'notice', told);
}

function keep(turn: Turn): Response {
  const { form } = turn.session;
  return form && !form.paused ? askAgain(form, turn, { said: [messages.kept()] }) : say(turn, 'notice', messages.kept());
}

/** 是的 and 不删 to the question whether everything shall be erased; 取消 means that, and not the form. */
function readErasure(text: string, turn: Turn): Response | undefined {
  if (!turn.session.choices.some(({ pick }) => pick.kind === 'erasure')) return undefined;
  const said = essence(text);
  if (/^(?:是|是的|确定|确认|对|对的|删|删吧|删掉|删除|都删|全删)+(?:吧|了)?$/.test(said)) return erase(turn);
  return /^(?:不|不删|别删|先不删|不要删?|不用|不了|算了|取消|否)+(?:除|了|吧)*$/.test(said) ? keep(turn) : undefined;
}

/** Nobody is there any more to be told. */
function forget(turn: Turn): TurnResult {
  return { session: newSession, replies: [], effects: [{ kind: 'eraseCustomer', cases: casesOf(turn), receipt: turn.turnId, gone: true }] };
}

function casesOf({ session: { cases, form } }: Turn): string[] {
  return [...new Set([...cases, ...(form?.number ? [form.number] : [])])];
}

function erase(turn: Turn): TurnResult {
  const all = casesOf(turn);
  const effects = [{ kind: 'eraseCustomer' as const, cases: all, receipt: turn.turnId }];
  return { ...say(turn, 'notice', messages.erased(turn.turnId, all.length > 0)), session: newSession, effects };
}

/** Carries out a choice that a form, or what was said about a case, has offered. */
function act(chosen: Act, turn: Turn): Response {
  const { form, inquiry } = turn.session;
  switch (chosen.do) {
    case 'start':
      return start({ ...(chosen.filingType && { filingType: chosen.filingType }), values: {} }, turn);
    case 'status':
      return tellCase(chosen.number, turn);
    case 'amend':
      return amendHeld(chosen.number, turn, (filed) => amend(filed, chosen.said, turn));
    case 'amend-item':
      return amendHeld(chosen.number, turn, (filed) => answerFor(filed, chosen.field, chosen.typed, turn, chosen.sure));
    case 'inquire':
      return inquire('', turn);
    case 'call-back':
      return askCallBack('needs-person', turn);
    case 'person':
      return askForPerson(chosen.reason, turn);
    case 'leave-queue':
      return leaveQueue(turn);
    case 'document':
      if (inquiry?.kind === 'document') return fileDocument(chosen.document, inquiry, turn);
      break;
  }
  return form ? actOnForm(chosen, form, turn) : say(turn, 'notice', messages.nothingToStop());
}

function actOnForm(chosen: Act, asked: Form, turn: Turn): Response {
  // Whatever else is picked, the question of the form that waited is settled with it.
  const form = chosen.do === 'settle' || chosen.do === 'document' ? asked : settled(asked);
  switch (chosen.do) {
    case 'choose':
      return choose({ ...form, chosen: [...form.chosen, chosen.answer] }, turn);
    case 'consent':
      return takeConsent(chosen.to, chosen.given, form, turn);
    case 'answer':
      return answerByChoice(chosen.field, chosen.value, form, turn);
    case 'change':
      return change([chosen.field], chosen.typed, form, turn);
    case 'settle':
      return settlePending(chosen.yes, form, turn);
    case 'document':
      return keepDocument(chosen.document, form, turn);
    case 'submit':
      return submit(form, turn, chosen.anyway);
    case 'continue':
    case 'pause':
    case 'cancel':
    case 'skip':
    case 'summary':
      return obeyForm(chosen.do, form, turn);
    case 'start':
    case 'status':
    case 'amend':
    case 'amend-item':
    case 'inquire':
    case 'call-back':
    case 'person':
    case 'leave-queue':
      return askAgain(form, turn);
  }
}

function takeFeedback(useful: boolean, turn: Turn): TurnResult {
  const { session, knowledge, agency } = turn;
  const { answered } = session;
  if (!answered) return say(turn, 'notice', messages.thanksForUseful());
  const noted = {
    session: { ...session, answered: { ...answered, useful } },
    // A second click on the same button says nothing new.
    effects:
      answered.useful === useful ? [] : [{ kind: 'recordFeedback' as const, topic: answered.topic, question: answered.question, useful }],
  };
  if (useful) return { ...say(turn, 'notice', messages.thanksForUseful()), ...noted };
  const entry = knowledge.entry(answered.topic);
  const neighbours = topicChoices(entry ? neighboursOf(entry, 3) : [], knowledge);
  const sorry = say(turn, 'notice', messages.sorryForNotUseful(agency));
  return { ...offer(sorry, [...neighbours, ...offerPerson('misses', turn)], messages.neighboursInvitation), ...noted };
}

function greet(turn: Turn): TurnResult {
  const greeted = withMenu(say(turn, 'smalltalk', messages.greeting(turn.agency)), turn);
  return { ...greeted, replies: greeted.replies.map((reply) => ({ ...reply, choices: [...reply.choices, startChoice] })) };
}

const startChoice = choice(messages.startLabel, { do: 'start' });

function withMenu(result: TurnResult, { knowledge }: Turn): TurnResult {
  return offer(result, topicChoices(knowledge.mostAsked, knowledge), messages.mostAskedInvitation);
}
