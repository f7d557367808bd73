import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cases } from '../../../bot/cases/cases.ts';
import { Conversations } from '../../../bot/conversations/conversations.ts';
import { dataKeys } from '../../../bot/store/data-keys.ts';
import { Files } from '../../../bot/store/files.ts';
import { openStore } from '../../../bot/store/open-store.ts';
import { formatCaseNumber } from '../../../knowledge/filing/case-number.ts';
import type { CaseDocument } from '../../../knowledge/filing/filing-case.ts';
import { testSecret } from '../../support/application.ts';
import { type Ran, runCommand, runHere } from '../../support/command.ts';
import { dumpStore } from '../../support/dump-store.ts';
import { sampleCase, sampleDocument, sampleValues, submitted } from '../../support/filing-case.ts';
import { partsBesidePicture } from '../../support/picture-parts.ts';
import { type ServerProcess, startServerProcess } from '../../support/server-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'filing-cases-'));
const secret = randomBytes(32);
const keys = dataKeys([secret]);
const environment = { DATA_DIR: join(folder, 'data'), DATA_KEYS: secret.toString('base64') };
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs `npm run cases`, as far as it is not a process that counts. */
function run(parameters: string[], changed: { DATA_DIR?: string } = {}): Promise<Ran> {
  return runHere('cases', parameters, { cwd: folder, env: { ...environment, ...changed } });
}

/** Runs it as a process, which can be killed. */
function runApart(parameters: string[], killAfter?: number): Promise<Ran> {
  return runCommand('cases', parameters, { cwd: folder, env: environment, ...(killAfter !== undefined && { killAfter }) });
}

/** Does something with the store from this process, as one more beside those that have it open. */
async function within<R>(work: (cases: Cases, files: Files, conversations: Conversations) => Promise<R>): Promise<R> {
  const place = { dataDir: environment.DATA_DIR, redis: undefined };
  // The first to come brings it to the version of this program, as the bot would.
  if (!existsSync(join(environment.DATA_DIR, 'store'))) await (await openStore(place, keys, 'serve')).close();
  const store = await openStore(place, keys, 'look');
  const files = new Files(join(environment.DATA_DIR, 'files'), keys);
  try {
    return await work(new Cases({ store, files, secrets: [secret], draftDays: 90 }), files, new Conversations(store, new Set()));
  } finally {
    await store.close();
  }
}

const pdf = (words: string) => Buffer.from(`%PDF-1.4 ${words}`);

/** A submitted case of a conversation, with documents; the scanner has not seen the one with the content `unscanned`. */
function keptCase(
  conversation: string,
  draft: string,
  contents: Buffer[] = [pdf('a licence')],
  { unscanned }: { unscanned?: Buffer } = {},
): Promise<string> {
  return within(async (cases, files) => {
    const number = await cases.reserve(conversation, draft, '2026-11-27');
    const documents: CaseDocument[] = [];
    for (const content of contents) {
      const { name } = await files.save(Readable.from([content]));
      documents.push({
        ...sampleDocument(name),
        ...(content.toString('latin1', 0, 5) === '%PDF-' && { contentType: 'application/pdf' }),
        name: '../../执照 11010519491231002X.jpg',
        ...(unscanned?.equals(content) && { unscanned: true }),
      });
    }
    const values = { ...sampleValues, 'onlineService.name': `=cmd|' /C calc'!A0`, filingNumber: '粤ICP备12345678号' };
    await cases.save({ conversation, order: [1, 1], case: submitted(sampleCase(number, { documents, values })) });
    return number;
  });
}

