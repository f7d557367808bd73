import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AzureChannel, azureChannel } from '../../../../bot/channels/azure/azure.ts';
import { FilingBot } from '../../../../bot/channels/filing-bot.ts';
import { Outbox } from '../../../../bot/conversations/outbox.ts';
import { WebServer } from '../../../../bot/http/web-server.ts';
import { Metrics } from '../../../../bot/metrics.ts';
import { allPartitions } from '../../../../bot/store/store.ts';
import { Errands } from '../../../../bot/turns/errands.ts';
import type { Turns } from '../../../../bot/turns/turns.ts';
import { startTestApplication } from '../../../support/application.ts';
import { type Bench, openBench, silentLog } from '../../../support/conversations.ts';
import { sdks, tokenOfBot } from './sdks.ts';
import { appId, type Sent, Service } from './service.ts';

describe.each(sdks)('Azure Bot Service, by $sdk', ({ sdk, issuer, heedsEndorsements, followsAnswers, connect }) => {
  const service = new Service();
  const login = { works: true };
  const deliver = new Map();
  let bench: Bench;
  let turns: Turns;
  let errands: Errands;
  let bot: FilingBot;
  let channel: AzureChannel;
  let server: WebServer;
  let url: string;

  beforeAll(async () => {
    await service.start();
    bench = await openBench([azureChannel]);
    errands = new Errands({ outbox: new Outbox(bench.store), deliver, cases: bench.cases, log: silentLog });
    turns = bench.newTurns(undefined, errands);
    bot = new FilingBot({ channel: azureChannel, conversations: bench.conversations, turns, keepReference: true });
    // The service of these tests is on this machine.
    channel = new AzureChannel(bot, connect(service, login), () => true);
    deliver.set(azureChannel, channel.deliver);
    server = new WebServer({ log: silentLog, metrics: new Metrics(), routes: [channel.route], upgrades: [] });
    url = `http://127.0.0.1:${await server.listen(0, '127.0.0.1')}/api/messages`;
  });
  afterAll(async () => {
    await server.close();
    await turns.stop();
    await errands.stop();
    await bench.close();
    service.stop();
  });

  const activity = (fields: object = {}) => ({
    type: 'message',
    id: 'm1',
    channelId: 'test',
    serviceUrl: service.url,
    conversation: { id: 'conversation-1', isGroup: false, name: '' },
    from: { id: 'user-1', name: '王先生' },
    recipient: { id: 'bot-1', name: '' },
    locale: 'zh-CN',
    text: '谢谢',
    ...fields,
  });

  const token = (claims: Parameters<Service['token']>[0] = {}, by?: 'stranger') => service.token({ iss: issuer, ...claims }, by);

  async function post(body: unknown, authorization?: string, to = url): Promise<{ status: number; body: unknown }> {
    const header = authorization ?? `Bearer ${await token()}`;
    const response = await fetch(to, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(header !== '' && { authorization: header }) },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  }

  const dueErrands = async () => (await bench.inbox.due(10)).errands;
  const allSent = (count: number) => expect.poll(() => service.sent.length).toBe(count);

  it('gets its messages acknowledged, and the reply through its own address', async () => {
    expect(await post(activity())).toEqual({ status: 200, body: {} });
    await allSent(1);
    const [{ path, authorization, activity: reply } = {} as Sent] = service.sent;
    expect(path).toBe('/v3/conversations/conversation-1/activities');
    expect(authorization).toBe(`Bearer ${tokenOfBot}`);
    expect(reply).toMatchObject({
      type: 'message',
      text: '不客气，很高兴能帮到您。',
      from: { id: 'bot-1' },
      recipient: { id: 'user-1', name: '王先生' },
      conversation: { id: 'conversation-1' },
      channelId: 'test',
    });
    expect(reply).not.toHaveProperty('replyToId');
  });

  it('gets one reply to a message it sends twice', async () => {
    const before = service.sent.length;
    await post(activity({ id: 'm2', text: '再见' }));
    await post(activity({ id: 'm2', text: '再见' }));
    await post(activity({ id: 'm3' }));
    await allSent(before + 2);
  });

  it('gets answers with their source, choices and what programs need', async () => {
    const before = service.sent.length;
    await post(activity({ id: 'q1', text: '备案密码忘了怎么办' }));
    await allSent(before + 1);
    const { activity: { text, channelData, suggestedActions } = { type: 'none' } as Sent['activity'] } = service.sent.at(-1) ?? {};
    expect(text).toMatch(/依据：.+核对日期：/s);
    expect(channelData).toMatchObject({ filing: { kind: 'answer', topic: expect.any(String), confidence: expect.any(Number) } });
    expect(suggestedActions?.actions[0]).toMatchObject({ type: 'imBack', title: expect.any(String) });
  });

  it('gives cards and pictures through as they are', async () => {
    const before = service.sent.length;
    const attachments = [
      {
        contentType: 'application/vnd.microsoft.card.hero',
        content: { title: '备案', buttons: [{ type: 'imBack', title: '好', value: '好' }] },
      },
      { contentType: 'image/png', contentUrl: 'https://bot.example.com/seal.png', name: '公章.png' },
    ];
    const card = { type: 'message' as const, timestamp: '2026-11-01T00:00:00Z', from: { id: 'bot' }, text: '请看', attachments };
    const id = bot.conversationOf(activity());
    const conversation = await bench.conversations.find(id);
    if (!conversation) throw new Error('The conversation has not begun.');
    for (const part of channel.deliver(conversation, card, { key: 'k', position: 1 } as never)) await part.send(false);
    expect(service.sent.at(before)?.activity).toMatchObject({ text: '请看', attachments });
    expect(service.sent).toHaveLength(before + 1);
  });

  it('gets what a person at the desk says, also after the other SDK has taken over', async () => {
    const id = bot.conversationOf(activity());
    const li = { id: 'a1', name: '小李', skills: [] };
    await bench.duty.show(li);
    expect(await bench.handoffs.claim(id, li)).toEqual({ outcome: 'claimed' });
    const before = service.sent.length;
    const says = async (text: string) => {
      await bench.handoffs.say(id, li, text, text);
      for (const errand of await dueErrands()) errands.wake(errand);
      await expect.poll(() => service.sent.slice(before).map(({ activity: { text: said } }) => said)).toContain(text);
    };
    await says('您好，我是小李');
    const other = sdks.find((each) => each.sdk !== sdk);
    if (!other) throw new Error('There is no other SDK.');
    deliver.set(azureChannel, new AzureChannel(bot, other.connect(service, login), () => true).deliver);
    await says('材料收到了');
    deliver.set(azureChannel, channel.deliver);
    expect(new Set(service.sent.slice(before).map(({ path }) => path))).toEqual(new Set(['/v3/conversations/conversation-1/activities']));
  });

  it('greets a person who joins', async () => {
    const before = service.sent.length;
    const joined = {
      type: 'conversationUpdate',
      conversation: { id: 'conversation-2' },
      membersAdded: [{ id: 'user-1' }, { id: 'bot-1' }],
    };
    await post(activity(joined));
    await allSent(before + 1);
    expect(service.sent.at(-1)?.activity.suggestedActions?.actions.length).toBeGreaterThan(2);
  });

  it('may tell that somebody types, or what the bot does not know: nothing is kept or said', async () => {
    const before = service.sent.length;
    const elsewhere = { conversation: { id: 'conversation-3' } };
    for (const type of ['typing', 'messageReaction', 'installationUpdate']) {
      expect((await post(activity({ ...elsewhere, type, id: type, text: undefined }))).status).toBe(200);
    }
    expect(await bench.conversations.find(bot.conversationOf(activity(elsewhere)))).toBeUndefined();
    expect(service.sent).toHaveLength(before);
  });

  it('that turns a reply away with a wait gets it again; that breaks off does not, and the agency is told', async () => {
    const in4 = { conversation: { id: 'conversation-4' } };
    const before = service.sent.length;
    service.answer = 429;
    await post(activity({ ...in4, id: 'm4' }));
    await allSent(before + 1);
    service.answer = 200;
    await expect.poll(dueErrands).toHaveLength(1);
    for (const id of await dueErrands()) errands.wake(id);
    await allSent(before + 2);

    service.answer = 502;
    await post(activity({ ...in4, id: 'm5' }));
    await expect.poll(async () => (await bench.conversations.notes(allPartitions, 10)).map(({ kind }) => kind)).toContain('undelivered');
    expect(service.sent.length).toBe(before + 3);
    service.answer = 200;
  });

  it('gets its reply later when the bot cannot log in', async () => {
    const before = service.sent.length;
    login.works = false;
    await post(activity({ id: 'm6', conversation: { id: 'conversation-6' } }));
    await expect.poll(dueErrands).toHaveLength(1);
    expect(service.sent).toHaveLength(before);
    login.works = true;
    for (const id of await dueErrands()) errands.wake(id);
    await allSent(before + 1);
  });

  it('gets its reply later when nothing listens at its address', async () => {
    const serviceUrl = 'http://127.0.0.1:9';
    const signed = `Bearer ${await token({ serviceurl: serviceUrl })}`;
    expect(await post(activity({ id: 'm7', conversation: { id: 'conversation-7' }, serviceUrl }), signed)).toMatchObject({ status: 200 });
    await expect.poll(dueErrands).toHaveLength(1); // it waits, where the fate of what may have arrived is left open
  });

  const hourAgo = Math.floor(Date.now() / 1000) - 3600;
  it.each([
    ['no token', async () => ''],
    ['another kind of credentials', async () => 'Basic abc'],
    ['a token that is none', async () => 'Bearer abc'],
    ['a token for another bot', async () => `Bearer ${await token({ aud: '99999999-2222-3333-4444-555555555555' })}`],
    ['a token of another issuer', async () => `Bearer ${await token({ iss: 'https://evil.example' })}`],
    ['a token that has run out', async () => `Bearer ${await token({ exp: hourAgo })}`],
    ["a token signed with another's key", async () => `Bearer ${await token({}, 'stranger')}`],
    ['a token for another address', async () => `Bearer ${await token({ serviceurl: 'https://evil.example' })}`],
    ['a token for another port of the address', async () => `Bearer ${await token({ serviceurl: 'http://127.0.0.1:9' })}`],
    ['a token for no address', async () => `Bearer ${await token({ serviceurl: undefined })}`],
  ])('is told from others: with %s it is 401, and nothing is kept', async (name, authorization) => {
    const stranger = activity({ conversation: { id: name } });
    expect(await post(stranger, await authorization())).toEqual({
      status: 401,
      body: { error: { code: 'Unauthorized', message: 'The request does not come from the configured Bot Service.' } },
    });
    expect(await bench.conversations.find(bot.conversationOf(stranger))).toBeUndefined();
  });

  it('is not followed to an address that its token does not vouch for: nobody there hears of the bot, or sees its token', async () => {
    const stranger = new Service();
    await stranger.start();
    try {
      for (const serviceUrl of [stranger.url, `${service.url}@${new URL(stranger.url).host}`, `${stranger.url}/?x=${service.url}`]) {
        expect((await post(activity({ id: serviceUrl, serviceUrl }))).status).toBe(401);
      }
      const before = service.sent.length;
      await post(activity({ id: 'after-the-stranger', conversation: { id: 'conversation-8' } }));
      await allSent(before + 1);
      expect(stranger.asked).toBe(0);
    } finally {
      stranger.stop();
    }
  });

  it('is believed under addresses of the service only, whoever signs for others', async () => {
    const strict = new AzureChannel(bot, connect(service, login));
    const strictServer = new WebServer({ log: silentLog, metrics: new Metrics(), routes: [strict.route], upgrades: [] });
    const address = `http://127.0.0.1:${await strictServer.listen(0, '127.0.0.1')}/api/messages`;
    const [asked, stranger] = [service.asked, activity({ conversation: { id: 'elsewhere' } })];
    const answer = await post(stranger, undefined, address);
    expect(answer.status).toBe(401);
    expect(await bench.conversations.find(bot.conversationOf(stranger))).toBeUndefined();
    // Nor is it for a conversation that is kept from before.
    const conversation = await bench.conversations.find(bot.conversationOf(activity()));
    if (!conversation) throw new Error('The conversation has not begun.');
    const reply = { type: 'message' as const, timestamp: '2026-11-01T00:00:00Z', from: { id: 'bot' }, text: '请看' };
    for (const part of strict.deliver(conversation, reply, { key: 'k', position: 1 } as never))
      await expect(part.send(false)).rejects.toMatchObject({ name: 'NotSent' });
    expect(service.asked).toBe(asked);
    await strictServer.close();
  });

  it('cannot send the bot on to others with its token', async () => {
    const stranger = new Service();
    await stranger.start();
    const before = service.sent.length;
    const sentOn = bot.conversationOf(activity({ conversation: { id: 'conversation-9' } }));
    service.elsewhere = `${stranger.url}/v3/conversations/x/activities`;
    try {
      await post(activity({ id: 'sent-on', conversation: { id: 'conversation-9' } }));
      await allSent(before + 1);
      await expect.poll(dueErrands).not.toContain(sentOn);
      expect(stranger.sent.map(({ authorization }) => authorization)).toEqual(followsAnswers ? [undefined] : []);
    } finally {
      service.elsewhere = undefined;
      stranger.stop();
    }
  });

  it.runIf(heedsEndorsements)('is believed only where its keys vouch for the channel', async () => {
    expect((await post(activity({ channelId: 'sms' }))).status).toBe(401);
  });

  it.each([
    ['that is none', 'x', 400],
    ['without a conversation', { type: 'message', channelId: 'test' }, 400],
    ['with a text that is none', { text: 5 }, 400],
    ['with members that are none', { type: 'conversationUpdate', membersAdded: 'x' }, 400],
    ['with an address that is none', { serviceUrl: 'file:///etc/passwd' }, 400],
    ['with a handoff event, which is not for it to send', { type: 'event', name: 'handoff.status' }, 400],
    ['with more than 256 KiB', { text: 'x'.repeat(256 * 1024) }, 413],
  ])('gets an error for an activity %s', async (_, body, status) => {
    const answer = await post(typeof body === 'object' && !('channelId' in body) ? activity(body) : body);
    expect(answer).toEqual({ status, body: { error: { code: expect.any(String), message: expect.any(String) } } });
  });
});

describe('POST /api/messages', () => {
  const status = async (environment: Record<string, string>) => {
    const app = await startTestApplication(environment);
    const { status: found } = await fetch(`${app.url}/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        type: 'message',
        channelId: 'test',
        serviceUrl: 'https://x.example',
        conversation: { id: 'a' },
        from: { id: 'b' },
        text: '你好',
      }),
    });
    await app.stop();
    return found;
  };

  it.each(sdks)('is not there without credentials, whatever BOT_SDK says: $sdk', async ({ sdk }) => {
    expect(await status({ BOT_SDK: sdk })).toBe(404);
  });

  it.each(sdks)('asks for a token with credentials, by $sdk', async ({ sdk }) => {
    expect(await status({ MicrosoftAppId: appId, MicrosoftAppPassword: 'secret', BOT_SDK: sdk })).toBe(401);
  });
});
