import { randomFrom } from '../../support/random.ts';

/** A figure with its 95 % interval. */
export interface Estimate {
  value: number;
  low: number;
  high: number;
}

const rounds = 2000;
const seed = 20261124; // any number, but the same one, so that two runs print the same interval

/** The chance that a positive scores above a negative, ties counted half; 0.5 when one side is empty. */
export function auroc(positive: readonly number[], negative: readonly number[]): number {
  const { places, levels } = ranked(positive, negative);
  return aurocOfPlaces(places.slice(0, positive.length), places.slice(positive.length), levels);
}

/** The same with its bootstrap interval: both sides are drawn again, each with its own size, from a fixed seed. */
export function aurocEstimate(positive: readonly number[], negative: readonly number[]): Estimate {
  const { places, levels } = ranked(positive, negative);
  const [ours, others] = [places.slice(0, positive.length), places.slice(positive.length)];
  const random = randomFrom(seed);
  const draws = Float64Array.from({ length: rounds }, () => aurocOfPlaces(drawn(ours, random), drawn(others, random), levels)).sort();
  const quantile = (share: number) => draws[Math.round(share * (rounds - 1))] ?? 0.5;
  return { value: aurocOfPlaces(ours, others, levels), low: quantile(0.025), high: quantile(0.975) };
}

/** Each score as its place among all distinct scores: counting places takes no sorting, which 2000 draws would feel. */
function ranked(positive: readonly number[], negative: readonly number[]) {
  const scores = [...positive, ...negative];
  const distinct = [...new Set(scores)].sort((a, b) => a - b);
  const placeOf = new Map(distinct.map((score, place) => [score, place]));
  return { places: Uint32Array.from(scores, (score) => placeOf.get(score) ?? 0), levels: distinct.length };
}

function aurocOfPlaces(positive: Uint32Array, negative: Uint32Array, levels: number): number {
  if (positive.length === 0 || negative.length === 0) return 0.5;
  const above = counted(positive, levels);
  const below = counted(negative, levels);
  let wins = 0;
  let lower = 0;
  for (let place = 0; place < levels; place += 1) {
    const [own, level] = [above[place] ?? 0, below[place] ?? 0];
    wins += own * (lower + level / 2);
    lower += level;
  }
  return wins / (positive.length * negative.length);
}

function counted(places: Uint32Array, levels: number): Uint32Array {
  const counts = new Uint32Array(levels);
  for (const place of places) counts[place] = (counts[place] ?? 0) + 1;
  return counts;
}

function drawn(places: Uint32Array, random: () => number): Uint32Array {
  return places.map(() => places[Math.floor(random() * places.length)] ?? 0);
}
