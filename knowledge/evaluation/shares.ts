/** A share of counted cases with its 95 % interval (Wilson), so that small sets are not read as exact. */
export interface Share {
  value: number;
  of: number;
  low: number;
  high: number;
}

const z = 1.96;

/** The share of `among` for which `holds`; of nothing it is 0, with `of: 0` to tell. */
export function share<T>(among: readonly T[], holds: (one: T) => boolean): Share {
  return wilson(among.filter(holds).length, among.length);
}

export function wilson(count: number, of: number): Share {
  if (of === 0) return { value: 0, of, low: 0, high: 0 };
  const value = count / of;
  const centre = (value + z ** 2 / (2 * of)) / (1 + z ** 2 / of);
  const half = (z * Math.sqrt((value * (1 - value)) / of + z ** 2 / (4 * of ** 2))) / (1 + z ** 2 / of);
  return { value, of, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
