import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, environmentNames, readConfig } from '../../bot/config.ts';
import { projectRoot } from '../../bot/paths.ts';

const key = Buffer.alloc(32, 7).toString('base64');

/** What is said of a faulty environment, line by line. */
function faultsOf(environment: Record<string, string>): string[] {
  try {
    readConfig(environment);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message.split('\n').filter((line) => line.startsWith('  - '));
  }
  return [];
}

describe('the configuration', () => {
  it('is complete when nothing is set', () => {
    expect(readConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 3978,
      publicUrl: undefined,
      dataDir: './data',
      dataKeys: [],
      directLineSecrets: [],
      widgetOrigins: [],
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

  it('tells all faults together', () => {
    const faults = faultsOf({ PORT: '80a', PUBLIC_URL: 'bot', DATA_KEYS: 'short', DIRECT_LINE_SECRET: 'short', LOG_LEVEL: 'loud' });
    for (const name of ['PORT', 'PUBLIC_URL', 'DATA_KEYS', 'DIRECT_LINE_SECRET', 'LOG_LEVEL'])
      expect(faults.join('\n')).toContain(`- ${name}: `);
    expect(faults).toHaveLength(5);
  });

  it.each([
    ['a port beyond the last', { PORT: '65536' }, /PORT: write a whole number from 0 to 65535/],
    ['half a port', { PORT: '39.5' }, /PORT: write a whole number/],
    ['an origin with a path', { WIDGET_ORIGINS: 'https://example.com/shop' }, /WIDGET_ORIGINS: .* is not an origin/],
    ['an origin without a scheme', { WIDGET_ORIGINS: 'example.com' }, /WIDGET_ORIGINS: .* is not an origin/],
    ['a public address with a path', { PUBLIC_URL: 'https://example.com/bot' }, /PUBLIC_URL: write the address without a path/],
    ['a secret that can be guessed', { DIRECT_LINE_SECRET: 'secret' }, /DIRECT_LINE_SECRET: use at least 32 characters/],
    ['a key of the wrong length', { DATA_KEYS: 'AAAA' }, /DATA_KEYS: each key is 32 bytes/],
    ['retention of no time', { RETENTION_DAYS: '0' }, /RETENTION_DAYS: write a whole number from 1/],
    ['an id without its password', { MicrosoftAppId: 'x' }, /MicrosoftAppPassword: needed for MicrosoftAppType MultiTenant/],
    ['a password without its id', { MicrosoftAppPassword: 'x' }, /MicrosoftAppId: set it too/],
    ['a single tenant that is not named', { MicrosoftAppId: 'x', MicrosoftAppPassword: 'y', MicrosoftAppType: 'SingleTenant' }, /TenantId/],
  ])('refuses %s', (_, environment, fault) => {
    const faults = faultsOf(environment);
    expect(faults).toEqual([expect.stringMatching(fault)]);
  });

  it('does not repeat a secret when it is faulty', () => {
    const secret = 'my-own-secret-of-31-characters-';
    expect(faultsOf({ DIRECT_LINE_SECRET: secret, DATA_KEYS: secret }).join()).not.toContain(secret);
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

  it('explains every variable', () => {
    for (const [at, line] of lines.entries()) if (/^\w+=/.test(line)) expect(lines[at - 1], line).toMatch(/^# \S/);
  });
});
