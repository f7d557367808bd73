import { findCreditCodes } from '../../knowledge/entities/credit-code.ts';
import { findEmails } from '../../knowledge/entities/email.ts';
import { findIdNumbers } from '../../knowledge/entities/id-number.ts';
import { readLabelled, type StandsAsValue } from '../../knowledge/entities/labelled.ts';
import { findMobiles } from '../../knowledge/entities/phone.ts';
import type { FilingType } from '../../knowledge/filing/filing-case.ts';
import { type FieldKey, fieldKeys } from '../../knowledge/filing/form.ts';
import { chinaDay } from '../china-day.ts';
import { paragraphs } from '../say.ts';
import type { Response, Turn } from '../turn.ts';
import { yesOrNo } from './act.ts';
import { askConsent, askField, optionChoices, optionsToPick, proceed, progressOf } from './asking.ts';
import { type Taken, take, told } from './change.ts';
import { withForm } from './commit.ts';
import { consentNeeded } from './consent.ts';
import { explainProblem, problemCode } from './explain.ts';
import type { Reading } from './field.ts';
import { saysAbove, saysSame } from './fields/reading.ts';
import { fields } from './fields.ts';
import { asking, type Form, pastQuestion } from './form.ts';
import { standsAsValue } from './joined-values.ts';
import type { Problem } from './problems.ts';
import { exampleOf, shown } from './show.ts';
import { everyStepOf, openFields } from './steps.ts';
import * as wording from './wording.ts';

/** Reads words as the value of an item. */
export function read(key: FieldKey, typed: string, form: Form, { now }: Turn): Reading {
  return fields[key].read(typed, { values: form.values, today: chinaDay(now) });
}

/** Takes the words as the answer to the question that waits; undefined when they are none, with the problem for the caller to tell. */
export function answer(key: FieldKey, typed: string, form: Form, turn: Turn): Response | { problem: Problem } {
  const reading = read(key, typed, form, turn);
  if (!reading.ok) return { problem: reading.problem };
  const { value, suggestion } = reading.value;
  if (suggestion !== undefined) return confirm(key, suggestion, value, form, turn);
  return accept(key, take(form, key, reading.value, turn), form, turn);
}

/** What was accepted is repeated, unless it was a plain choice, and the form goes on. */
function accept(key: FieldKey, taken: Taken, before: Form, turn: Turn): Response {
  const isChange = before.values[key] !== undefined;
  const echo = isChange ? wording.changedTo(fields[key].label, shown(key, taken.form.values)) : echoOf(key, taken.form, before);
  return proceed(pastQuestion(taken.form, key), turn, { said: [echo, ...taken.remarks] });
}

function echoOf(key: FieldKey, form: Form, before: Form): string | undefined {
  const fresh = fieldKeys.filter((each) => form.values[each] !== undefined && before.values[each] === undefined);
  const isPlainChoice = fresh.length === 1 && fields[key].options !== undefined;
  return isPlainChoice || fresh.length === 0 ? undefined : wording.noted(fresh.map((each) => told(each, form.values)));
}

function confirm(key: FieldKey, value: string, typed: string, form: Form, turn: Turn): Response {
  const pending = { kind: 'confirm' as const, field: key, value, typed };
  const choices = yesOrNo(wording.yesThat, wording.noAsTyped);
  const text = wording.meant(shown(key, { ...form.values, [key]: value }));
  return withForm(turn, { ...form, pending }, [{ kind: 'ask', field: key, progress: progressOf(form), text, choices }]);
}

/** Says precisely what is wrong with a value, and how a good one looks. */
export function refuse(key: FieldKey, problem: Problem, form: Form, turn: Turn): Response {
  const example = exampleOf(fields[key], form.values);
  const explained = explainProblem(problem);
  const needsExample = example && optionChoices(key, form).length === 0 && !/例如|样子是|应该像/.test(explained);
  const text = paragraphs(explained, needsExample ? wording.exampleOf(example) : undefined);
  const reply = { kind: 'refuse' as const, field: key, problem: problemCode(problem), progress: progressOf(form), text };
  if ('suggestion' in problem && problem.suggestion !== undefined) {
    const pending = { kind: 'confirm' as const, field: key, value: problem.suggestion, typed: '' };
    const choices = yesOrNo(wording.yesThat, wording.noAgain);
    return withForm(turn, { ...asking(form, key), pending }, [{ ...reply, text: explained, choices }]);
  }
  return withForm(turn, asking(form, key), [{ ...reply, ...optionsToPick(key, form) }]);
}

