import { accepted, refused } from '../../../knowledge/entities/result.ts';
import { essence, normalize } from '../../../knowledge/text/normalize.ts';
import { saidNumber } from '../../said-number.ts';
import type { Field, Option, Reading, Several } from '../field.ts';

type Options = NonNullable<Field['options']>;

/** Options in the order and with the labels of a table of `kinds.ts`. */
export function optionsFrom<Value extends string>(
  labels: Readonly<Record<Value, string | { label: string }>>,
  more: Partial<Record<Value, Omit<Option, 'value' | 'label'>>> = {},
): (Option & { value: Value })[] {
  return (Object.keys(labels) as Value[]).map((value) => {
    const named = labels[value];
    return { value, label: typeof named === 'string' ? named : named.label, ...more[value] };
  });
}

/** Reads one of the options: by its code, label, number, or words, the longest that a message has. */
export function choice(options: Options): Field['read'] {
  return (typed, { values }) => readOne(typed, typeof options === 'function' ? options(values) : options);
}

/** Reads several options, joined with 、 or alike. */
export function choices(options: Options, several: Several): Field['read'] {
  return (typed, { values }) => readSeveral(typed, typeof options === 'function' ? options(values) : options, several);
}

/** An item of which several options may be picked: what its entry in the table says of them. */
export function severalFrom(options: Options, several: Several = {}): Pick<Field, 'options' | 'several' | 'read'> {
  return { options, several, read: choices(options, several) };
}

/** 是 or 否, each with what customers say for it and what they are told; `unsure` with a label of its own. */
export function yesOrNo(yes: Told, no: Told, unsure?: Told): Option[] {
  const named = { yes: { ...yes, words: [...(yes.words ?? []), ...yesWords] }, no: { ...no, words: [...(no.words ?? []), ...noWords] } };
  return [
    { value: 'yes', ...named.yes },
    { value: 'no', ...named.no },
    ...(unsure ? [{ value: 'unsure', ...unsure, words: [...(unsure.words ?? []), ...unsureWords] }] : []),
  ];
}

type Told = Omit<Option, 'value'>;

export const unsureWords = ['不知道', '不清楚', '不确定', '不太清楚', '说不准', '不懂', '不了解', '忘了', '记不清', '没注意', '不晓得'];
const yesWords = [
  '是',
  '是的',
  '对',
  '对的',
  '有',
  '有的',
  '能',
  '能的',
  '可以',
  '行',
  '嗯',
  '好',
  '好的',
  '没问题',
  '当然',
  'yes',
  'y',
  'ok',
];
const noWords = ['不是', '否', '不', '没有', '没', '无', '不能', '不可以', '不行', '还没', '还没有', '不对', '不会', 'no', 'n'];

function readOne(typed: string, options: readonly Option[]): Reading {
  const picked = exactly(typed, options) ?? byNumber(typed, options);
  if (picked) return accepted(read(picked));
  // An address or a number answers another question, whatever words stand around it.
  const found = /[a-z0-9-]+\.[a-z]{2,}|@|\d{5}/i.test(typed.normalize('NFKC')) ? [] : mentioned(essence(typed), options);
  const [first] = found;
  if (found.length > 1) return refused({ code: 'choice-several', labels: found.map(({ label }) => label) });
  return first ? accepted(read(first)) : refused({ code: 'choice-unknown', labels: options.map(({ label }) => label) });
}

function readSeveral(typed: string, options: readonly Option[], { alone = [], most = Number.POSITIVE_INFINITY }: Several): Reading {
  const parsed = listOf(typed, options);
  if (!parsed) return refused({ code: 'choice-unknown', labels: options.map(({ label }) => label) });
  const picked = options.filter((option) => parsed.includes(option));
  const single = picked.find(({ value }) => alone.includes(value));
  if (single && picked.length > 1) return refused({ code: 'choice-exclusive', label: single.label });
  if (picked.length > most) return refused({ code: 'choice-too-many', most, picked: picked.length });
  const remarks = picked.flatMap(({ remark }) => remark ?? []);
  return accepted({ value: picked.map(({ value }) => value).join(','), ...(remarks.length > 0 && { remarks }) });
}

