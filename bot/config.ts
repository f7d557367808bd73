import { existsSync } from 'node:fs';
import { z } from 'zod';
import { type BusinessHours, parseBusinessHours } from '../knowledge/calendar/business-hours.ts';
import { weChatFaults, weChatSecrets, weChatSettings, weChatVariables } from './channels/wechat/settings.ts';
import type { WeChatSettings } from './channels/wechat/wechat.ts';
import { type SecondFactorPolicy, secondFactorPolicies } from './desk/accounts/second-factor.ts';
import type { ClamdAddress } from './documents/clamd.ts';
import type { Keeping } from './privacy/retention.ts';
import { fileVariable, readSecretFiles, type SecretFile } from './secret-files.ts';
import { parseRedisUrl, type RedisAddress } from './store/redis/address.ts';
import { unsafeSettings } from './unsafe-settings.ts';

/** Everything the operator can set, read once and checked; nothing else in the project looks at the environment. */
export interface Config {
  host: string;
  port: number;
  /** Where figures and what is not ready are served, apart from what everybody reaches; undefined: together with it. */
  operations: { host: string; port: number } | undefined;
  /** Where browsers reach the bot, without a slash at the end; undefined: the local address it listens on. */
  publicUrl: string | undefined;
  /** Host names that requests may name, in lower case; empty: any. */
  hosts: string[];
  dataDir: string;
  /** Where conversations and cases are kept when several instances share them; undefined: in `dataDir`. */
  redis: { address: RedisAddress; replicas: number } | undefined;
  /** The first signs and encrypts, the others are still accepted. Empty: made at the first start and kept in `dataDir`. */
  dataKeys: Buffer[];
  directLineSecrets: string[];
  /** Where secrets came from that were given by a file. */
  secretFiles: SecretFile[];
  /** Origins of pages that may show the widget or call Direct Line from a browser, besides the bot's own. */
  widgetOrigins: string[];
  trustedProxies: string[];
  agency: { name: string; contact?: string; kept: { draftDays: number; caseDays: number } };
  desk: DeskSettings;
  /** Messages that one conversation may send in a minute. */
  messagesPerMinute: number;
  /** When customers may send files: at any time, or when they are asked for some. */
  uploads: (typeof uploadPolicies)[number];
  /** Who looks for viruses in them; `required`: what could not be scanned is refused. */
  scanner: { address: ClamdAddress; required: boolean } | undefined;
  /** Conversations that one network address may start in a minute. */
  conversationsPerMinute: number;
  /** How long each kind of data is kept. */
  keeping: Keeping;
  /** How long somebody stays signed in at the agents' desk. */
  deskSession: { hours: number; idleMinutes: number };
  /** Whose passwords are not enough at the desk. */
  deskSecondFactor: SecondFactorPolicy;
  /** By which people of the agency may sign in, besides their passwords. */
  identityProvider: { issuer: string; clientId: string; clientSecret: string } | undefined;
  logLevel: (typeof logLevels)[number];
  weChat: WeChatSettings;
  azure: AzureCredentials | undefined;
}

export interface DeskSettings {
  /** When agents are there; undefined: whenever one is signed in. */
  hours: BusinessHours | undefined;
  /** After so many minutes a request that nobody took becomes a task, and one whose customer gets no answer goes to another agent. */
  waitMinutes: number;
  replyMinutes: number;
  /** Another desk that takes part. */
  outside: { url: string; secret: string } | undefined;
}

export interface AzureCredentials {
  appId: string;
  appPassword: string;
  tenantId: string;
  appType: (typeof appTypes)[number];
  /** Whose code talks with the service. */
  sdk: (typeof botSdks)[number];
}