describe('npm run cases, without the bot', () => {
  let number: string;
  beforeAll(async () => {
    number = await keptCase('conversation-1', 'draft-1');
  });

  it('lists and finds cases', async () => {
    expect(await runApart(['list'])).toMatchObject({ code: 0, said: expect.stringContaining(`${number}  ready`), complained: '' });
    expect((await run(['list', '--search', '138 1234 5678', '--state', 'ready', '--province', '广东'])).said).toContain(number);
    expect((await run(['list', '--state', 'approved'])).said).toBe('0 case(s)\n');
    expect(JSON.parse((await run(['list', '--json'])).said)).toMatchObject({ number, state: 'ready', province: '44' });
  });

  it('shows certificate numbers only to somebody with a name, and records it', async () => {
    const covered = await run(['show', number]);
    expect(covered.said).toContain('110***********002X');
    expect(covered.said).not.toContain('11010519491231002X');
    expect(await run(['show', number, '--reveal'])).toMatchObject({ code: 2, said: '', complained: expect.stringContaining('--by NAME') });
    const revealed = await run(['show', number, '--reveal', '--by', '小王']);
    expect(revealed.said).toContain('11010519491231002X');
    expect(revealed.said).toMatch(/audit .* reveal {2}by 小王/);
  });

  it('writes a sheet that computes nothing and covers certificate numbers', async () => {
    const out = join(folder, 'cases.csv');
    expect(await run(['export', '--out', out])).toMatchObject({ code: 0, said: `1 case(s) written to ${out}\n` });
    const sheet = readFileSync(out, 'utf8');
    expect(sheet.startsWith('\uFEFF')).toBe(true);
    expect(sheet).toContain(",'=cmd|' /C calc'!A0,");
    expect(sheet.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(sheet.endsWith('\r\n')).toBe(true);
    expect(statSync(out).mode & 0o777).toBe(0o600);
    expect(sheet).toContain('110***********002X');
    expect(sheet).not.toContain('11010519491231002X');
  });

  it('writes the documents into a folder, under harmless names, and records it', async () => {
    const out = join(folder, 'documents');
    expect((await run(['documents', number, '--out', out])).code).toBe(2);
    expect((await run(['documents', number, '--out', out, '--by', '小王'])).code).toBe(0);
    expect(readdirSync(out)).toEqual(['01-businessLicense-_执照_110_002X.pdf']);
    expect(readFileSync(join(out, '01-businessLicense-_执照_110_002X.pdf'))).toEqual(pdf('a licence'));
    expect((await run(['show', number])).said).toMatch(/read-documents {2}by 小王/);
  });

  it('says which of them the scanner has not seen', async () => {
    const other = await keptCase('conversation-4', 'draft-4', [pdf('seen'), pdf('not seen')], { unscanned: pdf('not seen') });
    const { said } = await run(['documents', other, '--out', join(folder, 'unscanned'), '--by', '小王']);
    expect(said.split('\n').slice(0, 2)).toEqual([
      '01-businessLicense-_执照_110_002X.pdf',
      '02-businessLicense-_执照_110_002X.pdf  not scanned for viruses',
    ]);
  });

  it('writes pictures made anew, and small ones on request', async () => {
    const out = join(folder, 'small');
    const picture = await sharp({ create: { width: 1200, height: 800, channels: 3, background: '#a40' } })
      .withExif({ IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '39/1 54/1 27/1' } })
      .jpeg()
      .toBuffer();
    const other = await keptCase('conversation-3', 'draft-3', [picture, picture.subarray(0, 1000), pdf('one')]);
    const { said } = await run(['documents', other, '--out', out, '--thumbnails', '--by', '小王']);
    expect(said).toContain(
      '02-businessLicense-_执照_110_002X.jpg is not written: the picture cannot be read, ask the customer for another',
    );
    expect(partsBesidePicture(readFileSync(join(out, '01-businessLicense-_执照_110_002X.jpg')))).toEqual([]);
    const small = await sharp(readFileSync(join(out, '01-businessLicense-_执照_110_002X.small.jpg'))).metadata();
    expect([small.width, small.height]).toEqual([320, 213]);
    expect(readdirSync(out)).toHaveLength(3);
  });

  it('says what is wrong with the command, and how it goes', async () => {
    const wrong: [parameters: string[], told: RegExp][] = [
      [[], /^Say what to do/],
      [['constructor'], /^There is no command constructor/],
      [['list', '--frobnicate'], /--frobnicate/],
      [['list', 'ready'], /^ready is too much here: the choices begin with --/],
      [['show', number, '--note', 'x'], /^--note does not go with show/],
      [['set-state', number, 'gone', '--by', '小王'], /^STATE is one of/],
    ];
    const runs = await Promise.all(wrong.map(([parameters]) => run(parameters)));
    for (const [at, ran] of runs.entries()) {
      expect(ran).toMatchObject({ code: 2, said: '' });
      expect(ran.complained).toMatch(wrong[at]?.[1] as RegExp);
      expect(ran.complained).toContain('npm run cases -- …');
    }
    expect(await run(['--help'])).toMatchObject({ code: 0, said: expect.stringContaining('set-state'), complained: '' });
  });

  it('says by itself why a command that is right cannot be carried out', async () => {
    const unknown = formatCaseNumber('2026-11-26', '000000');
    const elsewhere = join(folder, 'elsewhere');
    writeFileSync(join(folder, 'a file'), '');
    const out = join(folder, 'a file', 'cases.csv');
    const [notAllowed, noCase, notErased, notWritten, noStore] = await Promise.all([
      run(['set-state', number, 'approved', '--by', '小王']),
      run(['show', unknown]),
      run(['erase', unknown, '--by', '小王']),
      run(['export', '--out', out]),
      run(['list'], { DATA_DIR: elsewhere }),
    ]);
    const allowed = `${number} is ready; from there it can become submitted, returned, cancelled.\n`;
    expect(notAllowed).toEqual({ code: 1, said: '', complained: allowed });
    expect(noCase).toEqual({ code: 1, said: '', complained: `There is no case ${unknown}.\n` });
    expect(notErased).toMatchObject({ code: 1, said: '' });
    expect(notWritten).toMatchObject({ code: 1, complained: expect.stringContaining(`${out} cannot be written`) });
    expect(noStore).toMatchObject({ code: 1, complained: expect.stringContaining('Is DATA_DIR that of the bot?') });
    expect(existsSync(elsewhere)).toBe(false);
  });

  it('erases a case', async () => {
    const filesBefore = readdirSync(join(environment.DATA_DIR, 'files')).length;
    const other = await keptCase('conversation-1', 'draft-2');
    expect((await run(['erase', other, '--by', '小王'])).said).toMatch(/is erased; receipt [0-9A-F]{10}/);
    expect((await run(['erase', other, '--by', '小王'])).complained).toContain('erased before');
    expect(readdirSync(join(environment.DATA_DIR, 'files'))).toHaveLength(filesBefore);
    expect((await run(['show', other])).said).toMatch(/erased/);
  });
});

