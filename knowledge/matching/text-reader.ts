import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Segment } from '../text/segment.ts';
import { writeWhole } from '../write-whole.ts';
import { type FeatureKind, readFeatures } from './features.ts';
import { type EncodedText, Vocabulary } from './vocabulary.ts';

export interface ReaderFiles {
  /** The trade's own words, which the reading depends on. */
  words: string;
  /** Names the code that reads: what other code has left in the cache is made again. */
  code: string;
  /** Folder for what is derived and can be made again. */
  cache: string;
}

interface Kept {
  key: string;
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

  /** `earlier`: one that has read most of the texts before. */
  constructor(segment: Segment, latinWords: ReadonlySet<string>, { words, code, cache }: ReaderFiles, earlier?: TextReader) {
    this.#segment = segment;
    this.#latinWords = latinWords;
    this.#file = join(cache, 'readings.bin');
    this.#key = keyOf(words, code, latinWords);
    if (earlier && earlier.#key === this.#key) {
      this.#before = earlier.#texts;
      this.vocabulary = earlier.vocabulary;
      return;
    }
    const kept = readKept(this.#file);
    this.#before = kept?.key === this.#key ? kept.texts : new Map();
    this.vocabulary = kept?.key === this.#key ? Vocabulary.from(kept.vocabulary) : new Vocabulary();
  }

  /** A text of the knowledge base, whose features become known. */
  encode(text: string): EncodedText {
    const known = this.#texts.get(text) ?? this.#before.get(text);
    const encoded = known ?? this.vocabulary.encode(readFeatures(text, this.#segment, (word) => this.#latinWords.has(word)));
    this.#changed ||= known === undefined;
    this.#texts.set(text, encoded);
    return encoded;
  }

  /** Keeps for the next start what had to be read anew at this one. */
  keep(): void {
    if (!this.#changed) return;
    const kept: Kept = { key: this.#key, vocabulary: this.vocabulary.entries(), texts: this.#texts };
    writeWhole(this.#file, serialize(kept));
    this.#changed = false;
  }
}

function readKept(file: string): Kept | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return deserialize(readFileSync(file)) as Kept;
  } catch {
    return undefined; // cut off, or written by another version of Node: it is made again
  }
}

/** Of all that a reading depends on: the words, the code, and which Latin words are the trade's. */
function keyOf(words: string, code: string, latinWords: ReadonlySet<string>): string {
  const hash = createHash('sha256').update(code).update(readFileSync(words));
  return hash.update([...latinWords].sort().join(' ')).digest('hex');
}
