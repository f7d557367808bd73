import type { FaqEntry } from '../faq-entry.ts';
import type { OutOfScope } from '../out-of-scope.ts';
import { gist } from '../text/framing.ts';
import { essence } from '../text/normalize.ts';
import type { Segment } from '../text/segment.ts';
import { type ReaderFiles, TextReader } from './text-reader.ts';
import { indexTopics, type StateBefore, type TopicIndexState } from './topic-index.ts';

/** What is indexed: the topics, and messages that none of them answers, by subject. */
export interface Indexed {
  entries: readonly FaqEntry[];
  outOfScope: readonly OutOfScope[];
}

/** What takes long to make from the entries, and can be kept in a file. */
export interface FaqIndexState {
  topics: TopicIndexState;
  /** The trade's Latin words. */
  latinWords: ReadonlySet<string>;
  /** The topic of each text by its gist, for questions that are asked word for word. */
  exact: ReadonlyMap<string, number>;
}

/** Reads and indexes all that may be asked, once. */
export function indexEntries(content: Indexed, segment: Segment, files: ReaderFiles): FaqIndexState {
  return new Indexer(segment, files).index(content);
}

/** Indexes again and again: what was so before an edit is neither read nor learned again. */
export class Indexer {
  readonly #segment: Segment;
  readonly #files: ReaderFiles;
  #reader: TextReader | undefined;
  #before: { content: Indexed; state: FaqIndexState } | undefined;

  constructor(segment: Segment, files: ReaderFiles) {
    this.#segment = segment;
    this.#files = files;
  }

  index(content: Indexed): FaqIndexState {
    const texts = content.entries.map(textsOf);
    const others = content.outOfScope.map(messagesOf);
    const latinWords = new Set(texts.flat().flatMap((text) => text.toLowerCase().match(/[a-z]+/g) ?? []));
    const reader = new TextReader(this.#segment, latinWords, this.#files, this.#reader);
    const encoded = [...texts, ...others].map((own) => own.map((text) => reader.encode(text)));
    // The next start has little to read anew after some edits.
    if (!this.#reader) reader.keep();
    const state = {
      topics: indexTopics(encoded, texts.length, reader.vocabulary, this.#stateBefore(namesOf(content), [...texts, ...others])),
      latinWords,
      exact: new Map(content.entries.flatMap((entry, topic) => gistsOf(entry).map((text) => [text, topic] as const))),
    };
    this.#reader = reader;
    this.resume(content, state);
    return state;
  }

  /** Goes on from what was indexed elsewhere. */
  resume(content: Indexed, state: FaqIndexState): void {
    this.#before = { content, state };
  }

  #stateBefore(names: readonly string[], texts: readonly (readonly string[])[]): StateBefore | undefined {
    if (!this.#before) return undefined;
    const { content, state } = this.#before;
    const places = new Map(namesOf(content).map((name, topic) => [name, topic]));
    const textsBefore = [...content.entries.map(textsOf), ...content.outOfScope.map(messagesOf)].map((own) => new Set(own));
    const topicOf = (topic: number) => places.get(names[topic] as string);
    return {
      state: state.topics,
      topicOf,
      had: (topic, place) => textsBefore[topicOf(topic) ?? -1]?.has(texts[topic]?.[place] as string) ?? false,
    };
  }
}

/** Of all that is indexed, in its order: no topic has the name of a subject. */
function namesOf({ entries, outOfScope }: Indexed): string[] {
  return [...entries.map(({ id }) => id), ...outOfScope.map(({ subject }) => `out-of-scope/${subject}`)];
}

/** What people say when they ask for the topic. */
export const textsOf = remembered(({ question, phrasings, keywords }: FaqEntry) => withWords([question, ...phrasings, ...keywords]));
const gistsOf = remembered((entry: FaqEntry) => textsOf(entry).map(gist));
const messagesOf = remembered(({ messages }: OutOfScope) => withWords(messages));

function withWords(texts: readonly string[]): string[] {
  return texts.filter((text) => essence(text) !== '');
}

/** Once for each entry: of an edited knowledge base nearly all are the same as before. */
function remembered<Source extends object, Made>(make: (source: Source) => Made): (source: Source) => Made {
  const made = new WeakMap<Source, Made>();
  return (source) => {
    const known = made.get(source);
    if (known !== undefined) return known;
    const fresh = make(source);
    made.set(source, fresh);
    return fresh;
  };
}
