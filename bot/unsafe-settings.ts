import { BlockList, isIP } from 'node:net';
import proxyAddr from 'proxy-addr';

/** The settings by which it is told whether a bot is safe together; each by the name of its variable. */
export interface SafetySettings {
  HOST: string;
  NODE_ENV?: string | undefined;
  PUBLIC_URL?: string | undefined;
  DATA_KEYS: readonly Buffer[];
  DIRECT_LINE_SECRET: readonly string[];
  DESK_WEBHOOK_SECRET?: string | undefined;
  DESK_OIDC_CLIENT_SECRET?: string | undefined;
  WIDGET_ORIGINS: readonly string[];
  TRUSTED_PROXIES: readonly string[];
  WECHAT_OA_MODE?: string | undefined;
}

/**
 * Combinations of settings with which the bot is not to be started, each with its remedy; none of them repeats a secret. What is fine while
 * it is tried out on one machine is not where others can reach it, or where it is said to be in production.
 */
export function unsafeSettings(settings: SafetySettings): string[] {
  const { HOST, NODE_ENV } = settings;
  const inProduction = NODE_ENV === 'production';
  const reason = inProduction ? 'with NODE_ENV=production' : `with HOST=${HOST}, which other machines can reach,`;
  return [
    ...proxyFaults(settings.TRUSTED_PROXIES),
    ...sharedSecrets(settings),
    ...(inProduction || !isOwnMachine(HOST) ? exposedFaults(settings, reason) : []),
    ...(inProduction ? productionFaults(settings) : []),
  ];
}

/** Whether only this machine is reached by the name or address. */
export function isOwnMachine(host: string): boolean {
  if (host === 'localhost') return true;
  const bare = host.replace(/^\[|\]$/g, '');
  const family = isIP(bare);
  return family !== 0 && loopback.check(bare, family === 6 ? 'ipv6' : 'ipv4');
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

function exposedFaults(settings: SafetySettings, reason: string): string[] {
  const { DATA_KEYS, DIRECT_LINE_SECRET, DESK_WEBHOOK_SECRET = '', DESK_OIDC_CLIENT_SECRET = '' } = settings;
  const make = 'make one with `openssl rand -base64 32`';
  const secrets = {
    DATA_KEYS: DATA_KEYS.map((key) => key.toString('latin1')),
    DIRECT_LINE_SECRET,
    DESK_WEBHOOK_SECRET: [DESK_WEBHOOK_SECRET],
    DESK_OIDC_CLIENT_SECRET: [DESK_OIDC_CLIENT_SECRET],
  };
  return [
    ...(DATA_KEYS.length === 0 ? [`DATA_KEYS: needed ${reason} as a key made here lies beside what it protects: ${make}`] : []),
    ...(DIRECT_LINE_SECRET.length === 0 ? [`DIRECT_LINE_SECRET: needed ${reason} as it is the same after a move then: ${make}`] : []),
    ...Object.entries(secrets)
      .filter(([, values]) => values.some(isExample))
      .map(([name]) => `${name}: this is an example, or too simple to be chance: ${make}`),
  ];
}

function productionFaults({ PUBLIC_URL, WIDGET_ORIGINS, WECHAT_OA_MODE }: SafetySettings): string[] {
  const isOpen = (url: string) => url.startsWith('http:') && !isOwnMachine(new URL(url).hostname);
  return [
    ...(WECHAT_OA_MODE === 'plaintext'
      ? ['WECHAT_OA_MODE: in the clear nothing signs what a message says: choose 安全模式 in the back end of the account, and write secure']
      : []),
    ...(PUBLIC_URL === undefined ? ['PUBLIC_URL: needed with NODE_ENV=production: write the https address that browsers use'] : []),
    ...(PUBLIC_URL !== undefined && isOpen(PUBLIC_URL)
      ? ['PUBLIC_URL: over http everybody on the way reads what customers write: put a proxy with TLS in front and write its https address']
      : []),
    ...WIDGET_ORIGINS.filter(isOpen).map(
      (origin) =>
        `WIDGET_ORIGINS: ${origin} can be changed by everybody on the way: serve that page over https, and write its https origin`,
    ),
  ];
}

/** Whoever may be believed about addresses has to be readable, and not everybody. */
function proxyFaults(proxies: readonly string[]): string[] {
  const all = proxies.filter((proxy) => /\/0+$/.test(proxy));
  if (all.length > 0) {
    return [
      `TRUSTED_PROXIES: ${all.join(', ')} is everybody, and everybody could claim to be somebody else: write the addresses of your proxies`,
    ];
  }
  return proxies
    .filter((proxy) => !isReadableProxy(proxy))
    .map((proxy) => `TRUSTED_PROXIES: "${proxy}" is no address, network or known word`);
}

function isReadableProxy(proxy: string): boolean {
  try {
    proxyAddr.compile([proxy]);
    return true;
  } catch {
    return false;
  }
}

/** Whoever is given one secret must not have another with it. */
function sharedSecrets({ DATA_KEYS, DIRECT_LINE_SECRET, DESK_WEBHOOK_SECRET, DESK_OIDC_CLIENT_SECRET }: SafetySettings): string[] {
  const own = new Set([...DIRECT_LINE_SECRET, ...DATA_KEYS.map((key) => key.toString('base64'))]);
  const both = DIRECT_LINE_SECRET.some((secret) => DATA_KEYS.some((key) => key.toString('base64') === secret));
  return [
    ...(both ? ['DIRECT_LINE_SECRET: it is one of DATA_KEYS, and clients have it: make one of its own'] : []),
    ...(DESK_WEBHOOK_SECRET !== undefined && own.has(DESK_WEBHOOK_SECRET)
      ? ['DESK_WEBHOOK_SECRET: it is used for something else too, and the other desk has it: make one of its own']
      : []),
    ...(DESK_OIDC_CLIENT_SECRET !== undefined && own.has(DESK_OIDC_CLIENT_SECRET)
      ? ['DESK_OIDC_CLIENT_SECRET: it is used for something else too, and the identity provider has it: make one of its own']
      : []),
  ];
}

/** Of 32 characters that are chance hardly ever fewer are different: at least 9 in 200,000 secrets in hex, 17 in base64, 23 in bytes. */
const fewestDifferent = 9;

function isExample(secret: string): boolean {
  if (secret === '') return false;
  return new Set(secret).size < fewestDifferent || /example|change.?me|secret|password|for.?tests|0123456789|abcdef/i.test(secret);
}