/** Every option that is named, or undefined when a part of the message names none. */
function listOf(typed: string, options: readonly Option[]): Option[] | undefined {
  const coded = typed.split(',').map((code) => options.find(({ value }) => value === code));
  if (coded.every((option) => option !== undefined)) return coded;
  const whole = exactly(typed, options);
  if (whole) return [whole];
  const plain = normalize(typed);
  const labelled = options.filter(({ label }) => plain.includes(normalize(label)));
  const rest = labelled.reduce((text, { label }) => text.replaceAll(normalize(label), ' '), plain);
  const parts = rest
    .split(separators)
    .map(essence)
    .filter((part) => !filler.test(part));
  const found = parts.map((part) => partOf(part, options));
  const all = [...labelled, ...found.flat()];
  return all.length > 0 && found.every((each) => each.length > 0) ? all : undefined;
}

const separators = /[、,;/|+&\s.。，；]|和|以及|还有|与/;
const filler = /^(?:我|我们|网站|app|会|要|有|都|也|的|等|选|选择|提供|涉及|做|了|号|项|第)*$/;

function partOf(part: string, options: readonly Option[]): Option[] {
  const numbered = exactly(part, options) ?? byNumber(part, options);
  if (numbered) return [numbered];
  // 135 picks three where there are fewer than ten to pick from.
  if (/^[1-9]{2,}$/.test(part) && options.length < 10) {
    const each = [...part].map((digit) => options[Number(digit) - 1]);
    return each.every((option) => option !== undefined) ? each : [];
  }
  return mentioned(part, options);
}

function read({ value, remark }: Option): { value: string; remarks?: [NonNullable<Option['remark']>] } {
  return remark ? { value, remarks: [remark] } : { value };
}

function exactly(typed: string, options: readonly Option[]): Option | undefined {
  const said = essence(typed);
  return (
    options.find(({ value }) => value === typed) ??
    options.find((option) => spokenFor(option)[0] === said) ??
    options.find((option) => spokenFor(option).includes(said))
  );
}

function byNumber(said: string, options: readonly Option[]): Option | undefined {
  return options[(saidNumber(said) ?? 0) - 1];
}

/** The options whose words stand in the message; a word inside a longer one (有 in 没有) does not count. */
function mentioned(said: string, options: readonly Option[]): Option[] {
  const words = options
    .flatMap((option) => spokenFor(option).map((word) => ({ option, word })))
    .sort((a, b) => b.word.length - a.word.length);
  const found = new Set<Option>();
  let isPlain = false;
  for (let at = 0; at < said.length; ) {
    const hit = words.find(({ word }) => said.startsWith(word, at) && (word.length > 1 || stands(said, at)));
    if (hit) found.add(hit.option);
    isPlain ||= hit !== undefined && (!isYesOrNo(hit.option, hit.word) || leads.test(said.slice(0, at)));
    at += hit?.word.length ?? 1;
  }
  return isPlain ? [...found] : [];
}

/** 还没 in 服务码还没弄 answers no question of yes or no: such words count where the message begins with them, or beside others. */
function isYesOrNo({ value }: Option, word: string): boolean {
  return (value === 'yes' && yesWords.includes(word)) || (value === 'no' && noWords.includes(word));
}

const leads = /^(?:我们?|我的|暂时|现在|目前|应该|这个|都|也|肯定|好像|其实|嗯|哦|那|就|全|本来|公司|他|她|它)*$/;

/** The label and the words of an option, made plain once: the tables hold hundreds of them. */
function spokenFor(option: Option): readonly string[] {
  const known = spoken.get(option);
  if (known) return known;
  const words = [option.label, ...(option.words ?? [])].map(essence);
  spoken.set(option, words);
  return words;
}

const spoken = new WeakMap<Option, readonly string[]>();

/** A single character counts at the beginning of a short answer only: 是的呀, but not 我们公司是做外贸的. */
function stands(said: string, at: number): boolean {
  return said.length <= 6 && leads.test(said.slice(0, at));
}
