import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Agent } from '../../../bot/handoffs/handoffs.ts';
import type { Turns } from '../../../bot/turns/turns.ts';
import * as wording from '../../../dialogs/handoff-wording.ts';
import { type Bench, openBench, said, transcriptOf } from '../../support/conversations.ts';

const li = { id: 'a1', name: '小李', skills: [] };
const wang: Agent = { id: 'a2', name: '小王' };
const minute = 60_000;

let bench: Bench;
let turns: Turns;
beforeEach(async () => {
  bench = await openBench();
  turns = bench.newTurns();
});
afterEach(async () => {
  await turns.stop();
  await bench.close();
});

async function says(id: string, text: string): Promise<void> {
  await turns.accept({ conversation: id, sender: 'dl_visitor', activity: said(text), message: { kind: 'text', text } });
  await turns.settled();
}

/** A customer who has asked for a person, with an agent on duty. */
async function waits(id: string): Promise<void> {
  await bench.duty.show(li);
  await bench.conversations.start({ id, channel: 'direct-line', user: { id: 'dl_visitor' } });
  await says(id, '转人工');
}

const shown = (id: string) => transcriptOf(bench.conversations, id);
const waiting = async () => (await bench.handoffs.waiting()).map(({ conversation }) => conversation);
const held = async () => (await bench.handoffs.held()).map(({ conversation, handoff }) => `${conversation}: ${handoff.agent?.name}`);

describe('the queue', () => {
  it('is in the order of asking, returning customers ten minutes ahead', async () => {
    for (const id of ['first', 'second', 'third']) await waits(id);
    expect(await waiting()).toEqual(['first', 'second', 'third']);
    expect(await bench.handoffs.position('second')).toBe(2);
    await bench.handoffs.claim('third', li);
    await bench.handoffs.transfer('third', li, { note: '许可证的事' });
    expect(await waiting()).toEqual(['third', 'first', 'second']);
  });

  it('is left by who does not want to wait, and by who is taken', async () => {
    await waits('patient');
    await waits('hurried');
    await says('hurried', '不等了');
    expect(await waiting()).toEqual(['patient']);
    expect(await bench.handoffs.claim('patient', li)).toEqual({ outcome: 'claimed' });
    expect(await waiting()).toEqual([]);
    expect(await held()).toEqual(['patient: 小李']);
  });

  it('tells the place with the pace of the last two hours, and nothing where there is none', async () => {
    await waits('a');
    expect(await bench.handoffs.status('a')).toEqual({ agents: 1, position: 1 });
    for (let at = 0; at < 4; at += 1) {
      await bench.duty.tookRequest();
      bench.advance(3 * minute);
    }
    await bench.duty.show(li);
    expect(await bench.handoffs.status('b')).toEqual({ agents: 1, position: 2, waitMinutes: 6 });
    bench.advance(180 * minute);
    expect(await bench.handoffs.status('b')).toEqual({ agents: 0, position: 2 });
  });
});

describe('a claim', () => {
  it('is won by one of many who try at once', async () => {
    await waits('c');
    const agents = Array.from({ length: 8 }, (_, at) => ({ id: `a${at}`, name: `客服${at}` }));
    const outcomes = await Promise.all(agents.map((agent) => bench.handoffs.claim('c', agent)));
    expect(outcomes.filter(({ outcome }) => outcome === 'claimed')).toHaveLength(1);
    const [winner] = await held();
    for (const each of outcomes) if (each.outcome === 'taken') expect(`c: ${each.by}`).toBe(winner);
    expect((await shown('c')).filter((line) => line.includes('由我为您服务'))).toHaveLength(1);
  });

  it('silences the bot, and a supervisor may take it over from whom they name', async () => {
    await waits('c');
    await bench.handoffs.claim('c', li);
    await says('c', '备案审核要多久');
    expect((await shown('c')).at(-1)).toBe('user: 备案审核要多久');
    expect(await bench.handoffs.claim('c', wang)).toEqual({ outcome: 'taken', by: '小李' });
    expect(await bench.handoffs.claim('c', wang, 'a3')).toEqual({ outcome: 'taken', by: '小李' });
    expect(await bench.handoffs.claim('c', wang, li.id)).toEqual({ outcome: 'claimed' });
    expect(await bench.handoffs.say('c', li, 'm1', '您好')).toEqual({ outcome: 'not-yours' });
    expect(await held()).toEqual(['c: 小王']);
  });

  it('of a conversation that is not there is told', async () => {
    expect(await bench.handoffs.claim('nobody', li)).toEqual({ outcome: 'unknown' });
  });
});

