import { statfsSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import proxyAddr from 'proxy-addr';
import { chinaDay } from '../dialogs/china-day.ts';
import { isExpired } from '../knowledge/faq-entry.ts';
import { Cases } from './cases/cases.ts';
import { AzureChannel, azureChannel } from './channels/azure/azure.ts';
import { openConnector } from './channels/azure/connector.ts';
import { DirectLineAdapter, directLineChannel } from './channels/direct-line/adapter.ts';
import { Presenter } from './channels/direct-line/presenter.ts';
import { DirectLineService } from './channels/direct-line/routes.ts';
import { Streams } from './channels/direct-line/streams.ts';
import { Tokens } from './channels/direct-line/tokens.ts';
import { FilingBot } from './channels/filing-bot.ts';
import { openWeChat } from './channels/wechat/wechat.ts';
import { WidgetSessions } from './channels/widget-session.ts';
import { checklistRoutes } from './checklist.ts';
import type { Config } from './config.ts';
import { Conversations } from './conversations/conversations.ts';
import { Inbox } from './conversations/inbox.ts';
import { Outbox } from './conversations/outbox.ts';
import type { Passwords } from './desk/accounts/passwords.ts';
import { openDesk } from './desk/desk.ts';
import { knowledgeEdited } from './desk/misses/misses.ts';
import { Clamd } from './documents/clamd.ts';
import { Scanner } from './documents/scanner.ts';
import { admissionBy } from './documents/upload-admission.ts';
import { UploadAllowance } from './documents/upload-allowance.ts';
import { faqRoutes } from './faq-api.ts';
import { Figures } from './figures/figures.ts';
import { Duty } from './handoffs/duty.ts';
import { Handoffs } from './handoffs/handoffs.ts';
import { OutsideDesk } from './handoffs/outside-desk.ts';
import { healthRoutes, publicHealthRoutes } from './health.ts';
import { Limit, type Rate } from './http/limits.ts';
import { Origins } from './http/origins.ts';
import { Overload } from './http/overload.ts';
import { type Route, WebServer } from './http/web-server.ts';
import { addressDigest, messageDigest } from './keyed-digest.ts';
import { LiveKnowledge } from './live-knowledge.ts';
import type { Log } from './log.ts';
import { Metrics } from './metrics.ts';
import { showBacklog } from './operations/backlog.ts';
import { pageRoutes } from './pages.ts';
import { knowledgeFiles, missesFiles, pagesFolder } from './paths.ts';
import { Consents } from './privacy/consents.ts';
import { Disclosures } from './privacy/disclosures.ts';
import { Retention } from './privacy/retention.ts';
import { secretsOf } from './secrets.ts';
import { dataKeys } from './store/data-keys.ts';
import { Files } from './store/files.ts';
import { measuredStore } from './store/measured-store.ts';
import { openSharedCounter, openStore, reserveStore } from './store/open-store.ts';
import { Presence } from './store/presence.ts';
import { partitionOf } from './store/store.ts';
import { Chores } from './turns/chores.ts';
import { type Deliver, Errands } from './turns/errands.ts';
import { Housekeeping } from './turns/housekeeping.ts';
import { KeyChange } from './turns/key-change.ts';
import { lookUpIn } from './turns/look-up.ts';
import { Turns } from './turns/turns.ts';

/** How often one network address may ask whether a callback of WeChat is here. */
const verificationsPerMinute = 10;

/** What an application takes from whoever starts it: many of them need not read the knowledge base each time, nor hash at full cost. */
export interface Given {
  openKnowledge?: () => LiveKnowledge;
  passwords?: Passwords;
}

export interface Application {
  /** Where browsers reach it. */
  url: string;
  port: number;
  /** Where figures are, when that is a port of its own. */
  operationsPort?: number;
  /** Whether anybody has an account at the agents' desk. */
  hasAgents(): Promise<boolean>;
  /** Lets requests and turns under way finish, then closes everything; nothing acknowledged is lost. */
  stop(): Promise<void>;
}

/**
 * Puts the parts together and serves. Rejects with the reason when it cannot: a port or a data folder in use, a faulty knowledge
 * base, a wrong key.
 */
export async function startApplication(config: Config, log: Log, given: Given = {}): Promise<Application> {
  const leave = await reserveStore(config);
  try {
    return await start(config, log, given, leave);
  } catch (error) {
    await leave();
    throw error;
  }
}

async function start(config: Config, log: Log, given: Given, leave: () => Promise<void>): Promise<Application> {
  const { openKnowledge = () => new LiveKnowledge(knowledgeFiles, log), passwords } = given;
  const knowledge = openKnowledge();
  const secrets = secretsOf(config, log);
  for (const { variable, path, isOpen } of config.secretFiles) {
    if (isOpen) log.warn({ variable, file: path }, 'a file with a secret is open to other users of this machine');
  }
  const keys = dataKeys(secrets.dataKeys);
  const metrics = new Metrics();
  const opened = await openStore(config, keys, 'serve', { report: (done) => log.info(done) });
  const store = measuredStore(opened, (...measured) => metrics.store(...measured));
  const counter = await openSharedCounter(config);
  const presence = await (config.redis && Presence.begin(store))?.catch(async (error: unknown) => {
    await counter?.close();
    await store.close();
    throw error;
  });
  const limit = (name: string, rate: Rate) =>
    new Limit({ name, ...rate, shared: counter && { counter, digest: addressDigest(secrets.dataKeys) } });
  const filesFolder = join(config.dataDir, 'files');
  const files = new Files(filesFolder, keys);
  const scanner =
    config.scanner && new Scanner({ clamd: new Clamd(config.scanner.address), required: config.scanner.required, metrics, log });
  const deposit = { files, scanner };

  const deliver = new Map<string, Deliver>();
  const conversations = new Conversations(store, deliver);
  const inbox = new Inbox(store, conversations, deliver, log, messageDigest(secrets.dataKeys));
  const { keeping } = config;
  const { hours, waitMinutes, replyMinutes, outside } = config.desk;
  const agency = { ...config.agency, desk: { ...(hours && { hours }) }, ...(config.publicUrl && { site: config.publicUrl }) };
  const cases = new Cases({ store, files, secrets: secrets.dataKeys, draftDays: keeping.draft });
  const outbox = new Outbox(store);
  const errands = new Errands({ outbox, deliver, cases, log, metrics });
  const chores = new Chores({ store, inbox, cases, log });
  const duty = new Duty(store);
  const handoffs = new Handoffs({
    store,
    conversations,
    pushed: deliver,
    duty,
    waitMs: waitMinutes * 60_000,
    replyMs: replyMinutes * 60_000,
    digest: messageDigest(secrets.dataKeys),
    isAnybodyElsewhere: async (conversation) => outside !== undefined || weChat.isAnybodyThere(conversation),
    wake: (conversation) => turns.wake(conversation),
  });
  const admitUpload = admissionBy(config.uploads, { inbox, handoffs, cases });
  const uploadAllowance = new UploadAllowance(conversations, files);
  const lookUp = lookUpIn(cases, (conversation) => handoffs.status(conversation));
  const turns = new Turns({ inbox, errands, knowledge: () => knowledge.current, lookUp, agency, log, metrics });
  const figures = new Figures(store, hours);
  const [consents, disclosures] = [new Consents(store), new Disclosures(store)];
  const retention = new Retention({ store, conversations, cases, consents, disclosures, chores, keeping, log });
  const housekeeping = new Housekeeping({
    store,
    inbox,
    retention,
    figures,
    handoffs,
    turns,
    errands,
    chores,
    presence,
    log,
  });
  const keyChange = new KeyChange({ store, files, filesFolder, cases, keys, log });

  let port = config.port;
  const publicUrl = () => config.publicUrl ?? `http://localhost:${port}`;
  // Without a public address the bot is tried out on this machine, where browsers know it under several names.
  const localNames = () => (config.publicUrl ? [] : [`http://127.0.0.1:${port}`, `http://[::1]:${port}`]);
  const origins = new Origins(() => [publicUrl(), ...localNames()], config.widgetOrigins);
  const trustProxy = proxyAddr.compile(config.trustedProxies);
  const addressOf = (request: IncomingMessage) => proxyAddr(request, trustProxy);

  const tokens = new Tokens(secrets.directLineSecrets);
  const presenter = new Presenter(tokens, publicUrl);
  const streams = new Streams(conversations, presenter, log);
  const bot = new FilingBot({ channel: directLineChannel, conversations, turns });
  const overload = new Overload(log);
  const directLine = new DirectLineService({
    adapter: new DirectLineAdapter(bot),
    conversations,
    tokens,
    streams,
    presenter,
    deposit,
    admitUpload,
    uploadAllowance,
    origins,
    publicUrl,
    messageLimit: limit('messages', { perMinute: config.messagesPerMinute }),
    overload,
    redeem: async ({ conv, jti = '', exp }) => {
      const ticket = { do: 'put' as const, record: `ticket:${jti}`, value: new Uint8Array(), expiresAt: exp * 1000 };
      const applied = await store.apply(partitionOf(conv), { checks: [{ record: ticket.record, version: 0 }], operations: [ticket] });
      return applied.outcome === 'applied';
    },
  });
  const widgetSessions = new WidgetSessions({
    directLine,
    conversations,
    tokens,
    origins,
    publicUrl,
    addressOf,
    conversationLimit: limit('conversations', { perMinute: config.conversationsPerMinute }),
    overload,
  });

  const desk = openDesk({
    store,
    conversations,
    inbox,
    handoffs,
    duty,
    cases,
    files,
    knowledge: () => knowledge.current,
    agency,
    wake: (conversation) => turns.wake(conversation),
    log,
    origins,
    publicUrl,
    addressOf,
    limit,
    session: config.deskSession,
    secondFactor: config.deskSecondFactor,
    figures,
    identityProvider: config.identityProvider,
    missesFiles,
    consents,
    disclosures,
    ...(passwords && { passwords }),
  });
  const unwatchEdits = store.watch(knowledgeEdited, () => knowledge.look());

  let serving = true;
  const parts = {
    process: async () => {
      if (!serving) throw new Error('The service is stopping.');
    },
    store: () => store.ping(),
    // A faulty knowledge base keeps the bot from starting, and a faulty edit is not taken over: there is one that can be asked.
    knowledge: async () => {
      if (knowledge.current.entries.length === 0) throw new Error('The knowledge base is empty.');
    },
  };
  const health = { metrics, parts, ...(scanner && { helpers: { scanner: () => scanner.ping() } }) };
  const routes: Route[] = [
    ...pageRoutes({ folder: pagesFolder, origins, publicUrl }),
    ...directLine.routes,
    widgetSessions.route,
    ...faqRoutes(() => knowledge.current, origins),
    ...checklistRoutes(agency.name),
    ...desk.routes,
    ...(config.operations ? publicHealthRoutes(health) : healthRoutes(health)),
  ];
  if (config.azure) {
    const azureBot = new FilingBot({ channel: azureChannel, conversations, turns, keepReference: true });
    const azure = new AzureChannel(azureBot, await openConnector(config.azure));
    deliver.set(azureChannel, azure.deliver);
    routes.push(azure.route);
  }
  const services = {
    store,
    conversations,
    turns,
    errands,
    outbox,
    deposit,
    admitUpload,
    uploadAllowance,
    messageLimit: limit('messages', { perMinute: config.messagesPerMinute }),
    verifications: limit('wechat-verifications', { perMinute: verificationsPerMinute }),
    addressOf,
    log,
  };
  const weChat = openWeChat(config.weChat, services, handoffs, limit);
  if (weChat.routes.length > 0 && !config.publicUrl) log.warn('PUBLIC_URL is not set: in WeChat there are no links to the checklist');
  for (const [channel, through] of weChat.deliver) deliver.set(channel, through);
  routes.push(...weChat.routes);
  const outsideDesk = outside && new OutsideDesk({ store, conversations, handoffs, ...outside, log });
  if (outsideDesk) routes.push(outsideDesk.route);
  showBacklog({
    store,
    inbox,
    handoffs,
    duty,
    retention,
    metrics,
    failed: (err) => log.warn({ err }, 'what waits could not be counted'),
  });
  metrics.gauge('filing_knowledge_topics', 'Topics of the knowledge base', () => knowledge.current.entries.length);
  metrics.gauge(
    'filing_knowledge_expired_topics',
    'Topics that are no longer given as current, for their review is too old',
    () => knowledge.current.entries.filter((entry) => isExpired(entry, chinaDay(store.now()))).length,
  );
  metrics.gauge('filing_data_free_bytes', 'Free space for DATA_DIR', () => {
    const { bavail, bsize } = statfsSync(config.dataDir);
    return bavail * bsize;
  });
  metrics.gauge('filing_streams_open', 'Open WebSocket streams', () => streams.count);
  metrics.gauge('filing_desk_streams_open', 'Open pages of the desk', () => desk.streams.count);

  const server = new WebServer({
    log,
    metrics,
    routes,
    hosts: config.hosts,
    before: (request, response) => directLine.preflight(request, response) || widgetSessions.preflight(request, response),
    upgrades: [directLine.upgrade, desk.streams.upgrade],
  });
  const operations = config.operations && {
    ...config.operations,
    server: new WebServer({ log, metrics, routes: healthRoutes(health), upgrades: [] }),
  };
  const listen = async () => {
    // First, so that no visitor comes before it is known whether the bot can start.
    if (operations) operations.port = await operations.server.listen(operations.port, operations.host, 'OPERATIONS_');
    return server.listen(config.port, config.host);
  };
  port = await listen().catch(async (error: unknown) => {
    await operations?.server.close();
    streams.close();
    desk.streams.close();
    overload.stop();
    await counter?.close();
    await store.close();
    throw error;
  });
  if (operations) log.info({ host: operations.host, port: operations.port }, 'figures and readiness have a port of their own');
  outsideDesk?.start();
  weChat.start();
  housekeeping.start();
  keyChange.start();
  knowledge.watch();

  return {
    url: publicUrl(),
    port,
    ...(operations && { operationsPort: operations.port }),
    hasAgents: async () => (await desk.accounts.all()).length > 0,
    stop: async () => {
      serving = false;
      housekeeping.stop();
      unwatchEdits();
      knowledge.close();
      streams.close();
      desk.streams.close();
      await Promise.all([server.close(), operations?.server.close()]);
      overload.stop();
      await outsideDesk?.stop();
      await weChat.stop();
      await turns.stop();
      await errands.stop();
      await housekeeping.settled();
      await keyChange.stop();
      await chores.stop();
      // Where it cannot say so, its absence will.
      await presence?.leave().catch((err: unknown) => log.warn({ err }, 'still shown as an instance that serves'));
      await counter?.close();
      await store.close();
      await leave();
    },
  };
}
