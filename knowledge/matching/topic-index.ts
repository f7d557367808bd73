import { type Feature, type FeatureKind, featureKinds, newByKind, type TextFeatures } from './features.ts';

/** A topic as the index sees it: all its texts taken apart. */
export interface IndexedTopic {
  texts: TextFeatures[];
}

export interface TopicScore {
  topic: number;
  /** Log-likelihood of the question under the topic's language model against all topics together, per unit of length. */
  likelihood: number;
  /** Closeness (0 to 1) to the topic's phrasings: the best counts most, four more add halving shares. */
  closeness: number;
}

export interface TopicScores {
  /** Best first, at most `candidates` of them. */
  ranked: TopicScore[];
  /** Share (0 to 1) of the question's weight on words and characters that no topic contains. */
  unknown: number;
}

const smoothing = 30; // Dirichlet pseudo-count; 10 to 100 differ by less than a point of accuracy
const candidates = 24;
const likelihoodShare = 1;
const closenessShare = 4;

/**
 * Inverted index over topics and their phrasings. Topics are scored by a Dirichlet-smoothed language model, so that many
 * phrasings of one topic count together instead of competing; the best of them are then compared phrasing by phrasing.
 */
export class TopicIndex {
  readonly #ids = newByKind(() => new Map<string, number>());
  readonly #kinds: FeatureKind[] = [];
  /** Per feature: the topics that contain it, and what one occurrence in a question gains there. */
  readonly #postings: { topics: Uint32Array; gains: Float64Array }[] = [];
  /** Per feature: rarity among phrasings, times the weight of its kind. */
  readonly #weights: number[] = [];
  /** Per kind and topic: what each feature of the question costs, for the topic's size. */
  readonly #costs: Record<FeatureKind, Float64Array>;
  /** Per feature, from `#starts[id]` to `#starts[id + 1]`: the phrasings that contain it, and its share of each one's length. */
  readonly #starts: Uint32Array;
  readonly #holders: Uint32Array;
  readonly #shares: Float32Array;
  /** The phrasings of topic t stand from `#firsts[t]` to `#firsts[t + 1]`. */
  readonly #firsts: Uint32Array;
  /** Closeness of each phrasing to the question being scored; all zero between questions. */
  readonly #cosines: Float32Array;
  readonly #topicCount: number;
  readonly #rarest: number;

