import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Outbox } from '../../../bot/conversations/outbox.ts';
import { allPartitions, StoreUnavailable } from '../../../bot/store/store.ts';
import { Chores } from '../../../bot/turns/chores.ts';
import { Errands } from '../../../bot/turns/errands.ts';
import type { Turns } from '../../../bot/turns/turns.ts';
import type { Lookup } from '../../../dialogs/lookup.ts';
import type { Message } from '../../../dialogs/message.ts';
import type { Response, Turn } from '../../../dialogs/turn.ts';
import { type Bench, openBench, said, silentLog } from '../../support/conversations.ts';
import { dumpStore } from '../../support/dump-store.ts';
import { sampleCase, submitted } from '../../support/filing-case.ts';

const id = 'conversation-1';

let bench: Bench;
let turns: Turns;
let errands: Errands;
let respond: (turn: Turn) => Response;
let heard: Message[];

beforeEach(async () => {
  bench = await openBench();
  errands = new Errands({ outbox: new Outbox(bench.store), deliver: new Map(), cases: bench.cases, log: silentLog });
  heard = [];
  respond = (turn) => answer(turn, '好的。');
  turns = bench.newTurns(undefined, errands, (turn) => {
    heard.push(turn.message);
    return respond(turn);
  });
  for (const each of [id, 'conversation-2']) {
    await bench.conversations.start({ id: each, channel: 'direct-line', user: { id: 'dl_visitor' } });
  }
});
afterEach(async () => {
  vi.restoreAllMocks();
  await turns.stop();
  await errands.stop();
  await bench.close();
});

function answer({ session }: Turn, text: string, effects: Extract<Response, { effects: unknown }>['effects'] = []): Response {
  return { session, replies: [{ kind: 'notice', text, choices: [] }], effects };
}

const says = (text: string, conversation = id) =>
  turns.accept({ conversation, sender: 'dl_visitor', messageId: text, activity: said(text), message: { kind: 'text', text } });

async function transcript(conversation = id): Promise<string[]> {
  return (await bench.conversations.transcript(conversation, 0, 1000)).map(({ activity }) => activity.text ?? '');
}

describe('a turn that asks for a look-up', () => {
  it('is run again with what was found, and answered once', async () => {
    const lookUp: Lookup = { kind: 'reserveNumber', draft: 'draft', day: '2026-11-27' };
    respond = (turn) => (turn.found ? answer(turn, turn.found.kind === 'number' ? turn.found.number : '') : { lookUp });
    await says('帮我备案');
    await vi.waitFor(async () => expect(await transcript()).toHaveLength(2));
    const number = await bench.cases.reserve(id, 'draft', '2026-11-27');
    expect(await transcript()).toEqual(['帮我备案', number]);
    await says('再来一次');
    await vi.waitFor(async () => expect(await transcript()).toEqual(['帮我备案', number, '再来一次', number]));
  });

  it('reads the cases of its conversation only, and others after a proof', async () => {
    const number = await bench.cases.reserve('conversation-2', 'draft', '2026-11-27');
    await bench.cases.save({ conversation: 'conversation-2', order: [1, 1], case: sampleCase(number) });
    respond = (turn) => (turn.found ? answer(turn, turn.found.kind) : { lookUp: { kind: 'readCase', number } });
    await says('看', 'conversation-2');
    await says('看');
    await vi.waitFor(async () =>
      expect([...(await transcript('conversation-2')), ...(await transcript())]).toEqual(['看', 'case', '看', 'nothing']),
    );
    respond = (turn) =>
      turn.found ? answer(turn, turn.found.kind) : { lookUp: { kind: 'proveCase', number, proof: { mobileEnd: '5678', item: '002x' } } };
    await says('证明');
    await vi.waitFor(async () => expect((await transcript()).at(-1)).toBe('case'));
  });

  it('finds what the turn before it has saved', async () => {
    const number = await bench.cases.reserve(id, 'draft', '2026-11-27');
    respond = (turn) => {
      if (turn.message.kind === 'text' && turn.message.text.startsWith('存')) {
        return answer(turn, '好', [{ kind: 'saveCase', case: sampleCase(number, { values: { filerName: turn.message.text } }) }]);
      }
      return turn.found
        ? answer(turn, turn.found.kind === 'case' ? (turn.found.case.values.filerName ?? '') : turn.found.kind)
        : { lookUp: { kind: 'readCase', number } };
    };
    for (let round = 0; round < 20; round += 1) {
      await says(`存${round}`);
      await says(`看${round}`);
    }
    await vi.waitFor(async () => expect(await transcript()).toHaveLength(80), { timeout: 10_000 });
    const told = (await bench.conversations.transcript(id, 0, 1000)).flatMap(({ activity }) =>
      activity.from.role === 'bot' ? [activity.text ?? ''] : [],
    );
    expect(told).toEqual(Array.from({ length: 20 }, (_, round) => ['好', `存${round}`]).flat());
  });

  it('may ask three times; one that asks on is parked', async () => {
    let asked = 0;
    const ask = (most: number) => (turn: Turn) => {
      if (turn.found === undefined) asked = 0;
      asked += 1;
      return asked > most ? answer(turn, `问了${most}次`) : ({ lookUp: { kind: 'readCase', number: 'BA-20261127-0000003' } } as const);
    };
    respond = ask(3);
    await says('三次');
    await vi.waitFor(async () => expect((await transcript()).at(-1)).toBe('问了3次'));
    respond = ask(4);
    await says('四次');
    await vi.waitFor(
      async () => {
        bench.advance(10_000);
        turns.wake(id);
        expect((await transcript()).at(-1)).toContain('抱歉');
      },
      { timeout: 20_000, interval: 200 },
    );
  });
});

