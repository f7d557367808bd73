import type { BuildPeer } from './peer.ts';

export interface PeerPlan {
  name: string;
  load: () => Promise<BuildPeer>;
  /** Into how many processes its questions are divided: for those that take long to ask, not for those that take long to build. */
  shards: number;
}

/** Those that take longest come first, so that they do not keep the others waiting at the end. Loaded only when asked for. */
export const peers: readonly PeerPlan[] = [
  { name: 'NLP.js neural', load: async () => (await import('./nlpjs.ts')).buildNlpJs, shards: 1 },
  { name: 'fuse.js default', load: async () => (await import('./fuse.ts')).buildFuse, shards: 16 },
  { name: 'fuse.js tokens', load: async () => (await import('./fuse.ts')).buildFuseTokens, shards: 16 },
  { name: 'MiniSearch', load: async () => (await import('./minisearch.ts')).buildMiniSearch, shards: 1 },
  { name: 'Orama', load: async () => (await import('./orama.ts')).buildOrama, shards: 1 },
  { name: 'FlexSearch', load: async () => (await import('./flexsearch.ts')).buildFlexSearch, shards: 1 },
  { name: 'BM25 words', load: async () => (await import('./bm25.ts')).buildBm25Words, shards: 1 },
  { name: 'BM25 bigrams', load: async () => (await import('./bm25.ts')).buildBm25Bigrams, shards: 1 },
];
