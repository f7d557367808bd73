import { Agent } from 'node:http';
import { sealEnvelope, signatureOf } from '../../bot/channels/wechat/crypto.ts';
import { agencyAccount as account } from '../support/wechat/example-accounts.ts';
import { type Forged, messageOf, requestOf } from '../support/wechat-forgery.ts';
import { exchange } from './exchange.ts';

/** A sealed message whose padding does not open, signed as it should be. */
function brokenPadding(): Forged {
  const sealed = sealEnvelope(messageOf('备案要多久'), Buffer.from(`${account.aesKey}=`, 'base64'), account.appId);
  const bytes = Buffer.from(sealed, 'base64');
  const last = bytes.length - 17; // in the block before the last, which is laid over the padding
  bytes.writeUInt8(bytes.readUInt8(last) ^ 0xff, last);
  return { encrypted: bytes.toString('base64') };
}

/** What is wrong with a callback, from what is found first to what is found last. */
const causes: Record<string, () => Forged> = {
  'another signature': () => ({ changeSignature: () => signatureOf('another', '1', 'n') }),
  'too old': () => ({ skew: -3600 }),
  'padding that does not open': brokenPadding,
  'another account': () => ({ receiveId: 'wx0000000000000000' }),
  'another name': () => ({ to: 'gh_other' }),
};

/** Milliseconds until each of so many refusals, by what was wrong; the causes come by turns. */
export async function measureRefusals(url: string, rounds: number): Promise<Record<string, number[]>> {
  const line = new Agent({ keepAlive: true, maxSockets: 1 });
  const times: Record<string, number[]> = Object.fromEntries(Object.keys(causes).map((cause) => [cause, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [cause, forged] of Object.entries(causes)) {
      const { query, body } = requestOf(forged());
      const address = `${url}/wechat/official-account?${query}`;
      const started = performance.now();
      const { status, text } = await exchange(line, 'POST', address, { 'content-type': 'text/xml' }, Buffer.from(body));
      times[cause]?.push(performance.now() - started);
      if (status !== 403 || text !== '') throw new Error(`"${cause}" was answered with ${status} "${text}".`);
    }
  }
  line.destroy();
  return times;
}
