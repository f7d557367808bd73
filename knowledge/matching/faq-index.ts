import type { FaqEntry } from '../faq-entry.ts';
import { gist } from '../text/framing.ts';
import { normalize } from '../text/normalize.ts';
import { PinyinWriter } from '../text/pinyin-writer.ts';
import type { Segment } from '../text/segment.ts';
import { meansOther } from './bound-topics.ts';
import { type Calibration, confidenceOf, type Signals } from './calibration.ts';
import { cues } from './cues.ts';
import { readFeatures, type TextFeatures } from './features.ts';
import { asksAlso, followUpTopic, isAspectAlone, isComplete, matterOf, type NamedTopic } from './follow-up.ts';
import { type FaqIndexState, type Indexed, indexEntries, textsOf } from './indexer.ts';
import { buildKeywordLookup, type KeywordLookup } from './keyword-lookup.ts';
import { isAboutOtherThing } from './other-things.ts';
import type { ReaderFiles } from './text-reader.ts';
import { blend, TopicIndex, type TopicScore, type TopicScores } from './topic-index.ts';

/** Give the answer, offer the nearest topics, or admit that the question is not known. */
export type Decision = 'answer' | 'suggest' | 'reject';

export interface RankedTopic {
  id: string;
  /** Calibrated probability (0 to 1) that this is the topic asked about. */
  confidence: number;
}

export interface Match {
  decision: Decision;
  /** Best first. */
  results: RankedTopic[];
}

/** What a question says, and which topics are near it. */
export interface QuestionProfile {
  /** Weights of its words, characters and sounds. */
  terms: ReadonlyMap<string, number>;
  /** All that come into question, best first. */
  topics: readonly RankedTopic[];
  decision: Decision;
}

export interface MatchOptions {
  /** The topic of the turn before: a short question that says nothing alone ("那要多久") is read as being about it. */
  after?: string;
  /** How many results to give; 5 when left out. */
  top?: number;
}

/** A candidate topic with the evidence for it. */
export interface Candidate {
  id: string;
  signals: Signals;
  exact: boolean;
}

// Word for word one of the reviewed phrasings: certain, but for two editors having meant different things by it.
const exactConfidence = 0.99;
const otherThanExact = 0.98;
const longMessage = 60; // from here on a message is a story, and longer ones are judged alike
const longestElliptical = 16;
const mostForeign = 0.15;
const leastInScope = 0.06;
/**
 * What is left of the confidence where the question names a thing that is none of the topics': enough to offer the topic, never to answer. Of
 * 192 such messages of the development half none is about a topic; the fitted signals alone are sure of "外卖能帮我催一下吗".
 */
const trustDespiteOther = 0.5;
/** What a topic loses, of a closeness of at most 1, that is about another filer, licence or place than the question. */
const otherwiseMeant = 0.4;
/**
 * Log-odds, fitted on the development half of the labelled dialogues, with a ridge of 1 towards the figures before.
 * `alone`, `told` and `recalled` scale the confidence in the question itself, with the matter of the topic before it, and with that topic's
 * first keyword; `cue`: the question has words that tell this linked topic from others, `farCue`: a topic without link; `kin`: of the same
 * category; `carried`, `asked`, `met`: named by the table. `none` stands for all that no topic answers.
 */
const followUpWeights = {
  alone: 0.67,
  told: 0.16,
  recalled: 0.33,
  cue: 2.76,
  farCue: 0.7,
  neighbour: 2.06,
  same: 1.79,
  kin: 0.68,
  carried: 3.75,
  asked: 3.44,
  met: 3.3,
  none: -0.57,
};
/**
 * The least confidence taken for what the table names: a short question says hardly a word of its topic, and that must not outvote the
 * table. The least at which the most elliptical turns of the development half come out right (0.15 to 0.4 do alike).
 */
const leastNamed = 0.15;

interface ReadQuestion {
  asked: string;
  /** Normalized, and typed pinyin written in characters. */
  question: string;
  features: TextFeatures;
  scores: TopicScores;
  aboutOther: boolean;
}

/** Finds the topics that a question may be about. Made once from the reviewed entries; a question changes nothing in it. */
export class FaqIndex {
  readonly #entries: readonly FaqEntry[];
  readonly #segment: Segment;
  readonly #calibration: Calibration;
  readonly #topics: TopicIndex;
  readonly #keywords: KeywordLookup;
  readonly #pinyin: PinyinWriter;
  readonly #latinWords: ReadonlySet<string>;
  readonly #exact: ReadonlyMap<string, number>;
  readonly #neighbours: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #categories: ReadonlyMap<string, string>;
  /** One turn may ask twice about the same words: whether they are a wish, and what they are about. */
  #lastRead: ReadQuestion | undefined;

