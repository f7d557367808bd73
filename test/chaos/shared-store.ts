import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Instance } from './instance.ts';

export interface Group {
  instances: Instance[];
  stop(): Promise<void>;
}

/** Several instances on one Redis, with keys and a folder of uploaded files in common. */
export async function startGroup(size: number, redisUrl: string, program: string, settings: Record<string, string> = {}): Promise<Group> {
  const folder = mkdtempSync(join(tmpdir(), 'filing-chaos-'));
  const dataKey = randomBytes(32).toString('base64');
  const environment = { REDIS_URL: redisUrl, DATA_KEYS: dataKey, DATA_DIR: folder, ...settings };
  const instances = await Promise.all(Array.from({ length: size }, () => Instance.start(environment, program)));
  return {
    instances,
    stop: async () => {
      await Promise.all(instances.map((instance) => instance.stop()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
