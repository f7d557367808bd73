import { describe, expect, it } from 'vitest';
import { sessionSchema } from '../../../dialogs/session.ts';
import { Wanderer } from '../../support/wanderer.ts';

const conversations = 600;

describe('conversations at random', () => {
  it(`${conversations} of them end in a case, ask nothing twice, lose nothing, and show no certificate number`, {
    timeout: 240_000,
  }, () => {
    for (let seed = 1; seed <= conversations; seed += 1) {
      const wanderer = new Wanderer(seed);
      expect(() => wanderer.walk(), `seed ${seed}`).not.toThrow();
      if (seed % 50 === 0) expect(sessionSchema.safeParse(JSON.parse(JSON.stringify(wanderer.customer.session))).success).toBe(true);
    }
  });
});
