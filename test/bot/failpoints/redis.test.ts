import { redisKind } from './places.ts';
import { failpointSuite } from './suite.ts';

failpointSuite('Redis', redisKind);
