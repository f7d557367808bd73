import { type BuildPeer, bestByTopic, type Phrasing, type Search } from './peer.ts';

// The usual values; see Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009).
const k1 = 1.2;
const b = 0.75;

/** Okapi BM25 over documents that are cut into terms. Gives the score of each document that shares a term with the query. */
export class Bm25 {
  readonly #postings = new Map<string, { document: number; gain: number }[]>();

  constructor(documents: readonly (readonly string[])[]) {
    const average = documents.reduce((sum, { length }) => sum + length, 0) / Math.max(1, documents.length);
    documents.forEach((terms, document) => {
      const counts = new Map<string, number>();
      for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
      const size = 1 - b + (b * terms.length) / average;
      for (const [term, count] of counts) this.#postingsOf(term).push({ document, gain: (count * (k1 + 1)) / (count + k1 * size) });
    });
    for (const postings of this.#postings.values()) {
      const rarity = Math.log(1 + (documents.length - postings.length + 0.5) / (postings.length + 0.5));
      for (const posting of postings) posting.gain *= rarity;
    }
  }

  search(terms: readonly string[]): Map<number, number> {
    const scores = new Map<number, number>();
    for (const term of terms) {
      for (const { document, gain } of this.#postings.get(term) ?? []) scores.set(document, (scores.get(document) ?? 0) + gain);
    }
    return scores;
  }

  #postingsOf(term: string) {
    const known = this.#postings.get(term) ?? [];
    this.#postings.set(term, known);
    return known;
  }
}

/** Every two neighbouring letters, digits or characters; a single one stands for itself. */
export function bigrams(text: string): string[] {
  const characters = [...text].filter((character) => /[\p{L}\p{N}]/u.test(character));
  return characters.length < 2 ? characters : characters.slice(1).map((character, at) => `${characters[at]}${character}`);
}

export const buildBm25Words: BuildPeer = (phrasings, words) => searchWith(phrasings, words);

export const buildBm25Bigrams: BuildPeer = (phrasings) => searchWith(phrasings, bigrams);

function searchWith(phrasings: readonly Phrasing[], cut: (text: string) => string[]): Search {
  const index = new Bm25(phrasings.map(({ text }) => cut(text)));
  return (text) =>
    bestByTopic([...index.search(cut(text))].map(([document, score]) => ({ topic: phrasings[document]?.topic ?? '', score })));
}
