import type { Activity, ConversationReference, TurnContext } from 'botbuilder';
import { describe, expect, it, vi } from 'vitest';
import type { DirectLineAdapter } from '../../../../bot/channels/direct-line/adapter.ts';
import { elsewhere, Stream, serverForTests, type Talk } from './client.ts';

const started = vi.hoisted(() => ({ adapter: undefined as DirectLineAdapter | undefined }));

/** Keeps hold of the adapter of the server under test, as a bot of the Bot Framework does to speak first. */
vi.mock('../../../../bot/channels/direct-line/adapter.ts', async (original) => {
  const module = await original<typeof import('../../../../bot/channels/direct-line/adapter.ts')>();
  return {
    ...module,
    DirectLineAdapter: class extends module.DirectLineAdapter {
      constructor(...given: ConstructorParameters<typeof module.DirectLineAdapter>) {
        super(...given);
        started.adapter = this;
      }
    },
  };
});

describe.skipIf(elsewhere)('what the bot sends by itself', () => {
  const server = serverForTests();

  async function send(talk: Talk, speak: (context: TurnContext) => Promise<unknown>): Promise<void> {
    const reference = { channelId: 'directline', conversation: { id: talk.id }, bot: { id: 'bot' }, user: { id: 'visitor' } };
    await started.adapter?.continueConversation(reference as Partial<ConversationReference>, async (context) => {
      await speak(context);
    });
  }

  it('reaches the client over stream and polling, under the id that the bot is told', async () => {
    const talk = await server.begin();
    const stream = await Stream.open(talk.streamUrl);
    let told: string | undefined;
    await send(talk, async (context) => {
      told = (await context.sendActivity('您的备案已通过'))?.id;
    });
    const received = await stream.first(() => true);
    expect(received).toMatchObject({ id: told, type: 'message', text: '您的备案已通过', from: { role: 'bot' } });
    expect(await talk.transcript()).toEqual([received]);
    await stream.close();
  });

  // Direct Line JS would hold it back for five seconds.
  it('replies to nothing', async () => {
    const talk = await server.begin();
    await send(talk, (context) => context.sendActivity('您的备案已通过'));
    expect((await talk.transcript())[0]).not.toHaveProperty('replyToId');
  });

  it('as an event or the end of the conversation reaches the client over both, too', async () => {
    const talk = await server.begin();
    const stream = await Stream.open(talk.streamUrl);
    const sent = [{ type: 'event', name: 'handoff.initiate', value: { Skill: '备案' } }, { type: 'endOfConversation' }];
    await send(talk, (context) => context.sendActivities(sent));
    await stream.first(({ type }) => type === 'endOfConversation');
    expect(stream.activities).toMatchObject(sent);
    expect(await talk.transcript()).toEqual(stream.activities);
    await stream.close();
  });

  it('as typing goes over the stream only, in a frame that leaves the watermark alone', async () => {
    const talk = await server.begin();
    const stream = await Stream.open(talk.streamUrl);
    await send(talk, (context) => context.sendActivity({ type: 'typing' }));
    await stream.first(({ type }) => type === 'typing');
    const frame = JSON.parse(stream.frames.find((text) => text.includes('typing')) ?? '') as { watermark?: unknown };
    expect(frame.watermark ?? '').toBe('');
    expect(stream.activities).toMatchObject([{ type: 'typing', from: { role: 'bot' }, conversation: { id: talk.id } }]);
    expect(await talk.transcript()).toEqual([]);
    await stream.close();
  });

  it('keeps the fields that cards, pictures and buttons need', async () => {
    const talk = await server.begin();
    const fields = {
      type: 'message',
      text: '请选择',
      textFormat: 'markdown',
      locale: 'zh-CN',
      inputHint: 'expectingInput',
      attachments: [{ contentType: 'application/vnd.microsoft.card.hero', content: { title: '备案' } }],
      suggestedActions: { actions: [{ type: 'imBack', title: '好', value: '好' }] },
      channelData: { more: true },
    };
    await send(talk, (context) => context.sendActivity(fields as Partial<Activity>));
    expect((await talk.transcript())[0]).toMatchObject(fields);
  });

  it.each(['trace', 'handoff'])('as a %s, which is for the server only, does not reach the client', async (type) => {
    const talk = await server.begin();
    await send(talk, (context) => context.sendActivity({ type, name: 'inside', value: 'inside' }));
    expect(await talk.transcript()).toEqual([]);
  });
});
