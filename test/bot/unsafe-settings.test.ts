import { describe, expect, it } from 'vitest';
import { faultsOf } from '../support/config-faults.ts';

/** As `openssl rand -base64 32` makes them. */
const key = 'mRkFfLP0mTvYH1xq3gYQmHXYw3pU8e5nS1mY2pQzv0I=';
const otherKey = 'q9ZrXo2c4Vw7Tn8Jd1LkUuBs6HyPaGfE0iMxNeRt5QY=';
const secret = 'Zk3vB8sWq1LpXy7uTn5RdJ2hMf9GcKaE4iVoNzUjQYr0';
const own = { DATA_KEYS: key, DIRECT_LINE_SECRET: secret };
const open = { ...own, HOST: '0.0.0.0' };
const production = { ...own, NODE_ENV: 'production', PUBLIC_URL: 'https://bot.example.com' };

const officialAccount = {
  WECHAT_OA_APP_ID: 'wxb11529c136998cb6',
  WECHAT_OA_ID: 'gh_agency',
  WECHAT_OA_SECRET: 'a secret of the account',
  WECHAT_OA_TOKEN: 'pamtest',
};

describe('settings that are safe together', () => {
  it.each([
    ['nothing set, on one machine', {}],
    ['an example key, on one machine', { DATA_KEYS: Buffer.alloc(32, 7).toString('base64') }],
    ['the loopback address by its other names', { HOST: '::1' }],
    ['127.0.0.2', { HOST: '127.0.0.2' }],
    ['every network, with keys of its own', open],
    ['production with https', production],
    ['production on this machine alone, for trying it out', { ...production, PUBLIC_URL: 'http://localhost:3978' }],
    ['two keys, one of them old', { ...open, DATA_KEYS: `${otherKey},${key}` }],
    ['proxies by network and by word', { TRUSTED_PROXIES: 'loopback, 10.0.0.0/8, 2001:db8::/32' }],
    ['a secret in hex', { ...open, DIRECT_LINE_SECRET: 'c0a1f9d27b3e8456c0a1f9d27b3e8457' }],
  ])('%s: the bot starts', (_, environment) => {
    expect(faultsOf(environment)).toEqual([]);
  });
});