export class ConfigError extends Error {
  constructor(faults: readonly string[]) {
    super(
      `The configuration has ${faults.length} fault(s):\n${faults.map((fault) => `  - ${fault}`).join('\n')}\nEvery setting is described in .env.example.`,
    );
    this.name = 'ConfigError';
  }
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const appTypes = ['MultiTenant', 'SingleTenant', 'UserAssignedMSI'] as const;
const uploadPolicies = ['any', 'asked'] as const;
const botSdks = ['botbuilder', 'agents'] as const;

const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  );

const whole = (lowest: number, highest: number) =>
  z.coerce
    .number({ error: `write a whole number from ${lowest} to ${highest}` })
    .int('write a whole number')
    .min(lowest, `write a whole number from ${lowest} to ${highest}`)
    .max(highest, `write a whole number from ${lowest} to ${highest}`);

const origin = z.string().refine((text) => URL.canParse(text) && new URL(text).origin === text, {
  error: ({ input }) => `"${String(input)}" is not an origin: write https://www.example.com, without a path or a slash at the end`,
});

const hostName = z
  .string()
  .toLowerCase()
  .regex(/^([a-z\d.-]+|\[[\da-f:.]+\])$/, {
    error: ({ input }) => `"${String(input)}" is not a host name: write bot.example.com, without a port`,
  });

const businessHours = z.string().transform((text, context) => {
  const parsed = parseBusinessHours(text);
  if (parsed.ok) return parsed.value;
  context.addIssue({
    code: 'custom',
    message: `"${parsed.problem.part}" cannot be read: write weekdays and periods such as 1-5 09:00-12:00,13:30-18:00; 6 10:00-16:00`,
  });
  return z.NEVER;
});

const dataKey = z
  .string()
  .transform((text) => Buffer.from(text, 'base64'))
  .refine((key) => key.length === 32, 'each key is 32 bytes in base64: make one with `openssl rand -base64 32`');

