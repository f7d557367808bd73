import type { FieldKey } from '../../knowledge/filing/form.ts';
import { essence } from '../../knowledge/text/normalize.ts';
import { answerQuestion } from '../faq.ts';
import { smallTalk } from '../messages.ts';
import { answerNotice } from '../returned-notice.ts';
import { andThen, withoutChoices } from '../say.ts';
import { readSmallTalk, type SmallTalk } from '../small-talk.ts';
import type { Response, Turn } from '../turn.ts';
import { choice } from './act.ts';
import { answer, answerEarlier, answerLater, answerSeveral, read, refuse } from './answer.ts';
import { askAgain, askConsent, askField, choose, optionChoices, proceed } from './asking.ts';
import { changedWithValue, fieldsNamed } from './change.ts';
import { readChoice, settle } from './choose.ts';
import { withForm } from './commit.ts';
import { consentNeeded } from './consent.ts';
import { keepAside, readDocument } from './documents.ts';
import { saysUnsure } from './fields/reading.ts';
import { fields, secretIn } from './fields.ts';
import { type Form, settled } from './form.ts';
import { type FormCommand, readFormCommand } from './form-commands.ts';
import { asksPlainly, asksSomething, readWish } from './intent.ts';
import { change, explainNamed, obey, unknownChange } from './obey.ts';
import type { Problem } from './problems.ts';
import { settlePending, takeConsent } from './settle.ts';
import { openFields } from './steps.ts';
import { submit } from './submit.ts';
import * as wording from './wording.ts';

/** What a customer with an open form says that is neither a command for everywhere nor a choice. */
export function readForForm(text: string, form: Form, turn: Turn): Response {
  if (secretIn(text)) return askAgain(form, turn, { said: [wording.secretsUnwanted()] });
  const pending = readPending(text, form, turn);
  if (pending) return pending;
  if (form.pending?.kind === 'document') return setAside(text, form, turn);
  const command = readFormCommand(text);
  const open = settled(form);
  if (command?.say === 'why-item') {
    const about = explainNamed(command, open, turn);
    if (about) return about;
  } else if (command && command.say !== 'change') return obey(command.say, open, turn);
  if (!open.filingType) return readForChoosing(text, open, turn);
  const named = command ? fieldsNamed(command.named, open) : [];
  if (command?.say === 'change' && named.length > 0) return change(named, command.typed, open, turn);
  const corrected = correct(text, open, turn) ?? (command?.say === 'change' ? changeWithValue(text, open, turn) : undefined);
  if (corrected) return corrected;
  const decoded = answerNoticeBetween(text, open, turn);
  if (decoded) return decoded;
  const field = form.asked;
  if (isQuestion(text, field, open, turn)) return answerBetween(text, open, turn);
  const several = answerSeveral(text, open, turn);
  if (several) return several;
  if (field === undefined) return readUnasked(text, command, open, turn);
  if (command?.say === 'change' && fields[field].freeText && meansChange.test(text.trim())) return unknownChange(open, turn);
  const answered = answer(field, text, open, turn);
  return 'problem' in answered ? readProblem(text, answered.problem, command, field, open, turn) : answered;
}

function changeWithValue(text: string, form: Form, turn: Turn): Response | undefined {
  const split = changedWithValue(text, form);
  return split && change(split.named, split.typed, form, turn);
}

/** Second thoughts: 不对，是个人; 改成公司; 那换成阿里云. What they change is the item that has such an answer, the latest first. */
function correct(text: string, form: Form, turn: Turn): Response | undefined {
  const typed = correction.exec(text.normalize('NFKC').trim())?.groups?.typed;
  const key = typed && correctedBy(typed, form, turn);
  if (!typed || !key || consentNeeded(form, key)) return undefined;
  const corrected = answer(key, typed, form, turn);
  return 'problem' in corrected ? undefined : corrected;
}

function correctedBy(typed: string, form: Form, turn: Turn): FieldKey | undefined {
  const { asked, trail, values } = form;
  const answers = (key: FieldKey): boolean => {
    const reading = read(key, typed, form, turn);
    return reading.ok && reading.value.value !== values[key];
  };
  if (asked !== undefined && fields[asked].options && answers(asked)) return asked;
  const given = [...new Set([...[...trail].reverse(), ...(Object.keys(values) as FieldKey[])])].filter((key) => values[key] !== undefined);
  const chosen = given.find((key) => fields[key].options && answers(key));
  const latest = trail.at(-1);
  return chosen ?? (latest !== undefined && values[latest] !== undefined && !/^(?:一?[个下]|别的|掉)/.test(typed) ? latest : undefined);
}

