import type { Fault } from '../fault.ts';
import { wording } from './wording.ts';

const { check } = wording;

/** What the check says across entries, in the words of editors. A test holds that none is left out. */
const said: readonly (readonly [RegExp, (...parts: string[]) => string])[] = [
  [/^"(.*)" is already written for this entry: /s, check.twiceHere],
  [/^"(.*)" is already written for (\S+): /s, check.twice],
  [/^links to itself: /, check.linksToItself],
  [/^links to (\S+), which does not exist: /, check.deadLink],
  [/^reviewed (\S+) lies in the future: /, check.reviewedInFuture],
  [/^source (.*) is dated (\S+), in the future: /s, check.sourceInFuture],
  [/^expired on (\S+): /, check.expired],
  [/^has the same place (\d+) in the greeting as (\S+): /, check.samePlace],
  [/^its own question finds nothing: /, check.unreachable],
  [/^its own question finds (\S+): /, check.findsAnother],
];

/** A fault of the check as an editor reads it; one without a Chinese sentence is given as it is. */
export function wordCheckFault({ entry, message }: Fault): string {
  const sentence = said.flatMap(([pattern, words]) => {
    const [whole, ...parts] = pattern.exec(message) ?? [];
    return whole === undefined ? [] : [words(...parts)];
  })[0];
  return `${entry ? `${entry}：` : ''}${sentence ?? message}`;
}
