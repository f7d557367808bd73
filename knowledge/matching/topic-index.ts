import { type Feature, type FeatureKind, featureKinds, newByKind, type TextFeatures } from './features.ts';
import { carryWeights, type Example, learnWeights, type Postings } from './learned-weights.ts';
import type { EncodedText, FeatureIds, Vocabulary } from './vocabulary.ts';

export interface TopicScore {
  topic: number;
  /** Log-likelihood of the question under the topic's language model against all topics together, per unit of length. */
  likelihood: number;
  /** Closeness (0 to 1) to the topic's phrasings: the best counts most, four more add halving shares. */
  closeness: number;
  /** What the question's features say for the topic by what was learned from telling the phrasings apart; around 1 for a clear one. */
  learned: number;
}

export interface TopicScores {
  /** Best first: the likeliest of those that are answered and, to compare, of those that are not. */
  ranked: TopicScore[];
  /** Share (0 to 1) of the question's weight on words and characters that no topic contains which is answered. */
  unknown: number;
  /** Log-odds, per unit of length, that what it is made of is asked of topics that are answered, and not of others. */
  trade: number;
}

const smoothing = 30; // Dirichlet pseudo-count; 10 to 100 differ by less than a point of accuracy
const candidates = 7; // with 10, no figure of the labelled questions differs by more than 0.3 points; a match takes a seventh longer
const outsiders = 4;
const whole = 0xffff;
const likelihoodShare = 1;
const closenessShare = 4;
const learnedShare = 2; // 1.5 to 4 differ by half a point of accuracy on the development questions

/** All that an index knows: it can be kept in a file, and is an index again when it is read. */
export interface TopicIndexState {
  /** Numbers of the features. */
  ids: FeatureIds;
  /** Per feature: rarity among phrasings, times the weight of its kind; 0 when no phrasing has it. */
  weights: Float64Array;
  /** Per feature: the log of how much more often phrasings of answered topics have it than others; 0 for sounds. */
  trade: Float32Array;
  /** Per kind and topic: what each feature of the question costs, for the topic's size. */
  costs: Record<FeatureKind, Float64Array>;
  /** Postings of feature f stand from `postingStarts[f]` to `postingStarts[f + 1]`: one for each topic that contains it. */
  postingStarts: Uint32Array;
  postingTopics: Uint16Array;
  /** What one occurrence in a question gains there. */
  gains: Float32Array;
  /** How much the feature speaks for the topic, against those it could be taken for. */
  learned: Float32Array;
  /** Where the posting's phrasings begin in `holders`; they end where those of the next posting begin. */
  holderStarts: Uint32Array;
  /**
   * Half words: the place of a phrasing in its topic, and the feature's share of the phrasing's length in parts of `whole`. Together,
   * because a question reads thousands of short runs of them, and waits for the memory at each.
   */
  holders: Uint32Array;
  /** The phrasings of topic t stand from `firsts[t]` to `firsts[t + 1]`. */
  firsts: Uint32Array;
  /** So many topics, the first ones, are answered. */
  answerable: number;
}

/** A state that was indexed before: where each topic stood in it, and whether it had a text of it. */
export interface StateBefore {
  state: TopicIndexState;
  topicOf: (topic: number) => number | undefined;
  had: (topic: number, place: number) => boolean;
}

/**
 * Indexes topics: the texts of each, by the numbers of the vocabulary; the first `answerable` of them are answered. `before`: of an edited
 * state only what is new is learned, in a moment instead of seconds.
 */
