import Fuse from 'fuse.js';
import { essence } from '../text/normalize.ts';

/** How well the best keyword of each of the topics fits a short, perhaps mistyped query: 1 is the same text, 0 nothing alike. */
export type KeywordLookup = (query: string, topics: readonly number[]) => Map<number, number>;

// Longer questions are sentences: there an edit distance says nothing, and a scan would cost more than the index.
const longestQuery = 8;

/** Share of the query that may be otherwise in the keyword. */
const mostWrong = 0.5;

/** Whether enough of the query's characters are in the keyword at all. With it looking up takes a tenth of the time, and finds the same. */
function mayFit(typed: string, keyword: string): boolean {
  let missing = 0;
  for (const character of typed) if (!keyword.includes(character)) missing += 1;
  return missing <= mostWrong * typed.length;
}

/**
 * fuse.js where an edit distance is the right tool: two to eight characters typed as into a search box, compared with
 * the keywords of the likeliest topics. It never decides the order among topics alone; it is evidence for the confidence.
 */
export function buildKeywordLookup(keywordsOf: readonly (readonly string[])[]): KeywordLookup {
  const options = { includeScore: true, threshold: mostWrong, distance: 20, ignoreFieldNorm: true };
  const keywords = new Map<number, readonly string[]>();
  const keywordsFor = (topic: number) => {
    const known = keywords.get(topic) ?? (keywordsOf[topic] ?? []).map(essence);
    keywords.set(topic, known);
    return known;
  };
  return (query, topics) => {
    const typed = essence(query);
    const best = new Map<number, number>();
    if (typed.length < 2 || typed.length > longestQuery) return best;
    for (const topic of topics) {
      const near = keywordsFor(topic).filter((keyword) => mayFit(typed, keyword));
      if (near.length === 0) continue;
      for (const { item, score = 1 } of new Fuse(near, options).search(typed)) {
        // fuse.js looks for the query inside the keyword; a short query inside a long keyword says less than a whole match.
        const fit = (1 - score) * Math.min(1, typed.length / item.length);
        best.set(topic, Math.max(best.get(topic) ?? 0, fit));
      }
    }
    return best;
  };
}
