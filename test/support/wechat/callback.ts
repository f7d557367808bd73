import { open, seal, sign } from './crypto.ts';
import type { Dice } from './dice.ts';
import { type Field, writeXml } from './xml.ts';

export type Mode = 'secure' | 'compatible' | 'plaintext';

/** An address of the bot to which WeChat pushes for one account, and what both sides know for it. */
export interface CallbackAccount {
  /** In the journal. */
  readonly name: string;
  readonly family: 'official-account' | 'wecom';
  /** `gh_…` of an Official Account, or the corpId. */
  readonly toUserName: string;
  /** At the end of encrypted frames: the appId, or the corpId. */
  readonly receiveId: string;
  readonly token: string;
  /** The EncodingAESKey with which WeChat encrypts now; tests turn it. */
  aesKey: string;
  readonly mode: Mode;
  /** WeCom only; empty for WeChat Customer Service. */
  readonly agentId?: string;
  callback: URL;
}

/** Where WeCom pushes for one app of a company, or for WeChat Customer Service, which has no agentId. Always encrypted. */
export function wecomCallback(
  name: string,
  { corpId, token, aesKey, callback }: { corpId: string; token: string; aesKey: string; callback: URL },
  agentId = '',
): CallbackAccount {
  return { name, family: 'wecom', toUserName: corpId, receiveId: corpId, token, aesKey, mode: 'secure', agentId, callback };
}

export interface Envelope {
  url: URL;
  body: string;
  /** Which key encrypted it: the answer has to use the same. */
  aesKey: string;
}

/** The part of a push that a signature covers, and what a test may bend. */
export interface Stamp {
  /** Seconds since 1970. */
  timestamp: string;
  nonce: string;
  random: Uint8Array;
}

export function newStamp(dice: Dice, seconds: number): Stamp {
  return { timestamp: String(seconds), nonce: dice.digits(9), random: new TextEncoder().encode(dice.hex(16)) };
}

/** A push as it goes over the wire, in the form of the account's mode. */
export function envelop(account: CallbackAccount, message: readonly Field[], stamp: Stamp, mode: Mode = account.mode): Promise<Envelope> {
  const [, openId] = message.find(([name]) => name === 'FromUserName') ?? [];
  return envelopXml(account, writeXml(message), typeof openId === 'string' ? openId : undefined, stamp, mode);
}

/** As `envelop`, for whatever is in `plain`, well formed or not. */
export async function envelopXml(
  account: CallbackAccount,
  plain: string,
  openId: string | undefined,
  stamp: Stamp,
  mode: Mode,
): Promise<Envelope> {
  const { aesKey, receiveId } = account;
  const encrypt = mode === 'plaintext' ? '' : await seal(plain, aesKey, receiveId, stamp.random);
  const url = await signedUrl(account, stamp, encrypt, openId);
  if (account.family === 'wecom') return { url, body: wrap(account, encrypt), aesKey };
  if (mode === 'plaintext') return { url, body: plain, aesKey };
  const body = mode === 'secure' ? wrap(account, encrypt) : plain.replace(/<\/xml>$/, `<Encrypt><![CDATA[${encrypt}]]></Encrypt></xml>`);
  return { url, body, aesKey };
}

/** The outer XML of what is encrypted. */
export function wrap({ family, toUserName, agentId = '' }: CallbackAccount, encrypt: string): string {
  const fields: Field[] = [
    ['ToUserName', toUserName],
    ...(family === 'wecom' ? [['AgentID', agentId] as const] : []),
    ['Encrypt', encrypt],
  ];
  return writeXml(fields);
}

/** The callback with its signatures; `encrypt` is empty where nothing is. */
export async function signedUrl(account: CallbackAccount, { timestamp, nonce }: Stamp, encrypt: string, openId?: string): Promise<URL> {
  const { token, family, callback } = account;
  const msg_signature = await sign(token, timestamp, nonce, encrypt);
  const own = { signature: await sign(token, timestamp, nonce), timestamp, nonce, ...(openId !== undefined && { openid: openId }) };
  const query =
    family === 'wecom' ? { msg_signature, timestamp, nonce } : { ...own, ...(encrypt && { encrypt_type: 'aes', msg_signature }) };
  const url = new URL(callback);
  for (const entry of Object.entries(query)) url.searchParams.append(...entry);
  return url;
}

/** The address by which WeChat checks a callback, and what has to be answered: the bare text. */
export async function envelopVerification(account: CallbackAccount, stamp: Stamp, text: string): Promise<{ url: URL; expected: string }> {
  const { timestamp, nonce } = stamp;
  const url = new URL(account.callback);
  if (account.family === 'official-account') {
    const signature = await sign(account.token, timestamp, nonce);
    for (const entry of Object.entries({ signature, echostr: text, timestamp, nonce })) url.searchParams.append(...entry);
    return { url, expected: text };
  }
  const echostr = await seal(text, account.aesKey, account.receiveId, stamp.random);
  const signature = await sign(account.token, timestamp, nonce, echostr);
  for (const entry of Object.entries({ msg_signature: signature, timestamp, nonce, echostr })) url.searchParams.append(...entry);
  return { url, expected: text };
}

/** Opens an encrypted answer of the bot; says in an error what is wrong with it. */
export async function openAnswer(
  account: CallbackAccount,
  aesKey: string,
  parts: { encrypt: string; signature: string; timestamp: string; nonce: string },
) {
  if (!/^\d{10}$/.test(parts.timestamp)) throw new Error(`TimeStamp ${parts.timestamp} is not in seconds`);
  const expected = await sign(account.token, parts.timestamp, parts.nonce, parts.encrypt);
  if (parts.signature !== expected) throw new Error('MsgSignature is wrong');
  const opened = await open(parts.encrypt, aesKey);
  if (opened.receiveId !== account.receiveId) throw new Error(`the answer is for ${JSON.stringify(opened.receiveId)}`);
  return opened.message;
}

/** The form of openids and external_userids. A test that makes up others would blame the bot for refusing them. */
export function requirePlatformId(id: string): void {
  if (!/^[0-9A-Za-z_-]{6,64}$/.test(id)) throw new Error(`${JSON.stringify(id)} is no id that WeChat gives.`);
}
