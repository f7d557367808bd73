import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { ConfigurationServiceClientCredentialFactory } from 'botbuilder';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AzureChannel, azureChannel } from '../../../bot/channels/azure.ts';
import { FilingBot } from '../../../bot/channels/filing-bot.ts';
import { Outbox } from '../../../bot/conversations/outbox.ts';
import { WebServer } from '../../../bot/http/web-server.ts';
import { Metrics } from '../../../bot/metrics.ts';
import { allPartitions } from '../../../bot/store/store.ts';
import { Errands } from '../../../bot/turns/errands.ts';
import type { Turns } from '../../../bot/turns/turns.ts';
import { startTestApplication } from '../../support/application.ts';
import { type Bench, openBench, silentLog } from '../../support/conversations.ts';

const appId = '11111111-2222-3333-4444-555555555555';
const issuer = 'https://api.botframework.com';

interface Sent {
  path: string | undefined;
  authorization: string | undefined;
  activity: { text?: string; type: string; suggestedActions?: { actions: unknown[] } };
}

/** A stand-in for the Bot Service on this machine: publishes the key it signs with, and takes what the bot sends. */
class Service {
  readonly sent: Sent[] = [];
  answer = 200;
  url = '';
  #server: Server | undefined;
  #key: CryptoKey | undefined;

  async start(): Promise<void> {
    const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
    this.#key = privateKey;
    const keys = [{ ...(await exportJWK(publicKey)), kid: 'key-1', endorsements: ['msteams', 'test'] }];
    this.#server = createServer(async (request, response) => {
      if (request.method === 'POST') await this.#take(request);
      response.writeHead(request.method === 'POST' ? this.answer : 200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify(request.url === '/openid' ? { jwks_uri: `${this.url}/keys` } : request.url === '/keys' ? { keys } : { id: '1' }),
      );
    }).listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server?.close();
  }

  token(claims: Record<string, string> = {}): Promise<string> {
    if (!this.#key) throw new Error('The service has not started.');
    return new SignJWT({ serviceurl: this.url, iss: issuer, aud: appId, ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'key-1' })
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(this.#key);
  }

  async #take(request: IncomingMessage): Promise<void> {
    const activity = (await json(request)) as Sent['activity'];
    this.sent.push({ path: request.url, authorization: request.headers.authorization, activity });
  }
}

/** A login that needs nothing of Microsoft. */
class LocalLogin extends ConfigurationServiceClientCredentialFactory {
  works = true;

  override async createCredentials(): ReturnType<ConfigurationServiceClientCredentialFactory['createCredentials']> {
    return {
      signRequest: async (request) => {
        if (!this.works) throw Object.assign(new Error('network_error'), { errorCode: 'network_error' });
        request.headers.set('authorization', 'Bearer of-the-bot');
        return request;
      },
    };
  }
}

