import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Grants, grants } from '../../../../bot/channels/wechat/grants.ts';
import { partitionOf } from '../../../../bot/store/store.ts';
import { type Bench, openBench } from '../../../support/conversations.ts';

const id = 'wechat-1';
const second = 1_000;
const hour = 3_600 * second;
const closed = expect.objectContaining({ name: 'Undeliverable', reason: 'window-closed' });
const used = expect.objectContaining({ name: 'Undeliverable', reason: 'quota-used' });

let bench: Bench;
let given: Grants;
beforeEach(async () => {
  bench = await openBench();
  given = new Grants(bench.store);
});
afterEach(() => bench.close());

const writes = () => bench.store.apply(partitionOf(id), { operations: [given.forMessage(id)] });
const tapsTheMenu = () => given.give(id, grants.event);
const sends = () => given.take(id);

async function sendsAll(): Promise<number[]> {
  const left: number[] = [];
  while (left.at(-1) !== 0) left.push(await sends());
  return left;
}

describe('to somebody who', () => {
  it('has never written, nothing may be sent', async () => {
    await expect(sends()).rejects.toEqual(closed);
  });

  it('has written, five messages may be sent, and five more when they write again', async () => {
    await writes();
    expect(await sendsAll()).toEqual([4, 3, 2, 1, 0]);
    await expect(sends()).rejects.toEqual(used);
    await writes();
    expect(await sends()).toBe(4);
  });

  it('writes twice, no more than five may be sent: it does not add up', async () => {
    await writes();
    await writes();
    expect(await sendsAll()).toHaveLength(5);
  });

  it.each([
    [48 * hour - second, 4],
    [48 * hour + second, closed],
  ])('wrote %d ms ago: %s', async (ms, outcome) => {
    await writes();
    bench.advance(ms);
    expect(await sends().catch((error: unknown) => error)).toEqual(outcome);
  });

  it.each([
    [59 * second, [2, 1, 0]],
    [61 * second, closed],
  ])('tapped the menu %d ms ago: %s', async (ms, outcome) => {
    await tapsTheMenu();
    bench.advance(ms);
    expect(await sendsAll().catch((error: unknown) => error)).toEqual(outcome);
  });

  it('wrote and then tapped the menu, what the message gave still holds', async () => {
    await writes();
    await sends();
    await tapsTheMenu();
    bench.advance(61 * second);
    expect(await sendsAll()).toEqual([3, 2, 1, 0]);
  });

  it('tapped the menu when all that the message gave was used, three may be sent', async () => {
    await writes();
    await sendsAll();
    await tapsTheMenu();
    expect(await sendsAll()).toEqual([2, 1, 0]);
  });

  it('is sent something that the platform did not take, as many may be sent as before', async () => {
    await writes();
    await sends();
    await given.giveBack(id);
    expect(await sendsAll()).toHaveLength(5);
  });

  it('wrote once, is sent five by however many processes at once', async () => {
    await writes();
    const others = Array.from({ length: 3 }, () => new Grants(bench.store));
    const taken = await Promise.allSettled(Array.from({ length: 12 }, (_, at) => others[at % 3]?.take(id)));
    expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    expect(taken.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))).toEqual(Array(7).fill(used));
  });
});
