import type { Operation } from './operations.ts';
import type { Oracle } from './oracle.ts';
import { carryOut, type RunOptions } from './run.ts';
import { canHappenAt, type Failpoint, type Mishap, mishaps } from './trap.ts';

export interface Judged {
  /** How often something went wrong, and was judged. */
  runs: number;
  faults: string[];
}

/** How often an operation comes by each failpoint when nothing goes wrong; what cannot happen at a moment does not count there. */
export async function momentsOf(operation: Operation, options: RunOptions): Promise<(mishap: Mishap, failpoint: Failpoint) => number> {
  const counts = new Map<Mishap, ReadonlyMap<Failpoint, number>>();
  for (const mishap of mishaps) {
    const never = { failpoint: 'after-verify', nth: Infinity, mishap, client: 'insists' } as const;
    counts.set(mishap, (await carryOut(operation, options, never)).passed);
  }
  return (mishap, failpoint) => (canHappenAt(failpoint, mishap) ? (counts.get(mishap)?.get(failpoint) ?? 0) : 0);
}

/** Lets a mishap happen at every single moment at which an operation comes by a failpoint, and judges what has become of it. */
export async function judgeEveryMoment(
  operation: Operation,
  options: RunOptions,
  oracle: Oracle,
  failpoint: Failpoint,
  times: (mishap: Mishap, failpoint: Failpoint) => number,
): Promise<Judged> {
  const judged: Judged = { runs: 0, faults: [] };
  for (const mishap of mishaps) {
    for (let nth = 1; nth <= times(mishap, failpoint); nth += 1) {
      for (const client of ['insists', 'gives up'] as const) {
        const outcome = await carryOut(operation, options, { failpoint, nth, mishap, client });
        judged.runs += 1;
        const faults = await oracle.faultsOf(outcome);
        judged.faults.push(...faults.map((fault) => `${mishap} ${failpoint} (${nth}), the client ${client}: ${fault}`));
        // Who was never refused has nothing to give up.
        if (!outcome.wasRefused) break;
      }
    }
  }
  return judged;
}
