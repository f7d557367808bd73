import type { IncomingMessage, ServerResponse } from 'node:http';
import { parse } from 'node:querystring';
import { z } from 'zod';
import { checked } from '../../http/body.ts';
import type { Limit } from '../../http/limits.ts';
import { networkOf } from '../../http/network.ts';
import type { Route, RoutedRequest } from '../../http/web-server.ts';
import type { Log } from '../../log.ts';
import { StoreUnavailable } from '../../store/store.ts';
import type { DeskGate } from '../desk-gate.ts';
import { get } from '../desk-route.ts';
import type { Sessions } from './sessions.ts';
import type { SignIn } from './sign-in.ts';
import { type Confirmation, departureMs, returnPath, type SingleSignOn } from './single-sign-on.ts';

export interface SignOnRoutesOptions {
  gate: DeskGate;
  sessions: Sessions;
  signIn: SignIn;
  singleSignOn: SingleSignOn;
  addressOf: (request: IncomingMessage) => string;
  publicUrl: () => string;
  limit: Limit;
  log: Log;
}

/** Why somebody comes back to the page without being signed in: `/desk#sign-on=REASON`. */
type Failure = 'failed' | 'no-account' | 'unavailable' | 'not-confirmed';

/** A page of the desk, as it stands behind `#/`. */
const pageSchema = z.string().regex(/^[\w-]+(\/[\w-]+)?$/);

/** The way over the identity provider: there, and back again. Browsers come by themselves, so that answers are addresses to go on to. */
export function signOnRoutes(options: SignOnRoutesOptions): Route[] {
  const { gate, sessions, signIn, singleSignOn, addressOf, publicUrl, limit, log } = options;

  async function depart(request: IncomingMessage, response: ServerResponse): Promise<void> {
    gate.requireOwnPage(request);
    const confirmation = await confirmationOf(request);
    await limit.take(networkOf(addressOf(request)));
    try {
      const { address, ticket } = await singleSignOn.depart(confirmation);
      response.setHeader('Set-Cookie', cookie(ticket));
      goTo(response, address.href);
    } catch (err) {
      if (err instanceof StoreUnavailable) throw err;
      log.error({ err }, 'the identity provider cannot be reached');
      fail(response, 'unavailable');
    }
  }

  /** Left out: nobody is signed in yet. */
  async function confirmationOf(request: IncomingMessage): Promise<Confirmation | undefined> {
    const typed = new URL(request.url ?? '/', 'http://localhost').searchParams.get('confirm');
    if (typed === null) return undefined;
    const { session } = await gate.admit(request);
    return { session, page: checked(pageSchema, typed) };
  }

  async function arrive(request: RoutedRequest, response: ServerResponse): Promise<void> {
    response.setHeader('Set-Cookie', cookie(undefined));
    try {
      const { account, identity, confirms } = await singleSignOn.arrive(
        shown(request),
        new URL(request.url ?? '/', 'http://localhost').search,
      );
      if (confirms) {
        // Browsers do not show the session's cookie here, where they come from another site: the ticket of the departure stands for it.
        const isConfirmed = await signIn.confirmByIdentity(confirms.session, identity);
        return isConfirmed ? goTo(response, `${publicUrl()}/desk#/${confirms.page}`) : fail(response, 'not-confirmed');
      }
      const begun = account && (await signIn.byIdentity(account, identity));
      if (!begun) return fail(response, 'no-account');
      await sessions.endShown(gate.shown(request));
      response.setHeader('Set-Cookie', [cookie(undefined), gate.cookie(begun.ticket)]);
      goTo(response, `${publicUrl()}/desk`);
    } catch (err) {
      if (err instanceof StoreUnavailable) throw err;
      // What was wrong is for the operator: whoever tries it out learns nothing.
      log.warn({ err }, 'a sign-in by the identity provider was refused');
      fail(response, 'failed');
    }
  }

  function fail(response: ServerResponse, reason: Failure): void {
    goTo(response, `${publicUrl()}/desk#sign-on=${reason}`);
  }

  const cookieName = () => (isSecure() ? '__Host-filing_sign_on' : 'filing_sign_on');
  const isSecure = () => publicUrl().startsWith('https:');

  /** Lax: the browser comes back from another site. */
  function cookie(ticket: string | undefined): string {
    const age = ticket === undefined ? 0 : departureMs / 1000;
    return `${cookieName()}=${ticket ?? ''}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${age}${isSecure() ? '; Secure' : ''}`;
  }

  function shown({ headers }: IncomingMessage): string | undefined {
    const value = parse(headers.cookie ?? '', /* separated by */ '; ')[cookieName()];
    return typeof value === 'string' ? value : undefined;
  }

  return [get('sign-on', depart), { method: 'get', path: returnPath, handle: arrive }];
}

function goTo(response: ServerResponse, address: string): void {
  response.writeHead(302, { Location: address });
  response.end();
}