  constructor(topics: readonly IndexedTopic[]) {
    this.#topicCount = topics.length;
    const textCount = topics.reduce((sum, topic) => sum + topic.texts.length, 0);
    const inTopic = topics.map(() => new Map<number, number>());
    const inTexts: number[] = [];
    const total = newByKind(() => 0);
    const sizes = newByKind(() => new Float64Array(topics.length));
    topics.forEach((topic, at) => {
      for (const text of topic.texts) {
        for (const feature of text.features) {
          const { kind, count } = feature;
          const id = this.#idOf(feature);
          const counts = inTopic[at] as Map<number, number>;
          counts.set(id, (counts.get(id) ?? 0) + count);
          inTexts[id] = (inTexts[id] ?? 0) + 1;
          total[kind] += count;
          (sizes[kind] as Float64Array)[at] = (sizes[kind][at] ?? 0) + count;
        }
      }
    });
    this.#rarest = Math.log(1 + textCount);
    this.#kinds.forEach((kind, id) => {
      this.#weights[id] = Math.log(1 + textCount / (inTexts[id] ?? 1)) * featureKinds[kind];
      this.#postings[id] = postingsOf(id, inTopic, total[kind]);
    });
    this.#costs = newByKind((kind) => sizes[kind].map((size) => Math.log((size + smoothing) / smoothing)));
    this.#firsts = Uint32Array.from([0, ...topics.map(({ texts }) => texts.length)]);
    for (let at = 1; at < this.#firsts.length; at += 1) this.#firsts[at] = (this.#firsts[at] as number) + (this.#firsts[at - 1] as number);
    this.#starts = new Uint32Array(this.#kinds.length + 1);
    inTexts.forEach((count, id) => {
      this.#starts[id + 1] = (this.#starts[id] as number) + count;
    });
    const size = this.#starts.at(-1) ?? 0;
    this.#holders = new Uint32Array(size);
    this.#shares = new Float32Array(size);
    this.#cosines = new Float32Array(textCount);
    this.#fillPhrasings(topics.flatMap(({ texts }) => texts));
  }

  score(question: TextFeatures): TopicScores {
    const likelihoods = new Float64Array(this.#topicCount);
    const shares = newByKind(() => 0);
    let known = 0;
    let unknown = 0;
    let norm = 0;
    for (const { kind, value, count } of question.features) {
      const id = this.#ids[kind].get(value);
      if (id === undefined) {
        // A feature that no phrasing has counts with the weight of the rarest, so that foreign questions stay far away.
        const weight = this.#rarest * featureKinds[kind];
        norm += weight * weight;
        if (kind === 'unit' || kind === 'word') unknown += weight;
        continue;
      }
      const weight = (this.#weights[id] as number) * Math.sqrt(count);
      if (kind === 'unit' || kind === 'word') known += weight;
      norm += weight * weight;
      this.#addCosines(id, weight);
      const { topics, gains } = this.#postings[id] as { topics: Uint32Array; gains: Float64Array };
      const share = count * featureKinds[kind];
      for (let at = 0; at < topics.length; at += 1) {
        const topic = topics[at] as number;
        likelihoods[topic] = (likelihoods[topic] as number) + share * (gains[at] as number);
      }
      shares[kind] += share;
    }
    for (const kind of kinds) {
      const costs = this.#costs[kind];
      for (let topic = 0; topic < this.#topicCount; topic += 1) {
        likelihoods[topic] = (likelihoods[topic] as number) - shares[kind] * (costs[topic] as number);
      }
    }
    const length = Math.max(1, question.length);
    const best = [...likelihoods.keys()].sort((a, b) => (likelihoods[b] as number) - (likelihoods[a] as number)).slice(0, candidates);
    const ranked = best.map((topic) => ({
      topic,
      likelihood: (likelihoods[topic] as number) / length,
      closeness: this.#closeness(topic) / Math.max(Math.sqrt(norm), Number.MIN_VALUE),
    }));
    this.#cosines.fill(0);
    ranked.sort((a, b) => blend(b) - blend(a));
    return { ranked, unknown: unknown / Math.max(known + unknown, Number.MIN_VALUE) };
  }

  #idOf({ kind, value }: Feature): number {
    const known = this.#ids[kind].get(value);
    if (known !== undefined) return known;
    this.#ids[kind].set(value, this.#kinds.length);
    return this.#kinds.push(kind) - 1;
  }

  #fillPhrasings(texts: readonly TextFeatures[]): void {
    const filled = this.#starts.slice();
    texts.forEach(({ features }, place) => {
      const ids = features.map((feature) => this.#idOf(feature));
      const weights = features.map(({ count }, at) => (this.#weights[ids[at] as number] as number) * Math.sqrt(count));
      const norm = Math.hypot(...weights);
      ids.forEach((id, at) => {
        const slot = filled[id] as number;
        filled[id] = slot + 1;
        this.#holders[slot] = place;
        this.#shares[slot] = (weights[at] as number) / norm;
      });
    });
  }

  #addCosines(id: number, weight: number): void {
    const end = this.#starts[id + 1] as number;
    for (let slot = this.#starts[id] as number; slot < end; slot += 1) {
      const holder = this.#holders[slot] as number;
      this.#cosines[holder] = (this.#cosines[holder] as number) + weight * (this.#shares[slot] as number);
    }
  }

  /** The best of a topic's phrasings counts most, four more add halving shares. */
  #closeness(topic: number): number {
    const best = [0, 0, 0, 0, 0];
    const end = this.#firsts[topic + 1] as number;
    for (let place = this.#firsts[topic] as number; place < end; place += 1) {
      let cosine = this.#cosines[place] as number;
      for (let rank = 0; rank < best.length && cosine > 0; rank += 1) {
        const other = best[rank] as number;
        if (cosine <= other) continue;
        best[rank] = cosine;
        cosine = other;
      }
    }
    const count = Math.min(best.length, end - (this.#firsts[topic] as number));
    let sum = 0;
    let shares = 0;
    for (let rank = 0; rank < count; rank += 1) {
      sum += (best[rank] as number) * 0.5 ** rank;
      shares += 0.5 ** rank;
    }
    return sum / Math.max(shares, 1);
  }
}

/** One number to rank by. */
export function blend(score: Pick<TopicScore, 'likelihood' | 'closeness'>): number {
  return likelihoodShare * score.likelihood + closenessShare * score.closeness;
}

const kinds = Object.keys(featureKinds) as FeatureKind[];

function postingsOf(id: number, inTopic: readonly Map<number, number>[], total: number) {
  const holders = inTopic.flatMap((counts, topic) => (counts.has(id) ? [topic] : []));
  const everywhere = holders.reduce((sum, topic) => sum + (inTopic[topic]?.get(id) ?? 0), 0);
  const background = everywhere / total;
  return {
    topics: Uint32Array.from(holders),
    gains: Float64Array.from(holders, (topic) => Math.log(1 + (inTopic[topic]?.get(id) ?? 0) / (smoothing * background))),
  };
}