describe('a bot that would not be safe does not start', () => {
  it.each([
    ['every network, without keys', { HOST: '0.0.0.0', DIRECT_LINE_SECRET: secret }, [/^DATA_KEYS: needed with HOST=0\.0\.0\.0.*openssl/]],
    ['every network, without secrets', { HOST: '0.0.0.0', DATA_KEYS: key }, [/^DIRECT_LINE_SECRET: needed with HOST=0\.0\.0\.0.*openssl/]],
    ['every network of IPv6, with neither', { HOST: '::' }, [/^DATA_KEYS: needed/, /^DIRECT_LINE_SECRET: needed/]],
    ['an address of the network', { HOST: '192.168.1.5' }, [/^DATA_KEYS: needed/, /^DIRECT_LINE_SECRET: needed/]],
    ['a name of the network', { HOST: 'bot.internal' }, [/^DATA_KEYS: needed/, /^DIRECT_LINE_SECRET: needed/]],
    ['a name that only begins like this machine', { HOST: 'localhost.example.com' }, [/^DATA_KEYS/, /^DIRECT_LINE_SECRET/]],
    ['an address that only begins like this machine', { HOST: '127.example.com' }, [/^DATA_KEYS/, /^DIRECT_LINE_SECRET/]],
    ['a key of one byte', { ...open, DATA_KEYS: Buffer.alloc(32, 7).toString('base64') }, [/^DATA_KEYS: this is an example/]],
    [
      'a key of all zeros behind a good one',
      { ...open, DATA_KEYS: `${key},${Buffer.alloc(32).toString('base64')}` },
      [/^DATA_KEYS: this is/],
    ],
    ['a secret of one letter', { ...open, DIRECT_LINE_SECRET: 's'.repeat(44) }, [/^DIRECT_LINE_SECRET: this is an example/]],
    [
      'a secret that counts',
      { ...open, DIRECT_LINE_SECRET: '01234567890123456789012345678901' },
      [/^DIRECT_LINE_SECRET: this is an example/],
    ],
    ['a secret to be changed', { ...open, DIRECT_LINE_SECRET: 'please-CHANGE-ME-before-you-go-live' }, [/^DIRECT_LINE_SECRET: this is/]],
    ['a secret that says so', { ...open, DIRECT_LINE_SECRET: 'my-very-own-Secret-for-direct-line!' }, [/^DIRECT_LINE_SECRET: this is/]],
    ['a short secret', { DIRECT_LINE_SECRET: 'Zk3vB8sWq1LpXy7uTn5RdJ2hMf9GcKa' }, [/^DIRECT_LINE_SECRET: use at least 32 characters/]],
    ['a short second secret', { DIRECT_LINE_SECRET: `${secret},short` }, [/^DIRECT_LINE_SECRET: use at least 32 characters/]],
    ['a short key', { DATA_KEYS: 'c2hvcnQ=' }, [/^DATA_KEYS: each key is 32 bytes/]],
    [
      'an example for the other desk',
      { ...open, DESK_WEBHOOK_URL: 'https://desk.example.com', DESK_WEBHOOK_SECRET: 'w'.repeat(32) },
      [/^DESK_WEBHOOK_SECRET: this is an example/],
    ],
    [
      'a short secret for the other desk',
      { DESK_WEBHOOK_URL: 'https://desk.example.com', DESK_WEBHOOK_SECRET: 'short' },
      [/^DESK_WEBHOOK_SECRET: use at least 32/],
    ],
    [
      'another desk over http',
      { DESK_WEBHOOK_URL: 'http://desk.example.com', DESK_WEBHOOK_SECRET: secret },
      [/^DESK_WEBHOOK_URL: .*use https/],
    ],
    ['clients with the key to the data', { DATA_KEYS: key, DIRECT_LINE_SECRET: key }, [/^DIRECT_LINE_SECRET: it is one of DATA_KEYS/]],
    [
      'another desk with the secret of clients',
      { ...own, DESK_WEBHOOK_URL: 'https://desk.example.com', DESK_WEBHOOK_SECRET: secret },
      [/^DESK_WEBHOOK_SECRET: it is used for something else too/],
    ],
    [
      'an identity provider with the secret of clients',
      { ...own, DESK_OIDC_ISSUER: 'https://login.example.com', DESK_OIDC_CLIENT_ID: 'x', DESK_OIDC_CLIENT_SECRET: secret },
      [/^DESK_OIDC_CLIENT_SECRET: it is used for something else too/],
    ],
    ['production without an address', { ...own, NODE_ENV: 'production' }, [/^PUBLIC_URL: needed with NODE_ENV=production/]],
    [
      'production with messages of WeChat in the clear',
      { ...production, ...officialAccount, WECHAT_OA_MODE: 'plaintext' },
      [/^WECHAT_OA_MODE: .*write secure/],
    ],
    ['production over http', { ...production, PUBLIC_URL: 'http://bot.example.com' }, [/^PUBLIC_URL: over http .*TLS/]],
    ['production over http by a number', { ...production, PUBLIC_URL: 'http://192.0.2.7' }, [/^PUBLIC_URL: over http/]],
    ['production without keys', { ...production, DATA_KEYS: '' }, [/^DATA_KEYS: needed with NODE_ENV=production/]],
    ['production without secrets', { ...production, DIRECT_LINE_SECRET: '' }, [/^DIRECT_LINE_SECRET: needed with NODE_ENV=production/]],
    [
      'production with an example key',
      { ...production, DATA_KEYS: Buffer.alloc(32, 1).toString('base64') },
      [/^DATA_KEYS: this is an example/],
    ],
    [
      'production on pages over http',
      { ...production, WIDGET_ORIGINS: 'http://www.example.com' },
      [/^WIDGET_ORIGINS: http:\/\/www\.example\.com/],
    ],
    ['a trusted world', { TRUSTED_PROXIES: '0.0.0.0/0' }, [/^TRUSTED_PROXIES: 0\.0\.0\.0\/0 is everybody/]],
    ['a trusted world of IPv6', { TRUSTED_PROXIES: 'loopback,::/0' }, [/^TRUSTED_PROXIES: ::\/0 is everybody/]],
    ['a proxy by name', { TRUSTED_PROXIES: 'proxy.internal' }, [/^TRUSTED_PROXIES: "proxy\.internal" is no address/]],
    [
      'a provider over http',
      { DESK_OIDC_ISSUER: 'http://login.example.com', DESK_OIDC_CLIENT_ID: 'x', DESK_OIDC_CLIENT_SECRET: secret },
      [/^DESK_OIDC_ISSUER: write an https/],
    ],
    ['half the credentials of Azure', { MicrosoftAppId: 'x' }, [/^MicrosoftAppPassword: needed/]],
    ['Redis with keys of each instance', { REDIS_URL: 'redis://redis', DIRECT_LINE_SECRET: secret }, [/^DATA_KEYS: needed with REDIS_URL/]],
  ])('%s', (_, environment, expected) => {
    const faults = faultsOf(environment);
    expect(faults).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
    for (const value of [key, otherKey, secret]) expect(faults.join('\n')).not.toContain(value);
  });
});
