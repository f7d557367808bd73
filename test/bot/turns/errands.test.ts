import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Outbox } from '../../../bot/conversations/outbox.ts';
import { Undeliverable } from '../../../bot/conversations/undelivered.ts';
import { allPartitions, StoreUnavailable } from '../../../bot/store/store.ts';
import { type Deliver, Errands, NotSent, type Part } from '../../../bot/turns/errands.ts';
import { type Bench, openBench, said, silentLog } from '../../support/conversations.ts';

const channel = 'pushed';
const id = 'conversation-1';

let bench: Bench;
let outbox: Outbox;
let sent: string[];
let platform: (...message: Parameters<Deliver>) => Promise<void>;
/** Into what the platform's messages are cut: at each 。, where it is set. */
let cut = (text: string) => [text];
let shownOnce = false;
/** Each part, and whether it was said to have been tried before. */
let tried: string[];
/** What was counted. */
let counted: string[];
const started: Errands[] = [];

beforeEach(async () => {
  bench = await openBench([channel]);
  outbox = new Outbox(bench.store);
  sent = [];
  tried = [];
  counted = [];
  platform = async (_, { text = '' }) => {
    sent.push(text);
  };
  cut = (text) => [text];
  shownOnce = false;
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
    deliver: new Map([[channel, inParts]]),
    cases: bench.cases,
    log: silentLog,
    metrics: { delivery: (...delivery) => counted.push(delivery.join(' ')) },
  });
  started.push(errands);
  return errands;
}

