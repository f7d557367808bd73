import { essence } from '../knowledge/text/normalize.ts';
import type { Choice, Pick } from './reply.ts';

const numerals = '一二三四五六七八九';

/** What the customer picks by label: also of a choice scrolled away, as long as it was offered last. */
export function readLabel(text: string, choices: readonly Choice[]): Pick | undefined {
  const said = essence(text);
  return choices.find((choice) => essence(choice.label) === said)?.pick;
}

/** What the customer picks by number: 2, 2.、第二个、二; undefined when the text is none. */
export function readNumber(text: string, choices: readonly Choice[]): Pick | undefined {
  const [, digits, numeral] = /^(?:第|选|选择|选项)*(?:(\d{1,2})|([一二三四五六七八九]))(?:个|项|条|号|题)?$/.exec(essence(text)) ?? [];
  const number = digits ? Number(digits) : numeral ? numerals.indexOf(numeral) + 1 : 0;
  return choices[number - 1]?.pick;
}
