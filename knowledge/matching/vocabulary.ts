import { type Feature, type FeatureKind, newByKind, type TextFeatures } from './features.ts';

/** A text by the numbers of its features: a tenth of the memory, and nothing to look up when it is indexed again. */
export interface EncodedText {
  ids: Uint32Array;
  counts: Uint8Array;
  length: number;
}

/** The number of each feature. */
export type FeatureIds = Record<FeatureKind, ReadonlyMap<string, number>>;

/** Numbers the features, from 0, in the order in which they are first met. */
export class Vocabulary {
  readonly #ids = newByKind(() => new Map<string, number>());
  readonly #kinds: FeatureKind[] = [];

  get ids(): FeatureIds {
    return this.#ids;
  }

  /** Feature kinds by number. */
  get kinds(): readonly FeatureKind[] {
    return this.#kinds;
  }

  find({ kind, value }: Feature): number | undefined {
    return this.#ids[kind].get(value);
  }

  encode({ features, length }: TextFeatures): EncodedText {
    return {
      ids: Uint32Array.from(features, (feature) => this.#idOf(feature)),
      counts: Uint8Array.from(features, ({ count }) => Math.min(count, 255)),
      length,
    };
  }

  #idOf(feature: Feature): number {
    const known = this.find(feature);
    if (known !== undefined) return known;
    this.#ids[feature.kind].set(feature.value, this.#kinds.length);
    return this.#kinds.push(feature.kind) - 1;
  }

  /** Makes again what `entries` gave. */
  static from(features: readonly [FeatureKind, string][]): Vocabulary {
    const vocabulary = new Vocabulary();
    for (const [kind, value] of features) vocabulary.#idOf({ kind, value, count: 1 });
    return vocabulary;
  }

  /** All features in the order of their numbers. */
  entries(): [FeatureKind, string][] {
    const values: string[] = [];
    for (const ids of Object.values(this.#ids)) for (const [value, id] of ids) values[id] = value;
    return this.#kinds.map((kind, id) => [kind, values[id] as string]);
  }
}
