import { fdatasyncSync, openSync, writeSync } from 'node:fs';
import type { Server } from 'node:http';
import { type Activity, ActivityHandler, CloudAdapter, ConfigurationBotFrameworkAuthentication } from 'botbuilder';
import restify from 'restify';

/**
 * The peer: the plain echo bot of the Bot Framework samples (02.echo-bot), restify and `CloudAdapter` without credentials. A
 * turn arrives at /api/messages and its reply is posted to the `serviceUrl` of the activity. With `SYNC_FILE` it also waits for the disk
 * before it answers, twice, as a store has to that keeps what it acknowledges: for the pages, and for what points to them.
 */
const syncFile = process.env.SYNC_FILE === undefined ? undefined : openSync(process.env.SYNC_FILE, 'w');
const pages = Buffer.alloc(64 * 1024, 1);
const adapter = new CloudAdapter(new ConfigurationBotFrameworkAuthentication({}));
class EchoBot extends ActivityHandler {
  constructor() {
    super();
    this.onMessage(async (context, next) => {
      if (syncFile !== undefined) keepOn(syncFile);
      await context.sendActivity(`Echo: ${context.activity.text}`);
      await next();
    });
  }
}

function keepOn(file: number): void {
  for (const bytes of [pages, pages.subarray(0, 128)]) {
    writeSync(file, bytes, 0, bytes.length, 0);
    fdatasyncSync(file);
  }
}

const bot = new EchoBot();
const server = restify.createServer();
// Not its own 5 s: the bench measures the other bot in between, and goes on with the same connections.
(server as unknown as { server: Server }).server.keepAliveTimeout = 600_000;
server.use(restify.plugins.bodyParser());
server.post('/api/messages', async (request: restify.Request, response: restify.Response) => {
  const activity = request.body as Activity;
  await adapter.process(
    { body: activity as unknown as Record<string, unknown>, headers: request.headers, method: 'POST' },
    response,
    (context) => bot.run(context),
  );
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log(`Ready. http://localhost:${process.env.PORT}/`));
