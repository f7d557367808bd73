import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Cases } from '../../../bot/cases/cases.ts';
import { dataKeys } from '../../../bot/store/data-keys.ts';
import { openStore } from '../../../bot/store/open-store.ts';
import { startTestApplication, testSecret } from '../../support/application.ts';
import { type Ran, runCommand, runHere } from '../../support/command.ts';
import { sampleCase, sampleDocument, submitted } from '../../support/filing-case.ts';
import { type RedisServer, startRedis } from '../../support/redis.ts';
import { startServerProcess } from '../../support/server-process.ts';
import { type Activity, type Body, png } from '../channels/direct-line/client.ts';

const folder = mkdtempSync(join(tmpdir(), 'filing-store-'));
const secret = randomBytes(32);
const DATA_KEYS = secret.toString('base64');
let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
/** A bot that serves. */
interface Serving {
  url: string;
  /** Once, and no more when it is stopped already. */
  stop(): Promise<unknown>;
}

const started: Serving[] = [];
afterEach(() => Promise.all(started.splice(0).map((server) => server.stop())));
afterAll(async () => {
  await redis.stop();
  rmSync(folder, { recursive: true });
});

const at = (name: string) => join(folder, name);

type Environment = { DATA_DIR: string } & Record<string, string>;

async function start(environment: Environment): Promise<Serving> {
  const application = await startTestApplication({ DATA_KEYS, ...environment });
  let stopped: Promise<void> | undefined;
  const server = {
    url: application.url,
    stop: () => {
      stopped ??= application.stop();
      return stopped;
    },
  };
  started.push(server);
  return server;
}

/** As a process of its own, which is another than that of the commands. */
async function startApart(environment: Environment): Promise<Serving> {
  const { url, kill } = await startServerProcess({ PORT: '0', DATA_KEYS, ...environment });
  const server = { url, stop: () => kill('SIGTERM') };
  started.push(server);
  return server;
}

const circumstances = (environment: Environment) => ({
  cwd: folder,
  env: { DATA_KEYS, DIRECT_LINE_SECRET: testSecret, ...environment },
});

/** Runs one of the commands of operations, as far as it is not a process that counts. */
function run(name: 'store' | 'cases' | 'notes', parameters: string[], environment: Environment): Promise<Ran> {
  return runHere(name, parameters, circumstances(environment));
}

const sums = ({ said }: Ran) => [...said.matchAll(/summed: ([0-9a-f]{64})/g)].map(([, sum]) => sum);

/** A visitor, whose bot moves from place to place. */
class Visitor {
  server: Serving;
  id = '';

  constructor(server: Serving) {
    this.server = server;
  }

