import { beforeAll, describe, expect, it } from 'vitest';
import { type Activity, expectRefusal, serverForTests, type Talk } from './client.ts';

const server = serverForTests();

const many = 115;
const names = (activities: Activity[]) => activities.map(({ name }) => name);
const expectedNames = Array.from({ length: many }, (_, at) => `event-${at}`);

/** Events are kept and not answered, so the transcript is known to the last activity. */
async function withEvents(talk: Talk, count: number): Promise<void> {
  for (let at = 0; at < count; at += 1) expect((await talk.post({ type: 'event', name: `event-${at}` })).status).toBe(200);
}

describe('a conversation of more than a hundred activities', () => {
  let talk: Talk;
  beforeAll(async () => {
    talk = await server.begin();
    await withEvents(talk, many);
  });

  it('is read page by page, nothing lost and nothing doubled', async () => {
    expect(names(await talk.transcript())).toEqual(expectedNames);
  });

  it('has more than one page', async () => {
    const first = await talk.read();
    expect(first.activities.length).toBeLessThan(many);
    expect((await talk.read(first.watermark)).activities.length).toBeGreaterThan(0);
  });

  it.each([
    ['no watermark', undefined],
    ['an empty watermark', ''],
    ['a dash', '-'],
  ])('begins at its beginning for %s', async (_, watermark) => {
    expect((await talk.read(watermark)).activities[0]?.name).toBe('event-0');
  });

  it('gives a watermark that is a text', async () => {
    expect((await talk.read()).watermark).toEqual(expect.any(String));
  });

  it('gives the same page for the same watermark', async () => {
    const { watermark } = await talk.read();
    expect(await talk.read(watermark)).toEqual(await talk.read(watermark));
  });

  it('ends with an empty page that keeps the watermark', async () => {
    let page = await talk.read();
    while (page.activities.length > 0) page = await talk.read(page.watermark);
    expect(await talk.read(page.watermark)).toEqual({ activities: [], watermark: page.watermark });
  });

  it('is replayed over a stream, nothing lost and nothing doubled', async () => {
    const stream = await talk.stream();
    await stream.when(() => stream.activities.length >= many);
    expect(names(stream.activities)).toEqual(expectedNames);
    await stream.close();
  });

  it('is resumed over a stream at every page', async () => {
    const { activities, watermark } = await talk.read();
    const stream = await talk.stream(watermark);
    await stream.when(() => stream.activities.length >= many - activities.length);
    expect(names([...activities, ...stream.activities])).toEqual(expectedNames);
    await stream.close();
  });
});

describe('a watermark', () => {
  it('loses nothing that is said while pages are read', async () => {
    const talk = await server.begin();
    const writing = Promise.all([withEvents(talk, 30), withEvents(talk, 30)]).then(() => true);
    const seen: Activity[] = [];
    let watermark = '';
    for (let done = false; ; ) {
      const page = await talk.read(watermark);
      seen.push(...page.activities);
      watermark = page.watermark;
      if (done && page.activities.length === 0) break;
      done = await Promise.race([writing, Promise.resolve(false)]);
    }
    expect(seen.map(({ id }) => id)).toEqual((await talk.transcript()).map(({ id }) => id));
    expect(seen).toHaveLength(60);
  });

  it('of the stream goes on where polling stopped, and the other way round', async () => {
    const talk = await server.begin();
    await withEvents(talk, 3);
    const { watermark } = await talk.read();
    const stream = await talk.stream(watermark);
    const fourth = (await talk.post({ type: 'event', name: 'fourth' })).body.id;
    await stream.first(({ id }) => id === fourth);
    expect(names(stream.activities)).toEqual(['fourth']);
    const frame = JSON.parse(stream.frames.findLast((text) => text !== '') ?? '') as { watermark: unknown };
    expect(frame.watermark).toEqual(expect.any(String));
    await stream.close();
    await talk.post({ type: 'event', name: 'fifth' });
    expect(names((await talk.read(String(frame.watermark))).activities)).toEqual(['fifth']);
  });

  it.each(['abc', '-1', '1e3', '５', '1;2'])('that was never given is refused: %s', async (watermark) => {
    const talk = await server.begin();
    expectRefusal(await talk.call('GET', `/activities?watermark=${encodeURIComponent(watermark)}`), 400);
  });

  // A server restored from a backup has forgotten the last activities, but not the clients that saw them.
  it('from beyond the end goes on from the end', async () => {
    const talk = await server.begin();
    await withEvents(talk, 2);
    const { activities, watermark } = await talk.read('5000');
    expect(activities).toEqual([]);
    await talk.post({ type: 'event', name: 'next' });
    expect(names((await talk.read(watermark)).activities)).toEqual(['next']);
  });
});
