import { z } from 'zod';
import { type Answer, type ApiClient, ApiError, type Call, json, readJson } from './api-call.ts';
import type { StandInClock } from './clock.ts';
import type { Dice } from './dice.ts';
import type { Journal } from './journal.ts';

interface Issued {
  token: string;
  client: ApiClient;
  from: 'token' | 'stable_token' | 'gettoken';
  expiresAt: number;
  revoked: boolean;
}

const lifeMs = 7200_000;
const overlapMs = 300_000;
const forceSpacingMs = 30_000;
const forcesPerDay = 20;
const dayMs = 86_400_000;
const banMs = 3600_000;
const wrongSecretsToBan = 5;
const tokenLength = 512;

const stableRequest = z.strictObject({
  grant_type: z.string(),
  appid: z.string(),
  secret: z.string(),
  force_refresh: z.boolean().optional(),
});

/** Hands out access tokens by the rules of the three addresses that do, and knows which are good. */
export class TokenService {
  readonly #clock: StandInClock;
  readonly #dice: Dice;
  readonly #journal: Journal;
  readonly #clients: ApiClient[] = [];
  readonly #issued = new Map<string, Issued>();
  /** The one that is handed out again, by client and address. */
  readonly #current = new Map<string, Issued>();
  readonly #forces = new Map<ApiClient, number[]>();
  #wrongSecrets = 0;
  #bannedUntil = 0;

  constructor(world: { clock: StandInClock; dice: Dice; journal: Journal }) {
    this.#clock = world.clock;
    this.#dice = world.dice;
    this.#journal = world.journal;
  }

  /** One client however often it is named: several accounts of WeChat Customer Service share a secret. */
  register(family: ApiClient['family'], id: string, secret: string): ApiClient {
    const known = this.#clients.find((client) => client.family === family && client.id === id && client.secret === secret);
    if (known) return known;
    const client: ApiClient = { family, id, secret, trusted: true };
    this.#clients.push(client);
    return client;
  }

