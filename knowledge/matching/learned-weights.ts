import { type FeatureKind, featureKinds } from './features.ts';
import type { FeatureIds } from './vocabulary.ts';

/** Postings by feature: the topics that contain it, ascending, stand from `starts[feature]` to `starts[feature + 1]`. */
export interface Postings {
  starts: Uint32Array;
  topics: Uint16Array;
}

/** A phrasing as a vector of length 1, and the topic that it asks about. */
export interface Example {
  topic: number;
  ids: Uint32Array;
  shares: Float32Array;
}

const rounds = 2; // a third makes no difference of half a point on the development questions
const margin = 1;
const largestStep = 1;
const mostRivals = 3;

/**
 * How much each feature speaks for each topic that contains it, learned by telling every phrasing's topic from those it could be taken for
 * (multi-class passive-aggressive steps, averaged: Crammer and others, "Online Passive-Aggressive Algorithms", 2006). What a topic does not
 * contain says nothing of it. The same examples give the same weights. `weights`: what is known already, and goes on from there.
 */
export function learnWeights(
  examples: readonly Example[],
  postings: Postings,
  topicCount: number,
  weights: Float32Array = new Float32Array(postings.topics.length),
): Float32Array {
  const drift = new Float32Array(weights.length);
  const scores = new Float64Array(topicCount);
  const order = [...examples.keys()];
  const random = numbers();
  let step = 1;
  const move = ({ ids, shares }: Example, topic: number, by: number) => {
    for (let at = 0; at < ids.length; at += 1) {
      const posting = postingOf(postings, ids[at] as number, topic);
      if (posting === undefined) continue;
      const change = by * (shares[at] as number);
      weights[posting] = (weights[posting] as number) + change;
      drift[posting] = (drift[posting] as number) + change * step;
    }
  };
  for (let round = 0; round < rounds; round += 1) {
    shuffle(order, random);
    for (const at of order) {
      const example = examples[at] as Example;
      const { topic } = example;
      scores.fill(0);
      for (let feature = 0; feature < example.ids.length; feature += 1) {
        addWeights(scores, example.shares[feature] as number, postings, weights, example.ids[feature] as number);
      }
      const own = scores[topic] as number;
      scores[topic] = -Infinity;
      for (let rivals = 0; rivals < mostRivals; rivals += 1) {
        const rival = largestOf(scores);
        const loss = margin - own + (scores[rival] as number);
        if (loss <= 0) break;
        const by = Math.min(largestStep, loss / 2);
        move(example, topic, by);
        move(example, rival, -by);
        scores[rival] = -Infinity;
      }
      step += 1;
    }
  }
  for (let posting = 0; posting < weights.length; posting += 1) {
    weights[posting] = (weights[posting] as number) - (drift[posting] as number) / step;
  }
  return weights;
}

/** What was learned of another state of the topics, by its features and by where each topic of this state stood there, if it did. */
export interface Learned {
  ids: FeatureIds;
  postings: Postings;
  weights: Float32Array;
  topicOf: (topic: number) => number | undefined;
}

/** The weights of features that stand in the same topics as before; the others are 0. */
export function carryWeights(postings: Postings, ids: FeatureIds, before: Learned): Float32Array {
  const weights = new Float32Array(postings.topics.length);
  for (const kind of Object.keys(featureKinds) as FeatureKind[]) {
    for (const [value, id] of ids[kind]) {
      const idBefore = before.ids[kind].get(value);
      if (idBefore === undefined) continue;
      for (let posting = postings.starts[id] as number; posting < (postings.starts[id + 1] as number); posting += 1) {
        const topic = before.topicOf(postings.topics[posting] as number);
        const known = topic === undefined ? undefined : postingOf(before.postings, idBefore, topic);
        if (known !== undefined) weights[posting] = before.weights[known] as number;
      }
    }
  }
  return weights;
}

/** To each topic that contains the feature, what a share of it adds there. */
function addWeights(scores: Float64Array, share: number, { starts, topics }: Postings, weights: Float32Array, feature: number): void {
  const end = starts[feature + 1] as number;
  for (let posting = starts[feature] as number; posting < end; posting += 1) {
    const topic = topics[posting] as number;
    scores[topic] = (scores[topic] as number) + share * (weights[posting] as number);
  }
}

/** Where a topic stands among those that contain the feature. */
export function postingOf({ starts, topics }: Postings, feature: number, topic: number): number | undefined {
  let low = starts[feature] as number;
  let high = (starts[feature + 1] as number) - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = topics[middle] as number;
    if (found === topic) return middle;
    if (found < topic) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}

function largestOf(values: Float64Array): number {
  let best = 0;
  for (let at = 1; at < values.length; at += 1) if ((values[at] as number) > (values[best] as number)) best = at;
  return best;
}

/** Numbers from 0 to below 1, always the same (mulberry32). */
function numbers(): () => number {
  let state = 1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function shuffle(order: number[], random: () => number): void {
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other] as number, order[last] as number];
  }
}
