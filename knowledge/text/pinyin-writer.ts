import { pinyin } from 'pinyin-pro';
import { oftenMistyped } from './mistyped.ts';
import { fuzzySyllable, isSyllable, longestSyllable, splitPinyin } from './pinyin.ts';

/**
 * Writes typed pinyin in characters, as an input method would that knows nothing but this trade: beian mima wangle becomes
 * 备案密码忘了. Which characters follow each other it has from the texts of the knowledge base; built when first needed.
 */
export class PinyinWriter {
  readonly #texts: () => readonly string[];
  readonly #latinWords: ReadonlySet<string>;
  #model: Model | undefined;

  /** `latinWords`: of the trade (api, edi), which are not pinyin although they could be. */
  constructor(texts: () => readonly string[], latinWords: ReadonlySet<string>) {
    this.#texts = texts;
    this.#latinWords = latinWords;
  }

  /** `text` normalized. What is no pinyin, or makes no Chinese that the trade speaks, stays as it is. */
  write(text: string): string {
    if (!/[a-z]{2}/.test(text)) return text;
    const parts = text.match(partsOfText) ?? [];
    let written = '';
    let isAfterRun = false;
    for (let at = 0; at < parts.length; ) {
      const end = this.#endOfRun(parts, at);
      if (end > at) {
        const run = parts.slice(at, end).join('');
        written += this.#writeRun(run, written.trimEnd().at(-1), parts[end]) ?? run;
      } else if (!isAfterRun || !isSpace(parts[at]) || this.#endOfRun(parts, at + 1) === at + 1) {
        written += parts[at];
      }
      isAfterRun = end > at;
      at = Math.max(end, at + 1);
    }
    return written;
  }

  /** Words of pinyin with nothing but spaces between them belong together, up to a length that is read in no time. */
  #endOfRun(parts: readonly string[], start: number): number {
    let end = start;
    let length = 0;
    for (let at = start; at < parts.length; at += 2) {
      const word = parts[at] ?? '';
      length += word.length;
      if (!this.#isPinyin(word) || length > longestRun) break;
      end = at + 1;
      if (!isSpace(parts[end])) break;
    }
    return end;
  }

  #isPinyin(word: string): boolean {
    if (word.length > longestRun) return false;
    return (!this.#latinWords.has(word) || soundsOfTrade.has(word)) && splitPinyin(word.replace(/['’]/g, '')) !== undefined;
  }

  #writeRun(run: string, before = begin, after = ''): string | undefined {
    if (run.length === 1) return undefined; // a, e, o: English, or a slip
    this.#model ??= modelOf(this.#texts());
    const [next = ''] = after;
    return likeliest(run, isHan(before) ? before : begin, isHan(next) ? next : '', this.#model);
  }
}

/** Which characters follow each other, and which sound like what. */
interface Model {
  /** Probability of a character after another, of the pairs that occur; the rest is by itself. */
  after: ReadonlyMap<string, ReadonlyMap<string, number>>;
  bySound: ReadonlyMap<string, readonly Candidate[]>;
}

interface Candidate {
  character: string;
  /** As it is spelled; the index goes by the sound that is hardly told from it. */
  syllable: string;
  /** Its probability wherever it stands. */
  alone: number;
}

interface Path {
  last: string;
  score: number;
  text: string;
}

