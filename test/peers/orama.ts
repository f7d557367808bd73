import { create, insertMultiple, search } from '@orama/orama';
import { createTokenizer } from '@orama/tokenizers/mandarin';
import { type BuildPeer, bestByTopic } from './peer.ts';

const limit = 300; // more than all documents of three topics

/** Orama with its own tokenizer for Mandarin (`Intl.Segmenter`), which does better here than our words. */
export const buildOrama: BuildPeer = async (phrasings) => {
  const database = create({ schema: { topic: 'string', text: 'string' }, components: { tokenizer: createTokenizer() } });
  await insertMultiple(database, phrasings);
  return async (term) => {
    const { hits } = await search(database, { term, properties: ['text'], limit });
    return bestByTopic(hits.map(({ score, document: { topic } }) => ({ topic, score })));
  };
};
