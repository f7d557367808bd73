/** A value that a text gives with its label; `start` and `end` are offsets into the text, around both. */
export interface Labelled {
  /** As in the list of labels. */
  label: string;
  /** Without the space and the signs around it. */
  value: string;
  start: number;
  end: number;
}

/**
 * The values in a pasted paragraph or list (公司名称：… 统一社会信用代码:9135…, 法定代表人 张三，住所：…), in its order. Labels are
 * those of the list only, longest first, and only where a line or a part of a sentence begins; between label and value stands a
 * colon, 是, a space, a tab or a new line, or nothing before letters and digits. A value ends where its line does, at ； or 。, and
 * before the next label, known or not. Questions (手机号是什么) are no values.
 */
export function readLabelled(text: string, labels: readonly string[]): Labelled[] {
  if (labels.length === 0) return [];
  const heads = headsIn(text, patternOf(labels));
  return heads.flatMap((head, at) => {
    const typed = text.slice(head.valueAt, Math.min(heads[at + 1]?.start ?? text.length, head.valueAt + longestValue));
    const value = typed
      .slice(0, endOfValue(typed, head.separator))
      .trimEnd()
      .replace(/[，,；;。、|｜\s]+$/u, '');
    if (value === '' || !fits(value, head.separator)) return [];
    return [{ label: head.label, value: withoutQuotes(value), start: head.start, end: head.valueAt + value.length }];
  });
}

const longestLabel = 16;
const longestValue = 1000;

type Separator = 'sign' | 'word' | 'space' | 'line' | 'none';

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
    `(?<=^|[^\\p{Script=Han}\\p{L}\\p{N}]|\\n|[我们司]的|(?<![\\p{L}\\p{N}])\\d{1,2}[.、)）])(?<label>${longestFirst.join('|')})(?:[（(][^（()）\\n]{1,12}[）)])?(?:(?<sign>[】\\]]?[ \\t\\u3000]{0,4}[:：=＝|｜][ \\t\\u3000]{0,8}\\n?|[】\\]][ \\t]{0,4}|[ \\u3000]{0,4}\\t[ \\t\\u3000]{0,4})|(?<word>[ ]?(?:就?是|为|叫|改成|改为)[ ]?[:：]?[ ]?)|(?<line>[ \\t\\u3000]{0,4}\\r?\\n)|(?<space>[ \\u3000]{1,8})|(?<none>(?=[\\w+@.]{4})))`,
    'giu',
  );
  return { pattern, byPlain };
}

/** Where labels stand, each with what separates it from its value. */
function headsIn(text: string, { pattern, byPlain }: LabelPattern): Head[] {
  return [...text.matchAll(pattern)].flatMap(({ groups = {}, index, 0: whole }) => {
    const label = byPlain.get(plainLabel(groups.label ?? ''));
    const separator = (['sign', 'word', 'line', 'space', 'none'] as const).find((each) => groups[each] !== undefined);
    if (label === undefined || separator === undefined) return [];
    // A value in the line below stands there alone, below its label.
    const alone = /(?:^|\n)[ \t\u3000]*$/u.test(text.slice(Math.max(0, index - 20), index));
    if (separator === 'line' && !alone) return [];
    return [{ label, start: index, valueAt: index + whole.length, separator }];
  });
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
  const comma = separator === 'sign' || separator === 'line' ? -1 : typed.search(/[，,]/u);
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
