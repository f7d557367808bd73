import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig, secretNames } from '../../bot/config.ts';
import { faultsOf } from '../support/config-faults.ts';

/** As `openssl rand -base64 32` makes them. */
const key = 'mRkFfLP0mTvYH1xq3gYQmHXYw3pU8e5nS1mY2pQzv0I=';
const otherKey = 'q9ZrXo2c4Vw7Tn8Jd1LkUuBs6HyPaGfE0iMxNeRt5QY=';
const secret = 'Zk3vB8sWq1LpXy7uTn5RdJ2hMf9GcKaE4iVoNzUjQYr0';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'filing-secret-files-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Buffer, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

describe('a secret in a file', () => {
  it.each([
    ['as it is', secret, secret],
    ['without the line break at its end', `${secret}\n`, secret],
    ['without the line break of Windows', `${secret}\r\n`, secret],
    ['without what some editors put in front', `\uFEFF${secret}\n`, secret],
    ['with the spaces in it', `two words, ${'x'.repeat(32)} `, `two words, ${'x'.repeat(32)} `],
  ])('is read %s', (_, content, read) => {
    const environment = { DESK_WEBHOOK_URL: 'https://desk.example.com', DESK_WEBHOOK_SECRET_FILE: file('secret', content) };
    expect(readConfig(environment).desk.outside?.secret).toBe(read);
  });

  it('may be several, for as long as one is being changed', () => {
    const { dataKeys } = readConfig({ DATA_KEYS_FILE: file('keys', `${key},${otherKey}\n`) });
    expect(dataKeys.map((bytes) => bytes.toString('base64'))).toEqual([key, otherKey]);
  });

  it('is the same as in the environment, for every setting that holds one', () => {
    const aesKey = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C';
    const settings = {
      REDIS_URL: 'redis://:hunter2@redis',
      DATA_KEYS: key,
      DIRECT_LINE_SECRET: secret,
      DESK_WEBHOOK_SECRET: 'w'.repeat(32),
      DESK_OIDC_CLIENT_SECRET: 'of the client',
      WECHAT_OA_SECRET: 'of the account',
      WECHAT_OA_TOKEN: 'tokenOA',
      WECHAT_OA_AES_KEY: aesKey,
      WECOM_SECRET: 'of the app',
      WECOM_TOKEN: 'tokenWeCom',
      WECOM_AES_KEY: aesKey,
      WECHAT_KF_SECRET: 'of customer service',
      WECHAT_KF_TOKEN: 'tokenKF',
      WECHAT_KF_AES_KEY: aesKey,
      MicrosoftAppPassword: 'of the bot',
    } satisfies Record<(typeof secretNames)[number], string>;
    const others = {
      DESK_WEBHOOK_URL: 'https://desk.example.com',
      DESK_OIDC_ISSUER: 'https://login.example.com',
      DESK_OIDC_CLIENT_ID: 'desk',
      WECHAT_OA_APP_ID: 'wxb11529c136998cb6',
      WECHAT_OA_ID: 'gh_agency',
      WECOM_CORP_ID: 'ww1234567890abcdef',
      WECOM_AGENT_ID: '1000002',
      WECHAT_KF_CORP_ID: 'ww1234567890abcdef',
      WECHAT_KF_ACCOUNTS: 'wkAJ2GCAAAZSfhHCt7IFSvLKtMPxyJTw',
      MicrosoftAppId: 'bot',
    };
    const byFile = Object.entries(settings).map(([name, value]) => [`${name}_FILE`, file(name, `${value}\n`)] as const);
    const { secretFiles, ...config } = readConfig({ ...others, ...Object.fromEntries(byFile) });
    const { secretFiles: none, ...expected } = readConfig({ ...others, ...settings });
    expect(config).toEqual(expected);
    expect(none).toEqual([]);
    expect(secretFiles).toEqual(secretNames.map((name) => ({ variable: `${name}_FILE`, path: join(folder, name), isOpen: false })));
  });

  it('may be reached by a link, as Kubernetes mounts them', () => {
    symlinkSync(file('..data', secret), join(folder, 'secret'));
    expect(readConfig({ DIRECT_LINE_SECRET_FILE: join(folder, 'secret') }).directLineSecrets).toEqual([secret]);
  });

  it('is not asked for by an empty variable', () => {
    expect(readConfig({ DATA_KEYS: key, DATA_KEYS_FILE: ' ' }).dataKeys).toHaveLength(1);
    expect(readConfig({ DATA_KEYS: '', DATA_KEYS_FILE: file('keys', key) }).dataKeys).toHaveLength(1);
  });

  it.each([
    ['of its user alone', 0o600, false],
    ['of its user, to be read', 0o400, false],
    ["of the bot's group, or with an access list, as systemd gives it", 0o440, false],
    ['of everybody, as containers get it', 0o444, true],
    ['of everybody to write', 0o602, true],
  ])('%s is taken, and it is known whether others have it, too', (_, mode, isOpen) => {
    expect(readConfig({ DATA_KEYS_FILE: file('keys', key, mode) }).secretFiles).toMatchObject([{ isOpen }]);
  });
});