export function indexTopics(
  topics: readonly (readonly EncodedText[])[],
  answerable: number,
  vocabulary: Vocabulary,
  before?: StateBefore,
): TopicIndexState {
  const size = vocabulary.kinds.length;
  const occurrences = new Uint32Array(size);
  const inTexts = new Uint32Array(size);
  const postingStarts = new Uint32Array(size + 1);
  eachFeature(topics, size, (id, count, _topic, isNew) => {
    occurrences[id] = (occurrences[id] as number) + count;
    inTexts[id] = (inTexts[id] as number) + 1;
    if (isNew) postingStarts[id + 1] = (postingStarts[id + 1] as number) + 1;
  });
  addUp(postingStarts);
  const postings = postingStarts[size] as number;
  const counts = new Uint32Array(postings);
  const next = postingStarts.slice();
  const postingTopics = new Uint16Array(postings);
  const holderStarts = new Uint32Array(postings + 1);
  eachFeature(topics, size, (id, count, topic, isNew) => {
    if (isNew) next[id] = (next[id] as number) + 1;
    const posting = (next[id] as number) - 1;
    postingTopics[posting] = topic;
    counts[posting] = (counts[posting] as number) + count;
    holderStarts[posting + 1] = (holderStarts[posting + 1] as number) + 1;
  });
  addUp(holderStarts);
  const texts = topics.flat();
  const weights = Float64Array.from(inTexts, (count, id) =>
    count === 0 ? 0 : Math.log(1 + texts.length / count) * featureKinds[vocabulary.kinds[id] as FeatureKind],
  );
  const { sizes, totals } = sizesOf(topics, vocabulary);
  const gains = new Float32Array(postings);
  for (let id = 0; id < size; id += 1) {
    const background = (occurrences[id] as number) / totals[vocabulary.kinds[id] as FeatureKind];
    for (let at = postingStarts[id] as number; at < (postingStarts[id + 1] as number); at += 1) {
      gains[at] = Math.log(1 + (counts[at] as number) / (smoothing * background));
    }
  }
  const firsts = Uint32Array.from([0, ...topics.map(({ length }) => length)]);
  addUp(firsts);
  return {
    ids: vocabulary.ids,
    weights,
    trade: tradeOf(vocabulary, answerable, firsts, { postingStarts, postingTopics, holderStarts }),
    costs: newByKind((kind) => sizes[kind].map((own) => Math.log((own + smoothing) / smoothing))),
    postingStarts,
    postingTopics,
    gains,
    learned: learn(topics, { starts: postingStarts, topics: postingTopics }, weights, vocabulary, before),
    holderStarts,
    holders: holdersOf(topics, weights, postingStarts, holderStarts),
    firsts,
    answerable,
  };
}

/** By how many phrasings have each feature; half a phrasing is added on both sides, for what one of them lacks. */
function tradeOf(
  { kinds }: Vocabulary,
  answerable: number,
  firsts: Uint32Array,
  { postingStarts, postingTopics, holderStarts }: Pick<TopicIndexState, 'postingStarts' | 'postingTopics' | 'holderStarts'>,
): Float32Array {
  const answered = firsts[answerable] as number;
  const others = (firsts.at(-1) as number) - answered;
  return Float32Array.from(kinds, (kind, id) => {
    if (isSound(kind)) return 0;
    let ours = 0;
    let all = 0;
    for (let at = postingStarts[id] as number; at < (postingStarts[id + 1] as number); at += 1) {
      const having = (holderStarts[at + 1] as number) - (holderStarts[at] as number);
      all += having;
      if ((postingTopics[at] as number) < answerable) ours += having;
    }
    return Math.log((ours + 0.5) / (answered + 1)) - Math.log((all - ours + 0.5) / (others + 1));
  });
}

/** Phrasings come in the order of their topics, as the postings do: each takes the next free slot of its features. */
function holdersOf(
  topics: readonly (readonly EncodedText[])[],
  weights: Float64Array,
  postingStarts: Uint32Array,
  holderStarts: Uint32Array,
): Uint32Array {
  const holders = new Uint32Array(holderStarts.at(-1) as number);
  const next = Uint32Array.from(weights, (_, id) => holderStarts[postingStarts[id] as number] as number);
  for (const texts of topics) {
    if (texts.length > whole) throw new RangeError(`A topic has ${texts.length} phrasings; at most ${whole} can be indexed.`);
    for (let place = 0; place < texts.length; place += 1) {
      const text = texts[place] as EncodedText;
      const { ids, counts } = text;
      const norm = normOf(text, weights);
      for (let at = 0; at < ids.length; at += 1) {
        const id = ids[at] as number;
        const slot = next[id] as number;
        next[id] = slot + 1;
        const share = ((weights[id] as number) * Math.sqrt(counts[at] as number)) / norm;
        holders[slot] = (place << 16) | Math.round(share * whole);
      }
    }
  }
  return holders;
}

