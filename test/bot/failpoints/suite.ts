import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isThorough, sampleSeed } from '../../support/sample.ts';
import { judgeMoments, momentsOf } from './moments.ts';
import { type Operation, operations } from './operations.ts';
import { Oracle } from './oracle.ts';
import type { StoreKind } from './places.ts';
import { prepare, type RunOptions } from './run.ts';
import { type Failpoint, failpoints } from './trap.ts';

const points = Object.keys(failpoints) as Failpoint[];

/** Operations on a kind of store, with mishaps at the moments that they come by a failpoint: each of them, or a sample drawn by the day. */
export function failpointSuite(name: string, start: () => Promise<StoreKind>, those: readonly Operation[] = operations): void {
  // Nothing here goes by chance, so that a second try would only hide what the first has found.
  describe(`on ${name}`, { retry: 0 }, () => {
    let kind: StoreKind;
    let mishaps = 0;
    beforeAll(async () => {
      kind = await start();
    });
    afterAll(async () => {
      console.log(
        `failpoints on ${name}: ${those.length} operations, ${mishaps} mishaps, ${isThorough ? 'all there are' : `a sample, day ${sampleSeed}`}`,
      );
      await kind.stop();
    });

    describe.each(those)('$name', (operation) => {
      let options: RunOptions;
      let oracle: Oracle;
      let times: Awaited<ReturnType<typeof momentsOf>>;
      beforeAll(async () => {
        options = { newPlace: kind.newPlace, saved: await prepare(operation, await kind.newPlace()) };
        oracle = new Oracle(operation, options);
        times = await momentsOf(operation, options);
      });

      it('does without mishap what it is for', async () => {
        expect(await oracle.evidenceOf()).toMatchObject(operation.comesTo);
      });

      it.each(operation.passes)('has its effect once, in order, whatever happens %s', async (failpoint) => {
        const { runs, faults } = await judgeMoments(operation, options, oracle, failpoint, times);
        mishaps += runs;
        expect(faults).toEqual([]);
        expect(runs).toBeGreaterThan(0);
      });

      it('comes by no other failpoint', async () => {
        const others = points.filter((failpoint) => !operation.passes.includes(failpoint));
        expect(others.filter((failpoint) => times('dies', failpoint) > 0)).toEqual([]);
      });
    });
  });
}
