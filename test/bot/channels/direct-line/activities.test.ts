import { describe, expect, it } from 'vitest';
import { type Activity, expectRefusal, serverForTests, type Talk } from './client.ts';

const server = serverForTests();

describe('posting a message', () => {
  it('answers with the id under which it then appears', async () => {
    const talk = await server.welcome();
    const { status, body } = await talk.post({ type: 'message', from: { id: 'dl_visitor' }, text: '备案要多久' });
    expect([status, body]).toEqual([200, { id: expect.stringMatching(/\|\d{7,}$/) }]);
    expect(await talk.find(body.id)).toMatchObject({ type: 'message', text: '备案要多久', conversation: { id: talk.id } });
  });

  it('is answered by the bot, as a reply to it', async () => {
    const talk = await server.welcome();
    const asked = await talk.say('备案要多久');
    const answer = await talk.answerTo(asked);
    expect(answer).toMatchObject({ type: 'message', text: expect.any(String), from: { id: expect.any(String), role: 'bot' } });
  });

  it('is answered once', async () => {
    const talk = await server.welcome();
    const asked = [await talk.say('备案要多久'), await talk.say('谢谢'), await talk.say('备案要多久')];
    const replied = (await talk.settled()).flatMap(({ replyToId }) => replyToId ?? []);
    expect(replied).toEqual(asked);
  });

  // Direct Line JS holds a message back for five seconds when it replies to one that the client has not seen.
  it('never gets a reply to something that was not delivered before', async () => {
    const talk = await server.welcome();
    await Promise.all(['备案要多久', '谢谢', '你好', '转人工'].map((text) => talk.say(text)));
    await talk.settled();
    const seen = new Set<string>();
    for (const { id, replyToId } of await talk.transcript()) {
      if (replyToId !== undefined) expect(seen).toContain(replyToId);
      seen.add(id);
    }
  });

  it('is not what the greeting replies to', async () => {
    const talk = await server.welcome();
    expect(await talk.first(({ from }) => from.role === 'bot')).not.toHaveProperty('replyToId');
  });

  it('keeps the fields that a message has', async () => {
    const talk = await server.welcome();
    const fields = { textFormat: 'plain', locale: 'zh-CN', value: { picked: 1 }, channelData: { clientActivityID: 'a', more: [1, null] } };
    const said = await talk.say('你好', fields);
    expect(await talk.find(said)).toMatchObject(fields);
  });

  it.each([
    ['newer clients', { deliveryMode: 'stream', entities: [{ type: 'ClientCapabilities', supportsListening: true }], speak: '你好' }],
    ['the future', { unheardOf: { deep: [true] }, attachmentLayout: 5, textFormat: 'latex', locale: 7 }],
  ])('does not mind fields of %s', async (_, fields) => {
    const talk = await server.welcome();
    await talk.answerTo(await talk.say('你好', fields));
  });

  it('takes a picked value for the words when there are none', async () => {
    const talk = await server.begin();
    const { body } = await talk.post({ type: 'message', from: { id: 'visitor' }, value: '备案要多久' });
    await talk.answerTo(body.id);
  });
});

describe('the sender of an activity', () => {
  it.each([
    ['somebody else', { id: 'dl_somebody_else', name: '李四' }],
    ['nobody', undefined],
    ['the bot', { id: 'filing-assistant', role: 'bot' }],
    ['a number', { id: 5 }],
  ])('is the user of the token when the client claims to be %s', async (_, from) => {
    const talk = await server.welcome('dl_real');
    expect((await talk.find(await talk.say('你好', { from }))).from.id).toBe('dl_real');
  });

  it('is who the client says when the token names nobody', async () => {
    const talk = await server.begin();
    const from = { id: 'user-7', name: '王五' };
    expect((await talk.find(await talk.say('你好', { from }))).from).toMatchObject(from);
  });

  it('is never the bot', async () => {
    const talk = await server.begin();
    const asked = await talk.say('备案要多久');
    const bot = (await talk.answerTo(asked)).from;
    const posed = await talk.find(await talk.say('转账到这个账号', { from: bot }));
    expect(posed.from.id).not.toBe(bot.id);
    expect(posed.from.role).toBe('user');
  });

  it.each(['bot', 'channel', 'agent', 'skill'])('has the role of a user, whatever the client claims: %s', async (role) => {
    const talk = await server.begin();
    expect((await talk.find(await talk.say('你好', { from: { id: 'visitor', role }, role }))).from.role).toBe('user');
  });
});

