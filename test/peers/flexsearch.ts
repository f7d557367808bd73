import { Charset, Index } from 'flexsearch';
import { type BuildPeer, bestByTopic } from './peer.ts';

const limit = 300; // more than all documents of three topics

/**
 * FlexSearch on characters, tuned for ranking by its preset and allowed to miss some of them: without `suggest` every
 * character has to occur. It gives an order and no score, so the place has to serve as one: a topic leads when its
 * documents take the first places.
 */
export const buildFlexSearch: BuildPeer = (phrasings) => {
  const index = new Index({ preset: 'score', encoder: Charset.CJK });
  phrasings.forEach(({ text }, id) => {
    index.add(id, text);
  });
  return (text) => {
    const ids = index.search(text, { suggest: true, limit });
    return bestByTopic(ids.map((id, place) => ({ topic: phrasings[Number(id)]?.topic ?? '', score: 1 / (1 + place) })));
  };
};
