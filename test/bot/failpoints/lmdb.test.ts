import { lmdbKind } from './places.ts';
import { failpointSuite } from './suite.ts';

failpointSuite('LMDB', lmdbKind);
