import { Readable } from 'node:stream';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Audit } from '../../../bot/desk/audit.ts';
import type { Desk } from '../../../bot/desk/desk.ts';
import type { AuditLine, CaseView, DisclosureLine, PackagePlan } from '../../../bot/desk/desk-api.ts';
import { consentAsked } from '../../../bot/privacy/consents.ts';
import { Files } from '../../../bot/store/files.ts';
import { partitionOf } from '../../../bot/store/store.ts';
import { fields } from '../../../dialogs/intake/fields.ts';
import type { FilingCase } from '../../../knowledge/filing/filing-case.ts';
import { fieldKeys } from '../../../knowledge/filing/form.ts';
import { type Bench, openBench } from '../../support/conversations.ts';
import { DeskBrowser, type DeskServer, type Failure, goodPassword, invite, serveWholeDesk } from '../../support/desk.ts';
import { sampleCase, sampleDocument, sampleValues, submitted } from '../../support/filing-case.ts';
import { partsBesidePicture } from '../../support/picture-parts.ts';
import { unzip } from '../../support/unzip.ts';
import { rowsIn } from '../../support/workbook.ts';

const idNumber = '11010519491231002X';
const order = { recipient: '某某云计算有限公司', purpose: '代为提交ICP备案' };

/** As a phone takes it: on its side, with the place. */
const photo = sharp({ create: { width: 60, height: 40, channels: 3, background: '#a40' } })
  .withExif({ IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '39/1 54/1 27/1' } })
  .withMetadata({ orientation: 6 });

let bench: Bench;
let desk: DeskServer & Desk;
let agent: DeskBrowser;
let chief: DeskBrowser;
let files: Files;
let file: string;
let number: string;
beforeEach(async () => {
  bench = await openBench();
  desk = await serveWholeDesk(bench);
  agent = await DeskBrowser.invited(desk, await invite(desk.accounts, { login: 'li', name: '李娜' }));
  chief = await DeskBrowser.invited(desk, await invite(desk.accounts, { login: 'wang', name: '王芳', role: 'supervisor' }));
  files = new Files(`${bench.folder}/files`, bench.keys);
  file = (await files.save(Readable.from([await photo.jpeg().toBuffer()]))).name;
  number = await kept('A', { documents: [{ ...sampleDocument(file), kind: 'filer-certificate' }] });
});
afterEach(async () => {
  vi.restoreAllMocks();
  desk.streams.close();
  await desk.close();
  await bench.close();
});

async function kept(conversation: string, more: Partial<FilingCase> = {}, isSubmitted = true): Promise<string> {
  const reserved = await bench.cases.reserve(conversation, 'draft', '2026-11-27');
  const values = { ...sampleValues, accessProvider: '某某云', 'serviceLeader.idNumber': '110105194912310021' };
  const filed = sampleCase(reserved, { values, ...more });
  await bench.cases.save({ conversation, order: [1, 1], case: isSubmitted ? submitted(filed) : filed });
  return reserved;
}

async function consent(purpose: 'general' | 'certificates', conversation = 'A'): Promise<void> {
  const operations = consentAsked(
    { kind: 'recordConsent', purpose, given: true, text: `${purpose}？`, version: 1, caseNumber: number },
    { id: conversation, channel: 'direct-line' },
    bench.store.now(),
  );
  await bench.store.apply(partitionOf(conversation), { operations });
}

const plan = async (browser = chief) => (await browser.get<PackagePlan>(`cases/${number}/package`)).body;
/** Of what was just seen. */
const make = async (what: object = order, browser = chief, of = number) =>
  browser.post<Failure>(`cases/${of}/package`, { digest: (await plan()).digest ?? '', ...what });
const ledger = async (more = '') => (await chief.get<DisclosureLine[]>(`disclosures${more}`)).body;
const audit = async () => new Audit(bench.store).before(undefined, 100);