const correction =
  /^(?:(?:啊|哦|哎|等等|等一下)?[，, ]*(?:不对|错了|说错了|填错了|选错了|搞错了|弄错了|发错了|不好意思)+[，,。！! ]*(?:应该|我?要)?(?:就?是|改成|换成|为|选)?|(?:那|还是|我要)?(?:改成|改回|换回|换成|改为|换为|改选|换|选错了))[:： ]*(?<typed>.{1,100}?)(?:吧|了)?[。！!]?$/su;

/** 改一下那个: no name of a company or the like, which a free text would be. */
const meansChange = /^(?:我要|我想|帮我|请)?(?:把|将|改|修改|更改|换)(?!.*(?:公司|店|厂|社|所|中心|路|号|室)$).{0,12}$/u;

/** Files are never lost for what is said after them. */
function setAside(text: string, form: Form, turn: Turn): Response {
  return andThen(readForForm(text, keepAside(form, turn), turn), (result) => ({
    ...result,
    replies: [{ kind: 'notice', text: wording.filesAside, choices: [] }, ...result.replies],
  }));
}

/** A question that the knowledge base answers, said instead of an answer. In a short free text, whatever is a question by its form. */
function isQuestion(text: string, field: FieldKey | undefined, form: Form, turn: Turn): boolean {
  const isFree = field !== undefined && fields[field].freeText === true;
  const asks = isFree ? asksPlainly(text) : asksSomething(text);
  if (asks && isFree && [...text].length < shortestText) return true;
  if (!asks || turn.knowledge.match(text).decision !== 'answer') return false;
  return field === undefined || fields[field].freeText === true || !read(field, text, form, turn).ok;
}

/** Texts from here on may hold the words of questions. */
const shortestText = 20;

/** While consent is asked for, or the summary shown: 好的 submits, anything else is said beside it. */
function readUnasked(text: string, command: FormCommand | undefined, form: Form, turn: Turn): Response {
  const [next] = openFields(form);
  if (!next && agrees.test(text.trim())) return submit(form, turn, false);
  return command?.say === 'change' ? unknownChange(form, turn) : readAside(text, form, turn);
}

const agrees =
  /^(?:我)?(?:同意|可以|好|好的|好吧|行|没问题|嗯+|是|是的|对|对的|确认|确定|ok|okay|yes|y|愿意|接受|知道了|没错)[的了吧啊,，。.!！]*(?:继续)?[。.!！]*$/i;
const declines =
  /^(?:我)?(?:不同意|不可以|不行|不要|不|不愿意|不接受|拒绝|否|no|n|算了|别|不取消|别取消|不换|不清空|先不|接着填|继续填)[的了吧啊。.!！]*$/i;

const declinesConsent =
  /^(?:我|那|先)?(?:不同意|不可以|不行|不要|不|不愿意|不接受|拒绝|否|no|n|别|不给|不想给|不想填|不想说|不填|不在这里填|不方便)[的了吧啊。.!！]*$/i;
const worries =
  /不放心|不安全|安全[吗么不]|靠谱吗|泄露|泄漏|骗子?|为什么要|为啥要|凭什么|干嘛要|有什么用|(?:拿|用)(?:来|去)?(?:干嘛|做什么|干什么)/;

/** Words that are no answer: a late one to the question before, a question, small talk; else it is said what is wrong with them. */
function readProblem(text: string, problem: Problem, command: FormCommand | undefined, field: FieldKey, form: Form, turn: Turn): Response {
  if (command?.say === 'change') return unknownChange(form, turn);
  const elsewhere = answerEarlier(text, form, turn) ?? answerLater(text, form, turn);
  if (elsewhere) return elsewhere;
  const talk = readSmallTalk(text);
  if (talk) return talkBetween(talk, form, turn);
  if (asksSomething(text)) return answerBetween(text, form, turn);
  if (lacks.test(text.trim())) return askField(field, form, turn, { said: [wording.cannotSkip] });
  if (saysUnsure(text) || /^随便/.test(text)) return askField(field, form, turn, { said: [fields[field].why, wording.unsure] });
  return refuse(field, problem, form, turn);
}

