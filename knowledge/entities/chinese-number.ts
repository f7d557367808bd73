const digitOf: Readonly<Record<string, number>> = {
  零: 0,
  〇: 0,
  一: 1,
  壹: 1,
  二: 2,
  贰: 2,
  两: 2,
  三: 3,
  叁: 3,
  四: 4,
  肆: 4,
  五: 5,
  伍: 5,
  六: 6,
  陆: 6,
  七: 7,
  柒: 7,
  八: 8,
  捌: 8,
  九: 9,
  玖: 9,
};
const unitOf: Readonly<Record<string, number>> = { 十: 10, 拾: 10, 百: 100, 佰: 100, 千: 1000, 仟: 1000 };
const groupOf: Readonly<Record<string, number>> = { 万: 10_000, 萬: 10_000, 亿: 100_000_000, 億: 100_000_000 };

/**
 * A number in digits, Chinese numerals or both: 120, 1.5万, 一百二十, 1千万, 两亿三千万, 二〇二六. Undefined for anything else, such as
 * two numbers in a row or units that rise (十百).
 */
export function chineseNumber(text: string): number | undefined {
  if (/^[〇零一二三四五六七八九]{2,15}$/u.test(text)) return Number([...text].map((each) => digitOf[each]).join(''));
  const tokens = text.match(/\d{1,15}(?:\.\d{1,6})?|./gu) ?? [];
  if (tokens.length === 0) return undefined;
  const sum: Sum = { total: 0, section: 0, lastUnit: Number.POSITIVE_INFINITY };
  return tokens.every((token) => add(sum, token)) ? sum.total + sum.section + (sum.pending ?? 0) : undefined;
}

/** What has been read so far: whole groups of 万 and 亿, the group at hand, and a digit whose unit may follow. */
interface Sum {
  total: number;
  section: number;
  pending?: number | undefined;
  lastUnit: number;
}

/** False for a token that cannot follow. */
function add(sum: Sum, token: string): boolean {
  const unit = unitOf[token];
  const group = groupOf[token];
  const number = digitOf[token] ?? (/^\d/.test(token) ? Number(token) : undefined);
  if (unit !== undefined) return addUnit(sum, unit);
  if (group !== undefined) return addGroup(sum, group);
  if (number === undefined) return false;
  if (number === 0 && sum.pending === undefined && !/\d/.test(token)) return true;
  if (sum.pending !== undefined) return false;
  sum.pending = number;
  return true;
}

function addUnit(sum: Sum, unit: number): boolean {
  if (unit >= sum.lastUnit) return false;
  sum.section += (sum.pending ?? 1) * unit;
  sum.pending = undefined;
  sum.lastUnit = unit;
  return true;
}

function addGroup(sum: Sum, group: number): boolean {
  const before = sum.section + (sum.pending ?? 0);
  if (sum.pending === undefined && sum.section === 0 && sum.total === 0) return false;
  // 一万亿: the unit is of all that stands before it.
  sum.total = group > 10_000 ? (sum.total + before) * group : sum.total + before * group;
  sum.section = 0;
  sum.pending = undefined;
  sum.lastUnit = Number.POSITIVE_INFINITY;
  return true;
}
