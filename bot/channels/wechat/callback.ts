import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../../http/body.ts';
import { limitBodyTime } from '../../http/body-time.ts';
import { HttpError } from '../../http/http-error.ts';
import type { Limit } from '../../http/limits.ts';
import type { Handler, Route } from '../../http/web-server.ts';
import type { Log } from '../../log.ts';
import { partitionOf, type Store } from '../../store/store.ts';
import { type EnvelopeKeys, isSigned, openEnvelope, sealEnvelope, signatureOf } from './crypto.ts';
import { CallbackRefused } from './refusal.ts';
import { readXml, writeXml, type XmlContent, type XmlFields } from './xml.ts';

/**
 * How an account's messages are wrapped. `compatible`: in the clear and sealed, of which only the sealed one is read. `plaintext`: signed by
 * nothing, for trying out only.
 */
export type EnvelopeMode = 'secure' | 'compatible' | 'plaintext';

export interface CallbackOptions {
  path: string;
  /** Which account it is, in the log and the store; not a secret. */
  account: string;
  keys: EnvelopeKeys;
  mode: EnvelopeMode;
  /** In the verification of the address, whether the word to be echoed comes sealed: of WeCom it does. */
  echo: 'plain' | 'sealed';
  /** The account that messages must be addressed to, inside the envelope. */
  recipient: string;
  /**
   * What is to be answered at once, or nothing. The message must be kept by then: it is not delivered again. `answered` resolves when the answer
   * has left, or nobody waits for it any more.
   */
  receive: (fields: XmlFields, answered: Promise<void>) => Promise<XmlContent | undefined>;
  store: Store;
  verifications: Limit;
  addressOf: (request: IncomingMessage) => string;
  log: Log;
}

/** Milliseconds that a callback may lie back, and lie ahead of our clock; the platform names no window of its own. */
const window = { past: 300_000, future: 60_000 };
const replayMs = 900_000;
const most = { bytes: 64 * 1024, bodyMs: 3_000 };

/**
 * The address at which the platform calls: GET is the verification of the address, POST brings a message. As in the guides of the message push
 * and of WeCom's callbacks (read 2026-11). Whatever is not believed gets the same empty 403, and the log the reason.
 */
export function callbackRoutes(options: CallbackOptions): Route[] {
  return [
    { method: 'get', path: options.path, handle: guarded(options, verify) },
    { method: 'post', path: options.path, handle: guarded(options, receive) },
  ];
}

type Served = (options: CallbackOptions, request: IncomingMessage, response: ServerResponse) => Promise<void>;

function guarded(options: CallbackOptions, serve: Served): Handler {
  return async (request, response) => {
    try {
      await serve(options, request, response);
    } catch (error) {
      if (!(error instanceof CallbackRefused)) throw error;
      options.log.warn({ path: options.path, reason: error.reason }, 'callback refused');
      response.writeHead(403);
      response.end();
    }
  };
}

async function verify(options: CallbackOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  await options.verifications.take(options.addressOf(request));
  const query = new Query(request);
  const given = query.get('echostr');
  if (options.echo === 'plain') {
    if (!/^[0-9A-Za-z_-]{1,256}$/.test(given)) throw new CallbackRefused('query');
    checkSigned(options, query, query.get('signature'));
    return sendText(response, given);
  }
  // A `+` reaches us as a space where a hop on the way has decoded the address, too.
  const sealed = given.replaceAll(' ', '+');
  checkSigned(options, query, query.get('msg_signature'), sealed);
  sendText(response, openEnvelope(sealed, options.keys).message);
}

async function receive(options: CallbackOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const query = new Query(request);
  const body = await bodyOf(request, response);
  const { fields, aesKey } = await opened(options, query, body);
  if (fields.get('ToUserName') !== options.recipient) throw new CallbackRefused('recipient');
  const answered = new Promise<void>((resolve) => {
    response.once('finish', resolve);
    response.once('close', resolve);
  });
  const answer = await options.receive(fields, answered);
  if (answer === undefined) return sendText(response, 'success');
  const reply = writeXml('xml', answer);
  sendXml(response, aesKey ? sealed(reply, aesKey, options.keys, query.nonce) : reply);
}

