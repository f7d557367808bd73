import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { environmentNames, readConfig, secretNames } from '../../bot/config.ts';
import { projectRoot } from '../../bot/paths.ts';
import { faultsOf } from '../support/config-faults.ts';

const key = Buffer.alloc(32, 7).toString('base64');

const shared = { DATA_KEYS: key, DIRECT_LINE_SECRET: 's'.repeat(32) };

describe('the configuration', () => {
  it('is complete when nothing is set', () => {
    expect(readConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 3978,
      operations: undefined,
      publicUrl: undefined,
      dataDir: './data',
      dataKeys: [],
      directLineSecrets: [],
      widgetOrigins: [],
      redis: undefined,
      azure: undefined,
    });
  });

  it('takes an empty variable for one that is not set', () => {
    expect(readConfig({ PORT: '', PUBLIC_URL: ' ', AGENCY_NAME: '', MicrosoftAppId: '' })).toEqual(readConfig({}));
  });

  it('reads lists, with spaces and empty parts as people write them', () => {
    const { widgetOrigins, dataKeys } = readConfig({
      WIDGET_ORIGINS: 'https://www.example.com, https://shop.example.com:8443,',
      DATA_KEYS: `${key},${Buffer.alloc(32, 8).toString('base64')}`,
    });
    expect(widgetOrigins).toEqual(['https://www.example.com', 'https://shop.example.com:8443']);
    expect(dataKeys.map((bytes) => bytes[0])).toEqual([7, 8]);
  });

  it('takes a public address with a slash at its end', () => {
    expect(readConfig({ PUBLIC_URL: 'https://bot.example.com/' }).publicUrl).toBe('https://bot.example.com');
  });

  it('has figures on this machine when they have a port of their own, also where the bot is open to others', () => {
    expect(readConfig({ OPERATIONS_PORT: '3979' }).operations).toEqual({ host: '127.0.0.1', port: 3979 });
    expect(readConfig({ OPERATIONS_PORT: '3979', OPERATIONS_HOST: '10.0.0.5' }).operations).toEqual({ host: '10.0.0.5', port: 3979 });
    expect(readConfig({ PORT: '0', OPERATIONS_PORT: '0' }).operations).toEqual({ host: '127.0.0.1', port: 0 });
  });

  it('tells all faults together', () => {
    const faults = faultsOf({ PORT: '80a', PUBLIC_URL: 'bot', DATA_KEYS: 'short', DIRECT_LINE_SECRET: 'short', LOG_LEVEL: 'loud' });
    for (const name of ['PORT', 'PUBLIC_URL', 'DATA_KEYS', 'DIRECT_LINE_SECRET', 'LOG_LEVEL'])
      expect(faults.join('\n')).toContain(`${name}: `);
    expect(faults).toHaveLength(5);
  });

  it.each([
    ['a port beyond the last', { PORT: '65536' }, /PORT: write a whole number from 0 to 65535/],
    ['half a port', { PORT: '39.5' }, /PORT: write a whole number/],
    ['figures at a port beyond the last', { OPERATIONS_PORT: '65536' }, /OPERATIONS_PORT: write a whole number from 0 to 65535/],
    ['figures at the port of all', { PORT: '4000', OPERATIONS_PORT: '4000' }, /OPERATIONS_PORT: it is PORT as well/],
    ['a host with a port', { HOSTS: 'bot.example.com:443' }, /HOSTS: .* is not a host name/],
    ['an address for a host', { HOSTS: 'https://bot.example.com' }, /HOSTS: .* is not a host name/],
    ['an origin with a path', { WIDGET_ORIGINS: 'https://example.com/shop' }, /WIDGET_ORIGINS: .* is not an origin/],
    ['an origin without a scheme', { WIDGET_ORIGINS: 'example.com' }, /WIDGET_ORIGINS: .* is not an origin/],
    ['a public address with a path', { PUBLIC_URL: 'https://example.com/bot' }, /PUBLIC_URL: write the address without a path/],
    ['a secret that can be guessed', { DIRECT_LINE_SECRET: 'secret' }, /DIRECT_LINE_SECRET: use at least 32 characters/],
    ['a key of the wrong length', { DATA_KEYS: 'AAAA' }, /DATA_KEYS: each key is 32 bytes/],
    ['retention of no time', { RETENTION_DAYS: '0' }, /RETENTION_DAYS: write a whole number from 1/],
    ['Redis by another name', { ...shared, REDIS_URL: 'http://redis:6379' }, /REDIS_URL: write redis:\/\/host:6379/],
    ['Redis without a host', { ...shared, REDIS_URL: 'redis://:6379' }, /REDIS_URL: each host is a name or an address/],
    ['Redis at no port', { ...shared, REDIS_URL: 'redis://redis:66379' }, /REDIS_URL: each host is a name or an address/],
    ['several hosts that are no Cluster', { ...shared, REDIS_URL: 'redis://a:1,b:2' }, /REDIS_URL: several hosts are a Cluster/],
    ['a database of a Cluster', { ...shared, REDIS_URL: 'redis-cluster://a:1,b:2/3' }, /REDIS_URL: a Cluster has no databases/],
    ['Redis with keys of each instance', { ...shared, DATA_KEYS: '', REDIS_URL: 'redis://a' }, /DATA_KEYS: needed with REDIS_URL/],
    ['Redis with secrets of each instance', { DATA_KEYS: key, REDIS_URL: 'redis://a' }, /DIRECT_LINE_SECRET: needed with REDIS_URL/],
    ['an id without its password', { MicrosoftAppId: 'x' }, /MicrosoftAppPassword: needed for MicrosoftAppType MultiTenant/],
    ['a password without its id', { MicrosoftAppPassword: 'x' }, /MicrosoftAppId: set it too/],
    [
      'half an identity provider',
      { DESK_OIDC_ISSUER: 'https://login.example.com', DESK_OIDC_CLIENT_ID: 'x' },
      /DESK_OIDC_CLIENT_SECRET: needed for sign-in/,
    ],
    [
      'an identity provider that anybody on the way could be',
      { DESK_OIDC_ISSUER: 'http://login.example.com', DESK_OIDC_CLIENT_ID: 'x', DESK_OIDC_CLIENT_SECRET: 'y' },
      /DESK_OIDC_ISSUER: write an https address/,
    ],
    ['a scanner at no port', { CLAMAV_ADDRESS: 'clamav' }, /CLAMAV_ADDRESS: write the path of its socket, such as .*, or a host and port/],
    ['a scanner at a port beyond the last', { CLAMAV_ADDRESS: 'clamav:65536' }, /CLAMAV_ADDRESS: write the path/],
    ['a scanner that is required, and is nowhere', { CLAMAV_REQUIRED: 'true' }, /CLAMAV_ADDRESS: needed with CLAMAV_REQUIRED=true/],
    ['half a yes', { CLAMAV_ADDRESS: '/run/clamav/clamd.ctl', CLAMAV_REQUIRED: 'yes' }, /CLAMAV_REQUIRED: write true or false/],
    ['uploads at some time', { UPLOADS: 'sometimes' }, /UPLOADS: write one of any, asked/],
    ['a session without an end', { DESK_SESSION_HOURS: '0' }, /DESK_SESSION_HOURS: write a whole number from 1/],
    ['a single tenant that is not named', { MicrosoftAppId: 'x', MicrosoftAppPassword: 'y', MicrosoftAppType: 'SingleTenant' }, /TenantId/],
  ])('refuses %s', (_, environment, fault) => {
    const faults = faultsOf(environment);
    expect(faults).toEqual([expect.stringMatching(fault)]);
  });

  it.each([
    ['redis://redis', { nodes: [{ host: 'redis', port: 6379 }], cluster: false, tls: false, database: 0 }],
    ['rediss://bot:a%40b@10.0.0.1:7000/2', { tls: true, username: 'bot', password: 'a@b', database: 2 }],
    ['redis://:secret@[::1]:7000', { nodes: [{ host: '::1', port: 7000 }], password: 'secret' }],
    [
      'redis-cluster://:x@a:1, b:2',
      {
        cluster: true,
        nodes: [
          { host: 'a', port: 1 },
          { host: 'b', port: 2 },
        ],
        password: 'x',
      },
    ],
  ])('reads where Redis is from %s', (url, address) => {
    expect(readConfig({ ...shared, REDIS_URL: url, REDIS_REPLICAS: '1' }).redis).toMatchObject({ address, replicas: 1 });
  });

  it.each([
    ['/run/clamav/clamd.ctl', { path: '/run/clamav/clamd.ctl' }],
    ['127.0.0.1:3310', { host: '127.0.0.1', port: 3310 }],
    ['clamav.example.com:3310', { host: 'clamav.example.com', port: 3310 }],
    ['[::1]:3310', { host: '::1', port: 3310 }],
  ])('reads where the scanner is from %s', (text, address) => {
    expect(readConfig({ CLAMAV_ADDRESS: text }).scanner).toEqual({ address, required: false });
    expect(readConfig({ CLAMAV_ADDRESS: text, CLAMAV_REQUIRED: 'true' }).scanner).toEqual({ address, required: true });
  });

  it('does not repeat a secret when it is faulty', () => {
    expect(faultsOf({ ...shared, REDIS_URL: 'redis://:passw0rd@a:1,b:2' }).join()).not.toContain('passw0rd');
    expect(faultsOf({ ...shared, REDIS_URL: 'redis://:passw0rd%@a' }).join()).toMatch(/^REDIS_URL: in the user name(?!.*passw0rd)/);
    const secret = 'my-own-secret-of-31-characters-';
    expect(faultsOf({ DIRECT_LINE_SECRET: secret, DATA_KEYS: secret }).join()).not.toContain(secret);
  });

  it('takes each setting for a secret whose name says that it is one', () => {
    const named = environmentNames.filter((name) => /SECRET|KEYS?$|TOKEN|password/i.test(name));
    // In the address of Redis there is a password.
    expect([...secretNames].toSorted()).toEqual(['REDIS_URL' as const, ...named].toSorted());
  });
});

describe('.env.example', () => {
  const lines = readFileSync(join(projectRoot, '.env.example'), 'utf8').split('\n');
  const assignments = new Map(
    lines.filter((line) => /^\w+=/.test(line)).map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]),
  );

  it('has every variable, and no other', () => {
    expect([...assignments.keys()]).toEqual(environmentNames);
  });

  it('has the defaults, so that using it as it stands changes nothing', () => {
    expect(readConfig(Object.fromEntries(assignments))).toEqual(readConfig({}));
  });

  it('names every variable that gives a secret by a file', () => {
    const named = lines.filter((line) => line.startsWith('#')).flatMap((line) => line.match(/\w+_FILE\b/g) ?? []);
    expect(named.filter((name) => name !== 'NAME_FILE').toSorted()).toEqual(secretNames.map((name) => `${name}_FILE`).toSorted());
  });

  it('explains every variable', () => {
    for (const [at, line] of lines.entries()) if (/^\w+=/.test(line)) expect(lines[at - 1], line).toMatch(/^# \S/);
  });
});
