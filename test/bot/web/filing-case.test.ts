import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PresentedActivity } from '../../../bot/channels/direct-line/presenter.ts';
import { dataKeys } from '../../../bot/store/data-keys.ts';
import * as wording from '../../../dialogs/intake/wording.ts';
import type { FieldKey, Values } from '../../../knowledge/filing/form.ts';
import { wordsFor } from '../../support/applicant.ts';
import { testSecret } from '../../support/application.ts';
import { runCommand } from '../../support/command.ts';
import { dumpStore } from '../../support/dump-store.ts';
import { freePort, type ServerProcess, startServerProcess } from '../../support/server-process.ts';
import { lowContrasts, sidewaysScroll, smallTargets } from './measures.ts';
import { Browsing, eventually, press, type Visitor } from './visitor.ts';

const browsing = new Browsing();
const dataDir = mkdtempSync(join(tmpdir(), 'filing-case-'));
const key = randomBytes(32);
const logged: string[] = [];
let environment: Record<string, string>;
let server: ServerProcess;

beforeAll(async () => {
  const port = String(await freePort());
  environment = { DATA_DIR: dataDir, DATA_KEYS: key.toString('base64'), PORT: port, LOG_LEVEL: 'trace', AGENCY_NAME: '晴川备案' };
  await start();
});
afterAll(async () => {
  await server.kill('SIGTERM');
  rmSync(dataDir, { recursive: true });
});

const stored = () => dumpStore(join(dataDir, 'store'), dataKeys([key]));

async function start(): Promise<void> {
  server = await startServerProcess(environment);
  for (const stream of [server.process.stdout, server.process.stderr]) stream?.on('data', (chunk: Buffer) => logged.push(String(chunk)));
}

/** A person who does not exist. */
const person = {
  name: '欧阳青禾',
  mobile: '13812340017',
  emergencyMobile: '13712340029',
  idNumber: '11010519491231002X',
  email: 'ouyang.qinghe@example.com',
  newEmail: 'qinghe.beian@example.com',
  password: 'Qinghe#2026',
  address: '广东省广州市天河区云栖大街88号2层201室',
};
const answers: Values = {
  filerKind: 'enterprise',
  contactMobile: `${person.name} ${person.mobile}`,
  filerDocumentAddress: person.address,
  filerAddress: '一样',
  'filerLeader.name': person.name,
  'filerLeader.idNumber': person.idNumber,
  'filerLeader.mobile': '一样',
  'filerLeader.emergencyMobile': person.emergencyMobile,
  'filerLeader.email': person.email,
};
const traces = [...Object.values(person), '云栖大街', 'ouyang'];

interface Conversation {
  visitor: Visitor;
  id: string;
  /** Items that were asked for, in order. */
  asked: FieldKey[];
}

async function activitiesOf({ id }: Pick<Conversation, 'id'>): Promise<PresentedActivity[]> {
  const headers = { authorization: `Bearer ${testSecret}` };
  const response = await fetch(`${server.url}/v3/directline/conversations/${id}/activities`, { headers });
  return ((await response.json()) as { activities: PresentedActivity[] }).activities;
}

async function lastSaid(conversation: Conversation) {
  const last = (await activitiesOf(conversation)).findLast(({ from }) => from.role === 'bot');
  return { ...last?.channelData?.filing, choices: last?.suggestedActions?.actions.map(({ value }) => value) ?? [] };
}

/** Answers as somebody with a finger does: presses where there is a button, types elsewhere. */
async function reply(conversation: Conversation, words: string): Promise<void> {
  const { visitor } = conversation;
  const choice = visitor.lastAnswer.getByRole('button', { name: words, exact: true });
  const picked = visitor.lastAnswer.getByRole('button', { name: '选好了', exact: true });
  const isSeveral = (await picked.count()) > 0;
  await visitor.answerAfter(async () => {
    if ((await choice.count()) === 0) return visitor.says(words);
    await press(choice);
    // Where several may be picked, they are sent together.
    if (isSeveral) await press(picked);
  });
}

function wordsAfter({ kind, field, choices }: Awaited<ReturnType<typeof lastSaid>>): string {
  if ((kind === 'ask' || kind === 'refuse') && field)
    return wordsFor(field as FieldKey, answers, { filerKind: 'enterprise', serviceKind: 'website' });
  const [first] = choices.filter((label) => label !== '备案过别的');
  if (first === undefined) throw new Error(`Nothing to answer to ${kind}.`);
  return first;
}

/** Fills the form in until an item is asked for, or until something else than a question or a consent comes. */
async function fillsIn(conversation: Conversation, until?: FieldKey): Promise<void> {
  for (let turn = 0; turn < 60; turn += 1) {
    const last = await lastSaid(conversation);
    if (last.field !== undefined && last.field === until) return;
    if (last.kind === 'summary' && until === undefined) return;
    if (last.field !== undefined) conversation.asked.push(last.field as FieldKey);
    await reply(conversation, wordsAfter(last));
  }
  throw new Error(`The form does not come to ${until ?? 'an end'}.`);
}

async function looksGood(visitor: Visitor): Promise<void> {
  expect(await visitor.inChat(lowContrasts)).toEqual([]);
  expect(await visitor.inChat(sidewaysScroll)).toEqual([]);
  expect(await visitor.inChat(smallTargets)).toEqual([]);
}

