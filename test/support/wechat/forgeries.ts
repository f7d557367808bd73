import { type CallbackAccount, type Envelope, envelopXml, newStamp, type Stamp, signedUrl, wrap } from './callback.ts';
import { seal, sealFrame, sign } from './crypto.ts';
import type { Dice } from './dice.ts';
import { writeXml } from './xml.ts';

/** A request that WeChat never made and nobody may take for one of its own. */
export interface Forgery {
  name: string;
  url: URL;
  body: string | Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
}

const otherId = 'wx0000000000000000';

/**
 * What has to be refused by an account in secure mode, or by a callback of WeCom, all in the same way: the negative cases that go with the
 * known vectors, and those of the checks around them. `inner` is a message that would be taken.
 */
export async function forgeries(account: CallbackAccount, inner: string, dice: Dice): Promise<Forgery[]> {
  const stamp = newStamp(dice, Math.floor(Date.now() / 1000));
  const right = await envelopXml(account, inner, undefined, stamp, 'secure');
  return [
    ...badSignatures(right),
    ...(await badFrames(account, inner, stamp)),
    ...(await badMessages(account, inner, dice)),
    ...badRequests(right),
  ];
}

function badSignatures({ url, body }: Envelope): Forgery[] {
  const signature = url.searchParams.get('msg_signature') ?? '';
  const signed = (name: string, changed: string): Forgery => {
    const forged = new URL(url);
    forged.searchParams.set('msg_signature', changed);
    return { name, url: forged, body };
  };
  const without = (name: string) => {
    const forged = new URL(url);
    forged.searchParams.delete(name);
    return { name: `no ${name}`, url: forged, body };
  };
  const twice = new URL(url);
  twice.searchParams.append('msg_signature', signature);
  const nested = new URL(url);
  nested.searchParams.delete('msg_signature');
  nested.searchParams.append('msg_signature[x]', signature);
  return [
    signed(
      'one digit of msg_signature changed',
      signature.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
    ),
    signed(
      'msg_signature in capitals',
      signature.replace(/[a-f]/g, (letter) => letter.toUpperCase()),
    ),
    signed('39 digits', signature.slice(1)),
    signed('an empty msg_signature', ''),
    signed('signature offered as msg_signature', url.searchParams.get('signature') ?? '0'.repeat(40)),
    without('msg_signature'),
    without('timestamp'),
    without('nonce'),
    { name: 'msg_signature twice', url: twice, body },
    { name: 'msg_signature as an object', url: nested, body },
  ];
}

/** All rightly signed: only opening them shows what they are. */
async function badFrames(account: CallbackAccount, inner: string, stamp: Stamp): Promise<Forgery[]> {
  const { aesKey, receiveId } = account;
  const right = await seal(inner, aesKey, receiveId, stamp.random);
  const frame = (change: (bytes: Uint8Array<ArrayBuffer>, pad: number) => void) => {
    const message = new TextEncoder().encode(inner);
    const id = new TextEncoder().encode(receiveId);
    const bare = 20 + message.length + id.length;
    const pad = 32 - (bare % 32);
    const bytes = new Uint8Array(bare + pad).fill(pad, bare);
    bytes.set(stamp.random);
    new DataView(bytes.buffer).setUint32(16, message.length);
    bytes.set(message, 20);
    bytes.set(id, 20 + message.length);
    change(bytes, pad);
    return sealFrame(bytes, aesKey);
  };
  const middle = Math.floor(right.length / 2);
  const ciphertexts: [string, string][] = [
    ['one character of the last block changed', `${right.slice(0, -6)}${right.at(-6) === 'A' ? 'B' : 'A'}${right.slice(-5)}`],
    ['for another account', await seal(inner, aesKey, otherId, stamp.random)],
    ['for nobody', await seal(inner, aesKey, '', stamp.random)],
    ['for an account whose id begins with ours', await seal(inner, aesKey, `${receiveId}x`, stamp.random)],
    ['a length beyond the end', await frame((bytes) => bytes.fill(0xff, 16, 20))],
    [
      'a length that takes in the id',
      await frame((bytes) => new DataView(bytes.buffer).setUint32(16, Buffer.byteLength(inner) + receiveId.length)),
    ],
    ['a pad of 0', await frame((bytes) => bytes.fill(0, -1))],
    ['a pad of 33', await frame((bytes) => bytes.fill(33, -1))],
    ['unequal bytes of padding', await frame((bytes, pad) => (pad > 1 ? bytes.fill(pad ^ 1, -pad, 1 - pad) : bytes.fill(2, -1)))],
    ['cut in the middle of a block', right.slice(0, middle - (middle % 4) - 4)],
    ['nothing', ''],
    ['no base64', `${right.slice(0, -4)}!!!!`],
  ];
  const forged = ciphertexts.map(async ([name, encrypt]) => {
    const url = await signedUrl(account, stamp, encrypt || 'x');
    // Over nothing, msg_signature is the same as signature, which everybody can read in another push.
    if (encrypt === '') url.searchParams.set('msg_signature', await sign(account.token, stamp.timestamp, stamp.nonce));
    return { name: `Encrypt: ${name}`, url, body: wrap(account, encrypt) };
  });
  return Promise.all(forged);
}

/** Rightly signed and encrypted, with a message inside that is not for us, not of now, or no message. */
async function badMessages(account: CallbackAccount, inner: string, dice: Dice): Promise<Forgery[]> {
  const now = Math.floor(Date.now() / 1000);
  const craft = async (name: string, plain: string, seconds = now): Promise<Forgery> => ({
    name,
    ...(await envelopXml(account, plain, undefined, newStamp(dice, seconds), 'secure')),
  });
  const deep = '<a>'.repeat(5000) + '</a>'.repeat(5000);
  return [
    await craft('six minutes old', inner, now - 360),
    await craft('two minutes ahead', inner, now + 120),
    await craft('of 2019', inner, 1_562_066_088),
    await craft('to another account inside', inner.replace(account.toUserName, 'gh_other')),
    await craft('a document type inside', `<!DOCTYPE xml [<!ENTITY a "b">]>${inner}`),
    await craft(
      'an entity bomb inside',
      `<!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>${inner.replace('</xml>', '<X>&b;</X></xml>')}`,
    ),
    await craft('5,000 levels inside', `<xml>${deep}</xml>`),
    await craft('two senders inside', inner.replace('</xml>', '<FromUserName>oSomebody</FromUserName></xml>')),
    await craft('nothing inside', ''),
    await craft('JSON inside', '{"ToUserName":"x"}'),
  ];
}

/** A right message in a request that WeChat does not make. */
function badRequests({ url, body }: Envelope): Forgery[] {
  const encrypt = /<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(body)?.[1] ?? '';
  return [
    { name: 'two Encrypts', url, body: body.replace('</xml>', `<Encrypt>${encrypt}</Encrypt></xml>`) },
    { name: 'a document type outside', url, body: `<!DOCTYPE xml>${body}` },
    { name: 'no Encrypt', url, body: writeXml([['ToUserName', 'x']]) },
    { name: 'no body', url, body: '' },
    { name: 'an encoding that WeChat does not use', url, body, headers: { 'content-encoding': 'gzip' } },
    { name: 'more than 64 KiB', url, body: body.replace('</xml>', `<X>${'x'.repeat(70_000)}</X></xml>`) },
    { name: 'a form', url, body, headers: { 'content-type': 'multipart/form-data; boundary=x' } },
  ];
}
