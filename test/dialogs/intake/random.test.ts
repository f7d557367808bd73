import { describe, expect, it } from 'vitest';
import { sessionSchema } from '../../../dialogs/session.ts';
import { sampleOf } from '../../support/sample.ts';
import { Wanderer } from '../../support/wanderer.ts';

const seeds = sampleOf(
  Array.from({ length: 600 }, (_, at) => at + 1),
  100,
  'conversations at random',
);

describe('conversations at random', () => {
  it(`${seeds.length} of them end in a case, ask nothing twice, lose nothing, and show no certificate number`, {
    timeout: 240_000,
  }, () => {
    for (const seed of seeds) {
      const wanderer = new Wanderer(seed);
      expect(() => wanderer.walk(), `seed ${seed}`).not.toThrow();
      if (seed % 50 === 0) expect(sessionSchema.safeParse(JSON.parse(JSON.stringify(wanderer.customer.session))).success).toBe(true);
    }
  });
});
