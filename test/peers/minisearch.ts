import MiniSearch from 'minisearch';
import { type BuildPeer, bestByTopic } from './peer.ts';

export const buildMiniSearch: BuildPeer = (phrasings, words) => {
  const index = new MiniSearch<{ id: number; text: string }>({ fields: ['text'], tokenize: words });
  index.addAll(phrasings.map(({ text }, id) => ({ id, text })));
  return (text) => bestByTopic(index.search(text).map(({ id, score }) => ({ topic: phrasings[id]?.topic ?? '', score })));
};
