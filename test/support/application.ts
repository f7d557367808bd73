import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Application, startApplication } from '../../bot/application.ts';
import { readConfig } from '../../bot/config.ts';
import { type Cost, Passwords } from '../../bot/desk/accounts/passwords.ts';
import { LiveKnowledge } from '../../bot/live-knowledge.ts';
import { createLog } from '../../bot/log.ts';
import { knowledgeFiles } from '../../bot/paths.ts';
import { realLoader } from './knowledge.ts';

export const testSecret = 'a-secret-for-tests-only-0123456789abcdef';

/** A hash by which a password is signed in with at once, not in a third of a second. */
export const quickCost: Cost = { N: 2 ** 10, r: 8, p: 1 };

export interface TestApplication extends Application {
  secret: string;
  dataDir: string;
}

/** Starts the whole program in this process on a free port, with its own data folder that goes when it stops. */
export async function startTestApplication(environment: Record<string, string> = {}): Promise<TestApplication> {
  const dataDir = environment.DATA_DIR ?? mkdtempSync(join(tmpdir(), 'filing-test-'));
  const config = readConfig({
    PORT: '0',
    DIRECT_LINE_SECRET: testSecret,
    LOG_LEVEL: 'silent',
    MESSAGES_PER_MINUTE: '100000',
    CONVERSATIONS_PER_MINUTE: '100000',
    ...environment,
    DATA_DIR: dataDir,
  });
  const log = createLog(config);
  const application = await startApplication(config, log, {
    openKnowledge: () => new LiveKnowledge(knowledgeFiles, log, realLoader()),
    passwords: new Passwords(quickCost),
  });
  return {
    ...application,
    secret: testSecret,
    dataDir,
    stop: async () => {
      await application.stop();
      if (environment.DATA_DIR === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
