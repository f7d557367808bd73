import { randomUUID } from 'node:crypto';
import { decode, encode } from '../conversations/conversation.ts';
import { deskPartition } from '../handoffs/handoff.ts';
import type { Store } from '../store/store.ts';
import type { CannedReply } from './desk-api.ts';

const index = 'canned-replies';
const record = (id: string) => `canned-reply:${id}`;
const most = 500;

/** Replies that agents have at hand, shared by all of them. */
export class CannedReplies {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** In the order in which they were made. */
  async all(): Promise<CannedReply[]> {
    const ranked = await this.#store.range(deskPartition, index, { limit: most });
    const records = await Promise.all(ranked.map(({ member }) => this.#store.get(deskPartition, record(member))));
    return records.flatMap((found) => (found ? [decode<CannedReply>(found.value)] : []));
  }

  /** Keeps a new one, or what one with an id has been changed to; gives undefined when that one is gone, or there are too many. */
  async keep({ id, title, text }: Omit<CannedReply, 'id'> & { id?: string | undefined }): Promise<CannedReply | undefined> {
    const reply = { id: id ?? randomUUID(), title, text };
    if (id === undefined && (await this.#store.range(deskPartition, index, { limit: most })).length >= most) return undefined;
    const applied = await this.#store.apply(deskPartition, {
      checks: id === undefined ? [] : [{ record: record(id), exists: true }],
      operations: [
        { do: 'put', record: record(reply.id), value: encode(reply) },
        ...(id === undefined ? [{ do: 'rank' as const, index, member: reply.id, score: this.#store.now() }] : []),
      ],
    });
    return applied.outcome === 'applied' ? reply : undefined;
  }

  async remove(id: string): Promise<void> {
    await this.#store.apply(deskPartition, {
      operations: [
        { do: 'remove', record: record(id) },
        { do: 'unrank', index, member: id },
      ],
    });
  }
}
