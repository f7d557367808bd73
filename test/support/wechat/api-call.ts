import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { illegalCharacter } from './xml.ts';

/** A request of the bot to the API. */
export interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Buffer<ArrayBuffer>;
}

export interface Answer {
  status: number;
  type: string;
  body: Buffer | string;
}

/** Who calls: an Official Account by its secret, or one app of a company by its own. */
export interface ApiClient {
  readonly family: 'official-account' | 'wecom';
  /** appId or corpId. */
  readonly id: string;
  readonly secret: string;
  /** False where the address of the bot is not on the list of the account. */
  trusted: boolean;
}

/** A business error: over HTTP a success, with this code in its JSON. */
export class ApiError extends Error {
  readonly errcode: number;

  constructor(errcode: number, detail?: string) {
    super(detail ? `${messages[errcode] ?? 'unspecified'}, ${detail}` : (messages[errcode] ?? 'unspecified'));
    this.errcode = errcode;
  }
}

/** Their wording changes on the platform, and nobody may rely on it. */
const messages: Record<number, string> = {
  [-1]: 'system error',
  40001: 'invalid credential, access_token is invalid or not latest',
  40002: 'invalid grant_type',
  40003: 'invalid openid',
  40007: 'invalid media_id',
  40013: 'invalid appid',
  40014: 'invalid access_token',
  40058: 'invalid Request Parameter',
  40096: 'invalid external userid',
  40125: 'invalid appsecret',
  40164: 'invalid ip, not in whitelist',
  40200: 'invalid account type',
  41001: 'access_token missing',
  42001: 'access_token expired',
  43001: 'require GET method',
  43002: 'require POST method',
  43004: 'require subscribe',
  43019: 'require remove blacklist',
  44004: 'empty content',
  45002: 'content size out of limit',
  45008: 'article size out of limit',
  45009: 'reach max api daily quota limit',
  45011: 'api minute-quota reach limit, must slower, retry next minute',
  45015: 'response out of time limit or subscription is canceled',
  45047: 'out of response count limit',
  45072: 'invalid typing command',
  45080: 'no interaction within 30 seconds',
  45081: 'typing already',
  47001: 'data format error',
  48001: 'api unauthorized',
  60020: 'not allow to access from your ip',
  81013: 'user & party & tag all invalid',
  95000: 'invalid open_kfid',
  95001: 'send msg count limit',
  95002: 'send msg time limit',
  95004: 'open_kfid not exist',
  95013: 'conversation end',
  95014: 'user is not activated',
  95018: 'send msg session status invalid',
};

export function json(value: object, charset = 'encoding=utf-8'): Answer {
  return { status: 200, type: `application/json; ${charset}`, body: JSON.stringify(value) };
}

/** The JSON of a call as the API has it. Unknown fields are refused: the platform would overlook them, and the bot would rely on nothing. */
export function readJson<T>(call: Call, shape: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(call.body));
  } catch (cause) {
    throw new ApiError(47001, `not JSON: ${cause}`);
  }
  const read = shape.safeParse(value);
  if (!read.success) throw new ApiError(47001, `Warning: wrong json format. ${z.prettifyError(read.error)}`);
  return read.data;
}

export function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}

/** Text that is there, is not longer than so many bytes of UTF-8, and has no characters that would be refused. */
export function requireText(text: string, limit: number): string {
  if (text.trim() === '') throw new ApiError(44004);
  if (bytesOf(text) > limit) throw new ApiError(45002, `${bytesOf(text)} bytes`);
  if (illegalCharacter.test(text)) throw new ApiError(40033);
  return text;
}
