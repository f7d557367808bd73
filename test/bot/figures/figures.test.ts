import { describe, expect, it } from 'vitest';
import { type Counts, countsOf } from '../../../bot/figures/counts.ts';
import { count, eventLog, type FigureEvent } from '../../../bot/figures/figure-event.ts';
import { Figures } from '../../../bot/figures/figures.ts';
import { allPartitions } from '../../../bot/store/store.ts';
import { parseBusinessHours } from '../../../knowledge/calendar/business-hours.ts';
import { plusDays } from '../../../knowledge/calendar/days.ts';
import { onBothStores } from '../../support/both-stores.ts';

const dayMs = 24 * 3_600_000;
const minute = 60_000;

describe('an event', () => {
  /** A Friday at so many minutes past four in the afternoon, and the Monday after it at half past nine. */
  const friday = (past: number) => Date.UTC(2026, 10, 27, 8) + past * minute;
  const monday = Date.UTC(2026, 10, 30, 1, 30);
  const hours = parseBusinessHours('1-5 09:00-12:00,13:30-18:00');
  const open = hours.ok ? hours.value : undefined;

  it.each<[what: string, event: FigureEvent, counts: Counts]>([
    ['a conversation', { kind: 'conversation' }, { conversation: 1 }],
    ['an answer', { kind: 'reply', decision: 'answer', topic: 'password' }, { answer: 1, 'topic:password': 1 }],
    ['a choice of topics', { kind: 'reply', decision: 'suggest' }, { suggest: 1 }],
    ['an opinion', { kind: 'feedback', useful: false }, { 'not-useful': 1 }],
    ['a request', { kind: 'handoff', reason: 'complaint' }, { handoff: 1, 'reason:complaint': 1 }],
    ['how it was', { kind: 'rating', rating: 'good' }, { 'rating:good': 1 }],
    [
      'a talk',
      {
        kind: 'handoff-ended',
        state: 'completed',
        requestedAt: friday(0),
        acceptedAt: friday(2),
        answeredAt: friday(3),
        endedAt: friday(20),
      },
      {
        completed: 1,
        ...{ 'wait:count': 1, 'wait:ms': 2 * minute, 'response:count': 1, 'response:ms': 3 * minute },
        ...{ 'resolution:count': 1, 'resolution:ms': 20 * minute },
      },
    ],
    [
      'a talk over the weekend, of which only working time counts',
      { kind: 'handoff-ended', state: 'completed', requestedAt: friday(110), acceptedAt: friday(115), endedAt: monday },
      { completed: 1, 'wait:count': 1, 'wait:ms': 5 * minute, 'resolution:count': 1, 'resolution:ms': 40 * minute },
    ],
    ['a request that nobody took', { kind: 'handoff-ended', state: 'failed', requestedAt: friday(0), endedAt: friday(10) }, { failed: 1 }],
  ])('%s counts', (_, event, counts) => {
    expect(countsOf(event, open)).toEqual(counts);
  });
});

onBothStores((views) => {
  const happens = async (event: FigureEvent, times: number) => {
    const { store } = views();
    for (let at = 0; at < times; at += 1) {
      await store.apply(allPartitions[at % allPartitions.length] ?? '', { operations: [count(event, store.now())] });
    }
  };
  const both = () => [new Figures(views().store, undefined), new Figures(views().other, undefined)];

  it('counts each event of today once, however often it is asked for, and by however many at once', async () => {
    const [one, two] = both();
    const today = one?.today() ?? '';
    await happens({ kind: 'conversation' }, 70);
    expect(await Promise.all([one, one, two, one].map((each) => each?.of([today])))).toEqual(Array(4).fill([{ conversation: 70 }]));
    await happens({ kind: 'miss' }, 3);
    for (const each of [one, two]) expect(await each?.of([plusDays(today, -1), today])).toEqual([{}, { conversation: 70, miss: 3 }]);
  });

  it('sums a day up when it is over, once, whoever does it and whenever, and keeps nothing else of it', async () => {
    const [one, two] = both();
    const first = one?.today() ?? '';
    await Promise.all([one?.sumUp(), two?.sumUp()]);
    await happens({ kind: 'conversation' }, 70);
    expect(await two?.of([first])).toEqual([{ conversation: 70 }]);
    views().advance(3 * dayMs);
    await happens({ kind: 'miss' }, 2);
    await Promise.all([one?.sumUp(), two?.sumUp()]);
    await one?.sumUp();
    const days = [0, 1, 2, 3].map((ahead) => plusDays(first, ahead));
    for (const each of [...both(), one, two]) expect(await each?.of(days)).toEqual([{ conversation: 70 }, {}, {}, { miss: 2 }]);
    for (const partition of allPartitions) expect(await views().store.end(partition, eventLog(first))).toBe(0);
  });

  it('goes on where it was interrupted: after a sum was written, before the day’s events were gone', async () => {
    const [one, two] = both();
    const first = one?.today() ?? '';
    await one?.sumUp();
    await happens({ kind: 'conversation' }, 5);
    views().advance(2 * dayMs);
    const kept = await views().store.read(allPartitions[0] ?? '', eventLog(first), 0, 10);
    await one?.sumUp();
    // As if it had been killed there: the events are back, and nothing says that the day is done with.
    for (const { value } of kept)
      await views().store.apply(allPartitions[0] ?? '', { operations: [{ do: 'append', log: eventLog(first), value }] });
    await two?.sumUp();
    expect(await two?.of([first])).toEqual([{ conversation: 5 }]);
  });
});
