import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Note, note } from '../../../bot/conversations/conversation.ts';
import { dataKeys } from '../../../bot/store/data-keys.ts';
import { openStore } from '../../../bot/store/open-store.ts';
import { partitionOf } from '../../../bot/store/store.ts';
import { runCommand, runHere } from '../../support/command.ts';

const folder = mkdtempSync(join(tmpdir(), 'filing-notes-'));
const secret = randomBytes(32);
const at = Date.UTC(2026, 10, 27, 4);
const notes: Note[] = [
  { kind: 'call-back', at, about: 'unknown-notice', contact: '13812345678', said: '粤ICP备12345678号被退回，证件11010519491231002X' },
  { kind: 'call-back', at, about: 'needs-person', contact: '微信 chenxm', caseNumber: 'BA-20261127-4829153' },
];

beforeAll(async () => {
  const store = await openStore({ dataDir: folder, redis: undefined }, dataKeys([secret]), 'serve');
  for (const each of notes) await store.apply(partitionOf('c'), { operations: note('c', each) });
  await store.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

const circumstances = { cwd: folder, env: { DATA_DIR: folder, DATA_KEYS: secret.toString('base64') } };

it('npm run notes shows how to reach customers only when told to, and certificate numbers never', async () => {
  const { said: covered } = await runCommand('notes', ['--kind', 'call-back'], circumstances);
  expect(covered).toContain('unknown-notice   [11 digits]');
  expect(covered).toContain('needs-person   微***   BA-20261127-4829153');
  expect(covered).not.toMatch(/13812345678|chenxm|12345678号|11010519/);
  const { said: revealed } = await runHere('notes', ['--kind', 'call-back', '--reveal'], circumstances);
  expect(revealed).toContain('13812345678');
  expect(revealed).toContain('粤ICP备12345678号被退回，证件110***********002X');
  expect(revealed).not.toContain('11010519491231002X');
});