/** An item and the words that were said for it. */
interface Said {
  key: FieldKey;
  typed: string;
}

/**
 * Takes several values from one message: a pasted paragraph of company data, or a name with a number. Undefined when the message
 * holds fewer than two.
 */
export function answerSeveral(text: string, form: Form, turn: Turn): Response | undefined {
  const found = valuesIn(text, form, turn);
  if (found.length < 2) return undefined;
  const personal = found.find(({ key }) => consentNeeded(form, key) === 'general');
  if (personal) return askConsent('general', form, turn, { said: [wording.beforeConsent()] });
  let state = form;
  const remarks: string[] = [];
  const problems: string[] = [];
  const keys: FieldKey[] = [];
  for (const { key, typed } of found) {
    if (consentNeeded(state, key)) {
      problems.push(wording.certificateNotTaken);
      continue;
    }
    const reading = read(key, typed, state, turn);
    if (!reading.ok) problems.push(`${fields[key].label}：${explainProblem(reading.problem)}`);
    else {
      const taken = take(state, key, reading.value, turn);
      keys.push(...fieldKeys.filter((each) => taken.form.values[each] !== state.values[each]));
      remarks.push(...taken.remarks);
      state = pastQuestion(taken.form, key);
    }
  }
  const lines = [...new Set(keys)].map((key) => told(key, state.values));
  const echo = lines.length > 0 ? wording.noted(lines) : undefined;
  return proceed(state, turn, { said: [echo, ...remarks, ...new Set(problems)] });
}

/** The values that a message names: by label, and by the shape of numbers that stand without one. */
function valuesIn(text: string, form: Form, turn: Turn): Said[] {
  const { filingType } = form;
  if (!filingType || text.length < shortestSeveral) return [];
  // What a case asks may depend on values in the same message, so that all it may ever ask counts.
  const labels = labelsOf(filingType);
  const labelled = readLabelled(text, labels.words, labels.stands);
  const shapes = shapesIn(text, turn);
  if (labelled.length + shapes.reduce((count, { values }) => count + values.length, 0) < 2) return [];
  const open = [...openFields(form), ...labels.keys.filter((key) => form.values[key] === undefined)];
  const said: Said[] = labelled.flatMap(({ label, value }) => {
    const named = labels.keys.filter((key) => namesOf(key).includes(label));
    const key = open.find((each) => named.includes(each)) ?? named[0];
    return key ? [{ key, typed: value }] : [];
  });
  const rest = labelled.reduce((left, { start, end }) => left.slice(0, start) + ' '.repeat(end - start) + left.slice(end), text);
  const taken = new Set(said.map(({ key }) => key));
  const name = nameBeside(rest, form, turn);
  if (name && !taken.has(name.key)) said.unshift(name);
  for (const { keys, values } of shapesIn(rest, turn)) {
    for (const value of values) {
      const key = [...(form.asked ? [form.asked] : []), ...open].find((each) => keys.includes(each) && !taken.has(each));
      if (!key) continue;
      taken.add(key);
      said.push({ key, typed: value });
    }
  }
  return said;
}

/** Two values and what says so take more characters than this; most answers are shorter, and need no search. */
const shortestSeveral = 9;

/** 王小明 13900139000: the person's name that is asked for, with numbers after it. */
function nameBeside(text: string, { asked }: Form, { now }: Turn): Said | undefined {
  if (!asked?.endsWith('eader.name') && asked !== 'legalRepresentative.name') return undefined;
  const [typed = ''] = text.trim().split(/[\s,，;；、:：]+/u);
  const { ok } = fields[asked].read(typed, { values: {}, today: chinaDay(now) });
  return ok ? { key: asked, typed } : undefined;
}

interface Labels {
  keys: FieldKey[];
  words: string[];
  stands: StandsAsValue;
}
const labelsByType = new Map<FilingType, Labels>();

/** What the items of a case are called. */
function labelsOf(type: FilingType): Labels {
  const known = labelsByType.get(type);
  if (known) return known;
  const keys: FieldKey[] = [...new Set<FieldKey>([...everyStepOf(type), 'contactName'])]; // never asked for, and often said
  const stands: StandsAsValue = (label, value) => keys.some((key) => namesOf(key).includes(label) && standsAsValue(label, value, key));
  const labels = { keys, words: keys.flatMap(namesOf), stands };
  labelsByType.set(type, labels);
  return labels;
}

