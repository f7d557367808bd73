import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileScheme } from '../../../bot/conversations/conversation.ts';
import type { ConversationView } from '../../../bot/desk/desk-api.ts';
import { DeskBrowser, type Failure, inviteTo } from '../../support/desk.ts';
import { partsBesidePicture } from '../../support/picture-parts.ts';
import { Server } from '../channels/direct-line/client.ts';
import { form } from '../channels/direct-line/samples.ts';

const server = new Server();
let agent: DeskBrowser;
beforeAll(async () => {
  await server.start();
  agent = await DeskBrowser.invited(server, await inviteTo({ DATA_DIR: server.app.dataDir }, { login: 'wang', role: 'supervisor' }));
});
afterAll(() => server.stop());

const taken = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#a40' } })
  .withExif({ IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '39/1 54/1 27/1' } })
  .withMetadata({ orientation: 6 })
  .jpeg()
  .toBuffer();

/** Sends a picture, and gives where the customer and staff find it. */
async function sent(content: Buffer): Promise<{ ofCustomer: string; ofStaff: string }> {
  const talk = await server.welcome();
  const { body } = await talk.upload(form([{ content, name: '执照.jpg' }]));
  await talk.answerTo(body.id);
  const own = (await talk.transcript()).find(({ id }) => id === body.id);
  const { entries } = (await agent.get<ConversationView>(`conversations/${talk.id}`)).body;
  const file = entries.flatMap(({ files = [] }) => files)[0]?.file ?? '';
  return { ofCustomer: own?.attachments?.[0]?.contentUrl ?? '', ofStaff: `conversations/${talk.id}/files/${file.replace(fileScheme, '')}` };
}

async function bytesAt(address: string, cookies: DeskBrowser['cookies'] = new Map()): Promise<Buffer> {
  const response = await fetch(address, { headers: { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') } });
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}

describe('a picture in a conversation', () => {
  it('is shown to staff anew and upright, without the place; the customer has what they sent', async () => {
    const { ofCustomer, ofStaff } = await sent(taken);
    const copy = await bytesAt(`${server.url}/desk/api/${ofStaff}`, agent.cookies);
    expect(partsBesidePicture(copy)).toEqual([]);
    expect(await sharp(copy).metadata()).toMatchObject({ format: 'jpeg', width: 40, height: 60 });
    expect(await bytesAt(ofCustomer)).toEqual(taken);
  });

  it('that is broken is not shown as it came, and the next one is', async () => {
    const { ofStaff } = await sent(taken.subarray(0, taken.length - 80));
    const { status, body } = await agent.get<Failure & { reason: string }>(ofStaff);
    expect([status, body.error.code, body.reason]).toEqual([409, 'PictureUnreadable', '这张图片打不开，可能已损坏，请让客户重新发一张']);
    const next = await sent(taken);
    expect((await agent.get(next.ofStaff)).status).toBe(200);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  });
});
