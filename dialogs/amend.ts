import { type CaseChange, type FilingCase, isWithAgency } from '../knowledge/filing/filing-case.ts';
import { type FieldKey, fieldKeys, type Values } from '../knowledge/filing/form.ts';
import { maskSecrets } from '../knowledge/text/mask.ts';
import { essence } from '../knowledge/text/normalize.ts';
import * as wording from './case-wording.ts';
import { chinaDay } from './china-day.ts';
import { choice } from './intake/act.ts';
import { answeredLabels, changeSaid, readsAgain } from './intake/change.ts';
import { explainProblem, explainRemark } from './intake/explain.ts';
import type { Read } from './intake/field.ts';
import { fields, secretIn } from './intake/fields.ts';
import { type Form, newForm } from './intake/form.ts';
import { readFormCommand } from './intake/form-commands.ts';
import { asksSomething, readIntent } from './intake/intent.ts';
import { exampleOf, shown } from './intake/show.ts';
import { stepsOf } from './intake/steps.ts';
import { changeFilingLabel, exampleOf as exampleWords, meant, noAsTyped, secretsUnwanted, yesThat } from './intake/wording.ts';
import { askProof } from './proof.ts';
import { offer, paragraphs, say } from './say.ts';
import type { Inquiry } from './session.ts';
import type { Response, Turn, TurnResult } from './turn.ts';

/** The change that somebody wants in a case they have submitted (改一下手机号, 案子里的域名写错了), in their words; undefined when it is none. */
export function wantedAmendment(text: string, { session }: Turn): string | undefined {
  const plain = text.normalize('NFKC').trim();
  const said = plain.replace(polite, '').replace(ofCase, '').replace(politeEnd, '');
  if (asksSomething(said) || !saysChange(said)) return undefined;
  if (ofCase.test(plain.replace(polite, ''))) return said;
  return submittedOf(session).length > 0 && namesItem(said) ? said : undefined;
}

const polite = /^(?:你好|您好|请问|请|麻烦|帮我|帮忙|给我|能不能|可不可以|可以|能|我想|我要|需要|[,，。!！ ])+/u;
const politeEnd = /(?:一下)?[,， ]*(?:可以吗|行吗|好吗|吗|么|谢谢)[。.?？!！]*$/u;
const ofCase =
  /(?:我|我们)?的?(?:案子|案件|受理单|单子|申请单?|(?:已经|刚才?|之前|上次)?(?:提交|交)(?:了)?的(?:备案|资料|信息|内容|申请)?)(?:里面?|上面?|中)?的?/u;

function saysChange(said: string): boolean {
  return readFormCommand(said)?.say === 'change' || changes.test(said);
}

const changes = /^(?:改|修改|更改|更正|换)(?:一下|下)?/u;

/** 改手机号, 邮箱写错了: an item by the name it has. */
function namesItem(said: string): boolean {
  const command = readFormCommand(said);
  const named = essence(command?.say === 'change' ? command.named : said.replace(changes, ''));
  return fieldKeys.some((key) => [fields[key].label, ...(fields[key].names ?? [])].some((name) => named.startsWith(essence(name))));
}

function submittedOf({ cases, form }: Turn['session']): string[] {
  return cases.filter((number) => number !== form?.number);
}

/** Takes up the change that somebody wants: in the one case of this conversation, in the one they pick, or in one they prove to be theirs. */
export function startAmendment(said: string, turn: Turn): Response {
  const numbers = submittedOf(turn.session);
  const [number] = numbers;
  if (number === undefined) return askProof({ kind: 'proof', wants: said }, '', turn, (filed, after) => amend(filed, said, after));
  if (numbers.length === 1) return amendHeld(number, turn, (filed) => amend(filed, said, turn));
  const choices = numbers.slice(-5).map((each) => choice(each, { do: 'amend', number: each, said }));
  return offer(say(turn, 'notice', wording.whichCaseToAmend), choices);
}

/** Goes on with a case that this conversation holds. */
export function amendHeld(number: string, turn: Turn, next: (filed: FilingCase) => Response): Response {
  if (!turn.found) return { lookUp: { kind: 'readCase', number } };
  return turn.found.kind === 'case' ? next(turn.found.case) : say(turn, 'notice', wording.caseGone(number));
}

/** The change, in a case that is known to be theirs; how far the case is decides what becomes of it. */
export function amend(filed: FilingCase, said: string, turn: Turn): Response {
  if (secretIn(said)) return say(turn, 'notice', secretsUnwanted());
  const { named, typed } = changeSaid(said, formOf(filed));
  const [key, second] = named;
  if (!isWithAgency(filed.state)) return leaveToStaff(filed, said, key, turn);
  const held = holding(filed, turn);
  if (key === undefined) return tell(held.session, filed, wording.whichItem(answeredLabels(formOf(filed))), held.effects);
  if (second === undefined) return amendItem(filed, key, typed, turn, false);
  const choices = named.map((field) =>
    choice(`改${fields[field].label}`, { do: 'amend-item', number: filed.number, field, ...(typed !== undefined && { typed }) }),
  );
  return offer(tell(held.session, filed, wording.whichOfItems, held.effects), choices);
}

