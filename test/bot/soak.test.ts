import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { soak } from '../soak/soaking.ts';
import { startServerProcess } from '../support/server-process.ts';

it('a few seconds of mixed load at half of what it takes end without an error, and leave nothing open', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'filing-soak-'));
  const server = await startServerProcess({ PORT: '0', DATA_DIR: folder, CONVERSATIONS_PER_MINUTE: '1000000' });
  try {
    const { requests, errors, samples } = await soak({
      url: server.url,
      pid: server.process.pid ?? Number.NaN,
      measureSeconds: 2,
      seconds: 4,
      sampleSeconds: 2,
    });
    expect(errors).toEqual({});
    expect(requests).toBeGreaterThan(20);
    // Connections of the load come and go by the dozen; what leaks grows with the requests.
    const [first, last] = [samples[0]?.descriptors ?? 0, samples.at(-1)?.descriptors ?? Infinity];
    expect(last - first).toBeLessThan(64);
  } finally {
    await server.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  }
});
