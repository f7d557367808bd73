import { withoutBrands } from '../text/brands.ts';
import { withoutFraming } from '../text/framing.ts';
import { withoutMistypings } from '../text/mistyped.ts';
import { normalize } from '../text/normalize.ts';
import { fuzzyReading, fuzzySyllable, splitPinyin } from '../text/pinyin.ts';
import type { Segment } from '../text/segment.ts';

/** What a text is compared by. The weights were tried in this order of size on the development questions. */
export const featureKinds = { word: 1, pair: 0.5, unit: 1, syllable: 1, syllablePair: 0.5 } as const;

export type FeatureKind = keyof typeof featureKinds;

/** Something for each kind of feature. */
export function newByKind<T>(create: (kind: FeatureKind) => T): Record<FeatureKind, T> {
  return {
    word: create('word'),
    pair: create('pair'),
    unit: create('unit'),
    syllable: create('syllable'),
    syllablePair: create('syllablePair'),
  };
}

/** One feature with how often it occurs. The same value of two kinds is two features: 安 the word, 安 the character. */
export interface Feature {
  kind: FeatureKind;
  value: string;
  count: number;
}

export interface TextFeatures {
  features: Feature[];
  /** Characters and Latin words of the text: its length for all purposes of matching. */
  length: number;
}

/**
 * Takes a text apart. `isKnownLatin` keeps the trade's Latin words (icp, app, cdn) from being read as pinyin;
 * any other Latin run that is pinyin from end to end counts by its sound, like the characters it stands for.
 */
export function readFeatures(text: string, segment: Segment, isKnownLatin: (word: string) => boolean): TextFeatures {
  const normalized = withoutMistypings(withoutBrands(withoutFraming(normalize(text))), segment);
  const units = normalized.match(/\p{Script=Han}|[\p{L}\p{N}]+?(?=\p{Script=Han}|[^\p{L}\p{N}]|$)/gu) ?? [];
  const features: Feature[] = [];
  const seen = newByKind(() => new Map<string, Feature>());
  const add = (kind: FeatureKind, value: string) => {
    const known = seen[kind].get(value);
    if (known) {
      known.count += 1;
      return;
    }
    const feature = { kind, value, count: 1 };
    seen[kind].set(value, feature);
    features.push(feature);
  };
  for (const word of segment(normalized)) if (word.length > 1) add('word', word);
  const syllables: string[] = [];
  for (const unit of units) {
    const typed = isHan(unit) || isKnownLatin(unit) ? undefined : splitPinyin(unit);
    if (typed) syllables.push(...typed.map(fuzzySyllable));
    else add('unit', unit);
    if (isHan(unit)) syllables.push(fuzzyReading(unit));
  }
  addPairs(units, (pair) => add('pair', pair));
  for (const syllable of syllables) add('syllable', syllable);
  addPairs(syllables, (pair) => add('syllablePair', pair));
  return { features, length: units.length };
}

function addPairs(parts: readonly string[], add: (pair: string) => void): void {
  for (let at = 1; at < parts.length; at += 1) add(`${parts[at - 1]} ${parts[at]}`);
}

function isHan(unit: string): boolean {
  return /^\p{Script=Han}$/u.test(unit);
}
