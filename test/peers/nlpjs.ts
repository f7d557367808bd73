import { containerBootstrap } from '@nlpjs/core';
import { LangZh } from '@nlpjs/lang-zh';
import { Nlp } from '@nlpjs/nlp';
import type { BuildPeer } from './peer.ts';

/** NLP.js: a neural classifier with a topic for each intent, and its own reading of Chinese. */
export const buildNlpJs: BuildPeer = async (phrasings) => {
  const container = await containerBootstrap();
  container.use(LangZh);
  const nlp = new Nlp({ container, autoSave: false, autoLoad: false });
  nlp.addLanguage('zh');
  for (const { topic, text } of phrasings) nlp.addDocument('zh', text, topic);
  await nlp.train();
  return async (text) => {
    const { classifications } = await nlp.process('zh', text);
    // `None` is its own word for knowing of no topic.
    return classifications.filter(({ intent }) => intent !== 'None').map(({ intent, score }) => ({ topic: intent, score }));
  };
};
