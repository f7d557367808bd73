import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fileScheme } from '../../../bot/conversations/conversation.ts';
import { Outbox } from '../../../bot/conversations/outbox.ts';
import { allPartitions } from '../../../bot/store/store.ts';
import { Chores } from '../../../bot/turns/chores.ts';
import { Errands } from '../../../bot/turns/errands.ts';
import { Housekeeping } from '../../../bot/turns/housekeeping.ts';
import type { Turns } from '../../../bot/turns/turns.ts';
import { type Bench, openBench, said, silentLog, transcriptOf } from '../../support/conversations.ts';

const day = 24 * 3_600_000;

let bench: Bench;
let turns: Turns;
let housekeeping: Housekeeping;

beforeEach(async () => {
  bench = await openBench();
  turns = bench.newTurns();
  housekeeping = newHousekeeping();
});
afterEach(async () => {
  housekeeping.stop();
  await housekeeping.settled();
  await turns.stop();
  await bench.close();
});

/** Several of them are like several processes on one store. */
function newHousekeeping(): Housekeeping {
  return new Housekeeping({
    ...bench,
    turns,
    errands: new Errands({ ...bench, outbox: new Outbox(bench.store), deliver: new Map(), log: silentLog }),
    chores: new Chores({ ...bench, log: silentLog }),
    retention: { nightly: async () => undefined },
    log: silentLog,
  });
}

const begin = (id: string) => bench.conversations.start({ id, channel: 'direct-line', user: { id: 'dl_visitor' } });
/** Says something, and waits for the bot's answer. */
async function asks(id: string, text: string): Promise<void> {
  await turns.accept({ conversation: id, sender: 'dl_visitor', activity: said(text), message: { kind: 'text', text } });
  await vi.waitFor(async () => expect((await transcriptOf(bench.conversations, id)).at(-1)).toMatch(/^bot/));
}

describe('a conversation', () => {
  it('is erased when it has been idle for the retention time, with its files and notes', async () => {
    await begin('old');
    await asks('old', '量子计算机怎么修');
    const attachments = [{ contentType: 'image/png', contentUrl: `${fileScheme}a-file` }];
    await bench.conversations.append('old', { ...said(''), attachments });
    expect(await bench.conversations.notes(allPartitions, 10)).toHaveLength(1);
    bench.advance(91 * day);
    await begin('new');

    expect(await bench.erase('conversation')).toBe(1);
    expect(await bench.conversations.find('old')).toBeUndefined();
    expect(await transcriptOf(bench.conversations, 'old')).toEqual([]);
    expect(await bench.conversations.notes(allPartitions, 10)).toEqual([]);
    expect(bench.removed).toEqual(['a-file']);
    expect(await bench.conversations.find('new')).toBeDefined();
  });

  it('is kept as long as it is used', async () => {
    await begin('used');
    bench.advance(60 * day);
    await asks('used', '谢谢');
    bench.advance(60 * day);
    expect(await bench.erase('conversation')).toBe(0);
    bench.advance(31 * day);
    expect(await bench.erase('conversation')).toBe(1);
  });

  it('is erased once by several processes at the same time', async () => {
    for (let at = 0; at < 20; at += 1) await begin(`old-${at}`);
    bench.advance(91 * day);
    const erased = await Promise.all([1, 2, 3].map(() => bench.erase('conversation')));
    expect(erased.reduce((sum, each) => sum + each)).toBe(20);
    expect(await bench.conversations.find('old-7')).toBeUndefined();
  });

  it('is kept when its customer comes back at the very moment of its erasure', async () => {
    await begin('old');
    await asks('old', '谢谢');
    bench.advance(91 * day);
    const { filesOf } = bench.conversations;
    vi.spyOn(bench.conversations, 'filesOf').mockImplementationOnce(async (id) => {
      await asks('old', '备案要多久');
      return filesOf.call(bench.conversations, id);
    });
    expect(await bench.erase('conversation')).toBe(0);
    expect(await transcriptOf(bench.conversations, 'old')).toHaveLength(4);
  });

  it('is not erased before a message that waits for its turn', async () => {
    await begin('waiting');
    const message = { kind: 'text' as const, text: '谢谢' };
    await bench.inbox.accept({ conversation: 'waiting', sender: 'dl_visitor', activity: said('谢谢'), message });
    bench.advance(91 * day);
    expect(await bench.erase('conversation')).toBe(0);
  });

  it('of which a crash left a message behind is taken up again', async () => {
    await begin('left');
    const message = { kind: 'text' as const, text: '谢谢' };
    await bench.inbox.accept({ conversation: 'left', sender: 'dl_visitor', activity: said('谢谢'), message });
    housekeeping.start();
    await vi.waitFor(async () => expect(await transcriptOf(bench.conversations, 'left')).toHaveLength(2));
  });
});