describe('what an agent says', () => {
  it('is said once, however often it is sent', async () => {
    await waits('c');
    await bench.handoffs.claim('c', li);
    const first = await bench.handoffs.say('c', li, 'm1', '您好，请讲');
    expect(first).toMatchObject({ outcome: 'said' });
    expect(await bench.handoffs.say('c', li, 'm1', '您好，请讲')).toEqual({ ...first, outcome: 'repeated' });
    expect(await bench.handoffs.say('c', li, 'm1', '别的话')).toEqual({ outcome: 'conflict' });
    expect((await shown('c')).filter((line) => line === 'bot: 您好，请讲')).toHaveLength(1);
  });

  it('is refused before the claim and after the end', async () => {
    await waits('c');
    expect(await bench.handoffs.say('c', li, 'm1', '您好')).toEqual({ outcome: 'not-yours' });
    await bench.handoffs.claim('c', li);
    expect(await bench.handoffs.complete('c', li)).toBe('done');
    expect(await bench.handoffs.say('c', li, 'm2', '再见')).toEqual({ outcome: 'not-yours' });
  });
});

describe('the end', () => {
  it('gives the conversation back to the bot, which asks how it was and keeps the rating', async () => {
    await waits('c');
    await bench.handoffs.claim('c', li);
    await bench.handoffs.complete('c', li);
    await vi.waitFor(async () => expect((await shown('c')).at(-1)).toBe(`bot: ${wording.completed}`));
    await says('c', '满意');
    expect((await bench.handoffs.standing('c'))?.handoff).toMatchObject({
      state: 'completed',
      rating: 'good',
      agent: { id: li.id, name: li.name },
    });
    await says('c', '备案审核要多久');
    expect((await shown('c')).at(-1)).toMatch(/^bot: /);
    expect(await held()).toEqual([]);
  });

  it('may be the customer’s: 结束会话', async () => {
    await waits('c');
    await bench.handoffs.claim('c', li);
    await says('c', '结束会话');
    expect(await bench.handoffs.standing('c')).toMatchObject({ owner: { kind: 'bot' }, handoff: { state: 'completed' } });
    expect(await held()).toEqual([]);
  });
});

describe('promises', () => {
  it('who waits in vain is told after ten minutes, and becomes a task', async () => {
    await waits('c');
    bench.advance(9 * minute);
    await bench.handoffs.keepPromises();
    expect(await waiting()).toEqual(['c']);
    bench.advance(minute);
    await Promise.all([bench.handoffs.keepPromises(), bench.handoffs.keepPromises()]);
    await vi.waitFor(async () => expect((await shown('c')).at(-1)).toBe(`bot: ${wording.timedOut}`));
    expect((await shown('c')).filter((line) => line === `bot: ${wording.timedOut}`)).toHaveLength(1);
    const [task] = await bench.handoffs.tasks();
    expect(task).toMatchObject({ conversation: 'c', tasks: [{ about: 'needs-person' }] });
    expect(await bench.handoffs.finishTasks('c', (task?.left ?? 0) - 1)).toBe(false);
    expect(await bench.handoffs.finishTasks('c', task?.left ?? 0)).toBe(true);
    expect(await bench.handoffs.tasks()).toEqual([]);
  });

  it('who gets no first word goes to another after five minutes, at the head of the queue', async () => {
    await waits('c');
    await bench.handoffs.claim('c', li);
    await waits('d');
    bench.advance(5 * minute);
    await bench.handoffs.keepPromises();
    await vi.waitFor(async () => expect((await shown('c')).at(-1)).toBe(`bot: ${wording.unanswered}`));
    expect(await waiting()).toEqual(['c', 'd']);
    expect(await bench.handoffs.claim('c', wang)).toEqual({ outcome: 'claimed' });
  });

  it('who thanks at the end is left with their agent, as long as that one is there', async () => {
    await waits('c');
    await bench.handoffs.claim('c', li);
    await bench.handoffs.say('c', li, 'm1', '已经处理好了');
    await says('c', '好的谢谢');
    bench.advance(6 * minute);
    await bench.duty.setAvailable(li, false);
    await bench.handoffs.keepPromises();
    expect(await held()).toEqual(['c: 小李']);
    bench.advance(minute);
    await bench.duty.leave(li.id);
    await bench.handoffs.keepPromises();
    expect(await waiting()).toEqual(['c']);
  });

  it('a conversation in which nobody says anything for two hours is the bot’s again', async () => {
    await waits('c');
    await bench.handoffs.claim('c', li);
    await bench.handoffs.say('c', li, 'm1', '还有别的问题吗');
    bench.advance(121 * minute);
    await bench.handoffs.keepPromises();
    expect(await bench.handoffs.standing('c')).toMatchObject({ owner: { kind: 'bot' }, handoff: { state: 'completed' } });
  });
});

it('nothing of a handoff is left when the customer has everything erased', async () => {
  await waits('c');
  await bench.handoffs.addNote('c', { by: '小李', text: '客户着急' });
  await says('c', '删除我的信息');
  await says('c', '确认删除');
  expect(await waiting()).toEqual([]);
  expect(await bench.handoffs.notes('c')).toEqual([]);
  expect((await bench.handoffs.standing('c'))?.handoff).toBeUndefined();
});
