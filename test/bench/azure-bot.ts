import { AzureChannel, azureChannel } from '../../bot/channels/azure/azure.ts';
import { FilingBot } from '../../bot/channels/filing-bot.ts';
import { Outbox } from '../../bot/conversations/outbox.ts';
import { WebServer } from '../../bot/http/web-server.ts';
import { Metrics } from '../../bot/metrics.ts';
import { Errands } from '../../bot/turns/errands.ts';
import { sdks } from '../bot/channels/azure/sdks.ts';
import { Service } from '../bot/channels/azure/service.ts';
import { openBench, silentLog } from '../support/conversations.ts';
import { realKnowledge } from '../support/knowledge.ts';

/**
 * Our bot at /api/messages as the program mounts it, but for a login at Microsoft and Microsoft's keys: those of a stand-in in this
 * process are trusted, and a token of its is printed, for the service at `SERVICE_URL`.
 */
realKnowledge();
const [{ issuer, connect }] = sdks;
const service = new Service();
await service.start();

const bench = await openBench([azureChannel]);
const deliver = new Map();
const errands = new Errands({ outbox: new Outbox(bench.store), deliver, cases: bench.cases, log: silentLog });
const turns = bench.newTurns(undefined, errands);
const bot = new FilingBot({ channel: azureChannel, conversations: bench.conversations, turns, keepReference: true });
const channel = new AzureChannel(bot, connect(service, { works: true }), () => true);
deliver.set(azureChannel, channel.deliver);
const server = new WebServer({ log: silentLog, metrics: new Metrics(), routes: [channel.route], upgrades: [] });
const port = await server.listen(Number(process.env.PORT), '127.0.0.1');
const inAnHour = Math.floor(Date.now() / 1000) + 3_600;
const token = await service.token({ serviceurl: process.env.SERVICE_URL ?? '', iss: issuer, exp: inAnHour });
console.log(`Ready. http://localhost:${port}/ ${token}`);