describe('a file without a secret', () => {
  it.each<[string, () => string, RegExp]>([
    ['that is not there', () => join(folder, 'gone'), /there is no file \/.*gone: put it there, or correct the path$/],
    ['below a file', () => join(file('keys', key), 'below'), /keys\/below cannot be read \(ENOTDIR\)/],
    ['that is empty', () => file('empty', ''), /\/.*empty is empty: write the secret into it$/],
    ['with nothing but a line break', () => file('empty', '\n'), /empty is empty/],
    ['with nothing but spaces', () => file('empty', '  \n'), /empty is empty/],
    ['that is a folder', () => folder, /\/.* is a folder: write the path of the file in it$/],
    ['that is too large', () => file('large', 'k'.repeat(65_537)), /\/.*large is larger than 64 KB: is it the right file\?$/],
    ['that never ends', () => '/dev/zero', /\/dev\/zero is not a regular file/],
    ['of two lines', () => file('lines', `${secret}\n${secret}\n`), /lines is not one line of text: write the secret into it/],
    ['that is no text', () => file('bytes', Buffer.from([0x6b, 0xff, 0xfe])), /bytes is not one line of text/],
    ['of zeros', () => file('bytes', Buffer.alloc(32)), /bytes is not one line of text/],
    ['of a name alone, which may be the secret itself', () => secret, /write the path of a file, which begins with \/ or \.\/, and not/],
    ['that begins as a path, and is a key', () => `/${key.slice(1)}`, /write the path of a file/],
    ['with a faulty value', () => file('short', `my-${secret.slice(0, 20)}\n`), /use at least 32 characters/],
  ])('%s is told by its variable and path, without what stands in it', (_, path, fault) => {
    const said = faultsOf({ DIRECT_LINE_SECRET_FILE: path() });
    expect(said).toEqual([expect.stringMatching(/^DIRECT_LINE_SECRET_FILE: /)]);
    expect(said[0]).toMatch(fault);
    expect(said[0]).not.toMatch(/Zk3vB8sWq1|kFfLP0mTv|kkk/);
  });

  it.skipIf(process.getuid?.() === 0)('that the bot may not read is told so', () => {
    expect(faultsOf({ DATA_KEYS_FILE: file('keys', key, 0o000) })).toEqual([
      expect.stringMatching(/^DATA_KEYS_FILE: \/.*keys cannot be read \(EACCES\): give the bot's user the right to/),
    ]);
  });

  it('that is a pipe does not hold up the start', () => {
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    expect(faultsOf({ DATA_KEYS_FILE: join(folder, 'pipe') })).toEqual([expect.stringMatching(/pipe is not a regular file/)]);
  });

  it('is told together with all other faults, and what needs its secret is not', () => {
    const faults = faultsOf({
      PORT: 'many',
      DATA_KEYS_FILE: join(folder, 'gone'),
      DIRECT_LINE_SECRET_FILE: file('secret', 'short'),
      REDIS_URL_FILE: file('redis', 'http://:hunter2@redis'),
      WECOM_TOKEN_FILE: file('token', 'no token!'),
    });
    expect(faults).toEqual([
      expect.stringMatching(/^DATA_KEYS_FILE: there is no file/),
      expect.stringMatching(/^PORT: /),
      expect.stringMatching(/^REDIS_URL_FILE: write redis:/),
      expect.stringMatching(/^DIRECT_LINE_SECRET_FILE: use at least/),
      expect.stringMatching(/^WECOM_TOKEN_FILE: write the Token/),
    ]);
    expect(faults.join()).not.toMatch(/hunter2|no token!/);
  });

  it('or rather a secret in two places is refused, whichever was meant', () => {
    const faults = faultsOf({ DATA_KEYS: otherKey, DATA_KEYS_FILE: file('keys', key) });
    expect(faults).toEqual(['DATA_KEYS_FILE: DATA_KEYS is set as well: remove one of the two']);
  });
});

it('a secret in a file is judged like one in the environment', () => {
  const open = { HOST: '0.0.0.0', DIRECT_LINE_SECRET_FILE: file('secret', key) };
  expect(faultsOf({ ...open, DATA_KEYS_FILE: file('keys', Buffer.alloc(32, 7).toString('base64')) })).toEqual([
    expect.stringMatching(/^DATA_KEYS_FILE: this is an example/),
  ]);
  expect(faultsOf({ ...open, DATA_KEYS: key })).toEqual([expect.stringMatching(/^DIRECT_LINE_SECRET_FILE: it is one of DATA_KEYS/)]);
});
