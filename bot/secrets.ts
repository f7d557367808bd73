import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from './config.ts';
import type { Log } from './log.ts';
import { StoreRefused } from './store/store.ts';

export interface Secrets {
  dataKeys: Buffer[];
  directLineSecrets: string[];
}

/** The secrets in force: from the configuration or, where it names none, made once and kept beside the data. */
export function secretsOf({ dataDir, dataKeys, directLineSecrets }: Config, log: Log): Secrets {
  return {
    dataKeys: dataKeys.length > 0 ? dataKeys : [Buffer.from(kept(dataDir, 'data.key', 'DATA_KEYS', log), 'base64')],
    directLineSecrets: directLineSecrets.length > 0 ? directLineSecrets : [kept(dataDir, 'direct-line.secret', 'DIRECT_LINE_SECRET', log)],
  };
}

/** Readable by this user only. Whoever copies the whole folder copies the key with it, which is why production sets its own. */
function kept(folder: string, name: string, variable: string, log: Log): string {
  const file = join(folder, name);
  if (!existsSync(file)) {
    if (variable === 'DATA_KEYS' && existsSync(join(folder, 'store', 'data.mdb'))) {
      throw new StoreRefused(
        `There is a store in ${folder}, but not the key to it: DATA_KEYS is not set, and ${name}, which was made at the first start, is gone. Set DATA_KEYS, or put the file back.`,
      );
    }
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(file, randomBytes(32).toString('base64'), { mode: 0o600, flag: 'wx', flush: true });
    log.info({ file: name }, `${variable} is not set: made one and kept it in DATA_DIR`);
  }
  requirePrivate(file);
  return readFileSync(file, 'utf8').trim();
}

/** A copy that lost its mode on the way, from a backup or by another tool, is open to every user of the machine. */
function requirePrivate(file: string): void {
  if (process.platform === 'win32' || (statSync(file).mode & 0o077) === 0) return;
  throw new StoreRefused(`${file} can be read by other users of this machine: chmod 600 ${file}`);
}
