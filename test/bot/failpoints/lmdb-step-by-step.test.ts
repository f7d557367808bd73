import { lmdbStepByStepKind } from './places.ts';
import { failpointSuite } from './suite.ts';

failpointSuite('LMDB, its turns apart from their messages', lmdbStepByStepKind);
