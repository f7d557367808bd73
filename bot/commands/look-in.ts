import { type Config, readProcessConfig } from '../config.ts';
import { createLog, type Log } from '../log.ts';
import { type Secrets, secretsOf } from '../secrets.ts';
import { type DataKeys, dataKeys } from '../store/data-keys.ts';
import { openStore, requireStore } from '../store/open-store.ts';
import { type Store, StoreRefused, StoreUnavailable } from '../store/store.ts';

/** Why a command that is right cannot be carried out; shown by itself. */
export class Refusal extends Error {}

/** What a command of operations works with, beside the bot that runs. */
export interface LookedInto {
  config: Config;
  log: Log;
  secrets: Secrets;
  keys: DataKeys;
  store: Store;
}

/** Opens what the bot keeps, as its settings say. Throws a `Refusal` when there is nothing, nothing for this program, or it cannot be reached. */
export async function lookIn(): Promise<LookedInto> {
  const config = readProcessConfig();
  try {
    // Before a key is made for it.
    requireStore(config);
    const log = createLog({ logLevel: 'warn' });
    const secrets = secretsOf(config, log);
    const keys = dataKeys(secrets.dataKeys);
    return { config, log, secrets, keys, store: await openStore(config, keys, 'look') };
  } catch (error) {
    throw error instanceof StoreUnavailable || error instanceof StoreRefused ? new Refusal(error.message, { cause: error }) : error;
  }
}