function learn(
  topics: readonly (readonly EncodedText[])[],
  postings: Postings,
  weights: Float64Array,
  { ids }: Vocabulary,
  before: StateBefore | undefined,
): Float32Array {
  const examples = topics.flatMap((texts, topic) =>
    texts.flatMap((text, place) => (before?.had(topic, place) ? [] : [exampleOf(text, topic, weights)])),
  );
  if (!before) return learnWeights(examples, postings, topics.length);
  const { state, topicOf } = before;
  const postingsBefore = { starts: state.postingStarts, topics: state.postingTopics };
  const carried = carryWeights(postings, ids, { ids: state.ids, postings: postingsBefore, weights: state.learned, topicOf });
  return learnWeights(examples, postings, topics.length, carried);
}

function exampleOf(text: EncodedText, topic: number, weights: Float64Array): Example {
  const norm = normOf(text, weights);
  const { ids, counts } = text;
  return { topic, ids, shares: Float32Array.from(ids, (id, at) => ((weights[id] as number) * Math.sqrt(counts[at] as number)) / norm) };
}

/** The length of a phrasing as a vector. */
function normOf({ ids, counts }: EncodedText, weights: Float64Array): number {
  let squares = 0;
  for (let at = 0; at < ids.length; at += 1) squares += (weights[ids[at] as number] as number) ** 2 * (counts[at] as number);
  return Math.sqrt(squares);
}

/**
 * Inverted index over topics and their phrasings. Topics are scored by a Dirichlet-smoothed language model, so that many
 * phrasings of one topic count together instead of competing; the best of them are then compared phrasing by phrasing.
 */
export class TopicIndex {
  readonly #state: TopicIndexState;
  readonly #topicCount: number;
  readonly #rarest: number;
  /** Closeness of each phrasing to the question being scored; all zero between questions. */
  readonly #cosines: Float32Array;

