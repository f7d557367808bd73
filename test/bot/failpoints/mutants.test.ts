import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Mutant, mutants, withScript } from './mutants.ts';
import { type Operation, operations } from './operations.ts';
import { Oracle } from './oracle.ts';
import { lmdbStepByStepKind, redisKind, type StoreKind } from './places.ts';
import { carryOut, prepare, type RunOptions } from './run.ts';

const killed: { store: string; mutant: string; 'killed by': string; 'which found': string }[] = [];

/** The same oracle that finds nothing to blame in the stores has to blame each of them when one protection is taken out. */
describe.each([
  { store: 'LMDB', start: lmdbStepByStepKind, those: mutants.filter(({ tamper }) => tamper) },
  { store: 'Redis', start: redisKind, those: mutants },
])('on $store', { retry: 0 }, ({ store, start, those }) => {
  let kind: StoreKind;
  const prepared = new Map<string, { options: RunOptions; oracle: Oracle }>();
  beforeAll(async () => {
    kind = await start();
  });
  afterAll(async () => {
    console.table(killed.splice(0));
    await kind.stop();
  });

  it.each(those)('$name: is found out', async (mutant) => {
    const operation = operationOf(mutant);
    const { options, oracle } = await preparedFor(operation);
    const { failpoint, mishap } = mutant;
    const trouble = { failpoint, nth: 1, mishap, client: 'insists' } as const;
    expect(await oracle.faultsOf(await carryOut(operation, options, trouble))).toEqual([]);
    const tamper = mutant.tamper?.();
    const changed = await withScript(mutant.script, () => carryOut(operation, { ...options, ...(tamper && { tamper }) }, trouble));
    expect(changed.passed.get(failpoint)).toBeGreaterThan(0);
    const faults = await oracle.faultsOf(changed);
    killed.push({
      store,
      mutant: mutant.name,
      'killed by': `${mishap} ${failpoint}`,
      'which found': faults[0]?.split('\n')[0]?.slice(0, 60) ?? '',
    });
    expect(faults).not.toEqual([]);
  });

  async function preparedFor(operation: Operation): Promise<{ options: RunOptions; oracle: Oracle }> {
    const known = prepared.get(operation.name);
    if (known) return known;
    const options = { newPlace: kind.newPlace, saved: await prepare(operation, await kind.newPlace()) };
    const fresh = { options, oracle: new Oracle(operation, options) };
    prepared.set(operation.name, fresh);
    return fresh;
  }
});

function operationOf({ operation }: Mutant): Operation {
  const found = operations.find(({ name }) => name === operation);
  if (!found) throw new Error(`There is no operation "${operation}".`);
  return found;
}