async function opened(options: CallbackOptions, query: Query, body: string): Promise<{ fields: XmlFields; aesKey?: Buffer }> {
  const outer = readXml(body);
  if (options.mode === 'plaintext') {
    checkSigned(options, query, query.get('signature'));
    await refuseReplay(options, query.get('signature'), body);
    return { fields: outer };
  }
  // By what is configured, not by what the query says: else anybody could have a message in the clear believed.
  const encrypted = outer.get('Encrypt');
  if (query.find('encrypt_type') === 'raw' || typeof encrypted !== 'string') throw new CallbackRefused('mode');
  if (!/^[0-9A-Za-z+/]+={0,2}$/.test(encrypted)) throw new CallbackRefused('envelope');
  checkSigned(options, query, query.get('msg_signature'), encrypted);
  const { message, aesKey } = openEnvelope(encrypted, options.keys);
  return { fields: readXml(message), aesKey };
}

function checkSigned({ keys, store }: CallbackOptions, { timestamp, nonce }: Query, signature: string, ...parts: string[]): void {
  const age = store.now() - Number(timestamp) * 1000;
  if (!isSigned(signature, keys.tokens, timestamp, nonce, ...parts)) throw new CallbackRefused('signature');
  if (age > window.past || age < -window.future) throw new CallbackRefused('stale');
}

/**
 * In the clear the signature says nothing of the body: whoever has seen one could send another. The same body again is only a message that the
 * platform delivers again.
 */
async function refuseReplay({ account, store }: CallbackOptions, signature: string, body: string): Promise<void> {
  const digest = createHash('sha256').update(body).digest('hex');
  const key = `wechat-callback:${account}:${signature}`;
  const { outcome } = await store.apply(partitionOf(account), {
    once: { key, digest, expiresAt: store.now() + replayMs },
    operations: [],
  });
  if (outcome === 'conflict') throw new CallbackRefused('replayed');
}

async function bodyOf(request: IncomingMessage, response: ServerResponse): Promise<string> {
  const { 'content-encoding': encoding, 'content-type': type = '' } = request.headers;
  if (encoding !== undefined || !/^(?:(?:text|application)\/xml\b|$)/i.test(type)) throw new CallbackRefused('body');
  limitBodyTime(request, response, most.bodyMs);
  try {
    return (await readBody(request, most.bytes)).toString('utf8');
  } catch (cause) {
    if (cause instanceof HttpError) throw new CallbackRefused('body', { cause });
    throw cause;
  }
}

/** An answer closed with the key that opened the question, as the platform may still be using the one before. */
function sealed(reply: string, aesKey: Buffer, { tokens, receiveId }: EnvelopeKeys, nonce: string): string {
  const encrypted = sealEnvelope(reply, aesKey, receiveId);
  const timestamp = Math.floor(Date.now() / 1000);
  return writeXml('xml', [
    ['Encrypt', encrypted],
    ['MsgSignature', signatureOf(tokens[0] ?? '', String(timestamp), nonce, encrypted)],
    ['TimeStamp', timestamp],
    ['Nonce', nonce],
  ]);
}

/** The query of a callback: each parameter once. */
class Query {
  readonly #parameters: URLSearchParams;
  readonly timestamp: string;
  readonly nonce: string;

  constructor(request: IncomingMessage) {
    this.#parameters = new URL(request.url ?? '/', 'http://callback').searchParams;
    this.timestamp = this.get('timestamp');
    this.nonce = this.get('nonce');
    if (!/^\d{9,12}$/.test(this.timestamp) || !/^[0-9A-Za-z_-]{1,64}$/.test(this.nonce)) throw new CallbackRefused('query');
  }

  find(name: string): string | undefined {
    const values = this.#parameters.getAll(name);
    if (values.length > 1) throw new CallbackRefused('query');
    return values[0];
  }

  get(name: string): string {
    const value = this.find(name);
    if (value === undefined) throw new CallbackRefused('query');
    return value;
  }
}

function sendText(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}

function sendXml(response: ServerResponse, xml: string): void {
  response.writeHead(200, { 'Content-Type': 'application/xml; charset=utf-8', 'Content-Length': Buffer.byteLength(xml) });
  response.end(xml);
}