  constructor(state: TopicIndexState) {
    this.#state = state;
    this.#topicCount = state.firsts.length - 1;
    const texts = state.firsts[this.#topicCount] as number;
    this.#rarest = Math.log(1 + texts);
    this.#cosines = new Float32Array(texts);
  }

  score(question: TextFeatures): TopicScores {
    const { known, unknown, norm } = this.#weigh(question);
    const { likelihoods, learned } = this.#speakFor(known, Math.max(norm, Number.MIN_VALUE));
    const length = Math.max(1, question.length);
    const first = likelihoods.map(
      (likelihood, topic) => (likelihoodShare * likelihood) / length + learnedShare * (learned[topic] as number),
    );
    const best = [
      ...largest(first, 0, this.#state.answerable, candidates),
      ...largest(first, this.#state.answerable, this.#topicCount, outsiders),
    ];
    this.#compare(known, best);
    const ranked = best.map((topic) => ({
      topic,
      likelihood: (likelihoods[topic] as number) / length,
      closeness: this.#closeness(topic) / Math.max(norm, Number.MIN_VALUE),
      learned: learned[topic] as number,
    }));
    for (const topic of best) this.#cosines.fill(0, this.#state.firsts[topic], this.#state.firsts[topic + 1]);
    ranked.sort((a, b) => blend(b) - blend(a));
    return { ranked, unknown, trade: this.#trade(known) / length };
  }

  /**
   * How much each feature of a question says, whether a phrasing has it or not. A feature that no phrasing has counts with the weight of
   * the rarest.
   */
  weights({ features }: TextFeatures): { feature: Feature; weight: number }[] {
    return features.map((feature) => ({ feature, weight: this.#weightOf(feature, this.#rarityOf(this.#idOf(feature))) }));
  }

  #idOf({ kind, value }: Feature): number | undefined {
    return this.#state.ids[kind].get(value);
  }

  /** 0 for a feature that no phrasing has. */
  #rarityOf(id: number | undefined): number {
    // Also for one that became known since, when an edit was read.
    return id === undefined ? 0 : (this.#state.weights[id] ?? 0);
  }

  #weightOf({ kind, count }: Feature, rarity: number): number {
    return rarity === 0 ? this.#rarest * featureKinds[kind] : rarity * Math.sqrt(count);
  }

  /** Features of the question that some phrasing has, `unknown` as in `TopicScores`, and the length of all as a vector. */
  #weigh({ features }: TextFeatures): { known: KnownFeature[]; unknown: number; norm: number } {
    const known: KnownFeature[] = [];
    let contentWeight = 0;
    let unknownWeight = 0;
    let squares = 0;
    for (const feature of features) {
      const { kind, count } = feature;
      const id = this.#idOf(feature);
      const rarity = this.#rarityOf(id);
      // Foreign questions stay far away by what no phrasing has.
      const weight = this.#weightOf(feature, rarity);
      squares += weight * weight;
      const isKnown = id !== undefined && rarity > 0;
      if (isKnown) known.push({ id, kind, count, weight });
      if (!isContent(kind)) continue;
      contentWeight += weight;
      if (!isKnown || !this.#isAnswered(id)) unknownWeight += weight;
    }
    return { known, unknown: unknownWeight / Math.max(contentWeight, Number.MIN_VALUE), norm: Math.sqrt(squares) };
  }

  #trade(known: readonly KnownFeature[]): number {
    return known.reduce((sum, { id }) => sum + (this.#state.trade[id] as number), 0);
  }

  /** Whether a topic that is answered contains the feature: its postings come in the order of topics. */
  #isAnswered(feature: number): boolean {
    const { postingStarts, postingTopics, answerable } = this.#state;
    return (postingTopics[postingStarts[feature] as number] as number) < answerable;
  }

  /** What the question says for each topic: its likelihood, and what was learned. Both stand with the same postings. */
  #speakFor(known: readonly KnownFeature[], norm: number): { likelihoods: Float64Array; learned: Float64Array } {
    const { postingStarts, costs } = this.#state;
    const likelihoods = new Float64Array(this.#topicCount);
    const learned = new Float64Array(this.#topicCount);
    const shares = newByKind(() => 0);
    for (const { id, kind, count, weight } of known) {
      const share = count * featureKinds[kind];
      const end = postingStarts[id + 1] as number;
      addPostings({ likelihoods, learned }, share, weight / norm, this.#state, postingStarts[id] as number, end);
      shares[kind] += share;
    }
    for (const kind of kinds) if (shares[kind] > 0) subtract(likelihoods, shares[kind], costs[kind]);
    return { likelihoods, learned };
  }

  /** Adds up the cosines of the phrasings of some topics. */
  #compare(known: readonly KnownFeature[], topics: readonly number[]): void {
    const { postingStarts, firsts } = this.#state;
    const firstsOfWanted = new Int32Array(this.#topicCount).fill(unwanted);
    for (const topic of topics) firstsOfWanted[topic] = firsts[topic] as number;
    for (const { id, weight } of known) {
      const end = postingStarts[id + 1] as number;
      addCosines(this.#cosines, weight / whole, firstsOfWanted, this.#state, postingStarts[id] as number, end);
    }
  }

  /** The best of a topic's phrasings counts most, four more add halving shares. */
  #closeness(topic: number): number {
    const best = [0, 0, 0, 0, 0];
    const cosines = this.#cosines;
    const end = this.#state.firsts[topic + 1] as number;
    for (let place = this.#state.firsts[topic] as number; place < end; place += 1) {
      let cosine = cosines[place] as number;
      if (cosine <= (best[best.length - 1] as number)) continue;
      for (let rank = 0; rank < best.length && cosine > 0; rank += 1) {
        const other = best[rank] as number;
        if (cosine <= other) continue;
        best[rank] = cosine;
        cosine = other;
      }
    }
    const count = Math.min(best.length, end - (this.#state.firsts[topic] as number));
    let sum = 0;
    let shares = 0;
    for (let rank = 0; rank < count; rank += 1) {
      sum += (best[rank] as number) * 0.5 ** rank;
      shares += 0.5 ** rank;
    }
    return sum / Math.max(shares, 1);
  }
}

// The two sums below are most of the time of a match. They stand alone, with their arrays in variables, since they take a quarter longer
// inside of a loop over objects.

/** To each topic of the postings, what a feature gains there by its share of the question, and what was learned of it by its part of the vector. */
function addPostings(
  { likelihoods, learned: scores }: { likelihoods: Float64Array; learned: Float64Array },
  share: number,
  part: number,
  { postingTopics, gains, learned }: Pick<TopicIndexState, 'postingTopics' | 'gains' | 'learned'>,
  start: number,
  end: number,
): void {
  for (let at = start; at < end; at += 1) {
    const topic = postingTopics[at] as number;
    likelihoods[topic] = (likelihoods[topic] as number) + share * (gains[at] as number);
    scores[topic] = (scores[topic] as number) + part * (learned[at] as number);
  }
}

function subtract(likelihoods: Float64Array, share: number, costs: Float64Array): void {
  for (let topic = 0; topic < likelihoods.length; topic += 1) {
    likelihoods[topic] = (likelihoods[topic] as number) - share * (costs[topic] as number);
  }
}

const unwanted = -1;

/** To the phrasings of each wanted topic, their part of the cosine. */
function addCosines(
  cosines: Float32Array,
  part: number,
  firstsOfWanted: Int32Array,
  { postingTopics, holderStarts, holders }: Pick<TopicIndexState, 'postingTopics' | 'holderStarts' | 'holders'>,
  start: number,
  end: number,
): void {
  for (let at = start; at < end; at += 1) {
    const first = firstsOfWanted[postingTopics[at] as number] as number;
    if (first === unwanted) continue;
    const last = holderStarts[at + 1] as number;
    for (let slot = holderStarts[at] as number; slot < last; slot += 1) {
      const holder = holders[slot] as number;
      const place = first + (holder >>> 16);
      cosines[place] = (cosines[place] as number) + part * (holder & whole);
    }
  }
}

/** One number to rank by. */
export function blend(score: Pick<TopicScore, 'likelihood' | 'closeness' | 'learned'>): number {
  return likelihoodShare * score.likelihood + closenessShare * score.closeness + learnedShare * score.learned;
}

const kinds = Object.keys(featureKinds) as FeatureKind[];

/** The places of the `count` largest values from `start` to before `end`, largest first, earlier ones first among equals. */
function largest(values: Float64Array, start: number, end: number, count: number): number[] {
  const places: number[] = [];
  for (let place = start; place < end; place += 1) {
    const value = values[place] as number;
    if (places.length === count && value <= (values[places[count - 1] as number] as number)) continue;
    let rank = Math.min(places.length, count - 1);
    while (rank > 0 && (values[places[rank - 1] as number] as number) < value) {
      places[rank] = places[rank - 1] as number;
      rank -= 1;
    }
    places[rank] = place;
  }
  return places;
}

/** A feature of the question that some phrasing has. */
interface KnownFeature {
  id: number;
  kind: FeatureKind;
  count: number;
  weight: number;
}

/** Words and characters say what a text is about; pairs and sounds repeat them. */
function isContent(kind: FeatureKind): boolean {
  return kind === 'unit' || kind === 'word';
}

function isSound(kind: FeatureKind): boolean {
  return kind === 'syllable' || kind === 'syllablePair';
}

/** Visits every feature of every text in the order of topics; `isNew`: for the first time in this topic. Plain loops: a million visits. */
function eachFeature(
  topics: readonly (readonly EncodedText[])[],
  size: number,
  visit: (id: number, count: number, topic: number, isNew: boolean) => void,
): void {
  const latest = new Int32Array(size).fill(-1);
  for (let topic = 0; topic < topics.length; topic += 1) {
    for (const { ids, counts } of topics[topic] ?? []) {
      for (let at = 0; at < ids.length; at += 1) {
        const id = ids[at] as number;
        visit(id, counts[at] as number, topic, latest[id] !== topic);
        latest[id] = topic;
      }
    }
  }
}

/** Features per kind and topic, and per kind. */
function sizesOf(topics: readonly (readonly EncodedText[])[], { kinds: kindOf }: Vocabulary) {
  const sizes = newByKind(() => new Float64Array(topics.length));
  const totals = newByKind(() => 0);
  topics.forEach((texts, topic) => {
    for (const { ids, counts } of texts) {
      for (let at = 0; at < ids.length; at += 1) {
        const kind = kindOf[ids[at] as number] as FeatureKind;
        const own = sizes[kind];
        own[topic] = (own[topic] as number) + (counts[at] as number);
        totals[kind] += counts[at] as number;
      }
    }
  });
  return { sizes, totals };
}

/** Turns counts that stand one place further into starts. */
function addUp(counts: Uint32Array): void {
  for (let at = 1; at < counts.length; at += 1) counts[at] = (counts[at] as number) + (counts[at - 1] as number);
}
