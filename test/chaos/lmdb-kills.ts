import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Instance } from './instance.ts';
import { killUnderTraffic } from './instance-kills.ts';
import type { Row } from './row.ts';

/** What a small agency runs: one process, which keeps everything in a folder. */
export const lmdbKills: Row = {
  name: 'lmdb-kills',
  what: 'one instance on the embedded store, killed (kill -9) under traffic and started again',
  run: async (setting) => {
    const folder = mkdtempSync(join(tmpdir(), 'filing-chaos-'));
    const instance = await Instance.start({ DATA_DIR: folder }, setting.program);
    try {
      return await killUnderTraffic([instance], setting);
    } finally {
      await instance.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