/** `npm run cases`, beside the server. */
async function cases(...parameters: string[]): Promise<string> {
  return (await runCommand('cases', parameters, { cwd: dataDir, env: environment })).said;
}

it('a company files from a phone, from the wish to the erasure, through reloads, a crash, and the work of the staff', {
  timeout: 120_000,
}, async () => {
  // The server goes away in between: what the browser reports of that is no fault.
  const visitor = await browsing.visitor(server.url, { device: 'phone', troubled: true });
  await visitor.opens();
  const { session } = await visitor.inChat(
    () => JSON.parse(sessionStorage.getItem('filing-widget') ?? '{}') as { session: { conversationId: string } },
  );
  const conversation: Conversation = { visitor, id: session.conversationId, asked: [] };
  await visitor.asks('帮我备案');
  await looksGood(visitor);

  await fillsIn(conversation, 'creditCode');
  const before = await visitor.transcript();
  await visitor.page.reload();
  await visitor.opens();
  await eventually(async () => expect(await visitor.transcript()).toEqual(before));
  await fillsIn(conversation, 'filerLeader.mobile');
  // What nobody wants is not kept, either.
  await visitor.asks(`工信部的密码是${person.password}`);
  await eventually(async () => expect(await visitor.ownMessages.last().locator('.bubble').textContent()).toBe('工信部的密码是******'));
  await looksGood(visitor);
  await server.kill('SIGKILL');
  await start();
  await fillsIn(conversation);
  expect(conversation.asked).toEqual([...new Set(conversation.asked)]);
  expect(conversation.asked).toContain('filerLeader.idNumber');

  // The summary, and one line of it changed.
  await looksGood(visitor);
  expect(await visitor.lastAnswer.getByRole('button', { name: '改主体负责人证件号：110***********002X' }).count()).toBe(1);
  await visitor.answerAfter(() => press(visitor.lastAnswer.getByRole('button', { name: '改主体负责人邮箱' })));
  await visitor.asks(person.newEmail);
  expect(await visitor.lastAnswer.locator('dd', { hasText: 'q***@example.com' }).count()).toBe(1);
  await reply(conversation, wording.submitLabel);
  const number = (await visitor.lastAnswer.locator('.case-number strong').textContent()) ?? '';
  expect(number).toMatch(/^BA-\d{8}-\d{7}$/);
  await looksGood(visitor);

  // The documents: a list to print, and the first of them.
  const [checklist] = await Promise.all([
    visitor.context.waitForEvent('page'),
    press(visitor.lastAnswer.getByRole('link', { name: '打印清单' })),
  ]);
  await checklist.getByText('营业执照').first().waitFor();
  await checklist.close();
  const picture = sharp({ create: { width: 1200, height: 800, channels: 3, background: '#a40' } });
  await visitor.picks({ name: `${person.name}营业执照.jpg`, mimeType: 'image/jpeg', buffer: await picture.jpeg().toBuffer() });
  await visitor.answerAfter(() => press(visitor.chat.getByRole('button', { name: '发送', exact: true })));
  await looksGood(visitor);
  await reply(conversation, '营业执照');
  expect(await visitor.lastAnswer.textContent()).toContain('营业执照');
  await eventually(async () => expect(await cases('show', number)).toMatch(/document .* filer-certificate .*营业执照\.jpg/));

  // Staff work; the customer looks on.
  await visitor.answerAfter(async () => {
    expect(await cases('set-state', number, 'submitted', '--note', '资料齐全', '--by', '小王')).toContain('the customer is told');
  });
  expect(await visitor.lastAnswer.textContent()).toMatch(/已报给接入商.*资料齐全/s);
  await looksGood(visitor);

  const elsewhere = await browsing.visitor(server.url);
  await elsewhere.opens();
  for (const words of ['我的备案到哪了', number, person.mobile.slice(-4), person.idNumber.slice(-6)]) await elsewhere.asks(words);
  expect(await elsewhere.lastAnswer.textContent()).toContain('已报给接入商');
  expect(await elsewhere.lastAnswer.textContent()).toContain(number);
  await looksGood(elsewhere);
  await elsewhere.page.close(); // before the server goes away

  // While it lasts, nothing of the person stays in the browser, or is in the log, and the number on the certificate nowhere where people read.
  expect(JSON.stringify(await activitiesOf(conversation))).not.toMatch(new RegExp(`${person.idNumber}|${person.password}`));
  expect(traces.filter((trace) => logged.join('').includes(trace))).toEqual([]);
  const inBrowser = await visitor.inChat(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.cookie]));
  expect(inBrowser).toContain(conversation.id);
  expect(traces.filter((trace) => inBrowser.includes(trace))).toEqual([]);
  expect((await stored()).filter((row) => row.includes(person.password))).toEqual([]);

  await visitor.page.bringToFront();
  await visitor.asks('删除我的信息');
  await reply(conversation, (await lastSaid(conversation)).choices[0] ?? '');
  await eventually(async () => expect(await cases('show', number)).toContain('erased'));
  await eventually(() => expect(readdirSync(join(dataDir, 'files'))).toEqual([]));
  await server.kill('SIGTERM');
  const left = [...(await stored()), ...logged];
  expect(traces.flatMap((trace) => left.filter((line) => line.includes(trace)))).toEqual([]);
});
