import { partitionOf, type Store } from '../../bot/store/store.ts';

const bytes = (text: string) => Buffer.from(text);

/** Some of everything that a store keeps, in many partitions. */
export async function fillStore(store: Store, conversations = 120): Promise<void> {
  const now = store.now();
  for (let at = 0; at < conversations; at += 1) {
    const id = `conversation-${at}`;
    const partition = partitionOf(id);
    await store.apply(partition, {
      once: { key: `${id}:m-1`, digest: `digest ${at}`, expiresAt: now + 3_600_000 + at },
      operations: [
        { do: 'put', record: `conversation:${id}`, value: bytes(`会话 ${at}`) },
        { do: 'put', record: `session:${id}`, value: bytes('x'.repeat(at)) },
        { do: 'put', record: `session:${id}`, value: bytes(`second ${at}`) },
        { do: 'put', record: `ticket:${id}`, value: bytes(''), expiresAt: now + 60_000 + at },
        ...Array.from({ length: at % 7 }, (_, line) => ({ do: 'append' as const, log: `transcript:${id}`, value: bytes(`line ${line}`) })),
        { do: 'append', log: `notes:${id}`, value: bytes('note') },
        ...(at % 3 === 0 ? [{ do: 'trim' as const, log: `notes:${id}`, upTo: 1 }] : []),
        { do: 'rank', index: 'active', member: id, score: now - at },
        { do: 'enqueue', queue: `inbox:${id}`, value: bytes('first') },
        { do: 'enqueue', queue: `inbox:${id}`, value: bytes('second'), dueAt: now + at },
      ],
    });
    if (at % 2 === 0) continue;
    const claim = await store.claim(partition, `inbox:${id}`, { lease: 60_000 });
    if (!claim || at % 5 === 0) continue;
    if (at % 3 === 0) await store.release(claim, now + 120_000);
    else await store.commit(claim, { operations: [] });
  }
}