/** Names with a point or the like in them are addresses: whole, they are never pinyin. */
const partsOfText = /[a-z\d]+(?:[.@:/_-]+[a-z\d]+)+|[a-z]+(?:['’]?[a-z]+)*|\s+|[^a-z\s]+?(?=[a-z\s]|\d*[a-z]|$)/g;
const begin = '^';
/** Of the pair, against the single character, in what a character is expected to be. */
const pairShare = 0.9;
const leastProbability = 1e-7;
/** Log probability: what it costs to have typed si for shi. */
const costOfMishearing = 1.5;
const mostPaths = 12;
/** Log probability of each character on average. Names and foreign words that could be pinyin stay below. */
const leastLikely = -6;
const longestRun = 100;

const soundsOfTrade: ReadonlySet<string> = new Set(
  oftenMistyped.split(' ').map((word) => [...word].map((character) => readingsOf(character)[0]).join('')),
);

function modelOf(texts: readonly string[]): Model {
  const single = new Map<string, number>();
  const pairs = new Map<string, Map<string, number>>();
  let total = 0;
  const count = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
  for (const text of texts) {
    for (const run of text.match(/\p{Script=Han}+/gu) ?? []) {
      let before = begin;
      count(single, begin);
      for (const character of run) {
        count(single, character);
        const followers = pairs.get(before) ?? new Map<string, number>();
        count(followers, character);
        pairs.set(before, followers);
        before = character;
        total += 1;
      }
    }
  }
  const bySound = new Map<string, Candidate[]>();
  for (const [character, times] of single) {
    for (const syllable of character === begin ? [] : readingsOf(character)) {
      const sound = fuzzySyllable(syllable);
      bySound.set(sound, [...(bySound.get(sound) ?? []), { character, syllable, alone: times / total }]);
    }
  }
  for (const [before, followers] of pairs) {
    for (const [character, times] of followers) followers.set(character, times / (single.get(before) ?? 1));
  }
  return { after: pairs, bySound };
}

/** All readings, the usual one first. */
function readingsOf(character: string): string[] {
  return [...new Set(pinyin(character, { toneType: 'none', multiple: true, type: 'array', v: true }))];
}

/** The characters that most likely were meant, over all ways to cut the letters into syllables; undefined when none is likely. */
function likeliest(run: string, before: string, next: string, { after, bySound }: Model): string | undefined {
  const ends: Path[][] = Array.from({ length: run.length + 1 }, () => []);
  ends[0] = [{ last: before, score: 0, text: '' }];
  for (let at = 0; at < run.length; at += 1) {
    const paths = best(ends[at] ?? []);
    if (paths.length === 0) continue;
    if (!/[a-z]/.test(run[at] ?? '')) {
      ends[at + 1]?.push(...paths);
      continue;
    }
    for (let end = at + 1; end <= Math.min(run.length, at + longestSyllable); end += 1) {
      const typed = run.slice(at, end);
      if (!isSyllable(typed)) continue;
      for (const candidate of bySound.get(fuzzySyllable(typed)) ?? []) ends[end]?.push(bestBefore(paths, candidate, typed, after));
    }
  }
  const [winner] = best(next === '' ? (ends[run.length] ?? []) : followedBy(next, ends[run.length] ?? [], after));
  return winner && winner.score >= leastLikely * (winner.text.length + (next === '' ? 0 : 1)) ? winner.text : undefined;
}

/** One character more, on the path that it goes with best. */
function bestBefore(paths: readonly Path[], { character, syllable, alone }: Candidate, typed: string, after: Model['after']): Path {
  let winner: Path | undefined;
  let score = -Infinity;
  for (const path of paths) {
    const reached = path.score + logProbability(after.get(path.last)?.get(character), alone);
    if (reached <= score) continue;
    score = reached;
    winner = path;
  }
  return { last: character, score: score - (syllable === typed ? 0 : costOfMishearing), text: (winner?.text ?? '') + character };
}

function followedBy(next: string, paths: readonly Path[], after: Model['after']): Path[] {
  return paths.map((path) => ({ ...path, score: path.score + logProbability(after.get(path.last)?.get(next), 0) }));
}

/** The best path for each last character, best first. */
function best(paths: readonly Path[]): Path[] {
  const byLast = new Map<string, Path>();
  for (const path of paths) {
    const other = byLast.get(path.last);
    if (!other || path.score > other.score) byLast.set(path.last, path);
  }
  return [...byLast.values()].sort((a, b) => b.score - a.score).slice(0, mostPaths);
}

function logProbability(inPair: number | undefined, alone: number): number {
  return Math.log(pairShare * (inPair ?? 0) + (1 - pairShare) * alone + leastProbability);
}

function isHan(character: string): boolean {
  return /^\p{Script=Han}$/u.test(character);
}

function isSpace(part = ''): boolean {
  return /^\s+$/.test(part);
}
