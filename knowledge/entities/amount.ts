import { chineseNumber } from './chinese-number.ts';
import { visible } from './half-width.ts';
import { accepted, type Result, refused } from './result.ts';

/** `unit`: a large number that may be 元 or 万元; `currency`: in another one; `several`: more than one amount, or from one to another. */
export interface AmountProblem {
  code: 'amount-format';
  because?: 'unit' | 'currency' | 'several';
}

/**
 * A registered capital in 万元: 100万, 一百万, 1,000万元, 五百万人民币, 1000000元 (100), 1亿 (10000). A bare number is one of 万元, as the
 * question asks for it, unless it is so large that it was probably meant in 元.
 */
export function parseWan(typed: string): Result<number, AmountProblem> {
  const plain = plainNumber(typed);
  if (/[美欧港日英澳]元|[港澳台]币|美[金刀]|[欧英]镑?元?$|usd|eur|hkd|\$|€|£/i.test(plain))
    return refused({ code: 'amount-format', because: 'currency' });
  const amounts = [...plain.matchAll(amount)];
  const [first] = amounts;
  if (!first) return refused({ code: 'amount-format' });
  if (amounts.length > 1) return refused({ code: 'amount-format', because: 'several' });
  const { number = '', yuan } = first.groups ?? {};
  return inWan(number, yuan !== undefined);
}

/** How many people or things: 3, 3人, 三名, 没有. Not about how many (十来个, 3-5人). */
export function parseCount(typed: string): Result<number, { code: 'count-format' }> {
  const plain = plainNumber(typed).replace(/[。.!！]+$/, '');
  if (/^(?:(?:暂时|目前|现在)?(?:还)?没有?|暂?无|没)(?:人|的|呢|专业人员|人员|员工|了)*$/.test(plain)) return accepted(0);
  const amounts = [...plain.matchAll(amount)].map(({ groups }) => groups?.number ?? '');
  const [number = ''] = amounts;
  const count = chineseNumber(number);
  const vague = /[多几余来]|左右|大概|大约|约\d|以上|不到|超过|\d[+＋]/.test(plain);
  const whole = count !== undefined && Number.isSafeInteger(count) && count <= 1_000_000;
  return amounts.length === 1 && !vague && whole ? accepted(count) : refused({ code: 'count-format' });
}

const amount =
  /(?<![.\d])(?<number>(?:\d{1,15}(?:\.\d{1,6})?|[零〇一二两三四五六七八九壹贰叁肆伍陆柒捌玖十百千万亿萬億拾佰仟]){1,30})(?<yuan>元|圆|块|人民币|RMB)?/giu;

// From 十亿 on a bare number was hardly meant in 万元.
const largestBare = 100_000;

function inWan(number: string, yuan: boolean): Result<number, AmountProblem> {
  const value = chineseNumber(number);
  if (value === undefined || !Number.isFinite(value) || value > 1e14 || /\.\d.*\./.test(number)) return refused({ code: 'amount-format' });
  const bare = !yuan && !/[万亿萬億]/.test(number);
  if (bare && value >= largestBare) return refused({ code: 'amount-format', because: 'unit' });
  // To the 元, without the noise of division.
  return accepted(bare ? value : Math.round(value) / 10_000);
}

function plainNumber(typed: string): string {
  return visible(typed.slice(0, 500))
    .normalize('NFKC')
    .replace(/(?<=\d),(?=\d{3}(?!\d))/g, '')
    .replace(/\s+/g, '')
    .replace(/(?<=\d)w(?![a-z])/i, '万');
}