  async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Body> {
    const response = await fetch(`${this.server.url}/v3/directline/conversations${path}`, {
      method,
      headers: { authorization: `Bearer ${testSecret}`, 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: body instanceof Uint8Array ? body : JSON.stringify(body) }),
    } as RequestInit);
    expect(response.ok, `${method} ${path}: ${response.status}`).toBe(true);
    return (await response.json()) as Body;
  }

  async begin(): Promise<void> {
    this.id = (await this.call('POST', '', { user: { id: 'dl_visitor' } })).conversationId;
  }

  async transcript(): Promise<Activity[]> {
    const { activities } = await this.call('GET', `/${this.id}/activities`);
    return activities;
  }

  /** Says something and gives the text of what the bot answers. */
  async says(text: string): Promise<string> {
    const { id } = await this.call('POST', `/${this.id}/activities`, { type: 'message', from: { id: 'x' }, text });
    return this.#answerTo(id);
  }

  async uploads(content: Buffer): Promise<{ file: string; url: string }> {
    const headers = { 'content-type': 'image/png', 'content-disposition': 'name="file"; filename="a.png"' };
    const { id } = await this.call('POST', `/${this.id}/upload`, content, headers);
    await this.#answerTo(id);
    const url = await this.addressOfUpload();
    return { file: /files\/([\w-]{32})/.exec(url)?.[1] ?? '', url };
  }

  async addressOfUpload(): Promise<string> {
    return (await this.transcript()).flatMap(({ attachments = [] }) => attachments)[0]?.contentUrl ?? '';
  }

  async #answerTo(id: string): Promise<string> {
    for (;;) {
      const replies = (await this.transcript()).filter(({ replyToId }) => replyToId === id);
      if (replies.length > 0) return replies.map(({ text }) => text).join('\n');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** A submitted case of the conversation, with its upload as a document. */
async function openCase(dataDir: string, conversation: string, file: string): Promise<string> {
  const store = await openStore({ dataDir, redis: undefined }, dataKeys([secret]), 'look');
  const cases = new Cases({ store, files: { remove: async () => undefined }, secrets: [secret], draftDays: 90 });
  const number = await cases.reserve(conversation, 'draft', '2026-11-27');
  await cases.save({ conversation, order: [1, 1], case: submitted(sampleCase(number, { documents: [sampleDocument(file)] })) });
  await store.close();
  return number;
}

describe('npm run store', () => {
  it('moves a bot by backup, restoration and copies, and it goes on as if nothing had been', { timeout: 240_000 }, async () => {
    const visitor = new Visitor(await startApart({ DATA_DIR: at('one') }));
    await visitor.begin();
    await visitor.says('备案要多久');
    await visitor.says('有用');
    const { file, url } = await visitor.uploads(png);
    expect(Buffer.from(await (await fetch(url)).arrayBuffer()).equals(png)).toBe(true);
    const number = await openCase(at('one'), visitor.id, file);
    await visitor.says('帮我办首次备案');
    const question = await visitor.says('同意');

    /** After each move, at the new place: all is as it was, and goes on. */
    async function goesOn(environment: Environment, before: Activity[], words: string, expected: RegExp): Promise<void> {
      visitor.server = await start(environment);
      const withoutUrls = (activities: readonly Activity[]) => activities.map(({ attachments: _, ...rest }) => rest);
      expect(withoutUrls(await visitor.transcript())).toEqual(withoutUrls(before));
      expect(await visitor.says(words)).toMatch(expected);
      expect(Buffer.from(await (await fetch(await visitor.addressOfUpload())).arrayBuffer()).equals(png)).toBe(true);
      expect((await run('cases', ['list'], environment)).said).toContain(number);
      expect((await run('notes', ['--kind', 'feedback'], environment)).said).toContain('useful');
    }

    // While the bot runs.
    const backup = await runCommand('store', ['backup', '--out', at('backup')], circumstances({ DATA_DIR: at('one') }));
    expect(backup).toMatchObject({ code: 0, complained: '' });
    expect(backup.said).toMatch(/records \d+, log entries \d+.*files 1\n/);
    let before = await visitor.transcript();
    const copyOfLiving = await run('store', ['copy', '--from', at('one'), '--to', redis.url], { DATA_DIR: at('one') });
    expect(copyOfLiving).toMatchObject({ code: 1, complained: expect.stringContaining('in use by another process') });
    await visitor.server.stop();

    const restored = await runCommand('store', ['restore', '--in', at('backup')], circumstances({ DATA_DIR: at('two') }));
    expect(restored).toMatchObject({ code: 0, complained: '' });
    expect(sums(restored)).toEqual(sums(backup));
    await goesOn({ DATA_DIR: at('two') }, before, '继续', new RegExp(question.split('\n').at(-1)?.slice(0, 4) ?? 'nothing'));
    const told = await run('cases', ['set-state', number, 'submitted', '--note', '资料齐全', '--by', '小王'], { DATA_DIR: at('two') });
    expect(told.said).toContain('the customer is told');
    await expect.poll(async () => (await visitor.transcript()).at(-1)?.text, { timeout: 10_000 }).toContain('资料齐全');
    before = await visitor.transcript();
    await visitor.server.stop();

    const onRedis = { DATA_DIR: at('two'), REDIS_URL: redis.url };
    const there = await run('store', ['copy', '--from', 'DATA_DIR', '--to', 'REDIS_URL'], onRedis);
    expect(there).toMatchObject({ code: 0, complained: '', said: expect.stringContaining('The copy has everything') });
    expect(new Set(sums(there)).size).toBe(1);
    await goesOn(onRedis, before, '备案密码忘了怎么办', /密码/);
    const copyFromLiving = await run('store', ['copy', '--from', redis.url, '--to', at('three')], onRedis);
    expect(copyFromLiving).toMatchObject({ code: 1, complained: expect.stringMatching(/1 instance\(s\).* serves from it: stop all/) });
    const backupOfLiving = await run('store', ['backup', '--out', at('other')], onRedis);
    expect(backupOfLiving).toMatchObject({ code: 1, complained: expect.stringContaining('serves from it') });
    expect(existsSync(at('other'))).toBe(false);
    before = await visitor.transcript();
    await visitor.server.stop();

    const again = await run('store', ['copy', '--from', 'DATA_DIR', '--to', 'REDIS_URL'], onRedis);
    expect(again).toMatchObject({ code: 1, said: '', complained: 'The destination is not empty. Nothing was changed.\n' });
    const ofRedis = await run('store', ['backup', '--out', at('of-redis')], onRedis);
    const back = await run('store', ['restore', '--in', at('of-redis')], { DATA_DIR: at('three') });
    expect([ofRedis.code, back.code, sums(back)]).toEqual([0, 0, sums(ofRedis)]);
    await goesOn({ DATA_DIR: at('three') }, before, '继续', new RegExp(question.split('\n').at(-1)?.slice(0, 4) ?? 'nothing'));
  });

  it('tells how much is encrypted with which key', async () => {
    const server = await start({ DATA_DIR: at('keyed') });
    const visitor = new Visitor(server);
    await visitor.begin();
    await visitor.uploads(png);
    const id = dataKeys([secret]).current.id;
    const told = await run('store', ['keys'], { DATA_DIR: at('keyed') });
    expect(told.said).toMatch(new RegExp(`${id} +\\d+ +1 +the first of DATA_KEYS`));
    const other = randomBytes(32);
    const both = await run('store', ['keys'], { DATA_DIR: at('keyed'), DATA_KEYS: `${other.toString('base64')},${DATA_KEYS}` });
    expect(both.said).toMatch(new RegExp(`${dataKeys([other]).current.id} +0 +0 +the first.*\n${id} .*still needed`));
    const without = await run('store', ['keys'], { DATA_DIR: at('keyed'), DATA_KEYS: other.toString('base64') });
    expect(without).toMatchObject({ code: 1, said: expect.stringMatching(new RegExp(`${id} .*NOT in DATA_KEYS`)) });
  });

  it('tells when an older key is needed no longer; then it can be taken away', { timeout: 120_000 }, async () => {
    const environment = { DATA_DIR: at('rotated') };
    const visitor = new Visitor(await start(environment));
    await visitor.begin();
    await visitor.says('备案要多久');
    const { file } = await visitor.uploads(png);
    const number = await openCase(at('rotated'), visitor.id, file);
    await visitor.server.stop();
    const [newer, foreign] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
    await expect(start({ ...environment, DATA_KEYS: newer })).rejects.toThrow(
      /^The stored data was encrypted with the key [0-9a-f]{8}, which DATA_KEYS does not contain: add that key to the list/,
    );

    const both = { ...environment, DATA_KEYS: `${newer},${DATA_KEYS}` };
    visitor.server = await start(both);
    await visitor.says('谢谢');
    const isNeeded = async () => (await run('store', ['keys'], both)).said.includes('still needed');
    await expect.poll(isNeeded, { timeout: 60_000 }).toBe(false);
    expect((await run('store', ['keys'], both)).said).toMatch(/ 0 +0 +an older one of DATA_KEYS, no longer needed/);
    await visitor.server.stop();

    const only = { ...environment, DATA_KEYS: newer };
    visitor.server = await start(only);
    expect((await visitor.transcript()).map(({ text }) => text)).toContain('备案要多久');
    expect(await visitor.says('备案密码忘了怎么办')).toContain('密码');
    expect(Buffer.from(await (await fetch(await visitor.addressOfUpload())).arrayBuffer()).equals(png)).toBe(true);
    expect((await run('cases', ['list', '--search', '13812345678'], only)).said).toContain(number);
    await visitor.server.stop();
    for (const wrong of [DATA_KEYS, foreign])
      await expect(start({ ...environment, DATA_KEYS: wrong })).rejects.toThrow(/which DATA_KEYS does not/);
  });

  it('says what is wrong with the command, and how it goes', async () => {
    const environment = { DATA_DIR: at('nowhere') };
    const wrong: [parameters: string[], told: RegExp][] = [
      [[], /^Say what to do/],
      [['move'], /^There is no command move/],
      [['copy', '--from', 'x'], /^Give --to PLACE/],
      [['copy', '--from', 'x', '--to', 'redis://h/x'], /number of a database/],
      [['copy', '--from', 'REDIS_URL', '--to', 'x'], /^REDIS_URL is not set/],
      [['backup', '--out', 'x', '--in', 'y'], /^--in does not go with backup/],
      [['backup', 'x'], /^x is too much here/],
    ];
    const runs = await Promise.all(wrong.map(([parameters]) => run('store', parameters, environment)));
    for (const [index, ran] of runs.entries()) {
      expect(ran).toMatchObject({ code: 2, said: '' });
      expect(ran.complained).toMatch(wrong[index]?.[1] as RegExp);
      expect(ran.complained).toContain('npm run store -- …');
    }
    const noStore = { code: 1, complained: expect.stringContaining('There is no store in') };
    expect(await run('store', ['backup', '--out', at('x')], environment)).toMatchObject(noStore);
    expect(await run('store', ['keys'], environment)).toMatchObject(noStore);
    expect(await run('store', ['copy', '--from', 'DATA_DIR', '--to', at('y')], environment)).toMatchObject(noStore);
    expect(existsSync(at('nowhere'))).toBe(false);
    expect(await run('store', ['restore', '--in', at('no-file')], environment)).toMatchObject({ code: 1 });
    expect(await run('store', ['--help'], environment)).toMatchObject({ code: 0, said: expect.stringContaining('restore') });
  });
});