describe('what a turn does', () => {
  it('saves a case through failures of the store, however long they take', async () => {
    const number = await bench.cases.reserve(id, 'draft', '2026-11-27');
    let failures = 9;
    const save = bench.cases.save.bind(bench.cases);
    vi.spyOn(bench.cases, 'save').mockImplementation((snapshot) => {
      failures -= 1;
      return failures >= 0 ? Promise.reject(new StoreUnavailable('no disk')) : save(snapshot);
    });
    respond = (turn) => answer(turn, '存好了', [{ kind: 'saveCase', case: sampleCase(number) }]);
    await says('存');
    await vi.waitFor(
      async () => {
        bench.advance(5 * 60_000);
        errands.wake(id);
        expect(await bench.cases.findHeld(number, id)).toEqual(sampleCase(number));
      },
      { timeout: 20_000, interval: 50 },
    );
    expect(await bench.conversations.notes(allPartitions, 10)).toEqual([]);
  });

  it('keeps how to call somebody back, and covers certificate numbers in what they sent', async () => {
    const said = '驳回：证件11010519491231002X与备案号粤ICP备12345678号不符';
    respond = (turn) => answer(turn, '好的', [{ kind: 'requestCallBack', contact: '13812345678', about: 'unknown-notice', said }]);
    await says('转');
    await vi.waitFor(async () => expect(await transcript()).toHaveLength(2));
    expect(await bench.conversations.notes(allPartitions, 10)).toMatchObject([
      {
        kind: 'call-back',
        contact: '13812345678',
        about: 'unknown-notice',
        said: '驳回：证件110***********002X与备案号粤ICP备12345678号不符',
      },
    ]);
  });
});

