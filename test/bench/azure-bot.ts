import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { AzureChannel, azureChannel } from '../../bot/channels/azure/azure.ts';
import { BotbuilderConnector } from '../../bot/channels/azure/botbuilder.ts';
import { FilingBot } from '../../bot/channels/filing-bot.ts';
import { Outbox } from '../../bot/conversations/outbox.ts';
import { WebServer } from '../../bot/http/web-server.ts';
import { Metrics } from '../../bot/metrics.ts';
import { Errands } from '../../bot/turns/errands.ts';
import { BotbuilderLogin } from '../bot/channels/azure/sdks.ts';
import { appId } from '../bot/channels/azure/service.ts';
import { openBench, silentLog } from '../support/conversations.ts';
import { realKnowledge } from '../support/knowledge.ts';

/**
 * Our bot at /api/messages as the program mounts it, but for a login at Microsoft and Microsoft's keys: those of a key server in this
 * process are trusted, and a token of theirs is printed, for the service at `SERVICE_URL`.
 */
const issuer = 'https://api.botframework.com';

realKnowledge();
const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'key-1', endorsements: ['test'] }] });
const keyServer = createServer((request, response) => {
  response.setHeader('content-type', 'application/json');
  response.end(request.url === '/keys' ? keys : JSON.stringify({ jwks_uri: `${keyUrl}/keys` }));
}).listen(0, '127.0.0.1');
await once(keyServer, 'listening');
const keyUrl = `http://127.0.0.1:${(keyServer.address() as AddressInfo).port}`;

const bench = await openBench([azureChannel]);
const deliver = new Map();
const errands = new Errands({ outbox: new Outbox(bench.store), deliver, cases: bench.cases, log: silentLog });
const turns = bench.newTurns(undefined, errands);
const bot = new FilingBot({ channel: azureChannel, conversations: bench.conversations, turns, keepReference: true });
const connector = new BotbuilderConnector(
  { sdk: 'botbuilder', appId, appPassword: 'x', tenantId: '', appType: 'MultiTenant' },
  { ToBotFromChannelOpenIdMetadataUrl: `${keyUrl}/openid`, ToBotFromChannelTokenIssuer: issuer },
  new BotbuilderLogin({ works: true }),
);
const channel = new AzureChannel(bot, connector);
deliver.set(azureChannel, channel.deliver);
const server = new WebServer({ log: silentLog, metrics: new Metrics(), routes: [channel.route], upgrades: [] });
const port = await server.listen(Number(process.env.PORT), '127.0.0.1');
const token = await new SignJWT({ serviceurl: process.env.SERVICE_URL ?? '', iss: issuer, aud: appId })
  .setProtectedHeader({ alg: 'RS256', kid: 'key-1' })
  .setIssuedAt()
  .setExpirationTime('1h')
  .sign(privateKey);
console.log(`Ready. http://localhost:${port}/ ${token}`);
