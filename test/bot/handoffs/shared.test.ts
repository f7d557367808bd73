import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OutsideDesk } from '../../../bot/handoffs/outside-desk.ts';
import { askedForMs, findShared } from '../../../bot/handoffs/shared.ts';
import { allPartitions } from '../../../bot/store/store.ts';
import type { Turns } from '../../../bot/turns/turns.ts';
import * as messages from '../../../dialogs/messages.ts';
import { type Bench, openBench, said, silentLog } from '../../support/conversations.ts';
import { ExampleDesk } from '../../support/example-desk.ts';
import { until } from '../../support/redis.ts';

const secret = 'a-secret-between-two-desks-0123456789abcdef';
const id = 'conversation-1';

let bench: Bench;
let turns: Turns;
let desk: ExampleDesk;
let telling: OutsideDesk[];
beforeEach(async () => {
  bench = await openBench();
  turns = bench.newTurns();
  desk = await ExampleDesk.open(secret);
  telling = [];
  // Somebody is there: customers wait for a person, rather than leaving a message.
  await bench.duty.show({ id: 'li', name: '李明', skills: [] });
  await bench.conversations.start({ id, channel: 'direct-line', user: { id: 'dl_visitor', name: '陈女士' } });
});
afterEach(async () => {
  await Promise.all(telling.map((each) => each.stop()));
  await turns.stop();
  await desk.close();
  await bench.close();
});

/** An instance that tells the other desk, as it looks when it starts. */
function tell(): OutsideDesk {
  const outside = new OutsideDesk({ ...bench, url: desk.url, secret, log: silentLog });
  telling.push(outside);
  outside.start();
  return outside;
}

let saidSoFar = 0;
async function says(text: string): Promise<void> {
  saidSoFar += 1;
  const activity = said(text);
  const message = { kind: 'text' as const, text };
  await turns.accept({ conversation: id, sender: 'dl_visitor', messageId: `m${saidSoFar}`, activity, message });
  await turns.rested(id);
}

const state = async () => (await findShared(bench.store, id)).shared?.state;
const indexed = async () =>
  (await Promise.all(allPartitions.map((partition) => bench.store.range(partition, 'outside-erasures', { limit: 10 })))).flat();
const eraseThemselves = async () => {
  await says('删除我的信息');
  await says(messages.eraseLabel);
};

describe('who was handed to another desk and erases themselves', () => {
  it.each<[how: string, erase: () => Promise<unknown>]>([
    ['in the chat', eraseThemselves],
    ['by the agency’s command, or for having been kept long enough', () => bench.conversations.erase(id)],
  ])('is erased there, too: %s', async (_, erase) => {
    tell();
    await says('转人工');
    await until(() => desk.of(id).length > 0);
    expect(await state()).toBe('shared');
    await erase();
    await until(() => desk.erased.length > 0);
    expect([desk.erased, desk.of(id)]).toEqual([[id], []]);
    // Then nothing is left here.
    await until(async () => (await state()) === undefined);
    expect(await indexed()).toEqual([]);
  });

  it('is erased there also when the handoff had ended long before', async () => {
    const outside = tell();
    await says('转人工');
    await until(() => desk.of(id).length > 0);
    await says('不等了');
    await until(() => desk.of(id).at(-1)?.value?.state === 'failed');
    await outside.stop();
    await eraseThemselves();
    tell();
    await until(() => desk.erased.length > 0);
  });

  it('is erased there though nobody knows whether anything has arrived there', async () => {
    desk.down = true;
    const outside = tell();
    await says('转人工');
    await until(async () => (await state()) === 'shared');
    await outside.stop();
    await eraseThemselves();
    desk.down = false;
    // As after a crash: another instance finds what is left to be done.
    tell();
    await until(() => desk.erased.length > 0);
    expect(desk.of(id)).toEqual([]);
  });

  it('is erased there again where something was on its way meanwhile', async () => {
    let answer = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    desk.busy = ({ name }) => (name === 'handoff.initiate' ? held : Promise.resolve());
    tell();
    await says('转人工');
    await until(async () => (await state()) === 'shared');
    await bench.conversations.erase(id);
    // By another instance, of which the first knows nothing.
    tell();
    await until(async () => desk.erased.length > 0 && (await state()) === undefined);
    answer();
    await until(() => desk.erased.length > 1);
    expect(desk.of(id)).toEqual([]);
  });

  it('asks for a person anew, of which the desk is told after it was told of the erasure', async () => {
    const outside = tell();
    await says('转人工');
    await until(() => desk.of(id).length > 0);
    await outside.stop();
    await eraseThemselves();
    await says('我想转人工');
    await says('备案审核要多久');
    tell();
    await until(() => desk.erased.length > 0 && desk.of(id).length > 0);
    expect(desk.of(id)[0]?.name).toBe('handoff.initiate');
    expect(await state()).toBe('shared');
  });
});

it('what is left to be told names the conversation and nothing else', async () => {
  desk.down = true;
  const outside = tell();
  await says('转人工');
  await until(async () => (await state()) === 'shared');
  await outside.stop();
  await bench.conversations.erase(id);
  const { shared } = await findShared(bench.store, id);
  expect(shared).toEqual({ state: 'erased', at: expect.any(Number), attempts: 0 });
  expect((await indexed()).map(({ member }) => member)).toEqual([id]);
  expect(await bench.conversations.find(id)).toBeUndefined();
});

it('a desk that never answers is asked for thirty days', async () => {
  desk.down = true;
  let outside = tell();
  await says('转人工');
  await until(async () => (await state()) === 'shared');
  await bench.conversations.erase(id);
  await outside.stop();
  bench.advance(askedForMs - 60_000);
  outside = tell();
  const attempts = async () => {
    const { shared } = await findShared(bench.store, id);
    return shared?.state === 'erased' ? shared.attempts : 0;
  };
  await until(async () => (await attempts()) > 0);
  await outside.stop();
  bench.advance(10 * 60_000);
  tell();
  await until(async () => (await state()) === undefined);
  expect([await indexed(), desk.erased]).toEqual([[], []]);
});

it('who was never handed over leaves nothing to be told', async () => {
  tell();
  await says('备案审核要多久');
  await eraseThemselves();
  expect([await state(), await indexed()]).toEqual([undefined, []]);
});