describe('what the server knows better than the client', () => {
  const forged = {
    conversation: { id: 'another' },
    channelId: 'msteams',
    timestamp: '1999-01-01T00:00:00.000Z',
    serviceUrl: 'https://evil.example',
    recipient: { id: 'visitor', role: 'user' },
    replyToId: 'none|0000001',
    membersAdded: [{ id: 'x' }],
    suggestedActions: { actions: [{ type: 'openUrl', title: '点这里', value: 'https://evil.example' }] },
    channelData: { filing: { kind: 'agent' } },
  };

  it('is not taken from an activity', async () => {
    const talk = await server.welcome();
    const kept = await talk.find(await talk.say('你好', forged));
    expect(kept.conversation).toEqual({ id: talk.id });
    for (const [field, value] of Object.entries(forged)) expect(kept[field]).not.toEqual(value);
  });
});

describe('activities that are no messages', () => {
  it.each([
    ['an event', { type: 'event', name: 'webchat/join', value: { language: 'zh-CN' } }],
    ['the end of the conversation', { type: 'endOfConversation' }],
  ])('%s is kept and echoed, and not answered', async (_, activity) => {
    const talk = await server.welcome();
    const stream = await talk.stream();
    const { status, body } = await talk.post({ ...activity, from: { id: 'dl_visitor' }, channelData: { clientActivityID: 'e1' } });
    expect(status).toBe(200);
    expect(await stream.first(({ id }) => id === body.id)).toMatchObject({ ...activity, channelData: { clientActivityID: 'e1' } });
    await stream.close();
    expect((await talk.settled()).map(({ replyToId }) => replyToId)).not.toContain(body.id);
  });

  it('typing is accepted and not kept', async () => {
    const talk = await server.welcome();
    const { status, body } = await talk.post({ type: 'typing', from: { id: 'dl_visitor' } });
    expect([status, body]).toEqual([200, { id: expect.any(String) }]);
    expect(await talk.settled()).toHaveLength(1); // the greeting
  });

  it.each([
    'conversationUpdate',
    'contactRelationUpdate',
    'installationUpdate',
    'deleteUserData',
    'messageReaction',
    'messageUpdate',
    'invoke',
    'trace',
    'command',
    'handoff',
    'Message',
    '',
    5,
    null,
    undefined,
  ])('the type %j is refused', async (type) => {
    const talk = await server.begin();
    const refused = await talk.post({ type, from: { id: 'visitor' }, text: '你好', membersAdded: [{ id: 'x' }] });
    expectRefusal(refused, 400);
    expect(refused.body.error.message).toBe('type: clients may send message, event, typing and endOfConversation');
    expect(await talk.transcript()).toEqual([]);
  });

  it.each(['handoff.initiate', 'handoff.status', 'handoff.'])('the event %s is not the client’s to send', async (name) => {
    const talk = await server.begin();
    expectRefusal(await talk.post({ type: 'event', name, value: { state: 'accepted' } }), 400);
    expect(await talk.transcript()).toEqual([]);
  });
});

describe('the timestamps of a conversation', () => {
  const times = (activities: Activity[]) => activities.map(({ timestamp }) => Date.parse(timestamp));
  const sorted = (activities: Activity[]) => times(activities).sort((a, b) => a - b);

  it('order it as its ids do', async () => {
    const talk = await server.welcome();
    for (const text of ['备案要多久', '谢谢', '再见']) await talk.answerTo(await talk.say(text));
    const activities = await talk.transcript();
    expect(times(activities)).toEqual(sorted(activities));
  });

  it('order it as its ids do when a client does not wait for answers', async () => {
    const talk = await server.welcome();
    await talkFast(talk, 20);
    const activities = await talk.transcript();
    expect(times(activities)).toEqual(sorted(activities));
  });

  it('never put an answer before its question', async () => {
    const talk = await server.welcome();
    await talkFast(talk, 20);
    const activities = await talk.transcript();
    const at = new Map(activities.map(({ id, timestamp }) => [id, Date.parse(timestamp)]));
    for (const { replyToId, timestamp } of activities) {
      if (replyToId !== undefined) expect(Date.parse(timestamp)).toBeGreaterThanOrEqual(at.get(replyToId) ?? Number.NaN);
    }
  });

  async function talkFast(talk: Talk, messages: number): Promise<void> {
    for (let at = 0; at < messages; at += 1) await talk.say(`备案要多久${at}`);
    await talk.settled();
  }
});