describe('what becomes of a case', () => {
  let number: string;
  let chores: Chores;
  beforeEach(async () => {
    chores = new Chores({ ...bench, log: silentLog });
    number = await bench.cases.reserve(id, 'draft', '2026-11-27');
    await bench.cases.save({ conversation: id, order: [1, 1], case: submitted(sampleCase(number)) });
  });
  afterEach(() => chores.stop());

  const news = () => heard.filter(({ kind }) => kind === 'case');

  it('is told once in the conversation that holds it, though whoever set it was killed at once, and several tell it', async () => {
    await bench.cases.setState(number, 'returned', { note: '照片不清楚', by: '小王' });
    // The process that set it is gone here. Others find the chore, one of them stalls after telling, and it is done again.
    const stalled = new Chores({
      ...bench,
      store: {
        ...bench.store,
        now: bench.store.now.bind(bench.store),
        claim: bench.store.claim.bind(bench.store),
        commit: () => new Promise(() => {}),
      } as never,
      log: silentLog,
    });
    void stalled.workOff(number);
    await vi.waitFor(async () => expect((await bench.inbox.due(10)).turns).toEqual([id]));
    bench.advance(31_000);
    await Promise.all([chores.workOff(number), new Chores({ ...bench, log: silentLog }).workOff(number)]);
    expect((await bench.inbox.due(10)).chores).toEqual([]);
    turns.wake(id);
    await vi.waitFor(async () => expect(await transcript()).toHaveLength(1));
    await turns.settled();
    expect(news()).toEqual([{ kind: 'case', number, event: { kind: 'state', state: 'returned', note: '照片不清楚' } }]);
  });

  it('is told for every change, in order', async () => {
    for (const state of ['submitted', 'provider-review', 'approved', 'administration-review'] as const)
      await bench.cases.setState(number, state, { by: '小王' });
    await chores.workOff(number);
    turns.wake(id);
    await vi.waitFor(() => expect(news()).toHaveLength(3));
    expect(news()).toMatchObject(['submitted', 'provider-review', 'administration-review'].map((state) => ({ event: { state } })));
  });

  it('is told to the former holder when another takes it over, and to nobody when the conversation is gone', async () => {
    const draft = await bench.cases.reserve(id, 'draft 2', '2026-11-27');
    await bench.cases.save({ conversation: id, order: [1, 2], case: sampleCase(draft) });
    await bench.cases.save({ conversation: 'conversation-2', order: [1, 1], case: sampleCase(draft), takeOver: true });
    await chores.workOff(draft);
    turns.wake(id);
    await vi.waitFor(() => expect(news()).toEqual([{ kind: 'case', number: draft, event: { kind: 'moved' } }]));
    await turns.settled();
    expect(await bench.conversations.erase('conversation-2')).toBe(true);
    await bench.cases.setState(draft, 'cancelled', { by: '小王' });
    await chores.workOff(draft);
    expect(await bench.inbox.due(10)).toEqual({ turns: [], errands: [], chores: [] });
  });

  it('is not told any more when the case was erased meanwhile, but that is', async () => {
    await bench.cases.setState(number, 'returned', { note: '照片不清楚', by: '小王' });
    await bench.cases.erase(number, 'R1', '小王');
    await chores.workOff(number);
    turns.wake(id);
    await vi.waitFor(() => expect(news()).toEqual([{ kind: 'case', number, event: { kind: 'state', state: 'erased' } }]));
  });
});

describe('a certificate number that a customer types', () => {
  it('is heard in the turn, and covered in all that stays', async () => {
    const typed = '身份证 110105 19491231 002x，手机13812345678';
    const attachments = [{ contentType: 'image/png', contentUrl: 'https://example.com/a.png', name: '11010519491231002X.png' }];
    await turns.accept({
      conversation: id,
      sender: 'dl_visitor',
      messageId: 'm1',
      activity: { ...said(typed), value: { typed: ['11010519491231002X', Number('110105194912310021')] }, attachments },
      message: { kind: 'text', text: typed },
    });
    await vi.waitFor(async () => expect(await transcript()).toHaveLength(2));
    expect(heard).toEqual([{ kind: 'text', text: typed }]);
    expect((await transcript())[0]).toBe('身份证 110***********002X，手机13812345678');
    const rows = await dumpStore(bench.folder, bench.keys);
    expect(rows.filter((row) => /11010519491231002|19491231/.test(row))).toEqual([]);
    expect(rows.some((row) => row.includes('110***********002X.png'))).toBe(true);
  });

  it('that comes again is known to be the same, without a hash of it that anybody could try out', async () => {
    expect(await says('11010519491231002X')).toMatchObject({ outcome: 'accepted' });
    expect(await says('11010519491231002X')).toMatchObject({ outcome: 'repeated' });
    await vi.waitFor(async () => expect(await transcript()).toHaveLength(2));
    const { digest } = await import('../../../bot/conversations/conversation.ts');
    const { timestamp: _, ...content } = said('11010519491231002X');
    const plain = digest(JSON.stringify(content));
    expect((await dumpStore(bench.folder, bench.keys)).filter((row) => row.includes(plain))).toEqual([]);
    const other = { ...said('11010519491231003X') };
    const sent = {
      conversation: id,
      sender: 'dl_visitor',
      messageId: '11010519491231002X',
      activity: other,
      message: { kind: 'text' as const, text: '' },
    };
    expect(await turns.accept(sent)).toEqual({ outcome: 'conflict' });
  });
});
