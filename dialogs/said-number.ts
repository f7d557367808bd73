import { essence, normalize } from '../knowledge/text/normalize.ts';

const numerals = '一二三四五六七八九';

/** The place in a list that a message names: 2, 2.、第二个、选二; undefined when it is none, or several (1、3). */
export function saidNumber(text: string): number | undefined {
  if (several.test(normalize(text))) return undefined;
  const [, digits, numeral] =
    /^(?:第|选|选择|选项|我选)*(?:(\d{1,2})|([一二三四五六七八九]))(?:个|项|条|号|题|种)?$/.exec(essence(text)) ?? [];
  return digits ? Number(digits) : numeral ? numerals.indexOf(numeral) + 1 : undefined;
}

/** Without the sign between them, two numbers would read as one. */
const several = /[\d一二三四五六七八九][^\p{L}\p{N}]+[\d一二三四五六七八九]/u;
