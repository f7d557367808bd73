import { expect, it } from 'vitest';
import { type CallbackAccount, envelopXml, newStamp, wecomCallback } from './callback.ts';
import { open, sign } from './crypto.ts';
import { Dice } from './dice.ts';
import { agencyAccount, agencyApp } from './example-accounts.ts';
import { type Forgery, forgeries } from './forgeries.ts';
import { readXml, type XmlElement } from './xml.ts';

const callback = new URL('http://127.0.0.1/wechat');
const { ghId, appId, token, aesKey } = agencyAccount;
const official: CallbackAccount = {
  name: ghId,
  family: 'official-account',
  toUserName: ghId,
  receiveId: appId,
  token,
  aesKey,
  mode: 'secure',
  callback,
};
const wecom = wecomCallback('app', { ...agencyApp, callback }, '1000002');

const inner = ({ toUserName }: CallbackAccount) =>
  `<xml><ToUserName>${toUserName}</ToUserName><FromUserName>oUser1</FromUserName><MsgType>text</MsgType></xml>`;

/** Takes a request by the rules of the protocol page; an error says what is wrong. Slow and plain: it proves the forgeries, no bot uses it. */
async function take({ url, body, headers = {} }: Omit<Forgery, 'name'>, account: CallbackAccount): Promise<void> {
  const one = (name: string, shape: RegExp) => {
    const [value = '', second] = url.searchParams.getAll(name);
    if (second !== undefined || !shape.test(value)) throw new Error(name);
    return value;
  };
  const timestamp = one('timestamp', /^\d{9,12}$/);
  const age = Date.now() / 1000 - Number(timestamp);
  if (age > 300 || age < -60) throw new Error('age');
  if (Object.keys(headers).length > 0 || body.length > 65_536) throw new Error('request');
  const encrypt = only(readXml(String(body)), 'Encrypt');
  const signature = await sign(account.token, timestamp, one('nonce', /^\w+$/), encrypt);
  if (one('msg_signature', /^[0-9a-f]{40}$/) !== signature) throw new Error('signature');
  const { message, receiveId } = await open(encrypt, account.aesKey);
  if (receiveId !== account.receiveId) throw new Error('receiveId');
  const root = readXml(message);
  only(root, 'FromUserName');
  if (only(root, 'ToUserName') !== account.toUserName) throw new Error('ToUserName');
}

function only({ children }: XmlElement, name: string): string {
  const [found, second] = children.filter((child) => child.name === name);
  if (!found || second) throw new Error(`${name} not once`);
  return found.text;
}

it.each([official, wecom])('every forgery for $family is one, and what they are made from is none', async (account) => {
  const dice = new Dice(1);
  const right = await envelopXml(account, inner(account), undefined, newStamp(dice, Math.floor(Date.now() / 1000)), 'secure');
  await take(right, account);
  const forged = await forgeries(account, inner(account), dice);
  expect(new Set(forged.map(({ name }) => name)).size).toBe(forged.length);
  for (const forgery of forged) await expect(take(forgery, account), forgery.name).rejects.toThrow();
});