/** A pasted rejection notice is decoded, and the form goes on. */
function answerNoticeBetween(text: string, form: Form, turn: Turn): Response | undefined {
  const notice = /退回|驳回|通过|不予|不符|不一致|有误|整改|核查/.test(text) ? answerNotice(text) : undefined;
  if (!notice || notice.causes === 0) return undefined;
  return askAgain(form, turn, { replies: [{ kind: 'notice', text: notice.text, provenance: notice.provenance, choices: [] }] });
}

/** 没有, 我没有别人的电话: there is nothing to fill in. */
const lacks = /^(?:我|我们|这个|暂时|目前|现在|都|也)*(?:真的?)?(?:没有?|无)(?!问题).{0,10}$/u;

/** A sigh is answered by how far it is, other small talk as ever; then the form goes on. */
function talkBetween(talk: SmallTalk, form: Form, turn: Turn): Response {
  const text = talk === 'complaint' && form.filingType ? wording.sorryInForm(openFields(form).length) : smallTalk(talk, turn.agency);
  return askAgain(form, turn, { replies: [{ kind: 'smalltalk', text, choices: [] }] });
}

/** Anything said while no item waits for an answer: a question, small talk, or words that have to wait. */
function readAside(text: string, form: Form, turn: Turn): Response {
  const talk = readSmallTalk(text);
  if (talk) return talkBetween(talk, form, turn);
  return asksSomething(text) ? answerBetween(text, form, turn) : askAgain(form, turn, { said: [wording.settleFirst] });
}

/** A question in between is answered, and the form goes on. */
function answerBetween(text: string, form: Form, turn: Turn): Response {
  const { replies, effects, session } = answerQuestion(fullQuestion(text, turn), turn);
  const here = { ...turn, session };
  const last = replies.at(-1);
  if (last?.kind === 'suggest') {
    const choices = [...last.choices, choice(wording.continueLabel, { do: 'continue' })];
    return withForm(here, form, [...replies.slice(0, -1), { ...last, choices }], effects);
  }
  return askAgain(form, here, { replies: replies.map(withoutChoices), effects });
}

/** 要多少钱, said in the middle of a form, is about the filing. */
function fullQuestion(text: string, { knowledge }: Turn): string {
  if (/备案|许可证/.test(text) || knowledge.match(text).decision === 'answer') return text;
  const full = `备案${text}`;
  return knowledge.match(full).decision === 'answer' ? full : text;
}

function readForChoosing(text: string, form: Form, turn: Turn): Response {
  const settledSoFar = settle(form.chosen);
  const label = settledSoFar.kind === 'question' ? readChoice(text, settledSoFar.choosing) : undefined;
  if (label) return choose({ ...form, chosen: [...form.chosen, label] }, turn);
  const { filingType } = asksSomething(text) ? {} : readWish(text);
  if (filingType) return proceed({ ...form, filingType }, turn, { said: [wording.opening(filingType)] });
  return readAside(text, form, turn);
}

/** The answer to a question of the form itself; undefined when the words are none, and the question is dropped. */
function readPending(text: string, form: Form, turn: Turn): Response | undefined {
  const { pending } = form;
  if (!pending || pending.kind === 'which') return undefined;
  if (pending.kind === 'document') return readDocument(text, form, turn);
  if (pending.kind === 'consent') return readConsent(text, pending.to, form, turn);
  if (agrees.test(text.trim())) return settlePending(true, form, turn);
  return declines.test(text.trim()) ? settlePending(false, form, turn) : undefined;
}

function readConsent(text: string, to: 'general' | 'certificates', form: Form, turn: Turn): Response | undefined {
  if (agrees.test(text.trim())) return takeConsent(to, true, form, turn);
  if (declinesConsent.test(text.trim())) return takeConsent(to, false, form, turn);
  return worries.test(essence(text)) ? askConsent(to, settled(form), turn, { said: [wording.whyConsent(to)] }) : undefined;
}

/** A choice that the form offered. */
export function answerByChoice(field: FieldKey, value: string, form: Form, turn: Turn): Response {
  if (form.filingType === undefined) return askAgain(form, turn);
  const label = optionChoices(field, form).find(
    ({ pick }) => pick.kind === 'act' && pick.act.do === 'answer' && pick.act.value === value,
  )?.label;
  const answered = label === undefined ? undefined : answer(field, label, settled(form), turn);
  if (!answered || 'problem' in answered) return askAgain(form, turn);
  return answered;
}