  /** `state`: what `indexEntries` gave for these entries. */
  constructor(entries: readonly FaqEntry[], segment: Segment, calibration: Calibration, { topics, latinWords, exact }: FaqIndexState) {
    this.#entries = entries;
    this.#segment = segment;
    this.#calibration = calibration;
    this.#neighbours = linked(entries);
    this.#categories = new Map(entries.map(({ id, category }) => [id, category]));
    this.#pinyin = new PinyinWriter(() => entries.flatMap(textsOf), latinWords);
    this.#topics = new TopicIndex(topics);
    this.#latinWords = latinWords;
    this.#exact = exact;
    this.#keywords = buildKeywordLookup(entries.map((entry) => entry.keywords));
  }

  /** Makes the index from the entries themselves. */
  static of(content: Indexed, segment: Segment, calibration: Calibration, files: ReaderFiles): FaqIndex {
    return new FaqIndex(content.entries, segment, calibration, indexEntries(content, segment, files));
  }

  match(question: string, { after, top = 5 }: MatchOptions = {}): Match {
    const read = this.#read(question);
    const alone = this.#rank(read);
    const before = this.#entries.find((entry) => entry.id === after);
    const named = before && followUpTopic(read.question, before);
    // What the table recognises to the last word leans on the topic before, however rare its words are.
    const leans = !read.aboutOther && (named?.whole || isElliptical(read));
    const results = before && leans ? this.#inTheLightOf(before, named, read, alone) : alone;
    const decision = this.#decide(results);
    // Whoever asks here what it costs asks about what is done here.
    const isOurs = decision === 'reject' && isAspectAlone(read.question);
    return { decision: isOurs ? 'suggest' : decision, results: results.slice(0, top) };
  }

  /**
   * The evidence behind `match`, for calibration and for looking into a wrong answer: `likelihood` and `closeness` as in
   * `TopicScore`; `lead` over the best other topic; `share` of all candidates' strength; `inScope`: lead over the nearest
   * messages that no topic answers; `trade` and `unknown` as in `TopicScores`; `keyword`: fit of a short query to a keyword; `length`.
   */
  candidates(question: string): Candidate[] {
    return this.#candidates(this.#read(question));
  }

