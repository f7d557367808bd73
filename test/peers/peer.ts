import type { Segment } from '../../knowledge/text/segment.ts';

/** A reviewed text with the topic it belongs to; peers index one document for each. */
export interface Phrasing {
  topic: string;
  text: string;
}

/** A topic, or a document of it, that was found; whatever a peer calls its score, higher is better here. */
export interface Found {
  topic: string;
  score: number;
}

/** Topics for a message, best first, each once. */
export type Search = (text: string) => Found[] | Promise<Found[]>;

/** Indexes or trains. `words` cuts Chinese as our own matcher does, for peers that cannot. */
export type BuildPeer = (phrasings: readonly Phrasing[], words: Segment) => Search | Promise<Search>;

/** A topic's score is that of its best document. */
export function bestByTopic(documents: readonly Found[]): Found[] {
  const best = new Map<string, number>();
  for (const { topic, score } of documents) best.set(topic, Math.max(score, best.get(topic) ?? score));
  return [...best].map(([topic, score]) => ({ topic, score })).sort((a, b) => b.score - a.score);
}
