/// <reference types="vite/client" />
import { randomFrom } from './random.ts';

const dayMs = 86_400_000;

/**
 * Whether everything is tried (`npm run test:thorough`) where `npm test` tries a sample. What goes by samples is of thousands of cases that
 * differ little; all of them take longer than people are willing to wait before every commit.
 */
export const isThorough = import.meta.env.MODE === 'thorough';

/** What samples are drawn by: the days since 1970, so that everybody has the same on one day, and another the day after. */
export const sampleSeed = Math.floor(Date.now() / dayMs);

/** So many of them, drawn by the day and by `name`, in their order; all of them when it is to be thorough. */
export function sampleOf<T>(items: readonly T[], size: number, name: string): T[] {
  if (isThorough || items.length <= size) return [...items];
  const random = randomFrom([...name].reduce((mixed, letter) => Math.imul(mixed, 31) + letter.charCodeAt(0), sampleSeed));
  const drawn = items.map((_, at) => ({ at, place: random() })).sort((a, b) => a.place - b.place);
  const kept = new Set(drawn.slice(0, size).map(({ at }) => at));
  return items.filter((_, at) => kept.has(at));
}
