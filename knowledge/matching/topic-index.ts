import { type FeatureKind, featureKinds, type TextFeatures } from './features.ts';

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
  readonly #ids = new Map<string, number>();
  readonly #kinds: FeatureKind[] = [];
  /** Per feature: the topics that contain it, and what one occurrence in a question gains there. */
  readonly #postings: { topics: Uint32Array; gains: Float64Array }[] = [];
  /** Per feature: rarity among phrasings, times the weight of its kind. */
  readonly #weights: number[] = [];
  /** Per kind and topic: what each feature of the question costs, for the topic's size. */
  readonly #costs: Record<FeatureKind, Float64Array>;
  readonly #phrasings: { topic: number; ids: Uint32Array; weights: Float64Array }[] = [];
  readonly #phrasingsOf: number[][] = [];
  readonly #topicCount: number;
  readonly #rarest: number;

  constructor(topics: readonly IndexedTopic[]) {
    this.#topicCount = topics.length;
    const textCount = topics.reduce((sum, topic) => sum + topic.texts.length, 0);
    const inTopic = topics.map(() => new Map<number, number>());
    const inTexts: number[] = [];
    const total = Object.fromEntries(kinds.map((kind) => [kind, 0])) as Record<FeatureKind, number>;
    const sizes = Object.fromEntries(kinds.map((kind) => [kind, new Float64Array(topics.length)])) as Record<FeatureKind, Float64Array>;
    topics.forEach((topic, at) => {
      for (const text of topic.texts) {
        for (const { name, kind, count } of text.features) {
          const id = this.#idOf(name, kind);
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
    this.#costs = Object.fromEntries(
      kinds.map((kind) => [kind, sizes[kind].map((size) => Math.log((size + smoothing) / smoothing))]),
    ) as Record<FeatureKind, Float64Array>;
    topics.forEach((topic, at) => {
      this.#addPhrasings(topic, at);
    });
  }

  score(question: TextFeatures): TopicScores {
    const likelihoods = new Float64Array(this.#topicCount);
    // Dense, because phrasing vectors look up far more features than a question has.
    const vector = new Float64Array(this.#kinds.length);
    let known = 0;
    let unknown = 0;
    let norm = 0;
    for (const { name, kind, count } of question.features) {
      const id = this.#ids.get(name);
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
      vector[id] = weight;
      const { topics, gains } = this.#postings[id] as { topics: Uint32Array; gains: Float64Array };
      const share = count * featureKinds[kind];
      for (let at = 0; at < topics.length; at += 1) {
        const topic = topics[at] as number;
        likelihoods[topic] = (likelihoods[topic] as number) + share * (gains[at] as number);
      }
      const costs = this.#costs[kind];
      for (let topic = 0; topic < this.#topicCount; topic += 1) {
        likelihoods[topic] = (likelihoods[topic] as number) - share * (costs[topic] as number);
      }
    }
    const length = Math.max(1, question.length);
    const best = [...likelihoods.keys()].sort((a, b) => (likelihoods[b] as number) - (likelihoods[a] as number)).slice(0, candidates);
    const ranked = best.map((topic) => ({
      topic,
      likelihood: (likelihoods[topic] as number) / length,
      closeness: this.#closeness(topic, vector, Math.sqrt(norm)),
    }));
    ranked.sort((a, b) => blend(b) - blend(a));
    return { ranked, unknown: unknown / Math.max(known + unknown, Number.MIN_VALUE) };
  }

  #idOf(name: string, kind: FeatureKind): number {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    this.#ids.set(name, this.#kinds.length);
    return this.#kinds.push(kind) - 1;
  }

  #addPhrasings(topic: IndexedTopic, at: number): void {
    this.#phrasingsOf[at] = topic.texts.map((text) => {
      const ids = Uint32Array.from(text.features, ({ name }) => this.#ids.get(name) as number);
      const weights = Float64Array.from(text.features, ({ count }, place) => {
        return (this.#weights[ids[place] as number] as number) * Math.sqrt(count);
      });
      const norm = Math.hypot(...weights);
      return this.#phrasings.push({ topic: at, ids, weights: weights.map((weight) => weight / norm) }) - 1;
    });
  }

  #closeness(topic: number, vector: Float64Array, norm: number): number {
    if (norm === 0) return 0;
    const cosines = (this.#phrasingsOf[topic] as number[]).map((place) => {
      const { ids, weights } = this.#phrasings[place] as { ids: Uint32Array; weights: Float64Array };
      let dot = 0;
      for (let at = 0; at < ids.length; at += 1) dot += (vector[ids[at] as number] as number) * (weights[at] as number);
      return dot / norm;
    });
    cosines.sort((a, b) => b - a);
    let sum = 0;
    let shares = 0;
    for (let at = 0; at < Math.min(5, cosines.length); at += 1) {
      sum += (cosines[at] as number) * 0.5 ** at;
      shares += 0.5 ** at;
    }
    return sum / shares;
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