/** Changes one item, or asks what to. */
function amendItem(filed: FilingCase, key: FieldKey, typed: string | undefined, turn: Turn, sure: boolean): Response {
  const { values, number } = filed;
  const held = holding(filed, turn);
  const { label, privacy } = fields[key];
  // What they would not give in the chat stays with the person who collects it.
  if (privacy === 'certificate' && values[key] === undefined) return leaveToStaff(filed, typed ?? label, key, turn);
  const asking = { ...held.session, inquiry: { kind: 'amend' as const, number, field: key } };
  if (typed === undefined) return tell(asking, filed, wording.askNewValue(number, label, shown(key, values)), held.effects);
  const reading = fields[key].read(typed, { values, today: chinaDay(turn.now) });
  if (!reading.ok) {
    const example = exampleOf(fields[key], values);
    const text = paragraphs(explainProblem(reading.problem), example && exampleWords(example), wording.leaveAmendment);
    return tell(asking, filed, text, held.effects);
  }
  const { suggestion } = reading.value;
  if (suggestion !== undefined && !sure) {
    const text = meant(shown(key, { ...values, [key]: suggestion }));
    const item = { do: 'amend-item' as const, number, field: key };
    const choices = [choice(yesThat, { ...item, typed: suggestion }), choice(noAsTyped, { ...item, typed, sure: true })];
    return offer(tell(asking, filed, text, held.effects), choices);
  }
  return keepValue(filed, key, typed, reading.value, turn);
}

function keepValue(filed: FilingCase, key: FieldKey, typed: string, { value, remarks = [] }: Read, turn: Turn): Response {
  const { values, number } = filed;
  const { label } = fields[key];
  const from = values[key];
  const session = withoutInquiry(holding(filed, turn).session);
  if (from === value) return tell(session, filed, wording.sameAlready(label, shown(key, values)), holding(filed, turn).effects);
  const next = { ...values, [key]: value };
  if (!standsAlone(filed, key, next, turn)) return leaveToStaff(filed, typed, key, turn);
  const change: CaseChange = { kind: 'value', at: turn.now, field: key, ...(from !== undefined && { from }), to: value };
  const text = paragraphs(wording.amended(number, label, from && shown(key, values), shown(key, next)), ...remarks.map(explainRemark));
  return tell(session, filed, text, [save({ ...filed, values: next }, change, turn)]);
}

/** Whether nothing else hangs on the value: neither what the case asks for, nor another answer. */
export function standsAlone({ filingType, values }: FilingCase, key: FieldKey, next: Values, turn: Pick<Turn, 'now'>): boolean {
  const steps = (each: Values) => stepsOf(filingType, each).join();
  return steps(values) === steps(next) && readsAgain(next, key, turn).length === 0;
}

/** The wish is noted with the case, and the customer told what comes of it. */
function leaveToStaff(filed: FilingCase, said: string, field: FieldKey | undefined, turn: Turn): TurnResult {
  const { number, state } = filed;
  const session = withoutInquiry(holding(filed, turn).session);
  if (state === 'cancelled' || state === 'erased') return tell(session, filed, wording.amendEnded(number), []);
  const note: CaseChange = { kind: 'note', at: turn.now, ...(field && { field }), said: maskSecrets(said.slice(0, mostSaid)) };
  const told = tell(session, filed, wording.leftToStaff(number, state), [save(filed, note, turn)]);
  return state === 'approved' ? offer(told, [choice(changeFilingLabel, { do: 'start', filingType: 'change' })]) : told;
}

const mostSaid = 300;

/** The answer to what an item is to be changed to; undefined when the customer turns to something else. */
export function answerAmendment(text: string, { number, field }: Extract<Inquiry, { kind: 'amend' }>, turn: Turn): Response | undefined {
  if (secretIn(text)) return say(turn, 'notice', secretsUnwanted());
  if (readIntent(text) || wantedAmendment(text, turn) !== undefined) return undefined;
  const asks = asksSomething(text) && (!fields[field].freeText || /[?？]\s*$/.test(text));
  return asks ? undefined : amendHeld(number, turn, (filed) => answerFor(filed, field, text, turn));
}

/** One item of a case, which may have been passed on since it was spoken of. */
export function answerFor(filed: FilingCase, field: FieldKey, typed: string | undefined, turn: Turn, sure = false): Response {
  return isWithAgency(filed.state)
    ? amendItem(filed, field, typed, turn, sure)
    : leaveToStaff(filed, typed ?? fields[field].label, field, turn);
}

/** The case as a form has it, for finding its items by their names. */
function formOf({ filingType, values, startedAt, number }: FilingCase): Form {
  return { ...newForm(number, startedAt), filingType, values };
}

/** This conversation holds the case from now on; another one that did is told. */
function holding(filed: FilingCase, { session }: Turn): Pick<TurnResult, 'session' | 'effects'> {
  if (session.cases.includes(filed.number)) return { session, effects: [] };
  return { session: { ...session, cases: [...session.cases, filed.number] }, effects: [{ kind: 'saveCase', case: filed, takeOver: true }] };
}

function save(filed: FilingCase, change: CaseChange, { session }: Turn): TurnResult['effects'][number] {
  const changed = { ...filed, changes: [...(filed.changes ?? []), change] };
  return { kind: 'saveCase', case: changed, ...(!session.cases.includes(filed.number) && { takeOver: true as const }) };
}

function withoutInquiry({ inquiry: _, ...session }: Turn['session']): Turn['session'] {
  return session;
}

function tell(session: Turn['session'], { number }: FilingCase, text: string, effects: TurnResult['effects']): TurnResult {
  return { session, replies: [{ kind: 'status', caseNumber: number, text, choices: [] }], effects };
}
