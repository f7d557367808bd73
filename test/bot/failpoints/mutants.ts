import { createHash, randomUUID } from 'node:crypto';
import { names } from '../../../bot/conversations/conversation.ts';
import { type ScriptName, scripts } from '../../../bot/store/redis/scripts.ts';
import type { Claim, Store } from '../../../bot/store/store.ts';
import { bound } from './bound-store.ts';
import type { Failpoint, Mishap } from './trap.ts';
import type { Tamper } from './world.ts';

/** A store without one of its protections, and where its lack shows. */
export interface Mutant {
  name: string;
  /** Between the product and its store, on both; or in the scripts of Redis itself. */
  tamper?: () => Tamper;
  script?: { of: ScriptName; without: string; instead: string };
  operation: string;
  failpoint: Failpoint;
  mishap: Mishap;
}

export const mutants: readonly Mutant[] = [
  {
    name: 'no fence: a commit of one who lost the lease counts',
    tamper: () => withoutFence,
    operation: 'messages, one of them not known',
    failpoint: 'before-commit',
    mishap: 'stalls',
  },
  {
    name: 'no fence, in the script',
    script: {
      of: 'commit',
      without: 'if head[1] ~= token or head[2] ~= item then',
      instead: 'if false then',
    },
    operation: 'messages, one of them not known',
    failpoint: 'before-commit',
    mishap: 'stalls',
  },
  {
    name: 'no dedup: a request is remembered under a name that it never has again',
    tamper: () => (store) => ({
      ...bound(store),
      apply: (partition, { once, ...step }) => store.apply(partition, { ...step, ...(once && { once: { ...once, key: randomUUID() } }) }),
    }),
    operation: 'messages, one of them not known',
    failpoint: 'after-accept',
    mishap: 'fails',
  },
  {
    name: 'no dedup, in the script',
    script: { of: 'apply', without: 'if tonumber(expiresAt) > now then\n      if digest', instead: 'if false then\n      if digest' },
    operation: 'messages, one of them not known',
    failpoint: 'after-accept',
    mishap: 'fails',
  },
  {
    name: 'acknowledged before it is saved',
    tamper: () => acknowledgedFirst,
    operation: 'messages, one of them not known',
    failpoint: 'after-verify',
    mishap: 'fails',
  },
  {
    name: 'marked as known apart from its step, before it',
    tamper: () => markedBefore,
    operation: 'messages, one of them not known',
    failpoint: 'after-accept',
    mishap: 'dies',
  },
  {
    name: 'marked as known apart from its step, after it',
    tamper: () => markedAfter,
    operation: 'messages, one of them not known',
    failpoint: 'after-step',
    mishap: 'dies',
  },
  {
    name: 'a lease that anybody may end',
    tamper: anybodyReleases,
    operation: 'messages, one of them not known',
    failpoint: 'before-commit',
    mishap: 'fails late',
  },
  {
    name: 'a lease that anybody may end, in the script',
    script: { of: 'release', without: "if redis.call('HGET', q, 'token') ~= token then", instead: 'if false then' },
    operation: 'messages, one of them not known',
    failpoint: 'before-commit',
    mishap: 'fails late',
  },
  {
    name: 'no look at who owns the conversation',
    tamper: () => withoutOwnerCheck,
    operation: 'handing over to an agent',
    failpoint: 'before-commit',
    mishap: 'is overtaken',
  },
];

/** Runs something with a script of Redis changed, and puts the script back. */
export async function withScript<T>(change: Mutant['script'], run: () => Promise<T>): Promise<T> {
  if (!change) return run();
  const { of, without, instead } = change;
  const real = scripts[of];
  if (real.source.split(without).length !== 2) throw new Error(`The script ${of} has changed: "${without}" is to be in it once.`);
  const source = real.source.replace(without, instead);
  scripts[of] = { source, digest: createHash('sha1').update(source).digest('hex') };
  try {
    return await run();
  } finally {
    scripts[of] = real;
  }
}

const withoutFence: Tamper = (store) => ({
  ...bound(store),
  commit: async (claim, step) => {
    const committed = await store.commit(claim, step);
    if (committed.outcome !== 'fenced') return committed;
    const applied = await store.apply(claim.partition, { operations: step.operations });
    return applied.outcome === 'applied' ? { ...applied, waiting: 0 } : committed;
  },
});

const acknowledgedFirst: Tamper = (store) => ({
  ...bound(store),
  apply: async (partition, step) => {
    if (!step.once) return store.apply(partition, step);
    // Whoever does this never learns how it went: that is the mistake.
    store.apply(partition, step).catch(() => undefined);
    return { outcome: 'applied', positions: [] };
  },
});

const markedBefore: Tamper = (store) => ({
  ...bound(store),
  apply: async (partition, { once, ...step }) => {
    const marked = once && (await store.apply(partition, { once, operations: [] }));
    return marked && marked.outcome !== 'applied' ? marked : store.apply(partition, step);
  },
});

const markedAfter: Tamper = (store) => ({
  ...bound(store),
  apply: async (partition, { once, ...step }) => {
    if (once && (await store.get(partition, `mark:${once.key}`))) return { outcome: 'repeated', positions: [] };
    const applied = await store.apply(partition, step);
    if (once) await store.apply(partition, { operations: [{ do: 'put', record: `mark:${once.key}`, value: Uint8Array.of(1) }] });
    return applied;
  },
});

/** Knows the latest claim of every queue, whoever made it. */
function anybodyReleases(): Tamper {
  const latest = new Map<string, Claim>();
  const seen = <C extends Claim | undefined>(claim: C): C => {
    if (claim) latest.set(claim.queue, claim);
    return claim;
  };
  return (store: Store) => ({
    ...bound(store),
    claim: async (...asked) => seen(await store.claim(...asked)),
    release: (claim, dueAt) => store.release(latest.get(claim.queue) ?? claim, dueAt),
  });
}

const withoutOwnerCheck: Tamper = (store) => ({
  ...bound(store),
  commit: (claim, { checks = [], ...step }) =>
    store.commit(claim, { ...step, checks: checks.filter(({ record }) => !record.startsWith(names.owner(''))) }),
});
