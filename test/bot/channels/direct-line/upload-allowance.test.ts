import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileRefused } from '../../../../dialogs/messages.ts';
import { elsewhere, expectRefusal, serverForTests, type Talk } from './client.ts';
import { form, pictureOf, samples } from './samples.ts';

const server = serverForTests();

const megabytes = (count: number) => count * 1024 * 1024;
const filesOnDisk = () => readdirSync(join(server.app.dataDir, 'files')).length;
const uploads = (talk: Talk, ...sizes: number[]) => talk.upload(form(sizes.map((size) => ({ content: pictureOf(size) }))));
const full = [10, 10, 10, 10, 10].map(megabytes);

describe.skipIf(elsewhere)('a conversation', () => {
  it('has 50 MB of files, and no byte more: what comes then is refused with what to do, and leaves nothing', async () => {
    const talk = await server.begin();
    expect((await uploads(talk, ...full)).status).toBe(200);
    const before = filesOnDisk();
    for (const answer of [await talk.upload(samples.png, { 'content-type': 'image/png' }), await uploads(talk, 1000, 1000)]) {
      expectRefusal(answer, 413, 'TooMuchUploaded');
      expect(answer.body.error.message).toBe(fileRefused('too-much'));
    }
    expect(filesOnDisk()).toBe(before);
    expect((await talk.transcript()).flatMap(({ attachments = [] }) => attachments)).toHaveLength(5);
    expect((await uploads(await server.begin(), 1000)).status).toBe(200);
  });

  it('has no more by sending at the same time', async () => {
    const talk = await server.begin();
    const answers = await Promise.all([1, 2, 3, 4].map(() => uploads(talk, ...[10, 10].map(megabytes))));
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(2);
    for (const answer of answers.filter(({ status }) => status !== 200)) expectRefusal(answer, 413, 'TooMuchUploaded');
    // What was refused does not count.
    const left = 5 - (await talk.transcript()).flatMap(({ attachments = [] }) => attachments).length;
    expect((await uploads(talk, ...Array(left).fill(megabytes(10)))).status).toBe(200);
    expectRefusal(await uploads(talk, 1000), 413, 'TooMuchUploaded');
  });
});