  /** The client of the token in a call. Refuses as the API of that client does. */
  clientOf(call: Call, family: ApiClient['family'] | undefined): ApiClient {
    const token = call.query.get('access_token');
    if (call.headers.authorization !== undefined) this.#journal.complain(`${call.path}: a token in a header, where WeChat does not look`);
    if (!token) throw new ApiError(41001);
    const issued = this.#issued.get(token);
    if (!issued || (family && issued.client.family !== family)) throw new ApiError(family === 'wecom' ? 40014 : 40001);
    if (issued.revoked) throw new ApiError(issued.client.family === 'wecom' ? 40014 : 40001);
    if (this.#clock.now() >= issued.expiresAt) throw new ApiError(42001);
    if (!issued.client.trusted) throw new ApiError(issued.client.family === 'wecom' ? 60020 : 40164);
    return issued.client;
  }

  /** Whose token it is, however good. */
  ownerOf(token: string | null): ApiClient | undefined {
    return this.#issued.get(token ?? '')?.client;
  }

  /** All tokens of the client are past their time: 42001, and the next request for one gives another. */
  expireNow(client: ApiClient): void {
    for (const issued of this.#of(client)) this.expire(issued.token);
  }

  expire(token: string): void {
    const issued = this.#issued.get(token);
    if (issued) issued.expiresAt = Math.min(issued.expiresAt, this.#clock.now());
  }

  /** The tokens are not good any more, and stable_token still hands out the same until it is forced. */
  revoke(client: ApiClient): void {
    for (const issued of this.#of(client)) issued.revoked = true;
  }

  /** The platform has another token now, without a word: the old one answers 40001 (40014 in WeCom). */
  rotateSilently(client: ApiClient): void {
    this.revoke(client);
    for (const [key, issued] of this.#current) if (issued.client === client) this.#current.delete(key);
  }

  /** `GET /cgi-bin/token`: another token each time; the one before lives for five more minutes. */
  token({ query, method }: Call): Answer {
    if (method !== 'GET') throw new ApiError(43001);
    const client = this.#authenticate('official-account', query.get('appid'), query.get('secret'));
    if (query.get('grant_type') !== 'client_credential') throw new ApiError(40002);
    const before = this.#current.get(keyOf(client, 'token'));
    if (before) before.expiresAt = Math.min(before.expiresAt, this.#clock.now() + overlapMs);
    return this.#answer(this.#issue(client, 'token'));
  }

  /** `POST /cgi-bin/stable_token`: the same token until five minutes before its end. */
  stableToken(call: Call): Answer {
    if (call.method !== 'POST') throw new ApiError(43002);
    const { grant_type, appid, secret, force_refresh } = readJson(call, stableRequest);
    const client = this.#authenticate('official-account', appid, secret);
    if (grant_type !== 'client_credential') throw new ApiError(40002);
    const current = this.#current.get(keyOf(client, 'stable_token'));
    if (force_refresh) {
      this.#countForce(client);
      if (current) current.revoked = true;
      return this.#answer(this.#issue(client, 'stable_token'));
    }
    const keeps = current && this.#clock.now() < current.expiresAt - overlapMs;
    return this.#answer(keeps ? current : this.#issue(client, 'stable_token'));
  }

  /** `GET /cgi-bin/gettoken`, one token for each secret of a company. */
  getToken({ query, method }: Call): Answer {
    if (method !== 'GET') throw new ApiError(43001);
    const client = this.#authenticate('wecom', query.get('corpid'), query.get('corpsecret'));
    const current = this.#current.get(keyOf(client, 'gettoken'));
    const keeps = current && !current.revoked && this.#clock.now() < current.expiresAt;
    const { token, expiresAt } = keeps ? current : this.#issue(client, 'gettoken');
    const expires_in = Math.ceil((expiresAt - this.#clock.now()) / 1000);
    return json({ errcode: 0, errmsg: 'ok', access_token: token, expires_in }, 'charset=UTF-8');
  }

  #authenticate(family: ApiClient['family'], id: string | null, secret: string | null): ApiClient {
    // The code of the ban is not documented; a bot must not come so far.
    if (family === 'wecom' && this.#clock.now() < this.#bannedUntil) throw new ApiError(45009, 'banned for wrong secrets');
    const known = this.#clients.filter((client) => client.family === family && client.id === id);
    if (known.length === 0) throw new ApiError(40013);
    const client = known.find((candidate) => candidate.secret === secret);
    if (client) return client;
    if (family === 'official-account') throw new ApiError(40125);
    this.#wrongSecrets++;
    if (this.#wrongSecrets % wrongSecretsToBan === 0) this.#bannedUntil = this.#clock.now() + banMs;
    throw new ApiError(40001);
  }

  #countForce(client: ApiClient): void {
    const now = this.#clock.now();
    const forces = (this.#forces.get(client) ?? []).filter((at) => now - at < dayMs);
    const last = forces.at(-1);
    if (last !== undefined && now - last < forceSpacingMs) {
      this.#journal.complain('force_refresh twice within 30 s');
      throw new ApiError(45011);
    }
    if (forces.length >= forcesPerDay) throw new ApiError(45009);
    this.#forces.set(client, [...forces, now]);
  }

  #issue(client: ApiClient, from: Issued['from']): Issued {
    const other = from === 'token' ? 'stable_token' : 'token';
    if (this.#current.has(keyOf(client, other))) this.#journal.complain(`${client.id} asks both token and stable_token for tokens`);
    const issued = { token: this.#dice.name(tokenLength), client, from, expiresAt: this.#clock.now() + lifeMs, revoked: false };
    this.#issued.set(issued.token, issued);
    this.#current.set(keyOf(client, from), issued);
    return issued;
  }

  #answer({ token, expiresAt }: Issued): Answer {
    return json({ access_token: token, expires_in: Math.ceil((expiresAt - this.#clock.now()) / 1000) });
  }

  #of(client: ApiClient): Issued[] {
    return [...this.#issued.values()].filter((issued) => issued.client === client);
  }
}

function keyOf({ family, id, secret }: ApiClient, from: Issued['from']): string {
  return [family, id, secret, from].join('\n');
}
