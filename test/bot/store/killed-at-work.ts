import { openLmdbStore } from '../../../bot/store/lmdb-store.ts';

/** A process that is killed while it does the work of the request it is given; run by `lmdb-store.test.ts`. */
const [folder = ''] = process.argv.slice(2);
const store = await openLmdbStore({ folder, takeOver: true });
const applied = await store.apply('p00', {
  once: { key: 'deadly', digest: 'd', expiresAt: Date.now() + 3_600_000 },
  operations: [{ do: 'enqueue', queue: 'q', value: Uint8Array.of(1) }],
  claim: {
    queue: 'q',
    lease: 1000,
    work: () => {
      process.kill(process.pid, 'SIGKILL');
      for (;;);
    },
  },
});
console.log(JSON.stringify({ attempt: applied.outcome === 'applied' && applied.claim?.attempt, committed: 'committed' in applied }));
await store.close();