function isHttpsOrOwnMachine(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

/** There may be a password in it, so that what is wrong is told without repeating it. */
const redisUrl = z.string().transform((text, context) => {
  try {
    return parseRedisUrl(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
    return z.NEVER;
  }
});

const clamdAddress = z.string().transform((text, context): ClamdAddress => {
  if (text.startsWith('/')) return { path: text };
  const [, host = '', port = ''] = /^(\[[\da-f:.]+\]|[\w.-]+):(\d{1,5})$/i.exec(text) ?? [];
  if (Number(port) >= 1 && Number(port) <= 65535) return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
  context.addIssue({
    code: 'custom',
    message: 'write the path of its socket, such as /run/clamav/clamd.ctl, or a host and port, such as 127.0.0.1:3310',
  });
  return z.NEVER;
});

/** One field per variable; `.env.example` has the same names with the same defaults. */
const environmentSchema = z.object({
  NODE_ENV: z.string().optional(),
  HOST: z.string().default('127.0.0.1'),
  PORT: whole(0, 65535).default(3978),
  OPERATIONS_PORT: whole(0, 65535).optional(),
  OPERATIONS_HOST: z.string().default('127.0.0.1'),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'write the address that browsers use, such as https://bot.example.com' })
    .transform((url) => url.replace(/\/+$/, ''))
    .refine((url) => new URL(url).pathname === '/', 'write the address without a path: the bot needs a host name of its own')
    .optional(),
  HOSTS: list.pipe(z.array(hostName)),
  DATA_DIR: z.string().default('./data'),
  REDIS_URL: redisUrl.optional(),
  REDIS_REPLICAS: whole(0, 10).default(0),
  DATA_KEYS: list.pipe(z.array(dataKey)),
  DIRECT_LINE_SECRET: list.pipe(z.array(z.string().min(32, 'use at least 32 characters: make one with `openssl rand -base64 32`'))),
  WIDGET_ORIGINS: list.pipe(z.array(origin)),
  TRUSTED_PROXIES: list,
  AGENCY_NAME: z.string().default('本站'),
  AGENCY_CONTACT: z.string().optional(),
  MESSAGES_PER_MINUTE: whole(1, 1_000_000).default(120),
  CONVERSATIONS_PER_MINUTE: whole(1, 1_000_000).default(300),
  UPLOADS: z.enum(uploadPolicies, { error: `write one of ${uploadPolicies.join(', ')}` }).default('any'),
  CLAMAV_ADDRESS: clamdAddress.optional(),
  CLAMAV_REQUIRED: z.enum(['true', 'false'], { error: 'write true or false' }).default('false'),
  RETENTION_DAYS: whole(1, 3650).default(90),
  DRAFT_RETENTION_DAYS: whole(1, 3650).optional(),
  CASE_RETENTION_DAYS: whole(1, 3650).default(365),
  NOTES_RETENTION_DAYS: whole(1, 3650).optional(),
  PROOF_RETENTION_DAYS: whole(180, 3650).default(1095),
  DISCLOSURE_RETENTION_DAYS: whole(1096, 3650).default(1096),
  DESK_HOURS: businessHours.optional(),
  DESK_WAIT_MINUTES: whole(1, 1440).default(10),
  DESK_REPLY_MINUTES: whole(1, 1440).default(5),
  DESK_WEBHOOK_URL: z
    .url({ protocol: /^https?$/, error: 'write the address at which the other desk receives events' })
    .refine((url) => url.startsWith('https:') || isLoopback(url), 'what customers say goes there: use https')
    .optional(),
  DESK_WEBHOOK_SECRET: z.string().min(32, 'use at least 32 characters: make one with `openssl rand -base64 32`').optional(),
  DESK_SESSION_HOURS: whole(1, 168).default(10),
  DESK_IDLE_MINUTES: whole(5, 1440).default(30),
  DESK_TOTP: z.enum(secondFactorPolicies, { error: `write one of ${secondFactorPolicies.join(', ')}` }).default('off'),
  DESK_OIDC_ISSUER: z
    .url({ protocol: /^https?$/, error: 'write the address of the identity provider, such as https://login.example.com' })
    .refine(isHttpsOrOwnMachine, 'write an https address: http is for a provider on this machine only')
    .optional(),
  DESK_OIDC_CLIENT_ID: z.string().optional(),
  DESK_OIDC_CLIENT_SECRET: z.string().optional(),
  ...weChatVariables,
  LOG_LEVEL: z.enum(logLevels, { error: `write one of ${logLevels.join(', ')}` }).default('info'),
  BOT_SDK: z.enum(botSdks, { error: `write one of ${botSdks.join(', ')}` }).default('botbuilder'),
  MicrosoftAppId: z.string().optional(),
  MicrosoftAppPassword: z.string().optional(),
  MicrosoftAppTenantId: z.string().optional(),
  MicrosoftAppType: z.enum(appTypes, { error: `write one of ${appTypes.join(', ')}` }).default('MultiTenant'),
});

export type EnvironmentName = keyof typeof environmentSchema.shape;

/** The settings that hold a secret, or may; each can be given by a file, too. */
export const secretNames = [
  'REDIS_URL',
  'DATA_KEYS',
  'DIRECT_LINE_SECRET',
  'DESK_WEBHOOK_SECRET',
  'DESK_OIDC_CLIENT_SECRET',
  ...weChatSecrets,
  'MicrosoftAppPassword',
] as const satisfies readonly EnvironmentName[];

