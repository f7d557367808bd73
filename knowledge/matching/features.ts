import { normalize } from '../text/normalize.ts';
import { fuzzySyllable, reading, splitPinyin } from '../text/pinyin.ts';
import type { Segment } from '../text/segment.ts';

/** What a text is compared by. The weights were tried in this order of size on the development questions. */
export const featureKinds = { word: 1, pair: 0.5, unit: 1, syllable: 1, syllablePair: 0.5 } as const;

export type FeatureKind = keyof typeof featureKinds;

/** One feature with how often it occurs; its name carries its kind, so that 安 the word and 安 the character differ. */
export interface Feature {
  name: string;
  kind: FeatureKind;
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
  const normalized = normalize(text);
  const units = normalized.match(/\p{Script=Han}|[\p{L}\p{N}]+?(?=\p{Script=Han}|[^\p{L}\p{N}]|$)/gu) ?? [];
  const counts = new Map<string, Feature>();
  const add = (kind: FeatureKind, value: string) => {
    const name = `${kind}:${value}`;
    const feature = counts.get(name);
    if (feature) feature.count += 1;
    else counts.set(name, { name, kind, count: 1 });
  };
  for (const word of segment(normalized)) if (word.length > 1) add('word', word);
  const syllables: string[] = [];
  for (const unit of units) {
    const typed = isHan(unit) || isKnownLatin(unit) ? undefined : splitPinyin(unit);
    if (typed) syllables.push(...typed.map(fuzzySyllable));
    else add('unit', unit);
    if (isHan(unit)) syllables.push(fuzzySyllable(reading(unit)));
  }
  addPairs(units, (pair) => add('pair', pair));
  for (const syllable of syllables) add('syllable', syllable);
  addPairs(syllables, (pair) => add('syllablePair', pair));
  return { features: [...counts.values()], length: units.length };
}

function addPairs(parts: readonly string[], add: (pair: string) => void): void {
  for (let at = 1; at < parts.length; at += 1) add(`${parts[at - 1]} ${parts[at]}`);
}

function isHan(unit: string): boolean {
  return /^\p{Script=Han}$/u.test(unit);
}
