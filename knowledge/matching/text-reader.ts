import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { keep, keyOfFiles, readKept } from '../kept.ts';
import type { Segment } from '../text/segment.ts';
import { type FeatureKind, readFeatures, type TextFeatures } from './features.ts';
import { type EncodedText, Vocabulary } from './vocabulary.ts';

export interface ReaderFiles {
  /** The trade's own words, which the reading depends on. */
  words: string;
  /** Folder for what is derived and can be made again. */
  cache: string;
}

interface Kept {
  vocabulary: [FeatureKind, string][];
  texts: Map<string, EncodedText>;
}

/**
 * Takes texts apart. Reading the texts of the knowledge base takes a second, so it is kept in a file for the next start, for as
 * long as nothing it depends on has changed.
 */
export class TextReader {
  readonly vocabulary: Vocabulary;
  readonly #segment: Segment;
  readonly #latinWords: ReadonlySet<string>;
  readonly #file: string;
  readonly #key: string;
  readonly #before: ReadonlyMap<string, EncodedText>;
  readonly #texts = new Map<string, EncodedText>();
  #changed = false;

  constructor(segment: Segment, latinWords: ReadonlySet<string>, { words, cache }: ReaderFiles) {
    this.#segment = segment;
    this.#latinWords = latinWords;
    this.#file = join(cache, 'readings.bin');
    this.#key = keyOf(words, latinWords);
    const kept = readKept<Kept>(this.#file, this.#key);
    this.#before = kept?.texts ?? new Map();
    this.vocabulary = kept ? Vocabulary.from(kept.vocabulary) : new Vocabulary();
  }

  /** A question, whose features need not be known. */
  read(question: string): TextFeatures {
    return readFeatures(question, this.#segment, (word) => this.#latinWords.has(word));
  }

  /** A text of the knowledge base, whose features become known. */
  encode(text: string): EncodedText {
    const known = this.#texts.get(text) ?? this.#before.get(text);
    const encoded = known ?? this.vocabulary.encode(this.read(text));
    this.#changed ||= known === undefined;
    this.#texts.set(text, encoded);
    return encoded;
  }

  /** Keeps for the next start what had to be read anew at this one. */
  keep(): void {
    if (!this.#changed) return;
    keep<Kept>(this.#file, this.#key, { vocabulary: this.vocabulary.entries(), texts: this.#texts });
    this.#changed = false;
  }
}

/** Of all that a reading depends on: the words, the code beside them, and the features it is taken apart into. */
function keyOf(words: string, latinWords: ReadonlySet<string>): string {
  const sources = dirname(words);
  const files = readdirSync(sources)
    .sort()
    .map((name) => join(sources, name));
  return keyOfFiles([...files, join(sources, '..', 'matching', 'features.ts')], [...latinWords].sort().join(' '));
}
