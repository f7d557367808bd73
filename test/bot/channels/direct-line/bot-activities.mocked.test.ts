import { describe, expect, it, vi } from 'vitest';
import type { Activity } from '../../../../bot/activity.ts';
import { activityId } from '../../../../bot/conversations/conversation.ts';
import type { Conversations } from '../../../../bot/conversations/conversations.ts';
import { elsewhere, Stream, serverForTests, type Talk } from './client.ts';

const started = vi.hoisted(() => ({ conversations: undefined as Conversations | undefined }));

/** Keeps hold of the conversations of the server under test, to say something in them as the turns do. */
vi.mock('../../../../bot/conversations/conversations.ts', async (original) => {
  const module = await original<typeof import('../../../../bot/conversations/conversations.ts')>();
  return {
    ...module,
    Conversations: class extends module.Conversations {
      constructor(...given: ConstructorParameters<typeof module.Conversations>) {
        super(...given);
        started.conversations = this;
      }
    },
  };
});

describe.skipIf(elsewhere)('what the bot sends by itself', () => {
  const server = serverForTests();

  /** The bot says something; gives the id under which it is known. */
  async function say(talk: Talk, said: Partial<Activity>): Promise<string | undefined> {
    const sender = { timestamp: new Date().toISOString(), from: { id: 'bot', role: 'bot' as const } };
    const position = await started.conversations?.append(talk.id, { type: 'message', ...sender, ...said });
    return position === undefined ? undefined : activityId(talk.id, position);
  }

  it('reaches the client over stream and polling, under the id that the bot is told', async () => {
    const talk = await server.begin();
    const stream = await Stream.open(talk.streamUrl);
    const told = await say(talk, { text: '您的备案已通过' });
    const received = await stream.first(() => true);
    expect(received).toMatchObject({ id: told, type: 'message', text: '您的备案已通过', from: { role: 'bot' } });
    expect(await talk.transcript()).toEqual([received]);
    await stream.close();
  });

  // Direct Line JS would hold it back for five seconds.
  it('replies to nothing', async () => {
    const talk = await server.begin();
    await say(talk, { text: '您的备案已通过' });
    expect((await talk.transcript())[0]).not.toHaveProperty('replyToId');
  });

  it('as an event or the end of the conversation reaches the client over both, too', async () => {
    const talk = await server.begin();
    const stream = await Stream.open(talk.streamUrl);
    const sent: Partial<Activity>[] = [
      { type: 'event', name: 'handoff.initiate', value: { Skill: '备案' } },
      { type: 'endOfConversation' },
    ];
    for (const activity of sent) await say(talk, activity);
    await stream.first(({ type }) => type === 'endOfConversation');
    expect(stream.activities).toMatchObject(sent);
    expect(await talk.transcript()).toEqual(stream.activities);
    await stream.close();
  });

  it('as typing goes over the stream only, in a frame that leaves the watermark alone', async () => {
    const talk = await server.begin();
    const stream = await Stream.open(talk.streamUrl);
    started.conversations?.showTyping(talk.id, 'agent');
    await stream.first(({ type }) => type === 'typing');
    const frame = JSON.parse(stream.frames.find((text) => text.includes('typing')) ?? '') as { watermark?: unknown };
    expect(frame.watermark ?? '').toBe('');
    expect(stream.activities).toMatchObject([{ type: 'typing', from: { role: 'bot' }, conversation: { id: talk.id } }]);
    expect(await talk.transcript()).toEqual([]);
    await stream.close();
  });

  it('keeps the fields that cards, pictures and buttons need', async () => {
    const talk = await server.begin();
    const fields: Partial<Activity> = {
      type: 'message',
      text: '请选择',
      textFormat: 'markdown',
      locale: 'zh-CN',
      inputHint: 'expectingInput',
      attachments: [{ contentType: 'application/vnd.microsoft.card.hero', content: { title: '备案' } }],
      suggestedActions: { actions: [{ type: 'imBack', title: '好', value: '好' }] },
      channelData: { more: true },
    };
    await say(talk, fields);
    expect((await talk.transcript())[0]).toMatchObject(fields);
  });
});