/**
 * Reads the configuration, or throws a `ConfigError` that names every fault together. An empty variable counts as not set. Of settings that
 * can be read by themselves it is then found out whether they go together.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const set = Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined || value.trim() === '' ? [] : [[name, value]])),
  );
  const secrets = readSecretFiles(set, secretNames);
  const parsed = environmentSchema.safeParse({ ...set, ...secrets.values });
  const unreadable = [...secrets.faults, ...(parsed.error?.issues ?? []).map(({ path, message }) => `${String(path[0])}: ${message}`)];
  const faults =
    parsed.success && unreadable.length === 0
      ? [portFaults, azureFaults, redisFaults, scannerFaults, webhookFaults, identityFaults, weChatFaults, unsafeSettings].flatMap((find) =>
          find(parsed.data),
        )
      : unreadable;
  // What stands in a file is mended there.
  const asGiven = (fault: string) => fault.replace(/^\w+(?=:)/, (name) => (name in secrets.values ? fileVariable(name) : name));
  if (!parsed.success || faults.length > 0) throw new ConfigError([...new Set(faults.map(asGiven))]);
  const { data } = parsed;
  return {
    host: data.HOST,
    port: data.PORT,
    operations: data.OPERATIONS_PORT === undefined ? undefined : { host: data.OPERATIONS_HOST, port: data.OPERATIONS_PORT },
    publicUrl: data.PUBLIC_URL,
    hosts: hostsOf(data),
    dataDir: data.DATA_DIR,
    redis: data.REDIS_URL && { address: data.REDIS_URL, replicas: data.REDIS_REPLICAS },
    dataKeys: data.DATA_KEYS,
    directLineSecrets: data.DIRECT_LINE_SECRET,
    secretFiles: secrets.files,
    widgetOrigins: data.WIDGET_ORIGINS,
    trustedProxies: data.TRUSTED_PROXIES,
    agency: {
      name: data.AGENCY_NAME,
      ...(data.AGENCY_CONTACT && { contact: data.AGENCY_CONTACT }),
      kept: { draftDays: keepingOf(data).draft, caseDays: data.CASE_RETENTION_DAYS },
    },
    desk: {
      hours: data.DESK_HOURS,
      waitMinutes: data.DESK_WAIT_MINUTES,
      replyMinutes: data.DESK_REPLY_MINUTES,
      outside: outsideDesk(data),
    },
    messagesPerMinute: data.MESSAGES_PER_MINUTE,
    uploads: data.UPLOADS,
    scanner: data.CLAMAV_ADDRESS && { address: data.CLAMAV_ADDRESS, required: data.CLAMAV_REQUIRED === 'true' },
    conversationsPerMinute: data.CONVERSATIONS_PER_MINUTE,
    keeping: keepingOf(data),
    identityProvider: data.DESK_OIDC_ISSUER
      ? {
          issuer: data.DESK_OIDC_ISSUER,
          clientId: data.DESK_OIDC_CLIENT_ID ?? '',
          clientSecret: data.DESK_OIDC_CLIENT_SECRET ?? '',
        }
      : undefined,
    deskSession: { hours: data.DESK_SESSION_HOURS, idleMinutes: data.DESK_IDLE_MINUTES },
    deskSecondFactor: data.DESK_TOTP,
    logLevel: data.LOG_LEVEL,
    weChat: weChatSettings(data),
    azure: data.MicrosoftAppId
      ? {
          appId: data.MicrosoftAppId,
          appPassword: data.MicrosoftAppPassword ?? '',
          tenantId: data.MicrosoftAppTenantId ?? '',
          appType: data.MicrosoftAppType,
          sdk: data.BOT_SDK,
        }
      : undefined,
  };
}

/** The host of PUBLIC_URL is served whatever else is. */
function hostsOf({ HOSTS, PUBLIC_URL }: z.output<typeof environmentSchema>): string[] {
  return HOSTS.length === 0 || PUBLIC_URL === undefined ? HOSTS : [...HOSTS, new URL(PUBLIC_URL).hostname];
}

/** The names of all variables, for the test that compares them with `.env.example`. */
export const environmentNames = Object.keys(environmentSchema.shape) as EnvironmentName[];

/** The configuration of the running process: its environment, and for what that leaves open the file `.env` where it was started. */
export function readProcessConfig(): Config {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return readConfig(process.env);
}

/** Two addresses may have the same port, and a proxy or a firewall that was told the number lets both through. */
function portFaults({ PORT, OPERATIONS_PORT }: z.infer<typeof environmentSchema>): string[] {
  return OPERATIONS_PORT === PORT && PORT !== 0 ? ['OPERATIONS_PORT: it is PORT as well: write another number'] : [];
}

