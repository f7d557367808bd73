import { type FieldKey, fieldKeys, type Values } from '../../knowledge/filing/form.ts';
import { essence } from '../../knowledge/text/normalize.ts';
import { chinaDay } from '../china-day.ts';
import type { Turn } from '../turn.ts';
import { requireConsent } from './consent.ts';
import { explainProblem, explainRemark } from './explain.ts';
import type { Read } from './field.ts';
import { fields } from './fields.ts';
import { type Form, withValues } from './form.ts';
import { readFormCommand } from './form-commands.ts';
import type { Problem } from './problems.ts';
import { shown } from './show.ts';
import { dependents, stepsOf } from './steps.ts';
import * as wording from './wording.ts';

/** A form after values were taken, and what the customer is to be told about it. */
export interface Taken {
  form: Form;
  remarks: string[];
}

/**
 * Takes a value that was read, with what the same words said about other items, and reads again what depends on it: answers that no
 * longer hold are told and dropped.
 */
export function take(form: Form, key: FieldKey, { value, remarks = [], also = {} }: Read, turn: Turn): Taken {
  const others = Object.fromEntries(Object.entries(also).filter(([other]) => form.values[other as FieldKey] === undefined));
  const changed = form.values[key] !== undefined && form.values[key] !== value;
  requireConsent(form, [key, ...Object.keys(others)]);
  const taken = withValues(form, { ...others, [key]: value });
  const told = remarks.map(explainRemark);
  if (!changed) return { form: taken, remarks: told };
  const held = recheck(taken, key, turn);
  return { form: held.form, remarks: [...told, ...held.remarks] };
}

/** Drops what does not hold any more after an item has changed. */
function recheck(form: Form, key: FieldKey, turn: Turn): Taken {
  const values: Values = { ...form.values };
  const fallen = readsAgain(values, key, turn);
  for (const { dependent } of fallen) delete values[dependent];
  const remarks = fallen.map(({ dependent, problem }) =>
    wording.mustRefill(fields[dependent].label, fields[key].label, explainProblem(problem)),
  );
  return { form: { ...form, values }, remarks };
}

/** The answers that depend on an item and do not hold any more with the value it has now; one that falls counts for none after it. */
export function readsAgain(given: Values, key: FieldKey, { now }: Pick<Turn, 'now'>): { dependent: FieldKey; problem: Problem }[] {
  const values: Values = { ...given };
  return (dependents[key] ?? []).flatMap((dependent) => {
    const value = values[dependent];
    const reading = value === undefined ? undefined : fields[dependent].read(value, { values, today: chinaDay(now) });
    if (!reading || reading.ok) return [];
    delete values[dependent];
    return [{ dependent, problem: reading.problem }];
  });
}

/** What somebody wants changed (改手机号, 把邮箱改成 a@b.cn, 改接入商 华为云): the items it may be, and what to, if that was said. */
export function changeSaid(text: string, form: Form): { named: FieldKey[]; typed?: string } {
  const command = readFormCommand(text);
  const named = command?.say === 'change' ? fieldsNamed(command.named, form) : [];
  if (command?.say === 'change' && named.length > 0) return { named, ...(command.typed !== undefined && { typed: command.typed }) };
  return changedWithValue(text, form) ?? { named: [] };
}

/** 改接入商 华为云, in which 为 is no word between the two. */
export function changedWithValue(text: string, form: Form): { named: FieldKey[]; typed: string } | undefined {
  const said = /^(?:我)?(?:要|想|需要)?(?:改|修改|更改|更正|重填|换)(?:一下|下)?(?<rest>.+)$/su.exec(text.normalize('NFKC').trim())?.groups
    ?.rest;
  return said === undefined ? undefined : namedWithValue(said, form);
}

/** The items that a customer's word for them (手机号) may mean, those with an answer first. */
export function fieldsNamed(named: string, { filingType, values }: Form): FieldKey[] {
  const said = essence(named).replace(/^(?:我的?|那个|这个|刚才的?|上面的?)|(?:那项|这项|那一项|这一项)$/g, '');
  if (said === '' || !filingType) return [];
  const steps = new Set<FieldKey>(stepsOf(filingType, values));
  const candidates = fieldKeys.filter((key) => steps.has(key) || values[key] !== undefined);
  const exact = candidates.filter((key) => namesOf(key).includes(said));
  const found = exact.length > 0 ? exact : candidates.filter((key) => said.length > 1 && namesOf(key).some((name) => name.includes(said)));
  const answered = found.filter((key) => values[key] !== undefined);
  return answered.length > 0 ? answered : found;
}

/** 接入商 腾讯云: an item's name with what it is to be, said without a word between them. */
function namedWithValue(said: string, form: Form): { named: FieldKey[]; typed: string } | undefined {
  const words = said.trim();
  for (let end = Math.min(words.length - 1, longestName); end > 1; end -= 1) {
    const typed = words.slice(end).replace(/^[\s:：,，]+/u, '');
    const named = exactlyNamed(words.slice(0, end), form);
    if (named.length > 0 && typed !== '') return { named, typed };
  }
  return undefined;
}

const longestName = 14;

function exactlyNamed(said: string, form: Form): FieldKey[] {
  const plain = essence(said);
  return fieldsNamed(said, form).filter((key) => namesOf(key).includes(plain));
}

function namesOf(key: FieldKey): string[] {
  const { label, names = [] } = fields[key];
  return [label, ...names].map(essence);
}

/** Labels of the items that have an answer. */
export function answeredLabels({ values }: Form): string[] {
  return fieldKeys.flatMap((key) => (values[key] === undefined ? [] : [fields[key].label]));
}

/** "联系手机：138****5678", for telling what was taken. */
export function told(key: FieldKey, values: Values): string {
  return `${fields[key].label}：${shown(key, values)}`;
}
