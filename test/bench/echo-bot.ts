import type { Server } from 'node:http';
import { type Activity, ActivityHandler, CloudAdapter, ConfigurationBotFrameworkAuthentication } from 'botbuilder';
import restify from 'restify';

/**
 * The peer: the plain echo bot of the Bot Framework samples (02.echo-bot), restify and `CloudAdapter` without credentials. A
 * turn arrives at /api/messages and its reply is posted to the `serviceUrl` of the activity.
 */
const adapter = new CloudAdapter(new ConfigurationBotFrameworkAuthentication({}));
class EchoBot extends ActivityHandler {
  constructor() {
    super();
    this.onMessage(async (context, next) => {
      await context.sendActivity(`Echo: ${context.activity.text}`);
      await next();
    });
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
