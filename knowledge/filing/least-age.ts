import type { FilerKind } from './kinds.ts';

export interface AgeRule {
  /** Completed years: nobody younger is taken. */
  least: number;
  /** From `least` to this age a proof of work or a guardian's consent is asked for. */
  free: number;
}

/**
 * How old the people named in a filing have to be. Where sources of one province disagree, the milder rule stands: who might be
 * refused is told to have it checked, nobody is turned away on a rule that may be out of date. Without a province the mildest.
 */
export function ageRule(filerKind: FilerKind | undefined, province: string | undefined): AgeRule {
  if (filerKind !== 'individual') return { least: province === '46' ? 16 : 18, free: 18 };
  if (!province) return { least: youngestAsked, free: 18 };
  return individuals[province] ?? { least: 18, free: 18 };
}

/** Data of younger children are not taken from them at all: PIPL, article 31. */
export const youngestAsked = 14;

const sixteen: AgeRule = { least: 16, free: 18 };

// Provinces other than "18, no exception". Source: rules of provinces, subject `age`, of 2021 to 2025-12, compared in 2026-11.
const individuals: Readonly<Record<string, AgeRule>> = {
  '21': sixteen,
  '22': sixteen,
  '23': sixteen,
  '32': sixteen,
  '34': { least: youngestAsked, free: 18 },
  '35': sixteen,
  '36': { least: 16, free: 16 },
  '37': { least: youngestAsked, free: 18 },
  '41': { least: youngestAsked, free: 18 },
  '44': sixteen,
  '46': { least: 16, free: 16 },
  '50': sixteen,
  '51': sixteen,
  '53': sixteen,
  '63': { least: 18, free: 22 },
};
