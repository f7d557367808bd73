import Fuse, { type IFuseOptions } from 'fuse.js';
import { type BuildPeer, bestByTopic, type Phrasing, type Search } from './peer.ts';

/** fuse.js as it comes: fuzzy matching of the whole message. */
export const buildFuse: BuildPeer = (phrasings) => searchWith(phrasings, {});

/** fuse.js looking for each word by itself, rare ones counting more. */
export const buildFuseTokens: BuildPeer = (phrasings, words) => searchWith(phrasings, { useTokenSearch: true, tokenize: words });

function searchWith(phrasings: readonly Phrasing[], options: IFuseOptions<Phrasing>): Search {
  const fuse = new Fuse(phrasings, { keys: ['text'], includeScore: true, ...options });
  // Its score is a distance: 0 is a perfect match, 1 none.
  return (text) => bestByTopic(fuse.search(text).map(({ item: { topic }, score = 1 }) => ({ topic, score: 1 - score })));
}