describe('Azure Bot Service', () => {
  const service = new Service();
  let bench: Bench;
  let turns: Turns;
  let errands: Errands;
  let login: LocalLogin;
  let server: WebServer;
  let url: string;

  beforeAll(async () => {
    await service.start();
    bench = await openBench([azureChannel]);
    const deliver = new Map();
    errands = new Errands({ outbox: new Outbox(bench.store), deliver, cases: bench.cases, log: silentLog });
    turns = bench.newTurns(undefined, errands);
    const cloud = { ToBotFromChannelOpenIdMetadataUrl: `${service.url}/openid`, ToBotFromChannelTokenIssuer: issuer };
    const credentials = { appId, appPassword: 'x', tenantId: '', appType: 'MultiTenant' as const };
    const bot = new FilingBot({ channel: azureChannel, conversations: bench.conversations, turns, keepReference: true });
    login = new LocalLogin({ MicrosoftAppId: appId, MicrosoftAppPassword: 'x' });
    const channel = new AzureChannel(bot, credentials, cloud, login);
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
    conversation: { id: 'conversation-1' },
    from: { id: 'user-1', name: '王先生' },
    recipient: { id: 'bot-1' },
    text: '谢谢',
    ...fields,
  });

  async function post(body: unknown, token?: string): Promise<{ status: number; body: unknown }> {
    const authorization = `Bearer ${token ?? (await service.token())}`;
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token !== '' && { authorization }) },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  }

  const dueErrands = async () => (await bench.inbox.due(10)).errands;

  it('gets its messages acknowledged, and the reply through its own address', async () => {
    expect(await post(activity())).toEqual({ status: 200, body: {} });
    await expect.poll(() => service.sent).toHaveLength(1);
    const [{ path, authorization, activity: reply } = {} as Sent] = service.sent;
    expect(path).toMatch(/^\/v3\/conversations\/conversation-1\/activities/);
    expect(authorization).toBe('Bearer of-the-bot');
    expect(reply).toMatchObject({ type: 'message', text: '不客气，很高兴能帮到您。' });
  });

  it('gets one reply to a message it sends twice', async () => {
    const before = service.sent.length;
    await post(activity({ id: 'm2', text: '再见' }));
    await post(activity({ id: 'm2', text: '再见' }));
    await post(activity({ id: 'm3' }));
    await expect.poll(() => service.sent.length).toBe(before + 2);
  });

  it('greets a person who joins', async () => {
    const before = service.sent.length;
    const joined = {
      type: 'conversationUpdate',
      conversation: { id: 'conversation-2' },
      membersAdded: [{ id: 'user-1' }, { id: 'bot-1' }],
    };
    await post(activity(joined));
    await expect.poll(() => service.sent.length).toBe(before + 1);
    expect(service.sent.at(-1)?.activity.suggestedActions?.actions.length).toBeGreaterThan(2);
  });

  it('that turns a reply away with a wait gets it again; that breaks off does not, and the agency is told', async () => {
    const before = service.sent.length;
    service.answer = 429;
    await post(activity({ id: 'm4' }));
    await expect.poll(() => service.sent.length).toBe(before + 1);
    service.answer = 200;
    await expect.poll(dueErrands).toHaveLength(1);
    for (const id of await dueErrands()) errands.wake(id);
    await expect.poll(() => service.sent.length).toBe(before + 2);

    service.answer = 502;
    await post(activity({ id: 'm5' }));
    await expect.poll(async () => (await bench.conversations.notes(allPartitions, 10)).map(({ kind }) => kind)).toContain('undelivered');
    expect(service.sent.length).toBe(before + 3);
    service.answer = 200;
  });

  it('gets its reply later when the bot cannot log in', async () => {
    const before = service.sent.length;
    login.works = false;
    await post(activity({ id: 'm6' }));
    await expect.poll(dueErrands).toHaveLength(1);
    expect(service.sent.length).toBe(before);
    login.works = true;
    for (const id of await dueErrands()) errands.wake(id);
    await expect.poll(() => service.sent.length).toBe(before + 1);
  });

  it.each([
    ['no token', async () => ''],
    ['a token that is none', async () => 'abc'],
    ['a token for another bot', () => service.token({ aud: '99999999-2222-3333-4444-555555555555' })],
    ['a token of another issuer', () => service.token({ iss: 'https://evil.example' })],
    ['a token for another address', () => service.token({ serviceurl: 'https://evil.example' })],
  ])('is told from others: with %s it is 401', async (_, token) => {
    expect(await post(activity(), await token())).toMatchObject({ status: 401, body: { error: { code: 'Unauthorized' } } });
  });

  it('is believed only where its keys vouch for the channel', async () => {
    expect((await post(activity({ channelId: 'sms' }))).status).toBe(401);
  });

  it.each([
    ['that is none', 'x'],
    ['without a conversation', { type: 'message', channelId: 'test' }],
    ['with a text that is none', { ...activity(), text: 5 }],
  ])('gets 400 for an activity %s', async (_, body) => {
    expect((await post(body)).status).toBe(400);
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

  it('is not there without credentials', async () => {
    expect(await status({})).toBe(404);
  });

  it('asks for a token with credentials', async () => {
    expect(await status({ MicrosoftAppId: appId, MicrosoftAppPassword: 'secret' })).toBe(401);
  });
});
