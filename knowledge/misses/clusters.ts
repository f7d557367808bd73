import type { QuestionProfile } from '../matching/faq-index.ts';

/** What a question is compared with others by. */
export type Comparable = Pick<QuestionProfile, 'terms' | 'topics'>;

/**
 * How alike two questions are, from 0 to 1, is for this share told by their words, characters and sounds, and for the rest by the topics
 * that are near them: words alone miss what is said in another way, topics alone what the knowledge base does not have. Tried in steps of
 * two tenths on the development half of the labelled questions, as was the least likeness; `npm run eval` prints what they give.
 */
const wordsShare = 0.7;
const leastAlike = 0.24;

/**
 * Brings together questions that ask for the same thing: groups become one for as long as their members are alike on average. Gives
 * positions, the largest group first, and the earliest first among equals; the same for the same questions in the same order.
 */
export function clustersOf(questions: readonly Comparable[]): number[][] {
  const merges = mergesOf(likenesses(questions), questions.length);
  const groups = questions.map((_, at): number[] => [at]);
  // Groups that are joined late are less alike, however the joins were found.
  for (const { into, from } of merges.filter(({ alike }) => alike >= leastAlike).sort((a, b) => b.alike - a.alike)) {
    groups[into]?.push(...(groups[from] ?? []));
    groups[from] = [];
  }
  return groups
    .filter(({ length }) => length > 0)
    .map((group) => group.sort((a, b) => a - b))
    .sort((a, b) => b.length - a.length || (a[0] ?? 0) - (b[0] ?? 0));
}

/** The questions of a group in the order of how much each is like all of them: the first ones say best what the group asks. */
export function centralFirst(questions: readonly Comparable[]): number[] {
  const size = questions.length;
  const alike = likenesses(questions);
  const sums = questions.map((_, at) => alike.subarray(at * size, (at + 1) * size).reduce((sum, each) => sum + each, 0));
  return [...questions.keys()].sort((a, b) => (sums[b] ?? 0) - (sums[a] ?? 0) || a - b);
}

/** How alike each two are, row by row. */
function likenesses(questions: readonly Comparable[]): Float64Array {
  const alike = new Float64Array(questions.length ** 2);
  addProducts(
    alike,
    questions.map(({ terms }) => unit(terms)),
    wordsShare,
  );
  addProducts(
    alike,
    questions.map(({ topics }) => unit(new Map(topics.map(({ id, confidence }) => [id, Math.sqrt(confidence)])))),
    1 - wordsShare,
  );
  return alike;
}

function unit(weights: ReadonlyMap<string, number>): [string, number][] {
  const length = Math.hypot(...weights.values());
  return length === 0 ? [] : [...weights].map(([name, weight]) => [name, weight / length]);
}

/** Adds the products of each two vectors: over what they have in common only, since most have little. */
function addProducts(sums: Float64Array, vectors: readonly (readonly [string, number])[][], share: number): void {
  const size = vectors.length;
  const holders = new Map<string, { at: number; weight: number }[]>();
  vectors.forEach((vector, at) => {
    for (const [name, weight] of vector) {
      const earlier = holders.get(name) ?? [];
      holders.set(name, earlier);
      for (const other of earlier) {
        const product = share * weight * other.weight;
        sums[at * size + other.at] = (sums[at * size + other.at] as number) + product;
        sums[other.at * size + at] = (sums[other.at * size + at] as number) + product;
      }
      earlier.push({ at, weight });
    }
  });
}

interface Merge {
  into: number;
  from: number;
  alike: number;
}

/**
 * All joins of average linkage, by following nearest neighbours until two are each other's: quadratic, where joining the most alike pair
 * again and again would be cubic, and with the same result. The likenesses are used up. `into` is before `from`.
 */
function mergesOf(alike: Float64Array, size: number): Merge[] {
  const sizes = new Float64Array(size).fill(1);
  const open = new Set(sizes.keys());
  const chain: number[] = [];
  const merges: Merge[] = [];
  while (open.size > 1) {
    if (chain.length === 0) chain.push(first(open));
    const last = chain.at(-1) as number;
    const before = chain.at(-2);
    const nearest = nearestTo(last, before, open, alike, size);
    if (nearest !== before) {
      chain.push(nearest);
      continue;
    }
    chain.length -= 2;
    const [into, from] = last < nearest ? [last, nearest] : [nearest, last];
    merges.push({ into, from, alike: alike[into * size + from] as number });
    open.delete(from);
    join(into, from, open, alike, sizes);
  }
  return merges;
}

function first(open: ReadonlySet<number>): number {
  const [at = 0] = open;
  return at;
}

/** Among equals the one before in the chain, so that it ends, or else the earliest. */
function nearestTo(at: number, before: number | undefined, open: ReadonlySet<number>, alike: Float64Array, size: number): number {
  let nearest = before ?? -1;
  let most = before === undefined ? -1 : (alike[at * size + before] as number);
  for (const other of open) {
    const each = alike[at * size + other] as number;
    if (other !== at && each > most) {
      nearest = other;
      most = each;
    }
  }
  return nearest;
}

/** A joined group is as much like another as its members are on average. */
function join(into: number, from: number, open: ReadonlySet<number>, alike: Float64Array, sizes: Float64Array): void {
  const size = sizes.length;
  const [own, added] = [sizes[into] as number, sizes[from] as number];
  for (const other of open) {
    const average = (own * (alike[into * size + other] as number) + added * (alike[from * size + other] as number)) / (own + added);
    alike[into * size + other] = average;
    alike[other * size + into] = average;
  }
  sizes[into] = own + added;
}
