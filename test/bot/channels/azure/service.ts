import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';

export const appId = '11111111-2222-3333-4444-555555555555';

export interface Sent {
  path: string | undefined;
  authorization: string | undefined;
  activity: { text?: string; type: string; suggestedActions?: { actions: unknown[] } } & Record<string, unknown>;
}

/** A stand-in for the Bot Service on this machine: publishes the key it signs with, where each SDK looks for it, and takes what the bot sends. */
export class Service {
  readonly sent: Sent[] = [];
  /** The status that the bot gets for what it sends. */
  answer = 200;
  /** Where it sends the bot on to, with 307. */
  elsewhere: string | undefined;
  url = '';
  /** How many requests of any kind have come. */
  asked = 0;
  #server: Server | undefined;
  #key: CryptoKey | undefined;
  #strangersKey: CryptoKey | undefined;

  async start(): Promise<void> {
    const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
    this.#key = privateKey;
    this.#strangersKey = (await generateKeyPair('RS256')).privateKey;
    const keys = [{ ...(await exportJWK(publicKey)), kid: 'key-1', use: 'sig', endorsements: ['msteams', 'test'] }];
    this.#server = createServer(async (request, response) => {
      this.asked += 1;
      if (request.method === 'POST') await this.#take(request);
      if (request.method === 'POST' && this.elsewhere) response.writeHead(307, { location: this.elsewhere });
      else response.writeHead(request.method === 'POST' ? this.answer : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(this.#answerTo(request, keys)));
    }).listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server?.close();
  }

  /** A token of the service for the bot; `claims` replace its own. */
  token(claims: Record<string, string | number | undefined>, by: 'service' | 'stranger' = 'service'): Promise<string> {
    const key = by === 'service' ? this.#key : this.#strangersKey;
    if (!key) throw new Error('The service has not started.');
    return new SignJWT({ serviceurl: this.url, aud: appId, exp: Math.floor(Date.now() / 1000) + 300, ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'key-1' })
      .setIssuedAt()
      .sign(key);
  }

  #answerTo({ url = '' }: IncomingMessage, keys: unknown[]): unknown {
    if (url === '/openid') return { jwks_uri: `${this.url}/keys` };
    return url === '/keys' || url === '/tenant/discovery/v2.0/keys' ? { keys } : { id: '1' };
  }

  async #take(request: IncomingMessage): Promise<void> {
    const activity = (await json(request)) as Sent['activity'];
    this.sent.push({ path: request.url, authorization: request.headers.authorization, activity });
  }
}