/** Half a set of Azure credentials would mount the route without authentication, so it is refused. */
function azureFaults(data: z.infer<typeof environmentSchema>): string[] {
  const { MicrosoftAppId: id, MicrosoftAppPassword: password, MicrosoftAppTenantId: tenant, MicrosoftAppType: type } = data;
  if (!id) {
    return password || tenant ? ['MicrosoftAppId: set it too, or remove MicrosoftAppPassword and MicrosoftAppTenantId'] : [];
  }
  return [
    ...(type !== 'UserAssignedMSI' && !password ? [`MicrosoftAppPassword: needed for MicrosoftAppType ${type}`] : []),
    ...(type !== 'MultiTenant' && !tenant ? [`MicrosoftAppTenantId: needed for MicrosoftAppType ${type}`] : []),
  ];
}

function outsideDesk({ DESK_WEBHOOK_URL: url, DESK_WEBHOOK_SECRET: secret }: z.infer<typeof environmentSchema>) {
  return url && secret ? { url, secret } : undefined;
}

function webhookFaults({ DESK_WEBHOOK_URL: url, DESK_WEBHOOK_SECRET: secret }: z.infer<typeof environmentSchema>): string[] {
  if (url && !secret) return ['DESK_WEBHOOK_SECRET: needed with DESK_WEBHOOK_URL'];
  return secret && !url ? ['DESK_WEBHOOK_URL: set it too, or remove DESK_WEBHOOK_SECRET'] : [];
}

function isLoopback(url: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname);
}

function identityFaults(data: z.infer<typeof environmentSchema>): string[] {
  const names = ['DESK_OIDC_ISSUER', 'DESK_OIDC_CLIENT_ID', 'DESK_OIDC_CLIENT_SECRET'] as const;
  const missing = names.filter((name) => !data[name]);
  return missing.length === names.length ? [] : missing.map((name) => `${name}: needed for sign-in by an identity provider`);
}

/** Forms and notes belong to their conversation, and can only be forgotten before it. */
function keepingOf(data: z.infer<typeof environmentSchema>): Keeping {
  const { RETENTION_DAYS, DRAFT_RETENTION_DAYS = RETENTION_DAYS, NOTES_RETENTION_DAYS = RETENTION_DAYS } = data;
  return {
    conversation: RETENTION_DAYS,
    draft: DRAFT_RETENTION_DAYS,
    closedCase: data.CASE_RETENTION_DAYS,
    note: Math.min(NOTES_RETENTION_DAYS, RETENTION_DAYS),
    proof: data.PROOF_RETENTION_DAYS,
    disclosure: data.DISCLOSURE_RETENTION_DAYS,
  };
}

/** Files that nobody can scan would all be refused. */
function scannerFaults({ CLAMAV_ADDRESS, CLAMAV_REQUIRED }: z.infer<typeof environmentSchema>): string[] {
  if (CLAMAV_ADDRESS || CLAMAV_REQUIRED === 'false') return [];
  return ['CLAMAV_ADDRESS: needed with CLAMAV_REQUIRED=true: the socket of clamd, or its host and port; or set CLAMAV_REQUIRED=false'];
}

/** Keys made at the first start would be others in every instance. */
function redisFaults({ REDIS_URL, DATA_KEYS, DIRECT_LINE_SECRET }: z.infer<typeof environmentSchema>): string[] {
  if (!REDIS_URL) return [];
  const missing = (name: string) => `${name}: needed with REDIS_URL, the same in every instance`;
  return [
    ...(DATA_KEYS.length === 0 ? [missing('DATA_KEYS')] : []),
    ...(DIRECT_LINE_SECRET.length === 0 ? [missing('DIRECT_LINE_SECRET')] : []),
  ];
}