/** The same, with the bytes that come. */
async function download(): Promise<{ headers: Headers; archive: Buffer }> {
  const cookie = [...chief.cookies].map((pair) => pair.join('=')).join('; ');
  const response = await fetch(`${desk.url}/desk/api/cases/${number}/package`, {
    method: 'POST',
    headers: { cookie, 'x-desk': '1', 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' },
    body: JSON.stringify({ ...order, digest: (await plan()).digest }),
  });
  expect(response.status).toBe(200);
  return { headers: response.headers, archive: Buffer.from(await response.arrayBuffer()) };
}

describe('before a package is made', () => {
  it('it is shown what goes out, what is missing, and under which consent', async () => {
    await consent('general');
    const planned = await plan();
    expect(planned).toMatchObject({
      recipient: '某某云',
      documents: [{ name: '营业执照.jpg' }],
      earlier: [],
      notConsented: ['certificates'],
    });
    expect(planned.fields).toContainEqual({ label: fields['filerLeader.idNumber'].label, covered: true });
    expect(planned.fields).toContainEqual({ label: fields.filerName.label });
    expect(planned.missing).toContain('主体负责人身份证件（人像面）');
    expect(planned.consents).toMatchObject([{ purpose: 'general', version: 1 }]);
    expect(JSON.stringify(planned)).not.toContain(idNumber);
    await consent('certificates');
    expect((await plan()).notConsented).toEqual([]);
    // Looking hands nothing out.
    expect(await ledger()).toEqual([]);
  });

  it('it is shown what was not scanned', async () => {
    number = await kept('B', { documents: [{ ...sampleDocument(file), kind: 'filer-certificate', unscanned: true }] });
    expect((await plan()).documents).toEqual([{ name: '营业执照.jpg', unscanned: true }]);
  });

  it('it is shown to whom the case was handed before', async () => {
    await make();
    await make({ ...order, recipient: '另一家云' });
    expect((await plan()).earlier).toEqual([
      { at: expect.any(Number), by: '王芳 (wang)', recipient: '另一家云' },
      { at: expect.any(Number), by: '王芳 (wang)', recipient: '某某云计算有限公司' },
    ]);
  });

  it.each(['none', 'unsure'])('no recipient is proposed where the customer has named %s', async (accessProvider) => {
    number = await kept('B', { values: { ...sampleValues, accessProvider } });
    expect((await plan()).recipient).toBe('');
  });
});

describe('a package', () => {
  it('is one file with the sheet and the documents, nothing covered, and none of it is kept', async () => {
    const { headers, archive } = await download();
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-type')).toBe('application/zip');
    expect(decodeURIComponent(headers.get('content-disposition') ?? '')).toBe(
      `attachment; filename="${number}.zip"; filename*=UTF-8''备案资料包-${number}.zip`,
    );
    const entries = unzip(archive);
    expect(entries.map(({ name }) => name)).toEqual(['备案资料.xlsx', '营业执照.jpg']);
    const copy = entries[1]?.content ?? Buffer.alloc(0);
    expect(await sharp(copy).metadata()).toMatchObject({ format: 'jpeg', width: 40, height: 60 });
    const rows = rowsIn(entries[0]?.content ?? Buffer.alloc(0));
    expect(rows).toContainEqual(['资料包', '接收方', order.recipient]);
    expect(rows).toContainEqual(['主体负责人', '主体负责人证件号', idNumber]);
    expect(rows).toContainEqual(['服务负责人', '网站负责人证件号', '110105194912310021']);
  });

  it('has its pictures made anew, without the camera and the place, and names them as what they are now', async () => {
    const pdf = Buffer.from('%PDF-1.4 as it was sent');
    const saved = async (content: Buffer) => (await files.save(Readable.from([content]))).name;
    const document = async (contentType: string, content: Buffer) => ({
      ...sampleDocument(await saved(content)),
      contentType,
      kind: 'other',
    });
    number = await kept('B', {
      documents: [
        await document('image/jpeg', await photo.clone().jpeg().toBuffer()),
        await document('image/png', await photo.clone().png().toBuffer()),
        await document('image/webp', await photo.clone().webp().toBuffer()),
        await document('application/pdf', pdf),
      ],
    });
    const [, ...documents] = unzip((await download()).archive);
    expect(documents.map(({ name }) => name.replace(/^.*\./, ''))).toEqual(['jpg', 'png', 'jpg', 'pdf']);
    expect((await plan()).documents.map(({ name }) => name)).toEqual(documents.map(({ name }) => name));
    const formats = ['jpeg', 'png', 'jpeg'];
    for (const [at, format] of formats.entries()) {
      const content = documents[at]?.content ?? Buffer.alloc(0);
      expect(partsBesidePicture(content)).toEqual([]);
      expect((await sharp(content).metadata()).format).toBe(format);
    }
    expect(documents[3]?.content).toEqual(pdf);
  });

  it('is not made, nor recorded, where a picture cannot be made anew, and says which', async () => {
    const { name } = await files.save(Readable.from([(await photo.clone().jpeg().toBuffer()).subarray(0, 500)]));
    number = await kept('B', { documents: [sampleDocument(file), { ...sampleDocument(name), kind: 'filer-certificate' }] });
    const { status, body } = await make();
    expect([status, body]).toEqual([
      409,
      {
        error: expect.objectContaining({ code: 'PictureUnreadable' }),
        reason: '材料“营业执照.jpg”打不开，可能已损坏，请让客户重新发一张',
      },
    ]);
    expect(await ledger()).toEqual([]);
  });

  it('stands in the ledger before its first byte leaves, without anything of a person', async () => {
    await consent('general');
    await consent('certificates');
    let whenLoaded: unknown[] = [];
    const { load } = Files.prototype;
    vi.spyOn(Files.prototype, 'load').mockImplementation(async function (this: Files, name) {
      whenLoaded = await ledger();
      return load.call(this, name);
    });
    await download();
    const keys = fieldKeys.filter((key) => key in { ...sampleValues, accessProvider: '', 'serviceLeader.idNumber': '' });
    const line = {
      position: 1,
      at: expect.any(Number),
      by: 'wang',
      caseNumber: number,
      ...order,
      fields: keys.map((key) => fields[key].label),
      documents: ['主体证件（营业执照、法人证书等）'],
      consents: [
        { purpose: 'general', at: expect.any(Number), version: 1, text: expect.stringMatching(/^[0-9a-f]{64}$/) },
        { purpose: 'certificates', at: expect.any(Number), version: 1, text: expect.stringMatching(/^[0-9a-f]{64}$/) },
      ],
    };
    expect(whenLoaded).toEqual([line]);
    expect(await ledger()).toEqual([line]);
    expect((await audit())[0]).toMatchObject({
      did: 'case-disclosed',
      what: `case:${number}`,
      why: `to ${order.recipient}: ${order.purpose}; ${keys.length} item(s), 1 document(s)`,
    });
    const { body } = await agent.get<CaseView>(`cases/${number}`);
    expect(body.audit.map(({ by, did, what }) => [by, did, what])).toEqual([['王芳 (wang)', 'disclose', order.recipient]]);
    expect(JSON.stringify([await ledger(), await audit(), body.audit])).not.toMatch(/11010519491231002|陈晓明|13812345678/);
  });

  it('that cannot be recorded is not made', async () => {
    const apply = bench.store.apply.bind(bench.store);
    bench.store.apply = async (partition, step) => {
      if (step.operations.some((each) => 'log' in each && each.log === 'desk:disclosures')) throw new Error('no disk');
      return apply(partition, step);
    };
    const { status, headers } = await make();
    expect([status, headers.get('content-type')]).toEqual([500, 'application/json; charset=utf-8']);
    expect([await ledger(), (await audit()).filter(({ did }) => did === 'case-disclosed')]).toEqual([[], []]);
  });

  it('is on the ledger each time that it is made, also after the case was erased', async () => {
    for (let at = 0; at < 3; at += 1) await make();
    await bench.cases.erase(number, 'R1', '小王');
    expect((await ledger()).map(({ caseNumber, position }) => [caseNumber, position])).toEqual([
      [number, 3],
      [number, 2],
      [number, 1],
    ]);
    expect(await ledger('?before=2')).toHaveLength(1);
    expect((await chief.get('disclosures?before=x')).status).toBe(400);
    expect((await make()).body.error.code).toBe('CaseNotComplete');
  });

  it.each<[what: string, more: Partial<FilingCase>, isSubmitted: boolean]>([
    ['the customer still fills in', {}, false],
    ['lacks a certificate number that a person collects', { withheld: ['filerLeader.idNumber'] }, true],
  ])('is not made of a case that %s', async (_, more, isSubmitted) => {
    number = await kept('B', more, isSubmitted);
    for (const { status, body } of [await make(), await chief.get<Failure>(`cases/${number}/package`)]) {
      expect([status, body.error.code]).toEqual([409, 'CaseNotComplete']);
    }
    expect(await ledger()).toEqual([]);
  });

  it.each(['代为提交京ICP备12345678号-1的变更', '核对京ICP证030173号'])('is made for %s: such numbers are public', async (purpose) => {
    expect((await make({ ...order, purpose })).status).toBe(200);
    expect((await ledger())[0]?.purpose).toBe(purpose);
  });

  it('is not made where there is no such case', async () => {
    for (const wrong of ['BA-20261127-4829153', 'nothing', '__proto__']) expect((await make(order, chief, wrong)).status).toBe(404);
  });

  it('is not made where something has come in since it was looked at', async () => {
    const { digest } = await plan();
    const filed = await bench.cases.find(number);
    if (filed)
      await bench.cases.save({ conversation: 'A', order: [1, 2], case: { ...filed, documents: [sampleDocument(file.replace(/./, 'x'))] } });
    const { status, body } = await make({ ...order, digest });
    expect([status, body.error.code]).toEqual([409, 'CaseChanged']);
    expect(await ledger()).toEqual([]);
  });

  it('is not made, nor recorded, where a document is gone', async () => {
    await files.remove([file]);
    const { status, body } = await make();
    expect([status, body.error.code]).toEqual([409, 'DocumentGone']);
    expect(await ledger()).toEqual([]);
  });

  it('that breaks off does not end as if it were whole', async () => {
    const { load } = Files.prototype;
    vi.spyOn(Files.prototype, 'load').mockImplementation(async function (this: Files, name) {
      return (await ledger()).length > 0 ? undefined : load.call(this, name);
    });
    await expect(download()).rejects.toThrow();
    expect(await ledger()).toHaveLength(1);
  });

  it.each<[what: string, order: object, status: number]>([
    ['without a recipient', { purpose: order.purpose }, 400],
    ['to nobody', { ...order, recipient: ' ' }, 400],
    ['to a name without end', { ...order, recipient: '云'.repeat(101) }, 400],
    ['to a name of two lines', { ...order, recipient: '某某云\n另一家' }, 400],
    ['to a name that turns its direction', { ...order, recipient: '某某云\u202e' }, 400],
    ['to a name with what is not to be seen', { ...order, recipient: '某\u200b某云' }, 400],
    ['for nothing', { ...order, purpose: '' }, 400],
    ['for a purpose without end', { ...order, purpose: '备'.repeat(201) }, 400],
    ['with more than was asked', { ...order, fields: ['filerName'] }, 400],
    ['unseen', { ...order, digest: '' }, 409],
    ['to a phone number', { ...order, recipient: '老王 13812345678' }, 422],
    ['for a certificate number', { ...order, purpose: `核对 ${idNumber}` }, 422],
    ['for a number that hides a phone number', { ...order, purpose: '京ICP备13812345678号' }, 422],
  ])('is not made %s', async (_, wrong, status) => {
    expect((await make(wrong)).status).toBe(status);
    expect(await ledger()).toEqual([]);
  });

  it.each(['阿里云计算有限公司', '腾讯云计算（北京）有限责任公司', '华为云', 'Amazon Web Services', '中国电信 天翼云'])(
    'is made for %s',
    async (recipient) => {
      expect((await make({ ...order, recipient })).status).toBe(200);
      expect((await ledger())[0]?.recipient).toBe(recipient);
    },
  );

  it('is not for agents, as numbers that are covered are not', async () => {
    const answers = [
      await make(order, agent),
      await agent.get<Failure>(`cases/${number}/package`),
      await agent.get<Failure>('disclosures'),
    ];
    expect(answers.map(({ status, body }) => [status, body.error.code])).toEqual(Array(3).fill([403, 'RoleNotSufficient']));
  });

  it('is made, ten minutes after its supervisor signed in, when the password is typed anew', async () => {
    bench.advance(10 * 60_000);
    const refused = await make();
    expect([refused.status, refused.body]).toEqual([
      403,
      { error: expect.objectContaining({ code: 'ConfirmationNeeded' }), by: 'password' },
    ]);
    expect(await ledger()).toEqual([]);
    expect((await chief.post('session/confirm', { password: goodPassword })).status).toBe(204);
    expect((await make()).status).toBe(200);
    expect(await ledger()).toHaveLength(1);
  });

  it('is made twenty times in an hour at most, by each supervisor, and who asks for more is on record', async () => {
    const statuses = [];
    for (let at = 0; at < 22; at += 1) statuses.push((await make()).status);
    expect(statuses).toEqual([...Array(20).fill(200), 429, 429]);
    expect(await ledger()).toHaveLength(20);
    expect((await audit()).filter(({ did }) => did === 'case-disclosure-refused')).toHaveLength(2);
    const other = await DeskBrowser.invited(desk, await invite(desk.accounts, { login: 'zhao', role: 'supervisor' }));
    expect((await make(order, other)).status).toBe(200);
  });
});

it('the record of the desk names who handed out what', async () => {
  await make();
  const administrator = await DeskBrowser.invited(desk, await invite(desk.accounts, { login: 'chen', role: 'administrator' }));
  const lines = (await administrator.get<AuditLine[]>('audit')).body;
  expect(lines).toContainEqual(expect.objectContaining({ by: 'wang', did: 'case-disclosed', what: `case:${number}` }));
});