describe('npm run cases, beside a bot that serves', () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await startServerProcess({ ...environment, PORT: '0' });
  });
  afterAll(() => server.kill('SIGTERM'));

  async function call(method: string, path: string, body?: object): Promise<{ conversationId: string; activities: { text?: string }[] }> {
    const response = await fetch(`${server.url}/v3/directline${path}`, {
      method,
      headers: { authorization: `Bearer ${testSecret}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    return (await response.json()) as { conversationId: string; activities: { text?: string }[] };
  }
  const begin = async () => (await call('POST', '/conversations', { user: { id: 'dl_visitor' } })).conversationId;
  const mentions = async (id: string, number: string) =>
    (await call('GET', `/conversations/${id}/activities`)).activities.filter(({ text: said = '' }) => said.includes(number));

  it('tells the customer once, though it is killed and run again, and the bot answers others meanwhile', async () => {
    const id = await begin();
    const number = await keptCase(id, 'draft');
    let talking = true;
    const chatter = (async () => {
      const other = await begin();
      let said = 0;
      for (; talking; said += 1) {
        await call('POST', `/conversations/${other}/activities`, { type: 'message', from: { id: 'dl_visitor' }, text: '谢谢' });
      }
      return said;
    })();
    const set = ['set-state', number, 'returned', '--note', '照片不清楚', '--by', '小王'];
    for (const killAfter of [500, 900, 1300, 1700, 2100]) await runApart(set, killAfter);
    const ended = await runApart(set);
    expect(ended.complained).toBe('');
    expect(ended.said).toMatch(/is returned now|was returned already/);
    await expect.poll(() => mentions(id, number), { timeout: 10_000 }).toHaveLength(1);
    talking = false;
    expect(await chatter).toBeGreaterThan(10);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(await mentions(id, number)).toHaveLength(1);
    expect((await mentions(id, number))[0]?.text).toContain('照片不清楚');
    expect(await within((cases) => cases.audit(number))).toHaveLength(1);
  });

  it('tells it at the next start when the bot is not running', async () => {
    const id = await begin();
    const number = await keptCase(id, 'draft');
    await server.kill('SIGKILL');
    expect((await runApart(['set-state', number, 'submitted', '--by', '小王'])).code).toBe(0);
    server = await startServerProcess({ ...environment, PORT: '0' });
    await expect.poll(() => mentions(id, number), { timeout: 10_000 }).toHaveLength(1);
  });

  it('hides certificate numbers from the transcript, and from the log', async () => {
    const id = await begin();
    const said: string[] = [];
    server.process.stdout?.on('data', (chunk: Buffer) => said.push(chunk.toString()));
    await call('POST', `/conversations/${id}/activities`, {
      type: 'message',
      from: { id: 'dl_visitor' },
      text: '我的身份证是１１０１０５１９４９１２３１００２Ｘ',
    });
    await expect.poll(async () => (await call('GET', `/conversations/${id}/activities`)).activities.length).toBeGreaterThan(1);
    const { activities } = await call('GET', `/conversations/${id}/activities`);
    expect(activities.some(({ text: kept }) => kept === '我的身份证是110***********002X')).toBe(true);
    const rows = (await dumpStore(join(environment.DATA_DIR, 'store'), keys)).filter((row) => row.includes(id));
    expect([...rows, ...said, JSON.stringify(activities)].filter((line) => /１１０１０５|11010519491231/.test(line))).toEqual([]);
  });
});