const inParts: Deliver = (conversation, activity, sending) =>
  cut(activity.text ?? '').map((text): Part => {
    const send = (again: boolean) => {
      tried.push(again ? `${text} again` : text);
      return platform(conversation, { ...activity, text }, sending);
    };
    return { send, ...(shownOnce && { shownOnce }) };
  });

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
  it('leave at once also when they come just after the last look for more', async () => {
    const next = vi.spyOn(outbox, 'open');
    const errands = newErrands();
    next.mockImplementation(async (conversation) => {
      next.mockRestore();
      const found = await outbox.open(conversation);
      await say('刚好');
      errands.wake(id);
      return found;
    });
    errands.wake(id);
    await vi.waitFor(() => expect(sent).toEqual(['刚好']));
  });

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

  it('are sent again from the part that did not arrive, and only that one was tried before', async () => {
    cut = (text) => text.split('，');
    let refusals = 1;
    platform = async (_, { text = '' }) => {
      if (text === '二' && refusals-- > 0) throw new NotSent('no connection');
      sent.push(text);
    };
    await say('一，二，三');
    await triedUntil(() => expect(sent).toEqual(['一', '二', '三']));
    expect(tried).toEqual(['一', '二', '二 again', '三']);
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
    expect(counted).toEqual([...Array(5).fill('pushed retried'), 'pushed failed', 'pushed sent']);
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

describe('messages that are longer than the platform takes', () => {
  beforeEach(() => {
    cut = (text) => text.split('。');
  });
  const states = async () =>
    (await bench.conversations.undelivered(id)).map(({ position, part, reason, state }) => [position, part, reason, state]);

  it('leave in parts, of which a crash costs none but the one it cut off', async () => {
    await say('一。二。三');
    const cutOff = await outbox.open(id);
    if (!cutOff) throw new Error('There should be an errand.');
    await outbox.begin(cutOff, 1); // the first has arrived, and here the process ends
    bench.advance(60_000);
    newErrands().wake(id);
    await vi.waitFor(() => expect(sent).toEqual(['三']));
    expect(await states()).toEqual([[1, 1, 'unknown', 'lost']]);
  });

  it('are sent again from where the crash was, where the platform shows a part once', async () => {
    shownOnce = true;
    await say('一。二。三');
    const cutOff = await outbox.open(id);
    if (!cutOff) throw new Error('There should be an errand.');
    await outbox.begin(cutOff, 1);
    bench.advance(60_000);
    newErrands().wake(id);
    await vi.waitFor(() => expect(sent).toEqual(['二', '三']));
    expect(await states()).toEqual([]);
  });

  it('go on where they stopped when the platform is back', async () => {
    let away = true;
    platform = async (_, { text = '' }) => {
      if (text === '二' && away) throw new NotSent('no connection');
      sent.push(text);
    };
    await say('一。二。三');
    newErrands().wake(id);
    await vi.waitFor(() => expect(sent).toEqual(['一']));
    away = false;
    await triedUntil(() => expect(sent).toEqual(['一', '二', '三']));
  });

  it('go on with the next part after one whose fate is unknown', async () => {
    platform = async (_, { text = '' }) => {
      sent.push(text);
      if (text === '二') throw new Error('timed out');
    };
    await say('一。二。三');
    newErrands().wake(id);
    await vi.waitFor(() => expect(sent).toEqual(['一', '二', '三']));
    expect(await states()).toEqual([[1, 1, 'unknown', 'lost']]);
  });
});

describe('messages for a customer who cannot be reached', () => {
  let open: boolean;
  beforeEach(() => {
    open = false;
    cut = (text) => text.split('。');
    platform = async (_, { text = '' }) => {
      if (!open && text !== '一') throw new Undeliverable('window-closed', 'The customer has not written for 48 hours.');
      sent.push(text);
    };
  });
  const states = async () => (await bench.conversations.undelivered(id)).map(({ position, state }) => [position, state]);
  const sayAs = (text: string, kind: string) =>
    bench.conversations.append(id, { ...said(text), from: { id: 'a', role: 'bot' }, channelData: { filing: { kind } } });
  const comesBack = async () => {
    open = true;
    const resumed = await outbox.resume(id);
    newErrands().wake(id);
    await nothingDue();
    return resumed;
  };

  it('are kept, and go out first when the customer is back, what has arrived of them left out', async () => {
    await sayAs('一。二', 'answer');
    await sayAs('三', 'agent');
    newErrands().wake(id);
    await vi.waitFor(async () =>
      expect(await states()).toEqual([
        [1, 'waits'],
        [2, 'waits'],
      ]),
    );
    expect(sent).toEqual(['一']);
    expect(await comesBack()).toBe(true);
    expect(sent).toEqual(['一', '二', '三']);
    expect(await states()).toEqual([
      [1, 'late'],
      [2, 'late'],
    ]);
    expect(await comesBack()).toBe(false);
  });

  it('go out before what was said after them, also where that waited its turn when the customer came back', async () => {
    await sayAs('二', 'agent');
    await sayAs('三', 'agent');
    newErrands().wake(id);
    await vi.waitFor(async () => expect(await states()).toHaveLength(2));
    // Said, and not looked at yet.
    await sayAs('四', 'agent');
    await sayAs('五', 'agent');
    expect(await comesBack()).toBe(true);
    await sayAs('六', 'agent');
    newErrands().wake(id);
    await vi.waitFor(() => expect(sent).toEqual(['二', '三', '四', '五', '六']));
    await nothingDue();
    expect(await states()).toEqual([
      [1, 'late'],
      [2, 'late'],
    ]);
  });

  it('let what was said after them go when they are refused once more', async () => {
    await sayAs('二', 'agent');
    newErrands().wake(id);
    await vi.waitFor(async () => expect(await states()).toEqual([[1, 'waits']]));
    await sayAs('一', 'agent');
    await outbox.resume(id);
    newErrands().wake(id);
    await vi.waitFor(() => expect(sent).toEqual(['一']));
    await nothingDue();
    expect(await states()).toEqual([[1, 'waits']]);
  });

  it('are not sent any more when they were answers of yesterday; words of a person are', async () => {
    await sayAs('二', 'answer');
    await sayAs('三', 'agent');
    newErrands().wake(id);
    await vi.waitFor(async () => expect(await states()).toHaveLength(2));
    bench.advance(24 * 3_600_000);
    await comesBack();
    expect(sent).toEqual(['三']);
    expect(await states()).toEqual([
      [1, 'lost'],
      [2, 'late'],
    ]);
  });

  it('go out under the same name as before, and as tried before: some of it may have arrived', async () => {
    const names = new Set<string>();
    const refuse = platform;
    platform = async (conversation, activity, sending) => {
      names.add(sending.key);
      await refuse(conversation, activity, sending);
    };
    await sayAs('二。三', 'agent');
    newErrands().wake(id);
    await vi.waitFor(async () => expect(await states()).toEqual([[1, 'waits']]));
    await comesBack();
    expect(sent).toEqual(['二', '三']);
    expect(tried).toEqual(['二', '二 again', '三']);
    expect(names.size).toBe(1);
  });

  it('wait again when the customer is gone again', async () => {
    await sayAs('二', 'agent');
    newErrands().wake(id);
    await vi.waitFor(async () => expect(await states()).toEqual([[1, 'waits']]));
    await outbox.resume(id);
    newErrands().wake(id);
    await nothingDue();
    expect(await states()).toEqual([[1, 'waits']]);
    await comesBack();
    expect(sent).toEqual(['二']);
  });

  it('are forgotten with the conversation', async () => {
    await sayAs('二', 'agent');
    newErrands().wake(id);
    await vi.waitFor(async () => expect(await states()).toEqual([[1, 'waits']]));
    await nothingDue();
    expect(await bench.conversations.erase(id)).toBe(true);
    expect(await states()).toEqual([]);
  });
});
