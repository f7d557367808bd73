/** The little that is used of packages which are installed only for a comparison, so that types are checked without them. */
declare module 'minisearch' {
  interface Options {
    fields: string[];
    tokenize?: (text: string) => string[];
  }
  export default class MiniSearch<T extends { id: number }> {
    constructor(options: Options);
    addAll(documents: readonly T[]): void;
    search(query: string): { id: number; score: number }[];
  }
}

declare module '@orama/orama' {
  interface Found {
    hits: { score: number; document: { topic: string } }[];
  }
  interface Database {
    readonly schema: Record<string, string>;
  }
  export function create(options: { schema: Record<string, string>; components: { tokenizer: unknown } }): Database;
  export function insertMultiple(database: Database, documents: readonly { topic: string; text: string }[]): unknown;
  export function search(database: Database, query: { term: string; properties: string[]; limit: number }): Found | Promise<Found>;
}

declare module '@orama/tokenizers/mandarin' {
  export function createTokenizer(): unknown;
}

declare module 'flexsearch' {
  export const Charset: { CJK: object };
  export class Index {
    constructor(options: { preset: string; encoder: object });
    add(id: number, text: string): void;
    search(query: string, options: { suggest: true; limit: number }): (number | string)[];
  }
}

declare module '@nlpjs/core' {
  export interface Container {
    use(plugin: unknown): void;
  }
  export function containerBootstrap(): Promise<Container>;
}

declare module '@nlpjs/lang-zh' {
  export const LangZh: unknown;
}

declare module '@nlpjs/nlp' {
  import type { Container } from '@nlpjs/core';
  export class Nlp {
    constructor(settings: { container: Container; autoSave: boolean; autoLoad: boolean });
    addLanguage(locale: string): void;
    addDocument(locale: string, utterance: string, intent: string): void;
    train(): Promise<void>;
    process(locale: string, utterance: string): Promise<{ classifications: { intent: string; score: number }[] }>;
  }
}
