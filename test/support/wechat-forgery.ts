import { sealEnvelope, signatureOf } from '../../bot/channels/wechat/crypto.ts';
import { readXml } from '../../bot/channels/wechat/xml.ts';
import { randomFrom } from './random.ts';
import { agencyAccount as account } from './wechat/example-accounts.ts';

/** What is wrong with a callback; all else is right. */
export interface Forged {
  mode?: 'secure' | 'plaintext';
  content?: string;
  /** Seconds. */
  skew?: number;
  signature?: string;
  changeSignature?: (signature: string) => string;
  token?: string;
  receiveId?: string;
  to?: string;
  from?: string;
  encrypted?: string;
  /** XML outside the envelope. */
  beside?: string;
  body?: string;
  bytes?: Buffer;
  /** At the end of the query, and parameters to be left out of it. */
  more?: string;
  drop?: string;
  headers?: Record<string, string>;
}

export interface CallbackRequest {
  query: string;
  body: string;
}

let messages = 0;

export function messageOf(content: string, to = account.ghId, from = 'oForger'): string {
  messages += 1;
  return `<xml><ToUserName><![CDATA[${to}]]></ToUserName><FromUserName><![CDATA[${from}]]></FromUserName><CreateTime>${Math.floor(Date.now() / 1000)}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${content}]]></Content><MsgId>${1e10 + messages}</MsgId></xml>`;
}

/** A callback to the official account, as the platform would send it but for what is forged. */
export function requestOf(forged: Forged): CallbackRequest {
  const { content = '备案要多久', skew = 0, token = account.token, receiveId = account.appId } = forged;
  const timestamp = String(Math.floor(Date.now() / 1000) + skew);
  const nonce = '415670741';
  const key = Buffer.from(`${account.aesKey}=`, 'base64');
  const encrypted = forged.encrypted ?? sealEnvelope(messageOf(content, forged.to, forged.from), key, receiveId);
  const change = forged.changeSignature ?? ((signature: string) => signature);
  const parameters = new URLSearchParams({ signature: signatureOf(token, timestamp, nonce), timestamp, nonce });
  if (forged.mode !== 'plaintext') {
    parameters.set('encrypt_type', 'aes');
    parameters.set('msg_signature', forged.signature ?? change(signatureOf(token, timestamp, nonce, encrypted)));
  }
  if (forged.drop) parameters.delete(forged.drop);
  const envelope = `<xml><ToUserName><![CDATA[${account.ghId}]]></ToUserName>${forged.beside ?? ''}<Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`;
  return { query: `${parameters}${forged.more ?? ''}`, body: forged.body ?? envelope };
}

export function post(url: string, forged: Forged): Promise<Response> {
  const { query, body } = requestOf(forged);
  const headers = { 'content-type': 'text/xml', ...forged.headers };
  return fetch(`${url}?${query}`, { method: 'POST', headers, body: forged.bytes ? new Uint8Array(forged.bytes) : body });
}

export interface Tally {
  refused: number;
  /** Accepted with all that the signature covers as it was. */
  harmless: number;
  /** Runs that were accepted and should not have been, and those that were answered in an unforeseen way. */
  forged: number[];
  odd: string[];
  /** Milliseconds that the slowest answer took. */
  slowest: number;
}

/** A message is believed for five minutes: another is caught before the last has become too old. */
const caughtAnewMs = 120_000;

/** Changes a good callback in one or several places, again and again, and looks what becomes of it. */
export async function fuzzCallbacks(url: string, runs: number, seed: number, abreast = 8): Promise<Tally> {
  const random = randomFrom(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const tally: Tally = { refused: 0, harmless: 0, forged: [], odd: [], slowest: 0 };
  let caught = requestOf({});
  let caughtAt = performance.now();
  let run = 0;
  const worker = async () => {
    while (run < runs) {
      run += 1;
      const number = run;
      const sentAt = performance.now();
      if (sentAt - caughtAt > caughtAnewMs) [caught, caughtAt] = [requestOf({}), sentAt];
      const original = caught;
      const changed = mutated(original, below);
      const response = await fetch(`${url}?${changed.query}`, {
        method: 'POST',
        headers: { 'content-type': 'text/xml' },
        body: changed.body,
      });
      const answer = await response.text();
      tally.slowest = Math.max(tally.slowest, performance.now() - sentAt);
      // What holds for every address is refused before a callback is looked at.
      const isAmbiguous = response.status === 400 && answer.includes('given more than once');
      if ((response.status === 403 && answer === '') || isAmbiguous) tally.refused += 1;
      else if (response.status !== 200) tally.odd.push(`seed ${seed}, run ${number}: ${response.status} ${answer.slice(0, 100)}`);
      else if (covered(changed) === covered(original)) tally.harmless += 1;
      else tally.forged.push(number);
    }
  };
  await Promise.all(Array.from({ length: abreast }, worker));
  return tally;
}

const letters = 'ABCxyz0189+/=<>&"\'%_-[]! \u0000\u001d备😀';

function mutated({ query, body }: CallbackRequest, below: (limit: number) => number): CallbackRequest {
  const places = 1 + below(3);
  let changed = { query, body };
  for (let place = 0; place < places; place += 1) {
    const inQuery = below(4) === 0;
    const text = inQuery ? changed.query : changed.body;
    const at = below(text.length);
    const letter = [...letters][below([...letters].length)] ?? '';
    const cut = below(40);
    const [before, after] = [text.slice(0, at), text.slice(at + 1)];
    const other =
      [
        before + letter + after,
        before + letter + text.slice(at),
        before + after,
        text.slice(0, at) + text.slice(at + cut),
        text + text.slice(at, at + cut),
      ][below(5)] ?? text;
    // An address has no such letters in it; whoever sends some, sends them so.
    changed = inQuery ? { ...changed, query: encodeURI(other) } : { ...changed, body: other };
  }
  return changed;
}

/** All that the signature of a secure message covers. */
function covered({ query, body }: CallbackRequest): string {
  const parameters = new URLSearchParams(query);
  return JSON.stringify([...['msg_signature', 'timestamp', 'nonce'].map((name) => parameters.get(name)), readXml(body).get('Encrypt')]);
}
