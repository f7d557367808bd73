import { operations } from './operations.ts';
import { lmdbStepByStepKind } from './places.ts';
import { failpointSuite } from './suite.ts';

/** Those whose turns are otherwise part of the step that keeps their message; the others go step by step by themselves, having to look something up. */
const atOnce = operations.filter(({ passes, comesTo }) => passes.includes('mid-turn') && !comesTo.cases);

failpointSuite('LMDB, its turns apart from their messages', lmdbStepByStepKind, atOnce);
