import { describe, expect, it } from 'vitest';
import { expectRefusal, serverForTests } from './client.ts';

const server = serverForTests();

/** The two ways in which clients name a message that they may send again. */
const names = [
  ['clientActivityID', (id: string) => ({ channelData: { clientActivityID: id } })],
  ['id', (id: string) => ({ id })],
] as const;

describe.each(names)('a message sent again with the same %s', (_, named) => {
  const message = { type: 'message', from: { id: 'visitor' }, text: '备案要多久', ...named('first') };

  it('is answered with the id of the first', async () => {
    const talk = await server.welcome();
    const [first, again] = [await talk.post(message), await talk.post(message)];
    expect([again.status, again.body]).toEqual([200, first.body]);
  });

  it('is kept once and has one turn', async () => {
    const talk = await server.welcome();
    const { id } = (await talk.post(message)).body;
    for (let time = 1; time <= 5; time += 1) await talk.post(message);
    const activities = await talk.settled();
    expect(activities.filter((activity) => activity.id === id)).toHaveLength(1);
    expect(activities.filter(({ replyToId }) => replyToId === id)).toHaveLength(1);
    expect(activities).toHaveLength(3); // greeting, question, answer
  });

  it('is kept once and has one turn when both are sent at once', async () => {
    const talk = await server.welcome();
    const answers = await Promise.all(Array.from({ length: 10 }, () => talk.post(message)));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(await talk.settled()).toHaveLength(3);
  });

  it('is known after its answer has come', async () => {
    const talk = await server.welcome();
    const first = await talk.post(message);
    await talk.answerTo(first.body.id);
    expect((await talk.post(message)).body).toEqual(first.body);
    expect(await talk.settled()).toHaveLength(3);
  });

  it('may carry other data of the client, such as the time of the attempt', async () => {
    const talk = await server.welcome();
    const first = await talk.post(message);
    const channelData = { ...('channelData' in message && message.channelData), attempt: 2 };
    expect((await talk.post({ ...message, channelData, localTimestamp: '2026-11-24T08:00:01.000Z' })).body).toEqual(first.body);
  });

  it.each([
    ['text', { text: '别的问题' }],
    ['type', { type: 'event', name: 'x' }],
    ['value', { value: { picked: 2 } }],
  ])('is refused when its %s is another', async (_field, other) => {
    const talk = await server.welcome();
    await talk.post(message);
    expectRefusal(await talk.post({ ...message, ...other }), 409);
    expect(await talk.settled()).toHaveLength(3);
  });

  it('is new in another conversation', async () => {
    const [talk, other] = [await server.welcome(), await server.welcome()];
    await talk.post(message);
    expect((await other.post(message)).body.id).toContain(other.id);
  });

  it('is new when another user sends it', async () => {
    const talk = await server.begin();
    const [mine, theirs] = [await talk.post({ ...message, from: { id: 'a' } }), await talk.post({ ...message, from: { id: 'b' } })];
    expect(mine.body.id).not.toBe(theirs.body.id);
  });

  it('is known again with a refreshed token', async () => {
    const talk = await server.welcome();
    const first = await talk.post(message);
    const { token } = (await server.call('POST', '/tokens/refresh', { bearer: talk.token })).body;
    expect((await talk.call('POST', '/activities', { bearer: token, body: message })).body).toEqual(first.body);
  });
});

it('the same words without an id are another message', async () => {
  const talk = await server.welcome();
  expect(await talk.say('备案要多久')).not.toBe(await talk.say('备案要多久'));
  expect(await talk.settled()).toHaveLength(5);
});

it('an event sent again is kept once', async () => {
  const talk = await server.begin();
  const event = { type: 'event', name: 'opened', channelData: { clientActivityID: 'e' } };
  const [first, again] = [await talk.post(event), await talk.post(event)];
  expect(again.body).toEqual(first.body);
  expect(await talk.transcript()).toHaveLength(1);
});

it('two names that are no texts are not taken for one', async () => {
  const talk = await server.begin();
  const post = (text: string, clientActivityID: unknown) => talk.post({ type: 'message', text, channelData: { clientActivityID } });
  const statuses = [(await post('第一句', { at: 1 })).status, (await post('第二句', { at: 2 })).status];
  expect(statuses).not.toContain(409);
});
