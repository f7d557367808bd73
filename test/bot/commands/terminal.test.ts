import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../../../bot/paths.ts';
import { greeting, thanksForUseful } from '../../../dialogs/messages.ts';
import { startTestApplication } from '../../support/application.ts';
import { runCommand, runHere, runSource } from '../../support/command.ts';
import { testAgency } from '../../support/customer.ts';
import { realKnowledge } from '../../support/knowledge.ts';

const folder = mkdtempSync(join(tmpdir(), 'filing-terminal-'));
afterAll(() => rmSync(folder, { recursive: true }));

const env = { DATA_DIR: folder, AGENCY_NAME: '晴川', LOG_LEVEL: 'warn' };
const ask = (...parameters: string[]) => runHere('ask', parameters, { cwd: projectRoot, env });
const notes = (...parameters: string[]) => runCommand('notes', parameters, { cwd: projectRoot, env });

it.each(['ask', 'chat', 'knowledge'])('npm run %s runs what is tried here', (name) => {
  const { scripts } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  expect(scripts[name]).toBe(`tsx bot/commands/${name}.ts`);
});

describe('npm run ask', () => {
  it('says what the bot would say, with its source and date', async () => {
    const { code, said } = await runSource('ask', ['备案密码忘了怎么办'], { env });
    expect(code).toBe(0);
    expect(said).toContain('2020年8月17日');
    expect(said).toMatch(/依据：.*\d{4}/);
    expect(said).toMatch(/核对日期：\d{4}-\d\d-\d\d/);
  });

  it('gives the decision for programs', async () => {
    const { said } = await ask('--json', '备案密码忘了怎么办');
    const answer = JSON.parse(said) as Record<string, unknown>;
    expect(Object.keys(answer)).toEqual(['decision', 'results', 'answer']);
    expect(answer).toMatchObject({ ...realKnowledge().match('备案密码忘了怎么办'), answer: expect.stringContaining('2020年8月17日') });
  });

  it('admits what it does not know', async () => {
    expect((await ask('量子计算机怎么修')).said).toContain('没有可靠的资料');
  });

  it('without a question says how to ask one', async () => {
    expect(await ask()).toMatchObject({ code: 2, said: '', complained: expect.stringContaining('npm run ask -- "') });
  });
});

describe('npm run chat', () => {
  it('is a conversation, over the same turns as every channel', async () => {
    const answer = realKnowledge().entry('domain-conflict')?.answer.trim() ?? 'missing';
    const { code, said } = await runSource('chat', [], { env, typed: '域名冲突怎么办\n有用\n\n谢谢\n' });
    expect(code).toBe(0);
    const parts = [greeting({ ...testAgency, name: '晴川' }), answer, thanksForUseful(), '不客气'].map((part) => said.indexOf(part));
    expect(parts).toEqual(parts.toSorted((a, b) => a - b));
    expect(parts).not.toContain(-1);
  });
});

describe('npm run notes', () => {
  it('lists what could not be answered and what customers said of answers, while the server runs', async () => {
    const app = await startTestApplication({ DATA_DIR: folder });
    const session = (await (await fetch(`${app.url}/widget/session`, { method: 'POST' })).json()) as Record<string, string>;
    for (const words of ['我的手机13812345678，量子计算机怎么修', '域名冲突怎么办', '没用']) {
      await fetch(`${app.url}/v3/directline/conversations/${session.conversationId}/activities`, {
        method: 'POST',
        headers: { authorization: `Bearer ${session.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ type: 'message', from: { id: session.userId }, text: words }),
      });
    }
    const { said } = await notes();
    const misses = await runHere('notes', ['--kind', 'miss', '--json'], { cwd: projectRoot, env });
    await app.stop();
    expect(said).toMatch(/miss .*量子计算机怎么修/);
    expect(said).toMatch(/feedback .*not useful: domain-conflict/);
    expect(said).not.toContain('13812345678');
    expect(
      misses.said
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).kind),
    ).toEqual(['miss']);
  });
});
