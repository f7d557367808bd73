import { decode, encode, names } from '../../bot/conversations/conversation.ts';
import { partitionOf, type Store } from '../../bot/store/store.ts';
import type { Owner } from '../../dialogs/message.ts';

export async function ownerOf(store: Store, id: string): Promise<{ owner: Owner; epoch: number }> {
  const record = await store.get(partitionOf(id), names.owner(id));
  return record ? { owner: decode<Owner>(record.value), epoch: record.version } : { owner: { kind: 'bot' }, epoch: 0 };
}

/**
 * The bare change of owner, without all that the desk does with it. `epoch` is the one the caller last saw: of two who try at once, one
 * succeeds.
 */
export async function handOver(store: Store, id: string, owner: Owner, epoch: number): Promise<'done' | 'changed-meanwhile'> {
  const applied = await store.apply(partitionOf(id), {
    checks: [{ record: names.owner(id), version: epoch }],
    operations: [{ do: 'put', record: names.owner(id), value: encode(owner) }],
  });
  return applied.outcome === 'applied' ? 'done' : 'changed-meanwhile';
}
