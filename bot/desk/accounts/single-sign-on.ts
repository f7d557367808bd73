import type { Configuration, IDToken } from 'openid-client';
import { decode, encode } from '../../conversations/conversation.ts';
import { deskPartition } from '../../handoffs/handoff.ts';
import type { Store } from '../../store/store.ts';
import type { Identity, KeptAccount } from './kept-account.ts';
import type { KeptAccounts } from './kept-accounts.ts';
import { newId, newTicket, readTicket } from './tickets.ts';

export interface IdentityProvider {
  /** As its own discovery document names it. */
  issuer: string;
  clientId: string;
  clientSecret: string;
}

export interface SingleSignOnOptions extends IdentityProvider {
  store: Store;
  kept: KeptAccounts;
  publicUrl: () => string;
}

/** Where the browser is to go, and what it has to show when it comes back. */
export interface Departure {
  address: URL;
  ticket: string;
}

/** Why somebody who is signed in goes there again: the session whose owner they are to show themselves, and the page they were at. */
export interface Confirmation {
  session: string;
  page: string;
}

/** What has to fit when the browser comes back. */
interface Expected {
  state: string;
  nonce: string;
  verifier: string;
  /** The person is to be asked anew, after this time (ms). */
  confirms?: Confirmation & { after: number };
}

export interface Arrival {
  identity: Identity;
  account: KeptAccount | undefined;
  confirms: Confirmation | undefined;
}

type Client = typeof import('openid-client');

export const returnPath = '/desk/api/sign-on/return';
export const departureMs = 10 * 60_000;
/** How much the clocks of the provider and of this machine may differ. */
const clocksApartMs = 30_000;

/**
 * Sign-in by the agency's own identity provider: OpenID Connect, the code flow with PKCE, state and nonce. It lets in whom an administrator
 * has made an account for; it makes none.
 */
export class SingleSignOn {
  readonly #options: SingleSignOnOptions;
  #ready: Promise<{ client: Client; configuration: Configuration }> | undefined;

  constructor(options: SingleSignOnOptions) {
    this.#options = options;
  }

  /** With `confirmation` the provider is to ask the person, however short ago it did. Rejects when the provider cannot be reached. */
  async depart(confirmation?: Confirmation): Promise<Departure> {
    const { store } = this.#options;
    const { client, configuration } = await this.#provider();
    const expected: Expected = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      verifier: client.randomPKCECodeVerifier(),
      ...(confirmation && { confirms: { ...confirmation, after: store.now() } }),
    };
    const ticket = newTicket(newId());
    await store.apply(deskPartition, {
      operations: [{ do: 'put', record: recordOf(ticket), value: encode(expected), expiresAt: store.now() + departureMs }],
    });
    const address = client.buildAuthorizationUrl(configuration, {
      redirect_uri: this.#returnAddress,
      scope: 'openid email',
      state: expected.state,
      nonce: expected.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(expected.verifier),
      code_challenge_method: 'S256',
      ...(confirmation && { prompt: 'login', max_age: '0' }),
    });
    return { address, ticket: ticket.text };
  }

  /** Who has come back, by the ticket and the query that the browser shows. Rejects when anything does not fit. */
  async arrive(ticket: string | undefined, query: string): Promise<Arrival> {
    const expected = await this.#redeem(ticket);
    const { client, configuration } = await this.#provider();
    const tokens = await client.authorizationCodeGrant(configuration, new URL(`${this.#returnAddress}${query}`), {
      pkceCodeVerifier: expected.verifier,
      expectedState: expected.state,
      expectedNonce: expected.nonce,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (!claims) throw new Error('The identity provider gave no ID token.');
    const { confirms } = expected;
    if (confirms) requireAskedAnew(claims, confirms.after);
    const identity = { issuer: claims.iss, subject: claims.sub };
    return { identity, account: await this.#accountOf(identity, claims), confirms };
  }

  /** The account that came in as this before. The first time, it is the one whose login the provider vouches for. */
  async #accountOf({ issuer, subject }: Identity, claims: IDToken): Promise<KeptAccount | undefined> {
    const all = await this.#options.kept.all();
    const known = all.find(({ identity }) => identity?.issuer === issuer && identity.subject === subject);
    const logins = loginsIn(claims);
    return known ?? all.find(({ identity, login }) => !identity && logins.includes(login));
  }

  /** A ticket is good for one return, which nobody can try again. */
  async #redeem(text: string | undefined): Promise<Expected> {
    const { store } = this.#options;
    const ticket = readTicket(text);
    const found = ticket && (await store.get(deskPartition, recordOf(ticket)));
    if (!found) throw new Error('This browser has not begun to sign in, or too long ago.');
    const record = recordOf(ticket);
    const checks = [{ record, version: found.version }];
    const applied = await store.apply(deskPartition, { checks, operations: [{ do: 'remove', record }] });
    if (applied.outcome !== 'applied') throw new Error('This return was made before.');
    return decode<Expected>(found.value);
  }

  get #returnAddress(): string {
    return `${this.#options.publicUrl()}${returnPath}`;
  }

  /** Loaded and looked up at the first use; a provider that was away is asked again at the next. */
  #provider() {
    this.#ready ??= this.#open().catch((error: unknown) => {
      this.#ready = undefined;
      throw error;
    });
    return this.#ready;
  }

  async #open(): Promise<{ client: Client; configuration: Configuration }> {
    const { issuer, clientId, clientSecret } = this.#options;
    const client = await import('openid-client');
    // What comes from this machine itself needs no TLS; the configuration takes no other http address.
    const plain = issuer.startsWith('http:') ? [client.allowInsecureRequests] : [];
    const configuration = await client.discovery(new URL(issuer), clientId, clientSecret, undefined, {
      execute: [...plain, client.enableNonRepudiationChecks],
    });
    return { client, configuration };
  }
}

/**
 * `max_age` has the provider say when it asked (OpenID Connect Core 1.0, 2014, section 3.1.2.1). One that only says yes to whom it still
 * remembers has asked nobody.
 */
function requireAskedAnew({ auth_time: askedAt }: IDToken, after: number): void {
  if (askedAt === undefined) throw new Error('The identity provider does not say when it asked who this is (auth_time).');
  if (askedAt * 1000 < after - clocksApartMs) throw new Error('The identity provider did not ask anew who this is.');
}

function loginsIn({ sub, email, email_verified: isVerified }: IDToken): string[] {
  const vouched = isVerified === true && typeof email === 'string' ? [email] : [];
  return [sub, ...vouched].map((login) => login.normalize('NFKC').trim().toLowerCase());
}

/** Expired ones are swept away. */
function recordOf({ digest }: { digest: string }): string {
  return `desk:departure:${digest}`;
}
