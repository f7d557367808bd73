import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import type { IdentityProvider } from '../../bot/desk/accounts/single-sign-on.ts';

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;

/** How the ID token is made; by itself as it should be. */
export interface Forgery {
  claims?: Record<string, unknown>;
  signedBy?: 'nobody' | 'another key' | 'the secret of the client';
}

interface Grant {
  nonce: string;
  challenge: string;
  /** The person was to be asked, however short ago that was done. */
  askedAnew: boolean;
  returnAddress: string;
}

/** An OpenID provider on this machine, which knows one person and, when it is told to, gives out tokens that nobody should take. */
export class TestIdentityProvider implements IdentityProvider {
  readonly clientId = 'desk';
  readonly clientSecret = 'a secret of the client, for tests only';
  issuer = '';
  person: Record<string, unknown> = { sub: 'wang' };
  forgery: Forgery = {};
  readonly #grants = new Map<string, Grant>();
  readonly #server: Server;
  readonly #keys: KeyPair;
  readonly #otherKeys: KeyPair;

  private constructor(keys: KeyPair, otherKeys: KeyPair) {
    this.#keys = keys;
    this.#otherKeys = otherKeys;
    this.#server = createServer(async (request, response) => {
      const answer = await this.#answer(request);
      response.writeHead(answer ? 200 : 400, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer ?? { error: 'invalid_grant' }));
    });
  }

  static async start(): Promise<TestIdentityProvider> {
    const provider = new TestIdentityProvider(await generateKeyPair('RS256'), await generateKeyPair('RS256'));
    provider.#server.listen(0, '127.0.0.1');
    await once(provider.#server, 'listening');
    provider.issuer = `http://127.0.0.1:${(provider.#server.address() as AddressInfo).port}`;
    return provider;
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  /** The person signs in here; gives the address by which the browser is sent back. */
  signIn(address: string): URL {
    const { origin, searchParams } = new URL(address);
    const asked = (name: string) => searchParams.get(name) ?? '';
    if (origin !== this.issuer || asked('client_id') !== this.clientId || asked('response_type') !== 'code')
      throw new Error('not a request to sign in');
    if (asked('code_challenge_method') !== 'S256' || !asked('scope').split(' ').includes('openid')) throw new Error('asked carelessly');
    const code = randomBytes(16).toString('hex');
    const askedAnew = asked('prompt') === 'login' && asked('max_age') === '0';
    this.#grants.set(code, { nonce: asked('nonce'), challenge: asked('code_challenge'), askedAnew, returnAddress: asked('redirect_uri') });
    const back = new URL(asked('redirect_uri'));
    back.search = new URLSearchParams({ code, state: asked('state'), iss: this.issuer }).toString();
    return back;
  }

  async #answer(request: IncomingMessage): Promise<object | undefined> {
    switch (request.url) {
      case '/.well-known/openid-configuration':
        return {
          issuer: this.issuer,
          authorization_endpoint: `${this.issuer}/authorize`,
          token_endpoint: `${this.issuer}/token`,
          jwks_uri: `${this.issuer}/keys`,
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256'],
          authorization_response_iss_parameter_supported: true,
        };
      case '/keys':
        return { keys: [{ ...(await exportJWK(this.#keys.publicKey)), kid: '1', alg: 'RS256', use: 'sig' }] };
      case '/token':
        return this.#redeem(new URLSearchParams(await text(request)));
      default:
        return undefined;
    }
  }

  async #redeem(asked: URLSearchParams): Promise<object | undefined> {
    const code = asked.get('code') ?? '';
    const grant = this.#grants.get(code);
    this.#grants.delete(code);
    const challenge = createHash('sha256')
      .update(asked.get('code_verifier') ?? '')
      .digest('base64url');
    const fits = grant?.challenge === challenge && grant.returnAddress === asked.get('redirect_uri');
    if (!grant || !fits || asked.get('client_secret') !== this.clientSecret) return undefined;
    return { access_token: randomBytes(16).toString('hex'), token_type: 'Bearer', id_token: await this.#idToken(grant) };
  }

  #idToken({ nonce, askedAnew }: Grant): Promise<string> | string {
    const now = Math.floor(Date.now() / 1000);
    const times = { iat: now, exp: now + 60, ...(askedAnew && { auth_time: now }) };
    const usual = { iss: this.issuer, aud: this.clientId, ...times, nonce, ...this.person };
    const claims: JWTPayload = { ...usual, ...this.forgery.claims };
    const signed = (alg: string) => new SignJWT(claims).setProtectedHeader({ alg, kid: '1' });
    switch (this.forgery.signedBy) {
      case 'nobody':
        return new UnsecuredJWT(claims).encode();
      case 'another key':
        return signed('RS256').sign(this.#otherKeys.privateKey);
      case 'the secret of the client':
        return signed('HS256').sign(Buffer.from(this.clientSecret));
      default:
        return signed('RS256').sign(this.#keys.privateKey);
    }
  }
}
