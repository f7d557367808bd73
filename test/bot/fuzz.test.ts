import { describe, expect, it } from 'vitest';
import { fuzzParsers, fuzzServer } from '../fuzz/fuzzing.ts';
import { startTestApplication } from '../support/application.ts';
import { isThorough, sampleSeed } from '../support/sample.ts';

describe('whatever is sent', () => {
  it('no reader of what people type throws', () => {
    const { outcomes, findings } = fuzzParsers(sampleSeed, isThorough ? 5_000 : 2_000);
    expect(findings).toEqual([]);
    expect(Object.keys(outcomes).length).toBeGreaterThan(20);
  });

  it('no answer is a fault, tells of the inside, or takes the server down', async () => {
    const app = await startTestApplication();
    try {
      const { outcomes, findings } = await fuzzServer(app.url, sampleSeed, isThorough ? 1_500 : 500);
      expect(findings).toEqual([]);
      for (const status of [200, 400, 401, 403, 404, 415]) expect(outcomes[status], String(status)).toBeGreaterThan(0);
      expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
    } finally {
      await app.stop();
    }
  });
});
