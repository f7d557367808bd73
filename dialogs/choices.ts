import { essence } from '../knowledge/text/normalize.ts';
import type { Choice, Pick } from './reply.ts';
import { saidNumber } from './said-number.ts';

/** What the customer picks by label: also of a choice scrolled away, as long as it was offered last. */
export function readLabel(text: string, choices: readonly Choice[]): Pick | undefined {
  const said = essence(text);
  return choices.find((choice) => essence(choice.label) === said)?.pick;
}

/** What the customer picks by number: 2, 2.、第二个、二; undefined when the text is none. */
export function readNumber(text: string, choices: readonly Choice[]): Pick | undefined {
  return choices[(saidNumber(text) ?? 0) - 1]?.pick;
}
