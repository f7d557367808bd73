import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Route } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uploadLimits } from '../../../bot/channels/direct-line/uploads.ts';
import { documentLimits, documentTypes } from '../../../bot/documents/store-document.ts';
import { UploadRefused } from '../../../bot/documents/upload-refused.ts';
import { acceptedTypes, fileCodes, mostBytes, mostFiles, withFiles } from '../../../bot/web/widget/files.ts';
import type { FileRefusal } from '../../../dialogs/message.ts';
import { fileRefused } from '../../../dialogs/messages.ts';
import { startTestApplication, type TestApplication } from '../../support/application.ts';
import { lockedPdf, pages, pdfOf } from '../../support/pdf.ts';
import { infectedPdf, ScriptedScanner } from '../../support/scanner.ts';
import { pngHead, webpHead } from '../channels/direct-line/samples.ts';
import { lowContrasts, sidewaysScroll, smallTargets } from './measures.ts';
import { Browsing, type Device, eventually, everyDevice, type PickedFile, press, type Visitor } from './visitor.ts';

const browsing = new Browsing();
const dataDir = mkdtempSync(join(tmpdir(), 'filing-files-'));
let server: TestApplication;
let licence: PickedFile;
beforeAll(async () => {
  server = await startTestApplication({ DATA_DIR: dataDir });
  const picture = sharp({ create: { width: 1200, height: 800, channels: 3, background: '#a40' } });
  licence = { name: '营业执照.jpg', mimeType: 'image/jpeg', buffer: await picture.jpeg().toBuffer() };
});
afterAll(async () => {
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const pdf = { name: '授权书.pdf', mimeType: 'application/pdf', buffer: pdfOf(pages(1)) };

const attach = (visitor: Visitor) => visitor.chat.getByRole('button', { name: '添加图片或PDF文件' });
const picked = (visitor: Visitor) => visitor.chat.getByRole('list', { name: '要发送的文件' }).getByRole('listitem');
const send = (visitor: Visitor) => visitor.chat.getByRole('button', { name: '发送', exact: true });
const problem = (visitor: Visitor) => visitor.chat.getByRole('alert');
const filesSaid = (visitor: Visitor) => visitor.ownMessages.locator('.file .name').allInnerTexts();
const filesOnDisk = () => readdirSync(join(dataDir, 'files'));

async function visitorWithPanel(device: Device = 'desktop', troubled = false): Promise<Visitor> {
  const visitor = await browsing.visitor(server.url, { device, troubled });
  await visitor.opens();
  return visitor;
}

describe.each(everyDevice)('files on a %s', (device) => {
  it('are picked with a button, shown with their size, and can be taken out again', async () => {
    const visitor = await visitorWithPanel(device);
    expect(await send(visitor).isDisabled()).toBe(true);
    const chooser = visitor.page.waitForEvent('filechooser');
    await press(attach(visitor));
    expect((await chooser).isMultiple()).toBe(true);
    await (await chooser).setFiles([licence, pdf]);
    expect(await picked(visitor).allInnerTexts()).toEqual([
      expect.stringMatching(/^营业执照\.jpg\s+\d+ KB$/),
      expect.stringMatching(/^授权书\.pdf\s+1 KB$/),
    ]);
    await press(visitor.chat.getByRole('button', { name: '不发送营业执照.jpg' }));
    expect(await picked(visitor).count()).toBe(1);
    expect(await attach(visitor).evaluate((button) => button === document.activeElement)).toBe(true);
    await press(send(visitor));
    await eventually(async () => expect(await filesSaid(visitor)).toEqual(['授权书.pdf']));
    expect(await picked(visitor).count()).toBe(0);
  });

  it('go out with what is typed, as one message, and are answered', async () => {
    const visitor = await visitorWithPanel(device);
    await visitor.picks(licence, pdf);
    await visitor.answerAfter(() => visitor.says('这是材料'));
    expect(await visitor.ownMessages.count()).toBe(1);
    expect(await visitor.ownMessages.locator('.bubble').textContent()).toBe('这是材料营业执照.jpg授权书.pdf');
    await visitor.page.reload();
    await visitor.opens();
    await eventually(async () => expect(await filesSaid(visitor)).toEqual(['营业执照.jpg', '授权书.pdf']));
  });

  it('are readable, large enough to press, and within the width, before and after they are sent', async () => {
    const visitor = await visitorWithPanel(device);
    const expectGood = async () => {
      expect(await visitor.inChat(lowContrasts)).toEqual([]);
      expect(await visitor.inChat(sidewaysScroll)).toEqual([]);
      if (device === 'phone') expect(await visitor.inChat(smallTargets)).toEqual([]);
      expect(await visitor.field.evaluate((field) => field.getBoundingClientRect().bottom <= innerHeight)).toBe(true);
    };
    const long = { ...licence, name: `${'IMG_20261127_101112_'.repeat(6)}.jpg` };
    await visitor.picks(licence, long, pdf, { ...licence, name: '主体负责人身份证正面照片（清晰版）最终.jpg' }, pdf);
    await visitor.picks(pdf);
    await expectGood();
    await visitor.page.setViewportSize({ width: 320, height: 568 });
    await expectGood();
    await press(send(visitor));
    await eventually(async () => expect(await filesSaid(visitor)).toHaveLength(5));
    await expectGood();
  });
});

describe('what cannot be sent is told before it is', () => {
  const png = (name: string, bytes = 1000): PickedFile => ({ name, mimeType: 'image/png', buffer: Buffer.alloc(bytes, 1) });

  it.each([
    [
      'another type',
      [{ name: '说明.docx', mimeType: 'application/msword', buffer: Buffer.from('x') }],
      /“说明\.docx”不能发送：只支持JPG、PNG、WebP图片和PDF文件/,
    ],
    ['a moving picture', [{ name: 'a.gif', mimeType: 'image/gif', buffer: Buffer.from('GIF89a') }], /“a\.gif”不能发送/],
    ['too large a file', [png('大.png', 10 * 1024 * 1024 + 1)], /“大\.png”有10\.0 MB，超过了10 MB/],
    ['an empty file', [png('空.png', 0)], /“空\.png”是空文件/],
  ])('%s', async (_, files, told) => {
    const visitor = await visitorWithPanel();
    await visitor.picks(...files);
    expect(await problem(visitor).textContent()).toMatch(told);
    expect(await picked(visitor).count()).toBe(0);
    await visitor.field.fill('好的');
    expect(await problem(visitor).count()).toBe(0);
  });

  it('more than five, of which five stay', async () => {
    const visitor = await visitorWithPanel();
    await visitor.picks(...['1', '2', '3'].map((name) => png(`${name}.png`)));
    await visitor.picks(...['4', '5', '6', '7'].map((name) => png(`${name}.png`)));
    expect(await problem(visitor).textContent()).toBe('一次最多发5个文件，多出来的没有添加。');
    expect(await picked(visitor).count()).toBe(5);
  });

  it('by the limits of the server', () => {
    expect([acceptedTypes, mostBytes, mostFiles]).toEqual([documentTypes, documentLimits.bytesPerFile, uploadLimits.files]);
  });

  it('and what the server says of files is told in its words, whatever it is', () => {
    const whys: FileRefusal[] = ['infected', 'unscanned', 'unasked', 'too-much', 'pdf-too-long', 'pdf-locked', 'pdf-unreadable'];
    expect(whys.map((why) => new UploadRefused(why).code).toSorted()).toEqual(fileCodes.toSorted());
  });

  it('by the name, where a phone does not tell the type', () => {
    const files = ['a.JPG', 'b.heic', 'c'].map((name) => new File(['x'], name));
    expect(withFiles([], files).files.map(({ name }) => name)).toEqual(['a.JPG']);
  });
});

describe('what the server does not take is told in its place', () => {
  it.each([
    ['a picture with too many pixels', { name: 'a.png', mimeType: 'image/png', buffer: pngHead(30_000, 30_000) }, /图片的长宽太大了/],
    ['a moving picture', { name: 'a.webp', mimeType: 'image/webp', buffer: webpHead(30, 30, 2) }, /动态图片/],
    ['a damaged picture', { name: 'a.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('ffd8ffe000104a46494600', 'hex') }, /可能已经损坏/],
    ['a program', { name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('MZ\x90\0') }, /只支持JPG、PNG、WebP图片和PDF文件/],
  ])('%s', async (_, file, told) => {
    const visitor = await visitorWithPanel('desktop', true);
    await visitor.picks(file);
    await press(send(visitor));
    await visitor.log.getByText(told).waitFor();
    expect(await visitor.chat.getByRole('button', { name: '发送失败' }).count()).toBe(0);
    await visitor.asks('谢谢');
    // It stays where it was, and the conversation goes on below it.
    expect((await visitor.transcript()).slice(1)).toEqual([`我说：${file.name}`, '我说：谢谢', expect.stringMatching(/^助手说：/)]);
  });

  it('also where something in front of it refuses', async () => {
    const visitor = await visitorWithPanel('desktop', true);
    await visitor.page.route('**/upload?*', (route) => route.fulfill({ status: 413, body: '<html>nginx</html>' }));
    await visitor.picks(licence);
    await press(send(visitor));
    await visitor.log.getByText('没有发出：文件太大').waitFor();
  });
});

it('a PDF document that cannot be used is told of in the words of the server', async () => {
  const visitor = await visitorWithPanel('desktop', true);
  for (const [buffer, why] of [
    [pdfOf(pages(21)), 'pdf-too-long'],
    [lockedPdf(pages(1), '123456'), 'pdf-locked'],
    [Buffer.from('%PDF-1.4'), 'pdf-unreadable'],
  ] as const) {
    await visitor.picks({ ...pdf, buffer });
    await press(send(visitor));
    await visitor.log.getByText(fileRefused(why)).waitFor();
    expect(await visitor.chat.getByRole('button', { name: /重新发送|发送失败/ }).count()).toBe(0);
  }
});

describe('what the server keeps out is told in its words', () => {
  let scanner: ScriptedScanner;
  let strict: TestApplication;
  beforeAll(async () => {
    scanner = await ScriptedScanner.start();
    strict = await startTestApplication({ UPLOADS: 'asked', CLAMAV_ADDRESS: scanner.address, CLAMAV_REQUIRED: 'true' });
  });
  afterAll(async () => {
    await strict.stop();
    await scanner.stop();
  });

  async function filler(...said: string[]): Promise<Visitor> {
    const visitor = await browsing.visitor(strict.url, { device: 'phone', troubled: true });
    await visitor.opens();
    for (const words of said) await visitor.asks(words);
    return visitor;
  }
  const consented = ['帮我办首次备案', '网站', '某某云', '同意'];
  const isInSight = (told: HTMLElement) =>
    told.getBoundingClientRect().bottom <= (told.closest('.log')?.getBoundingClientRect().bottom ?? 0);
  const again = (visitor: Visitor) => visitor.chat.getByRole('button', { name: '重新发送' });

  it('when nobody has asked for it, and it can be sent again once somebody has', async () => {
    const visitor = await filler();
    await visitor.picks(licence);
    await visitor.says('这是执照');
    const told = visitor.log.getByText(fileRefused('unasked'));
    await told.waitFor();
    await eventually(async () => expect([await told.evaluate(isInSight), await again(visitor).evaluate(isInSight)]).toEqual([true, true]));
    expect(await visitor.chat.getByText('正在重新连接').count()).toBe(0);
    expect(await visitor.inChat(lowContrasts)).toEqual([]);
    for (const words of consented) await visitor.asks(words);
    await visitor.answerAfter(() => press(again(visitor)));
    expect(await filesSaid(visitor)).toEqual(['营业执照.jpg']);
    expect(await told.count()).toBe(0);
  });

  it('when the scanner is away: at once, and it can be sent again', async () => {
    const visitor = await filler(...consented);
    scanner.manner = { kind: 'hangs-up', at: 'end' };
    await visitor.picks(licence);
    await press(send(visitor));
    await visitor.log.getByText(fileRefused('unscanned')).waitFor({ timeout: 3_000 });
    scanner.manner = { kind: 'honest' };
    await visitor.answerAfter(() => press(again(visitor)));
    expect(await filesSaid(visitor)).toEqual(['营业执照.jpg']);
  });

  it('when something was found in it: for good', async () => {
    const visitor = await filler(...consented);
    await visitor.picks({ ...pdf, buffer: infectedPdf });
    await press(send(visitor));
    await visitor.log.getByText(fileRefused('infected')).waitFor();
    expect(await visitor.chat.getByRole('button', { name: /重新发送|发送失败/ }).count()).toBe(0);
  });
});

describe('with a bad connection', () => {
  it('an upload whose acknowledgement was lost is there once, and kept once', async () => {
    const visitor = await visitorWithPanel('desktop', true);
    const before = filesOnDisk().length;
    await visitor.page.route(
      '**/upload?*',
      async (route: Route) => {
        await route.fetch();
        await route.abort();
      },
      { times: 1 },
    );
    await visitor.answerAfter(async () => {
      await visitor.picks(licence);
      await press(send(visitor));
    });
    await visitor.asks('谢谢');
    expect(await filesSaid(visitor)).toEqual(['营业执照.jpg']);
    expect(await visitor.ownMessages.count()).toBe(2);
    await eventually(() => expect(filesOnDisk()).toHaveLength(before + 1));
  });

  it('an upload waits for the network, and what was typed after it comes after it', async () => {
    const visitor = await visitorWithPanel('desktop', true);
    await visitor.context.setOffline(true);
    await visitor.picks(licence);
    await press(send(visitor));
    await visitor.says('谢谢');
    await visitor.chat.getByText('恢复连接后自动发送').first().waitFor();
    await visitor.context.setOffline(false);
    await eventually(async () => expect(await visitor.answers.count()).toBe(3));
    expect(await visitor.ownMessages.locator('.bubble').allInnerTexts()).toEqual(['营业执照.jpg', '谢谢']);
  });

  it('an upload that failed can be sent again, with its files', async () => {
    const visitor = await visitorWithPanel('desktop', true);
    await visitor.page.route('**/upload?*', (route) => route.fulfill({ status: 400, json: {} }), { times: 1 });
    await visitor.picks(licence);
    await press(send(visitor));
    await visitor.answerAfter(() => press(visitor.chat.getByRole('button', { name: '发送失败，点此重试' })));
    expect(await filesSaid(visitor)).toEqual(['营业执照.jpg']);
  });

  it('shows how much has gone out', async () => {
    const visitor = await visitorWithPanel();
    const network = await visitor.context.newCDPSession(visitor.page);
    await network.send('Network.enable');
    await network.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: 400_000,
    });
    const noise = { type: 'gaussian' as const, mean: 128, sigma: 60 };
    const buffer = await sharp({ create: { width: 800, height: 600, channels: 3, background: '#888', noise } })
      .png()
      .toBuffer();
    await visitor.picks({ name: '大.png', mimeType: 'image/png', buffer });
    await press(send(visitor));
    const bar = visitor.chat.getByRole('progressbar', { name: '上传进度' });
    await bar.waitFor();
    await visitor.chat.getByText(/已上传[1-9]\d?%/).waitFor();
    await eventually(async () => expect(await visitor.answers.count()).toBe(2));
    expect(await bar.count()).toBe(0);
  });
});

it('no file, and nothing of it, is kept in the browser’s storage while it waits', async () => {
  const visitor = await visitorWithPanel('desktop', true);
  await visitor.page.route('**/upload?*', (route) => route.abort());
  await visitor.picks(licence);
  await visitor.says('身份证在这里');
  await visitor.chat.getByText('恢复连接后自动发送').waitFor();
  const stored = await visitor.inChat(() => JSON.stringify([Object.entries(sessionStorage), Object.entries(localStorage)]));
  expect(stored).toContain('conversationId');
  expect(stored).not.toMatch(/营业执照|身份证在这里|clientActivityID/);
});

it('files are pasted and dropped', async () => {
  const visitor = await visitorWithPanel();
  const give = (type: 'paste' | 'drop') =>
    visitor.field.evaluate((field, kind) => {
      const data = new DataTransfer();
      data.items.add(new File(['x'], `${kind}.png`, { type: 'image/png' }));
      const init = { bubbles: true, cancelable: true };
      field.dispatchEvent(
        kind === 'paste'
          ? new ClipboardEvent('paste', { ...init, clipboardData: data })
          : new DragEvent('drop', { ...init, dataTransfer: data }),
      );
    }, type);
  await give('paste');
  await give('drop');
  expect(await picked(visitor).locator('.name').allInnerTexts()).toEqual([
    expect.stringMatching(/^paste\.png/),
    expect.stringMatching(/^drop\.png/),
  ]);
});
