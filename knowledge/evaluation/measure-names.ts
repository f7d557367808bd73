/** What editors are shown of the quality before and after a change. */
export const measureNames = ['accuracy', 'recallAt3', 'coverage', 'precision', 'wronglyAnswered', 'refused'] as const;
export type MeasureName = (typeof measureNames)[number];

/** Shares from 0 to 1, and of how many labelled questions they were made. */
export type Measures = Record<MeasureName, number> & { questions: number };