  /** What the question is compared with other questions by. */
  profile(question: string): QuestionProfile {
    const read = this.#read(question);
    const ranked = this.#rank(read);
    const terms = this.#topics
      .weights(read.features)
      .map(({ feature: { kind, value }, weight }): [string, number] => [`${kind} ${value}`, weight]);
    return { terms: new Map(terms), topics: ranked, decision: this.#decide(ranked) };
  }

  #read(asked: string): ReadQuestion {
    if (this.#lastRead?.asked === asked) return this.#lastRead;
    const question = this.#pinyin.write(normalize(asked));
    const features = readFeatures(question, this.#segment, (word) => this.#latinWords.has(word));
    const scores = this.#topics.score(features);
    this.#lastRead = {
      asked,
      question,
      features,
      scores: { ...scores, ranked: this.#meant(scores.ranked, question) },
      aboutOther: isAboutOtherThing(question),
    };
    return this.#lastRead;
  }

  /** Puts back topics that are about something else than the question names. */
  #meant(ranked: readonly TopicScore[], question: string): TopicScore[] {
    return ranked
      .map((score) => {
        const id = this.#entries[score.topic]?.id;
        return id !== undefined && meansOther(question, id) ? { ...score, closeness: score.closeness - otherwiseMeant } : score;
      })
      .sort((a, b) => blend(b) - blend(a));
  }

  #candidates({ question, features, scores: { ranked: all, unknown, trade } }: ReadQuestion): Candidate[] {
    if (!hasWords(features)) return [];
    const ranked = all.filter(({ topic }) => topic < this.#entries.length);
    const keywordFits = this.#keywords(
      question,
      ranked.map(({ topic }) => topic),
    );
    const other = all.find(({ topic }) => topic >= this.#entries.length) ?? all.at(-1);
    const exact = this.#exact.get(gist(question));
    const strength = (score: TopicScore) => Math.exp(2 * blend(score));
    const total = all.reduce((sum, score) => sum + strength(score), 0);
    return ranked.map((score, at) => {
      const rival = ranked[at === 0 ? 1 : 0];
      return {
        id: this.#entryAt(score.topic).id,
        exact: score.topic === exact,
        signals: {
          likelihood: score.likelihood / 3,
          closeness: score.closeness,
          learned: score.learned,
          lead: rival ? leadOver(score, rival) : 1,
          share: strength(score) / total,
          inScope: other ? leadOver(score, other) : 1,
          trade: trade / 3,
          unknown,
          keyword: keywordFits.get(score.topic) ?? 0,
          length: Math.min(features.length, longMessage) / longMessage,
        },
      };
    });
  }

  /** Whether the question alone is hardly nearer to any topic than to messages that none of them answers. */
  #isForeign(read: ReadQuestion): boolean {
    return (this.#candidates(read)[0]?.signals.inScope ?? 1) < leastInScope;
  }

  /** After one topic, its neighbours and what the table of follow-ups names are what a short question is about. */
  #inTheLightOf(
    before: FaqEntry,
    named: NamedTopic | undefined,
    read: ReadQuestion,
    alone: readonly RankedTopic[],
  ): readonly RankedTopic[] {
    const neighbours = this.#neighbours.get(before.id) ?? new Set();
    // Clear by itself, and the table knows of nothing else that it may be about.
    const isClear = this.#decide(alone) === 'answer' && !asksAlso(read.question);
    if (isClear && (named === undefined || named.topic === alone[0]?.id || isComplete(read.question))) return alone;
    const confidences = byId(alone);
    const after = (words = '') => byId(this.#isForeign(read) ? [] : this.#rank(this.#read(`${words} ${read.question}`)));
    const told = after(matterOf(before));
    const recalled = after(before.keywords[0]);
    const ids = new Set([before.id, ...confidences.keys(), ...told.keys(), ...recalled.keys(), ...neighbours]);
    // The table may name what an index of other entries lacks.
    if (named && this.#categories.has(named.topic)) ids.add(named.topic);
    const weights = followUpWeights;
    const strengths = [...ids].map((id) => {
      const least = named?.topic === id ? leastNamed : 0;
      const found = (among: ReadonlyMap<string, number>) => oddsOf(Math.max(among.get(id) ?? 0, least));
      const sum =
        weights.alone * found(confidences) +
        weights.told * found(told) +
        weights.recalled * found(recalled) +
        (neighbours.has(id) ? weights.neighbour : 0) +
        (cues[id]?.test(read.question) ? (neighbours.has(id) ? weights.cue : weights.farCue) : 0) +
        (id === before.id ? weights.same : 0) +
        (this.#categories.get(id) === before.category ? weights.kin : 0) +
        (named?.topic === id ? weights[named.by] : 0);
      return { id, strength: Math.exp(sum) };
    });
    const total = strengths.reduce((sum, { strength }) => sum + strength, Math.exp(weights.none));
    return strengths.map(({ id, strength }) => ({ id, confidence: round(strength / total) })).sort(byConfidence);
  }

  #rank(read: ReadQuestion): RankedTopic[] {
    const trust = read.aboutOther ? trustDespiteOther : 1;
    const candidates = this.#candidates(read);
    const isAsked = candidates.some(({ exact }) => exact);
    return candidates
      .map(({ id, signals, exact }) => {
        const confidence = trust * confidenceOf(signals, this.#calibration);
        if (isAsked)
          return { id, confidence: exact ? round(Math.max(confidence, exactConfidence)) : round(Math.min(confidence, otherThanExact)) };
        return { id, confidence: round(confidence) };
      })
      .sort(byConfidence);
  }

  #decide([first]: readonly RankedTopic[]): Decision {
    const { answer, suggest } = this.#calibration;
    const best = first?.confidence ?? 0;
    return best >= answer ? 'answer' : best >= suggest ? 'suggest' : 'reject';
  }

  #entryAt(topic: number): FaqEntry {
    const entry = this.#entries[topic];
    if (!entry) throw new Error(`The index names topic ${topic}, but there are ${this.#entries.length} entries.`);
    return entry;
  }
}

/** Short, and about nothing of its own: a question with a foreign subject ("商标怎么注册") is not read in the light of the last topic. */
function isElliptical({ question, scores }: ReadQuestion): boolean {
  return gist(question).length <= longestElliptical && scores.unknown < mostForeign;
}

/** Topics that are linked with each topic, in either direction. */
function linked(entries: readonly FaqEntry[]): Map<string, Set<string>> {
  const links = new Map(entries.map(({ id }) => [id, new Set<string>()]));
  for (const { id, related, confusableWith } of entries) {
    for (const other of [...related, ...confusableWith]) {
      links.get(id)?.add(other);
      links.get(other)?.add(id);
    }
  }
  return links;
}

/** Single letters and digits say nothing, however rare they are among the phrasings. */
function hasWords({ features }: TextFeatures): boolean {
  return features.some(({ kind, value }) => kind === 'word' || kind === 'syllable' || (kind === 'unit' && value.length > 1));
}

/** From -1 to 1. */
function leadOver(score: TopicScore, rival: TopicScore): number {
  return Math.max(-1, Math.min(1, (blend(score) - blend(rival)) / 3));
}

function byId(ranked: readonly RankedTopic[]): Map<string, number> {
  return new Map(ranked.map(({ id, confidence }) => [id, confidence]));
}

/** Log-odds, kept within reason for what is certain or was not found at all. */
function oddsOf(confidence = 0): number {
  return Math.log((confidence + 0.002) / (1.002 - confidence));
}

function byConfidence(a: RankedTopic, b: RankedTopic): number {
  return b.confidence - a.confidence;
}

function round(confidence: number): number {
  return Math.round(confidence * 1000) / 1000;
}
