import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Outbox } from '../../../bot/conversations/outbox.ts';
import { allPartitions, StoreUnavailable } from '../../../bot/store/store.ts';
import { type Deliver, Errands, NotSent } from '../../../bot/turns/errands.ts';
import { type Bench, openBench, said, silentLog } from '../../support/conversations.ts';

const channel = 'pushed';
const id = 'conversation-1';

let bench: Bench;
let outbox: Outbox;
let sent: string[];
let platform: Deliver;
const started: Errands[] = [];

beforeEach(async () => {
  bench = await openBench([channel]);
  outbox = new Outbox(bench.store);
  sent = [];
  platform = async (_, { text = '' }) => {
    sent.push(text);
  };
  await bench.conversations.start({ id, channel, user: { id: 'someone' } });
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((errands) => errands.stop()));
  await bench.close();
});

/** A process that does errands; several on one store are like one after the other's crash. */
function newErrands(): Errands {
  const errands = new Errands({
    outbox,
    deliver: new Map<string, Deliver>([[channel, (...message) => platform(...message)]]),
    cases: bench.cases,
    log: silentLog,
  });
  started.push(errands);
  return errands;
}

const say = (text: string) => bench.conversations.append(id, { ...said(text), from: { id: 'filing-assistant', role: 'bot' } });
const undelivered = async () => (await bench.conversations.notes(allPartitions, 10)).filter(({ kind }) => kind === 'undelivered');

/** Lets the waits between attempts go by until the expectation holds. */
async function triedUntil(expectation: () => void): Promise<void> {
  const errands = newErrands();
  await vi.waitFor(() => {
    bench.advance(10 * 60_000);
    errands.wake(id);
    expectation();
  });
}

const nothingDue = () => vi.waitFor(async () => expect((await bench.inbox.due(10)).errands).toEqual([]));

describe('messages to a channel that has to be sent to', () => {
  it('leave in order, each once', async () => {
    for (const text of ['一', '二', '三']) await say(text);
    newErrands().wake(id);
    await vi.waitFor(() => expect(sent).toEqual(['一', '二', '三']));
    await nothingDue();
    newErrands().wake(id);
    await nothingDue();
    expect(sent).toHaveLength(3);
  });

  it('wait for the one before, which is sent again until the platform takes it', async () => {
    let refusals = 2;
    platform = async (_, { text = '' }) => {
      if (refusals > 0) {
        refusals -= 1;
        throw new NotSent('no connection');
      }
      sent.push(text);
    };
    for (const text of ['一', '二']) await say(text);
    await triedUntil(() => expect(sent).toEqual(['一', '二']));
    expect(await undelivered()).toEqual([]);
  });

  it('are given up after six refusals, noted, and the next goes on', async () => {
    let refusals = 0;
    platform = async (_, { text = '' }) => {
      if (text === '一') {
        refusals += 1;
        throw new NotSent('no connection for 13812345678');
      }
      sent.push(text);
    };
    for (const text of ['一', '二']) await say(text);
    await triedUntil(() => expect(sent).toEqual(['二']));
    expect(refusals).toBe(6);
    expect(await undelivered()).toMatchObject([{ reason: 'no connection for [11 digits]' }]);
  });

  it('whose fate is unknown are not sent a second time, but noted', async () => {
    platform = async (_, { text = '' }) => {
      sent.push(text);
      if (text === '一') throw new Error('timed out while waiting for the answer');
    };
    for (const text of ['一', '二']) await say(text);
    newErrands().wake(id);
    await vi.waitFor(() => expect(sent).toEqual(['一', '二']));
    await vi.waitFor(async () => expect(await undelivered()).toMatchObject([{ reason: expect.stringContaining('timed out') }]));
  });

  it('that a crash cut off while they were sent are not sent a second time, but noted', async () => {
    await say('一');
    await say('二');
    const cutOff = await outbox.open(id);
    if (!cutOff) throw new Error('There should be an errand.');
    await outbox.begin(cutOff); // and here the process ends
    bench.advance(60_000);
    newErrands().wake(id);
    await vi.waitFor(() => expect(sent).toEqual(['二']));
    expect(await undelivered()).toMatchObject([{ reason: expect.stringContaining('interrupted') }]);
  });

  it('are sent once when their sender stalls, and another is faster', async () => {
    for (const text of ['一', '二']) await say(text);
    const stalled = await outbox.open(id);
    if (!stalled) throw new Error('There should be an errand.');
    bench.advance(60_000);
    newErrands().wake(id);
    await vi.waitFor(() => expect(sent).toEqual(['一', '二']));
    expect(await outbox.begin(stalled)).toBe(false);
  });

  it('are sent when the store did not answer as their sending was noted, though it had noted it', async () => {
    await say('一');
    const begin = outbox.begin.bind(outbox);
    vi.spyOn(outbox, 'begin').mockImplementationOnce(async (open) => {
      await begin({ ...open });
      throw new StoreUnavailable('No answer.');
    });
    await triedUntil(() => expect(sent).toEqual(['一']));
    expect(await undelivered()).toEqual([]);
  });

  it('that a crash cut off before they were sent are sent', async () => {
    await say('一');
    await outbox.open(id); // and here the process ends
    bench.advance(60_000);
    newErrands().wake(id);
    await vi.waitFor(() => expect(sent).toEqual(['一']));
  });

  it('of a channel that is no longer configured are noted', async () => {
    await bench.conversations.start({ id: 'conversation-2', channel, user: { id: 'someone' } });
    await bench.conversations.append('conversation-2', said('一'));
    const errands = new Errands({ outbox, deliver: new Map(), cases: bench.cases, log: silentLog });
    started.push(errands);
    errands.wake('conversation-2');
    await vi.waitFor(async () => expect(await undelivered()).toMatchObject([{ reason: expect.stringContaining('No channel pushed') }]));
  });
});
