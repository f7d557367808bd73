import { Cases } from '../../bot/cases/cases.ts';
import { readConfig } from '../../bot/config.ts';
import { secretsOf } from '../../bot/secrets.ts';
import { dataKeys } from '../../bot/store/data-keys.ts';
import { openStore } from '../../bot/store/open-store.ts';
import type { FilingCase } from '../../knowledge/filing/filing-case.ts';
import { silentLog } from './conversations.ts';
import { sampleCase, submitted } from './filing-case.ts';

/** A submitted case in the store of a whole program that runs; gives its number. */
export async function keepCase(environment: Record<string, string>, conversation: string, more: Partial<FilingCase> = {}): Promise<string> {
  const config = readConfig(environment);
  const secrets = secretsOf(config, silentLog).dataKeys;
  const store = await openStore(config, dataKeys(secrets), 'look');
  try {
    const files = { remove: async () => undefined };
    const cases = new Cases({ store, files, secrets, draftDays: config.keeping.draft });
    const number = await cases.reserve(conversation, 'draft', '2026-11-27');
    await cases.save({ conversation, order: [1, 1], case: submitted(sampleCase(number, more)) });
    return number;
  } finally {
    await store.close();
  }
}
