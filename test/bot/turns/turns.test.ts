import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Inbound } from '../../../bot/conversations/inbox.ts';
import { allPartitions } from '../../../bot/store/store.ts';
import type { Turns } from '../../../bot/turns/turns.ts';
import { type Bench, openBench, said, transcriptOf } from '../../support/conversations.ts';
import { handOver, ownerOf } from '../../support/hand-over.ts';
import { realKnowledge } from '../../support/knowledge.ts';

let bench: Bench;
let turns: Turns;
const id = 'conversation-1';

beforeEach(async () => {
  bench = await openBench();
  turns = bench.newTurns();
  await bench.conversations.start({ id, channel: 'direct-line', user: { id: 'dl_visitor' } });
});
afterEach(async () => {
  await turns.stop();
  await bench.close();
});

const message = (text: string, messageId?: string): Inbound => ({
  conversation: id,
  sender: 'dl_visitor',
  activity: said(text),
  message: { kind: 'text', text },
  ...(messageId !== undefined && { messageId }),
});

const transcript = () => transcriptOf(bench.conversations, id);
const botLines = async () => (await transcript()).filter((line) => line.startsWith('bot'));
const kinds = async () =>
  (await bench.conversations.transcript(id, 0, 1000)).flatMap(({ activity }) => activity.channelData?.filing?.kind ?? []);

/** Waits until the bot has said so many things. */
const heard = (count: number) => vi.waitFor(async () => expect(await botLines()).toHaveLength(count), { timeout: 15_000, interval: 5 });

describe('a message', () => {
  it('is kept before it is acknowledged, and answered once', async () => {
    expect(await turns.accept(message('谢谢', 'm1'))).toEqual({ outcome: 'accepted', position: 1 });
    await heard(1);
    expect(await transcript()).toEqual(['user: 谢谢', 'bot: 不客气，很高兴能帮到您。']);
  });

  it('that comes again has the same place and no second answer', async () => {
    const deliveries = await Promise.all(Array.from({ length: 20 }, () => turns.accept(message('谢谢', 'm1'))));
    expect(deliveries.map(({ outcome }) => outcome).toSorted()).toEqual(['accepted', ...Array(19).fill('repeated')]);
    expect(new Set(deliveries.map((delivery) => 'position' in delivery && delivery.position))).toEqual(new Set([1]));
    await turns.accept(message('再见', 'm2'));
    await heard(2);
    expect(await turns.accept(message('谢谢', 'm1'))).toEqual({ outcome: 'repeated', position: 1 });
    expect(await transcript()).toHaveLength(4);
  });

  it('with the id of another is refused', async () => {
    await turns.accept(message('谢谢', 'm1'));
    expect(await turns.accept(message('再见', 'm1'))).toEqual({ outcome: 'conflict' });
  });

  it('of a conversation that does not exist is refused', async () => {
    expect(await turns.accept({ ...message('谢谢'), conversation: 'nowhere' })).toEqual({ outcome: 'unknown-conversation' });
  });

  it('beyond what may wait is turned away', async () => {
    const others = bench.newTurns();
    await others.stop(); // accepts, but runs nothing
    const outcomes: string[] = [];
    for (let at = 0; at < 51; at += 1) outcomes.push((await others.accept(message(`${at}`))).outcome);
    expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(50);
    expect(outcomes.at(-1)).toBe('full');
  });

  it('is answered in order with others, one at a time, though several runners work on the conversation', async () => {
    const runners = Array.from({ length: 4 }, () => bench.newTurns());
    for (let at = 0; at < 40; at += 1) {
      await runners[at % 4]?.accept(message(at % 2 ? '谢谢' : '再见', `m${at}`));
      for (const runner of runners) runner.wake(id);
    }
    await heard(40);
    const replies = await botLines();
    expect(replies).toEqual(Array.from({ length: 40 }, (_, at) => `bot: ${at % 2 ? '不客气，很高兴能帮到您。' : '再见，祝您办理顺利！'}`));
    await Promise.all(runners.map((runner) => runner.stop()));
  });
});

