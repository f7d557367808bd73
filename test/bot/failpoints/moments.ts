import { sampleOf } from '../../support/sample.ts';
import type { Operation } from './operations.ts';
import type { Oracle } from './oracle.ts';
import { carryOut, type RunOptions } from './run.ts';
import { canHappenAt, type Failpoint, type Mishap, mishaps } from './trap.ts';

export interface Judged {
  /** How often something went wrong, and was judged. */
  runs: number;
  faults: string[];
}

/** Of each failpoint of each operation, what `npm test` lets happen; `npm run test:thorough` leaves nothing out. */
const sampled = 2;

/** How often an operation comes by each failpoint when nothing goes wrong; what cannot happen at a moment does not count there. */
export async function momentsOf(operation: Operation, options: RunOptions): Promise<(mishap: Mishap, failpoint: Failpoint) => number> {
  const counts = new Map<Mishap, ReadonlyMap<Failpoint, number>>();
  for (const mishap of mishaps) {
    const never = { failpoint: 'after-verify', nth: Infinity, mishap, client: 'insists' } as const;
    counts.set(mishap, (await carryOut(operation, options, never)).passed);
  }
  return (mishap, failpoint) => (canHappenAt(failpoint, mishap) ? (counts.get(mishap)?.get(failpoint) ?? 0) : 0);
}

/** Lets a mishap happen at the moments at which an operation comes by a failpoint, and judges what has become of it. */
export async function judgeMoments(
  operation: Operation,
  options: RunOptions,
  oracle: Oracle,
  failpoint: Failpoint,
  times: (mishap: Mishap, failpoint: Failpoint) => number,
): Promise<Judged> {
  const judged: Judged = { runs: 0, faults: [] };
  const moments = mishaps.flatMap((mishap) => Array.from({ length: times(mishap, failpoint) }, (_, at) => ({ mishap, nth: at + 1 })));
  for (const { mishap, nth } of sampleOf(moments, sampled, `${operation.name} ${failpoint}`)) {
    for (const client of ['insists', 'gives up'] as const) {
      const outcome = await carryOut(operation, options, { failpoint, nth, mishap, client });
      judged.runs += 1;
      const faults = await oracle.faultsOf(outcome);
      judged.faults.push(...faults.map((fault) => `${mishap} ${failpoint} (${nth}), the client ${client}: ${fault}`));
      // Who was never refused has nothing to give up.
      if (!outcome.wasRefused) break;
    }
  }
  return judged;
}
