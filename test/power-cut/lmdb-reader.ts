import { join } from 'node:path';
import { openLmdbStore } from '../../bot/store/lmdb-store.ts';
import { type Acknowledged, coreOn, lostAmong } from './talk.ts';

/** What is asked of this process: to open the store as it was left in the folder, and look for what was acknowledged. */
export interface Asked {
  folder: string;
  acknowledged: Acknowledged[];
}

/** `unreadable`: why it could not be opened or read. */
export interface Answered {
  lost: number;
  unreadable?: string;
}

process.send?.('ready');
process.on('message', ({ folder, acknowledged }: Asked) => {
  void read(folder, acknowledged).then((answered) => process.send?.(answered));
});

async function read(folder: string, acknowledged: readonly Acknowledged[]): Promise<Answered> {
  try {
    const store = await openLmdbStore({ folder: join(folder, 'store'), takeOver: true });
    try {
      return { lost: (await lostAmong(await coreOn(store), acknowledged)).length };
    } finally {
      await store.close();
    }
  } catch (error) {
    return { lost: 0, unreadable: String(error) };
  }
}