describe('a turn whose process died', () => {
  it('is run by another after the lease, and says the same', async () => {
    await turns.stop();
    await turns.accept(message('谢谢', 'm1'));
    const lost = await bench.inbox.open(id);
    expect(lost?.claim.attempt).toBe(1);
    const survivor = bench.newTurns();
    survivor.wake(id);
    await survivor.stop();
    expect(await botLines()).toEqual([]);
    bench.advance(6_000);
    const next = bench.newTurns();
    next.wake(id);
    await heard(1);
    // The one that was thought dead comes back and tries to finish its work.
    if (!lost) throw new Error('nothing was open');
    const late = { session: lost.session, activities: [said('too late')], effects: [] };
    expect(await bench.inbox.commit(lost, late)).toEqual({ outcome: 'fenced' });
    expect(await botLines()).toHaveLength(1);
    await next.stop();
  });

  it('has the same number and time in every attempt', async () => {
    await turns.stop();
    await turns.accept(message('谢谢', 'm1'));
    const first = await bench.inbox.open(id);
    bench.advance(6_000);
    const second = await bench.inbox.open(id);
    expect(second?.claim.attempt).toBe(2);
    expect(second?.turnId).toBe(first?.turnId);
    expect(second?.claim.firstClaimedAt).toBe(first?.claim.firstClaimedAt);
  });

  it('is parked with an apology when it takes every process down with it', async () => {
    await turns.stop();
    await turns.accept(message('杀手', 'm1'));
    await turns.accept(message('谢谢', 'm2'));
    for (let crash = 0; crash < 3; crash += 1) {
      expect((await bench.inbox.open(id))?.claim.attempt).toBe(crash + 1);
      bench.advance(6_000);
    }
    const survivor = bench.newTurns();
    survivor.wake(id);
    await heard(2);
    expect(await kinds()).toEqual(['apology', 'smalltalk']);
    await survivor.stop();
  });
});

describe('a turn that fails', () => {
  it('is tried three times, apologised for, noted, and does not hold up the next message', async () => {
    const real = realKnowledge();
    let tries = 0;
    const failing = bench.newTurns(() => ({
      ...real,
      match: (question, options) => {
        if (!question.includes('坏掉')) return real.match(question, options);
        tries += 1;
        throw new Error(`cannot match ${question} 13800138000`);
      },
    }));
    await failing.accept(message('坏掉的问题', 'm1'));
    await failing.accept(message('谢谢', 'm2'));
    const retry = setInterval(() => failing.wake(id), 20);
    await heard(2);
    clearInterval(retry);
    await failing.stop();
    expect(tries).toBe(3);
    expect(await kinds()).toEqual(['apology', 'smalltalk']);
    const [note] = await bench.conversations.notes(allPartitions, 10);
    expect(note).toMatchObject({ kind: 'parked', reason: expect.stringContaining('[11 digits]') });
    const apology = (await bench.conversations.transcript(id, 0, 10)).find(
      ({ activity }) => activity.channelData?.filing?.kind === 'apology',
    );
    expect(apology?.activity.text).toContain(note?.kind === 'parked' && note.turnId);
  });
});

