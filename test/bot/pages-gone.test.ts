import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Origins } from '../../bot/http/origins.ts';
import { WebServer } from '../../bot/http/web-server.ts';
import { Metrics } from '../../bot/metrics.ts';
import { pageRoutes } from '../../bot/pages.ts';
import { pagesFolder } from '../../bot/paths.ts';
import { silentLog } from '../support/conversations.ts';

it('a page whose file is gone since the start breaks off, and the others go on', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'filing-pages-'));
  cpSync(pagesFolder, folder, { recursive: true });
  const publicUrl = () => 'http://localhost';
  const routes = pageRoutes({ folder, origins: new Origins(() => [publicUrl()], []), publicUrl });
  const server = new WebServer({ log: silentLog, metrics: new Metrics(), routes, upgrades: [] });
  const url = `http://127.0.0.1:${await server.listen(0, '127.0.0.1')}`;
  try {
    for (const name of ['widget.html', 'widget.html.gz']) rmSync(join(folder, name));
    await expect(fetch(`${url}/widget`).then((answer) => answer.text())).rejects.toThrow();
    expect((await fetch(`${url}/widget.js`)).status).toBe(200);
  } finally {
    await server.close();
    rmSync(folder, { recursive: true });
  }
});
