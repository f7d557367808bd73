/** Direct answers are to be right in this share; an answer to a message that no topic answers counts as wrong. */
export const statedPrecision = 0.98;

/** The best candidate for a labelled message, and whether it is the topic meant. */
export interface Guess {
  confidence: number;
  right: boolean;
}

/**
 * The lowest confidence at which the guesses from it upwards, or only the last `window` of them, are right in the stated share.
 * Undefined when no confidence is enough. Equal confidences stand or fall together.
 */
export function lowestConfidence(guesses: readonly Guess[], share: number, window = guesses.length): number | undefined {
  const sorted = [...guesses].sort((a, b) => b.confidence - a.confidence);
  let lowest: number | undefined;
  sorted.forEach(({ confidence }, at) => {
    if (sorted[at + 1]?.confidence === confidence) return;
    const among = sorted.slice(Math.max(0, at + 1 - window), at + 1);
    if (among.filter(({ right }) => right).length / among.length >= share) lowest = confidence;
  });
  return lowest;
}