describe('a person who takes the conversation over', () => {
  const agent = { kind: 'agent' as const, id: 'a1', name: '小王' };

  it('is never followed by a word of the bot, however the two interleave', async () => {
    let afterClaim = 0;
    let answered = 0;
    for (let round = 0; round < 200; round += 1) {
      const conversation = `race-${round}`;
      await bench.conversations.start({ id: conversation, channel: 'direct-line', user: { id: 'dl_visitor' } });
      const accepted = turns.accept({ ...message('谢谢'), conversation });
      if (round % 6 > 0) await new Promise((resolve) => setTimeout(resolve, (round % 6) - 1));
      for (let done = false; !done; ) {
        const { epoch } = await ownerOf(bench.store, conversation);
        done = (await handOver(bench.store, conversation, agent, epoch)) === 'done';
      }
      const atClaim = await bench.conversations.transcriptEnd(conversation);
      await accepted;
      await turns.accept({ ...message('在吗'), conversation });
      await vi.waitFor(async () => expect((await bench.inbox.due(10)).turns).not.toContain(conversation));
      const later = await bench.conversations.transcript(conversation, atClaim, 100);
      afterClaim += later.filter(({ activity }) => activity.from.role === 'bot').length;
      answered += atClaim > 1 ? 1 : 0;
    }
    expect(afterClaim).toBe(0);
    // Both outcomes occurred, or the race was not run.
    expect(answered).toBeGreaterThan(0);
    expect(answered).toBeLessThan(200);
  });

  it('makes a turn computed before be refused, and run again in silence', async () => {
    await turns.stop();
    await turns.accept(message('谢谢', 'm1'));
    const open = await bench.inbox.open(id);
    if (!open) throw new Error('nothing was open');
    expect(await handOver(bench.store, id, agent, 0)).toBe('done');
    expect(await bench.inbox.commit(open, { session: open.session, activities: [said('bot')], effects: [] })).toEqual({
      outcome: 'owner-changed',
    });
    expect(await transcript()).toEqual(['user: 谢谢']);
  });

  it('hears no apology of the bot for a message that was given up, which is noted all the same', async () => {
    await turns.stop();
    await turns.accept(message('杀手', 'm1'));
    for (let crash = 0; crash < 3; crash += 1) {
      expect((await bench.inbox.open(id))?.claim.attempt).toBe(crash + 1);
      bench.advance(6_000);
    }
    const open = await bench.inbox.open(id);
    if (!open) throw new Error('nothing was open');
    expect(await handOver(bench.store, id, agent, 0)).toBe('done');
    expect(await bench.inbox.park(open, said('bot'), 'given up')).toEqual({ outcome: 'owner-changed' });
    await bench.inbox.postpone(open, 0);
    const survivor = bench.newTurns();
    survivor.wake(id);
    await survivor.settled();
    expect(await transcript()).toEqual(['user: 杀手']);
    expect(await bench.conversations.notes(allPartitions, 10)).toMatchObject([{ kind: 'parked' }]);
    expect((await bench.inbox.due(10)).turns).toEqual([]);
  });

  it('is one of those who try at once, and can give it back', async () => {
    const tries = await Promise.all(Array.from({ length: 10 }, (_, at) => handOver(bench.store, id, { ...agent, id: `a${at}` }, 0)));
    expect(tries.filter((outcome) => outcome === 'done')).toHaveLength(1);
    const { epoch } = await ownerOf(bench.store, id);
    expect(await handOver(bench.store, id, { kind: 'bot' }, epoch)).toBe('done');
    await turns.accept(message('谢谢'));
    await heard(1);
  });
});

describe('what customers say of answers, and what is not known', () => {
  it('is noted with personal data masked', async () => {
    await turns.accept(message('我的身份证11010519491231002X，电话138-0013-8000，量子计算机怎么修'));
    await turns.accept(message('备案审核要多长时间'));
    await turns.accept(message('有用'));
    await heard(3);
    expect(await bench.conversations.notes(allPartitions, 10)).toMatchObject([
      { kind: 'miss', question: '我的身份证[18 digits],电话[11 digits],量子计算机怎么修' },
      { kind: 'feedback', topic: 'review-time', useful: true },
    ]);
  });
});

describe('erasure', () => {
  it('on request leaves nothing from before it, and the conversation goes on', async () => {
    for (const text of ['量子计算机怎么修', '备案审核要多长时间', '有用', '删除我的信息', '确认删除']) await turns.accept(message(text));
    await vi.waitFor(async () => expect((await transcript()).at(-1)).toMatch(/删除回执/));
    expect(await transcript()).toHaveLength(1);
    expect(await bench.conversations.notes(allPartitions, 10)).toEqual([]);
    await turns.accept(message('谢谢'));
    await vi.waitFor(async () => expect(await transcript()).toHaveLength(3));
  });

  it('of a whole conversation waits for a message that has just come', async () => {
    await turns.stop();
    await turns.accept(message('谢谢'));
    expect(await bench.conversations.erase(id)).toBe(false);
    expect(await transcript()).toHaveLength(1);
    const other = bench.newTurns();
    other.wake(id);
    await heard(1);
    await other.stop();
    expect(await bench.conversations.erase(id)).toBe(true);
    expect(await bench.conversations.find(id)).toBeUndefined();
    expect(await transcript()).toEqual([]);
  });
});
