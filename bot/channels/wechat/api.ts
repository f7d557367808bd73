import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { NotSent } from '../../turns/errands.ts';
import type { AccessTokens, IssueToken } from './access-token.ts';
import { type ErrorClass, errorClassOf, type Family } from './error-codes.ts';

export interface ApiOptions {
  family: Family;
  /** Such as `https://api.weixin.qq.com`. */
  origin: string;
  tokens: Pick<AccessTokens, 'current' | 'inPlaceOf'>;
}

/** The platform has understood and says no. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: number;
  readonly errorClass: ErrorClass;

  constructor(family: Family, code: number, message: string) {
    // The words carry a reference by which the platform's support finds the call; nothing of ours is in them.
    super(`errcode ${code}: ${message.slice(0, 200)}`);
    this.code = code;
    this.errorClass = errorClassOf(family, code);
  }
}

const statusSchema = z.looseObject({ errcode: z.number().default(0), errmsg: z.string().default('') });
const timeoutMs = 8_000;
const mostBytes = 1024 * 1024;
const busyTries = 3;

/** Calls of one account's interfaces: with its token, within a time, and with every answer that is not a success as an error of its kind. */
export class Api {
  readonly #options: ApiOptions;

  constructor(options: ApiOptions) {
    this.#options = options;
  }

  /**
   * Throws `ApiError` when the platform refuses, `NotSent` when it surely did not get the call, and another error when that is not known.
   */
  async call<T>(path: string, body: object, schema: z.ZodType<T>): Promise<T> {
    const init = { method: 'POST', headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(body) };
    return this.#withToken(async (token) => this.#read(await this.#fetch(path, { access_token: token }, init), schema));
  }

  /** As `call`, for what is only asked. */
  async get<T>(path: string, query: Record<string, string>, schema: z.ZodType<T>): Promise<T> {
    return this.#withToken(async (token) => this.#read(await this.#fetch(path, { access_token: token, ...query }, {}), schema));
  }

  /** A picture or another file that a customer has sent; its content is checked by whoever takes it. Throws as `call` does. */
  async media(mediaId: string, mostMediaBytes: number): Promise<Buffer> {
    return this.#withToken(async (token) => {
      const response = await this.#fetch('/cgi-bin/media/get', { access_token: token, media_id: mediaId }, {});
      const type = response.headers.get('content-type') ?? '';
      // Errors come as JSON, with status 200.
      if (/json|text\/plain/i.test(type)) {
        await this.#read(response, statusSchema);
        throw new Error('The platform gave no file.');
      }
      return readWhole(response, mostMediaBytes);
    });
  }

  async #withToken<T>(act: (token: string) => Promise<T>): Promise<T> {
    const token = await this.#token();
    try {
      return await this.#whileBusy(() => act(token));
    } catch (error) {
      if (!(error instanceof ApiError) || error.errorClass !== 'token') throw error;
      const other = await this.#options.tokens.inPlaceOf(token).catch(noToken);
      if (other === undefined) throw error;
      return this.#whileBusy(() => act(other));
    }
  }

  #token(): Promise<string> {
    return this.#options.tokens.current().catch(noToken);
  }

  /** Busy means that nothing was done. */
  async #whileBusy<T>(act: () => Promise<T>): Promise<T> {
    for (let tried = 1; ; tried += 1) {
      try {
        return await act();
      } catch (error) {
        if (!(error instanceof ApiError) || error.errorClass !== 'busy' || tried === busyTries) throw error;
        await pause(1000 * 2 ** (tried - 1) * (0.5 + Math.random() / 2));
      }
    }
  }

  async #fetch(path: string, query: Record<string, string>, init: RequestInit): Promise<Response> {
    const url = new URL(path, this.#options.origin);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    try {
      const response = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
      if (response.status === 200) return response;
      await response.body?.cancel();
      throw new Error(`The platform answered ${response.status}.`);
    } catch (error) {
      throw neverReached(error) ? new NotSent('The platform cannot be reached.', { cause: causeOf(error) }) : error;
    }
  }

  async #read<T>(response: Response, schema: z.ZodType<T>): Promise<T> {
    const text = (await readWhole(response, mostBytes)).toString('utf8');
    let answer: unknown;
    try {
      answer = JSON.parse(text);
    } catch {
      throw new Error('The platform answered something that is not JSON.');
    }
    const { errcode, errmsg } = statusSchema.parse(answer);
    if (errcode !== 0) throw new ApiError(this.#options.family, errcode, errmsg);
    return schema.parse(answer);
  }
}

const issuedSchema = z.object({ access_token: z.string().min(1).max(512), expires_in: z.number().positive() });

/** A stable token: the same for everybody who asks, unless another one is forced (api_getstableaccesstoken, read 2026-11). */
export function stableToken(origin: string, appId: string, secret: string): IssueToken {
  return (force) => {
    const body = { grant_type: 'client_credential', appid: appId, secret, ...(force && { force_refresh: true }) };
    return issued('official-account', new URL('/cgi-bin/stable_token', origin), { method: 'POST', body: JSON.stringify(body) });
  };
}

/** A token of WeCom: asked for again while it is good, it is the same; there is no forcing (page 91039, read 2026-11). */
export function workToken(origin: string, corpId: string, secret: string): IssueToken {
  return () => {
    const url = new URL('/cgi-bin/gettoken', origin);
    url.searchParams.set('corpid', corpId);
    url.searchParams.set('corpsecret', secret);
    return issued('work', url, {});
  };
}

async function issued(family: Family, url: URL, init: RequestInit) {
  const response = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) }).catch((cause: unknown) => {
    // The address has the secret in it, and so may the error.
    throw new Error('The platform gives no access token: it cannot be reached.', { cause: causeOf(cause) });
  });
  const answer: unknown = await response.json().catch(() => ({}));
  const { errcode, errmsg } = statusSchema.catch({ errcode: 0, errmsg: '' }).parse(answer);
  if (errcode !== 0) throw new ApiError(family, errcode, errmsg);
  const parsed = issuedSchema.safeParse(answer);
  if (!parsed.success) throw new Error(`The platform gives no access token: it answered ${response.status} with something else.`);
  return { token: parsed.data.access_token, expiresIn: parsed.data.expires_in };
}

async function readWhole(response: Response, most: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > most) throw new TooLarge(`The platform answered more than ${most} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

function noToken(cause: unknown): never {
  throw new NotSent('There is no access token.', { cause });
}

/** Before anything was written: the connection itself failed. */
function neverReached(error: unknown): boolean {
  const code = (causeOf(error) as NodeJS.ErrnoException | undefined)?.code ?? '';
  return ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'].includes(code);
}

/** Of a failed fetch, which itself may show the address with all that is in it. */
function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}
