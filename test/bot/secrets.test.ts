import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../bot/config.ts';
import { secretsOf } from '../../bot/secrets.ts';
import { silentLog } from '../support/conversations.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'filing-secrets-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const secrets = (environment: Record<string, string> = {}) => secretsOf(readConfig({ ...environment, DATA_DIR: folder }), silentLog);

describe('secrets', () => {
  it('are made at the first start and the same ever after', () => {
    const first = secrets();
    expect(first.dataKeys[0]).toHaveLength(32);
    expect(secrets()).toEqual(first);
  });

  it('differ between installations', () => {
    const first = secrets();
    rmSync(folder, { recursive: true });
    expect(secrets()).not.toEqual(first);
  });

  it('are readable by this user only', () => {
    secrets();
    for (const file of readdirSync(folder)) expect(statSync(join(folder, file)).mode & 0o077, file).toBe(0);
  });

  it('that other users of the machine can read are refused, with what to do', () => {
    secrets();
    chmodSync(join(folder, 'data.key'), 0o644);
    expect(() => secrets()).toThrow(/data\.key can be read by other users of this machine: chmod 600/);
  });

  it('are those of the configuration, and then nothing is written', () => {
    const key = Buffer.alloc(32, 1);
    const secret = 's'.repeat(40);
    expect(secrets({ DATA_KEYS: key.toString('base64'), DIRECT_LINE_SECRET: secret })).toEqual({
      dataKeys: [key],
      directLineSecrets: [secret],
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('are not made anew where there is a store that was encrypted with others', () => {
    secrets();
    rmSync(join(folder, 'data.key'));
    mkdirSync(join(folder, 'store'));
    writeFileSync(join(folder, 'store', 'data.mdb'), '');
    expect(() => secrets()).toThrow(/DATA_KEYS is not set, and data\.key.* is gone/);
    expect(readdirSync(folder)).not.toContain('data.key');
  });

  it('are not the same file for two purposes', () => {
    secrets();
    const [one, other] = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
    expect(one).not.toBe(other);
  });
});
