import type { Store } from './store.ts';

/** Is told of each thing that a store was asked for: how long it took, and whether it failed. */
export type Measure = (operation: string, seconds: number, failed: boolean) => void;

const measured = new Set<PropertyKey>([
  'get',
  'read',
  'end',
  'range',
  'apply',
  'claim',
  'commit',
  'release',
  'due',
  'sweep',
  'ping',
] satisfies (keyof Store)[]);

/** The same store, with the time of its answers measured: of all that customers and people at the desk wait for. */
export function measuredStore(store: Store, measure: Measure): Store {
  const wrapped = new Map<PropertyKey, unknown>();
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      const known = wrapped.get(name);
      if (known) return known;
      const bound = value.bind(target) as (...args: unknown[]) => unknown;
      const made = measured.has(name) ? timed(String(name), bound as (...args: unknown[]) => Promise<unknown>, measure) : bound;
      wrapped.set(name, made);
      return made;
    },
  });
}

function timed(operation: string, ask: (...args: unknown[]) => Promise<unknown>, measure: Measure) {
  return async (...args: unknown[]): Promise<unknown> => {
    const started = performance.now();
    let failed = true;
    try {
      const answer = await ask(...args);
      failed = false;
      return answer;
    } finally {
      measure(operation, (performance.now() - started) / 1000, failed);
    }
  };
}
