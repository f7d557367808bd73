/** A value that a text gives with its label; `start` and `end` are offsets into the text, around both. */
export interface Labelled {
  /** As in the list of labels. */
  label: string;
  /** Without the space and the signs around it. */
  value: string;
  start: number;
  end: number;
}

/** Whether words that stand behind a label with nothing between are its value. */
export type StandsAsValue = (label: string, value: string) => boolean;

/**
 * The values in a pasted paragraph or list (公司名称：… 统一社会信用代码:9135…, 法定代表人 张三，住所：…), in its order. Labels are
 * those of the list only, longest first, and only where a line or a part of a sentence begins; between label and value stands a
 * colon, 是, a space, a tab or a new line, or nothing: before letters and digits, and before words that `stands` takes for a value.
 * A value ends where its line does, at ； or 。, and before the next label, known or not. Questions (手机号是什么) are no values.
 */
export function readLabelled(text: string, labels: readonly string[], stands: StandsAsValue = () => false): Labelled[] {
  if (labels.length === 0) return [];
  const heads = headsThatStand(text, headsIn(text, patternOf(labels)), stands);
  return heads.flatMap((head, at) => {
    const value = valueAfter(text, head, heads[at + 1]);
    if (value === '' || !fits(value, head.separator)) return [];
    return [{ label: head.label, value: withoutQuotes(value), start: head.start, end: head.valueAt + value.length }];
  });
}

const longestLabel = 16;
const longestValue = 1000;

type Separator = 'sign' | 'word' | 'space' | 'line' | 'none' | 'joined';

interface Head {
  label: string;
  start: number;
  valueAt: number;
  separator: Separator;
}

/** How a list of labels is found in texts; made once for each list, which should be one array for all texts. */
interface LabelPattern {
  pattern: RegExp;
  byPlain: ReadonlyMap<string, string>;
}
const patterns = new WeakMap<readonly string[], LabelPattern>();

function patternOf(labels: readonly string[]): LabelPattern {
  const made =
    patterns.get(labels) ?? makePattern([...new Set(labels)].filter((label) => label !== '' && [...label].length <= longestLabel));
  patterns.set(labels, made);
  return made;
}

function makePattern(labels: readonly string[]): LabelPattern {
  const byPlain = new Map(labels.map((label) => [plainLabel(label), label]));
  const longestFirst = [...labels].sort((a, b) => b.length - a.length).map(spaced);
  // On certificates the characters of a label are spread: 名 称, 住    所.
  const pattern = new RegExp(
    `(?<label>${longestFirst.join('|')})(?:[（(][^（()）\\n]{1,12}[）)])?(?:(?<sign>[】\\]]?[ \\t\\u3000]{0,4}[:：=＝|｜][ \\t\\u3000]{0,8}\\n?|[】\\]][ \\t]{0,4}|[ \\u3000]{0,4}\\t[ \\t\\u3000]{0,4})|(?<word>[ ]?(?:就?是|为|叫|改成|改为)[ ]?[:：]?[ ]?)|(?<line>[ \\t\\u3000]{0,4}\\r?\\n)|(?<space>[ \\u3000]{1,8})|(?<none>(?=[\\w+@.]{4}))|(?<joined>(?=[\\p{Script=Han}《“])))`,
    'giu',
  );
  return { pattern, byPlain };
}

/** Where labels stand, each with what separates it from its value. */
function headsIn(text: string, { pattern, byPlain }: LabelPattern): Head[] {
  return [...text.matchAll(pattern)].flatMap(({ groups = {}, index, 0: whole }) => {
    const label = byPlain.get(plainLabel(groups.label ?? ''));
    const separator = (['sign', 'word', 'line', 'space', 'none', 'joined'] as const).find((each) => groups[each] !== undefined);
    if (label === undefined || separator === undefined || !begins(text, index, separator)) return [];
    // A value in the line below stands there alone, below its label.
    const alone = /(?:^|\n)[ \t\u3000]*$/u.test(text.slice(Math.max(0, index - 20), index));
    if (separator === 'line' && !alone) return [];
    return [{ label, start: index, valueAt: index + whole.length, separator }];
  });
}

/** Whether a label can stand here: where a part of a sentence begins, or right after a value that is seen to end there. */
function begins(text: string, at: number, separator: Separator): boolean {
  const before = text.slice(Math.max(0, at - 6), at);
  if (partBegins.test(before)) return true;
  if (separator === 'none') return /^.{0,30}?[\d@.]/u.test(text.slice(at)) && /\p{Script=Han}{2}$|[A-Za-z\d]$/u.test(before);
  return separator === 'joined' && /(?:公司|工作室|事务所|[A-Za-z\d])$/u.test(before);
}

const partBegins = /(?:^|[^\p{Script=Han}\p{L}\p{N}]|[我们司]的|(?:^|[^\p{L}\p{N}])\d{1,2}[.、)）])$/u;

/** Without the labels that only begin a sentence. Whether one does shows in what follows it up to the next one that stands. */
function headsThatStand(text: string, heads: readonly Head[], stands: StandsAsValue): Head[] {
  const standing: Head[] = [];
  for (const head of heads.toReversed()) {
    if (head.separator !== 'joined' || stands(head.label, withoutQuotes(valueAfter(text, head, standing[0])))) standing.unshift(head);
  }
  return standing;
}

function valueAfter(text: string, head: Head, next: Head | undefined): string {
  const typed = text.slice(head.valueAt, Math.min(next?.start ?? text.length, head.valueAt + longestValue));
  return typed
    .slice(0, endOfValue(typed, head.separator))
    .trimEnd()
    .replace(/[，,；;。、|｜\s]+$/u, '');
}

function plainLabel(label: string): string {
  return label.replace(/[\s\u3000]/gu, '').toLowerCase();
}

function spaced(label: string): string {
  return [...label].map((character) => character.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('[ \\t\\u3000]{0,8}');
}

/** Where a value ends in the text after its separator. */
function endOfValue(typed: string, separator: Separator): number {
  const end = typed.search(ending);
  const comma = separator === 'sign' || separator === 'line' ? -1 : typed.search(separator === 'joined' ? /[，,\s]/u : /[，,]/u);
  return Math.min(end < 0 ? typed.length : end, comma < 0 ? typed.length : comma);
}

// A line's end, signs that end a part, or a label that is not known: 注册资本：.
const ending = /\n|\t|[；;|｜]|。(?![A-Za-z])|[，,、\s][\p{Script=Han}A-Za-z（）()]{2,12}[ \t]{0,2}[:：](?!\/\/)/u;

function fits(value: string, separator: Separator): boolean {
  if (/[?？]|[吗呢]$|什么|怎么|多少|哪|如何|不对|错了/u.test(value)) return false;
  if (separator === 'none') return /^[\w@.+-]{4,}$/.test(value);
  return separator === 'sign' || separator === 'line' || !/^(?:和|与|或|及|以及|都|也|要|不|没|能|可以|需要|必须|应该)/u.test(value);
}

function withoutQuotes(value: string): string {
  return value.replace(/^[《“"「]([^《》“”"「」]*)[》”"」]$/u, '$1').trim();
}