function namesOf(key: FieldKey): string[] {
  const { label, names = [] } = fields[key];
  return [label, ...names];
}

/** Values known by their shape, and the items that hold such. */
function shapesIn(text: string, { now }: Turn): { keys: FieldKey[]; values: string[] }[] {
  if (!holdsNumber(text)) return [];
  const today = chinaDay(now);
  return [
    { keys: ['creditCode'], values: findCreditCodes(text).map(({ value }) => value.code) },
    { keys: idNumberFields, values: findIdNumbers(text, today).map(({ value }) => value.number) },
    { keys: mobileFields, values: findMobiles(text).map(({ value }) => value.number) },
    { keys: emailFields, values: findEmails(text).map(({ value }) => value.address) },
  ];
}

/** Whether there can be any: an @, or seven digits in whatever writing. */
function holdsNumber(text: string): boolean {
  return /[@＠]/.test(text) || (text.match(/[\p{N}〇零一二三四五六七八九幺]/gu)?.length ?? 0) >= 7;
}

const idNumberFields: FieldKey[] = ['filerLeader.idNumber', 'serviceLeader.idNumber', 'legalRepresentative.idNumber'];
const mobileFields: FieldKey[] = [
  'contactMobile',
  'filerLeader.mobile',
  'filerLeader.emergencyMobile',
  'serviceLeader.mobile',
  'serviceLeader.emergencyMobile',
  'newMobile',
];
const emailFields: FieldKey[] = ['filerLeader.email', 'serviceLeader.email'];

/**
 * A reply that is late by one question: words that are no answer to the question that waits, but plainly one to the question before.
 * It changes the earlier answer.
 */
export function answerEarlier(text: string, form: Form, turn: Turn): Response | undefined {
  const earlier = form.trail.at(-1);
  // 一样 repeats another answer, and was meant for the question that waits.
  if (earlier === undefined || fields[earlier].freeText || saysSame(text) || saysAbove(text)) return undefined;
  if (fields[earlier].options && !isLateChoice(text.trim())) return undefined;
  const reading = read(earlier, text, form, turn);
  if (!reading.ok || reading.value.suggestion !== undefined || reading.value.value === form.values[earlier]) return undefined;
  const taken = take(form, earlier, reading.value, turn);
  const said = [wording.taken(fields[earlier].label), wording.changedTo(fields[earlier].label, shown(earlier, taken.form.values))];
  return form.asked
    ? askField(form.asked, taken.form, turn, { said: [...said, ...taken.remarks] })
    : proceed(taken.form, turn, { said: [...said, ...taken.remarks] });
}

/** 老板的 can only be meant for an earlier question; 是, 没有 and numbers would fit any. */
function isLateChoice(text: string): boolean {
  return (
    [...text].length <= 8 &&
    /\p{Script=Han}{2}/u.test(text) &&
    !/^(?:不?是|没?有|没|不|能|对|好|可以|行|嗯|第?[\d一二三四五六七八九])/.test(text)
  );
}

/** A reply that comes before its question: words that are no answer now, but have the shape of an item that is still open. */
export function answerLater(text: string, form: Form, turn: Turn): Response | undefined {
  const [shape] = shapesIn(text, turn).filter(({ keys, values }) => values.length === 1 && !keys.some((key) => key === form.asked));
  // Who files may not be known yet, and with it what else is asked.
  const open = [...openFields(form), ...everyStepOf(form.filingType ?? 'initial').filter((key) => form.values[key] === undefined)];
  const keys = shape?.keys ?? (/ICP备/i.test(text.normalize('NFKC')) ? numberFields : []);
  const later = open.find((key) => keys.includes(key));
  if (later === undefined || later === form.asked || consentNeeded(form, later)) return undefined;
  const reading = read(later, shape?.values[0] ?? text, form, turn);
  if (!reading.ok || reading.value.suggestion !== undefined) return undefined;
  const taken = take(form, later, reading.value, turn);
  return proceed(taken.form, turn, { said: [wording.taken(fields[later].label), echoOf(later, taken.form, form), ...taken.remarks] });
}

const numberFields: FieldKey[] = ['serviceNumber', 'filerNumber'];
